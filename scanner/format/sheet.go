package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"strconv"
	"strings"

	"vigie/scanner"
)

const (
	sheetColumns  = scanner.MaxColumns // of a row; what lies further right is running text
	sheetTitles   = 50                 // rows that are held back until the titles are known
	sheetLead     = 64 << 10           // and their bytes
	sheetBefore   = 12                 // rows that may stand before the titles
	sheetSparse   = 1 << 20            // delimiters of empty cells beyond four times what was read
	sheetRepeated = 16 << 20           // bytes that repeat beyond four times what was read
	sheetLaid     = 1 << 30            // bytes of rows beyond 250 times what was read
)

// A sheet lays the rows of a spreadsheet end to end. Rows without a cell are left
// out. Lines before the title row are running text, and so is what has no room
// in its row. Titles are those that the same rows would have in a CSV.
type sheet struct {
	ctx    context.Context
	yield  func(*scanner.Block) error
	stop   error // of yield: nothing more is handed over
	name   string
	titles []string

	text   []byte // rows that were not handed over
	rows   int    // whole ones in text
	from   int    // where the row at hand begins
	column int    // of its last cell
	at     int64  // rows handed over
	ready  bool   // the titles are known
	pads   int64  // delimiters of empty cells
	sparse bool   // there were too many: rows are running text
	form   bool   // rows are names with their values: running text

	repeated int64 // bytes of rows and cells that repeat
	laid     int64 // bytes of rows

	other   []byte // running text that was not handed over
	otherAt int64
}

// begin begins a table.
func (s *sheet) begin(name string) {
	s.name, s.titles, s.ready, s.at, s.sparse, s.form = name, nil, false, 0, false, false
	s.column = -1
}

// open begins a cell of the row at hand, whose text is then appended to s.text and
// closed by shut. It reports false where the cell has no room: its text belongs in
// aside.
func (s *sheet) open(column int) bool {
	switch {
	case column >= sheetColumns, s.sparse, len(s.text)-s.from > recordSize:
		return false
	case column <= s.column: // out of order, or twice the same
		s.text = append(s.text, ' ')
		return true
	}
	if gap := column - s.column; gap > 1 {
		s.pads += int64(gap - 1)
		if s.column < 0 {
			gap--
		}
		for range gap {
			s.text = append(s.text, 0x1F)
		}
	} else if column > 0 {
		s.text = append(s.text, 0x1F)
	}
	s.column = column
	return true
}

// put adds a cell.
func (s *sheet) put(column int, v []byte) {
	if len(v) == 0 {
		return
	}
	v = v[:min(len(v), xmlCell)]
	if !s.open(column) {
		s.aside(v)
		return
	}
	at := len(s.text)
	s.text = append(s.text, v...)
	noDelimiters(s.text[at:])
}

// noDelimiters replaces those of the ruler in a value.
func noDelimiters(v []byte) {
	for i := 0; i < len(v); {
		for ; i+8 <= len(v); i += 8 { // is one of eight bytes, but for its last bit, 0x1E?
			w := (binary.LittleEndian.Uint64(v[i:]) &^ lowBits) ^ 0x1E*lowBits
			if (w-lowBits)&^w&highBits != 0 {
				break
			}
		}
		for end := min(i+8, len(v)); i < end; i++ {
			if v[i]&^1 == 0x1E {
				v[i] = ' '
			}
		}
	}
}

const lowBits = 0x0101010101010101

// aside adds running text.
func (s *sheet) aside(v []byte) {
	s.other = append(append(s.other, v...), '\n')
	if len(s.other) >= slabSize {
		s.flushOther()
	}
}

// endRow ends the row at hand. read: bytes of the object that it and all before
// took.
func (s *sheet) endRow(read int64) {
	s.sparse = s.pads > 4*read+sheetSparse
	if s.column < 0 {
		return
	}
	s.text = append(s.text, 0x1E)
	s.from, s.column = len(s.text), -1
	s.rows++
	switch {
	case !s.ready && (s.rows >= sheetTitles || len(s.text) >= sheetLead):
		s.decide(false)
	case s.ready && len(s.text) >= slabSize:
		s.flush()
		if s.laid > sheetLaid+partRatio*read && s.stop == nil {
			s.stop = &scanner.Problem{Reason: scanner.Ratio, Detail: "its cells expand further than the limit"}
		}
	}
}

// repeatRow ends the row at hand as endRow does, n times. It returns how often it
// was laid down: what repeats may not come to more than four times what was read.
func (s *sheet) repeatRow(n int, read int64) int {
	if s.column < 0 {
		return n
	}
	if n == 1 {
		s.endRow(read)
		return 1
	}
	column := s.column
	row := append([]byte(nil), s.text[s.from:]...)
	s.endRow(read)
	for i := 1; i < n; i++ {
		if s.repeated += int64(len(row)); s.repeated > 4*read+sheetRepeated || s.stop != nil {
			return i
		}
		s.text, s.column = append(s.text, row...), column
		s.endRow(read)
	}
	return n
}

// finish ends the table and hands over the rest of it.
func (s *sheet) finish(read int64) error {
	s.endRow(read)
	if !s.ready {
		s.decide(true)
	}
	s.flush()
	s.flushOther()
	return s.stop
}

// flush hands over the rows that were laid down.
func (s *sheet) flush() {
	if s.form {
		s.pairs()
		s.flushOther()
	} else if s.rows > 0 && s.stop == nil {
		if s.stop = s.ctx.Err(); s.stop == nil {
			s.stop = s.yield(&scanner.Block{
				Table: s.name, Titles: s.titles, Text: s.text, At: s.at, Rows: s.rows,
				Ruler: scanner.Ruler{Cell: 0x1F, Row: 0x1E},
			})
		}
	}
	s.at += int64(s.rows)
	s.laid += int64(len(s.text))
	s.text, s.rows, s.from = s.text[:0], 0, 0
	if cap(s.text) > 4*slabSize {
		s.text = nil
	}
}

func (s *sheet) flushOther() {
	if len(bytes.TrimSpace(s.other)) > 0 && s.stop == nil {
		s.stop = s.yield(&scanner.Block{Text: s.other, At: s.otherAt})
	}
	s.otherAt += int64(len(s.other))
	s.other = s.other[:0]
}

// columnOf reads the letters of a reference (A1, XFD7) as a column from 0; -1
// where there are none.
func columnOf(ref []byte) int {
	n := 0
	for i, c := range ref {
		c |= 0x20
		if !isLower(c) || i == 4 {
			break
		}
		n = n*26 + int(c-'a') + 1
	}
	return n - 1
}

// sheetNames gives tables names that are not the same.
type sheetNames map[string]int

func (names sheetNames) of(name, state string) string {
	name = strings.Join(strings.Fields(strings.ToValidUTF8(name, "\uFFFD")), " ")
	switch state {
	case "hidden":
		name += " (hidden)"
	case "veryHidden":
		name += " (very hidden)"
	}
	names[name]++
	if n := names[name]; n > 1 {
		name += " (" + strconv.Itoa(n) + ")"
	}
	return name
}
