package detectors

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestLabelListsAreWhole reads the package's source for labels that labelLists
// forgets: their values would not be found.
func TestLabelListsAreWhole(t *testing.T) {
	list, err := os.ReadFile("labels.go")
	if err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	call := regexp.MustCompile(`(?:findLabelled\(dst, t, |eachLabel\()(\w+Labels|\w+Words)\b`)
	calls := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		source, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range call.FindAllStringSubmatch(string(source), -1) {
			calls++
			if !regexp.MustCompile(`\b` + m[1] + `,`).Match(list) {
				t.Errorf("%s: %s stands in no list of labels.go", f.Name(), m[1])
			}
		}
	}
	if calls < 10 {
		t.Errorf("%d calls found", calls)
	}
}

// Every label is found however its first word is written.
func TestOpenings(t *testing.T) {
	for _, c := range []struct{ text, value string }{
		{"Né le 12/05/1985", "birth_date"}, {"NÉE LE 12/05/1985", "birth_date"}, {"né(e) le 12/05/1985", "birth_date"}, {"Ne\u0301 le 12/05/1985", "birth_date"},
		{"Prénom : Jean", "first_name"}, {"PRÉNOM : Jean", "first_name"}, {"l'allocation aux adultes handicapés versée", "benefit"},
		{"d’allocation aux adultes handicapés versée", "benefit"}, {"Élève en situation de handicap", "disability"},
	} {
		if d := detectorOf(t, Kind(c.value)); len(d.Find(nil, textOf(c.text))) == 0 {
			t.Errorf("no %s in %q", c.value, c.text)
		}
	}
}
