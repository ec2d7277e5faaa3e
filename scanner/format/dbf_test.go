package format

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"vigie/scanner"
)

const dbfWant = "272029935052470\x1fRICOLFI\x1fMarie\x1f1972-02-17\x1f33400\x1e212116216006827\x1fPORTAU\x1fLéa\x1f2012-11-04\x1f33250\x1e"

// The character set is the header's, or what the text looks like; a record that
// is marked as deleted is there.
func TestDBFIsWhatItSays(t *testing.T) {
	plain := fixture(t, "dbf/cp850.dbf")
	deleted := bytes.Clone(plain)
	size := int(deleted[8]) | int(deleted[9])<<8
	deleted[size] = '*'
	marked := bytes.Clone(plain)
	marked[29] = 0x02
	for name, b := range map[string][]byte{"by its looks": plain, "by its header": marked, "deleted": deleted} {
		blocks, err := readFormat(t, dbfFormat, b)
		titles, rows, text := joinedText(blocks)
		if err != nil || rows != 500 || strings.Join(titles, " ") != "NIR NOM PRENOM NAISSANCE CODEPOSTAL" || !strings.HasPrefix(text, dbfWant) {
			t.Errorf("%s: %v, %d rows of %q: %q", name, err, rows, titles, text[:min(len(text), 120)])
		}
	}
	blocks, err := readFormat(t, dbfFormat, plain[:len(plain)/2])
	_, rows, _ := joinedText(blocks)
	var p *scanner.Problem
	if !errors.As(err, &p) || p.Reason != scanner.Truncated || rows < 200 {
		t.Errorf("cut: %v, %d rows", err, rows)
	}
}

func FuzzDBF(f *testing.F) {
	b := fixture(f, "dbf/cp850.dbf")
	f.Add(b[:2<<10])
	f.Add(b[len(b)-1<<10:])
	f.Fuzz(func(t *testing.T, b []byte) { boundedBlocks(t, dbfFormat, b, 16) })
}
