package format

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"vigie/scanner"
)

// A fixedLayout is where the columns of lines begin.
type fixedLayout struct {
	cuts   []int  // in characters, in order; the first is 0
	width  int    // of every line; 0: lines end where their text does
	tight  []bool // of a cut: no blank stands before the column
	free   []bool // of a cut: a line fits whatever stands there
	dense  bool   // there is a tight cut
	bytes  bool   // cuts are in bytes: whoever padded the lines counted these
	titles []string
	rules  [][]byte // lines that come again and are no rows: titles, dashes
	before int      // where the text before the table ends in the head
	first  int      // where the first row begins

	room []int
}

const (
	fixedLines  = 8    // lines that make a table, at least
	fixedGlance = 64   // lines by which most texts are known to be none
	fixedLooked = 1000 // lines that are looked at
)

// A fixedLine is a line of the head: its text, and a byte a character of it.
type fixedLine struct {
	text  []byte // without blanks at its end
	at    int    // offset of the line in the head
	size  int    // characters, with the blanks at the end
	bytes int    // the same in bytes
	cells []byte // 'd' digit, 'a' letter, ' ' blank, '.' other; without blanks at the end
}

// A fixedColumn is a run of places that some line fills, between places that
// none does.
type fixedColumn struct {
	from, to int
	free     bool // what begins here proves itself: not every line needs to fill it
}

// lookFixed tells the layout of the table that head, UTF-8, begins with, or that
// begins within it. whole: head is all of the document.
func lookFixed(head []byte, whole bool) (fixedLayout, bool) {
	lines, ok := fixedHead(head, whole, fixedGlance)
	if !ok || !promising(lines) {
		return fixedLayout{}, false
	}
	if len(lines) == fixedGlance {
		if lines, ok = fixedHead(head, whole, fixedLooked); !ok {
			return fixedLayout{}, false
		}
	}
	if found, ok := sniff(head, whole, false); ok && (found.cell != ',' || found.columns > 3) {
		return fixedLayout{}, false
	}
	if l, ok := underlined(lines, head); ok {
		return l, true
	}
	body, even, counted := alike(lines)
	body = untitled(body)
	if len(body) < fixedLines || looksForeign(body, even) {
		return fixedLayout{}, false
	}
	columns := columnsOf(body)
	if even && len(body) >= 2*fixedLines {
		columns = parted(body, columns)
	}
	if len(columns) < 2 {
		return fixedLayout{}, false
	}
	columns = mended(body, columns)
	l := fixedLayout{bytes: counted}
	switch {
	case counted:
		l.width = body[0].bytes
	case even:
		l.width = body[0].size
	}
	strong := 0
	for i, c := range columns {
		tight := i > 0 && columns[i-1].to == c.from
		l.add(c.from, tight, c.free)
		if tight || i > 0 && isPadded(body, columns[i-1], c) {
			strong++
		}
	}
	l.cuts[0] = 0
	if !convincing(body, columns, strong, even) {
		return fixedLayout{}, false
	}
	return l.begin(lines, head)
}

func (l *fixedLayout) add(at int, tight, free bool) {
	if len(l.cuts) < scanner.MaxColumns {
		l.cuts = append(l.cuts, at)
		l.tight = append(l.tight, tight)
		l.free = append(l.free, free)
		l.dense = l.dense || tight
	}
}

// fixedHead splits the head into lines that are not blank. It reports false where
// a layout is not to be looked for: too few lines, tabs, lines too long.
func fixedHead(head []byte, whole bool, most int) ([]fixedLine, bool) {
	row := rowByte(head)
	var lines []fixedLine
	tabs := 0
	for at := 0; at < len(head) && len(lines) < most; {
		n := bytes.IndexByte(head[at:], row)
		if n < 0 && !whole {
			break
		}
		next := at + n + 1
		if n < 0 {
			n, next = len(head)-at, len(head)
		}
		raw := bytes.TrimLeft(bytes.TrimRight(head[at:at+n], "\r\x1A"), "\f")
		text := bytes.TrimRight(raw, " ")
		if len(text) > fixedWidest {
			return nil, false
		}
		if len(text) > 0 {
			if bytes.IndexByte(text, '\t') >= 0 {
				tabs++
			}
			lines = append(lines, fixedLine{text: text, at: at, size: utf8.RuneCount(raw), bytes: len(raw)})
		}
		at = next
	}
	if len(lines) < 3 || 20*tabs > len(lines) {
		return nil, false
	}
	return lines, true
}

// promising reports whether lines are worth a closer look.
func promising(lines []fixedLine) bool {
	for _, l := range lines[1:min(len(lines), 30)] {
		if isDashes(l.text) {
			return true
		}
	}
	body, even, _ := alike(lines)
	return len(body) >= fixedLines && (even || len(columnsOf(body)) > 1)
}

// classes returns a byte a character of a line; of a byte, where bytes are
// counted.
func classes(text []byte, counted bool) []byte {
	out := make([]byte, 0, len(text))
	for _, c := range text {
		switch {
		case c == ' ':
			out = append(out, ' ')
		case isDigit(c):
			out = append(out, 'd')
		case isLower(c) || isUpper(c) || c >= utf8.RuneSelf && (counted || utf8.RuneStart(c)):
			out = append(out, 'a')
		case c < utf8.RuneSelf:
			out = append(out, '.')
		}
	}
	return out
}

// alike returns the lines that are of one kind: nine in ten of the same length
// (even), in characters or, counted, in bytes; or else all but those that fill
// places that nearly all others leave blank.
func alike(lines []fixedLine) (body []fixedLine, even, counted bool) {
	usual := func(size func(fixedLine) int) (best, count int) {
		counts := make(map[int]int)
		for _, l := range lines {
			counts[size(l)]++
		}
		for n, c := range counts {
			if c > count || c == count && n > best {
				best, count = n, c
			}
		}
		return best, count
	}
	runes, n := usual(func(l fixedLine) int { return l.size })
	wide, m := usual(func(l fixedLine) int { return l.bytes })
	if m > n {
		counted, n = true, m
	}
	even = 10*n >= 9*len(lines)-10 && n >= fixedLines
	for _, l := range lines {
		if even && (counted && l.bytes != wide || !counted && l.size != runes) {
			continue
		}
		l.cells = classes(l.text, counted && even)
		body = append(body, l)
	}
	if !even {
		body = withoutOthers(body)
	}
	return body, even, counted && even
}

// untitled leaves out the first line, which may be titles, wherever it stands.
func untitled(lines []fixedLine) []fixedLine {
	if len(lines) == 0 {
		return nil
	}
	first := lines[0].text
	return slices.DeleteFunc(lines, func(l fixedLine) bool { return bytes.Equal(l.text, first) })
}

// withoutOthers leaves out lines that stand across the gaps of the others, such
// as titles of a report.
func withoutOthers(lines []fixedLine) []fixedLine {
	gaps := gapsOf(lines, len(lines)/20)
	if len(gaps) < 2 {
		return nil
	}
	var body []fixedLine
	for _, l := range lines {
		across := 0
		for _, g := range gaps {
			if g.to <= len(l.cells) && len(bytes.TrimSpace(l.cells[g.from:g.to])) > 0 {
				across++
			}
		}
		if 3*across < len(gaps) {
			body = append(body, l)
		}
	}
	if 10*len(body) < 9*len(lines)-20 {
		return nil
	}
	return body
}

// fills counts the lines that fill each place.
func fills(lines []fixedLine) []int {
	var filled []int
	for _, l := range lines {
		for len(filled) < len(l.cells) {
			filled = append(filled, 0)
		}
		for i, c := range l.cells {
			if c != ' ' {
				filled[i]++
			}
		}
	}
	return filled
}

// gapsOf returns the runs of places that at most few lines fill, between places
// that more do.
func gapsOf(lines []fixedLine, few int) (gaps []fixedColumn) {
	filled := fills(lines)
	for i := 0; i < len(filled); i++ {
		from := i
		for i < len(filled) && filled[i] <= few {
			i++
		}
		if from > 0 && i > from && i < len(filled) {
			gaps = append(gaps, fixedColumn{from: from, to: i})
		}
	}
	return gaps
}

// columnsOf returns the runs of places between those that no line fills.
func columnsOf(lines []fixedLine) (columns []fixedColumn) {
	filled := fills(lines)
	for i := 0; i < len(filled); i++ {
		from := i
		for i < len(filled) && filled[i] > 0 {
			i++
		}
		if i > from {
			columns = append(columns, fixedColumn{from: from, to: i})
		}
	}
	return columns
}

// begin finds the first row, and the titles before it.
func (l fixedLayout) begin(lines []fixedLine, head []byte) (fixedLayout, bool) {
	first := -1
	for i := range lines {
		fit, seen := 0, 0
		for _, next := range lines[i:min(len(lines), i+fixedLines)] {
			seen++
			if _, ok := l.place(next.text); ok {
				fit++
			} else if seen == 1 {
				break
			}
		}
		if 4*fit >= 3*seen && fit > 0 {
			first = i
			break
		}
	}
	if first < 0 {
		return l, false
	}
	l.before, l.first = lines[first].at, lines[first].at
	for i := first; i >= max(0, first-1); i-- {
		if l.titled(lines[i:]) {
			l.before, l.first = lines[i].at, len(head)
			if i+1 < len(lines) {
				l.first = lines[i+1].at
			}
			break
		}
	}
	return l, true
}

// titled reports whether the first line is a title row of the others, and notes
// the titles.
func (l *fixedLayout) titled(lines []fixedLine) bool {
	as := dialect{cell: 0x1F, row: 0x1E}
	var cut fixedReader
	top := l.around(lines[0].text)
	cut.fixedLayout = top
	for i, line := range lines[:min(len(lines), 21)] {
		places, ok := cut.place(line.text)
		if ok {
			cut.row(line.text, places)
		} else if i == 0 {
			return false
		}
	}
	titles, n := as.titles(cut.text, true)
	if n == 0 || isDashes(lines[0].text) {
		return false
	}
	*l = top
	last := len(titles) - 1
	titles[last] = string(bytes.TrimSuffix([]byte(titles[last]), []byte{0x1E}))
	l.titles = titles
	l.rules = append(l.rules, lines[0].text)
	return true
}

// around moves the cuts to where the words of a title row begin, where these
// stand in the gap before a column: titles of numbers reach further to the left.
func (l fixedLayout) around(title []byte) fixedLayout {
	cells := classes(title, l.bytes)
	l.cuts = slices.Clone(l.cuts)
	for i := 1; i < len(l.cuts); i++ {
		at := l.cuts[i]
		if l.tight[i] || at >= len(cells) || cells[at] == ' ' {
			continue
		}
		for at > l.cuts[i-1]+2 && cells[at-1] != ' ' {
			at--
		}
		if cells[at-1] == ' ' {
			l.cuts[i] = at
		}
	}
	return l
}

// rule reports whether a line is no row: dashes, or the titles again.
func (l *fixedLayout) rule(line []byte) bool {
	for _, r := range l.rules {
		if bytes.Equal(r, line) {
			return true
		}
	}
	return isDashes(line)
}

// isDashes reports whether a line is drawn under titles.
func isDashes(line []byte) bool {
	if len(line) < 3 || line[0] != '-' && line[0] != '=' && line[0] != ' ' && line[0] != '+' {
		return false
	}
	drawn := 0
	for _, c := range line {
		switch c {
		case '-', '=':
			drawn++
		case ' ', '+':
		default:
			return false
		}
	}
	return drawn >= 3
}

// underlined recognises a title row with a line of dashes below each title, as
// database consoles write them: the dashes say how wide the columns are.
func underlined(lines []fixedLine, head []byte) (l fixedLayout, ok bool) {
	for i := 1; i < min(len(lines)-1, 30); i++ {
		if dashes := lines[i].text; isDashes(dashes) && bytes.IndexByte(dashes, '+') < 0 {
			for at, c := range dashes {
				if c != ' ' && (at == 0 || dashes[at-1] == ' ') {
					l.add(at, false, false)
				}
			}
			if len(l.cuts) < 2 {
				return l, false
			}
			l.cuts[0] = 0
			fit := 0
			for _, line := range lines[i+1:] {
				if _, ok := l.place(line.text); ok || isDashes(line.text) {
					fit++
				}
			}
			if _, ok := l.place(lines[i-1].text); !ok || 10*fit < 8*(len(lines)-i-1) {
				return l, false
			}
			var cut fixedReader
			cut.fixedLayout = l
			places, _ := l.place(lines[i-1].text)
			cut.row(lines[i-1].text, places)
			l.titles = joined(dialect{cell: 0x1F, row: 0x1E}.cells(nil, bytes.TrimSuffix(cut.text, []byte{0x1E}), scanner.MaxColumns))
			l.rules = append(l.rules, lines[i-1].text)
			l.before, l.first = lines[i-1].at, lines[i+1].at
			return l, true
		}
	}
	return l, false
}
