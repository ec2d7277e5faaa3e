package format

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// headSize is how much of a document decides what it is, in bytes.
const headSize = 64 << 10

// A charset is how a document's text is stored.
type charset uint8

const (
	plainASCII charset = iota // so far: bytes above 0x7F will decide
	utf8Text
	utf16LE
	utf16BE
	utf32LE
	utf32BE
	windows1252 // holds the letters of ISO-8859-1
	cp850       // DOS, and exports of programs that are as old
	macRoman
)

var charmaps = [...]*charmap.Charmap{
	windows1252: charmap.Windows1252,
	cp850:       charmap.CodePage850,
	macRoman:    charmap.Macintosh,
}

// sniffCharset tells the charset of a document from its beginning, and how many
// bytes its mark (BOM) takes. A mark decides; then NULs (UTF-16 without mark);
// then whether the bytes above 0x7F are UTF-8; then which of the single-byte
// sets makes French of them.
func sniffCharset(head []byte) (cs charset, mark int) {
	switch {
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")):
		return utf8Text, 3
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE, 0, 0}):
		return utf32LE, 4
	case bytes.HasPrefix(head, []byte{0, 0, 0xFE, 0xFF}):
		return utf32BE, 4
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return utf16LE, 2
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return utf16BE, 2
	}
	if cs, ok := sniffWide(head); ok {
		return cs, 0
	}
	i := indexHigh(head)
	if i == len(head) {
		return plainASCII, 0
	}
	return sniffHigh(head[i:]), 0
}

// sniffWide recognises UTF-16 without mark: Western text has a NUL in nearly
// every second byte, always the same one of the two.
func sniffWide(head []byte) (charset, bool) {
	n := len(head) &^ 1
	if n < 4 || bytes.IndexByte(head[:n], 0) < 0 {
		return plainASCII, false
	}
	var nul [2]int
	for i, c := range head[:n] {
		if c == 0 {
			nul[i&1]++
		}
	}
	switch {
	case nul[1]*10 > n/2*7 && nul[0]*20 < n/2:
		return utf16LE, true
	case nul[0]*10 > n/2*7 && nul[1]*20 < n/2:
		return utf16BE, true
	}
	return plainASCII, false
}

// sniffEnough is how many bytes decide a single-byte set.
const sniffEnough = 4 << 10

// sniffHigh chooses among UTF-8 and the single-byte sets for bytes of which the
// first is above 0x7F. A rune cut at the end is no fault, and neither are a few
// broken ones: old programs cut cells at a byte.
func sniffHigh(b []byte) charset {
	good, bad := 0, 0
	var score [len(charmaps)]int
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		if _, n := utf8.DecodeRune(b[i:]); n > 1 {
			good++
			i += n
			continue
		}
		if !utf8.FullRune(b[i:]) {
			break
		}
		if bad++; bad == sniffEnough {
			break
		}
		before, after := byte(0), byte(0)
		if i > 0 {
			before = b[i-1]
		}
		if i+1 < len(b) {
			after = b[i+1]
		}
		for cs := windows1252; cs <= macRoman; cs++ {
			score[cs] += frenchness(charmaps[cs].DecodeByte(b[i]), before, after)
		}
		i++
	}
	if bad == 0 || good > 4*bad {
		return utf8Text
	}
	best := windows1252
	for cs := cp850; cs <= macRoman; cs++ {
		if score[cs] > score[best] {
			best = cs
		}
	}
	return best
}

// frenchness says how much r between two bytes looks like French: an accented
// letter in the case of its neighbours, a sign that French exports have.
func frenchness(r rune, before, after byte) int {
	lower := isLower(before) || isLower(after)
	upper := isUpper(before) && !isLower(after) || isUpper(after) && !isLower(before)
	switch r {
	case 'é', 'è', 'ê', 'à', 'ç', 'ë', 'ï', 'î', 'ô', 'û', 'ù', 'â', 'œ', 'ü', 'ö', 'ä':
		if upper {
			return -1
		}
		return 3
	case 'É', 'È', 'Ê', 'À', 'Ç', 'Ë', 'Ï', 'Î', 'Ô', 'Û', 'Ù', 'Â', 'Œ':
		if upper {
			return 3
		}
		if isLower(before) {
			return -2
		}
		return 1
	case '°', '€', '«', '»', '’', '…', '–', '\u00A0', '²', '‘', '“', '”':
		if lower && r != '’' {
			return 0
		}
		return 1
	}
	return -2
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }

const highBits = 0x8080808080808080

// indexHigh returns the index of the first byte above 0x7F, or len(b).
func indexHigh(b []byte) int {
	i := 0
	for ; i+32 <= len(b); i += 32 {
		w := b[i : i+32 : i+32]
		if (binary.LittleEndian.Uint64(w)|binary.LittleEndian.Uint64(w[8:])|
			binary.LittleEndian.Uint64(w[16:])|binary.LittleEndian.Uint64(w[24:]))&highBits != 0 {
			break
		}
	}
	for ; i < len(b) && b[i] < utf8.RuneSelf; i++ {
	}
	return i
}

// decodeHead returns the first headSize bytes of a text in UTF-8, without its
// mark. UTF-8 is returned as it is, not copied.
func decodeHead(text []byte) []byte {
	text = text[:min(len(text), headSize)]
	cs, mark := sniffCharset(text)
	if cs == plainASCII || cs == utf8Text {
		return text[mark:]
	}
	return cs.decode(text[mark:])
}

// decode returns a text of the charset in UTF-8.
func (cs charset) decode(text []byte) []byte {
	d := decoder{set: cs, raw: text, begun: true, ended: true}
	out := make([]byte, 3*len(text)+utf8.UTFMax)
	return out[:d.transcode(out)]
}
