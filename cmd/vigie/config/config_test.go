package config

import (
	"os"
	"slices"
	"strings"
	"testing"

	"vigie/detectors"
)

const whole = `
# what our house has and nobody else
detectors:
  - kind: badge_number
    title: Number of a badge
    doc: On the back of the card, since 2019.
    class: direct
    titles: [n° badge, badge]
    pattern: 'BDG-\d{6}'
    examples: ["badge BDG-123456"]
    counterexamples:
      - BDG-12
  - kind: secret_project
    class: sensitive
    words: [projet oméga]
profiles:
  - name: badge-holders
    doc: Who comes and goes
    required: [badge_number, last_name]
    typical: [birth_date]
    forbidden: [iban]
    titles: [service]
    min_rows: 20
    severity: high
`

func TestParse(t *testing.T) {
	c, err := Parse([]byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Detectors) != 2 || len(c.Profiles) != 1 {
		t.Fatalf("%d detectors, %d profiles", len(c.Detectors), len(c.Profiles))
	}
	d := c.Detectors[0]
	if d.Kind != "badge_number" || d.Class != detectors.Direct || !slices.Contains(d.Titles, "n badge") ||
		!strings.HasPrefix(d.Doc, "Number of a badge\n\nOn the back") {
		t.Errorf("detector %+v", d)
	}
	if c.Profiles[0].Name != "badge-holders" || c.Profiles[0].Doc != "Who comes and goes" {
		t.Errorf("profile %+v", c.Profiles[0])
	}
	if all := c.All(); all[0].Kind != "badge_number" || len(all) != len(detectors.All())+2 {
		t.Errorf("%d detectors, first %s", len(all), all[0].Kind)
	}
}

func TestParseNothing(t *testing.T) {
	for _, s := range []string{"", "# a comment\n", "detectors:\nprofiles: []\n", "---\n"} {
		if c, err := Parse([]byte(s)); err != nil || len(c.Detectors)+len(c.Profiles) != 0 {
			t.Errorf("%q: %+v, %v", s, c, err)
		}
	}
}

func TestParseErrors(t *testing.T) {
	const own = "detectors:\n  - kind: own\n    class: direct\n"
	tests := []struct{ text, want string }{
		{own + "    patern: x\n", `line 4: unknown key "patern"; did you mean "pattern"?`},
		{"detector: []\n", `line 1: unknown key "detector"; did you mean "detectors"?`},
		{"profiles:\n- name: x\n  colour: red\n", `line 3: unknown key "colour"`},
		{own + "    class: quasi\n", `line 4: a second "class"`},
		{own + "    words: secret\n", `line 4: "words" is a list`},
		{own + "    words: [{a: b}]\n", `line 4: 1 of "words" is a text`},
		{own + "    words: [a]\n    title: [a]\n", `line 5: "title" is a text`},
		{"detectors: [own]\n", `line 1: 1 of "detectors" is a list of keys with their values`},
		{"just a text", `line 1: the file is a list of keys with their values`},
		{"detectors:\n\t- x\n", `line 2: found character that cannot start any token`},
		{"a: [", `line 1: did not find expected node content`},
		{"detectors: []\n---\ndetectors: []\n", `more than one document`},
		{"detectors:\n  - class: direct\n", `line 2: detector: kind is missing`},
		{"detectors:\n  - kind: own\n    words: [a]\n", `line 2: detector own: class is missing`},
		{"detectors:\n  - kind: own\n    class: secret\n", `line 3: class "secret": direct, quasi or sensitive`},
		{own, `line 2: detector own: nothing to look for`},
		{own + "    pattern: '\\d{7}'\n", `line 2: detector own: pattern \d{7} has no`},
		{own + "    pattern: 'DOS-(\\d'\n", `line 2: detector own: pattern: error parsing regexp: missing closing )`},
		{own + "    pattern: 'DOS-\\d'\n    examples: [DOS-]\n", `line 2: detector own: nothing is found in example 1`},
		{own + "    words: [a]\n  - kind: own\n    class: direct\n    words: [b]\n", `line 5: a second detector of kind own`},
		{"profiles:\n- required: [nir]\n", `line 2: profile: name is missing`},
		{"profiles:\n- name: Mine\n", `line 2: name "Mine": only a-z, 0-9 and -`},
		{"profiles:\n- name: people-register\n  required: [nir]\n", `line 2: profile people-register is one of vigie's own`},
		{"profiles:\n- name: mine\n", `line 2: profile mine asks for nothing`},
		{"profiles:\n- name: mine\n  required:\n  - nir\n  - birthdate\n", `line 5: unknown kind "birthdate"; did you mean "birth_date"?`},
		{"profiles:\n- name: mine\n  required: [nir]\n  forbidden: [nir]\n", `line 2: profile mine requires and forbids nir`},
		{"profiles:\n- name: mine\n  required: [nir]\n  min_rows: many\n", `line 4: "min_rows" is a whole number`},
		{"profiles:\n- name: mine\n  required: [nir]\n  min_rows: -1\n", `line 2: min_rows is a number of rows`},
		{"profiles:\n- name: mine\n  required: [nir]\n  severity: awful\n", `line 4: severity "awful": low, medium, high or critical`},
		{"profiles:\n- {name: mine, required: [nir]}\n- {name: mine, required: [nir]}\n", `line 3: a second profile with the name mine`},
	}
	for _, tt := range tests {
		if _, err := Parse([]byte(tt.text)); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%q:\n got %v\nwant %s", tt.text, err, tt.want)
		}
	}
}

func TestRead(t *testing.T) {
	if c, err := Read(""); err != nil || c.Detectors != nil {
		t.Errorf("no file: %+v, %v", c, err)
	}
	t.Chdir(t.TempDir())
	if _, err := Read("vigie.yaml"); err == nil || !strings.Contains(err.Error(), "open vigie.yaml") {
		t.Errorf("no such file: %v", err)
	}
	if err := os.WriteFile("vigie.yaml", []byte("detectors:\n- patern: x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read("vigie.yaml"); err == nil || err.Error() != `read vigie.yaml: line 2: unknown key "patern"; did you mean "pattern"?` {
		t.Errorf("a wrong key: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte("a: &a [*a]\ndetectors: *a\n"))
	f.Add([]byte("detectors: [{kind: own, class: direct, pattern: 'A[A-Z]+x', near: [b]}]"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := Parse(b)
		if err != nil && len(c.Detectors)+len(c.Profiles) > 0 {
			t.Error("an error, and rules all the same")
		}
	})
}
