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

// Headers that lie end the reading, or are none.
func TestDBFBombs(t *testing.T) {
	plain := fixture(t, "dbf/cp850.dbf")
	change := func(at int, v ...byte) []byte {
		return append(append(bytes.Clone(plain[:at]), v...), plain[at+len(v):]...)
	}
	for name, b := range map[string][]byte{
		"records of nothing":  change(10, 0, 0),
		"records of one byte": change(10, 1, 0),
		"2^32 records":        change(4, 0xFF, 0xFF, 0xFF, 0xFF),
		"header of 64 KiB":    change(8, 0xFF, 0xFF),
		"fields of nothing":   change(32+16, 0),
	} {
		blocks, err := readFormat(t, dbfFormat, b)
		if err == nil || len(allText(blocks)) > len(b) {
			t.Errorf("%s: %v, %d bytes", name, err, len(allText(blocks)))
		}
	}
}
