package detectors

import (
	"os"
	"strings"
	"testing"
)

// TestVectors judges numbers that other projects publish with their tests. The
// verdict is that of the rule, worked out apart from this package: valid; key,
// a number of the right form whose key fails; no. Where it is not the
// verdict of the source, the note says why.
func TestVectors(t *testing.T) {
	b, err := os.ReadFile("testdata/vectors.tsv")
	if err != nil {
		t.Fatal(err)
	}
	fits := map[string]func([]byte) (bool, bool){
		"vat": func(cell []byte) (bool, bool) {
			v := normAlnum(nil, cell)
			ok := vatKeyHolds([]byte(strings.TrimPrefix(string(v), "FR")))
			return ok, ok
		},
	}
	for _, d := range All() {
		fits[string(d.Kind)] = d.Fits
	}
	lines := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")[1:]
	for i, line := range lines {
		f := strings.Split(line, "\t")
		if len(f) != 5 || fits[f[0]] == nil {
			t.Errorf("line %d: %q is no vector", i+2, line)
			continue
		}
		got := "no"
		switch ok, valid := fits[f[0]]([]byte(f[1])); {
		case valid:
			got = "valid"
		case ok:
			got = "key"
		}
		if got != f[2] {
			t.Errorf("%s %q of %s: %s, want %s (%s)", f[0], f[1], f[3], got, f[2], f[4])
		}
	}
	if len(lines) < 300 {
		t.Errorf("%d vectors", len(lines))
	}
}
