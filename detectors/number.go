package detectors

import "bytes"

// nearWords is how many bytes before a value its words are looked for.
const nearWords = 56

// before appends to dst, folded and with a space at either end, the words that
// stand before i: on the same line, in the same cell, at most nearWords bytes,
// and behind the last number of four digits, whose words are its own.
func (t *Text) before(dst []byte, i int) []byte {
	b := t.Bytes
	from, digits := i, 0
	for ; from > 0 && i-from < nearWords; from-- {
		c := b[from-1]
		if c == '\n' || t.delimited(c) {
			break
		}
		if !isDigit(c) {
			digits = 0
		} else if digits++; digits == 4 {
			break
		}
	}
	dst = append(dst, ' ')
	return append(Fold(dst, b[from:i]), ' ')
}

// announced reports whether one of the words stands before i. They are folded
// and whole, or, with a star behind, the beginning of a word.
func (t *Text) announced(i int, words []string) bool {
	var buf [2 * nearWords]byte
	near := t.before(buf[:0], i)
	for _, w := range words {
		if hasWord(near, w) {
			return true
		}
	}
	return false
}

// labelled reports whether one of the words, folded and whole, stands right
// before i.
func (t *Text) labelled(i int, words []string) bool {
	var buf [2 * nearWords]byte
	near := bytes.TrimSuffix(t.before(buf[:0], i), []byte(" "))
	for _, w := range words {
		if n := len(near) - len(w); n > 0 && near[n-1] == ' ' && string(near[n:]) == w {
			return true
		}
	}
	return false
}

// hasWord reports whether folded text, with a space at either end, has a word
// of announced.
func hasWord(near []byte, w string) bool {
	whole := w[len(w)-1] != '*'
	if !whole {
		w = w[:len(w)-1]
	}
	for i := 1; i+len(w) < len(near); i++ {
		if near[i-1] == ' ' && string(near[i:i+len(w)]) == w && (!whole || near[i+len(w)] == ' ') {
			return true
		}
	}
	return false
}

// mentions reports whether the text has one of the parts of words as they stand
// here. It reads all of the text: ask it last.
func (t *Text) mentions(parts ...string) bool {
	for _, p := range parts {
		if bytes.Contains(t.Bytes, []byte(p)) {
			return true
		}
	}
	return false
}

// digits16 are the digits of a number, passed by value so that a check keeps
// nothing.
type digits16 struct {
	c [16]byte
	n int
}

func (d *digits16) all() []byte { return d.c[:d.n] }

// findNumbers finds numbers of n digits, at most 16, in groups or not, that
// words announce and that check takes. A number begins a run, because words stand
// before it.
func findNumbers(dst []Match, t *Text, n int, words []string, check func(d digits16) (fits, valid bool)) []Match {
	b := t.Bytes
	for k := range t.runs {
		r := &t.runs[k]
		if r.Digits < n || r.Start > 0 && isAlnum(b[r.Start-1]) {
			continue
		}
		d, i := digits16{}, r.Start
		for ; i < r.End && d.n < n && !isLetter(b[i]); i++ {
			if isDigit(b[i]) {
				d.c[d.n] = b[i]
				d.n++
			}
		}
		if d.n < n || !t.numberEnds(r, i) {
			continue
		}
		if fits, valid := check(d); fits && t.announced(r.Start, words) {
			dst = append(dst, Match{r.Start, i, valid})
		}
	}
	return dst
}

// numberEnds reports whether a number in r can end at i: what follows is no
// letter or digit, nor a sign that joins more digits to it.
func (t *Text) numberEnds(r *Run, i int) bool {
	b := t.Bytes
	if i < len(b) && isAlnum(b[i]) {
		return false
	}
	return i >= r.End || b[i] != '.' && b[i] != '-' && b[i] != '/' && b[i] != '_'
}

// findWords finds words of least to most bytes, with a digit in them, that fit
// where near agrees to their place.
func findWords(dst []Match, t *Text, least, most int, fits func(word []byte) bool, near func(i int) bool) []Match {
	words := t.Words()
	for _, i := range t.figures() {
		w := words[i]
		if n := w.End - w.Start; n < least || n > most {
			continue
		}
		if fits(t.Bytes[w.Start:w.End]) && near(w.Start) {
			dst = append(dst, Match{w.Start, w.End, true})
		}
	}
	return dst
}

// compact appends to dst the letters, in upper case, and digits of a cell; nil
// where anything but gaps stands between them or there are more than 32.
func compact(dst, cell []byte) []byte {
	for _, c := range trimNumber(cell) {
		switch {
		case isAlnum(c) && len(dst) < 32:
			dst = append(dst, upper(c))
		case classes[c] == classGap:
		default:
			return nil
		}
	}
	return dst
}

// allDigits reports whether b is made of digits, some of them not 0.
func allDigits(b []byte) bool {
	return digitsEnd(b, 0) == len(b) && len(bytes.Trim(b, "0")) > 0
}

// form returns how many letters and digits b is made of; others is what else.
func form(b []byte) (letters, digits, others int) {
	for _, c := range b {
		switch {
		case isDigit(c):
			digits++
		case isLetter(c):
			letters++
		default:
			others++
		}
	}
	return letters, digits, others
}

// luhn reports whether the last digit is the key of the others (ISO/IEC 7812-1).
func luhn(digits []byte) bool {
	sum := 0
	for i, c := range digits {
		d := int(c - '0')
		if (len(digits)-i)&1 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// normAlnum appends the letters, in upper case, and digits of v.
func normAlnum(dst, v []byte) []byte {
	for _, c := range v {
		if isAlnum(c) {
			dst = append(dst, upper(c))
		}
	}
	return dst
}

// maskThree shows the first three digits.
func maskThree(dst, v []byte) []byte {
	shown := 3
	for _, c := range v {
		switch {
		case isAlnum(c) && shown > 0:
			dst, shown = append(dst, c), shown-1
		case isAlnum(c):
			dst = append(dst, "•"...)
		case c < 0x80:
			dst = append(dst, c)
		}
	}
	return dst
}
