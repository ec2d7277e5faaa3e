package format

import (
	"bytes"
	"strings"

	"vigie/scanner"
)

// words reads SQL token by token.
type words struct {
	b []byte
	i int
}

// space passes white space and comments.
func (w *words) space() {
	for w.i < len(w.b) {
		rest := w.b[w.i:]
		switch c := rest[0]; {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			w.i++
		case bytes.HasPrefix(rest, []byte("--")):
			w.i += 1 + max(0, bytes.IndexByte(rest[1:], '\n')+1)
		case bytes.HasPrefix(rest, []byte("/*")):
			n := bytes.Index(rest, []byte("*/"))
			if n < 0 {
				n = len(rest) - 2
			}
			w.i += n + 2
		default:
			return
		}
	}
}

// next returns the next byte that is no white space, 0 at the end.
func (w *words) next() byte {
	w.space()
	if w.i < len(w.b) {
		return w.b[w.i]
	}
	return 0
}

// bare returns the next word: letters, digits, underscores, bytes above 0x7F.
func (w *words) bare() []byte {
	w.space()
	start := w.i
	for w.i < len(w.b) {
		c := w.b[w.i]
		if !isLower(c) && !isUpper(c) && !isDigit(c) && c != '_' && c != '$' && c != '#' && c != '@' && c < 0x80 {
			break
		}
		w.i++
	}
	return w.b[start:w.i]
}

// is passes a word if it is the next one, in any case of letters.
func (w *words) is(word string) bool {
	at := w.i
	if strings.EqualFold(string(w.bare()), word) {
		return true
	}
	w.i = at
	return false
}

// any passes one of several words.
func (w *words) any(all ...string) bool {
	for _, word := range all {
		if w.is(word) {
			return true
		}
	}
	return false
}

// part returns one part of a name, without its quotes.
func (w *words) part() (string, bool) {
	shut := w.next()
	switch shut {
	case '[':
		shut = ']'
	case '`', '"':
	default:
		b := w.bare()
		return strings.ToValidUTF8(string(b), "\uFFFD"), len(b) > 0
	}
	n := bytes.IndexByte(w.b[w.i+1:], shut)
	if n < 0 {
		return "", false
	}
	name := string(w.b[w.i+1 : w.i+1+n])
	w.i += n + 2
	return strings.ToValidUTF8(name, "\uFFFD"), true
}

// name returns the name of a table, its parts joined by dots.
func (w *words) name() (string, bool) {
	name, ok := w.part()
	for ok && w.next() == '.' {
		w.i++
		var more string
		more, ok = w.part()
		name += "." + more
	}
	return name, ok
}

// names returns the names in a list in brackets; nil where there is none.
func (w *words) names() ([]string, bool) {
	if w.next() != '(' {
		return nil, true
	}
	var all []string
	for w.i++; ; w.i++ {
		name, ok := w.part()
		if !ok {
			return nil, false
		}
		if len(all) < scanner.MaxColumns {
			all = append(all, name)
		}
		switch w.next() {
		case ',':
		case ')':
			w.i++
			return all, true
		default:
			return nil, false
		}
	}
}

// insertHeader reads INSERT INTO t (a, b) VALUES, up to the first row at byte
// n; 0 where text begins with something else.
func insertHeader(text []byte) (name string, columns []string, n int) {
	w := words{b: text[:min(len(text), headerMax)]}
	if !w.any("INSERT", "REPLACE") {
		return "", nil, 0
	}
	if w.is("OR") {
		w.bare()
	}
	for w.any("IGNORE", "LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED", "INTO", "TABLE") {
	}
	name, ok := w.name()
	if !ok {
		return "", nil, 0
	}
	if columns, ok = w.names(); !ok {
		return "", nil, 0
	}
	for w.any("OVERRIDING", "SYSTEM", "USER", "VALUE") {
	}
	if !w.any("VALUES") && !bytes.HasSuffix(bytes.ToUpper(bytes.TrimSpace(w.b[:w.i])), []byte("VALUE")) || w.next() != '(' {
		return "", nil, 0
	}
	return name, columns, w.i
}

// copyHeader reads COPY t (a, b) FROM stdin; up to the line behind it.
func copyHeader(text []byte) (name string, columns []string, n int) {
	w := words{b: text[:min(len(text), headerMax)]}
	if !w.is("COPY") {
		return "", nil, 0
	}
	name, ok := w.name()
	if !ok {
		return "", nil, 0
	}
	if columns, ok = w.names(); !ok || !w.is("FROM") || !w.is("STDIN") {
		return "", nil, 0
	}
	end := bytes.IndexByte(w.b[w.i:], '\n')
	if end < 0 || bytes.Contains(bytes.ToUpper(w.b[w.i:w.i+end]), []byte("CSV")) {
		return "", nil, 0
	}
	return name, columns, w.i + end + 1
}

// createTable reads the columns of a CREATE TABLE; name is "" where text begins
// with something else.
func createTable(text []byte) (name string, columns []string) {
	w := words{b: text[:min(len(text), headerMax)]}
	if !w.is("CREATE") {
		return "", nil
	}
	w.any("TEMP", "TEMPORARY", "UNLOGGED", "GLOBAL", "LOCAL")
	if !w.is("TABLE") {
		return "", nil
	}
	for w.any("IF", "NOT", "EXISTS") {
	}
	name, ok := w.name()
	if !ok || w.next() != '(' {
		return "", nil
	}
	for w.i++; w.next() != 0 && w.next() != ')'; {
		if !w.any("PRIMARY", "KEY", "UNIQUE", "CONSTRAINT", "INDEX", "FOREIGN", "CHECK", "FULLTEXT", "SPATIAL", "EXCLUDE", "PERIOD", "LIKE") {
			column, ok := w.part()
			if ok && len(columns) < scanner.MaxColumns {
				columns = append(columns, column)
			}
		}
		w.definition()
	}
	return name, columns
}

// definition goes to the comma or bracket that ends a column's definition, and
// passes the comma.
func (w *words) definition() {
	depth := 0
	var quote byte
	for ; w.i < len(w.b); w.i++ {
		switch c := w.b[w.i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"' || c == '`':
			quote = c
		case c == '(':
			depth++
		case c == ')' && depth == 0:
			return
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			w.i++
			return
		}
	}
}
