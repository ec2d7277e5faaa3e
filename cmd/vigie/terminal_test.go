package main

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"vigie/fixtures"
)

// TestNamesDoNotSteerTheTerminal: names of objects, members, keys and columns
// that hold escapes, line ends and signs that turn the direction of writing are
// shown, and obeyed by nobody, in findings and in problems.
func TestNamesDoNotSteerTheTerminal(t *testing.T) {
	dir := t.TempDir()
	names := []string{"\x1b]0;owned\a", "\x1b[2J\x1b[H", "a\r\nCRITICAL b", "\u202Egpj.exe\u2066", "\u009b31m", "\u200b\ufeff"}
	s3 := new(fixtures.S3)
	var members []fixtures.Member
	for i, name := range names {
		table := fixtures.ThirdParty(uint64(i), 40)
		for c := range table.Columns {
			table.Columns[c].Title += strings.NewReplacer("\r", "", "\n", "").Replace(name)
		}
		put(t, dir, fmt.Sprintf("%d %s/%s.csv", i, name, name), table.CSV(';'))
		members = append(members, fixtures.Member{Name: name + "/" + name + ".csv", Body: table.CSV(';')})
		s3.Put("dossiers", "k"+name+"/"+name, fixtures.Bytes(table.CSV(';')))
	}
	archive := fixtures.Zip(members...)
	put(t, dir, names[0]+".zip", archive)
	put(t, dir, names[1]+".zip", archive[:300])
	bucket, stop, err := fixtures.Serve(s3)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	for _, lang := range []string{"en", "fr"} {
		o := vigie(t, "scan", dir, "s3://dossiers", "--s3-endpoint", bucket, "--s3-region", "us-east-1", "--anonymous", "--problems", "--lang", lang, "-v")
		if o.status != found || !strings.Contains(o.stdout, `\x1b]0;owned`) || !strings.Contains(o.stdout, "<U+202E>") {
			t.Errorf("%s: status %d, or the names are not shown\n%s", lang, o.status, o.stderr)
		}
		for _, r := range o.stdout + o.stderr {
			if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
				t.Fatalf("%s: %U reaches the terminal", lang, r)
			}
		}
		if strings.Contains(o.stdout, "\nCRITICAL b") {
			t.Errorf("%s: a name begins a line", lang)
		}
	}
}
