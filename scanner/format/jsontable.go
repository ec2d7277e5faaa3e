package format

import (
	"strconv"
	"strings"

	"vigie/scanner"
)

// A jsonNode is a path, met in a table or in objects that appear once.
type jsonNode struct {
	name  string
	up    *jsonNode
	root  bool // the objects of a table; up is the path of the table
	place int  // among the keys of its object
	order []*jsonNode
	index map[string]*jsonNode
	next  int // of order: the key that comes next if objects are alike

	table  *jsonTable // of the objects in the array with this path
	grid   *jsonTable // of the arrays in it
	column int        // in the row of its table; 0: none yet, otherwise one more; -1: there is no room
}

// path returns the whole path, from the top of the document.
func (n *jsonNode) path() string {
	var names []string
	for ; n != nil; n = n.up {
		if !n.root && n.name != "" {
			names = append(names, n.name)
		}
	}
	return joinPath(names)
}

// title returns the path from the rows of its table.
func (n *jsonNode) title() string {
	var names []string
	for ; n != nil && !n.root; n = n.up {
		names = append(names, n.name)
	}
	return joinPath(names)
}

// joinPath joins names, the last one first, as a title: valid UTF-8, white space
// joined.
func joinPath(names []string) string {
	var b strings.Builder
	for i := len(names) - 1; i >= 0; i-- {
		b.WriteString(names[i])
		if i > 0 {
			b.WriteByte('.')
		}
		if b.Len() > 4*jsonKey {
			break
		}
	}
	return joined([][]byte{[]byte(b.String())})[0]
}

// child returns the path of a key in the object at n; nil where there is no room
// to remember it.
func (j *jsonReader) child(n *jsonNode, key []byte) *jsonNode {
	if n == nil {
		return nil
	}
	if n.next >= len(n.order) {
		n.next = 0
	}
	if n.next < len(n.order) && n.order[n.next].name == string(key) {
		n.next++
		return n.order[n.next-1]
	}
	if at := n.index[string(key)]; at != nil {
		n.next = at.place + 1
		return at
	}
	if j.paths++; j.paths > jsonPaths || j.kept+len(key) > jsonNames || len(key) > jsonKey/2 {
		return nil
	}
	j.kept += len(key)
	at := &jsonNode{name: string(key), up: n, place: len(n.order)}
	if n.index == nil {
		n.index = make(map[string]*jsonNode)
	}
	n.index[at.name] = at
	n.order = append(n.order, at)
	n.next = len(n.order)
	return at
}

// A jsonTable gathers rows. A row is written cell by cell in the order of the
// document, and put in the order of the columns when it ends.
type jsonTable struct {
	name       string
	root       *jsonNode
	key, value *jsonNode // columns of an object whose keys are data
	titles     []string
	bare       bool  // without titles, unless they are its first row
	at         int64 // rows handed over
	rows       int   // in text
	text       []byte

	row    []byte // the cells of the row at hand
	cells  []jsonCell
	cell   int   // the one at hand
	filled []int // columns of the row at hand, in the order of the document
	last   int   // the last of them, counted from 1
	lent   []jsonLent
}

// A jsonCell is where a cell is in its row.
type jsonCell struct {
	from, to int
	met      bool
}

// table returns the table of the objects at n; nil where there is no room.
func (j *jsonReader) table(n *jsonNode) *jsonTable {
	if n == nil {
		return nil
	}
	if n.table == nil {
		n.table = j.newTable(n)
	}
	return n.table
}

// newTable makes a table named by n; nil where there is no room.
func (j *jsonReader) newTable(n *jsonNode) *jsonTable {
	if len(j.tables) == jsonTables {
		return nil
	}
	name := n.path()
	for i := 2; j.names[name]; i++ {
		name = n.path() + " (" + strconv.Itoa(i) + ")"
	}
	j.names[name] = true
	root := &jsonNode{up: n, root: true}
	t := &jsonTable{
		name: name, root: root,
		key: &jsonNode{name: "key", up: root}, value: &jsonNode{name: "value", up: root},
	}
	j.tables = append(j.tables, t)
	return t
}

// place returns the column of the next value in a row of a grid, which begins
// with the first.
func (j *jsonReader) place(f *jsonFrame) *jsonNode {
	if f.row == nil {
		if f.at.grid == nil {
			if f.at.grid = j.newTable(f.at); f.at.grid == nil {
				f.grid = false
				return f.at
			}
			f.at.grid.bare = true
		}
		f.row, f.ends = f.at.grid, true
	}
	root := f.row.root
	if f.cells == len(root.order) && j.paths < jsonPaths {
		j.paths++
		root.order = append(root.order, &jsonNode{up: root})
	}
	if f.cells == len(root.order) {
		j.key = j.key[:0]
		return nil
	}
	f.cells++
	return root.order[f.cells-1]
}

// begin begins a value with path n: a cell of t, or running text. A second
// value with the same path goes into the same cell, behind a space; behind a
// digit a comma too, or coordinates would read as one long number.
func (j *jsonReader) begin(t *jsonTable, n *jsonNode) {
	j.to = nil
	if t == nil || n == nil || n.column < 0 {
		j.beginLine(n)
		return
	}
	if n.column == 0 {
		if len(t.cells) == scanner.MaxColumns {
			n.column = -1
			j.beginLine(n)
			return
		}
		t.cells = append(t.cells, jsonCell{})
		n.column = len(t.cells)
		if !t.bare {
			t.titles = append(t.titles, n.title())
		}
	}
	c := &t.cells[n.column-1]
	switch {
	case c.to == c.from:
		if c.to = len(t.row); !c.met {
			t.filled = append(t.filled, n.column-1)
		}
		c.from, c.met = c.to, true
	case c.to != len(t.row) || len(t.row) >= recordSize:
		j.beginLine(n)
		return
	default:
		if isDigit(t.row[len(t.row)-1]) {
			t.row = append(t.row, ',')
		}
		t.row = append(t.row, ' ')
	}
	t.cell, t.last = n.column-1, max(t.last, n.column)
	j.to, j.of = &t.row, t
}

// end ends the value at hand.
func (j *jsonReader) end() {
	if j.to != nil {
		t := j.of
		c := &t.cells[t.cell]
		if j.unix && len(t.row)-c.from < 20 {
			t.row = append(t.row[:c.from], jsonDate(t.row[c.from:])...)
		}
		c.to = len(t.row)
	}
	j.to = nil
}

// endRow puts the row at hand behind those that were gathered. Where a few keys
// of thousands are in each row, nearly all would be delimiters: beyond four times
// what was read, such rows are running text.
func (j *jsonReader) endRow(t *jsonTable) {
	j.takeLent(t)
	before := len(t.text)
	empty := int64(t.last - len(t.filled))
	if j.empty+empty > 4*j.in.off+jsonEmpty {
		j.scattered(t)
		return
	}
	j.empty += empty
	for i := range t.cells[:t.last] {
		if i > 0 {
			t.text = append(t.text, 0x1F)
		}
		c := &t.cells[i]
		t.text = append(t.text, t.row[c.from:c.to]...)
		*c = jsonCell{}
	}
	t.text = append(t.text, 0x1E)
	t.rows++
	t.fresh()
	j.held += len(t.text) - before
	switch full := len(t.text) >= slabSize-4096; {
	case full && (t.at > 0 || t.rows >= jsonFirst), len(t.text) >= jsonBlock:
		j.flush(t)
	case j.held > jsonRows:
		j.relieve()
	}
}

// fresh makes room for the next row.
func (t *jsonTable) fresh() {
	t.row, t.filled, t.last = t.row[:0], t.filled[:0], 0
	if cap(t.row) > slabSize/4 {
		t.row = nil
	}
}

// scattered hands over the row at hand as running text.
func (j *jsonReader) scattered(t *jsonTable) {
	j.endLine()
	for _, i := range t.filled {
		c := &t.cells[i]
		if i < len(t.titles) {
			j.aside([]byte(t.titles[i] + ": "))
		}
		j.aside(t.row[c.from:c.to])
		j.aside([]byte{'\n'})
		*c = jsonCell{}
	}
	t.fresh()
}

// relieve hands over the rows of the table that has gathered most.
func (j *jsonReader) relieve() {
	most := j.tables[0]
	for _, t := range j.tables {
		if len(t.text) > len(most.text) {
			most = t
		}
	}
	j.flush(most)
}

// flush hands over the rows that a table has gathered.
func (j *jsonReader) flush(t *jsonTable) {
	j.held -= len(t.text)
	if t.bare && t.at == 0 {
		titles, n := dialect{cell: 0x1F, row: 0x1E}.titles(t.text, true)
		if n > 0 {
			last := len(titles) - 1
			titles[last] = strings.TrimSuffix(titles[last], "\x1E")
			t.titles = titles
			t.text = t.text[:copy(t.text, t.text[n:])]
			t.rows--
		}
	}
	if t.rows > 0 && j.stop == nil {
		j.stop = j.yield(&scanner.Block{
			Table: t.name, Titles: t.titles, Text: t.text, At: t.at, Rows: t.rows,
			Ruler: scanner.Ruler{Cell: 0x1F, Row: 0x1E},
		})
	}
	t.at += int64(t.rows)
	t.rows, t.text = 0, t.text[:0]
	if cap(t.text) > 4*slabSize || len(j.tables) > openTables {
		t.text = nil
	}
}
