package format

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// accessEpoch is day 0 of Access.
var accessEpoch = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)

// An accessRow is a row, and where its parts are.
type accessRow struct {
	b     []byte
	mask  []byte // a bit a column: it holds something
	count int    // columns the row has
	first int    // where those of fixed length begin
	ends  []int  // where those of varying length begin, and the last ends
}

// layout finds the parts of a row. It reports false where b is none of t.
func (a *accessReader) layout(t *accessTable, b []byte) (r accessRow, ok bool) {
	r.b, r.first = b, 2
	if a.jet3 {
		r.first = 1
	}
	if len(b) < r.first+1 {
		return r, false
	}
	r.count = int(b[0])
	if !a.jet3 {
		r.count = int(binary.LittleEndian.Uint16(b))
	}
	tail := len(b) - (r.count+7)/8
	if r.count == 0 || tail < r.first {
		return r, false
	}
	r.mask = b[tail:]
	if t.varying == 0 {
		return r, true
	}
	if a.jet3 {
		return a.jump(r, tail)
	}
	if tail -= 2; tail < r.first {
		return r, false
	}
	n := int(binary.LittleEndian.Uint16(b[tail:]))
	if n > r.count || tail-2*(n+1) < r.first {
		return r, false
	}
	for i := range n + 1 {
		r.ends = append(r.ends, int(binary.LittleEndian.Uint16(b[tail-2-2*i:])))
	}
	return r, r.sane(tail - 2*(n+1))
}

// jump reads the places of columns of varying length of Jet 3: a byte each, and
// a list of the columns where another 256 bytes begin.
func (a *accessReader) jump(r accessRow, tail int) (accessRow, bool) {
	if tail--; tail < r.first {
		return r, false
	}
	n, jumps := int(r.b[tail]), (len(r.b)-1)/256
	last := tail - jumps - 1
	if last < n+r.first || n > r.count {
		return r, false
	}
	if (last-n)/256 < jumps {
		jumps--
	}
	used := 0
	for i := range n + 1 {
		for used < jumps && int(r.b[tail-1-used]) == i {
			used++
		}
		r.ends = append(r.ends, int(r.b[last-i])+256*used)
	}
	return r, r.sane(last - n)
}

// sane reports whether the places are in order, and before limit.
func (r *accessRow) sane(limit int) bool {
	before := r.first
	for _, e := range r.ends {
		if e < before || e > limit {
			return false
		}
		before = e
	}
	return true
}

// filled reports whether a column holds something; of yes and no, which it is.
func (r *accessRow) filled(c *accessColumn) bool {
	return c.number < r.count && r.mask[c.number/8]>>(c.number%8)&1 != 0
}

// bytes returns the value of a column as it is stored.
func (r *accessRow) bytes(c *accessColumn) []byte {
	if !r.filled(c) {
		return nil
	}
	if c.fixed {
		from := r.first + c.offset
		return r.b[min(from, len(r.b)):min(from+c.width, len(r.b))]
	}
	if c.varying+1 >= len(r.ends) {
		return nil
	}
	return r.b[r.ends[c.varying]:r.ends[c.varying+1]]
}

// row lays down a row; false, and nothing, where it is none.
func (a *accessReader) row(t *accessTable, to *grid, b []byte) bool {
	r, ok := a.layout(t, b)
	if !ok || r.count > len(t.columns)+256 {
		return false
	}
	for i := range t.columns {
		c := &t.columns[i]
		if c.kind == 1 {
			v := int64(0)
			if r.filled(c) {
				v = 1
			}
			to.integer(v)
			continue
		}
		v := r.bytes(c)
		if c.reckoned && len(v) > 20 { // a checksum and so on, the length, the value
			n := binary.LittleEndian.Uint32(v[16:])
			v = v[20 : 20+min(int(n&0xFFFF), len(v)-20)]
		}
		a.cell(to, c, v)
	}
	return true
}

// cell adds a value.
func (a *accessReader) cell(t *grid, c *accessColumn, v []byte) {
	le := binary.LittleEndian
	switch n := len(v); {
	case n == 0:
		t.value(nil)
	case c.kind == 2:
		t.integer(int64(v[0]))
	case c.kind == 3 && n >= 2:
		t.integer(int64(int16(le.Uint16(v))))
	case c.kind == 4 && n >= 4:
		t.integer(int64(int32(le.Uint32(v))))
	case c.kind == 5 && n >= 8:
		t.number(float64(int64(le.Uint64(v))) / 1e4)
	case c.kind == 6 && n >= 4:
		t.number(float64(math.Float32frombits(le.Uint32(v))))
	case c.kind == 7 && n >= 8:
		t.number(math.Float64frombits(le.Uint64(v)))
	case c.kind == 8 && n >= 8:
		a.date(t, math.Float64frombits(le.Uint64(v)))
	case c.kind == 10:
		t.value(a.text(nil, v))
	case c.kind == 12:
		t.value(a.text(nil, a.memo(v)))
	case c.kind == 15 && n >= 16:
		t.value(fmt.Appendf(nil, "%08x-%04x-%04x-%x-%x", le.Uint32(v), le.Uint16(v[4:]), le.Uint16(v[6:]), v[8:10], v[10:16]))
	case c.kind == 16 && n >= 17:
		t.value(accessDecimal(v, c.scale))
	case c.kind == 19 && n >= 8:
		t.integer(int64(le.Uint64(v)))
	case c.kind == 20 && n >= 19:
		a.longDate(t, v)
	default:
		t.value(nil)
	}
}

// date adds days since the epoch; those of before are days to the left and hours
// to the right all the same.
func (a *accessReader) date(t *grid, v float64) {
	if v < 0 {
		v = math.Ceil(v) + (math.Ceil(v) - v)
	}
	t.moment(accessEpoch, math.Round(v*86400))
}

// longDate adds a date of Access 2019, which is text: days since year 1, a colon,
// and ten millionths of seconds.
func (a *accessReader) longDate(t *grid, v []byte) {
	days, parts := 0, bytes.SplitN(v, []byte(":"), 2)
	for _, c := range parts[0] {
		if !isDigit(c) || days > 4e6 {
			t.value(nil)
			return
		}
		days = 10*days + int(c-'0')
	}
	t.date(time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), float64(days))
}

// accessDecimal writes a number of 16 bytes, four by four, the highest first.
func accessDecimal(v []byte, scale int) []byte {
	var b [16]byte
	for i := range 16 {
		b[i] = v[1+i&^3+3-i&3]
	}
	n := new(big.Int).SetBytes(b[:])
	s := n.Append(nil, 10)
	if scale > 0 && scale < 40 {
		for len(s) <= scale {
			s = append([]byte{'0'}, s...)
		}
		at := len(s) - scale
		s = bytes.TrimRight(append(append(bytes.Clone(s[:at]), '.'), s[at:]...), "0")
		s = bytes.TrimSuffix(s, []byte("."))
	}
	if v[0]&0x80 != 0 {
		s = append([]byte{'-'}, s...)
	}
	return s
}

// text appends text as UTF-8. Behind FF FE a character is one byte, until a zero
// byte makes it two, and the next one again.
func (a *accessReader) text(dst, b []byte) []byte {
	if a.jet3 {
		return appendCharmap(dst, b, a.code)
	}
	one := len(b) >= 2 && b[0] == 0xFF && b[1] == 0xFE
	if one {
		b = b[2:]
	}
	short := one
	for len(b) > 0 {
		switch {
		case one && b[0] == 0:
			short, b = !short, b[1:]
		case short:
			dst, b = utf8.AppendRune(dst, rune(b[0])), b[1:]
		case len(b) == 1:
			return dst
		default:
			c := rune(binary.LittleEndian.Uint16(b))
			b = b[2:]
			if utf16.IsSurrogate(c) && len(b) >= 2 {
				if c = utf16.DecodeRune(c, rune(binary.LittleEndian.Uint16(b))); c != utf8.RuneError {
					b = b[2:]
				}
			}
			dst = utf8.AppendRune(dst, c)
		}
	}
	return dst
}

// memo returns a long text: it stands in its row, in one row of another page, or
// in several, each of which begins with where the next one is.
func (a *accessReader) memo(v []byte) []byte {
	if len(v) < 12 {
		return nil
	}
	size := int(binary.LittleEndian.Uint32(v) & 0x3FFFFFFF)
	next := binary.LittleEndian.Uint32(v[4:])
	switch v[3] & 0xC0 {
	case 0x80:
		return v[12:]
	case 0x40:
		b := a.rowAt(next)
		if a.long -= int64(len(b)); a.long < 0 {
			return nil
		}
		return b[:min(len(b), size)]
	}
	var all []byte
	for next != 0 && len(all) < min(size, 4*gridCell) {
		b := a.rowAt(next)
		if a.long -= int64(len(b)); len(b) < 5 || a.long < 0 {
			break
		}
		all, next = append(all, b[4:]...), binary.LittleEndian.Uint32(b)
	}
	return all[:min(len(all), size)]
}
