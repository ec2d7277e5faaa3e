package format

import (
	"bytes"
	"strings"
)

const (
	pdfFonts  = 64      // that are kept
	pdfWidths = 1 << 16 // of one font
)

// A pdfFont says what the bytes of a string show, and how wide that is.
type pdfFont struct {
	wide    bool // codes of several bytes
	unicode *pdfCMap
	codes   *pdfCMap // how long codes are; nil: as in unicode
	utf16   bool     // codes are text
	text    [256]string
	width   map[uint32]float32 // of a code, in units
	usual   float32
	unit    float32 // of widths, to the size of the font
	name    pdfName
	listed  bool // widths are in the file

	program func() *pdfNames // reads the font's own program, which is done once; nil without
	names   *pdfNames
	glyphs  pdfBytes // of a code, two bytes each; nil: codes are glyphs
}

// font returns a font of the resources; nil where there is none.
func (f *pdfFile) font(v any) *pdfFont {
	d := f.dict(v)
	if d == nil {
		return nil
	}
	t := &pdfFont{unit: 0.001, name: f.name(d["BaseFont"]), width: make(map[uint32]float32)}
	if s := f.stream(d["ToUnicode"]); s != nil {
		r, done := f.open(s)
		t.unicode = readCMap(r)
		done()
	}
	if f.name(d["Subtype"]) == "Type0" {
		f.composite(t, d)
		return t
	}
	f.simple(t, d)
	return t
}

// composite reads a font with codes of several bytes (9.7).
func (f *pdfFile) composite(t *pdfFont, d pdfDict) {
	t.wide, t.listed = true, true
	identity := false
	switch e := f.resolve(d["Encoding"]).(type) {
	case pdfName:
		t.utf16 = strings.Contains(string(e), "UCS2") || strings.Contains(string(e), "UTF16")
		identity = strings.HasPrefix(string(e), "Identity")
	case *pdfStream:
		r, done := f.open(e)
		t.codes = readCMap(r)
		done()
	}
	var inner pdfDict
	if a := f.array(d["DescendantFonts"]); len(a) > 0 {
		inner = f.dict(a[0])
	}
	if descriptor := f.dict(inner["FontDescriptor"]); identity {
		t.program = func() *pdfNames {
			t.glyphs = f.glyphsAt(inner["CIDToGIDMap"])
			if n := f.program(descriptor); n != nil {
				return n
			}
			return pdfShipped(t.name)
		}
	}
	t.usual = float32(f.number(inner["DW"], 1000))
	w := f.array(inner["W"])
	f.spend(int64(8 * len(w)))
	left := 2 * pdfWidths
	for i := 0; i+1 < len(w) && left > 0; {
		first, ok := pdfInt(f.resolve(w[i]), 1<<16)
		if !ok {
			i++
			continue
		}
		if list, ok := f.resolve(w[i+1]).(pdfArray); ok {
			for k, v := range list[:min(len(list), left)] {
				left--
				t.width[uint32(first+k)] = float32(f.number(v, 0))
			}
			i += 2
			continue
		}
		last, ok := pdfInt(f.resolve(w[i+1]), 1<<16)
		if !ok || i+2 >= len(w) {
			break
		}
		for k := first; k <= last && left > 0; k++ {
			left--
			t.width[uint32(k)] = float32(f.number(w[i+2], 0))
		}
		i += 3
	}
}

// simple reads a font with codes of one byte (9.6).
func (f *pdfFile) simple(t *pdfFont, d pdfDict) {
	descriptor := f.dict(d["FontDescriptor"])
	kind := f.name(d["Subtype"])
	base := pdfName("")
	e := f.resolve(d["Encoding"])
	switch v := e.(type) {
	case pdfName:
		base = v
	case pdfDict:
		base = f.name(v["BaseEncoding"])
	}
	symbolic := int(f.number(descriptor["Flags"], 0))&4 != 0
	switch {
	case base == "" && kind == "TrueType":
		t.text = pdfEncoding("WinAnsiEncoding")
	case base == "":
		t.text = pdfEncoding("StandardEncoding")
	default:
		t.text = pdfEncoding(base)
	}
	if base == "" && (symbolic || kind != "TrueType") {
		f.builtIn(t, descriptor)
	}
	if v, ok := e.(pdfDict); ok {
		code := 0
		for _, v := range f.array(v["Differences"]) {
			switch v := f.resolve(v).(type) {
			case float64:
				code, _ = pdfInt(v, 255)
			case pdfName:
				if code <= 255 {
					t.text[code] = pdfGlyphOf(string(v), code)
				}
				code++
			}
		}
	}
	first := int(f.number(d["FirstChar"], 0))
	if widths := f.array(d["Widths"]); widths != nil && first >= 0 {
		t.listed = true
		for i, v := range widths[:min(len(widths), 256)] {
			t.width[uint32(first+i)] = float32(f.number(v, 0))
		}
	}
	t.usual = float32(f.number(descriptor["MissingWidth"], 0))
	if m := f.array(d["FontMatrix"]); kind == "Type3" && len(m) == 6 {
		if t.unit = float32(f.number(m[0], 0.001)); t.unit < 0 {
			t.unit = -t.unit
		}
	}
}

// builtIn reads the encoding of the font's own program; of a Type 1 font that is in its
// clear part: "dup 65 /A put".
func (f *pdfFile) builtIn(t *pdfFont, descriptor pdfDict) {
	s := f.stream(descriptor["FontFile"])
	if s == nil && t.unicode == nil {
		n := f.program(descriptor)
		for c := range t.text {
			if text := n.find(uint32(c), true); text != "" {
				t.text[c] = text
			}
		}
	}
	if s == nil {
		return
	}
	clear := f.read(s, 64<<10)
	if i := bytes.Index(clear, []byte("eexec")); i >= 0 {
		clear = clear[:i]
	}
	i := bytes.Index(clear, []byte("/Encoding"))
	if i < 0 {
		return
	}
	l := newPDFLexer(bytes.NewReader(clear[i+9:]), 0, 4096)
	for before := any(nil); ; {
		v := l.value(0)
		switch v := v.(type) {
		case pdfWord:
			if v == "" || v == "def" || v == "readonly" {
				return
			}
		case pdfName:
			if code, ok := pdfInt(before, 255); ok {
				t.text[code] = pdfGlyph(string(v))
			}
		}
		before = v
	}
}

// next takes the first code off s: its text, its width to the size of the font,
// and whether it is the one byte that word spacing is for.
func (t *pdfFont) next(s pdfString) (rest pdfString, text string, width float32, space, known bool) {
	code, n := uint32(s[0]), 1
	if t.wide {
		m := t.codes
		if m == nil || len(m.spaces) == 0 {
			m = t.unicode
		}
		if m == nil {
			m = new(pdfCMap)
		}
		if t.utf16 || t.codes == nil {
			n = min(2, len(s))
			code = pdfCode(s[:n])
		} else {
			code, n = m.next(s, 2)
		}
	}
	if t.unicode != nil {
		text, known = t.unicode.find(code)
	}
	if !known && t.program != nil {
		t.names, t.program = t.program(), nil
	}
	switch {
	case known:
	case t.names != nil:
		glyph := code
		if t.glyphs != nil {
			glyph = uint32(t.glyphs.u16(2 * int(code)))
		}
		text = t.names.find(glyph, false)
		known = text != ""
	case t.utf16:
		text, known = pdfPlain(pdfUTF16(s[:n])), true
	case !t.wide:
		text = t.text[code&0xff]
		known = text != ""
	}
	width, ok := t.width[code]
	if !ok {
		width = t.usual
		if !t.listed {
			width = pdfUsual(t.name, text)
		}
	}
	return s[n:], text, width * t.unit, n == 1 && code == ' ', known
}
