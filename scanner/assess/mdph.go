package assess

import (
	"math"
	"strings"

	"vigie/scanner"
)

var mdphDocuments = Profile{
	Name: "mdph-documents",
	Doc: `Decisions and files of a MDPH about disabled people

Documents of third parties stood open in the portal PCRM of Nexpublica in
November 2022; CNIL fined it 1.7 million euros on 22 December 2025, because they
reveal a disability.

A document counts that has a file number of a MDPH or speaks twice of
disability and names the MDPH, the CDAPH or the rate of incapacity, and that is
about somebody: a NIR, or a birth date with a name or a file number. One is a finding; like ones
that lie together are one finding. Blank forms and leaflets are about nobody and
give nothing. A table needs three file numbers with persons, or three persons with
a disability where a title names the MDPH or the CDAPH.`,
	judge: judgeMDPH,
	like:  decision,
	names: hint{
		holds: "disability files",
		clear: []string{"mdph", "cdaph", "cotorep", "rqth", "aeeh"},
		vague: []string{"aah", "handicap", "handicapés"}, with: crowds,
	},
}

// decision reports whether a text is a document of a MDPH about somebody.
func decision(t *scanner.Tally) bool {
	if code(t.Object) {
		return false
	}
	births := matches(t, birthDate, childBirthDate)
	if matches(t, nir, nirWithoutKey) == 0 && min(births, matches(t, fullName, lastName, mdphFile)) == 0 {
		return false
	}
	about := matches(t, disability) + matches(t, health)
	return matches(t, mdphFile) > 0 || about >= 2 && decides(t)
}

// decides reports whether the terms of disability in a text are those of a
// MDPH's decision. Terms are shown as they stand; where a detector masks them
// they are taken for such.
func decides(t *scanner.Tally) bool {
	for _, column := range t.Columns {
		for _, c := range column.Counts {
			if c.Kind != disability {
				continue
			}
			if len(c.Samples) == 0 {
				return true
			}
			for _, s := range c.Samples {
				s = padded(s)
				for _, term := range []string{"•", " mdph ", " cdaph ", " cotorep ", " incapacite ", " maison departementale ", " droits et de l autonomie ", " rqth ", " geva "} {
					if strings.Contains(s, term) {
						return true
					}
				}
			}
		}
	}
	return false
}

func judgeMDPH(e *evidence) (verdict, bool) {
	v := verdict{base: scanner.High, reason: "disability", because: "decisions on the disability of identified people"}
	if e.running {
		if e.group != "mdph-documents" {
			return v, false
		}
		v.people = inDocuments(e)
		v.persons = v.people.Estimate
		if max(e.documents, v.persons) >= 3 {
			v.base = scanner.Critical
		}
		v.why = append(v.why, scanner.Why{Code: "mdph_documents", Args: map[string]any{"documents": e.documents, "persons": v.persons},
			Text: counted(e.documents, "MDPH document", "MDPH documents") + " about " + about(v.people)})
	} else {
		about := max(e.numbered(), e.names(), e.most(birthDate))
		v.persons = min(e.most(mdphFile), about)
		if decided := min(e.most(disability), about); 2*decided >= e.rows && len(e.titled("mdph", "cdaph")) > 0 {
			v.persons = max(v.persons, decided)
		}
		if v.persons < 3 {
			return v, false
		}
		if v.persons >= 20 {
			v.base = scanner.Critical
		}
		v.why = append(v.why, whoWhy("mdph_files", v.persons, "MDPH file", "MDPH files",
			e.there(nir, nirWithoutKey, lastName, fullName, birthDate, streetAddress, disability, health)))
	}
	v.weigh(true, 0.7)
	v.weigh(e.has(mdphFile), 0.6)
	v.weigh(e.has(nir), 0.3)
	v.weigh(e.documents >= 3, 0.4)
	return v, true
}

// about says how many persons there are: 19 to 24 persons.
func about(p *scanner.People) string {
	if p.Low < p.High {
		return thousands(p.Low) + " to " + counted(p.High, "person", "persons")
	}
	return counted(p.Estimate, "person", "persons")
}

// inDocuments counts the persons of documents that are about one person each:
// the distinct NIRs, and one for each document without. How often these come
// again is known only from those with a NIR: of m, none of which came again,
// three in m may at 95 % (rule of three); that is the low end.
func inDocuments(e *evidence) *scanner.People {
	distinct, numbered := e.distinctNIRs(), e.documents-e.unnumbered
	// A text that is a list, or letters one behind the other, has many names or
	// file numbers with birth dates.
	if listed := min(e.most(fullName, lastName, mdphFile), e.most(birthDate)); listed >= 2*e.documents && listed > distinct {
		p := exactly(listed, "person", "name_birth")
		return &p
	}
	if distinct == 0 || numbered == 0 {
		p := exactly(e.documents, "document", "documents")
		return &p
	}
	p := exactly(distinct+e.unnumbered, "person", "nir")
	if e.unnumbered > 0 {
		m := float64(max(numbered, distinct))
		again := min(1, (m-float64(distinct)+3)/m)
		p.Low, p.Basis = distinct+int64(math.Floor((1-again)*float64(e.unnumbered))), "documents"
	}
	return &p
}
