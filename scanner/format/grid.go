package format

import (
	"bytes"
	"context"
	"math"
	"strconv"
	"time"

	"vigie/scanner"
)

// gridCell is the longest cell kept in its row, in bytes; what follows is running
// text.
const gridCell = 64 << 10

// A grid lays the rows of a table end to end whose titles are known before the
// first of them, as those of statistics programs and databases are. Values are
// appended with value or one of the others, in the order of the columns; the
// grid belongs to one goroutine. SQL and JSON do not use it: their values are never
// whole in memory, and those of JSON come in any order.
type grid struct {
	ctx    context.Context
	yield  func(*scanner.Block) error
	name   string
	titles []string

	text   []byte // whole rows, and the one at hand
	rows   int    // whole ones
	column int    // of the row at hand
	at     int64  // rows handed over
	beside []byte // running text about the table, not handed over yet
	away   int64  // of it that was
	stop   error  // of handing it over
}

// next begins the next cell.
func (g *grid) next() {
	if g.column > 0 {
		g.text = append(g.text, 0x1F)
	}
	g.column++
}

// value adds a cell of UTF-8 text.
func (g *grid) value(v []byte) {
	g.next()
	from := len(g.text)
	n := len(v)
	if n > gridCell {
		n = rawCut(v[:gridCell])
	}
	g.text = append(g.text, v[:n]...)
	noDelimiters(g.text[from:])
	if n < len(v) {
		g.prose(v[n:])
	}
}

// short adds a cell of UTF-8 text that is no longer than gridCell.
func (g *grid) short(v string) {
	g.next()
	from := len(g.text)
	g.text = append(g.text, v...)
	noDelimiters(g.text[from:])
}

// aside adds a line to the running text about the table: a note, a label.
func (g *grid) aside(name string, v []byte) {
	if len(v) == 0 {
		return
	}
	if name != "" {
		g.beside = append(append(g.beside, name...), ": "...)
	}
	if g.beside = append(append(g.beside, v...), '\n'); len(g.beside) >= slabSize {
		g.flushAside()
	}
}

// flushAside hands over the running text.
func (g *grid) flushAside() {
	g.prose(g.beside)
	g.beside = g.beside[:0]
}

// prose hands over running text at once; v is the caller's again when it returns.
func (g *grid) prose(v []byte) {
	if len(v) > 0 && g.stop == nil {
		g.stop = g.yield(&scanner.Block{Text: v, At: g.away})
		g.away += int64(len(v))
	}
}

// integer adds a cell.
func (g *grid) integer(v int64) {
	g.next()
	g.text = strconv.AppendInt(g.text, v, 10)
}

// number adds a cell as a person would write it: never with an exponent where
// the digits are those of an identifier. Missing is empty.
func (g *grid) number(v float64) {
	g.next()
	g.digits(v)
}

func (g *grid) digits(v float64) {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
	case v == math.Trunc(v) && math.Abs(v) < 1e18:
		g.text = strconv.AppendInt(g.text, int64(v), 10)
	case math.Abs(v) > 1e-3 && math.Abs(v) < 1e12 && math.Round(100*v)/100 == v: // money
		g.text = appendHundredths(g.text, int64(math.Round(100*v)))
	case math.Abs(v) > 1e-3 && math.Abs(v) < 1e18:
		g.text = strconv.AppendFloat(g.text, v, 'f', -1, 64)
	default:
		g.text = strconv.AppendFloat(g.text, v, 'g', -1, 64)
	}
}

// appendHundredths appends n / 100, which is no whole number. Of decimals of up to 15
// digits no two are one float, so this is the shortest that reads as the float.
func appendHundredths(dst []byte, n int64) []byte {
	if n < 0 {
		dst, n = append(dst, '-'), -n
	}
	dst = append(strconv.AppendInt(dst, n/100, 10), '.', '0'+byte(n/10%10))
	if n%10 != 0 {
		dst = append(dst, '0'+byte(n%10))
	}
	return dst
}

// day appends a day, counted from 1 January 1970; a layout of package time takes
// twice the time.
func (g *grid) day(n int64) {
	if n < -719162 || n >= 2932897 { // of the years 1 to 9999
		g.text = time.Unix(86400*n, 0).UTC().AppendFormat(g.text, time.DateOnly)
		return
	}
	g.text = appendDay(g.text, int(n))
}

// date adds a cell with a day, counted from another; what is no day stays a
// number.
func (g *grid) date(epoch time.Time, days float64) {
	g.next()
	if !(math.Abs(days) <= 4e6) {
		g.digits(days)
		return
	}
	g.day(epoch.Unix()/86400 + int64(math.Floor(days)))
}

// moment adds a cell with a day and a time, in seconds from epoch; what is none
// stays a number.
func (g *grid) moment(epoch time.Time, seconds float64) {
	g.next()
	if !(math.Abs(seconds) <= 3e11) {
		g.digits(seconds)
		return
	}
	days := math.Floor(seconds / 86400)
	g.day(epoch.Unix()/86400 + int64(days))
	if seconds != 86400*days {
		g.text = appendClock(append(g.text, ' '), int(min(seconds-86400*days, 86399)))
	}
}

// endRow ends the row at hand; an error is that of yield.
func (g *grid) endRow() error {
	g.text = append(g.text, 0x1E)
	g.rows++
	g.column = 0
	if g.stop != nil {
		return g.stop
	}
	if len(g.text) >= slabSize {
		return g.flush()
	}
	return nil
}

// flush hands over the whole rows that were laid down, and the running text.
func (g *grid) flush() error {
	if g.flushAside(); g.rows == 0 || g.stop != nil {
		return g.stop
	}
	if err := g.ctx.Err(); err != nil {
		return err
	}
	err := g.yield(&scanner.Block{
		Table: g.name, Titles: g.titles, Text: g.text, At: g.at, Rows: g.rows,
		Ruler: scanner.Ruler{Cell: 0x1F, Row: 0x1E},
	})
	g.at += int64(g.rows)
	g.text, g.rows = g.text[:0], 0
	return err
}

// title adds a column. Its title is the name or the label, which then is running
// text: what says more.
func (g *grid) title(name, label string) {
	title := titled(name, label)
	g.titles = append(g.titles, title)
	if label != "" && title != label {
		g.aside(name, []byte(label))
	}
}

// titled chooses between the name and the label of a column: what says more.
func titled(name, label string) string {
	if label != "" && !isKnownTitle([]byte(name)) && (isKnownTitle([]byte(label)) || bytes.ContainsAny([]byte(label), " ")) {
		return label
	}
	return name
}
