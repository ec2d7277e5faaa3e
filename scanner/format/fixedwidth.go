package format

import (
	"bytes"
	"context"
	"unicode/utf8"

	"vigie/scanner"
)

var fixedFormat = scanner.Format{
	Name: "fixed width",
	Doc: `tables of columns at fixed offsets

Lines whose values begin at the same offsets, counted in characters: padded with
blanks, as mainframes and database consoles write them, with or without a title
row and a line of dashes. Where no blank stands between two columns, they are
told apart where one is padded and the next is not. Lines that do not fit are
read as running text; where most do not, all that follows is.`,
	Match: func(_ string, head []byte) bool {
		text := headText(head)
		if text == nil {
			return false
		}
		_, ok := lookFixed(text, len(head) < headSize)
		return ok
	},
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		f := fixedReader{ctx: ctx, yield: yield}
		return f.read(decode(c.Stream()), slabSize)
	},
}

const (
	fixedWidest = 8 << 10  // characters of a line, at most
	fixedRows   = 64       // of so many lines one in two must fit, or the rest is text
	fixedOther  = 64 << 10 // bytes of lines that do not fit, gathered before they are handed over
)

// A fixedReader cuts lines at the offsets of a layout.
type fixedReader struct {
	ctx   context.Context
	yield func(*scanner.Block) error
	in    slab
	end   byte // of lines
	fixedLayout

	text   []byte
	rows   int
	at     int64
	odd    int    // lines that did not fit, in about the last fixedRows
	seen   int    // lines since odd was halved
	other  []byte // lines that did not fit
	whence int64  // where the first of them is
	unsafe bool   // delimiters of the ruler are in the text
}

func (f *fixedReader) read(src *decoder, size int) error {
	f.in.open(src, size)
	defer f.in.close()
	f.in.more(size)
	head := f.in.text()
	whole := f.in.done && len(head) <= headSize
	head = head[:min(len(head), headSize)]
	f.end = rowByte(head)
	layout, ok := lookFixed(head, whole)
	if !ok {
		return f.asText()
	}
	f.fixedLayout = layout
	f.aside(head[:layout.before])
	f.in.drop(layout.first)
	for f.odd <= fixedRows/2 && !(f.in.done && f.in.lo == f.in.hi) {
		if err := f.ctx.Err(); err != nil {
			return err
		}
		n := len(f.in.text())
		if !f.in.done {
			n = bytes.LastIndexByte(f.in.text(), f.end) + 1
		}
		if n == 0 {
			if f.in.more(f.in.size) {
				continue
			}
			break // a line longer than the slab
		}
		if err := f.lines(n); err != nil {
			return err
		}
		if !f.in.done {
			f.in.more(f.in.size)
		}
	}
	if err := f.flush(); err != nil {
		return err
	}
	if err := f.flushOther(); err != nil {
		return err
	}
	if f.in.done && f.in.lo == f.in.hi {
		return fault(f.in.err)
	}
	return f.asText()
}

// asText reads what is left as running text.
func (f *fixedReader) asText() error {
	d := document{ctx: f.ctx, yield: f.yield, in: f.in, row: f.end}
	defer func() { f.in = d.in }()
	return d.rest()
}

// rest reads what is in the slab and all that follows as running text with
// tables in it.
func (d *document) rest() error {
	for !d.in.done || d.in.lo < d.in.hi {
		if err := d.ctx.Err(); err != nil {
			return err
		}
		step := d.prose
		if d.table != nil {
			step = d.rows
		}
		if err := step(); err != nil {
			return err
		}
	}
	return fault(d.in.err)
}

// lines reads the first n bytes, whole lines, or fewer where the layout ends.
func (f *fixedReader) lines(n int) error {
	text := f.in.text()[:n]
	f.unsafe = bytes.IndexByte(text, 0x1E) >= 0 || bytes.IndexByte(text, 0x1F) >= 0
	used := 0
	for used < n && f.odd <= fixedRows/2 {
		end := bytes.IndexByte(text[used:], f.end)
		next := used + end + 1
		if end < 0 {
			next = n
		}
		f.line(text[used:next], int64(used))
		used = next
	}
	f.in.drop(used)
	if len(f.other) > fixedOther {
		if err := f.flushOther(); err != nil {
			return err
		}
	}
	if len(f.text) >= slabSize/2 {
		return f.flush()
	}
	return nil
}

// line reads one line, with its end, that stands so many bytes behind the
// beginning of the slab.
func (f *fixedReader) line(whole []byte, behind int64) {
	raw := whole
	for len(raw) > 0 && (raw[len(raw)-1] == '\n' || raw[len(raw)-1] == '\r' || raw[len(raw)-1] == 0x1A) {
		raw = raw[:len(raw)-1]
	}
	for len(raw) > 0 && raw[0] == '\f' { // a page ends
		raw = raw[1:]
	}
	line := raw
	for len(line) > 0 && line[len(line)-1] == ' ' {
		line = line[:len(line)-1]
	}
	if len(line) == 0 || f.rule(line) {
		return
	}
	if f.seen++; f.seen == fixedRows {
		f.seen, f.odd = 0, f.odd/2
	}
	places, ok := f.place(line)
	if ok && f.width > 0 && places[len(places)-1] >= len(line) {
		ok = len(raw) == f.width || !f.bytes && utf8.RuneCount(raw) == f.width
	}
	if ok {
		f.row(line, places)
		return
	}
	f.odd++
	if len(f.other) == 0 {
		f.whence = f.in.off + behind
	}
	f.aside(whole)
}

// row lays down a line cut at places: as it is, with delimiters where blanks
// stand before columns, or cell by cell where there is a column without one.
func (f *fixedReader) row(line []byte, places []int) {
	if f.unsafe {
		line = bytes.Clone(line)
		for i, c := range line {
			if c == 0x1E || c == 0x1F {
				line[i] = ' '
			}
		}
	}
	f.rows++
	if f.dense {
		for i, from := range places {
			to := len(line)
			if i+1 < len(places) {
				to = min(to, places[i+1])
			}
			f.text = append(f.text, bytes.TrimRight(line[min(from, to):to], " ")...)
			f.text = append(f.text, 0x1F)
		}
		f.text[len(f.text)-1] = 0x1E
		return
	}
	start := len(f.text)
	f.text = append(f.text, line...)
	laid := f.text[start:]
	for _, p := range places[1:] {
		if p >= len(laid) {
			break
		}
		if laid[p] == ' ' || laid[p-1] != ' ' {
			laid[p] = 0x1F // the value before reaches to here
		} else {
			laid[p-1] = 0x1F
		}
	}
	f.text = append(f.text, 0x1E)
}

// aside puts text with the lines that do not fit.
func (f *fixedReader) aside(text []byte) {
	if len(bytes.TrimSpace(text)) > 0 {
		f.other = append(f.other, text...)
	}
}

func (f *fixedReader) flush() error {
	if f.rows == 0 {
		return nil
	}
	err := f.yield(&scanner.Block{
		Titles: f.titles, Text: f.text, At: f.at, Rows: f.rows,
		Ruler: scanner.Ruler{Cell: 0x1F, Row: 0x1E},
	})
	f.at += int64(f.rows)
	f.rows, f.text = 0, f.text[:0]
	return err
}

func (f *fixedReader) flushOther() error {
	if len(f.other) == 0 {
		return nil
	}
	err := f.yield(&scanner.Block{Text: f.other, At: f.whence})
	f.other = f.other[:0]
	return err
}

// place returns where in line, in bytes, the columns begin, and whether the line
// fits: before a column stands a blank, or its first place is filled where none
// does. The result is valid until the next call.
func (l *fixedLayout) place(line []byte) ([]int, bool) {
	places := l.cuts
	if !l.bytes && indexHigh(line) < len(line) {
		if len(l.room) != len(l.cuts) {
			l.room = make([]int, len(l.cuts))
		}
		places = l.room
		locate(line, l.cuts, places)
	}
	for i := 1; i < len(places); i++ {
		p := places[i]
		if l.free[i] {
			continue
		}
		if p >= len(line) {
			if l.tight[i] {
				return nil, false
			}
			continue
		}
		if l.tight[i] && line[p] == ' ' || !l.tight[i] && line[p] != ' ' && line[p-1] != ' ' {
			return nil, false
		}
	}
	return places, true
}

// locate turns offsets in characters into offsets in bytes; those behind the end
// of line become its length.
func locate(line []byte, cuts, places []int) {
	k, more := 0, 0 // more: bytes than characters so far
	for pos := 0; k < len(cuts); pos++ {
		if pos < len(line) && line[pos] < utf8.RuneSelf {
			pos += indexHigh(line[pos:])
		}
		for k < len(cuts) && (cuts[k]+more <= pos || pos >= len(line)) {
			places[k] = min(cuts[k]+more, len(line))
			k++
		}
		if pos < len(line) && !utf8.RuneStart(line[pos]) {
			more++
		}
	}
}
