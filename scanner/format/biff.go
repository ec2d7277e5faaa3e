package format

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Records of [MS-XLS] that are read.
const (
	biffFormula  = 0x0006
	biffEOF      = 0x000a
	biffHeader   = 0x0014
	biffFooter   = 0x0015
	biffNote     = 0x001c
	biffDates    = 0x0022
	biffFilePass = 0x002f
	biffContinue = 0x003c
	biffCodePage = 0x0042
	biffSheet    = 0x0085
	biffMulRK    = 0x00bd
	biffRString  = 0x00d6
	biffXF       = 0x00e0
	biffSST      = 0x00fc
	biffLabelSST = 0x00fd
	biffTXO      = 0x01b6
	biffLink     = 0x01b8
	biffNumber   = 0x0203
	biffLabel    = 0x0204
	biffBool     = 0x0205
	biffString   = 0x0207
	biffRK       = 0x027e
	biffFormula3 = 0x0206
	biffFormula4 = 0x0406
	biffFormat   = 0x041e
	biffBOF      = 0x0809
)

// A biff reads records: a type, a length of up to 64 KiB, and so many bytes. What
// has no room in one goes on in records of the type CONTINUE.
type biff struct {
	br    *bufio.Reader
	at    int64 // where the record at hand begins
	pos   int64 // bytes read
	kind  uint16
	left  int // bytes of the record that were not read
	room  []byte
	fault error // why next has reported false; nil at a clean end
	wide  bool  // BIFF8
	page  *charmap.Charmap
}

// next goes on to the next record.
func (b *biff) next() bool {
	if b.left > 0 && !b.skip(b.left) {
		return false
	}
	b.at = b.pos
	h, err := b.br.Peek(4)
	if len(h) < 4 {
		if len(h) > 0 || !errors.Is(err, io.EOF) {
			b.fault = fault(err)
		}
		return false
	}
	b.kind, b.left = binary.LittleEndian.Uint16(h), int(binary.LittleEndian.Uint16(h[2:]))
	b.br.Discard(4)
	b.pos += 4
	return true
}

// skip passes over bytes of the record.
func (b *biff) skip(n int) bool {
	k, err := b.br.Discard(min(n, b.left))
	b.pos += int64(k)
	b.left -= k
	if err != nil {
		b.fault = fault(err)
	}
	return err == nil
}

// body returns what is left of the record; it is valid until the next call.
func (b *biff) body() []byte {
	if cap(b.room) < b.left {
		b.room = make([]byte, 1<<16)
	}
	p := b.room[:b.left]
	n, err := io.ReadFull(b.br, p)
	b.pos += int64(n)
	b.left = 0
	if err != nil && b.fault == nil {
		b.fault = fault(err)
	}
	return p[:n]
}

// more enters the CONTINUE record that follows, if one does.
func (b *biff) more() bool {
	h, err := b.br.Peek(4)
	if err != nil || b.fault != nil || binary.LittleEndian.Uint16(h) != biffContinue {
		return false
	}
	b.left = int(binary.LittleEndian.Uint16(h[2:]))
	b.br.Discard(4)
	b.pos += 4
	return true
}

// read fills p, also from CONTINUE records.
func (b *biff) read(p []byte) bool {
	for len(p) > 0 {
		if b.left == 0 {
			if !b.more() {
				return false
			}
			continue
		}
		n, err := io.ReadFull(b.br, p[:min(len(p), b.left)])
		b.pos += int64(n)
		b.left -= n
		p = p[n:]
		if err != nil {
			b.fault = fault(err)
			return false
		}
	}
	return true
}

// pass is skip, also over CONTINUE records.
func (b *biff) pass(n int64) bool {
	for n > 0 {
		if b.left == 0 {
			if !b.more() {
				return false
			}
			continue
		}
		k := int(min(n, int64(b.left)))
		if !b.skip(k) {
			return false
		}
		n -= int64(k)
	}
	return true
}

// unicode appends n characters, UTF-16 or the low bytes of it. Where they go on in
// a CONTINUE record, its first byte says anew which of the two.
func (b *biff) unicode(dst []byte, n int, wide bool) ([]byte, bool) {
	high := rune(0) // surrogate
	for n > 0 {
		if b.left == 0 {
			var flags [1]byte
			if !b.more() || !b.read(flags[:]) {
				return dst, false
			}
			wide = flags[0]&1 != 0
			continue
		}
		size := 1
		if wide {
			size = 2
		}
		k := min(n, b.left/size)
		if k == 0 { // half a character
			b.skip(b.left)
			n--
			continue
		}
		p, err := b.br.Peek(min(k*size, b.br.Size()) / size * size)
		if err != nil {
			b.fault = fault(err)
			return dst, false
		}
		dst, high = appendUnits(dst, p, wide, high)
		b.skip(len(p))
		n -= len(p) / size
	}
	return dst, true
}

// appendUnits appends characters as UTF-8. high: a surrogate that waits.
func appendUnits(dst, p []byte, wide bool, high rune) ([]byte, rune) {
	if !wide {
		for _, c := range p {
			dst = utf8.AppendRune(dst, rune(c))
		}
		return dst, 0
	}
	for ; len(p) >= 2; p = p[2:] {
		switch r := rune(p[0]) | rune(p[1])<<8; {
		case r >= 0xd800 && r < 0xdc00:
			high = r
		case r >= 0xdc00 && r < 0xe000 && high != 0:
			dst = utf8.AppendRune(dst, (high-0xd800)<<10|(r-0xdc00)+0x10000)
			high = 0
		case r < utf8.RuneSelf:
			dst = append(dst, byte(r))
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst, high
}

// text appends the string at the beginning of p: n characters, behind a byte of
// flags in BIFF8, or in the code page.
func (b *biff) text(dst, p []byte, n int) []byte {
	if !b.wide {
		for _, c := range p[:min(n, len(p))] {
			if c < utf8.RuneSelf {
				dst = append(dst, c)
			} else {
				dst = utf8.AppendRune(dst, b.page.DecodeByte(c))
			}
		}
		return dst
	}
	if len(p) == 0 {
		return dst
	}
	wide := p[0]&1 != 0
	if wide {
		n *= 2
	}
	p = p[1:]
	dst, _ = appendUnits(dst, p[:min(n, len(p))], wide, 0)
	return dst
}

// codePage returns the character set of a CODEPAGE record.
func codePage(n uint16) *charmap.Charmap {
	switch n {
	case 437:
		return charmap.CodePage437
	case 850:
		return charmap.CodePage850
	case 1250:
		return charmap.Windows1250
	case 1251:
		return charmap.Windows1251
	case 1253:
		return charmap.Windows1253
	case 1254:
		return charmap.Windows1254
	case 0x8000, 10000:
		return charmap.Macintosh
	}
	return charmap.Windows1252
}
