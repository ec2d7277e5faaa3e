package format

import (
	"bytes"
	"strings"
)

const (
	sniffRecords = 200 // records that decide the dialect
	steadyRows   = 10  // of these 4 in 5 must be alike
)

// A draft is one reading of a head as a table.
type draft struct {
	dialect
	first int // offset of the first record: the title row, or data
	rows  int
}

// sniff tells the dialect of the table that head, UTF-8, begins with, and where
// it begins: lines before it with other numbers of separators are no part of
// it. whole: head is all of the document. named: it is called a table, so that
// prose need not be feared.
//
// A separator counts when of the first 10 records 8 have it equally often. Where several do, the comma gives way, for it may be decimal,
// unless it is much the most frequent.
func sniff(head []byte, whole, named bool) (draft, bool) {
	row := rowByte(head)
	skip := 0
	if cell, n := sepLine(head); n > 0 {
		if d, ok := try(head[n:], cell, row, whole, true); ok {
			d.first += n
			return d, true
		}
		skip = n
	}
	var best draft
	for _, cell := range []byte("\t;|^\x1F,") {
		d, ok := try(head[skip:], cell, row, whole, named)
		if !ok || cell == ',' && d.columns > 2 && decimals(head[skip:]) {
			continue
		}
		if best.columns == 0 || d.beats(best) {
			best = d
		}
	}
	best.first += skip
	return best, best.columns > 0
}

// decimals reports whether all commas of a text stand in numbers, as the French
// write them, with one or two digits behind: 116,87. Those of a table would have
// another comma there, now and then.
func decimals(text []byte) bool {
	text = text[:min(len(text), 8<<10)]
	seen := 0
	for i := range text {
		if text[i] != ',' {
			continue
		}
		end := i + 1
		for end < len(text) && end < i+4 && isDigit(text[end]) {
			end++
		}
		switch {
		case end == len(text):
		case i == 0 || !isDigit(text[i-1]) || end == i+1 || end == i+4 || text[end] == ',':
			return false
		}
		seen++
	}
	return seen > 0
}

// beats reports whether d is a better reading than one tried before.
func (d draft) beats(other draft) bool {
	if d.cell == ',' {
		return 2*(d.columns-1) > 3*other.columns
	}
	return d.columns > 2*other.columns
}

// rowByte returns what ends the lines of a text.
func rowByte(head []byte) byte {
	if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		return '\r'
	}
	return '\n'
}

// sepLine recognises the line "sep=;" by which Excel is told the separator.
func sepLine(head []byte) (cell byte, n int) {
	line := head[:min(len(head), 16)]
	if len(line) < 6 || !strings.EqualFold(string(line[:4]), "sep=") {
		return 0, 0
	}
	n = bytes.IndexAny(line, "\r\n") + 1
	if n == 0 || n > 8 {
		return 0, 0
	}
	if line[n-1] == '\r' && n < len(line) && line[n] == '\n' {
		n++
	}
	return line[4], n
}

// try reads head as a table with the given separator.
func try(head []byte, cell, row byte, whole, named bool) (draft, bool) {
	d := draft{dialect: dialect{cell: cell, row: row, quote: '"'}}
	if bytes.IndexByte(head, cell) < 0 {
		return d, false
	}
	if d.apostrophes(head) {
		d.quote = '\''
	}
	var seps, offs []int
	for pos := 0; pos < len(head) && len(seps) < sniffRecords; {
		n, k := d.record(head[pos:], whole)
		if n == 0 {
			break
		}
		if len(bytes.TrimSpace(head[pos:pos+n])) > 0 || k > 0 {
			seps, offs = append(seps, k), append(offs, pos)
		}
		pos += n
	}
	first := steady(seps, named)
	if first < 0 {
		return d, false
	}
	d.columns, d.rows = seps[first]+1, len(seps)-first
	d.first = d.titled(head, offs, seps, first, whole)
	return d, d.tabular(head[d.first:], whole, named)
}

// steady returns the first record from which on 8 of 10 have as many separators;
// -1 where there is none, or where that says little. Unless it is called a
// table, 4 in 5 of all records behind it must be like that one, or like the
// record next to them: another table.
func steady(seps []int, named bool) int {
	for i, k := range seps {
		next := seps[i:min(i+steadyRows, len(seps))]
		if k == 0 || len(next) < 2 || 5*count(next, k) < 4*len(next) || next[1] != k && len(next) < 4 {
			continue
		}
		rest := seps[i:]
		if len(rest) < steadyRows && i > 3 && i > len(rest) || i > 50 || i > 10 && !named {
			return -1
		}
		same := 0
		for j, n := range rest {
			if n == k || named && n == 0 || n > 0 && (j > 0 && n == rest[j-1] || j+1 < len(rest) && n == rest[j+1]) {
				same++
			}
		}
		if 5*same < 4*len(rest) {
			return -1
		}
		return i
	}
	return -1
}

func count(seps []int, k int) (n int) {
	for _, s := range seps {
		if s == k {
			n++
		}
	}
	return n
}

// titled returns the offset of the title row of the table whose first record is
// seps[first], or of that record. The row before may lack a separator or have
// one more; rows with next to nothing in them are lines before the table.
func (d draft) titled(head []byte, offs, seps []int, first int, whole bool) int {
	is := func(i int) bool {
		_, n := d.dialect.titles(head[offs[i]:], whole)
		return n > 0
	}
	if i := first - 1; i >= 0 && seps[i] > 0 && seps[i] >= seps[first]-1 && seps[i] <= seps[first]+1 && !is(first) && is(i) {
		return offs[i]
	}
	for i := first; i < len(offs) && i < first+10; i++ {
		n, _ := d.record(head[offs[i]:], whole)
		filled := 0
		for _, c := range d.cells(nil, head[offs[i]:offs[i]+n], 256) {
			if len(c) > 0 {
				filled++
			}
		}
		if 3*filled > d.columns && (d.columns > 3 || filled > 1) {
			if i > first && is(i) {
				return offs[i]
			}
			break
		}
	}
	return offs[first]
}

// apostrophes reports whether cells are quoted with ' : a third of them at
// least is wrapped in it, and none in ".
func (d dialect) apostrophes(head []byte) bool {
	head = head[:min(len(head), 8<<10)]
	if bytes.IndexByte(head, '\'') < 0 || bytes.IndexByte(head, '"') >= 0 {
		return false
	}
	cells, wrapped := 0, 0
	for len(head) > 0 {
		n := bytes.IndexAny(head, string([]byte{d.cell, d.row}))
		if n < 0 {
			n = len(head)
		}
		if c := bytes.TrimSpace(head[:n]); len(c) > 0 {
			cells++
			if len(c) > 1 && c[0] == '\'' && c[len(c)-1] == '\'' {
				wrapped++
			}
		}
		head = head[min(n+1, len(head)):]
	}
	return wrapped >= 2 && 3*wrapped >= cells
}

// tabular reports whether records look like a table's and not like prose,
// source text or JSON that happens to have a regular number of separators.
func (d dialect) tabular(text []byte, whole, named bool) bool {
	var c census
	var cells [][]byte
	for range 50 {
		n, seps := d.record(text, whole)
		if n == 0 {
			break
		}
		if seps == d.columns-1 {
			cells = d.cells(cells[:0], text[:n], 256)
			c.add(text[:n], cells)
		}
		text = text[n:]
	}
	if c.records == 0 || 2*c.marked > c.records || 2*c.full < c.records || c.indented(d.cell) && !named {
		return false
	}
	if named || d.cell == '\t' || d.cell < ' ' {
		return true
	}
	// In prose a separator is followed by a space and its cells are phrases.
	prose := 2*c.spaced > c.cells-c.records && 2*c.words > 5*c.cells
	return !prose && (d.columns > 2 || c.words < 6*c.cells)
}
