package assess

import (
	"slices"
	"strings"

	"vigie/detectors"
	"vigie/scanner"
)

// A Rule describes a profile of the user's own by what a data set has and has
// not.
type Rule struct {
	Name string // its name in reports
	Doc  string // title, blank line, explanation; "" says what the rule asks for

	Required  []detectors.Kind // all of them in the same data set
	Typical   []detectors.Kind // each one there makes it surer
	Forbidden []detectors.Kind // none of them

	// Titles are words of column titles, one of which must be there; case,
	// accents and separators do not matter ("n° dossier" is in N_DOSSIER_2).
	// With Titles the rule is about tables only; empty: any title will do.
	Titles []string

	// MinRows is the least number of rows (in running text, of mentions) that
	// have each of the required kinds; at least 1.
	MinRows int64

	// Severity is the least severity of a finding, before people and exposure
	// count; 0 is medium. What the content demands on its own is never
	// lowered by a rule.
	Severity scanner.Severity
}

// Declared makes a profile of a rule, which the caller may change afterwards.
// One that requires neither a kind nor a title fits nothing.
func Declared(r Rule) Profile {
	r.Required, r.Typical = slices.Clone(r.Required), slices.Clone(r.Typical)
	r.Forbidden, r.Titles = slices.Clone(r.Forbidden), slices.Clone(r.Titles)
	r.MinRows = max(r.MinRows, 1)
	if r.Severity == 0 {
		r.Severity = scanner.Medium
	}
	if r.Doc == "" {
		r.Doc = "A profile of your own\n\n" + r.asks()
	}
	return Profile{Name: r.Name, Doc: r.Doc, judge: r.judge}
}

// judge applies the rule. What makes the data a register of persons makes them
// no less severe under another name.
func (r Rule) judge(e *evidence) (verdict, bool) {
	titles := e.titled(r.Titles...)
	n := e.rows
	for i, k := range r.Required {
		if m := e.most(k); i == 0 || m < n {
			n = m
		}
	}
	if len(r.Required)+len(r.Titles) == 0 || n < r.MinRows || e.has(r.Forbidden...) || len(r.Titles) > 0 && len(titles) == 0 {
		return verdict{}, false
	}
	v := verdict{base: r.Severity, reason: "rule", because: "the rule " + r.Name + " says so", persons: n}
	kinds := slices.Clone(r.Required)
	for _, k := range r.Typical {
		if e.has(k) {
			kinds = append(kinds, k)
		}
	}
	v.weigh(true, 0.6)
	for range kinds {
		v.weigh(true, 0.2)
	}
	v.weigh(len(titles) > 0, 0.3)
	if len(kinds) > 0 {
		v.why = append(v.why, rowsWithWhy(e, n, kinds))
	}
	if len(titles) > 0 {
		v.why = append(v.why, titlesWhy(titles, "that the rule "+r.Name+" looks for"))
	}
	if w, ok := judgePeople(e); ok && w.base > v.base {
		v.base, v.reason, v.because = w.base, w.reason, w.because
	}
	return v, true
}

// asks says in words what the rule asks for.
func (r Rule) asks() string {
	words := func(kinds []detectors.Kind) string {
		said := make([]string, len(kinds))
		for i, k := range kinds {
			said[i] = string(k)
		}
		return strings.Join(said, ", ")
	}
	text := "Asks for"
	if len(r.Required) > 0 {
		text += " " + words(r.Required)
	}
	if len(r.Titles) > 0 {
		if len(r.Required) > 0 {
			text += ", and for"
		}
		text += " a column titled " + strings.Join(r.Titles, " or ")
	}
	if len(r.Forbidden) > 0 {
		text += ", without " + words(r.Forbidden)
	}
	return text + "."
}

// titled returns the titles, as written, that contain one of the words: whole
// words, folded. The words are asked in their order.
func (e *evidence) titled(words ...string) []string {
	var found []string
	for _, w := range words {
		w = padded(w)
		if w == "  " {
			continue
		}
		for _, title := range e.titles {
			if strings.Contains(padded(title), w) && !slices.Contains(found, title) {
				found = append(found, title)
			}
		}
	}
	return found
}

// padded folds a title and puts a space at either end of it.
func padded(title string) string { return " " + string(detectors.Fold(nil, []byte(title))) + " " }
