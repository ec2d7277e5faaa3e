package format

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strconv"

	"vigie/scanner"
)

// A document is text on its way through a slab: running text with tables in it,
// or a table with running text before and behind. Whole records are handed over
// where they were read. It is either in a table or in running text.
type document struct {
	ctx   context.Context
	yield func(*scanner.Block) error
	sniff bool // it may begin with a table
	named bool // its name says that it does

	in     slab
	block  scanner.Block
	row    byte   // what ends lines
	table  *table // nil in running text
	last   *table // the one before
	tables int    // tables begun
	line   int64  // lines handed over
}

// read hands over the blocks of r. An error of r is returned when all that came
// before it has been handed over.
func (d *document) read(r io.Reader) error { return d.readSized(r, slabSize) }

func (d *document) readSized(r io.Reader, size int) error {
	d.in.open(decode(r), size)
	defer d.in.close()
	d.in.more(size)
	if err := d.open(); err != nil {
		return err
	}
	for {
		if d.in.done && d.in.lo == d.in.hi {
			return fault(d.in.err)
		}
		if err := d.ctx.Err(); err != nil {
			return err
		}
		step := d.prose
		if d.table != nil {
			step = d.rows
		}
		if err := step(); err != nil {
			return err
		}
	}
}

// open looks for a table at the beginning.
func (d *document) open() error {
	head := d.in.text()
	whole := d.in.done && len(head) <= headSize
	head = head[:min(len(head), headSize)]
	d.row = rowByte(head)
	if !d.sniff {
		return nil
	}
	found, ok := sniff(head, whole, d.named)
	if !ok {
		d.sniff = false
		return nil
	}
	if err := d.running(found.first); err != nil {
		return err
	}
	return d.begin(found.dialect, false)
}

// begin begins a table with the next record. A table that goes on like the one
// before, after a few other lines, is the same table.
func (d *document) begin(as dialect, strict bool) error {
	if len(d.in.text()) < headSize {
		d.in.more(d.in.size)
	}
	text := d.in.text()
	if as.columns == 0 {
		_, seps := as.record(text, d.in.done)
		as.columns = seps + 1
	}
	titles, n := as.titles(text, d.in.done)
	if n > 0 && d.in.done && len(bytes.TrimSpace(text[n:])) == 0 {
		d.table = nil
		return d.running(n) // titles without rows are text
	}
	switch old := d.last; {
	case old != nil && old.dialect == as && (n == 0 || slices.Equal(titles, old.titles)):
		d.table = old
	default:
		d.table = &table{dialect: as, name: d.name(), titles: titles, strict: strict}
		d.tables++
	}
	d.table.fresh, d.table.reach = true, recordSize
	if d.tables > 1 || strict {
		d.table.reach = pieceSize
	}
	d.table.only = d.tables >= needMax
	d.line += int64(bytes.Count(text[:n], []byte{d.row}))
	d.drop(n)
	return nil
}

// name names the next table: "", "2", "3" in a document of tables, "line N" in
// running text.
func (d *document) name() string {
	switch {
	case !d.sniff:
		return "line " + strconv.FormatInt(d.line+1, 10)
	case d.tables == 0:
		return ""
	}
	return strconv.Itoa(d.tables + 1)
}

func (d *document) drop(n int) { d.in.drop(n) }

// running hands over the first n bytes as running text. Blanks alone are not
// handed over.
func (d *document) running(n int) error {
	for n > 0 {
		text := d.in.text()[:n]
		if len(text) > pieceMax {
			text = text[:softCut(text[:pieceMax])]
		}
		d.block = scanner.Block{Text: text, At: d.in.off}
		d.line += int64(bytes.Count(text, []byte{d.row}))
		if len(bytes.TrimSpace(text)) > 0 {
			if err := d.yield(&d.block); err != nil {
				return err
			}
		}
		n -= len(text)
		d.drop(len(text))
	}
	return nil
}
