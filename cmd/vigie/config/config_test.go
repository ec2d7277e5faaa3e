package config

import (
	"encoding/json"
	"os"
	"regexp"
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

const scanning = `
targets:
  - ./export
  - target: s3://backups
    s3_endpoint: https://s3.example.org
    credentials: env:VIGIE_TEST_KEY
    rate: 2.5
exclude: ["*.iso"]
fail_on: high
suppressions:
  - path: formation/CAF.zip
    profile: caf-beneficiaries
    reason: invented
    until: 2026-12-31
`

func TestParseScan(t *testing.T) {
	t.Setenv("VIGIE_TEST_KEY", "name:secret")
	c, err := Parse([]byte(scanning))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Targets) != 2 || c.Targets[0] != (Target{Name: "./export"}) ||
		c.Targets[1] != (Target{Name: "s3://backups", S3Endpoint: "https://s3.example.org", Credentials: "name:secret", Rate: 2.5}) {
		t.Errorf("targets %+v", c.Targets)
	}
	if len(c.Settings) != 2 || c.Settings[0].Flag != "exclude" || c.Settings[0].Values[0] != "*.iso" || c.Settings[1].Line != 9 {
		t.Errorf("settings %+v", c.Settings)
	}
	if s := c.Suppressions; len(s) != 1 || s[0].Until.Format("2006-01-02") != "2027-01-01" || s[0].Reason != "invented" {
		t.Errorf("suppressions %+v", s)
	}
}

func TestParseScanErrors(t *testing.T) {
	t.Setenv("VIGIE_TEST_KEY", "S3cr3t")
	for _, tt := range []struct{ text, want string }{
		{"fail-on: low\n", `line 1: unknown key "fail-on"; did you mean "fail_on"?`},
		{"targets: ./export\n", `line 1: "targets" is a list`},
		{"targets:\n- rate: 3\n", `line 2: target is missing`},
		{"targets:\n- target: s3://b\n  anonymous: maybe\n", `line 3: "maybe": true or false`},
		{"targets:\n- target: s3://b\n  rate: -1\n", `line 3: rate is a number of requests a second`},
		{"targets:\n- target: s3://b\n  credentials: AKIAIOSFODNN7EXAMPLE\n", `line 3: credentials: not written here, but where they stand`},
		{"targets:\n- target: s3://b\n  credentials: env:VIGIE_NO_SUCH\n", `line 3: credentials: the environment has no VIGIE_NO_SUCH`},
		{"targets:\n- target: s3://b\n  credentials: env:VIGIE_TEST_KEY\n", `line 3: credentials: what is there is not NAME:SECRET`},
		{"suppressions:\n- reason: so\n  until: 2026-12-31\n", `line 2: suppression: names no finding`},
		{"suppressions:\n- id: a\n  until: 2026-12-31\n", `line 2: suppression: reason is missing`},
		{"suppressions:\n- id: a\n  reason: so\n", `line 2: suppression: until is missing`},
		{"suppressions:\n- id: a\n  reason: so\n  until: soon\n", `line 4: "soon" is no day such as`},
		{"suppressions:\n- id: a\n  profile: caf\n  reason: so\n  until: 2026-12-31\n", `line 3: unknown profile "caf"`},
	} {
		if _, err := Parse([]byte(tt.text)); err == nil || !strings.HasPrefix(err.Error(), tt.want) || strings.Contains(err.Error(), "S3cr3t") || strings.Contains(err.Error(), "AKIA") {
			t.Errorf("%q:\n got %v\nwant %s", tt.text, err, tt.want)
		}
	}
}

// TestExample: what `vigie config init` writes is read, and so is every line of
// it that is a comment only because not everybody wants it.
func TestExample(t *testing.T) {
	t.Setenv("BACKUPS_KEY", "name:secret")
	_, keys, _ := strings.Cut(string(Example), "\n\n")
	whole := regexp.MustCompile(`(?m)^( *)# (\w+:|- |  +[\w-])`).ReplaceAllString(keys, "$1$2")
	for name, text := range map[string]string{"as it is": string(Example), "whole": whole} {
		c, err := Parse([]byte(text))
		if err != nil || len(c.Targets) == 0 {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
		if name == "whole" && (len(c.Suppressions) != 1 || len(c.Detectors) != 1 || len(c.Profiles) != 1 || len(c.Targets) != 4) {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

// TestSchema: the schema has every key of the file, with words about it, and no
// others.
func TestSchema(t *testing.T) {
	var s struct {
		Properties map[string]struct {
			Description string
			Items       json.RawMessage
		}
		AdditionalProperties *bool
	}
	if err := json.Unmarshal(Schema(), &s); err != nil {
		t.Fatal(err)
	}
	if s.AdditionalProperties == nil || *s.AdditionalProperties || len(s.Properties) < 15 {
		t.Errorf("%+v", s)
	}
	for key, p := range s.Properties {
		if p.Description == "" {
			t.Errorf("%s: no words about it", key)
		}
		if _, err := Parse([]byte(key + ":\n")); err != nil {
			t.Errorf("%s: %v", key, err)
		}
	}
	for _, item := range []string{"suppressions", "targets", "detectors"} {
		if !strings.Contains(string(s.Properties[item].Items), `"properties"`) {
			t.Errorf("%s: %s", item, s.Properties[item].Items)
		}
	}
}
