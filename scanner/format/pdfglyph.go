package format

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// pdfGlyphs are the names of signs (Adobe Glyph List) that are no letters with
// accents, in pairs of name and text.
var pdfGlyphs = glyphPairs(`space 20 exclam ! quotedbl " numbersign # dollar $ percent % ampersand & quotesingle ' parenleft ( parenright ) asterisk *
plus + comma , hyphen - period . slash / zero 0 one 1 two 2 three 3 four 4 five 5 six 6 seven 7 eight 8 nine 9 colon : semicolon ; less < equal =
greater > question ? at @ bracketleft [ backslash \ bracketright ] asciicircum ^ underscore _ grave ` + "`" + ` braceleft { bar | braceright } asciitilde ~
quoteleft ‘ quoteright ’ quotedblleft “ quotedblright ” quotedblbase „ quotesinglbase ‚ guillemotleft « guillemotright » guilsinglleft ‹ guilsinglright ›
endash – emdash — bullet • ellipsis … dagger † daggerdbl ‡ perthousand ‰ fraction ⁄ minus − multiply × divide ÷ plusminus ± degree ° section §
paragraph ¶ copyright © registered ® trademark ™ cent ¢ sterling £ yen ¥ Euro € currency ¤ florin ƒ brokenbar ¦ logicalnot ¬ mu µ
onesuperior ¹ twosuperior ² threesuperior ³ ordfeminine ª ordmasculine º onequarter ¼ onehalf ½ threequarters ¾ periodcentered · exclamdown ¡ questiondown ¿
AE Æ ae æ OE Œ oe œ Oslash Ø oslash ø Eth Ð eth ð Thorn Þ thorn þ germandbls ß Lslash Ł lslash ł dotlessi ı Dcroat Đ dcroat đ
fi fi fl fl ff ff ffi ffi ffl ffl acute ´ dieresis ¨ circumflex ^ tilde ~ cedilla ¸ macron ¯ caron ˇ breve ˘ dotaccent ˙ ring ˚ hungarumlaut ˝ ogonek ˛
nbspace 20 nonbreakingspace 20 sfthyphen - softhyphen - checkbox ☐ arrowright → lozenge ◊ infinity ∞ lessequal ≤ greaterequal ≥ notequal ≠ Delta Δ Omega Ω pi π`)

func glyphPairs(list string) map[string]string {
	f := strings.Fields(list)
	m := make(map[string]string, len(f)/2)
	for i := 0; i+1 < len(f); i += 2 {
		m[f[i]] = f[i+1]
	}
	for k, v := range m {
		if v == "20" {
			m[k] = " "
		}
	}
	return m
}

// pdfAccents are what the names of letters with accents end in.
var pdfAccents = [...]struct{ name, mark string }{
	{"acute", "\u0301"}, {"grave", "\u0300"}, {"circumflex", "\u0302"}, {"dieresis", "\u0308"}, {"tilde", "\u0303"}, {"cedilla", "\u0327"},
	{"ring", "\u030A"}, {"caron", "\u030C"}, {"macron", "\u0304"}, {"breve", "\u0306"}, {"ogonek", "\u0328"}, {"dotaccent", "\u0307"},
	{"hungarumlaut", "\u030B"}, {"commaaccent", "\u0327"},
}

// pdfGlyph returns the text of a glyph's name, "" where it has none.
func pdfGlyph(name string) string {
	if i := strings.IndexByte(name, '.'); i > 0 {
		name = name[:i]
	}
	if t, ok := pdfGlyphs[name]; ok {
		return t
	}
	if len(name) == 1 && (isLower(name[0]) || isUpper(name[0])) {
		return name
	}
	if i := strings.IndexByte(name, '_'); i > 0 && len(name) < 64 {
		text := ""
		for _, part := range strings.Split(name, "_") {
			if strings.Contains(part, "_") || part == "" {
				return ""
			}
			text += pdfGlyph(part)
		}
		return text
	}
	if hex, ok := strings.CutPrefix(name, "uni"); ok && len(hex) >= 8 {
		return pdfUnicodeName(hex)
	}
	for _, prefix := range []string{"uni", "u"} {
		if hex, ok := strings.CutPrefix(name, prefix); ok && len(hex) >= 4 && len(hex) <= 6 {
			if v, err := strconv.ParseUint(hex, 16, 32); err == nil {
				return pdfPlain(string(rune(v)))
			}
		}
	}
	if len(name) > 3 && (isLower(name[0]) || isUpper(name[0])) {
		for _, a := range pdfAccents {
			if name[1:] == a.name {
				return norm.NFC.String(name[:1] + a.mark)
			}
		}
	}
	return ""
}

// pdfGlyphOf returns the text of the glyph that a code shows. A name that is a letter
// and the number of the code says that the code is one of ASCII.
func pdfGlyphOf(name string, code int) string {
	text := pdfGlyph(name)
	if text != "" || code <= ' ' || code > '~' {
		return text
	}
	number := strings.TrimLeft(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
	if v, err := strconv.Atoi(number); err == nil && v == code {
		return string(rune(code))
	}
	return ""
}

// pdfShipped returns the glyphs of fonts that come with Windows, which programs name
// by their number without embedding them; nil for others.
func pdfShipped(font pdfName) *pdfNames {
	for _, name := range []string{"Arial", "TimesNewRoman", "CourierNew", "Verdana", "Tahoma", "Times New Roman", "Courier New"} {
		if !strings.HasPrefix(string(font), name) {
			continue
		}
		n := &pdfNames{text: make(map[uint32]string)}
		for i := range 226 {
			n.name(uint32(i), macGlyph(i))
		}
		return n
	}
	return nil
}

// pdfPlain takes ligatures apart, and leaves out what is no text.
func pdfPlain(s string) string {
	for _, r := range s {
		switch {
		case r >= 0xFB00 && r <= 0xFB06, r == 0xA0, r >= 0x2000 && r <= 0x200A, r == 0x202F:
			return norm.NFKC.String(s)
		case r < ' ' && r != '\t', r == 0xFFFD, r >= 0xE000 && r <= 0xF8FF, r == 0xAD && s == "\u00AD":
			return strings.Map(func(r rune) rune {
				switch {
				case r == 0xAD:
					return '-'
				case r < ' ', r == 0xFFFD, r >= 0xE000 && r <= 0xF8FF:
					return -1
				}
				return r
			}, s)
		}
	}
	return s
}

// pdfStandard is StandardEncoding above 0x7F (ISO 32000-1, annex D), and the two
// quotes below.
var pdfStandard = "¡ ¢ £ ⁄ ¥ ƒ § ¤ ' “ « ‹ › fi fl - – † ‡ · - ¶ • ‚ „ ” » … ‰ - ¿ - ` ´ ^ ~ ¯ ˘ ˙ ¨ - ˚ ¸ - ˝ ˛ ˇ —"

// pdfEncoding returns one of the named encodings.
func pdfEncoding(name pdfName) (e [256]string) {
	for c := range 256 {
		switch {
		case c >= ' ' && c < 0x7F:
			e[c] = string(rune(c))
		case c < ' ' || name == "StandardEncoding":
		case name == "MacRomanEncoding":
			e[c] = string(charmap.Macintosh.DecodeByte(byte(c)))
		default:
			if r := charmap.Windows1252.DecodeByte(byte(c)); r != utf8.RuneError && r >= 0xA0 {
				e[c] = pdfPlain(string(r))
			} else if c > 0x7F {
				e[c] = "•"
			}
		}
	}
	if name != "StandardEncoding" {
		return e
	}
	e['\''], e['`'] = "’", "‘"
	for i, s := range strings.Fields(pdfStandard) {
		if s != "-" {
			e[0xA1+i] = s
		}
	}
	for c, s := range map[int]string{0xE1: "Æ", 0xE3: "ª", 0xE8: "Ł", 0xE9: "Ø", 0xEA: "Œ", 0xEB: "º", 0xF1: "æ", 0xF5: "ı", 0xF8: "ł", 0xF9: "ø", 0xFA: "œ", 0xFB: "ß"} {
		e[c] = s
	}
	return e
}

// Widths of the signs from space to ~ in fonts that every viewer has, from the
// metrics that Adobe published: Helvetica and Times.
var (
	pdfHelvetica = [95]uint16{278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
		556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015,
		667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611,
		278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556,
		500, 722, 500, 500, 500, 334, 260, 334, 584}
	pdfTimes = [95]uint16{250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278,
		500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444, 921,
		722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611,
		333, 278, 333, 469, 500, 333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500,
		500, 722, 500, 500, 444, 480, 200, 480, 541}
)

// pdfUsual returns the width of a text in one of the fonts that need not be in
// the file, in thousandths.
func pdfUsual(font pdfName, text string) float32 {
	if strings.Contains(string(font), "Courier") || strings.Contains(string(font), "Mono") {
		return 600
	}
	table := &pdfHelvetica
	if strings.Contains(string(font), "Times") || strings.Contains(string(font), "Serif") || strings.Contains(string(font), "Roman") {
		table = &pdfTimes
	}
	w := float32(0)
	for _, r := range text {
		if r > '~' {
			if d := norm.NFD.String(string(r)); d != "" {
				r, _ = utf8.DecodeRuneInString(d)
			}
		}
		if r >= ' ' && r <= '~' {
			w += float32(table[r-' '])
		} else {
			w += 500
		}
	}
	if strings.Contains(string(font), "Bold") {
		w *= 1.06
	}
	return w
}
