package format

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"vigie/scanner"
)

func TestSAVIsWhatItSays(t *testing.T) {
	const want = "272029935052470\x1fRICOLFI\x1fMarie\x1f1972-02-17\x1f33400\x1e212116216006827\x1fPORTAU\x1fLéa\x1f2012-11-04\x1f"
	for _, name := range []string{"byte.sav", "none.sav", "zlib.zsav", "labelled.sav", "pspp.sav", "pspp-plain.sav", "pspp.zsav"} {
		blocks, err := readFormat(t, savFormat, fixture(t, "sav/"+name))
		titles, rows, text := joinedText(blocks)
		if err != nil || rows != 500 || len(titles) != 5 || !strings.HasPrefix(text, want) {
			t.Errorf("%s: %v, %d rows of %q: %q", name, err, rows, titles, text[:min(len(text), 90)])
		}
	}
}

// A string of more than 255 bytes is stored as several variables.
func TestSAVJoinsVeryLongStrings(t *testing.T) {
	blocks, err := readFormat(t, savFormat, fixture(t, "sav/wide.sav"))
	titles, rows, text := joinedText(blocks)
	want := "33400\x1f" + strings.Repeat("Résidence des Glycines bâtiment ", 12) + "1\x1e"
	if err != nil || rows != 500 || len(titles) != 6 || !strings.Contains(text, want) {
		t.Errorf("%v, %d rows of %q: %q", err, rows, titles, text[:min(len(text), 600)])
	}
}

func TestSAVCutGivesWhatCameBefore(t *testing.T) {
	for _, name := range []string{"byte.sav", "none.sav", "zlib.zsav"} {
		b := fixture(t, "sav/"+name)
		blocks, err := readFormat(t, savFormat, b[:len(b)*3/4])
		_, rows, _ := joinedText(blocks)
		var p *scanner.Problem
		if !errors.As(err, &p) || p.Reason != scanner.Truncated || rows < 100 {
			t.Errorf("%s: %v, %d rows", name, err, rows)
		}
	}
}

func FuzzSAV(f *testing.F) {
	for _, name := range []string{"byte.sav", "labelled.sav", "zlib.zsav", "wide.sav"} {
		b := fixture(f, "sav/"+name)
		f.Add(b[:min(len(b), 8<<10)])
	}
	f.Fuzz(func(t *testing.T, b []byte) { boundedBlocks(t, savFormat, b, 1032*rdsLevel) })
}

// Headers that lie cost nothing: cases without variables, and more than there are.
func TestSAVBombs(t *testing.T) {
	for _, name := range []string{"byte.sav", "none.sav", "zlib.zsav"} {
		b := bytes.Clone(fixture(t, "sav/"+name))
		_, full, _ := joinedText(must(readFormat(t, savFormat, b)))
		binary.LittleEndian.PutUint32(b[80:], math.MaxInt32)
		blocks, err := readFormat(t, savFormat, b)
		var p *scanner.Problem
		if _, rows, _ := joinedText(blocks); !errors.As(err, &p) || p.Reason != scanner.Truncated || rows != full {
			t.Errorf("%s: %v, %d rows of %d", name, err, rows, full)
		}
		binary.LittleEndian.PutUint32(b[80:], 10) // and fewer
		if _, rows, _ := joinedText(must(readFormat(t, savFormat, b))); rows != full {
			t.Errorf("%s: %d rows of %d", name, rows, full)
		}
	}
	head := bytes.Clone(fixture(t, "sav/none.sav")[:176])
	binary.LittleEndian.PutUint32(head[80:], math.MaxInt32)
	if _, err := readFormat(t, savFormat, append(head, "\xe7\x03\x00\x00\x00\x00\x00\x00"...)); err == nil {
		t.Error("cases of nothing")
	}
}

// What a file says about itself is running text.
func TestSAVDocuments(t *testing.T) {
	b := fixture(t, "sav/none.sav")
	end := bytes.Index(b, []byte("\xe7\x03\x00\x00\x00\x00\x00\x00"))
	said := "\x06\x00\x00\x00\x01\x00\x00\x00" + fmt.Sprintf("%-80s", "Voir Mme Lea PORTAU") +
		"\x07\x00\x00\x00\x11\x00\x00\x00\x01\x00\x00\x00\x10\x00\x00\x00note('M RICOLFI\n"
	blocks, err := readFormat(t, savFormat, slices.Concat(b[:end], []byte(said), b[end:]))
	if text := allText(blocks); err != nil || !strings.Contains(text, "Voir Mme Lea PORTAU\n") || !strings.Contains(text, "note('M RICOLFI\n") {
		t.Errorf("%v", err)
	}
}
