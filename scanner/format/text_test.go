package format

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"vigie/scanner"
)

// prose writes n lines of running text, with commas and semicolons in them.
func prose(rnd *rand.Rand, n int) string {
	words := strings.Fields("le dossier du bénéficiaire est complet depuis hier, la caisse répondra; nous vous " +
		"remercions (cordialement) de votre patience: 2 pièces manquent, à savoir")
	var b strings.Builder
	for range n {
		for range 6 + rnd.IntN(8) {
			b.WriteString(words[rnd.IntN(len(words))])
			b.WriteByte(' ')
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestTableInText hides a table in running text, at every place relative to the
// slab, and finds all its rows.
func TestTableInText(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 5))
	for _, sep := range []byte(";\t|,") {
		for _, before := range []int{1, 37, 160, 161, 162, 163, 164, 900, 2000} {
			v := variant{sep: sep, charset: "utf8", end: "\n", titles: "yes", quotes: "needed"}
			doc, titles, rows := v.write(rnd, 300)
			head := prose(rnd, before)
			text := head + doc + prose(rnd, 500)
			blocks := readBlocks(t, document{}, strings.NewReader(text), 20000)
			name := fmt.Sprintf("line %d", before+1)
			_, got, gotTitles := tables(t, blocks)
			if len(got[name]) != len(rows) || strings.Join(gotTitles[name], "") != strings.Join(titles, "") {
				t.Errorf("%q after %d lines: %d rows with titles %q, want %d", sep, before, len(got[name]), gotTitles[name], len(rows))
				for name, r := range got {
					t.Logf("%s: %d rows", name, len(r))
				}
			}
			if !strings.HasPrefix(runningText(blocks), head) {
				t.Errorf("%q after %d lines: the text before it is not whole", sep, before)
			}
		}
	}
}

// TestNoTableInText reads texts that have regular separators and no table.
func TestNoTableInText(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	for name, text := range map[string]string{
		"prose":  prose(rnd, 5000),
		"go":     strings.Repeat("\t\tif err := put(a, b, c); err != nil {\n\t\t\treturn nil, 0, err\n\t\t}\n", 300),
		"json":   strings.Repeat(`{"id":1,"nom":"Dupont","date":"01/02/1980"}`+"\n", 300),
		"calls":  strings.Repeat("    put(first, second, third, fourth)\n", 300),
		"indent": strings.Repeat("\t\tword\n", 300),
	} {
		for _, b := range readBlocks(t, document{}, strings.NewReader(text), 20000) {
			if b.Ruler != (scanner.Ruler{}) {
				t.Errorf("%s: a table %q in %.80q", name, b.Table, b.Text)
				break
			}
		}
	}
}

// TestLongLine reads one line of 20 MB in pieces of at most 1 MiB, cut between
// words.
func TestLongLine(t *testing.T) {
	text := strings.Repeat("un mot et 2 53 07 autres ", 800_000)
	var got bytes.Buffer
	for _, b := range readBlocks(t, document{}, strings.NewReader(text), slabSize) {
		if len(b.Text) > pieceMax || b.At != int64(got.Len()) {
			t.Fatalf("a piece of %d bytes at %d, want at %d", len(b.Text), b.At, got.Len())
		}
		got.Write(b.Text)
		if got.Len() < len(text) {
			if end := b.Text[len(b.Text)-3:]; isDigit(end[0]) && end[1] == ' ' {
				t.Fatalf("cut in a number: %q", b.Text[len(b.Text)-20:])
			}
		}
	}
	if got.String() != text {
		t.Error("the pieces are not the text")
	}
	solid := strings.Repeat("é", 1<<20)
	n := 0
	for _, b := range readBlocks(t, document{}, strings.NewReader(solid), slabSize) {
		n += len(b.Text)
		if !strings.HasPrefix(string(b.Text), "é") {
			t.Error("cut in a character")
		}
	}
	if n != len(solid) {
		t.Errorf("%d bytes, want %d", n, len(solid))
	}
}
