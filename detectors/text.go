package detectors

import (
	"bytes"
	"math/bits"
)

// A Text is a run of bytes with what several detectors look for in it, the
// anchors, found once whoever asks. It belongs to one goroutine and is meant to
// be used again: Reset keeps the memory.
type Text struct {
	// Bytes is the text; detectors only read it.
	Bytes []byte
	// Cell, Row and Quote delimit cells where a ruler lies on the text. All
	// zero: running text. No anchor crosses a delimiter. A delimiter is neither
	// a letter nor a digit.
	Cell, Row, Quote byte

	class   [256]byte // of bytes in runs; delimiters have none
	runs    []Run
	ats     []int
	words   []Span
	read    bool // words were looked for
	figured []int
	counted bool // words with digits were looked for
	opens   []opening
	labels  []label
	opened  bool // labels were looked for
	pairs   []pair
	paired  bool        // pairs were looked for
	near    []bool      // those in company
	kinds   []Kind      // of the label in hand
	mute    [512]uint64 // hashes of labels that are no titles, whatever the text
}

// A Span is the bytes [Start, End) of a text.
type Span struct{ Start, End int }

// A Run is a run of digits with gaps: see Text.Runs.
type Run struct {
	Start, End int // End: after the last digit
	Digits     int // number of digits (and of A or B after a 2)

	// Gaps has a bit for each of the first 64 digits that a gap stands before,
	// the first digit of the run left out: what has a fixed form in groups is
	// known, or known not to be there, before its bytes are read.
	Gaps uint64
}

const (
	runDigits = 9            // digits that make a run worth reporting
	runGap    = 3            // bytes of a gap at most
	linkMost  = 2*runGap + 1 // bytes between two digits at most: 2 A 04
	partApart = 32           // digits from one part of a long run to the next
)

// Classes of bytes in a run.
const (
	classDigit   = iota + 1
	classGap     // may stand between digits
	classCorsica // A and B, digits after a 2
)

// classes of bytes without a ruler. The bytes of NBSP (C2 A0), NNBSP (E2 80 AF),
// figure space (E2 80 87) and thin space (E2 80 89) are gaps one by one, which
// is simpler than their sequences; what else they let through no detector takes.
var classes = [256]byte{
	'0': classDigit, '1': classDigit, '2': classDigit, '3': classDigit, '4': classDigit,
	'5': classDigit, '6': classDigit, '7': classDigit, '8': classDigit, '9': classDigit,
	' ': classGap, '\t': classGap, '.': classGap, '-': classGap, '/': classGap, '_': classGap,
	0xC2: classGap, 0xA0: classGap, 0xE2: classGap, 0x80: classGap, 0xAF: classGap, 0x87: classGap, 0x89: classGap,
	'A': classCorsica, 'B': classCorsica, 'a': classCorsica, 'b': classCorsica,
}

// Reset lays t on b, delimited as given, and finds the anchors of the sieve.
func (t *Text) Reset(b []byte, cell, row, quote byte) {
	t.Bytes, t.Cell, t.Row, t.Quote = b, cell, row, quote
	t.runs, t.ats, t.words, t.read = t.runs[:0], t.ats[:0], t.words[:0], false
	t.counted, t.opened, t.pairs, t.paired = false, false, t.pairs[:0], false
	t.class = classes
	t.class[cell], t.class[row], t.class[quote] = 0, 0, 0
	t.findRuns()
	t.findAts()
}

// Runs returns the runs of at least 9 digits with gaps of up to 3 bytes (space,
// tab, dot, dash, slash, underscore, and in UTF-8 NBSP, NNBSP, thin and figure
// space), in order. A or B after a 2 and before a digit, with gaps or without,
// counts as a digit (Corsica). A run does not cross a delimiter.
func (t *Text) Runs() []Run { return t.runs }

// Ats returns the positions of '@', in order.
func (t *Text) Ats() []int { return t.ats }

func (t *Text) findAts() {
	for i := 0; ; i++ {
		k := bytes.IndexByte(t.Bytes[i:], '@')
		if k < 0 {
			return
		}
		i += k
		t.ats = append(t.ats, i)
	}
}

// findRuns reads the digits of 64 bytes at a time, and passes over what holds no
// run: it looks at windows of 8 bytes with 8 bytes left out between them, and
// reads on from 8 bytes before the first window with a digit in it. No run is
// missed: two neighbouring digits of a run have at most 7 other bytes between
// them (a gap, a Corsican letter, a gap), so a window inside a run holds a digit;
// a run begins and ends with a digit, so a window that a run only reaches into
// holds one too; and a run is at least 9 bytes long, so it cannot lie in the 8
// bytes between two windows. For the same reasons a run that shows in a window
// begins no earlier than the 8 bytes before it.
func (t *Text) findRuns() {
	b := t.Bytes
	r := Run{End: -linkMost - 1} // the last one, which may go on
	for at := 0; at < len(b); at += 64 {
		if at-r.End > linkMost {
			at = skipToDigit(b, at)
		}
		for digits := digitSet(b, at); digits != 0; {
			start := bits.TrailingZeros64(digits)
			n := bits.TrailingZeros64(^(digits >> start))
			digits &= ^uint64(0) << start << n
			switch i := at + start; {
			case i == r.End+1 && t.class[b[r.End]] == classGap: // most often
				r.Gaps |= 1 << r.Digits
			case !t.link(&r, i):
				if r.Digits >= runDigits {
					t.runs = append(t.runs, r)
				}
				r = Run{Start: at + start}
			}
			r.Digits += n
			r.End = at + start + n
		}
	}
	if r.Digits >= runDigits {
		t.runs = append(t.runs, r)
	}
}

// link reports whether the digit at i goes on with r, and notes the gap and the
// letter between them.
func (t *Text) link(r *Run, i int) bool {
	b := t.Bytes
	between := i - r.End
	if between == 0 || between > linkMost {
		return between == 0 // r was cut at the end of 64 bytes
	}
	letter := t.gapEnd(r.End)
	if letter == i {
		r.Gaps |= 1 << r.Digits
		return true
	}
	if b[r.End-1] != '2' || t.class[b[letter]] != classCorsica || t.gapEnd(letter+1) != i {
		return false
	}
	r.Gaps |= uint64(min(letter-r.End, 1)) << r.Digits
	r.Digits++
	r.Gaps |= uint64(min(i-letter-1, 1)) << r.Digits
	return true
}

// skipToDigit returns a position from at on before which no run begins.
func skipToDigit(b []byte, at int) int {
	p := at + 8
	for p+56 <= len(b) && digitsIn(b[p:])|digitsIn(b[p+16:])|digitsIn(b[p+32:])|digitsIn(b[p+48:]) == 0 {
		p += 64
	}
	for p+8 <= len(b) && digitsIn(b[p:]) == 0 {
		p += 16
	}
	return min(p-8, len(b))
}

// part returns the part of r that begins with the digit at i, short enough for
// Gaps, and where the next one begins: r.End when there is none. Parts of a long
// run overlap.
func (t *Text) part(r Run, i int) (part Run, next int) {
	if r.Digits < 64 {
		return r, r.End
	}
	part = Run{Start: i, End: i}
	for i < r.End {
		end := digitsEnd(t.Bytes[:min(i+64, r.End)], i) // a group may be a megabyte long
		part.Digits += end - i
		part.End = end
		if part.Digits >= 64 {
			return part, t.skipDigits(part.Start, partApart)
		}
		for i = end; i < r.End && !isDigit(t.Bytes[i]); i++ {
		}
		t.link(&part, i)
	}
	return part, r.End
}

// digit returns the position of digit k of r, which has fewer than 64 or is a
// part.
func (t *Text) digit(r *Run, k int) int {
	if gaps := bits.OnesCount64(r.Gaps); r.End-r.Start == r.Digits+gaps {
		// Gaps of one byte, as nearly always.
		return r.Start + k + bits.OnesCount64(r.Gaps<<(63-k))
	}
	return t.skipDigits(r.Start, k)
}

// skipDigits returns the position of the nth digit in a run after the one at i.
func (t *Text) skipDigits(i, n int) int {
	for n > 0 {
		if i++; t.class[t.Bytes[i]] != classGap {
			n--
		}
	}
	return i
}

// gapEnd returns the end of the gap at i, of runGap bytes at most.
func (t *Text) gapEnd(i int) int {
	for last := min(i+runGap, len(t.Bytes)); i < last && t.class[t.Bytes[i]] == classGap; i++ {
	}
	return i
}

// delimited reports whether c delimits a cell.
func (t *Text) delimited(c byte) bool {
	return c != 0 && (c == t.Cell || c == t.Row || c == t.Quote)
}

// fills reports whether the bytes [start, end) fill a cell, but for spaces and
// what spreadsheets put around numbers: an apostrophe or = before, .0 behind.
func (t *Text) fills(start, end int) bool {
	if t.Cell == 0 && t.Row == 0 {
		return false
	}
	b := t.Bytes
	for start > 0 && !t.delimited(b[start-1]) {
		switch b[start-1] {
		case ' ', '\t', '\'', '=', '\r', '\n':
			start--
		default:
			return false
		}
	}
	if end+1 < len(b) && (b[end] == '.' || b[end] == ',') && b[end+1] == '0' && !t.delimited(b[end]) {
		for end++; end < len(b) && b[end] == '0'; end++ {
		}
	}
	for end < len(b) && !t.delimited(b[end]) {
		switch b[end] {
		case ' ', '\t', '\'', '\r', '\n':
			end++
		default:
			return false
		}
	}
	return true
}
