package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"vigie/detectors"
	"vigie/scanner"
)

// badges is an export that only its owner knows to be about people: no name, no
// address, nothing that this build would find.
func badges(rows int) []byte {
	var b strings.Builder
	b.WriteString("Badge;Digicode;Service\n")
	for i := range rows {
		fmt.Fprintf(&b, "BDG-%06d;%04d%c;%s\n", 100003+7919*i, 1000+37*i, 'A'+i%2, []string{"Paie", "Accueil", "Informatique"}[i%3])
	}
	return []byte(b.String())
}

// ownRules is the example of the README.
func ownRules(t *testing.T) string {
	t.Helper()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(readme), "## Your own rules\n")
	_, rules, _ := strings.Cut(section, "```yaml\n")
	rules, _, ok := strings.Cut(rules, "```")
	if !ok {
		t.Fatal("the README has no example of own rules")
	}
	return rules
}

func TestOwnRules(t *testing.T) {
	dir := t.TempDir()
	rules := put(t, dir, "vigie.yaml", []byte(ownRules(t)))
	export := put(t, dir, "data/acces.csv", badges(60))

	if o := scanned(t, export); o.status != clean || len(o.findings) != 0 {
		t.Errorf("without the rules: status %d, findings %v", o.status, o.findings)
	}
	o := scanned(t, "-c", rules, export)
	if o.status != found || len(o.findings) != 1 {
		t.Fatalf("status %d, %d findings\n%s", o.status, len(o.findings), o.stderr)
	}
	f := o.findings[0]
	if f.Profile != "badge-holders" || f.Severity != scanner.High || f.People.Estimate != 60 {
		t.Errorf("%s, %s, %d persons", f.Profile, f.Severity, f.People.Estimate)
	}
	class := map[detectors.Kind]detectors.Class{"badge_number": detectors.Direct, "door_code": detectors.Sensitive}
	for _, x := range f.Fields {
		if x.Class != class[x.Kind] || x.Matches != 60 {
			t.Errorf("%s: class %v, %d matches", x.Kind, x.Class, x.Matches)
		}
		delete(class, x.Kind)
	}
	if len(class) > 0 {
		t.Errorf("not among the fields: %v", class)
	}
	if value := regexp.MustCompile(`BDG-\d|\b\d{4}[AB]\b`).FindString(o.stdout + o.stderr); value != "" {
		t.Errorf("a whole value is in the report: %s", value)
	}
}

func TestOwnRulesTried(t *testing.T) {
	dir := t.TempDir()
	rules := put(t, dir, "vigie.yaml", []byte(ownRules(t)))
	export := put(t, dir, "acces.csv", badges(60))
	letter := put(t, dir, "lettre.txt", []byte("Bonjour.\n\nLe badge BDG-123456 est perdu.\nDigicode de la porte : 4711A.\n"))
	tests := []struct {
		args []string
		want []string // regular expressions of lines
	}{
		{[]string{"list", "detectors", "-c", rules}, []string{`badge_number: Number of a staff badge`, `nir: .+`}},
		{[]string{"list", "profiles", "-c", rules}, []string{`badge-holders: .+`, `people-register: .+`}},
		{[]string{"list", "detectors", "-c", rules, "--try", export},
			[]string{`KIND +MATCHES +WHERE +SAMPLES`, `badge_number +60 +Badge +B••-••••••`, `door_code +60 +Digicode +\d••••.*`, `nir +0 *`}},
		{[]string{"detect", "-c", rules, letter}, []string{`.*"kind":"badge_number".*`}},
		{[]string{"list", "detectors", "-c", rules, "--try", letter},
			[]string{`badge_number +1 +text +B••-••••••`, `door_code +1 +text +4••••`}},
		{[]string{"list", "profiles", "-c", rules, "--try", export},
			[]string{`PROFILE +FIRES +CONFIDENCE +PEOPLE +WHERE`, `badge-holders +high +\d+% +60 .*acces\.csv`, `people-register +no *`}},
	}
	for _, tt := range tests {
		o := vigie(t, tt.args...)
		if o.status != clean || o.stderr != "" {
			t.Errorf("%v: status %d: %s", tt.args, o.status, o.stderr)
		}
		for _, want := range tt.want {
			if !regexp.MustCompile(`(?m)^` + want + `$`).MatchString(o.stdout) {
				t.Errorf("%v: no line %q in\n%s", tt.args, want, o.stdout)
			}
		}
	}
}

func TestOwnRulesWrong(t *testing.T) {
	dir := t.TempDir()
	export := put(t, dir, "acces.csv", badges(10))
	wrong := put(t, dir, "wrong.yaml", []byte("detectors:\n  - kind: own\n    patern: x\n"))
	good := put(t, dir, "good.yaml", []byte("detectors:\n  - {kind: own, class: quasi, words: [a]}\n"))
	tests := []struct {
		args []string
		want string
	}{
		{[]string{"scan", "-c", wrong, export}, `wrong.yaml: line 3: unknown key "patern"; did you mean "pattern"?`},
		{[]string{"list", "detectors", "-c", wrong}, `line 3: unknown key "patern"`},
		{[]string{"scan", "-c", dir + "/none.yaml", export}, "none.yaml: no such file"},
		{[]string{"list", "formats", "-c", good, "--try", export}, "try formats: only detectors and profiles can be tried"},
		{[]string{"list", "detectors", "--try", dir + "/none.csv"}, "none.csv: no such file"},
	}
	for _, tt := range tests {
		if o := vigie(t, tt.args...); o.status != usage || !strings.Contains(o.stderr, tt.want) {
			t.Errorf("%v: status %d, %q, want %q", tt.args, o.status, o.stderr, tt.want)
		}
	}
}
