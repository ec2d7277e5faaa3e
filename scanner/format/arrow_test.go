package format

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"vigie/scanner"
)

var arrowFixtures = []string{"polars-uncompressed.arrow", "polars-lz4.arrow", "polars-zstd.arrow", "polars-categories.arrow", "js-file.feather", "js-stream.arrows", "js-batches.arrows", "go-spread.arrow"}

func TestArrowIsWhatItSays(t *testing.T) {
	for _, name := range arrowFixtures {
		b := fixture(t, "arrow/"+name)
		blocks, err := readFormat(t, arrowFormat, b)
		titles, rows, text := joinedText(blocks)
		if err != nil || rows != 500 || strings.Join(titles, " ") != tableTitles || !strings.HasPrefix(text, tableFirst) {
			t.Errorf("%s: %v, %d rows of %q: %q", name, err, rows, titles, text[:min(len(text), 120)])
		}
		_, err = readFormat(t, arrowFormat, b[:len(b)/2])
		var p *scanner.Problem
		if !errors.As(err, &p) || p.Reason != scanner.Truncated {
			t.Errorf("%s cut: %v", name, err)
		}
	}
}

func TestArrowNests(t *testing.T) {
	blocks, err := readFormat(t, arrowFormat, fixture(t, "arrow/js-nested.arrow"))
	titles, rows, text := joinedText(blocks)
	const want = "272029935052470|RICOLFI|Marie|1972-02-17|||0|\n212116216006827|PORTAU|Léa|2012-11-04|33250; 33251|true|1|\n"
	text = strings.NewReplacer("\x1f", "|", "\x1e", "\n").Replace(text)
	if err != nil || rows != 500 || strings.Join(titles, " ") != "nir identite.nom identite.prenom identite.ne codes vrai petit vide" || !strings.HasPrefix(text, want) {
		t.Errorf("%v, %d rows of %q: %.200q", err, rows, titles, text)
	}
}

// A stream that is cut leaves the batches before, and the rows of its last one whose
// columns are there.
func TestArrowCutGivesWhatCameBefore(t *testing.T) {
	b := fixture(t, "arrow/js-batches.arrows")
	blocks, err := readFormat(t, arrowFormat, b[:len(b)*9/10])
	_, rows, _ := joinedText(blocks)
	if err == nil || rows < 400 || rows >= 500 {
		t.Errorf("%v, %d rows", err, rows)
	}
}

func TestArrowDamage(t *testing.T) {
	for _, name := range append(arrowFixtures, "js-nested.arrow") {
		whole := fixture(t, "arrow/"+name)
		for i := range 50 {
			if _, err := readFormat(t, arrowFormat, whole[:max(512, len(whole)*i/50)]); err == nil {
				t.Errorf("%s cut at %d of 50: no error", name, i)
			}
		}
		r := rand.New(rand.NewPCG(5, 5))
		for range 200 {
			b := slices.Clone(whole)
			for range 1 + r.IntN(4) {
				b[r.IntN(len(b))] ^= byte(1 + r.IntN(255))
			}
			boundedBlocks(t, arrowFormat, b, arrowFree/512)
		}
	}
}

func FuzzArrow(f *testing.F) {
	for _, name := range append(arrowFixtures, "js-nested.arrow") {
		f.Add(fixture(f, "arrow/"+name))
	}
	f.Fuzz(func(t *testing.T, b []byte) { boundedBlocks(t, arrowFormat, b, arrowFree/64) })
}

func BenchmarkArrow(b *testing.B) {
	for _, name := range []string{"polars-uncompressed.arrow", "polars-lz4.arrow", "js-stream.arrows"} {
		b.Run(name, func(b *testing.B) {
			doc := fixture(b, "arrow/"+name)
			size := 0
			read := func() {
				size = 0
				a := &arrowReader{from: bytes.NewReader(doc), size: int64(len(doc)), words: make(map[int64]*arrowWords), grid: grid{ctx: context.Background(), yield: func(*scanner.Block) error { return nil }}}
				if strings.HasPrefix(string(doc), arrowMagic) {
					a.pos, a.file = 8, true
					a.directory()
				}
				if err := a.read(); err != nil {
					b.Fatal(err)
				}
				size = len(a.text)
			}
			read()
			b.SetBytes(int64(size)) // of text
			b.ReportAllocs()
			for b.Loop() {
				read()
			}
		})
	}
}
