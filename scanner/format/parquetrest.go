package format

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"

	"github.com/klauspost/compress/s2"
)

// pages hands over the values of a table that has lost its directory, as running
// text: page after page from the beginning. Which column a page is of, its codec and
// the type of its values are what they look like; of numbers, those are shown that
// are long enough to identify somebody. Where there is no page the bytes are handed
// over as they lie.
func (p *parquetReader) pages() {
	p.share(1)
	c := &parquetColumn{node: &parquetNode{kind: parquetBytes}, end: p.size, pos: 4}
	for c.pos < p.size && p.stopped == nil {
		if p.stopped = p.ctx.Err(); p.stopped != nil {
			return
		}
		h, err := p.pageHead(c)
		if left := p.size - c.pos - int64(h.length); err != nil && h.length > 0 && int64(h.packed) > left {
			h.packed, err = int(left), nil
		}
		if err != nil || !h.likely() {
			p.between(c)
			continue
		}
		p.pageText(c, h)
		c.pos += int64(h.length + h.packed)
	}
	if p.flushAside(); p.stopped == nil {
		p.stopped = p.stop
	}
	p.codec.close()
}

// likely reports whether a header is one of a page with values.
func (h *parquetHead) likely() bool {
	return (h.kind == pageData || h.kind == pageDictionary || h.kind == pageDataV2) &&
		h.values > 0 && h.coding >= codingPlain && h.coding <= codingSplit && h.size > 0 && h.size <= parquetPage && h.packed <= 2*parquetPage &&
		h.defSize+h.repSize <= min(h.size, h.packed)
}

// between hands over the bytes up to what may be the next page.
func (p *parquetReader) between(c *parquetColumn) {
	b, err := p.peek(c, c.pos, int(min(p.size-c.pos, int64(p.window))))
	if err != nil {
		if p.stopped == nil && !errors.Is(err, io.EOF) {
			p.stopped = err
		}
		return
	}
	n := len(b)
	for i := 1; i+2 < len(b); i++ { // the first field of the header, and the second
		j := bytes.IndexByte(b[i:], 0x15)
		if j < 0 || i+j+2 >= len(b) {
			break
		}
		if i += j; b[i+1] <= 6 && b[i+2] == 0x15 {
			n = i
			break
		}
	}
	p.besides(b[:n])
	c.pos += int64(n)
}

// pageText hands over the values of a page.
func (p *parquetReader) pageText(c *parquetColumn, h parquetHead) {
	p.spend(h.size + h.length)
	packed, err := p.peek(c, c.pos+int64(h.length), h.packed)
	if err != nil || p.stopped != nil {
		return
	}
	packed = packed[:h.packed]
	levels := 0
	if h.kind == pageDataV2 {
		levels = h.defSize + h.repSize
	}
	c.room = roomFor(c.room, h.size-levels)
	n := p.guess(c.room, packed[levels:])
	b := c.room[:n]
	if n == 0 {
		p.besides(packed)
		return
	}
	// The values of a page of version 1 are behind the levels, which may be there
	// once, twice or not at all, each behind its length.
	for range 3 {
		for _, kind := range []int{parquetBytes, parquetInt64} {
			if p.shown(kind, h, b) {
				return
			}
		}
		if len(b) < 4 || h.kind != pageData || int64(binary.LittleEndian.Uint32(b)) > int64(len(b)-4) {
			break
		}
		b = b[4+binary.LittleEndian.Uint32(b):]
	}
	if h.coding == codingPlain {
		p.besides(c.room[:n])
	}
}

// guess decompresses src into dst with the codec it looks like, and returns how
// much that gave; the end of src may be missing.
func (p *parquetReader) guess(dst, src []byte) int {
	if len(src) == 0 {
		return 0
	}
	codecs := []int{codecNone}
	size, err := s2.DecodedLen(src)
	switch {
	case len(src) == len(dst):
	case bytes.HasPrefix(src, []byte("\x28\xb5\x2f\xfd")):
		codecs = []int{codecZstd}
	case bytes.HasPrefix(src, []byte("\x1f\x8b")):
		codecs = []int{codecGzip}
	case err == nil && size == len(dst):
		codecs = []int{codecSnappy, codecLZ4Raw, codecBrotli}
	case len(src) >= 8 && int64(binary.BigEndian.Uint32(src)) <= int64(len(dst)) && src[0] == 0:
		codecs = []int{codecLZ4, codecLZ4Raw, codecBrotli, codecNone}
	default:
		codecs = []int{codecLZ4Raw, codecBrotli, codecNone}
	}
	for _, codec := range codecs {
		n, err := p.codec.unpack(codec, dst, src)
		if err == nil || n > 0 && (codec == codecZstd || codec == codecGzip || codec == codecNone) {
			return n
		}
	}
	return 0
}

// shown hands over values of a kind; false: the bytes are not of it.
func (p *parquetReader) shown(kind int, h parquetHead, b []byte) bool {
	c := newParquetColumn(&parquetNode{kind: kind, converted: -1}, "", 0, 0)
	v := parquetValues{coding: h.coding, b: b}
	if h.kind == pageDictionary {
		v.coding = codingPlain
	}
	switch {
	case v.coding == codingIndexes || v.coding == codingDictionary:
		return true
	case !v.begin(c):
		return false
	case v.coding == codingPlain && kind == parquetInt64 && (len(b)%8 != 0 || len(b)/8 > h.values):
		return false
	case v.coding == codingPlain && kind == parquetBytes:
		look := v
		for n := len(p.spans); n == len(p.spans); {
			n = look.lengthed(p.spans[:])
		}
		if look.at < len(b) {
			return false
		}
	}
	for n := len(p.spans); n == len(p.spans) && p.stopped == nil; {
		var from []byte
		n, from = p.values(c, &v, p.spans[:])
		if from == nil {
			from = c.text
		}
		for _, s := range p.spans[:n] {
			if t := from[s.from:s.to]; kind == parquetBytes || len(t) >= 10 {
				p.besides(t)
			}
		}
		c.text = c.text[:0]
	}
	return true
}
