package format

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
	"unicode"
	"unicode/utf8"

	"vigie/scanner"
)

// isBlank has what may be left out between records.
func isBlank(r rune) bool { return r == 0x1A || unicode.IsSpace(r) }

// delivered checks that the blocks of a document are all of it, in order: the
// text, but for title rows and blanks.
func delivered(t testing.TB, text []byte, blocks []scanner.Block) {
	t.Helper()
	for _, b := range blocks {
		for !bytes.HasPrefix(text, b.Text) {
			if n := titleRow(text, b); n > 0 {
				text = text[n:]
				continue
			}
			r, n := utf8.DecodeRune(text)
			if n == 0 || !isBlank(r) {
				t.Fatalf("block %.80q is not next: %.80q", b.Text, text)
			}
			text = text[n:]
		}
		text = text[len(b.Text):]
	}
	if text = bytes.TrimFunc(text, isBlank); len(text) > 0 {
		t.Fatalf("%d bytes at the end were not handed over: %.80q", len(text), text)
	}
}

// titleRow returns the length of the record at the beginning of text when its
// cells are the block's titles.
func titleRow(text []byte, b scanner.Block) int {
	if b.Titles == nil {
		return 0
	}
	for _, quote := range []byte{'"', '\'', 0} {
		d := dialect{cell: b.Ruler.Cell, row: b.Ruler.Row, quote: quote}
		n, _ := d.record(text, true)
		if slices.Equal(joined(d.cells(nil, text[:n], scanner.MaxColumns)), b.Titles) {
			return n
		}
	}
	return 0
}

func seeds() (docs []string) {
	rnd := rand.New(rand.NewPCG(8, 8))
	for _, sep := range []byte(";,\t|") {
		for _, end := range []string{"\n", "\r\n", "\r"} {
			for _, quotes := range []string{"never", "needed", "always", "apostrophe"} {
				doc, _, _ := variant{sep: sep, charset: "utf8", end: end, titles: "third", quotes: quotes}.write(rnd, 12)
				docs = append(docs, doc, prose(rnd, 12)+doc+prose(rnd, 12)+doc)
			}
		}
	}
	return docs
}

func check(t *testing.T, doc []byte, size int) {
	whole := !bytes.Contains(doc, []byte{0}) && utf8.Valid(doc) && !bytes.HasPrefix(doc, []byte("\uFEFF"))
	for _, d := range []document{{sniff: true}, {sniff: true, named: true}, {}} {
		blocks, err := collect(d, bytes.NewReader(doc), size)
		if err != nil {
			t.Fatal(err)
		}
		tables(t, blocks)
		if whole {
			delivered(t, doc, blocks)
		}
	}
}

// TestDamagedDocuments cuts documents short and flips their bytes.
func TestDamagedDocuments(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 4))
	for _, doc := range seeds() {
		for range 20 {
			cut := []byte(doc[:rnd.IntN(len(doc))])
			check(t, cut, 600)
			flipped := []byte(doc)
			for range 1 + rnd.IntN(4) {
				flipped[rnd.IntN(len(flipped))] = ";\"\n,'\t|a1\r"[rnd.IntN(10)]
			}
			check(t, flipped, 700)
		}
	}
}

func FuzzCSV(f *testing.F) {
	for _, doc := range seeds() {
		f.Add([]byte(doc), uint16(600))
	}
	f.Add([]byte("a;b\n1;2\n\"3;4\n5;6\n"), uint16(100))
	f.Fuzz(func(t *testing.T, doc []byte, size uint16) { check(t, doc, 64+int(size)) })
}

func FuzzText(f *testing.F) {
	for _, doc := range seeds() {
		f.Add([]byte(doc + doc))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		blocks, err := collect(document{}, bytes.NewReader(doc), 4096)
		if err != nil {
			t.Fatal(err)
		}
		tables(t, blocks)
	})
}
