package scanner

import (
	"bytes"
	"math"

	"vigie/detectors"
)

// months is how many months of birth a tally counts: 1900 to 2049.
const months = 150 * 12

// A part is what one block adds to its table. It belongs to a worker and is
// used again.
type part struct {
	rows, studied int64
	filled        []int64 // by slot
	births        []uint32
	values        [][]uint64 // hashes of the cells by slot, while studying
	grid          grid
	sets          []hashes // one a quasi-identifier set
	people        hashes
	agree         []Agreement
}

// hashes are those below the bound of a BottomK, which alone can matter to it.
type hashes struct {
	bound uint64
	kept  []uint64
	rows  int64 // all of them, the kept ones too
}

func (h *hashes) reset(bound uint64) { h.bound, h.kept, h.rows = bound, h.kept[:0], 0 }

func (h *hashes) add(v uint64) {
	h.rows++
	if h.bound == 0 || v < h.bound {
		h.kept = append(h.kept, v)
	}
}

func (h *hashes) into(b *BottomK) {
	for _, v := range h.kept {
		b.Add(v, 1)
	}
	b.Rows += h.rows - int64(len(h.kept))
}

func (p *part) reset(pl *plan, t *Tally) {
	p.rows, p.studied = 0, 0
	p.filled = append(p.filled[:0], make([]int64, len(pl.slots))...)
	for len(p.values) < len(pl.slots) {
		p.values = append(p.values, nil)
	}
	for i := range p.values {
		p.values[i] = p.values[i][:0]
	}
	if p.births == nil {
		p.births = make([]uint32, months)
	}
	clear(p.births)
	p.grid.clear()
	for len(p.sets) < len(pl.sets) {
		p.sets = append(p.sets, hashes{})
	}
	for i := range pl.sets {
		p.sets[i].reset(t.Unique[i].Bound())
	}
	p.people.reset(t.People.Bound())
	p.agree = append(p.agree[:0], make([]Agreement, len(pl.pairs))...)
}

// A walker goes through the rows of a block.
type walker struct {
	book  *book
	key   *runKey
	flow  flow
	part  part
	block []byte // the text in hand
	text  detectors.Text
	probe detectors.Text    // for single cells
	found []detectors.Match // scratch
	norm  []byte            // scratch
	cells []detectors.Span  // by slot, of the row in hand; empty where there is none
	sums  []uint64
	seen  []bool // by slot: a match of the slot's kind lies in its cell

	split  [][]byte // scratch: the cells of a row
	starts []int    // scratch: where rows begin
}

// walk counts rows of text from pos on, of which at is the number, up to row
// end, and returns where it stopped and how many they were. At the end of the text the number may be
// short: where no column is looked at, rows without a match are passed over.
func (w *walker) walk(pl *plan, text []byte, ruler Ruler, pos int, at, end int64) (stop int, rows int64) {
	n := len(pl.slots)
	w.cells = append(w.cells[:0], make([]detectors.Span, n)...)
	w.sums = append(w.sums[:0], make([]uint64, n)...)
	w.seen = append(w.seen[:0], make([]bool, n)...)
	if n == 0 && end == math.MaxInt64 {
		w.placeAll(pl, text, ruler, pos)
		return len(text), 0
	}
	for pos < len(text) && at+rows < end {
		stop, quoted := ruler.rowEnd(text, pos)
		w.row(pl, text, ruler, pos, stop, quoted)
		if stop > pos {
			w.count(pl, at+rows)
		}
		rows++
		pos = stop + 1
	}
	return min(pos, len(text)), rows
}

// placeAll places the matches where no column is looked at: it goes from row
// with a match to row with a match.
func (w *walker) placeAll(pl *plan, text []byte, ruler Ruler, pos int) {
	for w.flow.next < len(text) && pos < len(text) {
		if ruler.Quote == 0 && w.flow.next > pos {
			pos += bytes.LastIndexByte(text[pos:w.flow.next], ruler.Row) + 1
		}
		end, quoted := ruler.rowEnd(text, pos)
		if w.flow.next < end {
			w.row(pl, text, ruler, pos, end, quoted)
		}
		pos = end + 1
	}
}

// row places the matches of a row and collects the cells of the plan.
func (w *walker) row(pl *plan, text []byte, ruler Ruler, pos, end int, quoted bool) {
	slots := pl.slots
	for col, at := 0, 0; ; col++ {
		ce := ruler.cellEnd(text, pos, end, quoted)
		own := at < len(slots) && slots[at].col == col
		if own || w.flow.next < ce {
			cell := trimmed(text, pos, ce, ruler.Quote)
			if own {
				w.cells[at], w.seen[at] = cell, false
			}
			if w.flow.next < ce {
				w.place(pl, cell, col, ce, own, at)
			}
			if own {
				at++
			}
		}
		if ce >= end || at == len(slots) && w.flow.next >= end {
			clear(w.cells[at:])
			return
		}
		pos = ce + 1
	}
}

// place counts the matches that start in a cell that ends at end. What the slot
// of its own column counts itself is left to it, unless the detector is a sieve:
// then its next match is nearly always the one that lies here.
func (w *walker) place(pl *plan, cell detectors.Span, col, end int, own bool, at int) {
	f, g := &w.flow, &w.part.grid
	det := -1
	if own {
		det = pl.slots[at].det
	}
	if det >= 0 && pl.slots[at].sieve && f.of[det] >= 0 {
		for c := &f.cursors[f.of[det]]; c.next < end; w.seen[at] = true {
			m := c.pop()
			g.at(col, det).add(m.Start, m.End, m.Valid, m.Start <= cell.Start && m.End >= cell.End)
		}
		if f.settle(); f.next >= end {
			return
		}
	}
	for i := range f.cursors {
		for c := &f.cursors[i]; c.next < end; {
			if m := c.pop(); c.det != det {
				g.at(col, c.det).add(m.Start, m.End, m.Valid, m.Start <= cell.Start && m.End >= cell.End)
			}
		}
	}
	f.settle()
}

// count does with the cells of a row what the plan asks.
func (w *walker) count(pl *plan, row int64) {
	for i := range pl.slots {
		s, at := &pl.slots[i], w.cells[i]
		w.sums[i] = 0
		if at.Start >= at.End {
			continue
		}
		cell := w.block[at.Start:at.End]
		w.part.filled[i]++
		if s.birth {
			if y, m, _, ok := detectors.Date(cell); ok {
				if month := (y-1900)*12 + m - 1; month >= 0 && month < months {
					w.part.births[month]++
				}
			}
		}
		if s.hash {
			w.sums[i] = w.sum(s, cell)
			if s.asks {
				w.part.values[i] = append(w.part.values[i], w.sums[i])
			}
		}
		if s.fits && s.det >= 0 && !(s.sieve && w.seen[i]) {
			if ok, valid := w.book.fits(s.det, cell, &w.probe, w.found); ok {
				w.part.grid.at(s.col, s.det).add(at.Start, at.End, valid, true)
			}
		}
	}
	for i, set := range pl.sets {
		if v, ok := w.join(set, false); ok {
			w.part.sets[i].add(v)
		}
	}
	if pl.people != nil {
		if v, ok := w.join(pl.people, true); ok {
			w.part.people.add(v)
		}
	}
	if len(pl.pairs) > 0 && (row < studyRows || row%pairEvery == 0) {
		for i, p := range pl.pairs {
			if agree, known := p.agree(w.cell(p.a), w.cell(p.b)); known {
				w.part.agree[i].Rows++
				if agree {
					w.part.agree[i].Held++
				}
			}
		}
	}
}

// join hashes the cells of some slots together; not ok: nothing in them, or,
// where every one is needed, not in all.
func (w *walker) join(slots []int, every bool) (v uint64, ok bool) {
	for _, s := range slots {
		if w.cells[s].Start < w.cells[s].End {
			ok = true
		} else if every {
			return 0, false
		}
		v = w.key.mix(v, w.sums[s])
	}
	return v, ok
}

func (w *walker) sum(s *slot, cell []byte) uint64 {
	if s.norm && s.det >= 0 {
		if norm := w.book.detectors[s.det].Norm; norm != nil {
			w.norm = norm(w.norm[:0], cell)
			return w.key.sum(w.norm)
		}
	}
	return w.key.sum(cell)
}

// cell returns the cell of a slot in the row in hand.
func (w *walker) cell(slot int) []byte {
	if slot < 0 {
		return nil
	}
	return w.block[w.cells[slot].Start:w.cells[slot].End]
}
