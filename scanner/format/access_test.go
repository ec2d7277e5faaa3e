package format

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"vigie/scanner"
)

// Jet 4 with its text in one byte and in two, and Jet 3.
func TestAccessIsWhatItSays(t *testing.T) {
	for _, name := range []string{"register.mdb", "wide.mdb", "jet3.mdb"} {
		blocks, err := readFormat(t, accessFormat, fixture(t, "access/"+name))
		titles, rows, text := joinedText(blocks)
		if err != nil || rows != 500 || strings.Join(titles, " ") != registerTitles || !strings.HasPrefix(text, registerStart) {
			t.Errorf("%s: %v, %d rows of %q: %q", name, err, rows, titles, text[:min(len(text), 90)])
		}
		for _, b := range blocks {
			if b.Table != "personnes" {
				t.Errorf("%s: table %q", name, b.Table)
			}
		}
	}
}

// Rows that are marked as deleted are still there.
func TestAccessDeleted(t *testing.T) {
	b := bytes.Clone(fixture(t, "access/register.mdb"))
	for _, row := range []int{3, 7} {
		b[6*4096+14+2*row+1] |= 0x80
	}
	blocks, err := readFormat(t, accessFormat, b)
	rows := make(map[string]int)
	for _, b := range blocks {
		rows[b.Table] += b.Rows
	}
	if err != nil || rows["personnes"] != 498 || rows["personnes (deleted)"] != 2 || len(rows) != 2 {
		t.Errorf("%v, rows %v", err, rows)
	}
}

// An encrypted database has a key where others have zeros.
func TestAccessEncrypted(t *testing.T) {
	b := bytes.Clone(fixture(t, "access/register.mdb"))
	b[62] ^= 0x11
	if _, err := readFormat(t, accessFormat, b); reason(err) != scanner.Encrypted {
		t.Errorf("%v", err)
	}
}

func TestAccessValues(t *testing.T) {
	var a accessReader
	for _, test := range []struct{ stored, want string }{
		{"\xff\xfeL\xe9a", "Léa"}, {"L\x00\xe9\x00a\x00", "Léa"},
		{"\xff\xfeab\x00\x20\x20\x53\x01\x00cd", "ab\u2020\u0153cd"}, {"=\xd8\x00\xde", "\U0001f600"}, {"=\xd8", "\ufffd"}, {"\xff\xfe", ""},
	} {
		if got := string(a.text(nil, []byte(test.stored))); got != test.want {
			t.Errorf("text %q: %q, want %q", test.stored, got, test.want)
		}
	}
	number := append([]byte{0x80}, make([]byte, 16)...)
	number[13], number[14], number[9] = 0x39, 0x30, 1 // 2^32 + 12345
	if got := string(accessDecimal(number, 2)); got != "-42949796.41" {
		t.Errorf("number %s", got)
	}
	number = append([]byte{0}, make([]byte, 16)...)
	number[13] = 5
	if got := string(accessDecimal(number, 2)); got != "0.05" {
		t.Errorf("number %s", got)
	}
}

// A long text stands in one row of another page, or in several.
func TestAccessMemos(t *testing.T) {
	page := make([]byte, 4096)
	page[0], page[12] = 1, 2
	copy(page[4:], "LVAL")
	page[14], page[15] = 0xFB, 0x0F // row 0: 5 bytes at the end
	page[16], page[17] = 0xF0, 0x0F // row 1: 11 bytes before it
	copy(page[4091:], "monde")
	copy(page[4080:], "\x00\x00\x00\x00bon\x00\x00\x00\x00")
	file := append(make([]byte, 4096), page...)
	a := &accessReader{at: bytes.NewReader(file), size: 8192, page: 4096, long: 100}
	for stored, want := range map[string]string{
		"\x03\x00\x00\x80________lui":                          "lui",
		"\x05\x00\x00\x40\x00\x01\x00\x00____":                 "monde",
		"\x03\x00\x00\x00\x01\x01\x00\x00____":                 "bon",
		"\x09\x00\x00\x40\x07\x01\x00\x00____":                 "",
		"\x09\x00\x00\x00\x00\xff\xff\xff____":                 "",
		"short":                                                "",
		"\x05\x00\x00\x40\x00\x01\x00\x00____ more than asked": "monde",
	} {
		if got := string(a.memo([]byte(stored))); got != want {
			t.Errorf("%q: %q, want %q", stored, got, want)
		}
	}
	a.long = 3
	if got := a.memo([]byte("\x05\x00\x00\x40\x00\x01\x00\x00____")); got != nil {
		t.Errorf("beyond what a file can hold: %q", got)
	}
}

// Cut anywhere and damaged anywhere: no panic, a problem, and what came before.
func TestAccessDamaged(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	for _, name := range []string{"register.mdb", "jet3.mdb"} {
		whole := fixture(t, "access/"+name)
		best := 0
		for i := range 50 {
			at := 200 + (len(whole)-300)*i/50
			blocks, err := readFormat(t, accessFormat, whole[:at])
			_, rows, _ := joinedText(blocks)
			if best = max(best, rows); rows < best || err == nil {
				t.Errorf("%s cut at %d: %v, %d rows, %d before", name, at, err, rows, best)
			}
		}
		if best < 300 {
			t.Errorf("%s: %d rows before the last cut", name, best)
		}
		for range 200 {
			b := bytes.Clone(whole)
			for range 1 + r.IntN(4) {
				b[r.IntN(len(b))] ^= byte(1 + r.IntN(255))
			}
			_, err := readFormat(t, accessFormat, b)
			var p *scanner.Problem
			if err != nil && !errors.As(err, &p) && !strings.HasPrefix(err.Error(), "no ") {
				t.Errorf("%s damaged: %v", name, err)
			}
		}
	}
}

func FuzzAccess(f *testing.F) {
	for _, name := range []string{"register.mdb", "jet3.mdb"} {
		f.Add(fixture(f, "access/"+name))
	}
	f.Fuzz(func(t *testing.T, b []byte) { boundedBlocks(t, accessFormat, b, 64) })
}
