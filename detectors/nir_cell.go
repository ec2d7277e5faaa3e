package detectors

import "bytes"

// ParseNIR reads a cell that holds a NIR, with its key or without: compact or in
// groups however written, with what spreadsheets do to numbers (an apostrophe,
// ="…", a trailing .0, a power of ten with all its digits). Ok says that its
// sex, month, place and order can exist; the key is for the caller to judge.
func ParseNIR(v []byte) (n NIR, ok bool) {
	s, ok := readNIR(v)
	if !ok || !s.shaped() {
		return NIR{}, false
	}
	n = NIR{Sex: s.c[0], Year: s.two(1), Month: s.two(3), Order: s.three(10)}
	copy(n.Place[:], s.c[5:10])
	if s.n == 15 {
		n.Key, n.HasKey, n.KeyValid = s.two(13), true, s.keyHolds()
	}
	return n, true
}

// readNIR reads the 13 or 15 characters of a cell.
func readNIR(v []byte) (s nirSymbols, ok bool) {
	v = trimNumber(v)
	if i := bytes.IndexAny(v, "eE"); i > 1 && isDigit(v[i-1]) {
		return readFloat(v)
	}
	for i := 0; i < len(v); i++ {
		switch c := v[i]; {
		case isDigit(c) && s.n < 15:
			s.c[s.n] = c
			s.n++
		case (c|0x20 == 'a' || c|0x20 == 'b') && s.n == 6 && s.c[5] == '2':
			s.c[6] = c &^ 0x20
			s.n++
		case s.n == 13 && keyWord(v[i:]) > 0:
			i += keyWord(v[i:]) - 1
		case s.n == 13 && (c == '(' || c == ':'), s.n == 15 && c == ')':
		case classes[c] == classGap || c == ',' || c == 0x99:
		default:
			return s, false
		}
	}
	return s, s.n == 13 || s.n == 15
}

// trimNumber cuts off what is around a number in a cell: spaces, quotes, an
// equals sign, a byte order mark, and decimals that are zero.
func trimNumber(v []byte) []byte {
	if n := len(v); n > 0 && isAlnum(v[0]) && isAlnum(v[n-1]) && v[n-1] != '0' {
		return v // as nearly always
	}
	v = bytes.Trim(v, " \t\r\n'\"=\u00a0\u202f\u2009\u2007\ufeff")
	whole := bytes.TrimRight(v, "0")
	if n := len(whole); n > 1 && n < len(v) && (whole[n-1] == '.' || whole[n-1] == ',') && isDigit(whole[n-2]) &&
		digitsEnd(v, 0) == n-1 {
		return whole[:n-1]
	}
	return v
}

// readFloat reads a NIR written as a power of ten: 1.85057800608491E14 with a
// key, E12 without. Zeros at the end may be missing; where more than two are,
// ok is false and s.n the number of digits that are left.
func readFloat(v []byte) (s nirSymbols, ok bool) {
	if len(v) < 5 || !isDigit(v[0]) || v[1] != '.' && v[1] != ',' {
		return s, false
	}
	e := digitsEnd(v, 2)
	if e == len(v) || v[e]|0x20 != 'e' || e-1 > 15 {
		return s, false
	}
	power := bytes.TrimPrefix(v[e+1:], []byte("+"))
	want := 0
	switch string(power) {
	case "14":
		want = 15
	case "12":
		want = 13
	default:
		return s, false
	}
	for i := range s.c[:15] {
		s.c[i] = '0'
	}
	s.c[0] = v[0]
	s.n = 1 + copy(s.c[1:15], v[2:e])
	if s.n > want || s.n < want-2 {
		return s, false
	}
	s.n = want
	return s, true
}

func fitsNIR(cell []byte) (fits, valid bool) {
	s, ok := readNIR(cell)
	switch {
	case ok:
		fits = s.n == 15 && s.shaped()
		return fits, fits && s.keyHolds()
	case s.n >= 5 && isLostFloat(cell):
		// 1,85058E+14: the sheet showed six digits, the last one rounded.
		return nirSexes>>(s.c[0]-'0')&1 != 0 && (s.n == 5 || nirMonth(s.two(3))), false
	}
	return false, false
}

// isLostFloat reports whether the cell is a number of 15 digits before the
// point, written as a power of ten.
func isLostFloat(cell []byte) bool {
	cell = trimNumber(cell)
	return bytes.HasSuffix(cell, []byte("E+14")) || bytes.HasSuffix(cell, []byte("e+14")) ||
		bytes.HasSuffix(cell, []byte("E14")) || bytes.HasSuffix(cell, []byte("e14"))
}

// normNIR appends the 13 characters without key, so that columns with and
// without key join; of a number that is printed as an example nothing, so that
// all of these together are one person at most.
func normNIR(dst, v []byte) []byte {
	if n := len(v); (n == 15 || n == 13) && digitsEnd(v, 0) == n { // as in most columns
		if exampleNIR(v) {
			return dst
		}
		return append(dst, v[:13]...)
	}
	if s, ok := readNIR(v); ok {
		if exampleNIR(s.c[:]) {
			return dst
		}
		return append(dst, s.c[:13]...)
	}
	for _, c := range v {
		if isAlnum(c) {
			dst = append(dst, upper(c))
		}
	}
	return dst
}

// maskNIR shows sex and year.
func maskNIR(dst, v []byte) []byte {
	s, ok := readNIR(v)
	if !ok {
		return maskAll(dst, v)
	}
	dst = append(dst, s.c[0], ' ', s.c[1], s.c[2])
	dst = append(dst, " •• •• ••• •••"...)
	if s.n == 15 {
		dst = append(dst, " ••"...)
	}
	return dst
}

// maskAll shows the form only: every letter and digit becomes a bullet.
func maskAll(dst, v []byte) []byte {
	for _, c := range v {
		switch {
		case isAlnum(c) || c >= 0xC0:
			dst = append(dst, "•"...)
		case c < 0x80:
			dst = append(dst, c)
		}
	}
	return dst
}
