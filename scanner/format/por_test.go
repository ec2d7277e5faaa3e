package format

import (
	"bufio"
	"bytes"
	"errors"
	"strings"
	"testing"

	"vigie/scanner"
)

func TestPORIsWhatItSays(t *testing.T) {
	for name, want := range map[string]string{
		"text.por":   "272029935052470\x1fRICOLFI\x1fMarie\x1f1972-02-17\x1f33400\x1e212116216006827\x1fPORTAU\x1fLéa\x1f2012-11-04\x1f",
		"number.por": "RICOLFI\x1fMarie\x1f1972-02-17\x1f33400\x1f272029935052470\x1ePORTAU\x1fLéa\x1f2012-11-04\x1f",
	} {
		b := fixture(t, "por/"+name)
		blocks, err := readFormat(t, porFormat, b)
		titles, rows, text := joinedText(blocks)
		if err != nil || rows != 500 || len(titles) != 5 || !strings.HasPrefix(text, want) {
			t.Errorf("%s: %v, %d rows of %q: %q", name, err, rows, titles, text[:min(len(text), 120)])
		}
		ebcdic := []byte(nil)
		for _, c := range b { // each letter another code: the header says which
			ebcdic = append(ebcdic, porShuffled(c))
		}
		again, err := readFormat(t, porFormat, ebcdic)
		if _, rows, same := joinedText(again); err != nil || rows != 500 || !strings.HasPrefix(same, want[:40]) {
			t.Errorf("%s in other codes: %v, %d rows: %q", name, err, rows, same[:min(len(same), 120)])
		}
		blocks, err = readFormat(t, porFormat, b[:len(b)*3/4])
		var p *scanner.Problem
		if _, rows, _ := joinedText(blocks); !errors.As(err, &p) || p.Reason != scanner.Truncated || rows < 300 {
			t.Errorf("%s cut: %v, %d rows", name, err, rows)
		}
	}
}

// porShuffled exchanges the codes of two letters: of capitals and small ones.
func porShuffled(c byte) byte {
	if c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
		return c ^ 0x20
	}
	return c
}

// What another reader makes of the numbers of base 30.
func TestPORNumbers(t *testing.T) {
	for in, want := range map[string]float64{"0/": 0, "T/": 29, "10/": 30, "-1.F/": -1.5, "1+2/": 900, "F-1/": 0.5, "  2/": 2} {
		p := porReader{in: bufio.NewReader(strings.NewReader(""))}
		_ = p.begin()
		p.in = bufio.NewReader(strings.NewReader(in))
		if got, err := p.number(); err != nil || got != want {
			t.Errorf("%q: %v, %v, want %v", in, got, err, want)
		}
	}
}

func FuzzPOR(f *testing.F) {
	b := fixture(f, "por/text.por")
	f.Add(b[:2<<10])
	f.Add(bytes.Clone(fixture(f, "por/number.por")))
	f.Fuzz(func(t *testing.T, b []byte) { boundedBlocks(t, porFormat, b, 2*rdsLevel) })
}
