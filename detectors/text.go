package detectors

import (
	"bytes"
	"encoding/binary"
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

	class [256]byte // of bytes in runs; delimiters have none
	runs  []Run
	ats   []int
	words []Span
	read  bool // words were looked for
}

// A Span is the bytes [Start, End) of a text.
type Span struct{ Start, End int }

// A Run is a run of digits with gaps: see Text.Runs.
type Run struct {
	Start, End int // End: after the last digit
	Digits     int // number of digits (and of A or B after a 2)
}

const (
	runDigits = 9 // digits that make a run worth reporting
	runGap    = 3 // bytes of a gap at most
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

// findRuns looks at windows of 8 bytes with 8 bytes left out between them, and
// where a window holds a digit it reads the runs around it. No run is missed:
// two neighbouring digits of a run have at most 7 other bytes between them (a
// gap, a Corsican letter, a gap), so a window inside a run holds a digit; a run
// begins and ends with a digit, so a window that a run only reaches into holds
// one too; and a run is at least 9 bytes long, so it cannot lie in the 8 bytes
// between two windows.
//
// For the same reason a run that shows in the window at p begins at p-8 or
// later: had it a digit before, its next one would be in the window before p,
// or at the end of what was read already.
func (t *Text) findRuns() {
	b, n := t.Bytes, len(t.Bytes)
	p, end := 8, 0 // next window; end of the last run read
	for {
		for p+56 <= n && !hasDigit(b[p:]) && !hasDigit(b[p+16:]) && !hasDigit(b[p+32:]) && !hasDigit(b[p+48:]) {
			p += 64
		}
		for p+8 <= n && !hasDigit(b[p:]) {
			p += 16
		}
		i := max(end, p-8)
		for i < n && t.class[b[i]] != classDigit {
			i++
		}
		if i >= n {
			return
		}
		r := t.readRun(i)
		if r.Digits >= runDigits {
			t.runs = append(t.runs, r)
		}
		end = r.End
		p = end + 8
	}
}

// readRun reads the run that begins with the digit at i.
func (t *Text) readRun(i int) Run {
	b, n := t.Bytes, len(t.Bytes)
	r := Run{Start: i}
	for {
		r.End = digitsEnd(b, i)
		r.Digits += r.End - i
		i = t.gapEnd(r.End)
		if i < n && b[r.End-1] == '2' && t.class[b[i]] == classCorsica {
			if i = t.gapEnd(i + 1); i < n && t.class[b[i]] == classDigit {
				r.Digits++
			}
		}
		if i >= n || t.class[b[i]] != classDigit {
			return r
		}
	}
}

// gapEnd returns the end of the gap at i, of runGap bytes at most.
func (t *Text) gapEnd(i int) int {
	for last := min(i+runGap, len(t.Bytes)); i < last && t.class[t.Bytes[i]] == classGap; i++ {
	}
	return i
}

const (
	eachByte = 0x0101010101010101
	highBits = 0x80 * eachByte
)

// hasDigit reports whether one of the first 8 bytes of b is a digit.
func hasDigit(b []byte) bool {
	v := binary.LittleEndian.Uint64(b) ^ '0'*eachByte
	return (v-10*eachByte)&^v&highBits != 0
}

// digitsEnd returns the end of the digits at i.
func digitsEnd(b []byte, i int) int {
	for i+8 <= len(b) {
		v := binary.LittleEndian.Uint64(b[i:]) ^ '0'*eachByte
		others := (v&^highBits + (0x80-10)*eachByte | v) & highBits
		if others != 0 {
			return i + bits.TrailingZeros64(others)>>3
		}
		i += 8
	}
	for i < len(b) && isDigit(b[i]) {
		i++
	}
	return i
}

func isDigit(c byte) bool { return c-'0' < 10 }

func isLetter(c byte) bool { return c|0x20-'a' < 26 }

func isAlnum(c byte) bool { return isDigit(c) || isLetter(c) }

// upper returns c, a letter or digit, in upper case.
func upper(c byte) byte {
	if c >= 'a' {
		return c - 0x20
	}
	return c
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
