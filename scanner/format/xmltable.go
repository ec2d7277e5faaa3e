package format

import (
	"bytes"
	"cmp"
	"slices"

	"vigie/scanner"
)

// An xmlNode is a path of elements: all elements with the same names above them.
type xmlNode struct {
	name   string
	kind   byte // what the name is of
	parent *xmlNode
	below  []*xmlNode
	byName map[string]*xmlNode // of many below
	next   int                 // which below is likely to come next
	column int                 // from 1; 0: has none yet

	count int             // elements in the head
	held  int             // scalars right below them
	keys  map[string]bool // values that an attribute has which may name columns
	keyed bool            // it does: <field name="nir">
}

// What the name of a path is of: an element, an attribute, or a column that an
// attribute of its element names.
const (
	xmlOfElement = 0
	xmlOfAttr    = '@'
	xmlOfKey     = '='
)

// An xmlCellAt is a part of the row at hand: a value of a column.
type xmlCellAt struct{ column, start, end int }

// child returns the path of a name below n; nil where no more are remembered.
func (x *xmlReader) child(n *xmlNode, name []byte, kind byte) *xmlNode {
	if n == nil {
		return nil
	}
	for k := range min(2, len(n.below)) { // in the order of the last element, or the same again
		i := (n.next - k + len(n.below)) % len(n.below)
		if c := n.below[i]; c.kind == kind && c.name == string(name) {
			n.next = (i + 1) % len(n.below)
			return c
		}
	}
	if n.byName == nil {
		for i, c := range n.below {
			if c.kind == kind && c.name == string(name) {
				n.next = (i + 1) % len(n.below)
				return c
			}
		}
	}
	key := string(append([]byte{kind}, name...))
	if c := n.byName[key]; c != nil {
		return c
	}
	if x.paths == xmlPaths || x.names+len(name) > xmlNames {
		return nil
	}
	x.paths++
	x.names += len(name)
	c := &xmlNode{name: string(name), kind: kind, parent: n}
	n.below = append(n.below, c)
	n.next = 0
	switch {
	case n.byName != nil:
		n.byName[key] = c
	case len(n.below) > 8:
		n.byName = make(map[string]*xmlNode)
		for _, c := range n.below {
			n.byName[string(c.kind)+c.name] = c
		}
	}
	return c
}

// title names the column of a path in its rows. An element whose columns an
// attribute names has no part in it.
func (n *xmlNode) title(row *xmlNode) string {
	name := ""
	for p := n; p != row; p = p.parent {
		switch part := p.name; {
		case p.kind == xmlOfAttr:
			name = "@" + part
		case p.keyed && name != "":
		case name != "":
			name = part + "/" + name
		default:
			name = part
		}
	}
	return cmp.Or(name, n.name)
}

// element returns the path of the elements that n is of.
func (n *xmlNode) element() *xmlNode {
	if n != nil && n.kind == xmlOfKey {
		return n.parent
	}
	return n
}

// put adds to the text at hand.
func (x *xmlReader) put(b []byte, entities bool) {
	if len(x.value) == 0 && !x.office {
		for len(b) > 0 && b[0] <= ' ' {
			b = b[1:]
		}
	}
	if len(b) == 0 {
		return
	}
	if entities {
		x.value = appendXML(x.value, b)
	} else {
		x.value = append(x.value, b...)
	}
	for len(x.value) > xmlCell {
		n := softCut(x.value[:xmlCell])
		x.hand(x.value[:n])
		x.value = x.value[:copy(x.value, x.value[n:])]
		x.tail = true
	}
}

// endValue hands the text at hand to its cell, or to the running text.
func (x *xmlReader) endValue() {
	if !x.office {
		for n := len(x.value); n > 0 && x.value[n-1] <= ' '; n-- {
			x.value = x.value[:n-1]
		}
	}
	if len(x.value) > 0 {
		x.hand(x.value)
		x.value = x.value[:0]
	}
	x.tail = false
}

// hand takes a value, or a part of one, of the element at hand.
func (x *xmlReader) hand(v []byte) {
	n := x.stack[len(x.stack)-1]
	name := ""
	if n != nil {
		name = n.name
	}
	switch {
	case x.office:
		x.handOffice(v)
		return
	case x.depth == 0 || n == nil || x.tail || len(x.row)+len(v) > xmlRow || len(x.cells) == xmlValues:
		x.line(name, v)
		return
	case n.column == 0:
		if len(x.titles) == xmlColumns {
			x.line(name, v)
			return
		}
		x.titles = append(x.titles, n.title(x.rowAt))
		n.column = len(x.titles)
	}
	start := len(x.row)
	x.row = append(x.row, v...)
	for i, c := range x.row[start:] {
		if c == 0x1E || c == 0x1F {
			x.row[start+i] = ' '
		}
	}
	x.cells = append(x.cells, xmlCellAt{n.column - 1, start, len(x.row)})
}

// endRow lays down the row at hand.
func (x *xmlReader) endRow() {
	if len(x.cells) == 0 {
		return
	}
	byColumn := func(a, b xmlCellAt) int { return cmp.Compare(a.column, b.column) }
	if !slices.IsSortedFunc(x.cells, byColumn) {
		slices.SortStableFunc(x.cells, byColumn)
	}
	column, size := 0, 0
	for _, c := range x.cells {
		for ; column < c.column; column++ {
			x.table = append(x.table, 0x1F)
			size = 0
		}
		v := x.row[c.start:c.end]
		if size+1+len(v) > xmlCell && size > 0 {
			x.line(x.titles[c.column], v)
			continue
		}
		if size > 0 {
			x.table = append(x.table, ' ')
		}
		x.table = append(x.table, v...)
		size += 1 + len(v)
	}
	x.table = append(x.table, 0x1E)
	x.rows++
	x.row, x.cells = x.row[:0], x.cells[:0]
}

// flush hands over the rows laid down.
func (x *xmlReader) flush() {
	if x.rows > 0 && x.stop == nil {
		b := scanner.Block{Titles: x.titles, Text: x.table, At: x.at, Rows: x.rows, Ruler: scanner.Ruler{Cell: 0x1F, Row: 0x1E}}
		x.stop = x.yield(&b)
	}
	x.at += int64(x.rows)
	x.table, x.rows = x.table[:0], 0
}

// line adds a value that lies in no row.
func (x *xmlReader) line(name string, v []byte) {
	if name != "" && !x.tail {
		x.other = append(append(x.other, name...), ": "...)
	}
	x.other = append(append(x.other, v...), '\n')
	if len(x.other) >= slabSize {
		x.flushOther(false)
	}
}

// flushOther hands over running text: whole lines, or all of it.
func (x *xmlReader) flushOther(all bool) {
	n := len(x.other)
	if !all {
		if n = bytes.LastIndexByte(x.other, '\n') + 1; n == 0 {
			if len(x.other) < pieceMax {
				return
			}
			n = softCut(x.other)
		}
	}
	if len(bytes.TrimSpace(x.other[:n])) > 0 && x.stop == nil {
		x.stop = x.yield(&scanner.Block{Text: x.other[:n], At: x.otherAt})
	}
	x.otherAt += int64(n)
	x.other = x.other[:copy(x.other, x.other[n:])]
}
