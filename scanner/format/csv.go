package format

import (
	"bytes"
	"context"
	"strings"

	"vigie/scanner"
)

var csvFormat = scanner.Format{
	Name: "csv",
	Doc: `tables of delimited cells

Cells separated by ; , tab | ^ or 0x1F, quoted or not, with or without a title
row or lines before it, in UTF-8, UTF-16, UTF-32, Windows-1252, ISO-8859-1,
cp850 or MacRoman. The dialect is told from the content. Records beyond 4 MiB
are read as running text.`,
	Match: func(name string, head []byte) bool {
		text := headText(head)
		if text == nil {
			return false
		}
		_, ok := sniff(text, len(head) < headSize, isTableName(name))
		return ok
	},
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		d := document{ctx: ctx, yield: yield, sniff: true, named: isTableName(c.Name())}
		return d.read(c.Stream())
	},
}

func isTableName(name string) bool {
	name, _ = strings.CutSuffix(name, ".gz")
	return strings.HasSuffix(name, ".csv") || strings.HasSuffix(name, ".tsv") || strings.HasSuffix(name, ".tab")
}

// A table is the region of a document that is being read as one.
type table struct {
	dialect
	name   string
	titles []string
	at     int64 // rows handed over
	strict bool  // found in running text: eight odd records end it
	fresh  bool  // nothing was handed over yet
	reach  int   // how far ahead is looked: a table in text may be a short one
	raw    int   // records with a quote that is data, since the last read
	long   bool  // in the middle of a record that is too long
	only   bool  // no other table is looked for: there were too many
	blanks int   // blank lines followed by a title row are looked for so often
}

// rows hands over the next stretch of the table, or reads on.
func (d *document) rows() error {
	t, text, last := d.table, d.in.text(), d.in.done
	if t.long {
		return d.longRecord()
	}
	short := t.reach < len(text)
	if short {
		text, last = text[:t.reach], false
	}
	t.reach = min(2*t.reach, recordSize)
	var s stretch
	quote := t.quote
	switch {
	case t.raw > 4:
		quote = 0
		s = t.unquoted(text, last)
	default:
		s = t.measure(text, last)
		if s.bad && s.end == 0 {
			t.raw++
			quote = 0
			n := bytes.IndexByte(text, t.row) + 1
			s = stretch{}
			if n > 0 {
				s = t.unquoted(text[:n], false)
			} else if last {
				s = t.unquoted(text, true)
			}
		}
	}
	used := t.trim(text, &s)
	if s.rows == 0 {
		if short {
			return nil
		}
		return d.stuck(s.end)
	}
	at, what := used, same
	odd := *t
	odd.quote = quote
	// Exactly columns-1 separators a row: nothing to look at.
	if s.seps != s.rows*(t.columns-1) {
		over := last && len(bytes.TrimRight(text[used:], blank)) == 0
		at, what = odd.seam(text[:used], over)
	}
	if at == 0 && what == holds && (short || d.in.more(d.in.size)) {
		t.raw = 0
		return nil
	}
	if at == 0 && t.fresh && (what == ended || what == another) {
		at, _ = odd.record(text, true)
		what = holds
	}
	if what == same || at == 0 && what == holds {
		return d.hand(used, s.rows, quote)
	}
	s = odd.measure(text[:at], true)
	used = t.trim(text[:at], &s)
	if s.rows > 0 {
		if err := d.hand(used, s.rows, quote); err != nil {
			return err
		}
		at -= used
	}
	if what == holds {
		t.at += int64(bytes.Count(text[used:used+at], []byte{t.row}))
		d.drop(at)
		return nil
	}
	d.drop(at)
	d.last, d.table = t, nil
	if what == ended {
		return nil
	}
	next := t.dialect
	next.columns = 0
	return d.begin(next, t.strict)
}

// blank is what may stand behind the last record: line ends, the mark of DOS.
const blank = "\r\n\x1A"

// copyEnd is the line that ends the data of PostgreSQL's COPY.
const copyEnd = `\.`

// trim leaves out blank lines, the mark of DOS and that of COPY at the end of a
// stretch: they are rows only when rows follow. It returns the bytes that stay.
func (t *table) trim(text []byte, s *stretch) int {
	body := len(bytes.TrimRight(text[:s.end], blank))
	if over := bytes.TrimSuffix(text[:body], []byte(copyEnd)); t.cell == '\t' && len(over) < body && (len(over) == 0 || over[len(over)-1] == t.row) {
		body = len(bytes.TrimRight(over, blank))
	}
	if body == 0 {
		s.rows = 0
		return 0
	}
	n := bytes.IndexByte(text[body:s.end], t.row) + 1
	if n == 0 {
		return s.end
	}
	tail := text[body+n : s.end]
	s.rows -= bytes.Count(tail, []byte{t.row})
	if len(tail) > 0 && tail[len(tail)-1] != t.row {
		s.rows--
	}
	return body + n
}

// stuck goes on where the slab holds no whole record but blank ones, which end
// at blanks: reads on, gives up blanks, or turns to long records.
func (d *document) stuck(blanks int) error {
	t := d.table
	t.raw = 0
	limit := recordSize
	if blanks > 0 {
		limit = d.in.size
	}
	switch text := d.in.text(); {
	case d.in.done && (blanks == len(text) || len(text) == 0):
		d.drop(len(text))
	case d.in.more(limit):
	case blanks > 0:
		t.at += int64(bytes.Count(text[:blanks], []byte{t.row}))
		d.drop(blanks)
	default:
		t.long = true
	}
	return nil
}

// longRecord hands over a part of a record that is too long as running text.
func (d *document) longRecord() error {
	t, text := d.table, d.in.text()
	n := bytes.IndexByte(text, t.row) + 1
	if n > 0 || d.in.done {
		t.long = false
		t.at++
	}
	if n == 0 {
		n = len(text)
	}
	if err := d.running(n); err != nil || d.in.done {
		return err
	}
	d.in.more(d.in.size)
	return nil
}

// hand hands over the first n bytes as rows of the table.
func (d *document) hand(n, rows int, quote byte) error {
	t, text := d.table, d.in.text()[:n]
	if quote != 0 && bytes.IndexByte(text, quote) < 0 {
		quote = 0
	}
	d.block = scanner.Block{
		Table: t.name, Titles: t.titles, Text: text, At: t.at, Rows: rows,
		Ruler: scanner.Ruler{Cell: t.cell, Row: t.row, Quote: quote},
	}
	t.at += int64(rows)
	t.fresh = false
	if quote == 0 {
		d.line += int64(rows)
	} else {
		d.line += int64(bytes.Count(text, []byte{t.row}))
	}
	err := d.yield(&d.block)
	d.drop(n)
	return err
}
