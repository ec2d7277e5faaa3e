package format

import (
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
// grid belongs to one goroutine.
type grid struct {
	ctx    context.Context
	yield  func(*scanner.Block) error
	name   string
	titles []string

	text   []byte // whole rows, and the one at hand
	rows   int    // whole ones
	column int    // of the row at hand
	at     int64  // rows handed over
	beside int64  // running text handed over
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
	n := min(len(v), gridCell)
	g.text = append(g.text, v[:n]...)
	noDelimiters(g.text[from:])
	if n < len(v) && g.stop == nil {
		g.stop = g.yield(&scanner.Block{Text: v[n:], At: g.beside})
		g.beside += int64(len(v) - n)
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
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
	case v == math.Trunc(v) && math.Abs(v) < 1e18:
		g.text = strconv.AppendInt(g.text, int64(v), 10)
	case math.Abs(v) > 1e-3 && math.Abs(v) < 1e18:
		g.text = strconv.AppendFloat(g.text, v, 'f', -1, 64)
	default:
		g.text = strconv.AppendFloat(g.text, v, 'g', -1, 64)
	}
}

// date adds a cell with a day, counted from another.
func (g *grid) date(epoch time.Time, days float64) {
	g.next()
	if math.IsNaN(days) || math.Abs(days) > 4e6 {
		return
	}
	g.text = epoch.AddDate(0, 0, int(math.Floor(days))).AppendFormat(g.text, time.DateOnly)
}

// moment adds a cell with a day and a time, in seconds from epoch.
func (g *grid) moment(epoch time.Time, seconds float64) {
	g.next()
	if math.IsNaN(seconds) || math.Abs(seconds) > 3e11 {
		return
	}
	days := math.Floor(seconds / 86400)
	t := epoch.AddDate(0, 0, int(days)).Add(time.Duration((seconds - 86400*days) * 1e9))
	layout := time.DateTime
	if seconds == 86400*days {
		layout = time.DateOnly
	}
	g.text = t.AppendFormat(g.text, layout)
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

// flush hands over the whole rows that were laid down.
func (g *grid) flush() error {
	if g.rows == 0 {
		return nil
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
