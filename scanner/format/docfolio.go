package format

import (
	"bytes"
	"context"
	"strconv"

	"vigie/scanner"
)

const (
	folioTables = 64       // tables in one another that are told apart
	folioText   = 64 << 10 // bytes of a cell or note; the rest is running text
	folioLine   = slabSize // and of a paragraph
	folioSpan   = 1 << 12  // columns that a cell takes
)

// A folio lays down what a word processor wrote: paragraphs are lines of running
// text, tables are tables. A table of fewer than seamRows rows, or one that is
// a form of labels and values, is running text: "label: value", under titles
// "title: cell". A table that goes on under the titles of the one before it is the
// same. A table that has others in it lays out the page: its cells are lines. Notes,
// comments and text boxes (aside > 0) stand behind the paragraph they belong to.
// Memory: a slab, and the rows until titles are known.
type folio struct {
	sheet sheet
	read  func() int64 // bytes of the object that were read

	line  []byte // the paragraph at hand
	cell  []byte // the cell at hand
	notes []byte // what stands behind it
	aside int    // text boxes and the like that are open

	open    []byte // tables that are open, by what is done with them
	deeper  int    // and those in them
	count   int    // tables that were handed over
	column  int    // of the cell at hand, or the next
	span    int    // columns it takes
	inCell  bool
	first   bool // row of a table
	pending bool // the table before may go on
}

// What is done with a table.
const (
	tableRows   = iota // laid down as rows
	tableLayout        // its cells are lines
	tableInner         // it is text in a cell or note
)

func openFolio(ctx context.Context, yield func(*scanner.Block) error, read func() int64) *folio {
	return &folio{sheet: sheet{ctx: ctx, yield: yield, column: -1}, read: read}
}

// here returns where text belongs.
func (f *folio) here() *[]byte {
	switch {
	case f.aside > 0:
		return &f.notes
	case f.inCell:
		return &f.cell
	}
	return &f.line
}

// write adds text.
func (f *folio) write(s string) {
	v := f.here()
	*v = append(*v, s...)
}

// check sees to it that no text grows without bounds.
func (f *folio) check() {
	if len(f.notes) > folioText {
		f.endNotes()
	}
	if len(f.cell) > folioText {
		f.lay(f.cell)
		f.cell = f.cell[:0]
	}
	if len(f.line) > folioLine {
		n := softCut(f.line)
		f.sheet.other = append(f.sheet.other, f.line[:n]...)
		f.line = f.line[:copy(f.line, f.line[n:])]
	}
	if len(f.sheet.other) >= slabSize {
		f.sheet.flushOther()
	}
}

// endLine ends a paragraph.
func (f *folio) endLine() {
	v := f.here()
	if v == &f.line {
		f.lay(f.line)
		f.line = f.line[:0]
		f.endNotes()
	} else if n := len(*v); n > 0 && (*v)[n-1] != '\n' {
		*v = append(*v, '\n')
	}
	f.check()
}

// note adds a line behind the paragraph at hand.
func (f *folio) note(v []byte) {
	if len(bytes.TrimSpace(v)) > 0 {
		f.notes = append(append(f.notes, v...), '\n')
	}
}

// pop ends a text box or the like.
func (f *folio) pop() {
	if n := len(f.notes); f.aside > 0 && n > 0 && f.notes[n-1] != '\n' {
		f.notes = append(f.notes, '\n')
	}
	f.aside = max(0, f.aside-1)
}

// rest ends what is at hand, where there is anything.
func (f *folio) rest() {
	if len(f.line) > 0 {
		f.endLine()
	}
	f.endNotes()
}

func (f *folio) endNotes() {
	if len(f.notes) > 0 {
		f.lay(f.notes)
	}
	f.notes = f.notes[:0]
}

// lay adds lines of running text; of empty ones no more than one.
func (f *folio) lay(v []byte) {
	v = bytes.TrimRight(v, "\n")
	other := f.sheet.other
	if len(bytes.TrimSpace(v)) == 0 {
		if n := len(other); n < 2 || other[n-1] == '\n' && other[n-2] == '\n' {
			return
		}
		v = nil
	}
	f.sheet.other = append(append(other, v...), '\n')
}

// mode returns what is done with the innermost table; tableInner beyond those that
// are told apart, tableLayout outside of any.
func (f *folio) mode() byte {
	switch n := len(f.open); {
	case f.deeper > 0:
		return tableInner
	case n > 0:
		return f.open[n-1]
	}
	return tableLayout
}

func (f *folio) beginTable() {
	mode := byte(tableRows)
	switch {
	case len(f.open) == folioTables:
		f.deeper++
		return
	case f.aside > 0, len(f.open) > 0 && f.mode() == tableInner:
		mode = tableInner
	case len(f.open) > 0 && f.mode() == tableRows && f.sheet.ready && !f.first:
		mode = tableInner
	case len(f.open) > 0 && f.mode() == tableRows:
		f.dissolve()
		f.open[len(f.open)-1] = tableLayout
	}
	if mode == tableRows {
		if f.rest(); !f.pending {
			f.begin()
		}
		f.first, f.column = true, 0
	}
	f.open = append(f.open, mode)
}

// begin begins a table of rows.
func (f *folio) begin() {
	f.sheet.begin("table " + strconv.Itoa(f.count+1))
	f.pending = false
}

func (f *folio) beginRow() {
	if f.mode() == tableRows && len(f.open) > 0 {
		f.column = 0
	}
}

// beginCell begins a cell that takes so many columns.
func (f *folio) beginCell(span int) {
	if len(f.open) > 0 && f.mode() == tableRows && f.aside == 0 {
		f.inCell, f.span, f.cell = true, max(1, min(span, folioSpan)), f.cell[:0]
	}
}

func (f *folio) endCell() {
	switch f.mode() {
	case tableRows:
		if !f.inCell || f.aside > 0 {
			return
		}
		f.inCell = false
		f.sheet.put(f.column, bytes.TrimSpace(f.cell))
		f.column = min(f.column+f.span, 1<<30)
		f.cell = f.cell[:0]
	case tableInner:
		if v := f.here(); len(*v) > 0 {
			*v = append(bytes.TrimRight(*v, "\n"), '\t')
		}
	default:
		if len(f.line) > 0 {
			f.endLine()
		}
	}
	f.check()
}

func (f *folio) endRow() {
	switch f.mode() {
	case tableRows:
		f.endCell()
		if len(f.notes) > 0 && f.aside == 0 {
			f.endNotes()
		}
		if f.sheet.column < 0 {
			return
		}
		if f.pending && f.first {
			f.goOn()
		}
		f.first = false
		f.sheet.endRow(f.read())
	case tableInner:
		f.endLine()
	}
}

// goOn tells by the first row of a table whether the one before goes on in it.
func (f *folio) goOn() {
	s := &f.sheet
	row := append([]byte(nil), s.text[s.from:]...)
	s.text = s.text[:s.from]
	cells := bytes.Split(row, []byte{0x1F})
	same, values := len(cells) == len(s.titles), false
	for i, t := range joined(cells) {
		same = same && t == s.titles[i]
		values = values || isValue(cells[i])
	}
	column := s.column
	switch s.column = -1; {
	case same: // the titles again
		return
	case len(cells) == len(s.titles) && len(cells) > 2 && values:
	default:
		s.finish(f.read())
		f.begin()
	}
	s.text, s.column = append(s.text, row...), column
}

func (f *folio) endTable() {
	switch n := len(f.open); {
	case f.deeper > 0:
		f.deeper--
		return
	case n == 0:
		return
	case f.open[n-1] == tableRows:
		f.endRow()
		s := &f.sheet
		if f.first { // it has no row
			break
		}
		if !s.ready && (s.rows < seamRows || isForm(rowsOf(s.text))) {
			f.dissolve()
			break
		}
		if !s.ready {
			s.decide(true)
		}
		if !f.pending {
			f.count++
			f.pending = true
		}
	}
	f.open = f.open[:len(f.open)-1]
}

// finish hands over what is left.
func (f *folio) finish() error {
	for f.aside = 0; len(f.open) > 0 || f.deeper > 0; {
		f.endTable()
	}
	f.rest()
	if f.pending {
		f.pending = false
		f.sheet.finish(f.read())
	}
	f.sheet.flushOther()
	return f.sheet.stop
}
