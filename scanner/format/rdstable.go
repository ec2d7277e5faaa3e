package format

import (
	"fmt"
	"math"
	"strings"
	"time"
)

const (
	rdsLevels = 8 << 20 // bytes of the levels of a table's factors
	rdsLevel  = 256     // and of one: it stands in many rows
	rdsRooms  = 8 << 20 // bytes of what its columns are read in
	naInteger = math.MinInt32
)

// emit hands over an object of R, if it holds values.
func (r *rdsReader) emit(name string, n *rNode) {
	if r.stop == nil {
		r.stop = r.notes.stop
	}
	if r.stop != nil {
		return
	}
	switch n.kind {
	case rList, rExpr:
		titles := r.titles(n.names)
		if strings.Contains(n.class, "POSIXlt") && len(n.kids) > 5 {
			r.calendar(name, n.kids)
			return
		}
		if rows, ok := frame(n); ok {
			r.table(name, n, titles, rows)
			return
		}
		for i := range n.kids {
			r.emit(titleAt(titles, i), &n.kids[i])
		}
		r.restOfNames(n.names, len(n.kids))
	case rLogical, rInteger, rReal, rString, rComplex:
		switch width := n.width(); {
		case n.sequence:
			r.notes.aside(name, fmt.Appendf(nil, "%d to %d", n.from, n.from+(max(n.n, 1)-1)*n.step))
		case n.n == 0:
		case width > 0:
			r.matrix(name, n, width)
		case n.n == 1:
			r.line(name, n)
		default:
			t := rNode{kids: []rNode{*n}, rowNames: n.names}
			r.table(name, &t, []string{name}, n.n)
		}
	case rRaw:
		r.raw(name, n)
	}
}

// width returns how many columns a matrix has, or an array whose layers stand side
// by side; 0 for others.
func (n *rNode) width() int64 {
	if len(n.dim) < 2 || n.dim[0] <= 0 || n.n == 0 || n.n%n.dim[0] != 0 || n.n/n.dim[0] > rdsKids {
		return 0
	}
	return n.n / n.dim[0]
}

// frame tells whether a list is a table, and how many rows it has: a data frame,
// or vectors of one length. Matrices and data frames may be columns of it.
func frame(n *rNode) (rows int64, ok bool) {
	sequences := 0
	for i := range n.kids {
		k := &n.kids[i]
		switch k.kind {
		case rLogical, rInteger, rReal, rString, rComplex:
			if k.sequence { // not stored: it has no more rows than what is
				if sequences++; sequences > 8 {
					return 0, false
				}
				continue
			}
			if len(k.dim) > 1 && (rows == 0 || k.dim[0] == rows) {
				rows = k.dim[0]
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
	title  string
	at     *cursor
	next   int64
	levels []string
	used   []uint64           // bits: which levels a row has
	named  map[float64]string // value to label
	means  rMeaning
}

// table hands over the rows of a list of columns.
func (r *rdsReader) table(name string, n *rNode, titles []string, rows int64) {
	var columns []rColumn
	var apart []int // columns of lists and matrices: their values come on their own
	g := grid{ctx: r.notes.ctx, yield: r.notes.yield, name: name}
	room := min(64<<10, max(2<<10, rdsRooms/(len(n.kids)+1)))
	levels := 0
	add := func(title string, k *rNode) {
		c := rColumn{rNode: k, title: title, at: newCursor(r.from, r.size, k.off, room)}
		if k.levels != nil && k.levels.kind == rString && levels < rdsLevels {
			c.levels = r.texts(k.levels, rdsLevels-levels)
			for i, l := range c.levels {
				c.levels[i] = l[:min(len(l), rdsLevel)]
				levels += len(c.levels[i]) + 16
			}
			c.used = make([]uint64, len(c.levels)/64+1)
		}
		c.named = r.labels(k)
		c.means = c.meaning()
		columns = append(columns, c)
		g.title(title, k.label)
	}
	if n.rowNames != nil && n.rowNames.kind == rString && n.rowNames.n == rows {
		add("row.names", n.rowNames)
	}
	for i := range n.kids {
		if k := &n.kids[i]; k.kind == rList || len(k.dim) > 1 && k.n != rows {
			apart = append(apart, i)
			continue
		}
		add(titleAt(titles, i), &n.kids[i])
	}
	if len(titles) == 0 {
		g.titles = nil
	}
	r.rows(&g, columns, rows)
	for i := range columns {
		r.restOfLevels(&columns[i])
	}
	for _, i := range apart {
		r.emit(titleAt(titles, i), &n.kids[i])
	}
	r.restOfNames(n.names, len(n.kids))
}

// rows lays the columns side by side.
func (r *rdsReader) rows(g *grid, columns []rColumn, rows int64) {
	if r.notes.flushAside(); r.notes.stop != nil {
		r.stop = r.notes.stop
		return
	}
	for range rows {
		for i := range columns {
			r.cell(g, &columns[i])
		}
		if r.stop = g.endRow(); r.stop != nil {
			return
		}
	}
	r.stop = g.flush()
}

// calendar hands over moments that are stored as seconds, minutes, hours, days,
// months and years.
func (r *rdsReader) calendar(name string, parts []rNode) {
	var at [6]rColumn
	for i := range at {
		at[i] = rColumn{rNode: &parts[i], at: newCursor(r.from, r.size, parts[i].off, 4<<10)}
	}
	g := grid{ctx: r.notes.ctx, yield: r.notes.yield, name: name, titles: []string{name}}
	for range parts[5].n {
		var v [6]int
		for i := range at {
			n := math.NaN()
			if at[i].next++; at[i].next <= at[i].n && at[i].kind != rString {
				n = r.numberAt(&at[i])
			}
			if v[i] = -1; n >= -1e6 && n < 1e6 {
				v[i] = int(n)
			}
		}
		if v[3] < 1 {
			g.value(nil)
		} else {
			g.moment(rEpoch, float64(time.Date(v[5]+1900, time.Month(v[4]+1), v[3], v[2], v[1], v[0], 0, time.UTC).Unix()))
		}
		if r.stop = g.endRow(); r.stop != nil {
			return
		}
	}
	r.stop = g.flush()
}

// matrix hands over a matrix, or an array with its layers side by side.
func (r *rdsReader) matrix(name string, n *rNode, width int64) {
	var titles []string
	t := rNode{kids: make([]rNode, width)}
	if n.dimNames != nil {
		for i := range n.dimNames.kids {
			switch names := &n.dimNames.kids[i]; {
			case names.kind != rString:
			case i == 0:
				t.rowNames = names
			case i == 1 && names.n == width:
				titles = r.titles(names)
			default:
				r.emit(name, names)
			}
		}
	}
	walk := &rdsReader{cursor: newCursor(r.from, r.size, n.off, slabSize), order: r.order}
	for i := range t.kids {
		k := &t.kids[i]
		*k = rNode{kind: n.kind, n: n.dim[0], off: walk.pos(), class: n.class, levels: n.levels}
		step := map[byte]int64{rLogical: 4, rInteger: 4, rReal: 8, rComplex: 16}[n.kind] * k.n
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
