package format

import "bytes"

const nirLength = 15 // with its key

// numbered reports whether NIRs stand at a place, whatever is glued to either
// side of them: records of health insurers (B2, NOEMIE) put the number of the
// sender before and a birth date behind. One line in five has one, eight at
// least, and of the numbers there nine in ten have their key; by chance it is
// one in 97. Lines of other records may stand between.
func numbered(lines []fixedLine, at int) bool {
	numbers, valid := 0, 0
	for i, l := range lines {
		if b := l.from(at, nirLength); isNIRForm(b) {
			numbers++
			if holdsKey(b) {
				valid++
			}
		}
		if i == fixedLines && numbers == 0 {
			return false
		}
	}
	return valid >= fixedLines && 5*valid >= len(lines) && 10*valid >= 9*numbers
}

// from returns n characters of a line from a place on, nothing where there are
// fewer or where they are more bytes than characters.
func (l fixedLine) from(at, n int) []byte {
	if at+n > len(l.cells) {
		return nil
	}
	text := l.text
	if len(text) != len(l.cells) { // cells are characters
		places := []int{0}
		locate(text, []int{at}, places)
		at = places[0]
	}
	if at+n > len(text) || indexHigh(text[at:at+n]) < n {
		return nil
	}
	return text[at : at+n]
}

// isNIRForm reports whether b has the form of a NIR: digits, and A or B in the
// department of Corsica.
func isNIRForm(b []byte) bool {
	if len(b) != nirLength || bytes.IndexByte([]byte("123478"), b[0]) < 0 {
		return false
	}
	for i, c := range b {
		if !isDigit(c) && (i != 6 || b[5] != '2' || c != 'A' && c != 'B') {
			return false
		}
	}
	return true
}

// holdsKey reports whether the last two digits are 97 less the rest of the others
// by 97; for Corsica 2A counts as 19 and 2B as 18.
func holdsKey(b []byte) bool {
	var n int64
	for _, c := range b[:nirLength-2] {
		switch c {
		case 'A':
			n, c = n-1, '9'
		case 'B':
			n, c = n-1, '8'
		}
		n = 10*n + int64(c-'0')
	}
	return 97-n%97 == 10*int64(b[13]-'0')+int64(b[14]-'0')
}
