package format

import (
	"bytes"
	"slices"
	"strings"

	"vigie/scanner"
)

// A sqliteShape is what a CREATE TABLE says about records.
type sqliteShape struct {
	titles  []string // in the order of the records
	dates   []bool   // by column: declared as a date or time
	rowid   int      // column that is the rowid, -1 without
	columns int      // of orphans
}

func (s *sqliteShape) dated(i int) bool { return i < len(s.dates) && s.dates[i] }

// A sqliteColumn is declared in a CREATE TABLE.
type sqliteColumn struct {
	name    string
	kind    string
	key     bool // PRIMARY KEY stands with it
	falling bool // DESC
	unkept  bool // computed when asked for
}

// sqliteShapeOf reads a CREATE TABLE as SQLite keeps it: as it was typed, with its
// comments, and with the columns that were added later.
func sqliteShapeOf(sql []byte) sqliteShape {
	shape := sqliteShape{rowid: -1}
	w := sqliteWords{b: sql}
	for depth := 0; ; {
		t := w.next()
		if t == "" {
			return shape
		}
		if t == "(" && depth == 0 {
			break
		}
	}
	var columns []sqliteColumn
	var key []string
	for more := true; more && len(columns) < 1<<15; {
		words, quoted, end := w.definition()
		more = end == ","
		if len(words) == 0 {
			continue
		}
		if !quoted && len(columns) > 0 {
			switch strings.ToUpper(words[0]) {
			case "CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN":
				if i := keyAt(words); i >= 0 && i+2 < len(words) && words[i+2] == "(" {
					key = listed(words[i+3:])
				}
				continue
			}
		}
		columns = append(columns, sqliteColumnOf(words))
	}
	bare := false // WITHOUT ROWID
	for t := w.next(); t != ""; t = w.next() {
		bare = bare || strings.EqualFold(t, "WITHOUT")
	}
	shape.order(columns, key, bare)
	return shape
}

// keyAt finds PRIMARY KEY.
func keyAt(words []string) int {
	for i := range words[:len(words)-1] {
		if strings.EqualFold(words[i], "PRIMARY") && strings.EqualFold(words[i+1], "KEY") {
			return i
		}
	}
	return -1
}

// listed returns the names in a list in brackets, which was opened.
func listed(words []string) (names []string) {
	first := true
	for _, w := range words {
		switch {
		case w == ")":
			return names
		case w == ",":
			first = true
		case first:
			names = append(names, w)
			first = false
		}
	}
	return names
}

// sqliteColumnOf makes a column of the words of its definition.
func sqliteColumnOf(words []string) sqliteColumn {
	c := sqliteColumn{name: words[0]}
	n := 1
	for n < len(words) && !slices.ContainsFunc(sqliteClauses, func(s string) bool { return strings.EqualFold(s, words[n]) }) {
		n++
	}
	c.kind = strings.ToUpper(strings.Join(words[1:n], " "))
	if i := keyAt(words); i > 0 {
		c.key = true
		c.falling = i+2 < len(words) && strings.EqualFold(words[i+2], "DESC")
	}
	depth := 0
	as := false
	for i, w := range words[n:] {
		switch {
		case w == "(":
			depth++
		case w == ")":
			depth--
		case depth == 0 && strings.EqualFold(w, "AS") && n+i+1 < len(words) && words[n+i+1] == "(":
			as = true
		case depth == 0 && strings.EqualFold(w, "STORED"):
			as = false
		}
	}
	c.unkept = as
	return c
}

// sqliteClauses end the type of a column.
var sqliteClauses = []string{"CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "GENERATED", "AS", "ON"}

// order puts the columns in the order in which records have them: those of the
// key come first where there are no rowids, and computed ones not at all.
func (s *sqliteShape) order(columns []sqliteColumn, key []string, bare bool) {
	for _, c := range columns {
		if c.key && len(key) == 0 {
			key = []string{c.name}
		}
	}
	rank := func(c sqliteColumn) int {
		if bare {
			for i, k := range key {
				if strings.EqualFold(k, c.name) {
					return i
				}
			}
		}
		return len(key)
	}
	slices.SortStableFunc(columns, func(a, b sqliteColumn) int { return rank(a) - rank(b) })
	for _, c := range columns {
		if c.unkept {
			continue
		}
		if !bare && c.kind == "INTEGER" && len(key) == 1 && strings.EqualFold(key[0], c.name) && !c.falling {
			s.rowid = len(s.dates)
		}
		s.dates = append(s.dates, strings.Contains(c.kind, "DATE") || strings.Contains(c.kind, "TIME"))
		if len(s.titles) < scanner.MaxColumns {
			s.titles = append(s.titles, strings.ToValidUTF8(c.name, "\uFFFD"))
		}
	}
}

// sqliteWords reads the words of SQL, names without their quotes.
type sqliteWords struct {
	b      []byte
	quoted bool // the last word was
}

// definition returns the words up to the comma or bracket that ends them; quoted
// tells whether the first one was.
func (w *sqliteWords) definition() (words []string, quoted bool, end string) {
	depth := 0
	for {
		t := w.next()
		switch {
		case t == "" && !w.quoted, depth == 0 && !w.quoted && (t == "," || t == ")"):
			return words, quoted, t
		case t == "(" && !w.quoted:
			depth++
		case t == ")" && !w.quoted:
			depth--
		}
		if len(words) == 0 {
			quoted = w.quoted
		}
		words = append(words, t)
	}
}

// next returns the next word or mark, "" at the end, without comments.
func (w *sqliteWords) next() string {
	w.quoted = false
	for {
		w.b = bytes.TrimLeft(w.b, " \t\r\n\f")
		switch {
		case bytes.HasPrefix(w.b, []byte("--")):
			_, w.b, _ = bytes.Cut(w.b, []byte("\n"))
			continue
		case bytes.HasPrefix(w.b, []byte("/*")):
			_, w.b, _ = bytes.Cut(w.b[2:], []byte("*/"))
			continue
		case len(w.b) == 0:
			return ""
		}
		break
	}
	shut := w.b[0]
	switch shut {
	case '[':
		shut = ']'
	case '"', '`', '\'':
	default:
		n := 0
		for n < len(w.b) && bytes.IndexByte([]byte(" \t\r\n\f()[],;\"'`"), w.b[n]) < 0 {
			n++
		}
		n = max(n, 1)
		t := string(w.b[:n])
		w.b = w.b[n:]
		return t
	}
	w.quoted = true
	var name []byte
	for i := 1; i < len(w.b); i++ {
		if w.b[i] == shut {
			if shut == ']' || i+1 == len(w.b) || w.b[i+1] != shut {
				w.b = w.b[i+1:]
				return string(name)
			}
			i++
		}
		name = append(name, w.b[i])
	}
	w.b = nil
	return string(name)
}
