package format

import (
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// A decoder reads text of any charset as UTF-8. UTF-8 goes straight from the
// source to the caller's memory. As long as a document is pure ASCII nothing is
// decided: the first bytes above 0x7F, and the 64 KiB behind them, do that.
type decoder struct {
	r     io.Reader
	set   charset
	begun bool
	ended bool   // the source is at its end, or broken
	err   error  // what ended it; nil is io.EOF
	raw   []byte // stored bytes that wait, a part of room
	room  []byte
	table *[128]letter
}

// A letter is the UTF-8 form of a byte above 0x7F.
type letter struct {
	b [3]byte
	n uint8
}

// decode returns a reader of r's text in UTF-8, without its mark.
func decode(r io.Reader) *decoder { return &decoder{r: r} }

// Read fills p, of which it wants at least 4 bytes.
func (d *decoder) Read(p []byte) (int, error) {
	if len(p) < utf8.UTFMax {
		return 0, io.ErrShortBuffer
	}
	if !d.begun && len(p) >= headSize {
		if n := d.begin(p); n > 0 {
			return n, nil
		}
	}
	for {
		if n := d.transcode(p); n > 0 {
			return n, nil
		}
		if d.ended {
			if d.err != nil {
				return 0, d.err
			}
			return 0, io.EOF
		}
		if d.begun && (d.set == utf8Text || d.set == plainASCII) {
			n, err := d.r.Read(p)
			d.end(err)
			if d.set == plainASCII {
				n = d.watch(p[:n])
			}
			if n > 0 {
				return n, nil
			}
			if err != nil || len(d.raw) > 0 {
				continue
			}
			return 0, nil
		}
		d.top()
		if !d.begun {
			mark := 0
			d.set, mark = sniffCharset(d.raw)
			d.raw, d.begun = d.raw[mark:], true
		}
	}
}

// begin reads the head into p and tells its charset. UTF-8 stays there; other
// text waits in raw to be decoded.
func (d *decoder) begin(p []byte) int {
	room := d.room
	d.room = p
	d.top()
	head := d.raw
	d.room, d.raw, d.begun = room, nil, true
	var mark int
	d.set, mark = sniffCharset(head)
	if d.set == plainASCII || d.set == utf8Text {
		return copy(p, head[mark:])
	}
	d.room = make([]byte, headSize)
	d.raw = d.room[:copy(d.room, head[mark:])]
	return 0
}

func (d *decoder) end(err error) {
	if err == nil {
		return
	}
	d.ended = true
	if !errors.Is(err, io.EOF) {
		d.err = err
	}
}

// watch returns how much of p is ASCII; the rest waits in raw, and the charset
// is chosen from it.
func (d *decoder) watch(p []byte) int {
	i := indexHigh(p)
	if i == len(p) {
		return i
	}
	if len(d.room) < headSize || len(d.room) < len(p)-i {
		d.room = make([]byte, max(headSize, len(p)-i))
	}
	d.raw = d.room[:copy(d.room, p[i:])]
	d.top()
	d.set = sniffHigh(d.raw)
	return i
}

// top reads until 64 KiB of stored bytes wait, or the source ends.
func (d *decoder) top() {
	if len(d.room) < headSize {
		d.room = make([]byte, headSize)
	}
	n := copy(d.room, d.raw)
	for idle := 0; n < headSize && !d.ended && idle < 100; idle++ {
		m, err := d.r.Read(d.room[n:])
		if m > 0 {
			idle = 0
		}
		n += m
		d.end(err)
	}
	if n == len(d.raw) && n < headSize && !d.ended {
		d.end(io.ErrNoProgress)
	}
	d.raw = d.room[:n]
}

// transcode writes waiting bytes to p as UTF-8 and returns how many it wrote.
// A character that is not whole waits, unless the source has ended.
func (d *decoder) transcode(p []byte) int {
	if len(d.raw) == 0 || !d.begun {
		return 0
	}
	switch d.set {
	case plainASCII, utf8Text:
		n := copy(p, d.raw)
		d.raw = d.raw[n:]
		return n
	case utf16LE, utf16BE:
		return d.wide(p, 2)
	case utf32LE, utf32BE:
		return d.wide(p, 4)
	}
	return d.narrow(p)
}

// narrow transcodes a single-byte charset, copying ASCII eight bytes at a time.
func (d *decoder) narrow(p []byte) int {
	if d.table == nil {
		d.table = letters(d.set)
	}
	src, w := d.raw, 0
	for len(src) > 0 {
		if w+8 <= len(p) && len(src) >= 8 {
			v := binary.LittleEndian.Uint64(src)
			binary.LittleEndian.PutUint64(p[w:], v)
			if v&highBits == 0 {
				src, w = src[8:], w+8
				continue
			}
			for src[0] < utf8.RuneSelf {
				src, w = src[1:], w+1
			}
		}
		if w+3 > len(p) {
			break
		}
		if c := src[0]; c < utf8.RuneSelf {
			p[w] = c
			w++
		} else {
			l := &d.table[c-utf8.RuneSelf]
			p[w], p[w+1], p[w+2] = l.b[0], l.b[1], l.b[2]
			w += int(l.n)
		}
		src = src[1:]
	}
	d.raw = src
	return w
}

func letters(cs charset) *[128]letter {
	var t [128]letter
	for i := range t {
		r := charmaps[cs].DecodeByte(byte(i + utf8.RuneSelf))
		t[i].n = uint8(utf8.EncodeRune(t[i].b[:], r))
	}
	return &t
}

// wide transcodes UTF-16 and UTF-32, size bytes a unit.
func (d *decoder) wide(p []byte, size int) int {
	src, w := d.raw, 0
	for w+utf8.UTFMax <= len(p) && len(src) > 0 {
		if len(src) < size {
			if d.ended {
				w += utf8.EncodeRune(p[w:], utf8.RuneError)
				src = nil
			}
			break
		}
		r := d.unit(src)
		src = src[size:]
		if size == 2 && utf16.IsSurrogate(r) {
			if len(src) < size && !d.ended {
				src = d.raw[len(d.raw)-len(src)-size:]
				break
			}
			if len(src) >= size {
				if pair := utf16.DecodeRune(r, d.unit(src)); pair != utf8.RuneError {
					r, src = pair, src[size:]
				}
			}
		}
		if r < utf8.RuneSelf {
			p[w] = byte(r)
			w++
		} else {
			w += utf8.EncodeRune(p[w:], r)
		}
	}
	d.raw = src
	return w
}

func (d *decoder) unit(b []byte) rune {
	switch d.set {
	case utf16LE:
		return rune(binary.LittleEndian.Uint16(b))
	case utf16BE:
		return rune(binary.BigEndian.Uint16(b))
	case utf32LE:
		return clip(binary.LittleEndian.Uint32(b))
	}
	return clip(binary.BigEndian.Uint32(b))
}

func clip(u uint32) rune {
	if u > utf8.MaxRune {
		return utf8.RuneError
	}
	return rune(u)
}
