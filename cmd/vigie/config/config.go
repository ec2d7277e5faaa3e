// Package config reads vigie.yaml, in which users write down detectors and
// profiles of their own. It is strict: what it does not know is an error that
// says where it stands and what may have been meant.
package config

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"vigie/detectors"
	"vigie/scanner/assess"
)

// A Config is what a user adds to vigie. The zero Config adds nothing.
type Config struct {
	Detectors []detectors.Detector
	Profiles  []assess.Profile
}

// Read reads a file; "" is none. Errors name the file and the line.
func Read(name string) (Config, error) {
	if name == "" {
		return Config{}, nil
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return Config{}, err
	}
	c, err := Parse(b)
	if err != nil {
		return Config{}, fmt.Errorf("read %s: %w", name, err)
	}
	return c, nil
}

// All returns the user's detectors and then those of this build: where both
// claim a title, the user knows better.
func (c Config) All() []detectors.Detector { return slices.Concat(c.Detectors, detectors.All()) }

// A file is what vigie.yaml says.
type file struct {
	Detectors []detector `yaml:"detectors"`
	Profiles  []profile  `yaml:"profiles"`
}

type detector struct {
	Line            int    `yaml:"-"`
	Kind            word   `yaml:"kind"`
	Title           word   `yaml:"title"`
	Doc             word   `yaml:"doc"`
	Class           word   `yaml:"class"`
	Titles          []word `yaml:"titles"`
	Words           []word `yaml:"words"`
	Pattern         word   `yaml:"pattern"`
	Near            []word `yaml:"near"`
	Checksum        word   `yaml:"checksum"`
	Examples        []word `yaml:"examples"`
	Counterexamples []word `yaml:"counterexamples"`
}

type profile struct {
	Line      int    `yaml:"-"`
	Name      word   `yaml:"name"`
	Doc       word   `yaml:"doc"`
	Required  []word `yaml:"required"`
	Typical   []word `yaml:"typical"`
	Forbidden []word `yaml:"forbidden"`
	Titles    []word `yaml:"titles"`
	MinRows   int64  `yaml:"min_rows"`
	Severity  word   `yaml:"severity"`
}

// A word is a text and the line it stands on.
type word struct {
	text string
	line int
}

func texts(words []word) []string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = w.text
	}
	return all
}

// Parse reads the text of a file.
func Parse(b []byte) (Config, error) {
	var f file
	var c Config
	if err := decode(b, &f); err != nil {
		return c, err
	}
	for i := range f.Detectors {
		d, err := f.Detectors[i].made()
		if err != nil {
			return Config{}, err
		}
		if slices.ContainsFunc(c.Detectors, func(o detectors.Detector) bool { return o.Kind == d.Kind }) {
			return Config{}, fmt.Errorf("line %d: a second detector of kind %s", f.Detectors[i].Kind.line, d.Kind)
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
			return Config{}, err
		}
		if slices.ContainsFunc(c.Profiles, func(o assess.Profile) bool { return o.Name == p.Name }) {
			return Config{}, fmt.Errorf("line %d: a second profile with the name %s", f.Profiles[i].Name.line, p.Name)
		}
		c.Profiles = append(c.Profiles, p)
	}
	return c, nil
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
				err = fmt.Errorf("line %d: unknown kind %q%s", k.line, k.text, meant(k.text, kinds))
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
