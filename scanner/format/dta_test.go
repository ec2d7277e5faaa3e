package format

import (
	"errors"
	"strings"
	"testing"

	"vigie/scanner"
)

// joinedText returns the text of the blocks of the table with most columns.
func joinedText(blocks []scanner.Block) (titles []string, rows int, text string) {
	for _, b := range blocks {
		if len(b.Titles) > len(titles) {
			titles, rows, text = b.Titles, 0, ""
		}
		if len(b.Titles) == len(titles) {
			rows += b.Rows
			text += string(b.Text)
		}
	}
	return titles, rows, text
}

func TestDTAIsWhatItSays(t *testing.T) {
	for name, want := range map[string]string{
		"stata12.dta":   "272029935052470\x1fRICOLFI\x1fMarie\x1f1972-02-17\x1f33400\x1e",
		"stata13.dta":   "272029935052470\x1fRICOLFI\x1fMarie\x1f1972-02-17\x1f33400\x1e",
		"stata15.dta":   "272029935052470\x1fRICOLFI\x1fMarie\x1f1972-02-17\x1f33400\x1e212116216006827\x1fPORTAU\x1fLéa\x1f",
		"labelled.dta":  "272029935052470\x1fRICOLFI\x1fMarie\x1f1972-02-17\x1f33400\x1e",
		"long.dta":      "272029935052470\x1fRICOLFI\x1fMarie\x1f17/02/1972\x1f33400\x1e",
		"foreign10.dta": "272029935052470\x1fRICOLFI\x1fMarie\x1f17/02/1972\x1f33400\x1e",
		"foreign6.dta":  "272029935052470\x1fRICOLFI\x1fMarie\x1f17/02/1972\x1f33400\x1e",
		"foreign7.dta":  "272029935052470\x1fRICOLFI\x1fMarie\x1f17/02/1972\x1f33400\x1e",
	} {
		blocks, err := readFormat(t, dtaFormat, fixture(t, "dta/"+name))
		titles, rows, text := joinedText(blocks)
		if err != nil || rows != 500 || len(titles) != 5 || !strings.HasPrefix(text, want) {
			t.Errorf("%s: %v, %d rows of %q: %q", name, err, rows, titles, text[:min(len(text), 90)])
		}
	}
}

// A cut in the data leaves the rows before it.
func TestDTACutGivesWhatCameBefore(t *testing.T) {
	for _, name := range []string{"stata12.dta", "stata15.dta"} {
		b := fixture(t, "dta/"+name)
		blocks, err := readFormat(t, dtaFormat, b[:len(b)/2])
		_, rows, _ := joinedText(blocks)
		var p *scanner.Problem
		if !errors.As(err, &p) || p.Reason != scanner.Truncated || rows < 200 {
			t.Errorf("%s: %v, %d rows", name, err, rows)
		}
	}
}

func FuzzDTA(f *testing.F) {
	for _, name := range []string{"stata12.dta", "stata15.dta", "labelled.dta", "long.dta", "foreign10.dta"} {
		b := fixture(f, "dta/"+name)
		f.Add(b[:min(len(b), 8<<10)])
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) { boundedBlocks(t, dtaFormat, b, 2*rdsLevel) })
}

// boundedBlocks reads b and checks that it does not become more than ratio times
// as much.
func boundedBlocks(t *testing.T, f scanner.Format, b []byte, ratio int) {
	size := 0
	blocks, _ := readFormat(t, f, b)
	for _, x := range blocks {
		size += len(x.Text)
	}
	if size > 1<<20+len(b)*ratio {
		t.Errorf("%d bytes come out of %d", size, len(b))
	}
}
