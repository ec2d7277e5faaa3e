package report

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestPlain(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"Été à Nîmes/日本.csv", "Été à Nîmes/日本.csv"},
		{"e\u0301te\u0301", "e\u0301te\u0301"},
		{"10\u00A0204\u202F€", "10\u00A0204\u202F€"},
		{"\x1b[31m", `\x1b[31m`},
		{"a\r\n\tb\x00\x7f", `a\r\n\tb\x00\x7f`},
		{"\u202Egnp.exe", "<U+202E>gnp.exe"},
		{"\u009b31m", "<U+009B>31m"},
		{"z\u200Bw\uFEFF", "z<U+200B>w<U+FEFF>"},
		{"\u2028", "<U+2028>"},
		{"\xff\xc3(", `\xff\xc3(`},
		{"\uFFFD", "\uFFFD"},
		{"a\u0301\u0301\u0301", "a\u0301\u0301<U+0301>"},
		{"\U000E0041", "<U+E0041>"},
	}
	for _, tt := range tests {
		if got := Plain(tt.in); got != tt.want {
			t.Errorf("Plain(%+q) = %+q, want %+q", tt.in, got, tt.want)
		}
	}
}

func TestShortenAndClip(t *testing.T) {
	tests := []struct {
		in              string
		n               int
		shortened, clip string
	}{
		{"short", 5, "short", "short"},
		{"https://h/a/b/c.csv", 10, "htt…/c.csv", "https://h…"},
		{"日本語日本語日本語", 9, "日…日本語", "日本語日…"},
		{"ab", 1, "…", "…"},
		{"ab", 0, "…", ""},
	}
	for _, tt := range tests {
		if got := shorten(tt.in, tt.n); got != tt.shortened {
			t.Errorf("shorten(%q, %d) = %q, want %q", tt.in, tt.n, got, tt.shortened)
		}
		if got := clip(tt.in, tt.n); got != tt.clip {
			t.Errorf("clip(%q, %d) = %q, want %q", tt.in, tt.n, got, tt.clip)
		}
	}
}

func TestWrap(t *testing.T) {
	tests := []struct {
		in   string
		n    int
		want string
	}{
		{"", 10, ""},
		{"one two three", 7, "one two|three"},
		{"https://host/folder/file.csv", 14, "https://host/|folder/|file.csv"},
		{"see abcdefghijkl now", 5, "see|abcde|fghij|kl|now"},
		{"日本語", 4, "日本|語"},
	}
	for _, tt := range tests {
		if got := strings.Join(wrap(tt.in, tt.n), "|"); got != tt.want {
			t.Errorf("wrap(%q, %d) = %q, want %q", tt.in, tt.n, got, tt.want)
		}
	}
}

func TestWords(t *testing.T) {
	tests := []struct{ got, want string }{
		{en.number(0), "0"}, {en.number(999), "999"}, {en.number(1000), "1,000"}, {en.number(-1234567), "-1,234,567"},
		{en.size(1), "1 byte"}, {en.size(999), "999 bytes"}, {en.size(1500), "1.5 kB"}, {en.size(999_999), "1.0 MB"},
		{en.size(3_412_004), "3.4 MB"}, {en.size(5_000_000_000_000_000), "5.0 PB"},
		{en.percent(1), "100%"}, {en.percent(0.9999), ">99%"}, {en.percent(0.0001), "<1%"}, {en.percent(0), "0%"}, {en.percent(0.5), "50%"},
		{en.kind("nir_without_key"), "NIR without key"}, {en.kind("icd10"), "ICD-10"},
		{plural("family situation"), "family situations"}, {plural("facility"), "facilities"}, {plural("children"), "children"}, {plural("sex"), "sex"},
		{plural("street address"), "street addresses"}, {en.list([]string{"a", "b", "c"}), "a, b and c"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

func FuzzPlain(f *testing.F) {
	f.Add("\x1b[2J", 7)
	f.Add("a\u0301\u202E日", 3)
	f.Fuzz(func(t *testing.T, s string, n int) {
		p := Plain(s)
		if !utf8.ValidString(p) {
			t.Fatalf("%+q is no UTF-8", p)
		}
		for _, r := range p {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
				t.Fatalf("%+q shows %U", p, r)
			}
		}
		n = 2 + n&0xff
		for _, cutTo := range []string{shorten(p, n), clip(p, n)} {
			if cells(cutTo) > n {
				t.Fatalf("%+q takes more than %d cells", cutTo, n)
			}
		}
		for _, line := range wrap(p, n) {
			if cells(line) > n {
				t.Fatalf("line %+q takes more than %d cells", line, n)
			}
		}
		if again := Plain(p); again != p {
			t.Fatalf("%+q again gives %+q", p, again)
		}
	})
}
