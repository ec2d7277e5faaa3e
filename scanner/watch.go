package scanner

import (
	"bytes"
	"math"
	"math/bits"

	"vigie/detectors"
)

// Behind the studied rows a table is watched: of each watchBytes, but of no more
// than one row in watchRows, one row is split, and its cells are sorted by their
// shape. A column that was blank until then, or half of whose cells have shapes
// that are new, is studied there, and the study extended. Where the share of
// filled cells is no longer that of the studied rows, every row is counted.
const (
	watchBytes = 16 << 10
	watchRows  = 64
	// watchStudied is how far scatter, which spreads the numbers of rows, is
	// shifted to watch one in four of those that are studied.
	watchStudied = 30
	scatter      = 2654435761
	// watchCells is how many cells of a column decide its kind.
	watchCells = 300
	// againRows is how many rows are studied where a column is new.
	againRows = 1000
	// maxCounted is how many columns are counted in every row because they
	// changed; the figures of others are estimates from the rows watched.
	maxCounted = 64
	// maxExtended is how many blocks of a table may extend its study; one in
	// eight may behind.
	maxExtended = 64
	// maxEditions is how many editions of a study are kept: as many blocks as
	// wait to be counted, and more.
	maxEditions = 32
)

// A watch is what the rows watched have shown of one column. Only the reader of
// the table looks at it.
type watch struct {
	shapes  uint32  // of its cells
	trait   *trait  // of its cells while no kind is certain; nil: no more are wanted
	next    int     // cells at which the trait is asked for a kind again
	filled  float64 // cells so far; behind the studied rows, as the rows watched let reckon
	studied int     // of the studied rows watched, those with something in the cell
	first   int     // the same, whatever the cells were
	later   int     // rows watched behind them, with something in the cell
	sure    bool    // cells of the first block decided its kind
	named   bool    // the title announced the kind
	exact   bool    // a plan counts every row
	drifted bool    // the studied rows do not speak for the rest

	here   float64 // cells in the block at hand, as the rows watched let reckon
	cells  int     // in the rows watched
	fresh  int     // of shapes not seen before
	shaped [32]uint16
}

// shapeOf sorts cells by what is in them (digits, letters, other marks) and how
// long they are, into 32.
func shapeOf(cell []byte) uint32 {
	var in uint32
	for _, c := range cell[:min(len(cell), 24)] {
		in |= partOf[c]
	}
	size := uint32(bits.Len(uint(len(cell))) / 2) // 1, 2 to 7, 8 to 31, more
	return in + 8*min(size, 3)
}

var partOf = func() (p [256]uint32) {
	for i := range p {
		switch c := byte(i); {
		case c >= '0' && c <= '9':
			p[i] = 1
		case c|0x20 >= 'a' && c|0x20 <= 'z', c >= 0x80:
			p[i] = 2
		default:
			p[i] = 4
		}
	}
	return p
}()

// sample appends where n rows of text begin to dst: its last, and others spread
// evenly. They are fewer where rows are long.
func (r Ruler) sample(dst []int, text []byte, n int) []int {
	last, odd := len(text)-1, 0
	for last > 0 {
		i := bytes.LastIndexByte(text[:last], r.Row)
		if r.Quote != 0 {
			odd += bytes.Count(text[i+1:last], []byte{r.Quote})
		}
		if last = i; odd%2 == 0 {
			break
		}
	}
	last++
	pos := 0
	for j := 1; j < n; j++ {
		from, quotes := max(j*len(text)/n, pos), 0
		if r.Quote != 0 {
			quotes = bytes.Count(text[pos:from], []byte{r.Quote})
		}
		for {
			i := bytes.IndexByte(text[from:], r.Row)
			if i < 0 {
				return append(dst, last)
			}
			if r.Quote != 0 {
				quotes += bytes.Count(text[from:from+i], []byte{r.Quote})
			}
			if from += i + 1; quotes%2 == 0 {
				break
			}
		}
		if pos = from; pos >= last {
			break
		}
		dst = append(dst, pos)
	}
	return append(dst, last)
}

// watched looks at rows of a block: one in four from pos on up to the end of the
// study, and a sample of those behind.
func (t *table) watched(w *worker, b *Block, pos int, row int64) {
	for ; row < t.until && pos < len(b.Text); row++ {
		if uint32(row)*scatter>>watchStudied != 0 {
			end, _ := b.Ruler.rowEnd(b.Text, pos)
			pos = end + 1
			continue
		}
		pos = t.see(w, b, pos, 1<<(32-watchStudied), true) + 1
		t.rows++
	}
	rest := b.At + int64(b.Rows) - row
	if pos >= len(b.Text) || rest <= 0 {
		return
	}
	text := b.Text[pos:]
	t.due += min(float64(len(text))/watchBytes, float64(rest)/watchRows)
	n := int(t.due)
	if n == 0 {
		return
	}
	t.due -= float64(n)
	w.starts = b.Ruler.sample(w.starts[:0], text, n)
	t.sampled += len(w.starts)
	for _, at := range w.starts {
		t.see(w, b, pos+at, float64(rest)/float64(len(w.starts)), false)
	}
}

// see looks at the row that begins at pos, which stands for so many rows, and
// returns where it ends.
func (t *table) see(w *worker, b *Block, pos int, stands float64, studied bool) int {
	end, quoted := b.Ruler.rowEnd(b.Text, pos)
	if end == pos {
		return end
	}
	w.split = b.Ruler.split(w.split[:0], b.Text, pos, end, quoted)
	t.widen(len(w.split))
	for i, cell := range w.split {
		if len(cell) == 0 {
			continue
		}
		c := &t.columns[i]
		c.cells++
		c.here += stands
		if studied {
			c.studied++
			c.first++
		} else {
			c.later++
		}
		s := shapeOf(cell)
		if c.shapes>>s&1 == 0 {
			c.fresh++
		}
		c.shaped[s]++
		if c.trait != nil && c.trait.filled < watchCells && t.asked < t.afford(b) {
			t.asked++
			w.take(c.trait, cell)
		}
	}
	return end
}

// afford is how many cells of a table all detectors may be asked about: enough
// for the first rows and for some columns that change, and more in long tables.
func (t *table) afford(b *Block) int { return 2*decideCells + int(min(b.At, math.MaxInt32)/64) }

// news returns the columns that are new in the block that was watched, those
// whose cells are enough to be asked for a kind, and those filled otherwise than
// in the studied rows.
func (t *table) news(kinds []detectors.Kind) (novel, ripe, drifted []int) {
	for i := range t.columns {
		c := &t.columns[i]
		switch {
		case c.cells == 0:
		case c.filled == 0, 2*c.fresh >= c.cells && (c.trait == nil || c.trait.filled >= pruneCells):
			novel = append(novel, i)
		case c.trait != nil && c.trait.filled >= c.next:
			ripe = append(ripe, i)
		}
		if i < len(kinds) && kinds[i] != "" && !c.exact && !c.drifted && t.drift(c) {
			drifted = append(drifted, i)
		}
	}
	return novel, ripe, drifted
}

// pass closes the block for the watch. Shapes that are rare at first, or in a
// block like the others, stay new: when most cells have them they are news.
func (t *table) pass(first bool) {
	for i := range t.columns {
		c := &t.columns[i]
		if c.cells == 0 {
			continue
		}
		if first || 2*c.fresh >= c.cells {
			for s, n := range c.shaped {
				if n > 0 && (!first || 8*int(n) >= c.cells) {
					c.shapes |= 1 << s
				}
			}
		}
		c.filled += c.here
		c.cells, c.fresh, c.here = 0, 0, 0
		clear(c.shaped[:])
	}
}

// drift reports whether column c is filled otherwise than in the studied rows.
func (t *table) drift(c *watch) bool {
	if t.sampled == 0 || t.rows == 0 {
		return false
	}
	n, p := float64(t.sampled), min(float64(c.studied)/float64(t.rows), 1)
	spread := math.Sqrt(n * p * (1 - p) * (1 + n/float64(t.rows)))
	return math.Abs(float64(c.later)-n*p) > 4*spread+3
}

// gather takes the cells of new columns in a block that have new shapes, up to
// watchCells of each. It returns the number of the first row with one.
func (t *table) gather(w *worker, b *Block, novel []int) int64 {
	traits := w.book.newTraits(len(novel))
	for j, i := range novel {
		t.columns[i].trait = traits[j]
	}
	first, wanting := int64(-1), len(novel)
	for pos, row := 0, b.At; pos < len(b.Text) && wanting > 0 && t.asked < t.afford(b); row++ {
		end, quoted := b.Ruler.rowEnd(b.Text, pos)
		w.split = b.Ruler.split(w.split[:0], b.Text, pos, end, quoted)
		pos = end + 1
		for _, i := range novel {
			if i >= len(w.split) || len(w.split[i]) == 0 {
				continue
			}
			c, cell := &t.columns[i], w.split[i]
			if c.trait.filled == watchCells || c.shapes>>shapeOf(cell)&1 == 1 {
				continue
			}
			if first < 0 {
				first = row
			}
			t.asked++
			if w.take(c.trait, cell); c.trait.filled == watchCells {
				wanting--
			}
		}
	}
	return max(first, b.At)
}
