package format

import (
	"bytes"
	"context"
	"strconv"
	"strings"

	"vigie/scanner"
)

var sqlFormat = scanner.Format{
	Name: "sql",
	Doc: `SQL dumps

The rows of INSERT … VALUES and COPY … FROM stdin, as mysqldump, phpMyAdmin,
pg_dump, SQLite and SQL Server write them, a table for each table. Everything
else in the dump is read as running text.`,
	Match: func(name string, head []byte) bool { return isDump(name, headText(head)) },
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		d := dump{ctx: ctx, yield: yield}
		return d.read(decode(c.Stream()), slabSize)
	},
}

const (
	headerMax  = 64 << 10 // a statement up to its first row is no longer
	openTables = 8        // tables whose rows are gathered at a time
	keptBytes  = 8 << 20  // of names of tables and columns are remembered: 10,000 tables
)

// isDump reports whether a decoded head is an SQL script with data: a dump's
// first comment, or a statement that makes or fills a table at the beginning of
// a line, in a text that begins like SQL.
func isDump(name string, head []byte) bool {
	begins := strings.HasSuffix(name, ".sql")
	first := true
	for len(head) > 0 {
		n := bytes.IndexByte(head, '\n') + 1
		if n == 0 {
			n = len(head)
		}
		line := bytes.TrimLeft(head[:n], " \t\r\n")
		head = head[n:]
		if len(line) == 0 {
			continue
		}
		if first && !begins && !startsSQL(line) {
			return false
		}
		first = false
		w := words{b: line}
		switch {
		case hasAny(line, "-- MySQL dump", "-- MariaDB dump", "-- PostgreSQL database", "-- phpMyAdmin SQL Dump", "/*M!999999\\- enable the sandbox"):
			return true
		case w.is("INSERT"), w.is("REPLACE"):
			if w.is("INTO") || w.is("IGNORE") || w.is("OR") || w.next() == '[' {
				return true
			}
		case w.is("CREATE"):
			w.any("TEMP", "TEMPORARY", "UNLOGGED", "GLOBAL", "LOCAL")
			if w.is("TABLE") {
				return true
			}
		case w.is("COPY"):
			if bytes.Contains(bytes.ToUpper(line), []byte("FROM STDIN")) {
				return true
			}
		}
	}
	return false
}

func hasAny(line []byte, prefixes ...string) bool {
	for _, p := range prefixes {
		if bytes.HasPrefix(line, []byte(p)) {
			return true
		}
	}
	return false
}

// startsSQL reports whether a script may begin with line.
func startsSQL(line []byte) bool {
	w := words{b: line}
	return hasAny(line, "--", "/*", "#", `\`) || w.any("ALTER", "BEGIN", "COPY", "CREATE", "DECLARE", "DELETE", "DROP",
		"GO", "INSERT", "LOCK", "PRAGMA", "PROMPT", "REM", "REPLACE", "SELECT", "SET", "START", "TRUNCATE", "USE")
}

// A dump reads SQL. Values go from the slab to the text of their table; the text
// is handed over when it is long enough, or when too many tables are open.
type dump struct {
	ctx   context.Context
	yield func(*scanner.Block) error
	in    slab
	stop  error // what ended the reading early

	escapes bool                // a backslash in a string is an escape (MySQL)
	tables  map[string]*dumped  // by name and titles
	columns map[string][]string // of tables that were made
	kept    int                 // bytes of names
	open    []*dumped           // least recently used first

	other   []byte // running text to be handed over
	otherAt int64
}

// A dumped is a table of a dump.
type dumped struct {
	name   string
	titles []string
	header []byte // the statement up to its first row
	at     int64  // rows handed over
	rows   int    // in text
	text   []byte // rows, cells ending in 0x1F and rows in 0x1E
	forms  int    // lists of columns its rows came with
	row    int    // where the row begins that is being read
}

func (d *dump) read(src *decoder, size int) error {
	d.in.open(src, size)
	defer d.in.close()
	d.tables, d.columns = make(map[string]*dumped), make(map[string][]string)
	d.in.more(size)
	head := d.in.text()
	d.escapes = escapes(head[:min(len(head), headSize)])
	for d.stop == nil && d.need(min(headerMax, size)) {
		d.statement()
	}
	for _, t := range d.open {
		d.flush(t)
	}
	d.flushOther(true)
	if d.stop != nil {
		return d.stop
	}
	return fault(d.in.err)
}

// escapes reports whether a script is of MySQL or MariaDB: by its first comment,
// or by how it quotes names. PostgreSQL, SQLite and Oracle quote none like that.
func escapes(head []byte) bool {
	switch comment := head[:min(len(head), 200)]; {
	case bytes.Contains(comment, []byte("PostgreSQL")), bytes.HasPrefix(comment, []byte("PRAGMA")):
		return false
	case bytes.Contains(comment, []byte("MySQL")), bytes.Contains(comment, []byte("MariaDB")):
		return true
	}
	return bytes.IndexByte(head, '`') >= 0 || bytes.Contains(head, []byte("MySQL")) || bytes.Contains(head, []byte("MariaDB"))
}

// statement reads the statement, or the line, that comes next.
func (d *dump) statement() {
	text := d.in.text()
	blanks := len(text) - len(bytes.TrimLeft(text, " \t\r\n;"))
	if blanks > 0 {
		d.in.drop(blanks)
		return
	}
	switch text[0] | 0x20 {
	case 'i', 'r':
		for _, t := range d.open {
			if bytes.HasPrefix(text, t.header) && len(t.header) > 0 {
				d.insert(t, len(t.header))
				return
			}
		}
		if name, titles, n := insertHeader(text); n > 0 {
			t := d.table(name, titles)
			t.header = append(t.header[:0], text[:n]...)
			d.insert(t, n)
			return
		}
	case 'c':
		if name, titles, n := copyHeader(text); n > 0 {
			d.copied(d.table(name, titles), n)
			return
		}
		if name, titles := createTable(text); name != "" && d.keep(name+strings.Join(titles, "")) {
			d.columns[name] = titles
		}
	}
	d.line()
}

// need sees to it that n bytes are in memory, or all there are; it reports
// false at the end.
func (d *dump) need(n int) bool {
	if d.in.hi-d.in.lo < n && !d.in.done {
		d.in.more(d.in.size)
		if d.stop == nil {
			d.stop = d.ctx.Err()
		}
	}
	return d.in.hi > d.in.lo
}

// line hands over a line as running text.
func (d *dump) line() {
	for d.stop == nil && d.need(1) {
		text := d.in.text()
		n := bytes.IndexByte(text, '\n') + 1
		if n > 0 {
			d.aside(text[:n])
			d.in.drop(n)
			return
		}
		d.aside(text)
		d.in.drop(len(text))
	}
}

// aside adds to the running text; b lies at the beginning of the slab.
func (d *dump) aside(b []byte) {
	if len(d.other) == 0 {
		d.otherAt = d.in.off
	}
	d.other = append(d.other, b...)
	if len(d.other) >= slabSize {
		d.flushOther(false)
	}
}

// flushOther hands over running text: all, or up to where it is best cut.
func (d *dump) flushOther(all bool) {
	n := len(d.other)
	if !all {
		if n = bytes.LastIndexByte(d.other, '\n') + 1; n == 0 {
			n = softCut(d.other)
		}
	}
	if len(bytes.TrimSpace(d.other[:n])) > 0 && d.stop == nil {
		d.stop = d.yield(&scanner.Block{Text: d.other[:n], At: d.otherAt})
	}
	d.otherAt += int64(n)
	d.other = d.other[:copy(d.other, d.other[n:])]
}

// table returns the table with that name and those titles, opened. Without
// titles those of its CREATE TABLE are taken.
func (d *dump) table(name string, titles []string) *dumped {
	if titles == nil {
		titles = d.columns[name]
	}
	key := name + "\x1F" + strings.Join(titles, "\x1F")
	t := d.tables[key]
	if t == nil {
		t = &dumped{name: name, titles: titles, forms: 1}
		first := d.tables[name]
		if first != nil {
			first.forms++
			t.name = name + " (" + strconv.Itoa(first.forms) + ")"
		}
		if d.keep(key) {
			d.tables[key] = t
			if first == nil {
				d.tables[name] = t
			}
		}
	}
	for i, o := range d.open {
		if o == t {
			d.open = append(append(d.open[:i], d.open[i+1:]...), t)
			return t
		}
	}
	if len(d.open) == openTables {
		old := d.open[0]
		d.flush(old)
		t.text, old.text, old.header = old.text, nil, nil
		d.open = d.open[:copy(d.open, d.open[1:])]
	}
	d.open = append(d.open, t)
	return t
}

// keep reports whether there is room to remember what takes so many bytes.
func (d *dump) keep(what string) bool {
	d.kept += len(what) + 64
	return d.kept < keptBytes
}

// flush hands over the rows that a table has gathered.
func (d *dump) flush(t *dumped) {
	if t.rows > 0 && d.stop == nil {
		d.stop = d.yield(&scanner.Block{
			Table: t.name, Titles: t.titles, Text: t.text, At: t.at, Rows: t.rows,
			Ruler: scanner.Ruler{Cell: 0x1F, Row: 0x1E},
		})
	}
	t.at += int64(t.rows)
	t.rows, t.row, t.text = 0, 0, t.text[:0]
	if cap(t.text) > 4*slabSize {
		t.text = nil
	}
}
