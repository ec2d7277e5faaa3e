package config

import (
	"fmt"
	"slices"
	"strings"

	"vigie/detectors"
	"vigie/scanner/assess"
)

type detector struct {
	Line            int    `yaml:"-"`
	Kind            word   `yaml:"kind" doc:"Its name in reports: a-z, 0-9 and _."`
	Title           word   `yaml:"title" doc:"What it is, in a few words."`
	Doc             word   `yaml:"doc" doc:"More about it."`
	Class           word   `yaml:"class" doc:"direct, quasi or sensitive."`
	Titles          []word `yaml:"titles" doc:"Titles of columns that announce it."`
	Words           []word `yaml:"words" doc:"Words that are it or, with a pattern, stand before it on its line."`
	Pattern         word   `yaml:"pattern" doc:"Regular expression (RE2)."`
	Near            []word `yaml:"near" doc:"Words within 60 bytes on either side."`
	Checksum        word   `yaml:"checksum" doc:"luhn, mod97 or nir."`
	Examples        []word `yaml:"examples" doc:"Text it must find something in."`
	Counterexamples []word `yaml:"counterexamples" doc:"Text it must find nothing in."`
}

type profile struct {
	Line      int    `yaml:"-"`
	Name      word   `yaml:"name" doc:"Its name in reports: a-z, 0-9 and -."`
	Doc       word   `yaml:"doc" doc:"What it is about."`
	Required  []word `yaml:"required" doc:"Kinds that must be there."`
	Typical   []word `yaml:"typical" doc:"Kinds that make it surer."`
	Forbidden []word `yaml:"forbidden" doc:"Kinds that must not be there."`
	Titles    []word `yaml:"titles" doc:"Words of which a title must have one."`
	MinRows   int64  `yaml:"min_rows" doc:"Least number of rows."`
	Severity  word   `yaml:"severity" doc:"low, medium, high or critical."`
}

// rules makes the detectors and profiles.
func rules(c *Config, f *file) error {
	for i := range f.Detectors {
		d, err := f.Detectors[i].made()
		if err != nil {
			return err
		}
		if slices.ContainsFunc(c.Detectors, func(o detectors.Detector) bool { return o.Kind == d.Kind }) {
			return fmt.Errorf("line %d: a second detector of kind %s", f.Detectors[i].Kind.line, d.Kind)
		}
		c.Detectors = append(c.Detectors, d)
	}
	var kinds []string
	for _, d := range c.All() {
		kinds = append(kinds, string(d.Kind))
	}
	for i := range f.Profiles {
		p, err := f.Profiles[i].made(kinds)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(c.Profiles, func(o assess.Profile) bool { return o.Name == p.Name }) {
			return fmt.Errorf("line %d: a second profile with the name %s", f.Profiles[i].Name.line, p.Name)
		}
		c.Profiles = append(c.Profiles, p)
	}
	return nil
}

// made makes the detector.
func (d *detector) made() (detectors.Detector, error) {
	r := detectors.Rule{
		Kind: detectors.Kind(d.Kind.text), Title: d.Title.text, Doc: d.Doc.text,
		Titles: texts(d.Titles), Words: texts(d.Words), Pattern: d.Pattern.text, Near: texts(d.Near),
		Checksum: d.Checksum.text, Examples: texts(d.Examples), Counterexamples: texts(d.Counterexamples),
	}
	if d.Class != (word{}) && r.Class.UnmarshalText([]byte(d.Class.text)) != nil {
		return detectors.Detector{}, fmt.Errorf("line %d: class %q: direct, quasi or sensitive", d.Class.line, d.Class.text)
	}
	made, err := detectors.Pattern(r)
	if err != nil {
		name := "detector"
		if d.Kind.text != "" {
			name += " " + d.Kind.text
		}
		return made, fmt.Errorf("line %d: %s: %w", d.Line, name, err)
	}
	return made, nil
}

// made makes the profile; kinds are those that there are.
func (p *profile) made(kinds []string) (assess.Profile, error) {
	r := assess.Rule{Name: p.Name.text, Doc: strings.TrimSpace(p.Doc.text), Titles: texts(p.Titles), MinRows: p.MinRows}
	var err error
	for _, list := range []struct {
		from []word
		to   *[]detectors.Kind
	}{{p.Required, &r.Required}, {p.Typical, &r.Typical}, {p.Forbidden, &r.Forbidden}} {
		for _, k := range list.from {
			if !slices.Contains(kinds, k.text) && err == nil {
				err = fmt.Errorf("line %d: unknown kind %q%s", k.line, k.text, Meant(k.text, kinds))
			}
			*list.to = append(*list.to, detectors.Kind(k.text))
		}
	}
	if err != nil {
		return assess.Profile{}, err
	}
	if p.Severity != (word{}) && r.Severity.UnmarshalText([]byte(p.Severity.text)) != nil {
		return assess.Profile{}, fmt.Errorf("line %d: severity %q: low, medium, high or critical", p.Severity.line, p.Severity.text)
	}
	if fault := p.fault(&r); fault != "" {
		return assess.Profile{}, fmt.Errorf("line %d: %s", max(p.Name.line, p.Line), fault)
	}
	return assess.Declared(r), nil
}

// fault says what is wrong with a profile.
func (p *profile) fault(r *assess.Rule) string {
	other := func(c rune) bool { return (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' }
	both := func(k detectors.Kind) bool { return slices.Contains(r.Forbidden, k) }
	switch at := slices.IndexFunc(r.Required, both); {
	case r.Name == "":
		return "profile: name is missing"
	case strings.ContainsFunc(r.Name, other):
		return fmt.Sprintf("name %q: only a-z, 0-9 and -", r.Name)
	case slices.ContainsFunc(assess.All(), func(o assess.Profile) bool { return o.Name == r.Name }):
		return fmt.Sprintf("profile %s is one of vigie's own: take another name", r.Name)
	case len(r.Required)+len(r.Titles) == 0:
		return fmt.Sprintf("profile %s asks for nothing: give required kinds or titles", r.Name)
	case at >= 0:
		return fmt.Sprintf("profile %s requires and forbids %s", r.Name, r.Required[at])
	case r.MinRows < 0:
		return "min_rows is a number of rows"
	}
	return ""
}
