package format

import (
	"bytes"
	"context"

	"vigie/scanner"
)

const (
	lineMax   = 64 << 10 // bytes of a line that is more than running text
	labelled  = 2048     // columns of a table of records
	cellMax   = 64 << 10 // bytes of a cell that repeated labels may heap up
	oddWindow = 64       // of so many lines one in two must be understood, or the rest is text
	otherMax  = 64 << 10 // bytes of lines that are not understood, gathered before they are handed over
)

// A lined reads a document line by line. What a format does not understand is
// handed over as running text, and so is all that follows where that is most of
// it.
type lined struct {
	ctx   context.Context
	yield func(*scanner.Block) error
	in    slab
	end   byte // of lines

	odd    int // lines not understood, in about the last oddWindow
	seen   int // lines since odd was halved
	other  []byte
	whence int64 // where the first of them is
	stop   error
}

// read hands each line, without its end, to line, which reports whether it was
// understood; a blank line always is. At the end it calls flush.
func (l *lined) read(src *decoder, size int, line func([]byte) bool, flush func() error) error {
	l.in.open(src, size)
	defer l.in.close()
	l.in.more(size)
	l.end = rowByte(l.in.text()[:min(len(l.in.text()), headSize)])
	for l.stop == nil && l.odd <= oddWindow/2 && !(l.in.done && l.in.lo == l.in.hi) {
		if err := l.ctx.Err(); err != nil {
			return err
		}
		n := len(l.in.text())
		if !l.in.done {
			n = bytes.LastIndexByte(l.in.text(), l.end) + 1
		}
		if n == 0 {
			if l.in.more(l.in.size) {
				continue
			}
			break // a line longer than the slab
		}
		l.lines(l.in.text()[:n], line)
		if !l.in.done {
			l.in.more(l.in.size)
		}
	}
	if l.stop != nil {
		return l.stop
	}
	if err := flush(); err != nil {
		return err
	}
	if err := l.flushOther(); err != nil {
		return err
	}
	d := document{ctx: l.ctx, yield: l.yield, in: l.in, row: l.end}
	defer func() { l.in = d.in }()
	return d.rest()
}

// lines reads whole lines, all or up to where they are not understood any more.
func (l *lined) lines(text []byte, line func([]byte) bool) {
	used := 0
	for used < len(text) && l.stop == nil && l.odd <= oddWindow/2 {
		n := bytes.IndexByte(text[used:], l.end) + 1
		if n == 0 {
			n = len(text) - used
		}
		whole := text[used : used+n]
		if l.seen++; l.seen == oddWindow {
			l.seen, l.odd = 0, l.odd/2
		}
		if bare := unended(whole); len(whole) > lineMax || !line(bare) && len(bare) > 0 {
			l.odd++
			if len(l.other) == 0 {
				l.whence = l.in.off + int64(used)
			}
			l.other = append(l.other, whole...)
			if len(l.other) > otherMax {
				l.stop = l.flushOther()
			}
		}
		used += n
	}
	l.in.drop(used)
}

// unended returns a line without its end and the blanks before that.
func unended(line []byte) []byte {
	for n := len(line); n > 0; n-- {
		if c := line[n-1]; c != ' ' && c != '\n' && c != '\r' && c != 0x1A {
			return line[:n]
		}
	}
	return nil
}

func (l *lined) flushOther() error {
	if len(bytes.TrimSpace(l.other)) == 0 {
		return nil
	}
	err := l.yield(&scanner.Block{Text: l.other, At: l.whence})
	l.other = l.other[:0]
	return err
}

// aside puts text with what is not understood.
func (l *lined) aside(text ...[]byte) {
	if len(l.other) == 0 {
		l.whence = l.in.off
	}
	for _, t := range text {
		l.other = append(l.other, t...)
	}
	l.other = append(l.other, '\n')
	if len(l.other) > otherMax && l.stop == nil {
		l.stop = l.flushOther()
	}
}

// A recordTable lays records end to end whose values come with their labels.
// Columns are added as labels come.
type recordTable struct {
	yield   func(*scanner.Block) error
	name    string
	columns map[string]int
	labels  []string
	titles  []string // the same as titles: valid UTF-8
	cells   [][]byte // of the record at hand
	next    int      // the column that follows the last value
	filled  int      // values of the record at hand
	last    int      // its last column, counted from 1
	text    []byte
	rows    int
	at      int64
	empty   int64 // cells without a value
	used    int64 // bytes of values
}

// put adds a value to the record at hand. A label that comes again goes on in
// the same cell. It reports false where there is no room.
func (r *recordTable) put(label, value []byte) bool {
	i := r.next
	if i >= len(r.labels) || r.labels[i] != string(label) {
		var ok bool
		if i, ok = r.columns[string(label)]; !ok {
			if len(r.titles) == labelled {
				return false
			}
			if r.columns == nil {
				r.columns = make(map[string]int)
			}
			i = len(r.titles)
			r.columns[string(label)] = i
			r.labels = append(r.labels, string(label))
			r.titles = append(r.titles, joined([][]byte{label})[0])
			r.cells = append(r.cells, nil)
		}
	}
	c := r.cells[i]
	if len(c)+len(value) > cellMax {
		return false
	}
	r.next = i + 1
	r.last = max(r.last, i+1)
	r.filled++
	r.used += int64(len(value))
	if len(value) == 0 {
		return true
	}
	if n := len(c); n > 0 {
		if isDigit(c[n-1]) {
			c = append(c, ',') // or two numbers would read as one
		}
		c = append(c, ' ')
	}
	at := len(c)
	c = append(c, value...)
	for k, b := range c[at:] {
		if b == 0x1E || b == 0x1F {
			c[at+k] = ' '
		}
	}
	r.cells[i] = c
	return true
}

// expected returns the value of a line with the label that comes next if records
// are alike; nil where it has another.
func (r *recordTable) expected(line []byte, sep byte) []byte {
	if r.next >= len(r.labels) || len(line) <= len(r.labels[r.next]) || string(line[:len(r.labels[r.next])]) != r.labels[r.next] {
		return nil
	}
	line = line[len(r.labels[r.next]):]
	for len(line) > 0 && line[0] == ' ' {
		line = line[1:]
	}
	if len(line) < 2 || line[0] != sep || line[1] != ' ' && sep == ':' {
		return nil
	}
	return bytes.TrimSpace(line[1:])
}

// add goes on in the cell of the last value.
func (r *recordTable) add(value []byte) bool {
	return r.filled > 0 && r.next > 0 && r.put([]byte(r.labels[r.next-1]), value)
}

// end ends the record at hand.
func (r *recordTable) end() error {
	if r.filled == 0 {
		return nil
	}
	r.empty += int64(r.last - r.filled)
	if r.empty > 4*r.used+jsonEmpty {
		return r.scattered()
	}
	for i, c := range r.cells[:r.last] {
		if i > 0 {
			r.text = append(r.text, 0x1F)
		}
		r.text = append(r.text, c...)
		if cap(c) > 4<<10 {
			c = nil
		}
		r.cells[i] = c[:0]
	}
	r.text = append(r.text, 0x1E)
	r.rows++
	r.filled, r.next, r.last = 0, 0, 0
	if len(r.text) >= slabSize-4096 {
		return r.flush()
	}
	return nil
}

// scattered hands over the record at hand as running text: where a few labels of
// thousands are in each, rows would be nearly all delimiters.
func (r *recordTable) scattered() error {
	var text []byte
	for i, c := range r.cells[:r.last] {
		if len(c) > 0 {
			text = append(append(append(text, r.titles[i]+": "...), c...), '\n')
		}
		r.cells[i] = c[:0]
	}
	r.filled, r.next, r.last = 0, 0, 0
	return r.yield(&scanner.Block{Text: text})
}

// flush hands over the records laid down.
func (r *recordTable) flush() error {
	if r.rows == 0 {
		return nil
	}
	err := r.yield(&scanner.Block{
		Table: r.name, Titles: r.titles, Text: r.text, At: r.at, Rows: r.rows,
		Ruler: scanner.Ruler{Cell: 0x1F, Row: 0x1E},
	})
	r.at += int64(r.rows)
	r.rows, r.text = 0, r.text[:0]
	return err
}
