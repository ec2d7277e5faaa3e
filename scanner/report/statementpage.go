package report

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"strings"

	"vigie/detectors"
	"vigie/scanner"
)

//go:embed statement.html
var statementHTML string

//go:embed statement.css
var statementCSS string

var statementPage = template.Must(template.New("statement").Funcs(template.FuncMap{
	"number": number, "size": size, "columns": columns, "place": contradicted, "rough": rough, "what": whatOf, "fields": fieldsOf,
	"plain": func(s any) string {
		if r, ok := s.(scanner.Reason); ok {
			return words(string(r))
		}
		return Plain(s.(string))
	},
}).Parse(statementHTML))

// Page writes the statement as one page that asks for nothing and runs nothing.
func (s *Statement) Page(w io.Writer) error {
	sum := sha256.Sum256([]byte(statementCSS))
	page := struct {
		S             *Statement
		Style         template.CSS
		StyleSum      template.HTMLAttr
		Verdict, Made string
		Kinds         string
		Count, Bytes  int64
	}{S: s, Style: template.CSS(statementCSS), StyleSum: template.HTMLAttr(base64.StdEncoding.EncodeToString(sum[:])),
		Made: s.Made.Format("2 January 2006, 15:04 MST"), Count: int64(len(s.Files))}
	for _, f := range s.Files {
		page.Bytes += f.Size
	}
	var kinds []string
	for _, k := range s.Detectors {
		kinds = append(kinds, kind(detectors.Kind(k)))
	}
	page.Kinds = strings.Join(kinds, ", ")
	switch s.Verdict {
	case StatesPeople:
		page.Verdict = "People's data are in the files: " + count(int64(len(s.Findings)), "finding") + "."
	case StatesIncomplete:
		page.Verdict = "No people's data were found, but not everything could be read."
	default:
		page.Verdict = "Everything was read, and no people's data were found."
	}
	if len(s.Problems) > 0 && s.Verdict == StatesPeople {
		page.Verdict += " Not everything could be read."
	}
	return statementPage.Execute(w, page)
}

// whatOf says in a few words what a finding is about.
func whatOf(f *scanner.Finding) string { return leaked(f.Profile) + about(f.People) }

// fieldsOf lists the kinds of a finding, each once.
func fieldsOf(f *scanner.Finding) string {
	var all []string
	seen := map[detectors.Kind]bool{}
	for _, field := range f.Fields {
		if !seen[field.Kind] {
			seen[field.Kind] = true
			all = append(all, kind(field.Kind))
		}
	}
	return strings.Join(all, ", ")
}
