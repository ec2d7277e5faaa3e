package report

import (
	"html/template"
	"io"
	"strings"

	"vigie/detectors"
	"vigie/scanner"
)

// A fact is a line of a statement's page.
type fact struct{ Name, Text string }

// Page writes the statement as one page that asks for nothing and runs nothing,
// in the language of o.
func (s *Statement) Page(w io.Writer, o Options) error {
	l := o.language()
	style := asset("statement.css")
	page, err := template.New("statement.html").Funcs(l.statementWords()).ParseFS(assets, "html/statement.html")
	if err != nil {
		return err
	}
	return page.Execute(w, struct {
		S          *Statement
		Lang       language
		Style      template.CSS
		StyleSum   string
		Verdict    string
		Facts      []fact
		Objections []objection
	}{s, l, template.CSS(style), hash(style), l.stated(s), l.statedFacts(s), l.objections(s)})
}

// statementWords are what the template calls.
func (l language) statementWords() template.FuncMap {
	return template.FuncMap{
		"say": l.word, "number": l.number, "plain": Plain, "what": l.what, "detail": l.detail,
		"severity": func(f *scanner.Finding) string { return l.severity(f.Severity) },
		"fields": func(f *scanner.Finding) string {
			var kinds []detectors.Kind
			for _, field := range f.Fields {
				kinds = append(kinds, field.Kind)
			}
			return l.eachKind(kinds)
		},
		"reason": func(p *scanner.Problem) string {
			if p.Accepted {
				return l.say("%s (accepted)", l.reason(string(p.Reason)))
			}
			return l.reason(string(p.Reason))
		},
	}
}

// statedFacts say when, what and how.
func (l language) statedFacts(s *Statement) []fact {
	var bytes int64
	for _, f := range s.Files {
		bytes += f.Size
	}
	facts := []fact{
		{l.say("Made"), l.say("%s, by vigie %s", l.day(s.Made)+s.Made.UTC().Format(" 15:04 UTC"), Plain(s.Version))},
		{l.say("Files"), l.say("%s, %s", l.number(int64(len(s.Files))), l.size(bytes))},
	}
	if sum := s.Summary; sum != nil {
		facts = append(facts, fact{l.say("Looked at"), l.say("%s and %s of containers", l.count(sum.Objects, "file"), l.count(sum.Members, "member")) +
			l.say("; every row and all text, without a sample")})
		if sum.Media > 0 {
			facts = append(facts, fact{l.say("Not read"), l.say("pictures, sound or programs: %s", l.number(sum.Media))})
		}
	}
	var kinds []detectors.Kind
	for _, k := range s.Detectors {
		kinds = append(kinds, detectors.Kind(k))
	}
	facts = append(facts, fact{l.say("Looked for"), l.eachKind(kinds)})
	if d := s.Declared; d != nil {
		text := l.claim(d.Claim)
		if len(d.Fields) > 0 {
			text = l.say("%s: %s", text, columns(d.Fields))
		}
		facts = append(facts, fact{l.say("Declared"), text})
	}
	return facts
}

// eachKind lists kinds, each once.
func (l language) eachKind(kinds []detectors.Kind) string {
	var all []string
	seen := map[detectors.Kind]bool{}
	for _, k := range kinds {
		if !seen[k] {
			seen[k] = true
			all = append(all, l.kind(k))
		}
	}
	return strings.Join(all, ", ")
}
