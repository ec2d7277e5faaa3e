package scanner

import (
	"bytes"
	"math"
	"slices"
	"sync"

	"vigie/detectors"
)

// maxTables is how many tables of a document are counted side by side; the
// longest unused is judged when another one comes.
const maxTables = 256

// A document is what is being counted of one object: a tally for its running
// text and one for each of its tables.
type document struct {
	tree   *tree
	path   string
	tables []*table // least recently used first
}

// A table is a data set being counted. Workers count blocks by themselves and
// add them under the lock.
type table struct {
	name    string
	working sync.WaitGroup // blocks given away

	mu       sync.Mutex
	tally    *Tally
	editions []edition
	shapes   map[uint32]int // of running text; nil in a table

	// The rest is the reader's: what decides is looked at block by block, in
	// order, before others count.
	studying bool
	printed  bool  // the tally has what the first rows had
	until    int64 // row up to which it is studied
	texts    int64 // bytes of a table's text that the detectors of prose saw
	columns  []watch
	titles   int // titles that the tally has
	nth      map[string]int
	blocks   int
	extended int     // blocks that extended the study
	rows     int     // studied ones that were watched
	sampled  int     // rows watched behind them
	due      float64 // rows to be watched
	asked    int     // cells all detectors were asked about
	counted  int     // columns counted in every row because they changed
}

// An edition is a study made ready, from one row of the table on: what comes up
// later is in the next one. Tallies count by the numbers of columns, sets and
// pairs, and an edition only adds to those of the one before, so that blocks may
// be counted by any of them, in any order.
type edition struct {
	from, until int64 // rows; those from until on are not studied
	full, fast  *plan // for studied rows, and behind them
}

// edition returns the edition by which a row is counted, and the row where the
// next one begins.
func (t *table) edition(row int64) (edition, int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i, next := len(t.editions)-1, int64(math.MaxInt64)
	for ; i > 0 && t.editions[i].from > row; i-- {
		next = t.editions[i].from
	}
	return t.editions[i], next
}

func newTable(path, name string, running bool) *table {
	t := &table{name: name, tally: &Tally{Object: path, Table: name}, nth: make(map[string]int)}
	if running {
		t.tally.Documents = 1
		t.shapes = make(map[uint32]int)
	}
	return t
}

// table returns the table a block belongs to. Running text has no ruler; it is
// one data set however it lies between tables.
func (d *document) table(w *worker, b *Block) *table {
	running := b.Ruler == (Ruler{})
	name := b.Table
	if running {
		name = ""
	}
	for i := len(d.tables) - 1; i >= 0; i-- {
		if t := d.tables[i]; t.name == name && (t.shapes != nil) == running {
			copy(d.tables[i:], d.tables[i+1:])
			d.tables[len(d.tables)-1] = t
			return t
		}
	}
	if len(d.tables) == maxTables {
		d.finish(w, d.tables[:1])
		d.tables = append(d.tables[:0], d.tables[1:]...)
	}
	t := newTable(d.path, name, running)
	d.tables = append(d.tables, t)
	return t
}

// block scans a block, or gives a copy of it to an idle worker. The rows that
// decide a table are scanned in place, one block after the other.
func (d *document) block(w *worker, b *Block) error {
	if err := d.tree.ctx.Err(); err != nil {
		return err
	}
	t := d.table(w, b)
	if t.shapes == nil {
		t.study(w, b)
	}
	if t.studying || !w.run.offerBlock(d, t, b) {
		w.scan(t, b, t.studying)
	}
	return nil
}

// finish judges tables of which no more blocks will come. Blocks that nobody
// took are scanned first.
func (d *document) finish(w *worker, tables []*table) {
	for {
		select {
		case scan := <-d.tree.run.blocks:
			scan(w)
			continue
		default:
		}
		break
	}
	for _, t := range tables {
		t.working.Wait()
		t.close(w)
		d.tree.tallied(t.tally)
	}
}

// scan counts one block. studying: it is of the rows that decide, and who reads
// the document scans it.
func (w *worker) scan(t *table, b *Block, studying bool) {
	w.run.Progress.scanned.Add(int64(len(b.Text)))
	w.block = b.Text
	if t.shapes != nil {
		w.scanText(t, b)
		return
	}
	w.text.Reset(b.Text, b.Ruler.Cell, b.Ruler.Row, b.Ruler.Quote)
	w.sieve()
	w.flow.clear()
	for _, d := range w.run.book.sieve {
		w.flow.add(d, w.lists[d])
	}
	if studying {
		w.prose(t, b)
	}
	for pos, done := 0, int64(0); pos < len(b.Text); {
		row := b.At + done
		e, next := t.edition(row)
		pl := e.fast
		studied := row < e.until
		if studied {
			pl, next = e.full, min(next, e.until)
		}
		t.mu.Lock()
		w.part.reset(pl, t.tally)
		t.mu.Unlock()
		stop, rows := w.walk(pl, b.Text, b.Ruler, pos, row, next)
		if stop == len(b.Text) {
			rows = int64(b.Rows) - done
		}
		w.part.rows = rows
		if studied {
			w.part.studied = rows
			w.run.Progress.studied.Add(int64(stop - pos))
		}
		t.add(w, pl, b.Text, stop-pos)
		pos, done = stop, done+rows
	}
}

// sieve runs the detectors that see every byte over the text in hand.
func (w *worker) sieve() {
	for _, d := range w.run.book.sieve {
		w.lists[d] = w.run.book.detectors[d].Find(w.lists[d][:0], &w.text)
	}
}

// prose lets the other detectors look at the text of a table's first rows, for
// what stands inside of cells: remarks, reasons.
func (w *worker) prose(t *table, b *Block) {
	n := len(b.Text)
	if !w.run.Whole {
		n = min(n, int(studyText-t.texts))
	}
	if n == 0 {
		return
	}
	t.texts += int64(n)
	w.probe.Reset(b.Text[:n], b.Ruler.Cell, b.Ruler.Row, b.Ruler.Quote)
	for _, d := range w.run.book.prose {
		w.lists[d] = w.run.book.detectors[d].Find(w.lists[d][:0], &w.probe)
		w.flow.add(d, w.lists[d])
	}
}

// add adds the part that a worker has counted in n bytes of text.
func (t *table) add(w *worker, pl *plan, text []byte, n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p, tally := &w.part, t.tally
	tally.Rows += p.rows
	tally.Studied += p.studied
	tally.Bytes += int64(n)
	for i := range pl.slots {
		c := tally.column(pl.slots[i].col)
		c.Filled += p.filled[i]
		c.Seen += p.rows
		if pl.slots[i].asks {
			c.Studied += p.filled[i]
		}
		for _, v := range p.values[i] {
			c.Values.Add(v, 1)
		}
	}
	t.addMarks(w, text)
	for i, n := range p.births {
		if n > 0 {
			if tally.Births == nil {
				tally.Births = make([]uint32, months)
			}
			tally.Births[i] += n
		}
	}
	for i := range pl.sets {
		p.sets[i].into(&tally.Unique[i])
	}
	p.people.into(&tally.People)
	for i := range pl.pairs {
		tally.Agree[i].Rows += p.agree[i].Rows
		tally.Agree[i].Held += p.agree[i].Held
	}
}

func (t *table) addMarks(w *worker, text []byte) {
	g := &w.part.grid
	for _, i := range g.touched {
		m, det := &g.marks[i], &w.run.book.detectors[i%g.width]
		n := t.tally.column(i / g.width).count(det.Kind)
		n.Matches += int64(m.matches)
		n.Valid += int64(m.valid)
		n.Whole += int64(m.whole)
		for _, at := range m.at[:m.samples] {
			if len(n.Samples) == maxSamples {
				break
			}
			if s := Masked(det, text[at.Start:at.End]); !slices.Contains(n.Samples, s) {
				n.Samples = append(n.Samples, s)
			}
		}
	}
}

// Masked returns what may be shown of v.
func Masked(d *detectors.Detector, v []byte) string {
	if d.Mask == nil {
		return string(bytes.Map(func(r rune) rune {
			if r == ' ' || r == '-' || r == '/' {
				return r
			}
			return '•'
		}, v))
	}
	return string(d.Mask(nil, v))
}
