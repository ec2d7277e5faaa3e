package scanner

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/bits"

	"vigie/detectors"
)

// The ruler's arithmetic: matches are placed in cells in batches, by finding
// the row and counting separators from the cell before, never from the start
// of the text; and only as far to the right as somebody asks.

// rowEnd returns the end of the row that begins at pos, and whether quotes
// stand in it.
func (r Ruler) rowEnd(text []byte, pos int) (end int, quoted bool) {
	from, quotes := pos, 0
	for {
		i := bytes.IndexByte(text[from:], r.Row)
		if i < 0 {
			return len(text), r.Quote != 0 && (quotes > 0 || bytes.IndexByte(text[from:], r.Quote) >= 0)
		}
		i += from
		if r.Quote == 0 {
			return i, false
		}
		if quotes += bytes.Count(text[from:i], []byte{r.Quote}); quotes%2 == 0 {
			return i, quotes > 0
		}
		from = i + 1
	}
}

// cellEnd returns the end of the cell that begins at pos in a row that ends at
// end.
func (r Ruler) cellEnd(text []byte, pos, end int, quoted bool) int {
	if !quoted {
		return indexFrom(text[:end], pos, r.Cell)
	}
	from, quotes := pos, 0
	for {
		i := indexFrom(text[:end], from, r.Cell)
		if quotes += bytes.Count(text[from:i], []byte{r.Quote}); i == end || quotes%2 == 0 {
			return i
		}
		from = i + 1
	}
}

// indexFrom returns the position of c in b from pos on, len(b) when there is
// none. Cells are short: 8 bytes a step cost half of a call of IndexByte.
func indexFrom(b []byte, pos int, c byte) int {
	const ones = 0x0101010101010101
	for ; pos+8 <= len(b); pos += 8 {
		v := binary.LittleEndian.Uint64(b[pos:]) ^ ones*uint64(c)
		if zero := (v - ones) &^ v & (ones << 7); zero != 0 {
			return pos + bits.TrailingZeros64(zero)>>3
		}
	}
	for ; pos < len(b); pos++ {
		if b[pos] == c {
			return pos
		}
	}
	return len(b)
}

// split appends the trimmed cells of the row text[pos:end] to dst.
func (r Ruler) split(dst [][]byte, text []byte, pos, end int, quoted bool) [][]byte {
	for {
		ce := r.cellEnd(text, pos, end, quoted)
		cell := trimmed(text, pos, ce, r.Quote)
		dst = append(dst, text[cell.Start:cell.End])
		if ce >= end || len(dst) == MaxColumns {
			return dst
		}
		pos = ce + 1
	}
}

// trimmed cuts spaces, a line's '\r', the quotes and the sign that makes a
// spreadsheet take digits as text off the cell text[start:end].
func trimmed(text []byte, start, end int, quote byte) detectors.Span {
	for end > start && text[end-1] <= ' ' {
		end--
	}
	for end > start && text[start] <= ' ' {
		start++
	}
	if quote != 0 && end-start >= 2 && text[start] == quote && text[end-1] == quote {
		return trimmed(text, start+1, end-1, 0)
	}
	if end-start > 3 && text[start] == '=' && text[start+1] == '"' && text[end-1] == '"' { // ="01000" keeps a spreadsheet from counting
		for start++; start < end && text[start] == '"'; {
			start++
		}
		for end > start && text[end-1] == '"' {
			end--
		}
		return trimmed(text, start, end, 0)
	}
	return detectors.Span{Start: start, End: end}
}

// A mark counts one kind in one column of a block.
type mark struct {
	matches, valid, whole int32
	samples               int32
	at                    [maxSamples]detectors.Span
}

func (m *mark) add(start, end int, valid, whole bool) {
	m.matches++
	if valid {
		m.valid++
	}
	if whole {
		m.whole++
	}
	if m.samples < maxSamples {
		m.at[m.samples] = detectors.Span{Start: start, End: end}
		m.samples++
	}
}

// A grid holds the marks of a block by column and detector. It is used again
// for the next block.
type grid struct {
	width   int // detectors
	marks   []mark
	touched []int
}

func (g *grid) at(col, det int) *mark {
	i := min(col, MaxColumns-1)*g.width + det
	if i >= len(g.marks) {
		g.marks = append(g.marks, make([]mark, i+g.width*8-len(g.marks))...)
	}
	m := &g.marks[i]
	if m.matches == 0 {
		g.touched = append(g.touched, i)
	}
	return m
}

func (g *grid) clear() {
	for _, i := range g.touched {
		g.marks[i] = mark{}
	}
	g.touched = g.touched[:0]
}

// A flow hands over the matches of several detectors as the rows pass by.
type flow struct {
	cursors []cursor
	of      []int // cursor by detector; -1 where there is none
	next    int   // start of the next match of any; MaxInt at the end
}

// A cursor goes through the matches of one detector.
type cursor struct {
	next  int // start of the next match; MaxInt at the end
	at    int // its number
	det   int
	found []detectors.Match
}

func (f *flow) clear() {
	for i := range f.cursors {
		f.of[f.cursors[i].det] = -1
	}
	f.cursors, f.next = f.cursors[:0], math.MaxInt
}

// add adds the matches of a detector, in order of their start.
func (f *flow) add(det int, found []detectors.Match) {
	for len(f.of) <= det {
		f.of = append(f.of, -1)
	}
	if len(found) > 0 {
		f.of[det] = len(f.cursors)
		f.cursors = append(f.cursors, cursor{next: found[0].Start, det: det, found: found})
		f.next = min(f.next, found[0].Start)
	}
}

// pop takes the next match of a cursor.
func (c *cursor) pop() *detectors.Match {
	m := &c.found[c.at]
	c.at++
	c.next = math.MaxInt
	if c.at < len(c.found) {
		c.next = c.found[c.at].Start
	}
	return m
}

// settle finds the next match again after some were taken.
func (f *flow) settle() {
	next := math.MaxInt
	for i := range f.cursors {
		next = min(next, f.cursors[i].next)
	}
	f.next = next
}
