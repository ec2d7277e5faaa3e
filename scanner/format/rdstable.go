package format

import (
	"bytes"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/charmap"

	"vigie/scanner"
)

const (
	rdsLevels = 8 << 20 // bytes of the levels of a table's factors
	rdsLevel  = 256     // and of one: it stands in many rows
	rdsRooms  = 8 << 20 // bytes of what its columns are read in
	naInteger = math.MinInt32
)

// emit hands over an object of R, if it holds values.
func (r *rdsReader) emit(name string, n *rNode) {
	if r.stop != nil {
		return
	}
	switch n.kind {
	case rList, rExpr:
		titles := r.titles(n.names)
		if rows, ok := frame(n); ok {
			r.table(name, n, titles, rows)
			return
		}
		for i := range n.kids {
			r.emit(titleAt(titles, i), &n.kids[i])
		}
	case rLogical, rInteger, rReal, rString:
		switch {
		case n.n == 0, n.sequence:
		case n.dim[0] > 0 && n.dim[1] > 0 && n.dim[0] <= n.n/n.dim[1] && n.dim[1] <= rdsKids:
			r.matrix(name, n)
		case n.n == 1:
			r.line(name, n)
		default:
			t := rNode{kids: []rNode{*n}, rowNames: n.names}
			r.table(name, &t, []string{name}, n.n)
		}
	}
}

// frame tells whether a list is a table, and how many rows it has: a data frame,
// or vectors of one length.
func frame(n *rNode) (rows int64, ok bool) {
	sequences := 0
	for i := range n.kids {
		k := &n.kids[i]
		switch k.kind {
		case rLogical, rInteger, rReal, rString:
			if k.sequence { // not stored: it has no more rows than what is
				if sequences++; sequences > 8 {
					return 0, false
				}
				continue
			}
			if rows == 0 {
				rows = k.n
			}
			if k.n < rows && i+1 == len(n.kids) && i > 0 { // cut short
				k.n = min(k.n, rows)
			} else if k.n != rows {
				return 0, false
			}
			ok = true
		case rList: // a column of lists: its values come on their own
		default:
			return 0, false
		}
	}
	return rows, ok && (rows > 1 || strings.Contains(n.class, "data.frame"))
}

func titleAt(titles []string, i int) string {
	if i < len(titles) {
		return titles[i]
	}
	return ""
}

// An rColumn reads the values of a column one after the other.
type rColumn struct {
	*rNode
	at     *cursor
	next   int64
	levels []string
	named  map[string]string // value to label
}

// table hands over the rows of a list of columns.
func (r *rdsReader) table(name string, n *rNode, titles []string, rows int64) {
	var columns []rColumn
	var heads []string
	room := min(64<<10, max(2<<10, rdsRooms/(len(n.kids)+1)))
	levels := 0
	add := func(title string, k *rNode) {
		c := rColumn{rNode: k, at: newCursor(r.from, r.size, k.off, room)}
		if k.levels != nil && k.levels.kind == rString && levels < rdsLevels {
			c.levels = r.texts(k.levels, rdsLevels-levels)
			for i, l := range c.levels {
				c.levels[i] = l[:min(len(l), rdsLevel)]
				levels += len(c.levels[i]) + 16
			}
		}
		c.named = r.labels(k)
		columns = append(columns, c)
		heads = append(heads, titled(title, k.label))
	}
	if n.rowNames != nil && n.rowNames.kind == rString && n.rowNames.n == rows {
		add("row.names", n.rowNames)
	}
	for i := range n.kids {
		if n.kids[i].kind == rList {
			r.emit(titleAt(titles, i), &n.kids[i])
			continue
		}
		add(titleAt(titles, i), &n.kids[i])
	}
	if len(titles) == 0 {
		heads = nil
	}
	r.rows(name, heads, columns, rows)
}

// rows lays the columns side by side.
func (r *rdsReader) rows(name string, titles []string, columns []rColumn, rows int64) {
	r.flushText()
	if r.stop != nil {
		return
	}
	g := grid{ctx: r.ctx, yield: r.yield, name: name, titles: titles}
	for range rows {
		for i := range columns {
			r.cell(&g, &columns[i])
		}
		if r.stop = g.endRow(); r.stop != nil {
			return
		}
	}
	r.stop = g.flush()
}

// matrix hands over a matrix or the first layer of an array.
func (r *rdsReader) matrix(name string, n *rNode) {
	var titles []string
	if n.dimNames != nil && len(n.dimNames.kids) > 1 {
		titles = r.titles(&n.dimNames.kids[1])
	}
	t := rNode{kids: make([]rNode, n.dim[1])}
	if n.dimNames != nil && len(n.dimNames.kids) > 0 && n.dimNames.kids[0].kind == rString {
		t.rowNames = &n.dimNames.kids[0]
	}
	walk := &rdsReader{cursor: newCursor(r.from, r.size, n.off, slabSize), order: r.order}
	for i := range t.kids {
		k := &t.kids[i]
		*k = rNode{kind: n.kind, n: n.dim[0], off: walk.pos(), class: n.class, levels: n.levels}
		step := map[byte]int64{rLogical: 4, rInteger: 4, rReal: 8}[n.kind] * k.n
		if n.kind == rString {
			if _, err := walk.strings(k.n); err != nil {
				return
			}
		} else if walk.skip(step) != nil {
			return
		}
	}
	r.table(name, &t, titles, n.dim[0])
}

var rEpoch = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)

// cell adds the next value of a column.
func (r *rdsReader) cell(g *grid, c *rColumn) {
	if c.next++; c.next > c.n {
		g.value(nil)
		return
	}
	if c.kind == rString {
		g.value(r.textAt(c.at))
		return
	}
	v := r.numberAt(c)
	switch {
	case math.IsNaN(v):
		g.value(nil)
	case c.levels != nil:
		if i := int(v) - 1; v >= 1 && i < len(c.levels) {
			g.value([]byte(c.levels[i]))
		} else {
			g.value(nil)
		}
	case strings.Contains(c.class, "POSIXct"):
		g.moment(rEpoch, v)
	case strings.Contains(c.class, "Date"):
		g.date(rEpoch, v)
	case c.kind == rLogical:
		g.value([]byte(map[bool]string{true: "TRUE", false: "FALSE"}[v != 0]))
	default:
		if c.named != nil {
			if label, ok := c.named[strconv.FormatFloat(v, 'g', -1, 64)]; ok {
				g.value([]byte(label))
				return
			}
		}
		g.number(v)
	}
}

// numberAt reads the next number of a column; NaN is missing.
func (r *rdsReader) numberAt(c *rColumn) float64 {
	switch {
	case c.sequence:
		return float64(c.from + (c.next-1)*c.step)
	case c.kind == rReal:
		b, err := c.at.take(8)
		if err != nil {
			return math.NaN()
		}
		bits := r.order.Uint64(b)
		if strings.Contains(c.class, "integer64") {
			if int64(bits) == math.MinInt64 {
				return math.NaN()
			}
			return float64(int64(bits))
		}
		return math.Float64frombits(bits)
	}
	b, err := c.at.take(4)
	if err != nil {
		return math.NaN()
	}
	if v := int32(r.order.Uint32(b)); v != naInteger {
		return float64(v)
	}
	return math.NaN()
}

// textAt reads the next string at a cursor, in UTF-8. It is valid until the next.
func (r *rdsReader) textAt(at *cursor) []byte {
	b, err := at.take(8)
	if err != nil {
		return nil
	}
	flags, size := r.order.Uint32(b), int64(int32(r.order.Uint32(b[4:])))
	if size <= 0 {
		return nil
	}
	var v []byte
	if size <= int64(len(at.room)) {
		v, err = at.take(int(size))
	} else { // longer than what the column is read in
		v = make([]byte, min(size, recordSize, r.size-at.pos()))
		_, err = r.from.ReadAt(v, at.pos())
		at.skip(size)
	}
	if err != nil && err != io.EOF {
		return nil
	}
	const latin1, utf8 = 1 << 14, 1 << 15
	high := indexHigh(v)
	if high < len(v) && (flags&latin1 != 0 || flags&utf8 == 0 && sniffHigh(v[high:]) != utf8Text) {
		return appendLatin(nil, v)
	}
	return v
}

// appendLatin appends Windows-1252 in UTF-8.
func appendLatin(dst, v []byte) []byte { return appendCharmap(dst, v, charmap.Windows1252) }

// appendCharmap appends text of a single-byte set in UTF-8.
func appendCharmap(dst, v []byte, code *charmap.Charmap) []byte {
	for _, c := range v {
		if c < 0x80 {
			dst = append(dst, c)
		} else {
			dst = append(dst, string(code.DecodeByte(c))...)
		}
	}
	return dst
}

// texts reads the strings of a node, up to limit bytes of them.
func (r *rdsReader) texts(n *rNode, limit int) (list []string) {
	at := newCursor(r.from, r.size, n.off, 64<<10)
	for i := int64(0); i < n.n && limit > 0; i++ {
		s := string(r.textAt(at))
		list = append(list, s)
		limit -= len(s) + 16
	}
	return list
}

// titles reads the names of columns or of values.
func (r *rdsReader) titles(n *rNode) []string {
	if n == nil || n.kind != rString {
		return nil
	}
	k := *n
	k.n = min(k.n, rdsKids)
	return r.texts(&k, 1<<20)
}

// labels reads what the values of a labelled column are called.
func (r *rdsReader) labels(n *rNode) map[string]string {
	if n.labels == nil || n.labels.names == nil || n.labels.n > 4096 || n.labels.kind != rReal && n.labels.kind != rInteger {
		return nil
	}
	names := r.titles(n.labels.names)
	values := rColumn{rNode: n.labels, at: newCursor(r.from, r.size, n.labels.off, 4<<10)}
	m := make(map[string]string, len(names))
	for _, name := range names {
		values.next++
		m[strconv.FormatFloat(r.numberAt(&values), 'g', -1, 64)] = name[:min(len(name), rdsLevel)]
	}
	return m
}

// first reads the first string of an attribute.
func (r *rdsReader) first(n *rNode) string {
	if n.kind != rString || n.n == 0 {
		return ""
	}
	return titleAt(r.texts(&rNode{off: n.off, n: 1}, 1<<10), 0)
}

func (r *rdsReader) joined(n *rNode) string {
	if n.kind != rString {
		return ""
	}
	return strings.Join(r.texts(&rNode{off: n.off, n: min(n.n, 8)}, 1<<10), " ")
}

// pair reads the first two numbers of an attribute.
func (r *rdsReader) pair(n *rNode) (p [2]int64) {
	if n.kind != rInteger || n.n < 2 {
		return p
	}
	c := rColumn{rNode: n, at: newCursor(r.from, r.size, n.off, 16)}
	for i := range p {
		if v := r.numberAt(&c); v > 0 {
			p[i] = int64(v)
		}
	}
	return p
}

// sequenceOf returns the vector that a compact sequence stands for.
func (r *rdsReader) sequenceOf(state *rNode) rNode {
	if state.kind != rReal || state.n < 3 {
		return rNode{}
	}
	c := rColumn{rNode: state, at: newCursor(r.from, r.size, state.off, 24)}
	n, from, step := r.numberAt(&c), r.numberAt(&c), r.numberAt(&c)
	if !(n >= 0 && n < 1<<40 && math.Abs(from) < 1<<52 && math.Abs(step) < 1<<20) {
		return rNode{}
	}
	return rNode{kind: rInteger, n: min(int64(n), 1<<31), sequence: true, from: int64(from), step: int64(step)}
}

// line adds a value that stands alone to the running text.
func (r *rdsReader) line(name string, n *rNode) {
	g := grid{}
	c := rColumn{rNode: n, at: newCursor(r.from, r.size, n.off, 64<<10), named: r.labels(n)}
	if n.levels != nil {
		c.levels = r.texts(n.levels, 1<<16)
	}
	r.cell(&g, &c)
	if len(g.text) > 0 {
		r.lines = append(append(append(append(r.lines, name...), ": "...), g.text...), '\n')
	}
	if len(r.lines) >= slabSize {
		r.flushText()
	}
}

// flushText hands over the running text.
func (r *rdsReader) flushText() {
	if len(r.lines) > 0 && r.stop == nil {
		r.stop = r.yield(&scanner.Block{Text: r.lines, At: r.linesAt})
	}
	r.linesAt += int64(len(r.lines))
	r.lines = r.lines[:0]
}

// titled chooses between the name and the label of a column: what says more.
func titled(name, label string) string {
	if label != "" && !isKnownTitle([]byte(name)) && (isKnownTitle([]byte(label)) || bytes.ContainsAny([]byte(label), " ")) {
		return label
	}
	return name
}
