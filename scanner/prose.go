package scanner

import (
	"bytes"
	"math/bits"

	"vigie/detectors"
)

const (
	// pieceSize is how much running text is studied or passed over at once.
	pieceSize = 16 << 10
	// pieceTwice is how many pieces of one shape are studied at first; behind
	// them every pieceEvery-th is.
	pieceTwice = 3
	pieceEvery = 64
)

// classOf sorts bytes for the shape of a piece: letters, capitals, digits,
// spaces, line ends, the delimiters of records, other marks, non-ASCII.
var classOf = func() (c [256]uint8) {
	for i := range c {
		switch b := byte(i); {
		case b >= 'a' && b <= 'z':
			c[i] = 0
		case b >= 'A' && b <= 'Z':
			c[i] = 1
		case b >= '0' && b <= '9':
			c[i] = 2
		case b == ' ':
			c[i] = 3
		case b == '\n' || b == '\r':
			c[i] = 4
		case bytes.IndexByte([]byte(";,|\t:=\"'()"), b) >= 0:
			c[i] = 5
		case b >= 0x80:
			c[i] = 7
		default:
			c[i] = 6
		}
	}
	return c
}()

// shape is a cheap portrait of a piece: how common each class of bytes is, on a
// scale of doublings, in a sixteenth of the piece.
func shape(piece []byte) uint32 {
	var n [8]uint32
	for at := 0; at < len(piece); at += 1024 {
		for _, b := range piece[at:min(at+64, len(piece))] {
			n[classOf[b]]++
		}
	}
	var s uint32
	for _, k := range n {
		s = s<<4 | uint32(bits.Len32(k))
	}
	return s
}

// scanText counts a block of running text: the sieve sees all of it, the other
// detectors the pieces whose shape is new.
func (w *worker) scanText(t *table, b *Block) {
	book, g := w.run.book, &w.part.grid
	g.clear()
	w.people = w.people[:0]
	w.text.Reset(b.Text, 0, 0, 0)
	w.sieve()
	var agreed []Agreement
	for _, d := range book.sieve {
		agreed = book.alone(agreed, d, b.Text, w.lists[d])
		for _, m := range w.lists[d] {
			g.at(0, d).add(m.Start, m.End, m.Valid, false)
			if book.detectors[d].Kind == "nir" && m.Valid {
				if w.norm = book.detectors[d].Norm(w.norm[:0], b.Text[m.Start:m.End]); len(w.norm) > 0 {
					w.people = append(w.people, w.key.sum(w.norm)) // a number from books is nobody's
				}
			}
		}
	}
	studied := 0
	for _, piece := range t.novel(b.Text, w.spans[:0], w.run.Whole) {
		studied += piece.End - piece.Start
		w.probe.Reset(b.Text[piece.Start:piece.End], 0, 0, 0)
		for _, d := range book.prose {
			w.lists[d] = book.detectors[d].Find(w.lists[d][:0], &w.probe)
			agreed = book.alone(agreed, d, b.Text[piece.Start:piece.End], w.lists[d])
			for _, m := range w.lists[d] {
				g.at(0, d).add(piece.Start+m.Start, piece.Start+m.End, m.Valid, false)
			}
		}
	}
	w.run.Progress.studied.Add(int64(studied))
	t.mu.Lock()
	defer t.mu.Unlock()
	t.tally.Bytes += int64(len(b.Text))
	t.tally.Studied += int64(studied)
	t.tally.column(0)
	t.addMarks(w, b.Text)
	if agreed != nil {
		t.tally.Add(&Tally{Object: t.tally.Object, Agree: agreed})
	}
	for _, h := range w.people {
		t.tally.People.Add(h, 1)
	}
}

// novel appends the pieces of text to study to dst: those of a new shape, or
// all. A piece ends at a line end where there is one near.
func (t *table) novel(text []byte, dst []detectors.Span, all bool) []detectors.Span {
	t.mu.Lock()
	defer t.mu.Unlock()
	for at := 0; at < len(text); {
		end := min(at+pieceSize, len(text))
		if i := bytes.IndexByte(text[end:min(end+1024, len(text))], '\n'); i >= 0 {
			end += i + 1
		}
		s := shape(text[at:end])
		if n := t.shapes[s]; all || n < pieceTwice || n%pieceEvery == 0 {
			dst = append(dst, detectors.Span{Start: at, End: end})
		}
		t.shapes[s]++
		at = end
	}
	return dst
}
