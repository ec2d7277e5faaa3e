// Package config reads vigie.yaml, in which users write down what to scan and
// how, and detectors and profiles of their own. It is strict: what it does not
// know is an error that says where it stands and what may have been meant.
package config

import (
	_ "embed"
	"fmt"
	"os"
	"slices"
	"time"

	"vigie/detectors"
	"vigie/scanner/assess"
)

// A Config is what a user adds to vigie. The zero Config adds nothing.
type Config struct {
	Targets      []Target
	Settings     []Setting
	Suppressions []Suppression
	Detectors    []detectors.Detector
	Profiles     []assess.Profile
}

// Example is a vigie.yaml to begin with.
//
//go:embed example.yaml
var Example []byte

// A Setting is what the file says for a flag of the command line.
type Setting struct {
	Flag   string   // its name
	Values []string // several only where the flag may be repeated
	Line   int
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

// A file is what vigie.yaml says. A key with a flag stands for it; doc is its
// description in the schema.
type file struct {
	Targets      []target      `yaml:"targets" doc:"What to scan where the command line names nothing."`
	Include      []word        `yaml:"include" flag:"include" doc:"Globs: look only at paths that match; archives and mailboxes are opened for it."`
	Exclude      []word        `yaml:"exclude" flag:"exclude" doc:"Globs: leave out paths that match."`
	MaxSize      word          `yaml:"max_size" flag:"max-size" doc:"Leave out objects that are larger: 500MB, 2GB."`
	NewerThan    word          `yaml:"newer_than" flag:"newer-than" doc:"Leave out objects that were modified before: 90d, 2024-01-31."`
	OlderThan    word          `yaml:"older_than" flag:"older-than" doc:"Leave out objects that were modified after: 90d, 2024-01-31."`
	FailOn       word          `yaml:"fail_on" flag:"fail-on" doc:"Least severity that makes the exit status 1: low, medium, high or critical."`
	Accept       []word        `yaml:"accept" flag:"accept" doc:"Problems that you know, REASON or REASON:GLOB: they leave the scan complete."`
	Passwords    word          `yaml:"passwords" flag:"passwords" doc:"File with passwords to try on encrypted archives, one a line."`
	Baseline     []word        `yaml:"baseline" flag:"baseline" doc:"Findings of earlier scans (JSON Lines): only what is new is reported."`
	OCR          word          `yaml:"ocr" flag:"ocr" doc:"true: read scanned pages and pictures with tesseract."`
	Format       word          `yaml:"format" flag:"format" doc:"Report: text, jsonl, html …"`
	Lang         word          `yaml:"lang" flag:"lang" doc:"Language of reports for people: en or fr."`
	Output       word          `yaml:"output" flag:"output" doc:"File that the report is written to."`
	Workers      word          `yaml:"workers" flag:"workers" doc:"Objects looked at side by side."`
	Rate         word          `yaml:"rate" flag:"rate" doc:"Requests a second to each target."`
	MaskPaths    word          `yaml:"mask_paths" flag:"mask-paths" doc:"true: mask names in paths."`
	Suppressions []suppression `yaml:"suppressions" doc:"Findings that a person has accepted, with the reason and until when."`
	Detectors    []detector    `yaml:"detectors" doc:"Kinds of your own."`
	Profiles     []profile     `yaml:"profiles" doc:"Profiles of your own."`
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
	if err := decode(b, &f); err != nil {
		return Config{}, err
	}
	c := Config{Settings: settings(&f)}
	for _, part := range []func(*Config, *file) error{targets, suppressions, rules} {
		if err := part(&c, &f); err != nil {
			return Config{}, err
		}
	}
	return c, nil
}

// date reads a day, as 2026-11-23.
func date(w word) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, w.text)
	if err != nil {
		return t, fmt.Errorf("line %d: %q is no day such as 2026-11-23", w.line, w.text)
	}
	return t, nil
}
