package format

import (
	"encoding/binary"
	"math"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// A sqliteRecord is a row: a header with the kinds of the values, and the values.
// What does not fit in a page goes on in a chain of others. It is valid while its
// page is.
type sqliteRecord struct {
	s     *sqliteReader
	rowid int64
	kinds []uint64
	part  []byte // what is left of the page at hand
	left  int64  // bytes behind it
	next  uint32 // page with those
	fault error  // met in the chain

	room   []byte   // of a value that lies on several pages
	values [][]byte // of the schema: the first ones
	kept   []byte
}

// begin sets out on a record.
func (r *sqliteRecord) begin(s *sqliteReader, rowid int64, local []byte, left int64, next uint32) {
	r.s, r.rowid, r.part, r.left, r.next, r.fault = s, rowid, local, left, next, nil
	r.kinds, r.values = r.kinds[:0], r.values[:0]
}

// header reads the kinds.
func (r *sqliteRecord) header() error {
	n, rest, ok := sqliteVarint(r.part)
	head := uint64(len(r.part) - len(rest))
	if !ok || n < head || n > 1<<16 {
		return malformed("header of a row")
	}
	r.take(int(head), int(head))
	b := r.take(int(n-head), 1<<16)
	if r.fault != nil {
		return r.fault
	}
	total := int64(0)
	for len(b) > 0 {
		var kind uint64
		if kind, b, ok = sqliteVarint(b); !ok || kind > 1<<32 {
			return malformed("header of a row")
		}
		r.kinds = append(r.kinds, kind)
		total += sqliteWidth(kind)
	}
	if total > int64(len(r.part))+r.left {
		return malformed("header of a row")
	}
	return nil
}

// sqliteWidth returns how many bytes a value of a kind takes.
func sqliteWidth(kind uint64) int64 {
	if kind >= 12 {
		return int64(kind-12) / 2
	}
	return [12]int64{0, 1, 2, 3, 4, 6, 8, 8}[kind]
}

// take passes the next n bytes and returns those up to most, which are valid up
// to the next call.
func (r *sqliteRecord) take(n, most int) []byte {
	if n <= len(r.part) {
		b := r.part[:n]
		r.part = r.part[n:]
		return b[:min(n, most)]
	}
	r.room = r.room[:0]
	for {
		k := min(n, len(r.part))
		r.room = append(r.room, r.part[:min(k, most-len(r.room))]...)
		r.part, n = r.part[k:], n-k
		if n == 0 || r.fault != nil {
			return r.room
		}
		r.follow()
	}
}

// follow goes on to the next page of the chain.
func (r *sqliteRecord) follow() {
	r.part = nil
	if r.left <= 0 || !r.s.claim(r.next) {
		r.fault = malformed("chain of pages")
		return
	}
	if r.fault = r.s.page(r.next, r.s.over); r.fault != nil {
		return
	}
	r.next = binary.BigEndian.Uint32(r.s.over)
	r.part = r.s.over[4:min(int64(r.s.usable), 4+r.left)]
	r.left -= int64(len(r.part))
}

// load keeps the first values of a record of the schema.
func (r *sqliteRecord) load(n int) {
	if len(r.values) > 0 {
		return
	}
	r.kept = r.kept[:0]
	ends := make([]int, n)
	for i := range ends {
		if i < len(r.kinds) {
			r.kept = append(r.kept, r.take(int(sqliteWidth(r.kinds[i])), 1<<20)...)
		}
		ends[i] = len(r.kept)
	}
	from := 0
	for _, end := range ends {
		r.values = append(r.values, r.kept[from:end])
		from = end
	}
}

// text returns a value of the schema as UTF-8.
func (r *sqliteRecord) text(i int) []byte {
	r.load(5)
	if i >= len(r.kinds) || r.s.wide == nil {
		return r.values[i]
	}
	return appendUTF16(nil, r.values[i], r.s.wide)
}

// integer returns a value of the schema.
func (r *sqliteRecord) integer(i int) int64 {
	r.load(5)
	if i >= len(r.kinds) {
		return 0
	}
	if r.kinds[i] == 9 {
		return 1
	}
	return sqliteInteger(r.values[i])
}

func sqliteInteger(b []byte) int64 {
	v := int64(0)
	for i, c := range b {
		if i == 0 {
			v = int64(int8(c))
			continue
		}
		v = v<<8 | int64(c)
	}
	return v
}

// row lays down a record. What lies behind the part of its last value that is kept
// is not looked for.
func (t *sqliteTable) row(r *sqliteRecord) error {
	from := len(t.grid.text)
	last := len(r.kinds) - 1
	for last > 0 && sqliteWidth(r.kinds[last]) == 0 {
		last--
	}
	for i, kind := range r.kinds {
		width := int(sqliteWidth(kind))
		if i == last {
			width = min(width, gridCell)
		}
		b := r.take(width, gridCell)
		if len(t.grid.text)-from > sqliteRow {
			t.next()
			continue
		}
		switch {
		case kind == 0 && i == t.shape.rowid:
			t.integer(r.rowid)
		case r.fault != nil && kind < 12:
			t.next()
		case kind >= 1 && kind <= 6, kind == 8, kind == 9:
			v := sqliteInteger(b)
			if kind >= 8 {
				v = int64(kind - 8)
			}
			if t.shape.dated(i) {
				t.instant(float64(v), false)
			} else {
				t.integer(v)
			}
		case kind == 7:
			v := math.Float64frombits(binary.BigEndian.Uint64(b))
			if t.shape.dated(i) {
				t.instant(v, true)
			} else {
				t.number(v)
			}
		case kind >= 13 && kind%2 == 1 && r.s.wide != nil:
			t.next()
			t.grid.text = appendUTF16(t.grid.text, b, r.s.wide)
		case kind >= 12:
			t.value(b)
		default:
			t.next()
		}
	}
	return t.endRow()
}

// appendUTF16 appends text in UTF-8, without the bytes that delimit cells.
func appendUTF16(dst, b []byte, order binary.ByteOrder) []byte {
	for len(b) > 1 {
		c := rune(order.Uint16(b))
		b = b[2:]
		if utf16.IsSurrogate(c) && len(b) > 1 {
			if c = utf16.DecodeRune(c, rune(order.Uint16(b))); c != utf8.RuneError {
				b = b[2:]
			}
		}
		if c == 0x1E || c == 0x1F {
			c = ' '
		}
		dst = utf8.AppendRune(dst, c)
	}
	return dst
}

var unixEpoch = time.Unix(0, 0).UTC()

// instant adds a number in a column of dates: days of the Julian calendar or since
// 1970, seconds, milliseconds or microseconds; what looks like 19720217 stays.
func (t *sqliteTable) instant(v float64, real bool) {
	size := math.Abs(v)
	switch {
	case real && v > 2.3e6 && v < 2.6e6:
		t.moment(unixEpoch, math.Round((v-2440587.5)*86400))
	case size < 3000, writtenDay(v):
		t.number(v)
	case size < 60000:
		t.moment(unixEpoch, v*86400)
	case size < 4.2e9:
		t.moment(unixEpoch, math.Floor(v))
	case size < 4.2e12:
		t.moment(unixEpoch, math.Floor(v/1e3))
	default:
		t.moment(unixEpoch, math.Floor(v/1e6))
	}
}

// writtenDay reports whether v is a year, a month and a day.
func writtenDay(v float64) bool {
	if v < 18000101 || v > 21001231 || v != math.Trunc(v) {
		return false
	}
	month, day := int(v)/100%100, int(v)%100
	return month >= 1 && month <= 12 && day >= 1 && day <= 31
}
