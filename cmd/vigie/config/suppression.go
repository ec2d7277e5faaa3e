package config

import (
	"fmt"
	"path"
	"slices"
	"time"

	"vigie/scanner/assess"
)

// A Suppression is a finding, or several, that a person has accepted. All that
// it names must fit.
type Suppression struct {
	ID, Leak string    // of the finding; "" fits any
	Path     string    // glob, as of --exclude; "" fits any
	Profile  string    // "" fits any
	Reason   string    // in the words of the person
	Until    time.Time // the first day on which it no longer holds, UTC
	Line     int
}

type suppression struct {
	Line    int  `yaml:"-"`
	ID      word `yaml:"id" doc:"The id of the finding: one data set in one place."`
	Leak    word `yaml:"leak" doc:"The leak of the finding: the same data set wherever it lies."`
	Path    word `yaml:"path" doc:"Glob that the path must match."`
	Profile word `yaml:"profile" doc:"Profile that the finding must have."`
	Reason  word `yaml:"reason" doc:"Why it is accepted, and by whom."`
	Until   word `yaml:"until" doc:"The last day on which it holds: 2026-12-31."`
}

func suppressions(c *Config, f *file) error {
	for _, s := range f.Suppressions {
		made, err := s.made(c, f)
		if err != nil {
			return err
		}
		c.Suppressions = append(c.Suppressions, made)
	}
	return nil
}

func (s suppression) made(c *Config, f *file) (Suppression, error) {
	made := Suppression{ID: s.ID.text, Leak: s.Leak.text, Path: s.Path.text, Profile: s.Profile.text, Reason: s.Reason.text, Line: s.Line}
	fault := ""
	switch {
	case made.ID+made.Leak+made.Path == "":
		fault = "names no finding: give its id, leak or path"
	case made.Reason == "":
		fault = "reason is missing: who accepts it, and why"
	case s.Until == word{}:
		fault = "until is missing: the last day on which it holds, such as 2026-12-31"
	}
	if fault != "" {
		return made, fmt.Errorf("line %d: suppression: %s", s.Line, fault)
	}
	if _, err := path.Match(made.Path, ""); err != nil {
		return made, fmt.Errorf("line %d: path %q is no glob", s.Path.line, made.Path)
	}
	var names []string
	for _, p := range assess.All() {
		names = append(names, p.Name)
	}
	for _, p := range f.Profiles {
		names = append(names, p.Name.text)
	}
	if made.Profile != "" && !slices.Contains(names, made.Profile) {
		return made, fmt.Errorf("line %d: unknown profile %q%s", s.Profile.line, made.Profile, Meant(made.Profile, names))
	}
	last, err := date(s.Until)
	made.Until = last.AddDate(0, 0, 1)
	return made, err
}
