package assess

import (
	"testing"

	"vigie/detectors"
	"vigie/scanner"
)

func TestDeclared(t *testing.T) {
	badges := Rule{Name: "badges", Required: []detectors.Kind{fullName}, Typical: []detectors.Kind{phone},
		Forbidden: []detectors.Kind{iban}, Titles: []string{"N° badge"}, MinRows: 5}
	loud := badges
	loud.Severity = scanner.High
	staff := join(cols(fullName, "nom"), cols("iban_x", "N_BADGE_2"))
	tests := []struct {
		name     string
		rule     Rule
		tally    *scanner.Tally
		profile  string
		severity scanner.Severity
	}{
		{"fits", badges, table(5, staff...), "badges", scanner.Medium},
		{"severity of the rule", loud, table(5, staff...), "badges", scanner.High},
		{"too few rows", badges, table(4, staff...), "", 0},
		{"forbidden", badges, table(5, join(staff, cols(iban, "compte"))...), "people-register", scanner.Medium},
		{"another title", badges, table(5, join(cols(fullName, "nom"), cols(phone, "badges"))...), "", 0},
		{"never less severe than the content", badges, table(300, join(staff, cols(nir, "nir"))...), "badges", scanner.Critical},
		{"nothing required", Rule{Name: "all"}, table(5, staff...), "", 0},
		{"text has no titles", badges, text("/d/a.txt", seen(fullName, 9, 9)), "", 0},
		{"text", Rule{Name: "names", Required: []detectors.Kind{fullName}}, text("/d/a.txt", seen(fullName, 9, 9)), "names", scanner.Medium},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var profile string
			var severity scanner.Severity
			for _, f := range New(Declared(test.rule)).Judge(one(test.tally), network) {
				profile, severity = f.Profile, f.Severity
			}
			if profile != test.profile || severity != test.severity {
				t.Errorf("got %s %s, want %s %s", severity, profile, test.severity, test.profile)
			}
		})
	}
	if d := Declared(badges).Doc; d != "A profile of your own\n\nAsks for full_name, and for a column titled N° badge, without iban." {
		t.Errorf("doc %q", d)
	}
}

// TestOwnClass: a letter with a kind of the user's own is kept with those of its
// folder if the class says so, and the report tells the class.
func TestOwnClass(t *testing.T) {
	const badge = detectors.Kind("badge_number")
	rule := Declared(Rule{Name: "badges", Required: []detectors.Kind{badge}})
	for class, group := range map[detectors.Class]string{detectors.Direct: "text", detectors.Sensitive: "text", detectors.Quasi: ""} {
		a := With([]detectors.Detector{{Kind: badge, Class: class}}, rule)
		letter := text("/d/a.txt", seen(badge, 1, 1))
		if got := a.Group(letter); got != group {
			t.Errorf("%s: in group %q, want %q", class, got, group)
		}
		found := a.Judge(one(letter), network)
		if len(found) != 1 || len(found[0].Fields) != 1 || found[0].Fields[0].Class != class {
			t.Errorf("%s: %+v", class, found)
		}
	}
	if g := New(rule).Group(text("/d/a.txt", seen(badge, 1, 1))); g != "" {
		t.Errorf("a kind without detector: in group %q", g)
	}
}
