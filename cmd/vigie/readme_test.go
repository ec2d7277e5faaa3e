package main

import (
	"os"
	"strings"
	"testing"

	"vigie/cmd/vigie/config"
)

// TestReadmeNamesWhatTheBuildKnows: every kind, every profile and every
// format has its place in the tables, and no other is there.
func TestReadmeNamesWhatTheBuildKnows(t *testing.T) {
	b, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ list, from string }{{"detectors", "| kinds | |"}, {"profiles", "| profile | |"}, {"formats", "| format | |"}} {
		_, rest, ok := strings.Cut(string(b), c.from+"\n")
		if !ok {
			t.Fatalf("no table %q", c.from)
		}
		table, _, _ := strings.Cut(rest, "\n\n")
		named := make(map[string]bool)
		for row := range strings.Lines(table) {
			first, _, _ := strings.Cut(strings.TrimPrefix(row, "|"), "|")
			for i, name := range strings.Split(first, "`") {
				if i%2 == 1 {
					named[name] = true
				}
			}
		}
		for _, e := range listed(c.list, config.Config{}) {
			if !named[e[0]] {
				t.Errorf("%s: %s is not in the table", c.list, e[0])
			}
			delete(named, e[0])
		}
		for name := range named {
			t.Errorf("%s: the table names %s, which the build does not know", c.list, name)
		}
	}
}
