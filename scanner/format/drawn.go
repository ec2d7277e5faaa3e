package format

import (
	"bytes"
	"context"
	"strconv"

	"vigie/scanner"
)

var drawnFormat = scanner.Format{
	Name: "drawn table",
	Doc: `tables that consoles draw: mysql -t, psql, sqlite3, DuckDB, Markdown

Rows between bars, with a rule below the titles and, in some, around the table or
between its rows: of - + = | : or of box-drawing characters. Rules are no rows, and
cells have no blanks around them. Several tables in a row are tables of their own.
Other lines are read as running text; a document that is mostly prose is text.`,
	Match: func(_ string, head []byte) bool {
		text := headText(head)
		return text != nil && isDrawn(text, len(head) < headSize)
	},
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		return readDrawn(ctx, decode(c.Stream()), slabSize, yield)
	},
}

const drawnTables = 1000 // of a document; the lines of others are running text

// isDrawn reports whether four lines of five are rows or rules, and a rule stands
// below the first row or, where that is followed by types, the second.
func isDrawn(head []byte, whole bool) bool {
	row := rowByte(head)
	if !whole {
		head = head[:bytes.LastIndexByte(head, row)+1]
	}
	lines, drawn, rows, titled := 0, 0, 0, false
	for len(head) > 0 && lines < 200 {
		n := bytes.IndexByte(head, row) + 1
		if n == 0 {
			n = len(head)
		}
		line := unended(head[:n])
		head = head[n:]
		switch {
		case len(line) == 0:
			continue
		case isRule(line):
			titled = titled || rows == 1 || rows == 2
			drawn++
		case bytes.Contains(line, barOf(line)):
			rows++
			drawn++
		}
		if lines++; lines == 12 && !titled {
			return false
		}
	}
	return titled && rows > 1 && 10*drawn >= 8*lines-10
}

// isRule reports whether a line is one that a table is drawn with.
func isRule(line []byte) bool {
	if len(line) < 3 || bytes.IndexByte([]byte("-+=|: "), line[0]) < 0 && line[0] != 0xE2 {
		return false
	}
	long, joints := 0, 0
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '-' || c == '=':
			long++
		case c == '+' || c == '|':
			joints++
		case c == ':' || c == ' ':
		case c == 0xE2 && i+2 < len(line) && (line[i+1] == 0x94 || line[i+1] == 0x95):
			if i += 2; line[i-1] == 0x94 && line[i] <= 0x81 || line[i-1] == 0x95 && line[i] == 0x90 {
				long++
			} else {
				joints++
			}
		default:
			return false
		}
	}
	return long >= 2 && joints > 0
}

// barOf returns what stands between the cells of a line.
func barOf(line []byte) []byte {
	for _, bar := range [...]string{"│", "║", "┃"} {
		if bytes.Contains(line, []byte(bar)) {
			return []byte(bar)
		}
	}
	return []byte{'|'}
}

// A drawnReader reads the tables of a document one after the other. A row is held
// until the next line is seen: a rule below may make titles of it.
type drawnReader struct {
	lined
	grid   *grid  // of the table at hand; nil outside of one
	titles []byte // its title row, until a row follows
	boxed  bool   // it has rules above and below
	bars   int    // of its rows
	ruled  bool   // no row came since the last rule
	held   []byte // nil: none
	below  bool   // a rule is right above it
	tables int
	cells  [][]byte
}

func readDrawn(ctx context.Context, src *decoder, size int, yield func(*scanner.Block) error) error {
	d := drawnReader{lined: lined{ctx: ctx, yield: yield}}
	return d.lined.read(src, size, d.read, func() error {
		d.release()
		d.leave()
		return d.stop
	})
}

// read reads a line. It reports false where that is no part of a table.
func (d *drawnReader) read(line []byte) bool {
	switch {
	case isRule(line):
		d.rule(line[0] == '+' || line[0] == 0xE2)
		return true
	case !bytes.Contains(line, barOf(line)):
		if d.ruled && d.boxed {
			d.leave()
		}
		return len(line) == 0
	case d.grid == nil && d.held != nil && d.below: // types of columns, below their titles
		d.aside(line)
		return true
	}
	d.release()
	d.held, d.below, d.ruled = bytes.Clone(line), d.ruled, false
	return true
}

// rule takes a rule. corners: it begins with one, as those around a table do.
func (d *drawnReader) rule(corners bool) {
	switch {
	case d.held != nil && (d.grid == nil || !d.boxed && !corners):
		d.leave()
		d.begin(corners)
	case d.ruled && d.held == nil:
		d.leave()
	}
	d.release()
	d.ruled = true
}

// begin begins a table whose titles are held.
func (d *drawnReader) begin(boxed bool) {
	if d.tables == drawnTables {
		return
	}
	name := ""
	if d.tables++; d.tables > 1 {
		name = strconv.Itoa(d.tables)
	}
	d.bars, d.boxed = bytes.Count(d.held, barOf(d.held)), boxed
	d.grid = &grid{ctx: d.ctx, yield: d.yield, name: name, titles: joined(d.split())}
	d.titles, d.held = d.held, nil
}

// leave ends the table at hand. Titles without rows are text.
func (d *drawnReader) leave() {
	if d.grid == nil {
		return
	}
	if d.titles != nil {
		d.aside(d.titles)
	}
	if err := d.grid.flush(); err != nil && d.stop == nil {
		d.stop = err
	}
	d.grid, d.titles = nil, nil
}

// release lays down the row that is held; one of another form is text.
func (d *drawnReader) release() {
	if d.held == nil {
		return
	}
	if d.grid == nil || bytes.Count(d.held, barOf(d.held)) != d.bars {
		d.odd++
		d.aside(d.held)
		d.held = nil
		return
	}
	for _, c := range d.split() {
		if string(c) == "NULL" {
			c = nil
		}
		d.grid.value(c)
	}
	d.held, d.titles = nil, nil
	if err := d.grid.endRow(); err != nil && d.stop == nil {
		d.stop = err
	}
}

// split returns the cells of the line that is held.
func (d *drawnReader) split() [][]byte {
	line, bar := d.held, barOf(d.held)
	if inner, framed := bytes.CutPrefix(line, bar); framed {
		line = bytes.TrimSuffix(inner, bar)
	}
	d.cells = d.cells[:0]
	for {
		cell, rest, more := bytes.Cut(line, bar)
		d.cells = append(d.cells, bytes.TrimSpace(cell))
		if line = rest; !more {
			return d.cells
		}
	}
}
