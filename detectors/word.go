package detectors

import (
	"unicode"
	"unicode/utf8"
)

// Words returns the words: letters (UTF-8) and digits with inner hyphens and
// apostrophes, found on the first call after Reset. Only a study asks.
func (t *Text) Words() []Span {
	if t.read {
		return t.words
	}
	t.read = true
	b := t.Bytes
	for i := 0; i < len(b); {
		size := t.wordPart(i)
		if size == 0 {
			_, size = utf8.DecodeRune(b[i:])
			i += size
			continue
		}
		w := Span{Start: i}
		for size > 0 {
			for i += size; i < len(b) && isAlnum(b[i]); i++ {
			}
			if size = t.wordPart(i); size == 0 {
				if joint := t.joint(i); joint > 0 && t.wordPart(i+joint) > 0 {
					size = joint
				}
			}
			if size > 0 {
				continue
			}
		}
		w.End = i
		t.words = append(t.words, w)
	}
	return t.words
}

// figures returns the numbers of the words that have a digit among their first
// eight bytes, and maybe others, found on the first call after Reset.
func (t *Text) figures() []int {
	if t.counted {
		return t.figured
	}
	t.counted, t.figured = true, t.figured[:0]
	for i, w := range t.Words() {
		if w.Start+8 > len(t.Bytes) || digitsIn(t.Bytes[w.Start:]) != 0 {
			t.figured = append(t.figured, i)
		}
	}
	return t.figured
}

// wordPart returns the length of the letter, mark or digit at i, 0 for others.
func (t *Text) wordPart(i int) int {
	if i >= len(t.Bytes) {
		return 0
	}
	c := t.Bytes[i]
	if c < utf8.RuneSelf {
		return btoi(isAlnum(c))
	}
	r, size := utf8.DecodeRune(t.Bytes[i:])
	if unicode.IsLetter(r) || unicode.IsMark(r) {
		return size
	}
	return 0
}

// joint returns the length of the hyphen or apostrophe at i, 0 for others.
func (t *Text) joint(i int) int {
	b := t.Bytes
	switch {
	case i >= len(b) || t.delimited(b[i]):
		return 0
	case b[i] == '-' || b[i] == '\'':
		return 1
	case b[i] == 0xE2 && i+2 < len(b) && b[i+1] == 0x80:
		if c := b[i+2]; c == 0x99 || c == 0x90 || c == 0x91 { // ’ ‐ and the hyphen that does not break
			return 3
		}
	}
	return 0
}
