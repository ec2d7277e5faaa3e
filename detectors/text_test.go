package detectors

import (
	"slices"
	"strings"
	"testing"
)

// slowRuns is Runs by its definition: digits in order, linked where what lies
// between them is a gap, or a 2, a Corsican letter and gaps.
func slowRuns(b []byte, delimiters ...byte) []Run {
	gap := func(s []byte) bool {
		if len(s) > 3 {
			return false
		}
		for _, c := range s {
			if slices.Contains(delimiters, c) || !slices.Contains([]byte(" \t.-/_\u00a0\u202f\u2009\u2007"), c) {
				return false
			}
		}
		return true
	}
	// link returns how many digits two digits of a run make with what is between
	// them, less one, and the gaps there; 0 where they are not linked.
	link := func(i, j int) (n int, gaps uint64) {
		bit := func(s []byte) uint64 { return uint64(min(len(s), 1)) }
		between := b[i+1 : j]
		if gap(between) {
			return 1, bit(between)
		}
		for k, c := range between[:min(len(between), 7)] {
			if b[i] == '2' && strings.IndexByte("ABab", c) >= 0 && gap(between[:k]) && gap(between[k+1:]) {
				return 2, bit(between[:k]) | bit(between[k+1:])<<1
			}
		}
		return 0, 0
	}
	var runs []Run
	last := -1
	for i, c := range b {
		if c < '0' || c > '9' {
			continue
		}
		n, gaps := 0, uint64(0)
		if last >= 0 {
			n, gaps = link(last, i)
		}
		if n == 0 {
			runs = append(runs, Run{Start: i})
			n = 1
		}
		r := &runs[len(runs)-1]
		r.Gaps |= gaps << r.Digits
		r.End, r.Digits = i+1, r.Digits+n
		last = i
	}
	return slices.DeleteFunc(runs, func(r Run) bool { return r.Digits < 9 })
}

func TestRuns(t *testing.T) {
	for _, test := range []struct {
		text string
		cell byte
		want []string
	}{
		{"", 0, nil},
		{"12345678", 0, nil},
		{"123456789", 0, []string{"123456789"}},
		{"nothing here 12/05/1985 nor here", 0, nil},
		{"a 1 85 05 78 006 084 91.", 0, []string{"1 85 05 78 006 084 91"}},
		{"2 53 07 2A 073 004 43, 2 53 07 2 b 073 004 43", 0, []string{"2 53 07 2A 073 004 43", "2 53 07 2 b 073 004 43"}},
		{"1\u00a085\u00a005\u202f78006", 0, []string{"1\u00a085\u00a005\u202f78006"}},
		{"1234    56789", 0, nil},
		{"1234 - 56789", 0, []string{"1234 - 56789"}},
		{"1234\n56789", 0, nil},
		{"1234\t56789", 0, []string{"1234\t56789"}},
		{"1234\t56789\t123456789", '\t', []string{"123456789"}},
		{"12345678A9", 0, nil},
		{"FR1420041010050500013M02606", 0, []string{"1420041010050500013"}},
	} {
		// Wherever a run stands, a window shows it.
		for shift := range 70 {
			var x Text
			x.Reset([]byte(strings.Repeat("é", shift/2)+strings.Repeat("x", shift%2)+test.text+" end"), test.cell, 0, 0)
			var got []string
			for _, r := range x.Runs() {
				got = append(got, string(x.Bytes[r.Start:r.End]))
			}
			if !slices.Equal(got, test.want) {
				t.Fatalf("%q after %d bytes: runs %q, want %q", test.text, shift, got, test.want)
			}
		}
	}
}

func TestAts(t *testing.T) {
	var x Text
	x.Reset([]byte("@a@@b"), 0, 0, 0)
	if want := []int{0, 2, 3}; !slices.Equal(x.Ats(), want) {
		t.Errorf("Ats() = %v, want %v", x.Ats(), want)
	}
}

func TestWords(t *testing.T) {
	for _, test := range []struct {
		text  string
		quote byte
		want  []string
	}{
		{"", 0, nil},
		{"Née à Saint-Étienne, l’été 1985.", 0, []string{"Née", "à", "Saint-Étienne", "l’été", "1985"}},
		{"aujourd'hui -non- 'cité' fin-", 0, []string{"aujourd'hui", "non", "cité", "fin"}},
		{"'l''eau' d'or", '\'', []string{"l", "eau", "d", "or"}},
		{"e\u0301te\u0301", 0, []string{"e\u0301te\u0301"}},
		{"bad \xff\xc3 bytes", 0, []string{"bad", "bytes"}},
	} {
		var x Text
		x.Reset([]byte(test.text), 0, 0, test.quote)
		for range 2 { // the second call finds what the first did
			var got []string
			for _, w := range x.Words() {
				got = append(got, test.text[w.Start:w.End])
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("Words of %q = %q, want %q", test.text, got, test.want)
			}
		}
	}
}

// cells are delimiters as rulers have them, and none.
const cells = "\x00;\t,|: \x1f"

func FuzzText(f *testing.F) {
	f.Add([]byte("2 53 07 2A 073 004 43;06 12 34 56 78;jean@free.fr"), byte(1))
	f.Add([]byte("12\t34\t567890123\u00a0456 / 2 B 12"), byte(2))
	f.Add([]byte("2   b   3   2   a   123   45 6789"), byte(0))
	f.Fuzz(func(t *testing.T, b []byte, cell byte) {
		cell = cells[int(cell)%len(cells)]
		var x Text
		x.Reset(b, cell, '\n', '"')
		if got, want := x.Runs(), slowRuns(b, cell, '\n', '"'); !slices.Equal(got, want) {
			t.Errorf("runs %v, want %v", got, want)
		}
		for i, w := range x.Words() {
			if w.Start >= w.End || w.End > len(b) || i > 0 && w.Start < x.Words()[i-1].End {
				t.Errorf("word %v out of place", w)
			}
		}
	})
}
