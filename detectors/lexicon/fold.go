package lexicon

import (
	"strings"
	"unicode/utf8"
)

// letters has the plain letter of U+00C0 to U+017F, with a capital for those
// that fold into two (Æ, Œ, ß) and a space for what is no letter.
const letters = "aaaaaaAceeeeiiiidnooooo ouuuuytS" + "aaaaaaAceeeeiiiidnooooo ouuuuyty" +
	"aaaaaa" + "cccccccc" + "dddd" + "eeeeeeeeee" + "gggggggg" + "hhhh" + "iiiiiiiiii" + "ii" + "jj" + "kkk" +
	"llllllllll" + "nnnnnnnnn" + "oooooo" + "OO" + "rrrrrr" + "ssssssss" + "tttttt" + "uuuuuuuuuuuu" + "ww" + "yyy" + "zzzzzz" + "s"

// ascii folds one byte: lower case letters and digits stay, 0 is a separator.
var ascii = [utf8.RuneSelf]byte{
	'0': '0', '1': '1', '2': '2', '3': '3', '4': '4', '5': '5', '6': '6', '7': '7', '8': '8', '9': '9',
	'a': 'a', 'b': 'b', 'c': 'c', 'd': 'd', 'e': 'e', 'f': 'f', 'g': 'g', 'h': 'h', 'i': 'i', 'j': 'j', 'k': 'k', 'l': 'l', 'm': 'm',
	'n': 'n', 'o': 'o', 'p': 'p', 'q': 'q', 'r': 'r', 's': 's', 't': 't', 'u': 'u', 'v': 'v', 'w': 'w', 'x': 'x', 'y': 'y', 'z': 'z',
	'A': 'a', 'B': 'b', 'C': 'c', 'D': 'd', 'E': 'e', 'F': 'f', 'G': 'g', 'H': 'h', 'I': 'i', 'J': 'j', 'K': 'k', 'L': 'l', 'M': 'm',
	'N': 'n', 'O': 'o', 'P': 'p', 'Q': 'q', 'R': 'r', 'S': 's', 'T': 't', 'U': 'u', 'V': 'v', 'W': 'w', 'X': 'x', 'Y': 'y', 'Z': 'z',
}

// wide folds the rune at the start of s, which is not ASCII: into one letter,
// two (b is then not 0), or none (a is 0: a separator; skip: a combining mark).
func wide(s []byte) (a, b byte, skip bool, n int) {
	r, n := utf8.DecodeRune(s)
	if r >= 0xC2 && r <= 0xC5 && n < len(s) && s[n] >= utf8.RuneSelf {
		r, n = repaired(s, r, n)
	}
	switch {
	case r >= 0x300 && r < 0x370:
		return 0, 0, true, n
	case r < 0xC0 || r > 0x17F:
		return 0, 0, false, n
	}
	switch c := letters[r-0xC0]; c {
	case ' ':
		return 0, 0, false, n
	case 'A':
		return 'a', 'e', false, n
	case 'O':
		return 'o', 'e', false, n
	case 'S':
		return 's', 's', false, n
	default:
		return c, 0, false, n
	}
}

// repaired undoes UTF-8 that was taken for Windows-1252 and written as UTF-8
// again, as many exports come (PrÃ©nom): it returns the rune that r, of n bytes at
// the start of s, and the one behind it once were, and their length. Other runes
// are returned as they are; Ã and Â stand before no such sign in French.
func repaired(s []byte, r rune, n int) (rune, int) {
	next, m := utf8.DecodeRune(s[n:])
	if next >= 0x100 {
		i := strings.IndexRune(windows1252, next)
		if i < 0 {
			return r, n
		}
		next = rune(0x80 + utf8.RuneCountInString(windows1252[:i]))
	}
	if next < 0x80 || next >= 0xC0 {
		return r, n
	}
	return r&0x1F<<6 | next&0x3F, n + m
}

// windows1252 are the characters 0x80 to 0x9F of that character set; those that
// are not defined stand for themselves.
const windows1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ"

// Fold appends s to dst in lower case, without accents, every run of other
// bytes than letters and digits a single space, none at the ends.
func Fold(dst, s []byte) []byte {
	from, gap := len(dst), false
	for i := 0; i < len(s); {
		var a, b byte
		n, skip := 1, false
		if s[i] < utf8.RuneSelf {
			a = ascii[s[i]]
		} else {
			a, b, skip, n = wide(s[i:])
		}
		i += n
		if skip {
			continue
		}
		if a == 0 {
			gap = true
			continue
		}
		if gap && len(dst) > from {
			dst = append(dst, ' ')
		}
		gap = false
		dst = append(dst, a)
		if b != 0 {
			dst = append(dst, b)
		}
	}
	return dst
}

// A Key is what a word or phrase is looked up by: a hash of its folded form.
type Key uint64

const (
	offset = 14695981039346656037 // FNV-1a
	prime  = 1099511628211
)

// KeyOf returns the key of s: the same for all that fold alike.
func KeyOf(s []byte) Key { return finish(mix(offset, s)) }

// mix is FNV-1a over the folded form of s, without writing it anywhere.
func mix(h uint64, s []byte) uint64 {
	gap, begun := false, false
	for i := 0; i < len(s); {
		var a, b byte
		if s[i] < utf8.RuneSelf {
			a = ascii[s[i]]
			i++
		} else {
			var skip bool
			var n int
			a, b, skip, n = wide(s[i:])
			i += n
			if skip {
				continue
			}
		}
		if a == 0 {
			gap = true
			continue
		}
		if gap && begun {
			h = (h ^ ' ') * prime
		}
		gap, begun = false, true
		h = (h ^ uint64(a)) * prime
		if b != 0 {
			h = (h ^ uint64(b)) * prime
		}
	}
	return h
}

// finish spreads the last bytes over all bits, which FNV alone does not.
func finish(h uint64) Key {
	h ^= h >> 32
	h *= 0x9E3779B97F4A7C15
	h ^= h >> 29
	h *= 0xBF58476D1CE4E5B9
	return Key(h ^ h>>32)
}

// CommuneKey returns the key of the name of a commune as it is looked up: "st"
// and "ste" spelled out, "s" between words read as "sur", a CEDEX and the
// number of an arrondissement left out.
func CommuneKey(name []byte) Key {
	var buf [96]byte
	return finish(mix(offset, canonical(buf[:0], name)))
}

// PairKey returns the key of a postcode and the name of a commune.
func PairKey(code, commune []byte) Key {
	var buf [96]byte
	return finish(mix((mix(offset, code)^' ')*prime, canonical(buf[:0], commune)))
}

// CommuneName appends the name of a commune to dst, folded, in the form that
// CommuneKey describes: equal communes have equal forms.
func CommuneName(dst, name []byte) []byte { return canonical(dst, name) }

// canonical appends the folded name of a commune in the form that CommuneKey
// describes.
func canonical(dst, name []byte) []byte {
	var buf [96]byte
	folded := Fold(buf[:0], name)
	from := len(dst)
	for i := 0; i < len(folded); {
		j := i
		for j < len(folded) && folded[j] != ' ' {
			j++
		}
		word := folded[i:j]
		last := j == len(folded)
		i = j + 1
		switch {
		case string(word) == "cedex" || string(word) == "arrondissement":
			continue
		case len(dst) > from && number(word):
			continue
		}
		if len(dst) > from {
			dst = append(dst, ' ')
		}
		switch {
		case last:
			dst = append(dst, word...)
		case string(word) == "st":
			dst = append(dst, "saint"...)
		case string(word) == "ste":
			dst = append(dst, "sainte"...)
		case string(word) == "s" && len(dst) > from+1:
			dst = append(dst, "sur"...)
		default:
			dst = append(dst, word...)
		}
	}
	return dst
}

// number reports whether the word is the number of a CEDEX or an
// arrondissement: "12", "1er", "9e", "2eme".
func number(word []byte) bool {
	i := 0
	for i < len(word) && word[i] >= '0' && word[i] <= '9' {
		i++
	}
	if i == 0 {
		return false
	}
	switch string(word[i:]) {
	case "", "e", "er", "eme":
		return true
	}
	return false
}
