package format

import (
	"bytes"
	"context"
	"strconv"
	"strings"

	"vigie/scanner"
)

var yamlFormat = scanner.Format{
	Name: "yaml",
	Doc: `YAML: lists of mappings

The mappings of a list are rows, of which three and more must be alike; a column
is titled by its path (adresse.rue), a table named by the path of the list. Lists
in a row are one cell. What stands outside of lists, and comments, are read as
running text. What an alias stands for is read where its anchor is, once; tags are
passed over.`,
	Match: func(_ string, head []byte) bool {
		text := headText(head)
		return text != nil && isYAML(text, len(head) < headSize)
	},
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		return readYAML(ctx, decode(c.Stream()), slabSize, yield)
	},
}

const (
	yamlDepth  = 64 // keys in one another, at most
	yamlTables = 32 // lists of a document that are tables
)

// isYAML reports whether a head has three mappings in a list that begin with the
// same key and have another in common, and next to nothing that is no YAML.
func isYAML(head []byte, whole bool) bool {
	row := rowByte(head)
	if !whole {
		head = head[:bytes.LastIndexByte(head, row)+1]
	}
	type item struct {
		dash int
		key  string
	}
	first := make(map[item]int)
	inner := make(map[item]int)
	lines, odd, dash := 0, 0, -1
	for len(head) > 0 && lines < 2000 {
		n := bytes.IndexByte(head, row) + 1
		if n == 0 {
			n = len(head)
		}
		line := unended(head[:n])
		head = head[n:]
		indent, rest := indented(line)
		if len(rest) == 0 || rest[0] == '#' {
			continue
		}
		if lines++; lines == 40 && dash < 0 && indent == 0 && odd > 2 {
			return false
		}
		if after, ok := isItem(rest); ok {
			if key, _, ok := yamlKey(after); ok && len(first) < 256 {
				first[item{indent, string(key)}]++
				dash = indent
			} else if len(after) == 0 {
				first[item{indent, ""}]++
				dash = indent
			} else if after[0] == '{' {
				first[item{indent, "{"}]++
				inner[item{indent, "{"}]++
				dash = indent
			}
			continue
		}
		key, _, ok := yamlKey(rest)
		switch {
		case ok && dash >= 0 && indent > dash && len(inner) < 512:
			inner[item{dash, string(key)}]++
		case ok, indent > 0 && dash >= 0 && indent > dash, bytes.HasPrefix(line, []byte("---")), rest[0] == '%':
		default:
			odd++
		}
		if indent == 0 && (bytes.HasSuffix(line, []byte(";")) || bytes.HasSuffix(line, []byte("{"))) {
			return false
		}
	}
	if 50*odd > lines {
		return false
	}
	for it, n := range first {
		if n < 3 {
			continue
		}
		for in, m := range inner {
			if in.dash == it.dash && m >= 3 {
				return true
			}
		}
	}
	return false
}

// indented returns how many blanks a line begins with, and what follows.
func indented(line []byte) (int, []byte) {
	rest := bytes.TrimLeft(line, " ")
	return len(line) - len(rest), rest
}

// isItem reports whether a line, without indent, is an item of a list, and
// returns what follows the dash and its blanks.
func isItem(rest []byte) ([]byte, bool) {
	if len(rest) < 2 || rest[0] != '-' || rest[1] != ' ' {
		return nil, len(rest) == 1 && rest[0] == '-'
	}
	return yamlNode(bytes.TrimLeft(rest[1:], " ")), true
}

// yamlNode returns a node without its anchor and tag; nothing is left of an alias.
func yamlNode(value []byte) []byte {
	for len(value) > 0 && (value[0] == '&' || value[0] == '!') {
		_, value, _ = bytes.Cut(value, []byte{' '})
		value = bytes.TrimLeft(value, " ")
	}
	if len(value) > 1 && value[0] == '*' && bytes.IndexByte(value, ' ') < 0 {
		return nil
	}
	return value
}

// yamlKey splits key: value.
func yamlKey(rest []byte) (key, value []byte, ok bool) {
	if len(rest) < 2 {
		return nil, nil, false
	}
	if q := rest[0]; q == '"' || q == '\'' {
		end := bytes.IndexByte(rest[1:], q)
		if end < 1 || end+2 >= len(rest) || rest[end+2] != ':' {
			return nil, nil, false
		}
		return rest[1 : end+1], yamlNode(bytes.TrimSpace(rest[end+3:])), true
	}
	if bytes.IndexByte([]byte("-?{}[]#&*!|>%@`,"), rest[0]) >= 0 {
		return nil, nil, false
	}
	at := bytes.Index(rest, []byte(": "))
	if at < 0 && rest[len(rest)-1] == ':' {
		at = len(rest) - 1
	}
	if at < 1 || at > 200 {
		return nil, nil, false
	}
	return bytes.TrimRight(rest[:at], " "), yamlNode(bytes.TrimSpace(rest[at+1:])), true
}

// A yamlLevel is a key whose value is a mapping or a list.
type yamlLevel struct {
	indent int
	key    string
}

type yamlReader struct {
	lined
	tables map[string]*recordTable
	order  []*recordTable
	table  *recordTable // of the row at hand; nil outside of lists
	dash   int          // indent of its rows
	stack  []yamlLevel  // outside of rows
	inside []yamlLevel  // in the row at hand
	block  int          // lines with more indent are a text; -1: none
}

func readYAML(ctx context.Context, src *decoder, size int, yield func(*scanner.Block) error) error {
	y := yamlReader{lined: lined{ctx: ctx, yield: yield}, tables: make(map[string]*recordTable), block: -1}
	return y.lined.read(src, size, y.read, func() error {
		y.endRow()
		for _, t := range y.order {
			if y.stop == nil {
				y.stop = t.flush()
			}
		}
		return y.stop
	})
}

func (y *yamlReader) endRow() {
	if y.table != nil {
		if err := y.table.end(); err != nil {
			y.stop = err
		}
	}
}

// read reads a line. It reports false where that is no YAML.
func (y *yamlReader) read(line []byte) bool {
	indent, rest := indented(line)
	if len(rest) == 0 {
		return true
	}
	if y.block >= 0 {
		if indent > y.block {
			if y.table == nil || !y.table.add(rest) {
				y.aside(line)
			}
			return true
		}
		y.block = -1
	}
	if rest[0] == '#' || rest[0] == '%' || string(line) == "---" || string(line) == "..." {
		y.aside(line)
		if rest[0] != '#' {
			y.leave()
			y.stack = y.stack[:0]
		}
		return true
	}
	after, item := isItem(rest)
	if y.table != nil && (indent < y.dash || indent == y.dash && !item) {
		y.leave()
	}
	if y.table == nil {
		return y.outside(line, indent, rest, after, item)
	}
	if indent == y.dash {
		y.endRow()
		y.inside = y.inside[:0]
		return y.itemOf(indent, rest, after)
	}
	if item {
		for n := len(y.inside); n > 0 && y.inside[n-1].indent > indent; n-- {
			y.inside = y.inside[:n-1]
		}
		return y.itemOf(indent, rest, after)
	}
	return y.value(indent, rest)
}

// leave ends the list at hand.
func (y *yamlReader) leave() {
	y.endRow()
	y.table, y.inside = nil, y.inside[:0]
}

// outside reads a line that is in no row: a key, or the first row of a list.
func (y *yamlReader) outside(line []byte, indent int, rest, after []byte, item bool) bool {
	n := len(y.stack)
	for n > 0 && (y.stack[n-1].indent > indent || y.stack[n-1].indent == indent && !item) {
		n--
	}
	y.stack = y.stack[:n]
	if item {
		_, _, ok := yamlKey(after)
		if ok || len(after) == 0 || after[0] == '{' {
			if y.begin(); y.table != nil {
				y.dash = indent
				return y.itemOf(indent, rest, after)
			}
		}
		y.aside(line)
		return true
	}
	key, value, ok := yamlKey(rest)
	if !ok {
		y.aside(line)
		return indent > 0
	}
	if len(value) == 0 && n < yamlDepth {
		y.stack = append(y.stack, yamlLevel{indent, string(key)})
	}
	if isBlockMark(value) {
		y.block = indent
	}
	y.aside(line)
	return true
}

// begin makes the table of the list at hand the one whose rows follow.
func (y *yamlReader) begin() {
	name := joined([][]byte{[]byte(pathOf(y.stack, ""))})[0]
	t := y.tables[name]
	if t == nil && len(y.tables) < yamlTables {
		t = &recordTable{yield: y.yield, name: name}
		y.tables[name] = t
		y.order = append(y.order, t)
	}
	y.table, y.inside = t, y.inside[:0]
}

// itemOf reads an item of a list: a row, or what is in one.
func (y *yamlReader) itemOf(indent int, rest, after []byte) bool {
	if len(after) == 0 {
		return true
	}
	if _, _, ok := yamlKey(after); ok {
		return y.value(indent+len(rest)-len(after), after)
	}
	y.scalar(pathOf(y.inside, ""), after)
	return true
}

// value reads a key and its value in a row.
func (y *yamlReader) value(indent int, rest []byte) bool {
	key, value, ok := yamlKey(rest)
	if !ok {
		return y.table.add(bytes.Trim(rest, `"'`)) // a text goes on
	}
	n := len(y.inside)
	for n > 0 && y.inside[n-1].indent >= indent {
		n--
	}
	y.inside = y.inside[:n]
	switch {
	case len(value) == 0:
		if n < yamlDepth {
			y.inside = append(y.inside, yamlLevel{indent, string(key)})
		}
	case isBlockMark(value):
		y.put(pathOf(y.inside, string(key)), nil)
		y.block = indent
	default:
		y.scalar(pathOf(y.inside, string(key)), value)
	}
	return true
}

func isBlockMark(value []byte) bool {
	return len(value) > 0 && len(value) <= 3 && (value[0] == '|' || value[0] == '>')
}

func pathOf(levels []yamlLevel, key string) string {
	var b strings.Builder
	for _, l := range levels {
		b.WriteString(l.key + ".")
		if b.Len() > jsonKey {
			break
		}
	}
	if key == "" {
		return strings.TrimSuffix(b.String(), ".")
	}
	return b.String() + key
}

// scalar puts a value that stands in one line: a text, or a list or mapping
// between brackets.
func (y *yamlReader) scalar(path string, value []byte) {
	if n := len(value); n >= 2 && (value[0] == '{' && value[n-1] == '}' || value[0] == '[' && value[n-1] == ']') {
		for _, part := range flowParts(value[1 : n-1]) {
			under := path
			if value[0] == '{' {
				key, rest, ok := yamlKey(part)
				if ok {
					if under != "" {
						under += "."
					}
					under, part = under+string(key), rest
				}
			}
			y.put(under, yamlPlain(yamlNode(part)))
		}
		return
	}
	from := 0
	if q := value[0]; q == '"' || q == '\'' {
		from = bytes.LastIndexByte(value, q)
	}
	if at := bytes.Index(value[from:], []byte(" #")); at >= 0 && from+at > 0 {
		y.aside(value[from+at+1:])
		value = value[:from+at]
	}
	y.put(path, yamlPlain(value))
}

func (y *yamlReader) put(path string, value []byte) {
	if !y.table.put([]byte(path), value) {
		y.aside([]byte(path), []byte(": "), value)
	}
}

// flowParts splits what stands between brackets at its commas.
func flowParts(value []byte) (out [][]byte) {
	depth, start := 0, 0
	quote := byte(0)
	for i, c := range value {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		case c == ',' && depth == 0:
			out = append(out, bytes.TrimSpace(value[start:i]))
			start = i + 1
		}
	}
	return append(out, bytes.TrimSpace(value[start:]))
}

// yamlPlain returns a scalar without its quotes; null is empty.
func yamlPlain(value []byte) []byte {
	value = bytes.TrimSpace(value)
	n := len(value)
	switch {
	case string(value) == "null" || string(value) == "~":
		return nil
	case n >= 2 && value[0] == '\'' && value[n-1] == '\'':
		return bytes.ReplaceAll(value[1:n-1], []byte("''"), []byte("'"))
	case n >= 2 && value[0] == '"' && value[n-1] == '"':
		if s, err := strconv.Unquote(string(value)); err == nil {
			return []byte(strings.ReplaceAll(s, "\n", " "))
		}
		return value[1 : n-1]
	}
	return value
}
