package format

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
)

const (
	pdfProgram = 8 << 20 // bytes of a font program that are looked at
	pdfStep    = 16      // bytes that a step in reading it counts for
)

// A pdfNames is what a font program says about its glyphs.
type pdfNames struct {
	text  map[uint32]string // of a glyph
	glyph map[uint32]uint32 // of a code of the font's own encoding; nil without
	steps int64             // that it took to read
}

// program reads the embedded program of a font; nil where it says nothing.
func (f *pdfFile) program(descriptor pdfDict) *pdfNames {
	for _, k := range []pdfName{"FontFile2", "FontFile3"} {
		s := f.stream(descriptor[k])
		if s == nil {
			continue
		}
		b := pdfBytes(f.read(s, pdfProgram))
		n := &pdfNames{text: make(map[uint32]string), glyph: make(map[uint32]uint32)}
		defer func() { f.spend(pdfStep * n.steps) }()
		if b.u16(0) == 0x100 && b.u8(2) < 16 {
			n.compact(b)
			return n
		}
		tables := b.tables()
		n.posted(tables["post"])
		n.mapped(tables["cmap"])
		if len(n.text) == 0 {
			n.compact(tables["CFF "])
		}
		return n
	}
	return nil
}

// pdfBytes are bytes of which those that are missing read as zero.
type pdfBytes []byte

func (b pdfBytes) from(at int) pdfBytes {
	if at < 0 || at >= len(b) {
		return nil
	}
	return b[at:]
}

func (b pdfBytes) u8(at int) int {
	if b = b.from(at); len(b) < 1 {
		return 0
	}
	return int(b[0])
}

func (b pdfBytes) u16(at int) int {
	if b = b.from(at); len(b) < 2 {
		return 0
	}
	return int(binary.BigEndian.Uint16(b))
}

func (b pdfBytes) u32(at int) int {
	if b = b.from(at); len(b) < 4 {
		return 0
	}
	return int(binary.BigEndian.Uint32(b))
}

// tables returns those of a TrueType or OpenType font.
func (b pdfBytes) tables() map[string]pdfBytes {
	all := make(map[string]pdfBytes)
	for i := range min(b.u16(4), 64) {
		e := b.from(12 + 16*i)
		if len(e) < 16 {
			break
		}
		t := b.from(e.u32(8))
		all[string(e[:4])] = t[:min(len(t), e.u32(12))]
	}
	return all
}

// macNames are the glyphs of the order that Apple gave them behind those of its
// character set.
var macNames = strings.Fields("Ł ł Š š Ž ž ¦ Ð ð Ý ý Þ þ - × ¹ ² ³ ½ ¼ ¾ F Ğ ğ İ Ş ş Ć ć Č č đ")

func macGlyph(i int) string {
	switch {
	case i >= 3 && i < 98:
		return string(rune(i + 29))
	case i >= 98 && i <= 225:
		return pdfPlain(string(charmap.Macintosh.DecodeByte(byte(i + 30))))
	case i >= 226 && i < 226+len(macNames):
		return macNames[i-226]
	}
	return ""
}

// posted reads the table of names (OpenType, post).
func (n *pdfNames) posted(b pdfBytes) {
	switch b.u32(0) {
	case 0x10000:
		for i := range 258 {
			n.name(uint32(i), macGlyph(i))
		}
	case 0x20000:
		count := b.u16(32)
		var own []string
		for s := b.from(34 + 2*count); len(s) > 0 && len(own) < 1<<16; {
			end := min(1+int(s[0]), len(s))
			own = append(own, string(s[1:end]))
			s = s[end:]
		}
		for i := range count {
			if k := b.u16(34 + 2*i); k < 258 {
				n.name(uint32(i), macGlyph(k))
			} else if k-258 < len(own) {
				n.name(uint32(i), pdfGlyph(own[k-258]))
			}
		}
	}
}

func (n *pdfNames) name(glyph uint32, text string) {
	n.steps++
	if text != "" && n.text[glyph] == "" {
		n.text[glyph] = text
	}
}

// mapped reads the tables of characters (OpenType, cmap): those of Unicode say what
// a glyph is, the others what a code shows.
func (n *pdfNames) mapped(b pdfBytes) {
	for i := range min(b.u16(2), 32) {
		platform, encoding := b.u16(4+8*i), b.u16(6+8*i)
		t := b.from(b.u32(8 + 8*i))
		unicode := platform == 0 || platform == 3 && (encoding == 1 || encoding == 10)
		t.characters(func(code, glyph int) {
			switch n.steps++; {
			case glyph == 0:
			case unicode:
				n.name(uint32(glyph), pdfPlain(string(rune(code))))
			case code < 0x100 || code>>8 == 0xF0:
				n.glyph[uint32(code&0xff)] = uint32(glyph)
			}
		})
	}
}

// characters calls yield with the codes of a table, of the forms that are in use, and
// their glyphs; not more than there are in Unicode's first plane.
func (b pdfBytes) characters(yield func(code, glyph int)) {
	left := 1 << 16
	switch b.u16(0) {
	case 0:
		for c := range 256 {
			yield(c, b.u8(6+c))
		}
	case 4:
		n := b.u16(6)
		for i := 0; i < n; i += 2 {
			last, first := b.u16(14+i), b.u16(16+n+i)
			delta, offset := b.u16(16+2*n+i), b.u16(16+3*n+i)
			for c := first; c <= last && c < 0xFFFF && left > 0; c++ {
				left--
				glyph := c + delta
				if offset != 0 {
					if glyph = b.u16(16 + 3*n + i + offset + 2*(c-first)); glyph != 0 {
						glyph += delta
					}
				}
				yield(c, glyph&0xffff)
			}
		}
	case 6:
		first := b.u16(6)
		for i := range b.u16(8) {
			yield(first+i, b.u16(10+2*i))
		}
	case 12:
		for i := range min(b.u32(12), left) {
			first, last, glyph := b.u32(16+12*i), b.u32(20+12*i), b.u32(24+12*i)
			for c := first; c <= last && left > 0; c++ {
				left--
				yield(c, glyph+c-first)
			}
		}
	}
}

// find returns the text of a code: of a glyph, or where the font has codes of its
// own, of the glyph that it shows.
func (n *pdfNames) find(code uint32, own bool) string {
	if n == nil {
		return ""
	}
	if own {
		glyph, ok := n.glyph[code]
		if !ok {
			return ""
		}
		code = glyph
	}
	return n.text[code]
}

// glyphsAt reads a stream that maps characters to glyphs (CIDToGIDMap).
func (f *pdfFile) glyphsAt(v any) pdfBytes {
	if s := f.stream(v); s != nil {
		return f.read(s, 2<<16)
	}
	return nil
}

// pdfUnicodeName reads the names that programs give to what has none: "uni0041",
// "u1F600", of several characters "uni00410042".
func pdfUnicodeName(hex string) string {
	if len(hex) < 8 || len(hex)%4 != 0 || len(hex) > 64 {
		return ""
	}
	var units []uint16
	for ; hex != ""; hex = hex[4:] {
		v := 0
		for _, c := range []byte(hex[:4]) {
			d := unhex(int(c))
			if d < 0 {
				return ""
			}
			v = v<<4 | d
		}
		units = append(units, uint16(v))
	}
	return pdfPlain(string(utf16.Decode(units)))
}
