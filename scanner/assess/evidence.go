package assess

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"vigie/detectors"
	"vigie/scanner"
)

// evidence is what is known about one data set, added up. Profiles read it and
// do not change it.
type evidence struct {
	path, table string
	running     bool   // running text, not a table
	code        bool   // source code or its documentation
	group       string // of running text
	rows        int64
	documents   int64
	unnumbered  int64 // documents without a NIR that has its key
	studied     int64
	titles      []string        // of columns with something in them
	fields      []scanner.Field // by column, then kind
	births      []uint32        // by month since January 1900
	agree       []scanner.Agreement
	nirs        *scanner.BottomK // distinct NIRs; a copy, empty where they were not hashed
	nameBirth   *scanner.BottomK // distinct names with birth dates; a copy, nil without
	tally       *scanner.Tally   // of a table, not to be changed; nil for running text
	cnaf        variables

	reidentification *scanner.Reidentification
}

// table returns the evidence in one table.
func (a assessor) table(t *scanner.Tally) *evidence {
	e := &evidence{
		path: t.Object, table: t.Table, rows: t.Rows, studied: t.Studied,
		births: t.Births, agree: t.Agree, nirs: new(scanner.BottomK), tally: t, code: code(t.Object),
	}
	for i := range t.Columns {
		c := &t.Columns[i]
		decided := detectors.Kind("")
		if t.Study != nil && i < len(t.Study.Kinds) {
			decided = t.Study.Kinds[i]
		}
		if c.Filled == 0 && c.Seen > 0 && len(c.Counts) == 0 {
			continue
		}
		e.titles = append(e.titles, c.Title)
		e.fields = append(e.fields, a.fields(t, c, i, decided, e.cnaf.see(c.Title) != "")...)
	}
	if e.keysOfOthers() {
		e.fields = slices.DeleteFunc(e.fields, func(f scanner.Field) bool {
			return (f.Kind == nirWithoutKey || f.Kind == nirKey) && !t.Columns[f.Index].Named
		})
	}
	e.sort()
	switch {
	case e.has(nir, nirWithoutKey) && byNIR(t.Study):
		e.nirs.Merge(&t.People)
	case t.People.Len() > 0:
		e.nameBirth = copyOf(&t.People)
	}
	e.reidentification = reidentification(t)
	return e
}

// keysOfOthers reports whether the keys beside NIRs without key hold for fewer
// than half of them: numbers of orders that begin with their date (2021031500123)
// have the form of a NIR, and their quantities that of a key.
func (e *evidence) keysOfOthers() bool {
	return slices.ContainsFunc(e.agree, func(a scanner.Agreement) bool { return a.Relation == "nir_key" && 2*a.Held < a.Rows })
}

// byNIR reports whether persons are told apart by their NIR: a study made before
// the first NIR came up does it by something else.
func byNIR(s *scanner.Study) bool {
	return s != nil && slices.ContainsFunc(s.People, func(c int) bool {
		return c < len(s.Kinds) && (s.Kinds[c] == nir || s.Kinds[c] == nirWithoutKey)
	})
}

// fields returns what the counts of column i amount to. A column that is known
// only by its title (no form of cell proves a joint custody) counts by what is
// filled, as does one that has a CNAF name and nothing else.
func (a assessor) fields(t *scanner.Tally, c *scanner.Column, i int, decided detectors.Kind, cnaf bool) []scanner.Field {
	var fields []scanner.Field
	for _, n := range c.Counts {
		if f, ok := field(t, c, n, n.Kind == decided, a.detectors[n.Kind].Sieve); ok {
			fields = append(fields, f)
		}
	}
	if len(fields) == 0 {
		d := a.detectors[decided]
		kind := detectors.Kind("")
		switch {
		case decided != "" && c.Named && d.Fits == nil && (d.Find == nil || d.Scope == detectors.Titled):
			kind = decided
		case cnaf:
			kind = cnafVariable
		}
		if n := filled(t, c); kind != "" && n > 0 {
			fields = append(fields, scanner.Field{Kind: kind, Column: c.Title,
				Matches: n, Valid: n, Share: share(n, t.Rows)})
		}
	}
	for j := range fields {
		fields[j].Index, fields[j].Class = i, a.class(fields[j].Kind)
	}
	return fields
}

// field returns what a count in a column amounts to in the whole table. A kind
// that the study decided always counts; another one where the sieve saw it and it
// is either most of the column or there three times with its key, or where the
// texts in the column were read and half of them have it ("Mme DUPONT"), or three
// passwords are among them.
func field(t *scanner.Tally, c *scanner.Column, n scanner.Count, decided, sieve bool) (scanner.Field, bool) {
	if n.Matches == 0 {
		return scanner.Field{}, false
	}
	f := scanner.Field{Kind: n.Kind, Column: c.Title, Matches: n.Matches, Valid: n.Valid, Samples: samples(nil, n.Samples)}
	switch {
	case sieve:
		mostly := 2*n.Whole >= filled(t, c)
		if !decided && !mostly && n.Valid < 3 && !(n.Kind == nir && n.Valid > 0) {
			return f, false
		}
	case decided:
		part := min(float64(n.Matches)/float64(max(c.Studied, 1)), 1)
		f.Matches = scaled(t, c, part*float64(c.Filled))
		f.Valid = int64(math.Round(float64(f.Matches) * float64(n.Valid) / float64(n.Matches)))
	case n.Kind == credential && n.Valid >= 3, n.Matches >= 20 && 2*n.Matches >= read(t): // in the texts of the first rows
		f.Matches = min(n.Matches, t.Rows)
		f.Valid = min(n.Valid, t.Rows)
	default:
		return f, false
	}
	if !keyed(f.Kind) {
		f.Valid = f.Matches
	}
	f.Share = share(f.Matches, t.Rows)
	return f, f.Matches > 0
}

// read returns in how many rows of a table, about, the texts were read at least:
// those in the first 64 KiB of it.
func read(t *scanner.Tally) int64 {
	const text = 64 << 10
	if t.Bytes <= text {
		return t.Rows
	}
	return t.Rows * text / t.Bytes
}

// keyed reports whether values of a kind have a key or checksum that a report
// may speak of. For others valid only says that a value is one by itself.
func keyed(k detectors.Kind) bool {
	switch k {
	case nir, "nir_key", "iban", "rib", "siren", "siret", "tax_number", "practitioner", "facility":
		return true
	}
	return false
}

// filled returns how many cells of the column have something in them: all where
// the study saw nothing to look at, and nobody counted.
func filled(t *scanner.Tally, c *scanner.Column) int64 {
	if c.Seen == 0 {
		return t.Rows
	}
	return scaled(t, c, float64(c.Filled))
}

// scaled takes a number of cells of the rows looked at to all rows.
func scaled(t *scanner.Tally, c *scanner.Column, cells float64) int64 {
	if c.Seen > 0 && t.Rows > c.Seen {
		cells *= float64(t.Rows) / float64(c.Seen)
	}
	return int64(math.Round(cells))
}

// text returns the evidence in a set of texts of a group.
func (a assessor) text(group string, texts []*scanner.Tally) *evidence {
	e := &evidence{running: true, group: group, code: group == "code", nirs: new(scanner.BottomK)}
	sum := make(map[detectors.Kind]*scanner.Field)
	var paths []string
	for _, t := range texts {
		persons, told := len(texts) == 1 || a.own || ofPersons(t), false
		documents, numbers := max(t.Documents, 1), int64(0)
		e.studied += t.Studied
		e.nirs.Merge(&t.People)
		e.agree = append(e.agree, t.Agree...)
		for _, c := range t.Columns {
			for _, n := range c.Counts {
				if !persons && slices.Contains(personal, n.Kind) {
					continue
				}
				told = true
				f := sum[n.Kind]
				if f == nil {
					f = &scanner.Field{Kind: n.Kind, Class: a.class(n.Kind), Index: -1}
					sum[n.Kind] = f
				}
				f.Matches += n.Matches
				f.Valid += n.Valid
				f.Samples = append(f.Samples, n.Samples...)
				if n.Kind == nir {
					numbers += n.Valid
				}
			}
		}
		if told {
			paths = append(paths, t.Object)
			e.documents += documents
			e.unnumbered += max(documents-numbers, 0)
		}
	}
	if len(paths) == 0 {
		return e
	}
	for _, f := range sum {
		if f.Matches > 0 {
			f.Samples = samples(nil, f.Samples)
			e.fields = append(e.fields, *f)
		}
	}
	e.path = folder(paths)
	e.sort()
	return e
}

// personal are the kinds that say nothing where a text of several is not about
// persons. A rule of the user's own may ask for any of them.
var personal = append([]detectors.Kind{fullName, firstName, lastName, birthDate, childBirthDate, birthPlace, streetAddress, postcode, commune, sex,
	familySituation, children, jointCustody, cafNumber, iban, insurer, bankName}, harmful...)

// ofPersons reports whether a text is about persons: a NIR stands in it, a name
// beside a birth date, a street, an account or a number of a fund, or a birth date
// beside a street or such a number. What others say
// of benefits, places or names is not about the persons of these: minutes of a
// council lie beside invoices and programs.
func ofPersons(t *scanner.Tally) bool {
	return matches(t, nir, nirWithoutKey) > 0 || min(matches(t, birthDate, childBirthDate), matches(t, streetAddress, mdphFile, cafNumber)) > 0 || matches(t, fullName, lastName) > 0 &&
		matches(t, birthDate, childBirthDate, streetAddress, iban, cafNumber, franceTravailID, pajemploiNumber, mdphFile) > 0
}

// sort brings the fields into the order of reports.
func (e *evidence) sort() {
	slices.SortFunc(e.fields, func(x, y scanner.Field) int {
		return cmp.Or(cmp.Compare(x.Index, y.Index), cmp.Compare(x.Kind, y.Kind))
	})
}

// folder returns the path that all paths have in common: the path itself for
// one, otherwise their folder with its slash, or the container they lie in.
func folder(paths []string) string {
	first, last := slices.Min(paths), slices.Max(paths)
	if first == last {
		return first
	}
	n := 0
	for n < len(first) && n < len(last) && first[n] == last[n] {
		n++
	}
	cut := strings.LastIndexAny(first[:n], "/!")
	if cut < 0 {
		return "."
	}
	if first[cut] == '!' {
		return first[:cut]
	}
	return first[:cut+1]
}

// most returns the largest number of values of one of the kinds in a column:
// how many rows have it, at least.
func (e *evidence) most(kinds ...detectors.Kind) int64 {
	var most int64
	for _, f := range e.fields {
		if slices.Contains(kinds, f.Kind) {
			most = max(most, f.Matches)
		}
	}
	return most
}

// in returns the fields of the kinds.
func (e *evidence) in(kinds ...detectors.Kind) []scanner.Field {
	var in []scanner.Field
	for _, f := range e.fields {
		if slices.Contains(kinds, f.Kind) {
			in = append(in, f)
		}
	}
	return in
}

// shown returns the fields for the report. Names of CNAF variables say nothing
// in a table that has no more than two of them: IDENT, QUAL.
func (e *evidence) shown() []scanner.Field {
	var shown []scanner.Field
	for _, f := range e.fields {
		if f.Kind != cnafVariable || e.cnaf.strong >= 3 {
			shown = append(shown, f)
		}
	}
	return shown
}

func (e *evidence) has(kinds ...detectors.Kind) bool { return e.most(kinds...) > 0 }

// samples returns at most three of the masked samples, the same in any order
// of adding.
func samples(dst, all []string) []string {
	dst = append(dst, all...)
	slices.Sort(dst)
	dst = slices.Compact(dst)
	return dst[:min(len(dst), 3):min(len(dst), 3)]
}

func share(n, of int64) float64 {
	if of == 0 {
		return 0
	}
	return round(min(float64(n)/float64(of), 1), 4)
}

func round(f float64, decimals int) float64 {
	p := math.Pow10(decimals)
	return math.Round(f*p) / p
}

// copyOf keeps what was counted from being reordered by a question.
func copyOf(b *scanner.BottomK) *scanner.BottomK {
	c := new(scanner.BottomK)
	c.Merge(b)
	return c
}
