package scanner

import (
	"bytes"
	"math"

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
	from, quotes := pos, 0
	for {
		i := bytes.IndexByte(text[from:end], r.Cell)
		if i < 0 {
			return end
		}
		i += from
		if !quoted {
			return i
		}
		if quotes += bytes.Count(text[from:i], []byte{r.Quote}); quotes%2 == 0 {
			return i
		}
		from = i + 1
	}
}

// split appends the trimmed cells of the row text[pos:end] to dst.
func (r Ruler) split(dst [][]byte, text []byte, pos, end int, quoted bool) [][]byte {
	for {
		ce := r.cellEnd(text, pos, end, quoted)
		dst = append(dst, trim(text[pos:ce], r.Quote))
		if ce >= end || len(dst) == MaxColumns {
			return dst
		}
		pos = ce + 1
	}
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
	next    int // start of the next match of any; MaxInt at the end
}

// A cursor goes through the matches of one detector.
type cursor struct {
	det  int
	left []detectors.Match
}

func (f *flow) clear() { f.cursors, f.next = f.cursors[:0], math.MaxInt }

// add adds the matches of a detector, in order of their start.
func (f *flow) add(det int, found []detectors.Match) {
	if len(found) > 0 {
		f.cursors = append(f.cursors, cursor{det, found})
		f.next = min(f.next, found[0].Start)
	}
}

// take returns the cursor with a match that starts before end, nil when there
// is none; the caller takes the match from its front.
func (f *flow) take(end int) *cursor {
	if f.next >= end {
		return nil
	}
	f.next = math.MaxInt
	for i := range f.cursors {
		c := &f.cursors[i]
		if len(c.left) == 0 {
			continue
		}
		if c.left[0].Start < end {
			f.next = 0 // there may be more
			return c
		}
		f.next = min(f.next, c.left[0].Start)
	}
	return nil
}
