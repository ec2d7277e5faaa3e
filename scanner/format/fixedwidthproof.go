package format

import "bytes"

// shapes are the widths of groups of digits that are one value when written
// with blanks: identifiers, telephone numbers, dates. Longer ones first.
var shapes = [][]int{
	{1, 2, 2, 2, 3, 3, 2}, // NIR
	{4, 4, 4, 4, 4, 4, 3}, // IBAN
	{3, 1, 2, 2, 2, 2},    // +33 6 12 34 56 78
	{1, 2, 2, 2, 3, 3},
	{2, 2, 2, 2, 2},
	{2, 2, 3, 3, 3}, // tax number
	{3, 3, 3, 5},    // SIRET
	{4, 4, 4, 4},
	{3, 3, 3}, // SIREN
	{2, 2, 4}, {4, 2, 2},
}

// mended joins columns that are one: groups of digits of a known shape, and the
// ends of long texts, which few lines reach, with the text before.
func mended(lines []fixedLine, columns []fixedColumn) (out []fixedColumn) {
	for i := 0; i < len(columns); {
		c := columns[i]
		if n := shaped(lines, columns[i:]); n > 1 {
			c.to = columns[i+n-1].to
			i += n
		} else {
			i++
		}
		for i < len(columns) && goesOn(lines, c, columns[i]) {
			c.to = columns[i].to
			i++
		}
		out = append(out, c)
	}
	return out
}

// shaped returns how many columns from the first are the groups of one value.
func shaped(lines []fixedLine, columns []fixedColumn) int {
	for _, shape := range shapes {
		if len(shape) > len(columns) {
			continue
		}
		fits := true
		for k, width := range shape {
			c := columns[k]
			fits = fits && c.to-c.from == width && (k == 0 || c.from == columns[k-1].to+1)
		}
		if fits && solid(lines, columns[:len(shape)]) {
			return len(shape)
		}
	}
	return 0
}

// solid reports whether nearly all lines fill every place of the columns, most
// of them with digits, or none.
func solid(lines []fixedLine, columns []fixedColumn) bool {
	full, part := 0, 0
	digits, places := 0, 0
	for _, l := range lines {
		filled, all := 0, 0
		for _, c := range columns {
			all += c.to - c.from
			for _, b := range l.part(c) {
				if b != ' ' {
					filled++
				}
				if b == 'd' {
					digits++
				}
			}
		}
		places += filled
		switch filled {
		case 0:
		case all:
			full++
		default:
			part++
		}
	}
	return full > 0 && 20*part <= full && 4*digits >= 3*places
}

// part returns what a line has in a column, as far as it reaches.
func (l fixedLine) part(c fixedColumn) []byte {
	return l.cells[min(c.from, len(l.cells)):min(c.to, len(l.cells))]
}

func (l fixedLine) fills(at int) bool { return at < len(l.cells) && l.cells[at] != ' ' }

// goesOn reports whether next is no column but where the longest values of c go
// on behind a blank: who fills it has filled the last place of c, the others
// have mostly not.
func goesOn(lines []fixedLine, c, next fixedColumn) bool {
	if next.from != c.to+1 {
		return false
	}
	reach, joined, others, ended := 0, 0, 0, 0
	for _, l := range lines {
		last := l.fills(c.to - 1)
		if len(bytes.TrimSpace(l.part(next))) > 0 {
			reach++
			if last && l.fills(next.from) {
				joined++
			}
		} else {
			others++
			if last {
				ended++
			}
		}
	}
	return 10*joined >= 9*reach && 20*others >= len(lines) && 2*ended < others
}

// isPadded reports whether the blank between two columns is padding: there is
// more than one in every line, or often.
func isPadded(lines []fixedLine, left, right fixedColumn) bool {
	if right.from > left.to+1 {
		return true
	}
	padded := 0
	for _, l := range lines {
		if !l.fills(left.to-1) && len(bytes.TrimSpace(l.part(left))) > 0 ||
			!l.fills(right.from) && len(bytes.TrimSpace(l.part(right))) > 0 {
			padded++
		}
	}
	return 20*padded >= len(lines)
}

// parted cuts columns in which another begins without a blank before it: the
// place before is blank in many lines, but not in nearly all, and this one in
// none, and it holds letters only or digits only; or words of three letters and
// more follow a number of five digits and more; or days or NIRs stand at one place
// among other digits.
func parted(lines []fixedLine, columns []fixedColumn) (out []fixedColumn) {
	for _, c := range columns {
		digits := 0 // places before that hold digits only
		for at := c.from; at < c.to; at++ {
			if at+nirLength <= c.to && c.to-c.from > nirLength && numbered(lines, at) {
				if at > c.from {
					out, c.free = append(out, fixedColumn{c.from, at, c.free}), true
				}
				out = append(out, fixedColumn{at, at + nirLength, c.free})
				if c.from, c.free = at+nirLength, true; c.from == c.to {
					break
				}
				at, digits = c.from-1, 0
				continue
			}
			kind := kindOf(lines, at)
			if at > c.from && (kind == 'd' || kind == 'a') && (follows(lines, at) || kind == 'a' && digits >= 5 && kindOf(lines, at+1) == 'a' && mostly(lines, at+2)) {
				out = append(out, fixedColumn{c.from, at, c.free})
				c.from, c.free = at, false
			}
			if (at == c.from || digits > 0) && c.to > at+8 && dated(lines, at) {
				if at > c.from {
					out, c.free = append(out, fixedColumn{c.from, at, c.free}), false
				}
				out = append(out, fixedColumn{at, at + 8, c.free})
				c.from, c.free, at, digits = at+8, false, at+7, 8
				continue
			}
			digits++
			if kind != 'd' {
				digits = 0
			}
		}
		if c.from < c.to {
			out = append(out, c)
		}
	}
	return out
}

// kindOf returns what all lines have at a place, 0 where they differ.
func kindOf(lines []fixedLine, at int) byte {
	kind := byte(0)
	for _, l := range lines {
		if !l.fills(at) || kind != 0 && l.cells[at] != kind {
			return 0
		}
		kind = l.cells[at]
	}
	return kind
}

// mostly reports whether most lines have a letter at a place.
func mostly(lines []fixedLine, at int) bool {
	n := 0
	for _, l := range lines {
		if at < len(l.cells) && l.cells[at] == 'a' {
			n++
		}
	}
	return 2*n > len(lines)
}

// follows reports whether the place before is padding: blank in many lines, but
// not in nearly all.
func follows(lines []fixedLine, at int) bool {
	blank := 0
	for _, l := range lines {
		if !l.fills(at - 1) {
			blank++
		}
	}
	return 4*blank >= len(lines) && (20*blank <= 19*len(lines) || blank < len(lines) && afterNames(lines, at))
}

// dated reports whether every line has a day in eight digits at a place, or
// blanks, and more digits behind it in most: 1972021733400.
func dated(lines []fixedLine, at int) bool {
	days := 0
	for _, l := range lines {
		if at+8 > len(l.cells) || len(bytes.TrimSpace(l.cells[at:at+8])) == 0 {
			continue
		}
		text := l.text
		if len(text) != len(l.cells) { // cells are characters
			text = []byte(string([]rune(string(text))[at:]))
		} else {
			text = text[at:]
		}
		if len(text) < 8 || !isDay(text[:8]) {
			return false
		}
		days++
	}
	return 2*days > len(lines)
}

// isDay reports whether eight bytes are a day of the years 1900 to 2099, written
// 19720217 or 17021972.
func isDay(b []byte) bool {
	n := 0
	for _, c := range b {
		if !isDigit(c) {
			return false
		}
		n = 10*n + int(c-'0')
	}
	day := func(y, m, d int) bool { return y >= 1900 && y < 2100 && m >= 1 && m <= 12 && d >= 1 && d <= 31 }
	return day(n/10000, n/100%100, n%100) || day(n%10000, n/10000%100, n/1000000)
}

// afterNames reports whether a digit stands at a place in all lines, and a letter
// before it wherever something does: names that rarely fill their column. Of
// numbers that stand to the right it would be a digit.
func afterNames(lines []fixedLine, at int) bool {
	for _, l := range lines {
		if l.cells[at] != 'd' || l.fills(at-1) && l.cells[at-1] != 'a' {
			return false
		}
	}
	return true
}

// convincing weighs what was found. Lines of the same length, padded to it, need
// little more; lines that end where their text does need several padded columns,
// and no prose at their end.
func convincing(lines []fixedLine, columns []fixedColumn, strong int, even bool) bool {
	hex, words := 0, 0
	for _, c := range columns {
		if n := c.to - c.from; (n == 2 || n == 4 || n == 8) && solidHex(lines, c) {
			hex++
		}
	}
	if len(columns) >= 6 && 2*hex > len(columns) {
		return false // a dump
	}
	if even {
		return strong >= 1
	}
	last := columns[len(columns)-1]
	for _, l := range lines {
		words += len(bytes.Fields(l.part(last)))
	}
	prose := words > 3*len(lines)
	return len(columns) >= 3 && strong >= 2 && len(lines) >= fixedLines+2 && (!prose || strong >= 4 && 2*strong >= len(columns))
}

// solidHex reports whether nearly all lines have nothing but hexadecimal digits
// in a column, in every place.
func solidHex(lines []fixedLine, c fixedColumn) bool {
	n := 0
	for _, l := range lines {
		hex := len(l.part(c)) == c.to-c.from
		for i := range l.part(c) {
			if c.from+i >= len(l.text) {
				hex = false
				break
			}
			b := l.text[c.from+i]
			hex = hex && (isDigit(b) || 'a' <= b|0x20 && b|0x20 <= 'f')
		}
		if hex {
			n++
		}
	}
	return 10*n >= 9*len(lines)
}

// looksForeign reports whether most lines are of a listing that is no table of
// values: logs that begin with a time, directories, source text.
func looksForeign(lines []fixedLine, even bool) bool {
	times, modes, code, inner := 0, 0, 0, 0
	for _, l := range lines {
		if !even && hasTime(l.text[:min(len(l.text), 28)]) {
			times++
		}
		if len(l.text) > 10 && bytes.IndexByte([]byte("-dlbcps"), l.text[0]) >= 0 && len(bytes.Trim(l.text[1:10], "-rwxsStT")) == 0 {
			modes++
		}
		switch l.text[len(l.text)-1] {
		case ';', '{', '}', ',', '\\':
			code++
		}
		signs := 0
		for _, c := range l.cells {
			if c == '.' {
				signs++
			}
		}
		if 3*signs > len(l.cells) {
			inner++
		}
	}
	n := len(lines)
	return 2*times > n || 2*modes > n || 5*code > n || 2*inner > n
}

// hasTime reports whether b has a time of day with seconds.
func hasTime(b []byte) bool {
	for i := 0; i+8 <= len(b); i++ {
		if b[i+2] == ':' && b[i+5] == ':' && isDigit(b[i]) && isDigit(b[i+1]) && isDigit(b[i+3]) && isDigit(b[i+4]) && isDigit(b[i+6]) && isDigit(b[i+7]) {
			return true
		}
	}
	return false
}
