package format

import (
	"encoding/binary"
	"hash/crc32"
	"io"

	"vigie/scanner"
)

const (
	parquetPage   = 96 << 20 // bytes of a page, decompressed, and of a dictionary: DuckDB's are up to 100 MB
	parquetHeader = 16 << 20 // bytes of a page's header: it may repeat long values
)

// The kinds of pages.
const (
	pageData       = 0
	pageDictionary = 2
	pageDataV2     = 3
)

// The encodings of values.
const (
	codingPlain      = 0
	codingDictionary = 2 // in pages of before version 2
	codingRuns       = 3
	codingPacked     = 4
	codingDelta      = 5
	codingLengths    = 6
	codingPrefixes   = 7
	codingIndexes    = 8
	codingSplit      = 9
)

// A parquetHead is the header of a page.
type parquetHead struct {
	kind    int
	size    int // decompressed
	packed  int // as it is stored
	sum     int64
	summed  bool
	values  int
	rows    int
	coding  int
	defs    int // encoding of the levels
	reps    int
	defSize int // bytes, in version 2
	repSize int
	loose   bool // version 2: the values are not compressed
	length  int  // of the header itself
}

// pageHead reads the header of the page at c.pos.
func (p *parquetReader) pageHead(c *parquetColumn) (h parquetHead, err error) {
	for n := 64; ; n *= 8 {
		n = int(min(int64(n), p.size-c.pos))
		if n <= 0 {
			return h, io.ErrUnexpectedEOF
		}
		b, err := p.peek(c, c.pos, n)
		if err != nil {
			return h, err
		}
		t := thrift{b: b}
		h = parquetHead{kind: -1}
		t.pageHead(&h)
		if !t.bad {
			h.length = t.at
			break
		}
		if !t.short || n >= parquetHeader || int64(n) >= p.size-c.pos {
			return h, malformed("header of a page")
		}
	}
	switch {
	case h.size < 0 || h.packed < 0 || h.values < 0 || h.defSize < 0 || h.repSize < 0 || h.rows < 0 || h.kind < 0:
		return h, malformed("header of a page")
	case int64(h.packed) > p.size-c.pos-int64(h.length):
		return h, truncated("page ends behind the file")
	}
	return h, nil
}

func (t *thrift) pageHead(h *parquetHead) {
	t.fields(func(id int, kind byte) bool {
		switch {
		case kind == thriftInt && id == 1:
			h.kind = int(t.long())
		case kind == thriftInt && id == 2:
			h.size = int(int32(t.long()))
		case kind == thriftInt && id == 3:
			h.packed = int(int32(t.long()))
		case kind == thriftInt && id == 4:
			h.sum, h.summed = int64(uint32(t.long())), true
		case kind == thriftStruct && (id == 5 || id == 7):
			t.fields(func(id int, kind byte) bool {
				return kind == thriftInt && t.number(id, &h.values, &h.coding, &h.defs, &h.reps)
			})
		case kind == thriftStruct && id == 8:
			nulls := 0
			t.fields(func(id int, kind byte) bool {
				if id == 7 {
					h.loose = kind == thriftFalse
					return false
				}
				return kind == thriftInt && t.number(id, &h.values, &nulls, &h.rows, &h.coding, &h.defSize, &h.repSize)
			})
		default:
			return false
		}
		return true
	})
}

// number reads a number into the one of its place, counted from 1.
func (t *thrift) number(id int, into ...*int) bool {
	if id < 1 || id > len(into) {
		return false
	}
	*into[id-1] = int(int32(t.long()))
	return true
}

// peek returns at least n bytes of the file from off on. They are valid until the
// next call.
func (p *parquetReader) peek(c *parquetColumn, off int64, n int) ([]byte, error) {
	if skip := off - c.windowAt; skip >= 0 && skip+int64(n) <= int64(len(c.window)) {
		return c.window[skip:], nil
	}
	if n > p.window {
		p.packed = roomFor(p.packed, n)
		return p.packed, p.readAt(p.packed, off)
	}
	want := int(min(int64(p.window), p.size-off, max(c.end-off, int64(n))))
	if want < n {
		return nil, io.ErrUnexpectedEOF
	}
	c.window, c.windowAt = roomFor(c.window, want), off
	err := p.readAt(c.window, off)
	if err != nil {
		c.window = c.window[:0]
	}
	return c.window, err
}

// roomFor returns b with n bytes, of whatever.
func roomFor(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n)
	}
	return b[:n]
}

// readAt fills b from the file. An error of the store ends the
// reading.
func (p *parquetReader) readAt(b []byte, off int64) (err error) {
	if off < 0 || off > p.size-int64(len(b)) {
		return io.ErrUnexpectedEOF
	}
	if p.open == nil || len(b) <= 16<<10 {
		n, err := p.from.ReadAt(b, off)
		if n == len(b) {
			return nil
		}
		p.stopped = unexpected(err)
		return p.stopped
	}
	r, err := p.open(off, int64(len(b)))
	if err == nil {
		_, err = io.ReadFull(r, b)
		r.Close()
	}
	if err != nil {
		p.stopped = unexpected(err)
	}
	return err
}

// content returns what a page holds, decompressed, in room. At a fault it may be what
// came before.
func (p *parquetReader) content(c *parquetColumn, h parquetHead, at int64, room *[]byte) (b []byte, err error) {
	cost := h.size + h.length
	if c.again { // not what comes out, but work
		cost /= 16
	}
	if err := p.spend(cost); err != nil {
		return nil, err
	}
	codec := c.part.codec
	if h.loose {
		codec = codecNone
	}
	var packed []byte
	straight := codec == codecNone && h.size == h.packed && h.size > p.window
	if straight {
		*room = roomFor(*room, h.size)
		packed = *room
		err = p.readAt(packed, at+int64(h.length))
	} else {
		packed, err = p.peek(c, at+int64(h.length), h.packed)
	}
	if err != nil {
		return nil, err
	}
	packed = packed[:h.packed]
	if h.summed && int64(crc32.ChecksumIEEE(packed)) != h.sum {
		p.note(c, malformed("checksum of a page"))
	}
	*room = roomFor(*room, h.size)
	b = *room
	levels := 0
	if h.kind == pageDataV2 {
		if levels = h.defSize + h.repSize; levels > len(packed) || levels > len(b) {
			return nil, malformed("levels of a page")
		}
		copy(b, packed[:levels])
	}
	if levels == len(b) || straight {
		return b, nil
	}
	n, err := p.codec.unpack(codec, b[levels:], packed[levels:])
	return b[:levels+n], err
}

// dictionary reads the values that pages refer to.
func (p *parquetReader) dictionary(c *parquetColumn, h parquetHead, at int64) error {
	if h.size > parquetPage || h.packed > 2*parquetPage {
		return &scanner.Problem{Reason: scanner.TooLarge, Detail: "dictionary"}
	}
	d := &c.dictionary
	room := p.place(c, &d.room, &p.shared.dictionary.room, h.size)
	if c.tight {
		d = &p.shared.dictionary
	}
	d.spans, c.words = d.spans[:0], d
	b, err := p.content(c, h, at, room)
	if b == nil {
		return err
	}
	if h.coding != codingPlain && h.coding != codingDictionary {
		return unsupported("encoding of a dictionary")
	}
	if 8*int64(h.values) > parquetPage {
		return &scanner.Problem{Reason: scanner.TooLarge, Detail: "dictionary"}
	}
	if err := p.spend(8 * h.values); err != nil {
		return err
	}
	v := parquetValues{coding: codingPlain, b: b}
	v.begin(c)
	made := c.text
	c.text = d.text[:0]
	raw := c.write == nil && c.bytes()
	for n, k := 0, 0; n == k && len(d.spans) < h.values; {
		k = min(h.values-len(d.spans), len(p.spans))
		if raw {
			n = v.raw(c, p.spans[:k])
		} else {
			n, d.from = p.values(c, &v, p.spans[:k])
		}
		d.spans = append(d.spans, p.spans[:n]...)
	}
	if len(d.spans) < h.values && err == nil {
		err = malformed("dictionary ends early")
	}
	if raw {
		d.from = p.clean(c, b, d.spans, parquetPage/4)
	}
	if d.from == nil {
		d.from = c.text
	}
	d.text, c.text = c.text, made
	return err
}

// load begins with the values of a page of data.
func (p *parquetReader) load(c *parquetColumn, h parquetHead, at int64) error {
	v := &c.page
	*v = parquetValues{left: h.values, coding: h.coding, before: v.before}
	if h.size > parquetPage || h.packed > 2*parquetPage {
		return &scanner.Problem{Reason: scanner.TooLarge, Detail: "page"}
	}
	b, err := p.content(c, h, at, p.place(c, &c.room, &p.shared.room, h.size))
	if b == nil && h.size > 0 || c.def == 0 && c.rep == 0 && err != nil && len(b) == 0 {
		return err
	}
	if err != nil {
		p.note(c, err)
	}
	if h.kind == pageDataV2 {
		v.reps = openRuns(b[:h.repSize], levelWidth(c.rep))
		v.defs = openRuns(b[h.repSize:h.repSize+h.defSize], levelWidth(c.def))
		v.b = b[h.repSize+h.defSize:]
	} else {
		if c.rep > 0 {
			v.reps, b = openLevels(b, h.reps, levelWidth(c.rep), h.values)
		}
		if c.def > 0 {
			v.defs, b = openLevels(b, h.defs, levelWidth(c.def), h.values)
		}
		v.b = b
	}
	if !v.begin(c) && len(v.b) > 0 {
		switch v.coding {
		case codingPlain, codingDictionary, codingRuns, codingDelta, codingLengths, codingPrefixes, codingIndexes, codingSplit:
			p.note(c, malformed("values of a page"))
		default:
			p.note(c, unsupported("encoding"))
		}
	}
	return nil
}

// openLevels begins with the levels at the beginning of b, and returns what is
// behind them.
func openLevels(b []byte, coding int, width uint, values int) (parquetRuns, []byte) {
	if coding == codingPacked {
		n := min((values*int(width)+7)/8, len(b))
		return parquetRuns{b: b[:n], width: width, packed: true, high: true, left: min(values, 8*n/int(width))}, b[n:]
	}
	if len(b) < 4 {
		return parquetRuns{}, nil
	}
	n := int(min(int64(binary.LittleEndian.Uint32(b)), int64(len(b)-4)))
	return openRuns(b[4:4+n], width), b[4+n:]
}
