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
	full     *plan // for studied rows
	fast     *plan // behind them
	shapes   map[uint32]int
	texts    int64 // bytes of a table's text that the detectors of prose saw
	studying bool
}

func newTable(path, name string, running bool) *table {
	t := &table{name: name, studying: true, tally: &Tally{Object: path, Table: name}}
	if running {
		t.tally.Documents = 1
		t.shapes = make(map[uint32]int)
		t.studying = false
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
	if t.studying || !w.run.offerBlock(d, t, b) {
		w.scan(t, b)
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
		d.tree.tallied(t.tally)
	}
}

// scan counts one block.
func (w *worker) scan(t *table, b *Block) {
	w.run.Progress.scanned.Add(int64(len(b.Text)))
	w.block = b.Text
	if t.shapes != nil {
		w.scanText(t, b)
		return
	}
	if t.full == nil {
		t.decide(w, b)
	}
	w.text.Reset(b.Text, b.Ruler.Cell, b.Ruler.Row, b.Ruler.Quote)
	w.sieve()
	w.flow.clear()
	for _, d := range w.run.book.sieve {
		w.flow.add(d, w.lists[d])
	}
	if t.studying {
		w.prose(t, b)
	}
	for pos, done := 0, int64(0); pos < len(b.Text); {
		pl, most := t.fast, int64(math.MaxInt64)
		if t.studying {
			pl, most = t.full, studyRows-t.tally.Studied
		}
		t.mu.Lock()
		w.part.reset(pl, t.tally)
		t.mu.Unlock()
		stop, rows := w.walk(pl, b.Text, b.Ruler, pos, b.At+done, most)
		if stop == len(b.Text) {
			rows = int64(b.Rows) - done
		}
		w.part.rows = rows
		if t.studying {
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
	if t.texts >= studyText {
		return
	}
	n := min(len(b.Text), int(studyText-t.texts))
	t.texts += int64(n)
	w.probe.Reset(b.Text[:n], b.Ruler.Cell, b.Ruler.Row, b.Ruler.Quote)
	for _, d := range w.run.book.prose {
		w.lists[d] = w.run.book.detectors[d].Find(w.lists[d][:0], &w.probe)
		w.flow.add(d, w.lists[d])
	}
}

// decide makes the study of a table from its first block.
func (t *table) decide(w *worker, b *Block) {
	book := w.run.book
	var rows [][][]byte
	cells := 0
	for pos := 0; pos < len(b.Text) && len(rows) < decideRows && (cells < decideCells || len(rows) < 20); {
		end, quoted := b.Ruler.rowEnd(b.Text, pos)
		if end > pos {
			rows = append(rows, b.Ruler.split(nil, b.Text, pos, end, quoted))
			cells += len(rows[len(rows)-1])
		}
		pos = end + 1
	}
	study, named := book.decide(b.Titles, rows, &w.run.key)
	t.full, t.fast = book.plan(study, true), book.plan(study, false)
	t.tally.Study = study
	t.tally.Unique = make([]BottomK, len(study.Sets))
	for _, p := range study.Pairs {
		t.tally.Agree = append(t.tally.Agree, Agreement{Relation: p.Relation})
	}
	seen := make(map[string]int)
	for i := range study.Kinds {
		c := t.tally.column(i)
		if i < len(b.Titles) {
			c.Title = w.run.mask.title(b.Titles[i])
			c.Nth = seen[c.Title]
			seen[c.Title]++
		}
		c.Named = named[i]
	}
	t.tally.Table = w.run.mask.title(t.name)
}

// add adds the part that a worker has counted in n bytes of text.
func (t *table) add(w *worker, pl *plan, text []byte, n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p, tally := &w.part, t.tally
	tally.Rows += p.rows
	tally.Studied += p.studied
	tally.Bytes += int64(n)
	if t.studying && tally.Studied >= studyRows {
		t.studying = false // blocks are given away only from now on, so nobody else looks
	}
	for i := range pl.slots {
		c := tally.column(pl.slots[i].col)
		c.Filled += p.filled[i]
		c.Seen += p.rows
		if p.studied > 0 {
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
