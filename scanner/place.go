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

// flow merges the matches of several detectors in order of their start.
type flow struct {
	lists [][]detectors.Match // by detector number; consumed from the front
	use   []int               // detector numbers with matches left
	next  int                 // start of the next match, MaxInt at the end
}

func (f *flow) begin() {
	f.use = f.use[:0]
	f.next = math.MaxInt
	for d := range f.lists {
		if len(f.lists[d]) > 0 {
			f.use = append(f.use, d)
			f.next = min(f.next, f.lists[d][0].Start)
		}
	}
}

// take hands over the matches that start before end.
func (f *flow) take(end int, give func(det int, m detectors.Match)) {
	f.next = math.MaxInt
	for _, d := range f.use {
		l := f.lists[d]
		for len(l) > 0 && l[0].Start < end {
			give(d, l[0])
			l = l[1:]
		}
		f.lists[d] = l
		if len(l) > 0 {
			f.next = min(f.next, l[0].Start)
		}
	}
}
