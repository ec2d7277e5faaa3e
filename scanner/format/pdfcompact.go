package format

import "strings"

const pdfGlyphCount = 1 << 16 // of one font

// compact reads names and encoding of a font in the Compact Font Format (Adobe
// Technical Note 5176). A font whose glyphs have numbers and no names says nothing.
func (n *pdfNames) compact(b pdfBytes) {
	_, rest := b.from(b.u8(2)).index() // names
	tops, rest := rest.index()
	strings, _ := rest.index()
	if len(tops) == 0 {
		return
	}
	top := tops[0].operands()
	if _, numbered := top[0x0c1e]; numbered {
		return
	}
	glyphs := b.from(top[17]).u16(0)
	text := func(sid int) string {
		if sid < 391 {
			return compactGlyph(sid)
		}
		if sid-391 < len(strings) {
			return pdfGlyph(string(strings[sid-391]))
		}
		return ""
	}
	n.charset(b, top[15], glyphs, text)
	n.encoding(b, top[16])
}

// index reads an array of byte strings, and returns what is behind it.
func (b pdfBytes) index() (items []pdfBytes, rest pdfBytes) {
	count, size := b.u16(0), b.u8(2)
	if count == 0 || size < 1 || size > 4 {
		return nil, b.from(2)
	}
	offset := func(i int) int { return b.u32(3+i*size) >> (8 * (4 - size)) }
	base := 2 + (count+1)*size
	for i := range count {
		from, to := base+offset(i), base+offset(i+1)
		if from < 0 || to < from || to > len(b) {
			return items, nil
		}
		items = append(items, b[from:to])
	}
	return items, b.from(base + offset(count))
}

// operands returns the last operand of each operator of a dictionary; those of two
// bytes are 0x0c00 and more.
func (b pdfBytes) operands() map[int]int {
	all := make(map[int]int)
	for last := 0; len(b) > 0; {
		c := int(b[0])
		n := 1
		switch {
		case c == 12:
			all[0x0c00|b.u8(1)] = last
			n = 2
		case c < 22:
			all[c] = last
		case c == 28:
			last, n = int(int16(b.u16(1))), 3
		case c == 29:
			last, n = int(int32(b.u32(1))), 5
		case c == 30:
			for n < len(b) && b[n]&0x0f != 0x0f && b[n]>>4 != 0x0f {
				n++
			}
			n++
		case c >= 32 && c <= 246:
			last = c - 139
		case c >= 247 && c <= 250:
			last, n = (c-247)*256+b.u8(1)+108, 2
		case c >= 251 && c <= 254:
			last, n = -(c-251)*256-b.u8(1)-108, 2
		}
		b = b.from(n)
	}
	return all
}

// charset names the glyphs.
func (n *pdfNames) charset(b pdfBytes, at, glyphs int, text func(int) string) {
	if at <= 2 { // of those that are known without; only the first is in use here
		for g := 1; at == 0 && g < min(glyphs, 229); g++ {
			n.name(uint32(g), text(g))
		}
		return
	}
	b = b.from(at)
	form := b.u8(0)
	b = b.from(1)
	for g := 1; g < min(glyphs, pdfGlyphCount) && len(b) > 0; {
		sid, more := b.u16(0), 0
		switch form {
		case 0:
			b = b.from(2)
		case 1:
			more = b.u8(2)
			b = b.from(3)
		case 2:
			more = b.u16(2)
			b = b.from(4)
		default:
			return
		}
		for i := 0; i <= more && g < glyphs; i++ {
			n.name(uint32(g), text(sid+i))
			g++
		}
	}
}

// encoding notes which glyph a code shows. Without one it is that of the names.
func (n *pdfNames) encoding(b pdfBytes, at int) {
	if at <= 1 {
		by := make(map[string]uint32)
		for g, t := range n.text {
			if old, ok := by[t]; !ok || g < old {
				by[t] = g
			}
		}
		for c, t := range pdfEncoding("StandardEncoding") {
			if g, ok := by[t]; ok && t != "" {
				n.glyph[uint32(c)] = g
			}
		}
		return
	}
	b = b.from(at)
	form := b.u8(0)
	count := b.u8(1)
	b = b.from(2)
	g := uint32(1)
	switch form & 0x7f {
	case 0:
		for i := range count {
			n.glyph[uint32(b.u8(i))] = g
			g++
		}
	case 1:
		for i := range count {
			first, more := b.u8(2*i), b.u8(2*i+1)
			for k := 0; k <= more; k++ {
				n.glyph[uint32(first+k)] = g
				g++
			}
		}
	}
}

// compactNames are the glyphs of the format's own list behind those of
// StandardEncoding.
var compactNames = strings.Fields("¹ ¬ µ ™ Ð ½ ± Þ ¼ ÷ ¦ ° þ ¾ ² ® - ð × ³ © Á Â Ä À Å Ã Ç É Ê Ë È Í Î Ï Ì Ñ Ó Ô Ö Ò Õ Š Ú Û Ü Ù Ý Ÿ Ž " +
	"á â ä à å ã ç é ê ë è í î ï ì ñ ó ô ö ò õ š ú û ü ù ý ÿ ž")

// compactStandard are those of StandardEncoding, from number 1 on.
var compactStandard = func() (all []string) {
	for _, t := range pdfEncoding("StandardEncoding") {
		if t != "" {
			all = append(all, t)
		}
	}
	return all
}()

func compactGlyph(sid int) string {
	switch i := sid - 1; {
	case i < 0:
	case i < len(compactStandard):
		return compactStandard[i]
	case i-len(compactStandard) < len(compactNames):
		return compactNames[i-len(compactStandard)]
	}
	return ""
}
