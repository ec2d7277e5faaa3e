package detectors

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// rule returns a rule with a kind and a class.
func rule(r Rule) Rule {
	r.Kind, r.Class = "own", Direct
	return r
}

func TestPatternFinds(t *testing.T) {
	far := strings.Repeat("mot ", 30)
	tests := []struct {
		name string
		rule Rule
		text string
		want []string
	}{
		{"literal first", rule(Rule{Pattern: `\bDOS-\d{6}\b`}), "DOS-123456, XDOS-123456, DOS-1234567 et DOS-654321", []string{"DOS-123456", "DOS-654321"}},
		{"literal inside", rule(Rule{Pattern: `[A-Z]{2}/OMEGA/\d+`}), "voir AB/OMEGA/12.\nCD/OMEGA/7", []string{"AB/OMEGA/12", "CD/OMEGA/7"}},
		{"one of several", rule(Rule{Pattern: `(?:LYON|PARIS)-\d{3}`}), "PARIS-123 LYON-456 LILLE-789", []string{"PARIS-123", "LYON-456"}},
		{"either case", rule(Rule{Pattern: `(?i)badge \d{4}`}), "Badge 1234, BADGE 5678, badge 12", []string{"Badge 1234", "BADGE 5678"}},
		{"many on a line", rule(Rule{Pattern: `ZZ\d`}), strings.Repeat("ZZ1 ", 500), slices.Repeat([]string{"ZZ1"}, 500)},
		{"no line end inside", rule(Rule{Pattern: `DOS-[^;]+`}), "DOS-12\n34", []string{"DOS-12"}},
		{"words alone", rule(Rule{Words: []string{"Projet Oméga", "rendez-vous", "l'hétérogénéité"}}), "le PROJET OMEGA, un Rendez-vous, l’hétérogénéité, projets omega", []string{"PROJET OMEGA", "Rendez-vous", "l’hétérogénéité"}},
		{"capitals with accents", rule(Rule{Words: []string{"à échéance", "œuvre"}}), "À ÉCHÉANCE, une ŒUVRE", []string{"À ÉCHÉANCE", "ŒUVRE"}},
		{"behind words", rule(Rule{Words: []string{"matricule agent"}, Pattern: `\d{5}`}), "Matricule agent (paie) : 12345\n67890; 54321 matricule agent", []string{"12345"}},
		{"too far behind words", rule(Rule{Words: []string{"matricule agent"}, Pattern: `\d{5}`}), "matricule agent " + far + "12345", nil},
		{"near, before", rule(Rule{Near: []string{"badge"}, Pattern: `\d{5}`}), "12345 est son badge", []string{"12345"}},
		{"near, on the next line", rule(Rule{Near: []string{"badge"}, Pattern: `\d{5}`}), "Badge\n12345", []string{"12345"}},
		{"not near", rule(Rule{Near: []string{"badge"}, Pattern: `\d{5}`}), "badge " + far + "12345", nil},
		{"near a literal", rule(Rule{Near: []string{"badge"}, Pattern: `AB\d{5}`}), "AB12345 " + far + "badge AB54321", []string{"AB54321"}},
		{"luhn", rule(Rule{Near: []string{"carte"}, Pattern: `\d{10}`, Checksum: "luhn"}), "carte 7992739871 et carte 7992739872", nil},
		{"luhn holds", rule(Rule{Near: []string{"carte"}, Pattern: `\d{11}`, Checksum: "luhn"}), "carte 79927398713, carte 79927398714", []string{"79927398713"}},
		{"mod97 turned", rule(Rule{Pattern: `RF\d{2}[0-9A-Z]+`, Checksum: "mod97"}), "RF18539007547034 RF19539007547034", []string{"RF18539007547034"}},
		{"nir", rule(Rule{Words: []string{"assuré"}, Pattern: `[12]\d{14}`, Checksum: "nir"}), "assuré 253072A07300444, assuré 185057800608491, assuré 185057800608492", []string{"185057800608491"}},
	}
	for _, tt := range tests {
		d, err := Pattern(tt.rule)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got, _ := cutOut(d, tt.text, 0, 0, 0); !slices.Equal(got, tt.want) {
			t.Errorf("%s: found %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestPatternInTables(t *testing.T) {
	near, err := Pattern(rule(Rule{Near: []string{"badge"}, Pattern: `\d{5}`}))
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := cutOut(near, "badge;12345\nx;54321\n", ';', '\n', '"'); !slices.Equal(got, []string{"12345"}) {
		t.Errorf("near: found %q beyond its row", got)
	}
	wide, err := Pattern(rule(Rule{Pattern: `DOS.*`}))
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := cutOut(wide, "DOS 1;DOS 2\nDOS 3", ';', '\n', '"'); !slices.Equal(got, []string{"DOS 1", "DOS 2", "DOS 3"}) {
		t.Errorf("a match leaves its cell: %q", got)
	}
}

func TestPatternCells(t *testing.T) {
	tests := []struct {
		rule  Rule
		scope Scope
		sieve bool
		yes   []string
		no    []string
	}{
		{rule(Rule{Pattern: `DOS-\d+`}), Anywhere, true, []string{"DOS-1"}, []string{"DOS-1 bis", "", "DOS-"}},
		{rule(Rule{Pattern: `(?i)DOS-\d+`}), Anywhere, false, []string{"dos-1"}, []string{"dos"}},
		{rule(Rule{Pattern: `D\d{5}`, Titles: []string{"Badge"}}), Titled, false, []string{"D12345"}, []string{"12345"}},
		{rule(Rule{Pattern: `\d{9}`, Checksum: "luhn", Titles: []string{"badge"}}), Column, false, []string{"732829320"}, []string{"732829321"}},
		{rule(Rule{Pattern: `AB\d`, Near: []string{"badge"}}), Column, false, []string{"AB1"}, []string{"AB"}},
		{rule(Rule{Words: []string{"Secret médical"}}), Anywhere, false, []string{"SECRET MEDICAL"}, []string{"secret"}},
		{rule(Rule{Titles: []string{"Code de l'armoire"}}), Titled, false, []string{"4711"}, []string{""}},
	}
	for _, tt := range tests {
		d, err := Pattern(tt.rule)
		if err != nil {
			t.Errorf("%+v: %v", tt.rule, err)
			continue
		}
		if d.Scope != tt.scope || d.Sieve != tt.sieve {
			t.Errorf("%+v: scope %d, sieve %v", tt.rule, d.Scope, d.Sieve)
		}
		for _, c := range tt.yes {
			if ok, valid := d.Fits([]byte(c)); !ok || !valid {
				t.Errorf("%+v: %q does not fit", tt.rule, c)
			}
		}
		for _, c := range tt.no {
			if ok, _ := d.Fits([]byte(c)); ok {
				t.Errorf("%+v: %q fits", tt.rule, c)
			}
		}
	}
}

func TestPatternErrors(t *testing.T) {
	tests := []struct {
		rule Rule
		want string
	}{
		{Rule{Class: Direct, Words: []string{"a"}}, "kind is missing"},
		{Rule{Kind: "Badge", Class: Direct, Words: []string{"a"}}, "only a-z, 0-9 and _"},
		{Rule{Kind: "nir", Class: Direct, Words: []string{"a"}}, "one of vigie's own"},
		{Rule{Kind: "own", Words: []string{"a"}}, "class is missing"},
		{rule(Rule{}), "nothing to look for"},
		{rule(Rule{Near: []string{"a"}, Words: []string{"b"}}), "near and checksum are about a pattern"},
		{rule(Rule{Words: []string{"?!"}}), "no letter or digit"},
		{rule(Rule{Words: []string{strings.Repeat("a", 25)}}), "more than 24 letters"},
		{rule(Rule{Pattern: `DOS-(\d`}), "missing closing )"},
		{rule(Rule{Pattern: `\d*`, Near: []string{"a"}}), "matches nothing at all"},
		{rule(Rule{Pattern: `\d{7}`}), "set the pace of the scan: give words, near or titles"},
		{rule(Rule{Pattern: `DOS-\d{7}|\d{9}`}), "set the pace of the scan"},
		{rule(Rule{Pattern: `DOS-\d{7}`, Checksum: "crc"}), "luhn, mod97, nir or none"},
		{rule(Rule{Pattern: `DOS-\d{7}`, Examples: []string{"DOS-1234567", "DOS-123"}}), "nothing is found in example 2"},
		{rule(Rule{Pattern: `DOS-\d{7}`, Counterexamples: []string{"DOS-12345678"}}), "something is found in counterexample 1"},
	}
	for _, tt := range tests {
		if _, err := Pattern(tt.rule); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: error %v, want one with %q", tt.rule, err, tt.want)
		}
	}
}

func TestMaskRule(t *testing.T) {
	for v, want := range map[string]string{
		"DOS-123456": "D••-••••••", "ab": "••", "Éric": "É•••", "": "", strings.Repeat("a", 60): "a" + strings.Repeat("•", 23) + "…",
	} {
		if got := string(maskRule(nil, []byte(v))); got != want {
			t.Errorf("mask of %q: %q, want %q", v, got, want)
		}
	}
}

// Any pattern whose matches have a literal is found wherever the pattern alone
// finds it, line by line.
func FuzzPattern(f *testing.F) {
	f.Add(`DOS-\d{3}`, "DOS-123 DOS-12\nDOS-999x")
	f.Add(`(?i)ab|cd+`, "xABcdddd")
	f.Add(`(ab)+c?\b`, "ababc abab")
	f.Fuzz(func(t *testing.T, expr, text string) {
		if len(expr) > 40 || len(text) > ruleReach || strings.ContainsAny(expr, `^$B?*A`) || strings.Contains(text, "\n\n") {
			return // what need not agree: starts of lines, and matches of nothing
		}
		d, err := Pattern(rule(Rule{Pattern: expr}))
		if err != nil {
			return
		}
		got, _ := cutOut(d, text, 0, 0, 0)
		var want []string
		for line := range strings.SplitSeq(text, "\n") {
			for _, m := range regexp.MustCompile(expr).FindAllString(line, -1) {
				if m != "" {
					want = append(want, m)
				}
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q in %q: %q, the pattern alone %q", expr, text, got, want)
		}
	})
}

// A pattern must not slow the scan down.
func BenchmarkPattern(b *testing.B) {
	d, err := Pattern(rule(Rule{Pattern: `\bDOS-\d{6}\b`}))
	if err != nil {
		b.Fatal(err)
	}
	t := textOf(strings.Repeat("Madame Durand, dossier DOS-123456, est venue le 12 mars avec ses enfants et n'a rien dit de plus que la fois passée.\n", 1000) +
		strings.Repeat("Madame Durand est venue le 12 mars avec ses enfants et n'a rien dit de plus que la fois passée, ni de moins.\n", 9000))
	b.SetBytes(int64(len(t.Bytes)))
	for b.Loop() {
		d.Find(nil, t)
	}
}
