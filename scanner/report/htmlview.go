package report

import (
	"maps"
	"slices"
	"strings"

	"vigie/detectors"
	"vigie/scanner"
)

// An overview is the beginning of the page.
type overview struct {
	Title, Status string
	Incomplete    bool
	Written       string
	Severities    []severityRow
	States        []option // who can read findings, and how many
	Places        []placeView
	Timeline      *timeline
	Worst         []sectionLink
}

// A severityRow says how many people leaks of a severity are about.
type severityRow struct {
	Code, Name, Findings, Leaks, People string
	Bar                                 int64 // of 100
}

// A sectionLink leads to the section of a finding.
type sectionLink struct {
	Number            int
	Severity, Name    string
	Lead, Path, Doubt string
}

const maxWorstLinks = 6

func (h *web) overview() overview {
	sums := h.alone
	for _, a := range h.leaks {
		sums.add(a)
	}
	v := overview{Title: h.title(sums), Places: h.places.view(h.l), Timeline: h.timeline()}
	var most int64
	for _, s := range sums {
		most = max(most, s.people)
	}
	for s := scanner.Critical; s > 0; s-- {
		n := sums[s]
		row := severityRow{Code: s.String(), Name: h.l.severity(s), Findings: h.l.number(h.counts[s]), Leaks: h.l.number(n.leaks), People: h.l.number(n.people)}
		if n.documents > 0 {
			row.People = h.l.say("%s, and %s", row.People, h.l.count(n.documents, "document"))
		}
		if most > 0 {
			row.Bar = 100 * n.people / most
		}
		v.Severities = append(v.Severities, row)
	}
	for _, state := range []scanner.State{scanner.Public, scanner.Network, scanner.Unknown, scanner.Local, scanner.Private} {
		if n := h.states[state]; n > 0 {
			v.States = append(v.States, option{h.l.count(n, "finding"), capital(h.l.open(state))})
		}
	}
	v.Status, v.Incomplete = h.status()
	if !h.o.Now.IsZero() {
		v.Written = h.l.say("Written on %s.", h.l.day(h.o.Now))
	}
	seen := map[string]bool{}
	for i, f := range h.kept {
		if len(v.Worst) == maxWorstLinks || f.Leak != "" && seen[f.Leak] {
			continue
		}
		seen[f.Leak] = true
		v.Worst = append(v.Worst, sectionLink{Number: i + 1, Severity: f.Severity.String(), Name: h.l.severity(f.Severity),
			Lead: h.l.lead(f.Finding, h.o.Now), Path: show(f.Path), Doubt: h.l.doubt(f.Finding)})
	}
	return v
}

// title is the sentence that the page begins with.
func (h *web) title(sums tolls) string {
	var leaks, people, documents int64
	for _, s := range sums {
		leaks, people, documents = leaks+s.leaks, people+s.people, documents+s.documents
	}
	switch {
	case h.findings == 0:
		return h.l.say("Nothing found.")
	case people > 0:
		return h.l.say("%s of personal data, %s at most", h.l.count(leaks, "leak"), h.l.count(people, "person"))
	case documents > 0:
		return h.l.say("%s of personal data, in %s", h.l.count(leaks, "leak"), h.l.count(documents, "document"))
	}
	return h.l.say("%s of personal data", h.l.count(leaks, "leak"))
}

// status says whether everything was looked at.
func (h *web) status() (said string, incomplete bool) {
	if h.summary == nil {
		return h.l.say("The scan was interrupted: the look was incomplete."), true
	}
	return h.l.looked(h.summary, h.reasons), !h.summary.Complete
}

// A filterView is what the findings can be chosen by.
type filterView struct {
	Findings                     int64
	Shown, Hidden                string // what stands above the findings; Hidden: those without a section
	Severities, Profiles, States []option
	Places                       []option
	Counted                      string // what the script writes, with {1} and {2}
}

type option struct{ Value, Text string }

func (h *web) filter() filterView {
	l := h.l
	v := filterView{Findings: h.findings, Counted: l.say("%s of %s findings shown", "{1}", "{2}")}
	if n := h.findings - int64(len(h.kept)); n > 0 {
		v.Hidden = l.say("The %s worst findings have a section here. The others, %s, are counted in the figures and places above; --format csv and jsonl list them all.",
			l.number(int64(len(h.kept))), l.number(n))
	}
	for s := scanner.Critical; s > 0; s-- {
		if h.counts[s] > 0 {
			v.Severities = append(v.Severities, option{s.String(), l.severity(s) + " (" + l.number(h.counts[s]) + ")"})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(h.profiles)) {
		v.Profiles = append(v.Profiles, option{Plain(name), l.profile(name) + " (" + l.number(h.profiles[name]) + ")"})
	}
	for _, p := range flat(nil, h.places.view(l)) {
		v.Places = append(v.Places, option{p.Prefix, strings.Repeat("\u2003", p.Depth-1) + p.Name})
	}
	return v
}

// profile is a profile in words, where they are known.
func (l language) profile(name string) string {
	if said, ok := leaks[name]; ok {
		return l.word(said.table)
	}
	return show(name)
}

// A section is a finding on the page.
type section struct {
	Number                      int
	Severity, Name, Profile     string
	Doubt                       string
	Place                       string // plain, for the filter
	Lead, Path, Facts, Access   string
	People, Alone, Verdict      string
	Twin                        int // number of the section with the same data; 0: none
	Evidence                    []weighed
	Why, Steps                  []string
	Columns, Others             []columnView
	Strip                       *strip
	OthersTitle, More, InTables string
}

// A weighed reason speaks for real data, or against.
type weighed struct {
	Text, For string
	Real      bool
	X, Width  int // the bar, of 100: 50 is the middle
}

func (h *web) section(i int, sections map[string]int) section {
	l, f := h.l, h.kept[i].Finding
	s := section{
		Number: i + 1, Severity: f.Severity.String(), Name: l.severity(f.Severity), Profile: Plain(f.Profile), Doubt: l.doubt(f),
		Place: Plain(f.Path), Lead: l.lead(f, h.o.Now), Path: show(f.Path), Facts: strings.Join(l.facts(f), ", "), Access: l.exposure(f.Exposure),
	}
	if f.Leak != "" {
		if s.Twin = sections[f.Leak]; s.Twin > 0 {
			return s
		}
		sections[f.Leak] = i + 1
	}
	s.People, s.Verdict = l.counted(f.People), l.verdict(f.Authenticity)
	if f.Reidentification != nil {
		s.Alone = l.alone(f.Reidentification)
	}
	for _, w := range f.Authenticity.Evidence {
		s.Evidence = append(s.Evidence, l.weighed(w, f))
	}
	s.Why, s.Steps = l.reasons(f.Why, f), l.steps(f)
	for i, why := range s.Why {
		s.Why[i] = capital(why)
	}
	h.columns(&s, i)
	return s
}

// doubt marks what was judged to be invented, which changes nothing else.
func (l language) doubt(f *scanner.Finding) string {
	if f.Authenticity.Verdict == "fictitious" {
		return l.say("invented, it seems")
	}
	return ""
}

// weighed draws how much a reason weighs: to the right what speaks for real
// data, to the left what speaks against.
func (l language) weighed(w scanner.Why, f *scanner.Finding) weighed {
	v := weighed{Text: capital(l.why(w, f))}
	weight, ok := w.Args["weight"].(float64)
	if !ok {
		return v
	}
	v.Width = int(min(max(weight, -weight), 8) / 8 * 50)
	v.X, v.Real, v.For = 50, weight > 0, l.say("for real data")
	if weight < 0 {
		v.X, v.For = 50-v.Width, l.say("for invented data")
	}
	return v
}

// columns fills in the columns: the most telling at once, the others in the
// order of the table.
func (h *web) columns(s *section, rank int) {
	f := h.kept[rank]
	chosen, rest := choose(f.Fields, maxFields)
	for i := range chosen {
		s.Columns = append(s.Columns, h.l.column(&chosen[i]))
	}
	if rank < maxWide && len(rest) > 0 {
		slices.SortStableFunc(rest, func(a, b scanner.Field) int { return a.Index - b.Index })
		shown := rest[:min(len(rest), maxColumns-maxFields)]
		for i := range shown {
			s.Others = append(s.Others, h.l.column(&shown[i]))
		}
		s.OthersTitle = h.l.say("%s more", h.l.count(int64(len(shown)), "column"))
		rest = rest[len(shown):]
	}
	if rank < maxWide {
		s.Strip = h.l.strip(f.Fields)
	}
	s.More = h.l.others(countKinds(slices.Clone(f.left), rest))
}

// A columnView is a column with its small pictures.
type columnView struct {
	Kind, Title, Class, ClassName string
	Share                         string
	Bar, ValidBar                 int // of 100; -1: no bar
	Valid                         string
	Samples                       []string
}

func (l language) column(f *scanner.Field) columnView {
	v := columnView{Kind: l.kind(f.Kind), Title: l.title(f), Class: class(f.Class), ClassName: l.className(f.Class),
		Share: l.share(f), Bar: -1, ValidBar: -1}
	if f.Index >= 0 {
		v.Bar = hundredth(f.Share)
	}
	if f.Matches > 0 {
		valid := float64(f.Valid) / float64(f.Matches)
		v.Valid, v.ValidBar = l.percent(valid), hundredth(valid)
	}
	for _, sample := range f.Samples {
		v.Samples = append(v.Samples, show(sample))
	}
	return v
}

// hundredth is a share as the width of a bar: what is there is seen.
func hundredth(share float64) int {
	if !(share > 0) {
		return 0
	}
	return max(2, int(min(share, 1)*100))
}

// class is a class of the style sheet.
func class(c detectors.Class) string {
	switch c {
	case detectors.Direct:
		return "direct"
	case detectors.Sensitive:
		return "sensitive"
	}
	return "quasi"
}

// className says what a class gives away.
func (l language) className(c detectors.Class) string {
	switch c {
	case detectors.Direct:
		return l.say("identifies alone")
	case detectors.Sensitive:
		return l.say("sensitive")
	}
	return l.say("identifies with others")
}
