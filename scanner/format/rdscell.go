package format

import (
	"bytes"
	"math"
	"strings"
	"time"

	"golang.org/x/text/encoding/charmap"

	"vigie/scanner"
)

var rEpoch = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)

// An rMeaning is what the values of a column are.
type rMeaning byte

const (
	rNumber rMeaning = iota
	rText
	rPairOfReals
	rWhole // integer64: its bits stand in those of a real
	rLevel
	rMoment
	rDay
	rTruth
	rLabelled
)

// meaning decides what the values of a column are, once for all of them.
func (c *rColumn) meaning() rMeaning {
	switch {
	case c.kind == rString:
		return rText
	case c.kind == rComplex:
		return rPairOfReals
	case c.kind == rReal && strings.Contains(c.class, "integer64"):
		return rWhole
	case c.levels != nil:
		return rLevel
	case strings.Contains(c.class, "POSIXct"):
		return rMoment
	case strings.Contains(c.class, "Date"):
		return rDay
	case c.kind == rLogical:
		return rTruth
	case c.named != nil:
		return rLabelled
	}
	return rNumber
}

// cell adds the next value of a column.
func (r *rdsReader) cell(g *grid, c *rColumn) {
	if c.next++; c.next > c.n {
		g.value(nil)
		return
	}
	switch c.means {
	case rText:
		r.text(g, c.at)
		return
	case rPairOfReals:
		g.number(r.real(c.at))
		if im := r.real(c.at); im != 0 {
			g.text = append(g.text, ' ')
			g.digits(im)
			g.text = append(g.text, 'i')
		}
		return
	case rWhole:
		if b, err := c.at.take(8); err == nil && int64(r.order.Uint64(b)) != math.MinInt64 {
			g.integer(int64(r.order.Uint64(b)))
			return
		}
		g.value(nil)
		return
	}
	v := r.numberAt(c)
	if math.IsNaN(v) {
		g.value(nil)
		return
	}
	switch c.means {
	case rLevel:
		i := int(v) - 1
		if v < 1 || i >= len(c.levels) {
			g.value(nil)
			return
		}
		c.used[i/64] |= 1 << (i % 64)
		g.short(c.levels[i])
	case rMoment:
		g.moment(rEpoch, v)
	case rDay:
		g.date(rEpoch, v)
	case rTruth:
		if v != 0 {
			g.short("TRUE")
		} else {
			g.short("FALSE")
		}
	case rLabelled:
		if label, ok := c.named[v]; ok {
			g.short(label)
			return
		}
		g.number(v)
	default:
		g.number(v)
	}
}

// real reads the next number at a cursor; NaN is missing.
func (r *rdsReader) real(at *cursor) float64 {
	b, err := at.take(8)
	if err != nil {
		return math.NaN()
	}
	return math.Float64frombits(r.order.Uint64(b))
}

// numberAt reads the next number of a column; NaN is missing.
func (r *rdsReader) numberAt(c *rColumn) float64 {
	switch {
	case c.sequence:
		return float64(c.from + (c.next-1)*c.step)
	case c.kind == rReal:
		return r.real(c.at)
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

// text adds the next string at a cursor. What is longer than it is read in goes on
// as running text.
func (r *rdsReader) text(g *grid, at *cursor) {
	if b := at.buf[at.lo:]; len(b) >= 8 { // mostly all of it is there
		if size := max(0, int(int32(r.order.Uint32(b[4:])))); size <= len(b)-8 {
			g.value(utf8OfR(b[8:8+size], r.order.Uint32(b)))
			at.lo += 8 + size
			return
		}
	}
	flags, left := r.stringAt(at)
	if left <= int64(at.most) {
		g.value(r.piece(at, flags, left))
		return
	}
	long := newCursor(r.from, r.size, at.pos(), slabSize)
	at.skip(left)
	v := long.stretch(gridCell, left)
	left -= int64(len(v))
	g.value(utf8OfR(v, flags))
	for left > 0 {
		if v = long.stretch(slabSize, left); len(v) == 0 {
			return
		}
		left -= int64(len(v))
		g.prose(utf8OfR(v, flags))
	}
}

// stretch takes up to n bytes, or all that are left; between, it ends where no
// number stands.
func (c *cursor) stretch(n int, left int64) []byte {
	v, err := c.peek(int(min(int64(n), left)))
	if err != nil {
		return nil
	}
	if int64(len(v)) < left {
		v = v[:rawCut(v)]
	}
	c.skip(int64(len(v)))
	return v
}

// stringAt reads what stands before a string: its flags and its size.
func (r *rdsReader) stringAt(at *cursor) (flags uint32, size int64) {
	b, err := at.take(8)
	if err != nil {
		return 0, 0
	}
	return r.order.Uint32(b), max(0, int64(int32(r.order.Uint32(b[4:]))))
}

// piece reads n bytes of a string, no more than the cursor's room, in UTF-8. They
// are valid until the next.
func (r *rdsReader) piece(at *cursor, flags uint32, n int64) []byte {
	v, err := at.take(int(n))
	if err != nil {
		return nil
	}
	return utf8OfR(v, flags)
}

// textAt reads the next string at a cursor, in UTF-8: of a long one the beginning.
// It is valid until the next.
func (r *rdsReader) textAt(at *cursor) []byte {
	flags, size := r.stringAt(at)
	n := min(size, int64(at.most))
	v := r.piece(at, flags, n)
	at.skip(size - n)
	return v
}

// utf8OfR returns a string in UTF-8.
func utf8OfR(v []byte, flags uint32) []byte {
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
func (r *rdsReader) labels(n *rNode) map[float64]string {
	if n.labels == nil || n.labels.names == nil || n.labels.n > 4096 || n.labels.kind != rReal && n.labels.kind != rInteger {
		return nil
	}
	names := r.titles(n.labels.names)
	values := rColumn{rNode: n.labels, at: newCursor(r.from, r.size, n.labels.off, 4<<10)}
	m := make(map[float64]string, len(names))
	for _, name := range names {
		values.next++
		m[r.numberAt(&values)] = name[:min(len(name), rdsLevel)]
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

// extents reads how long an array is in each direction.
func (r *rdsReader) extents(n *rNode) (dim []int64) {
	c := rColumn{rNode: n, at: newCursor(r.from, r.size, n.off, 16)}
	for ; (n.kind == rInteger || n.kind == rReal) && c.next < min(n.n, 16); c.next++ {
		v := r.numberAt(&c)
		if !(v >= 0 && v < 1<<48) {
			return nil
		}
		dim = append(dim, int64(v))
	}
	return dim
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
	if n.names != nil {
		r.emit(name, n.names)
	}
	at := newCursor(r.from, r.size, n.off, 64<<10)
	if n.kind == rString {
		r.long(name, at)
		return
	}
	var g grid
	c := rColumn{rNode: n, at: at, named: r.labels(n)}
	if n.levels != nil {
		c.levels = r.texts(n.levels, 1<<16)
		c.used = make([]uint64, len(c.levels)/64+1)
	}
	c.means = c.meaning()
	r.cell(&g, &c)
	r.notes.aside(name, g.text)
	r.restOfLevels(&c)
}

// long adds a string to the running text.
func (r *rdsReader) long(name string, at *cursor) {
	flags, left := r.stringAt(at)
	for left > 0 {
		v := at.stretch(at.most, left)
		if len(v) == 0 {
			return
		}
		left -= int64(len(v))
		r.notes.aside(name, utf8OfR(v, flags))
		name = ""
	}
}

// raw adds bytes to the running text, as they are: where they are compressed, or a
// document, that is not enough.
func (r *rdsReader) raw(name string, n *rNode) {
	at := newCursor(r.from, r.size, n.off, slabSize)
	for left := n.n; left > 0; {
		v := at.stretch(slabSize, left)
		if len(v) == 0 {
			return
		}
		if left == n.n {
			for _, magic := range []string{"\x1f\x8b", "BZh", "\xfd7zXZ", "PK\x03\x04", "%PDF-", "\x28\xb5\x2f\xfd"} {
				if bytes.HasPrefix(v, []byte(magic)) {
					r.fail(&scanner.Problem{Reason: scanner.Partial, Detail: "raw bytes that are a document or compressed; only the sieve looked at them"})
				}
			}
		}
		left -= int64(len(v))
		r.notes.aside(name, v)
		name = ""
	}
}

// restOfLevels adds the levels that no row showed whole to the running text: they
// stay where rows were taken out.
func (r *rdsReader) restOfLevels(c *rColumn) {
	if c.labels != nil && c.labels.names != nil {
		r.rest(c.title, c.labels.names, 0)
	}
	if c.rNode.levels == nil || c.rNode.levels.kind != rString {
		return
	}
	at := newCursor(r.from, r.size, c.rNode.levels.off, 64<<10)
	for i := range c.rNode.levels.n {
		if i < int64(len(c.levels)) && c.used[i/64]&(1<<(i%64)) != 0 && len(c.levels[i]) < rdsLevel {
			_, size := r.stringAt(at)
			at.skip(size)
			continue
		}
		r.long(c.title, at)
	}
}

// restOfNames adds the names behind the first to the running text: those of whom
// no column is.
func (r *rdsReader) restOfNames(n *rNode, first int) {
	if n != nil && n.kind == rString && n.n > rdsKids {
		r.rest("", n, min(int64(first), rdsKids))
	}
}

// rest adds strings from one on to the running text.
func (r *rdsReader) rest(name string, n *rNode, from int64) {
	at := newCursor(r.from, r.size, n.off, 64<<10)
	for i := range n.n {
		if i < from {
			_, size := r.stringAt(at)
			at.skip(size)
			continue
		}
		r.long(name, at)
	}
}
