package format

import (
	"bytes"
	"context"

	"vigie/scanner"
)

var jsonFormat = scanner.Format{
	Name: "json",
	Doc: `JSON: documents, lines, sequences

Objects that repeat are rows: the elements of an array, the lines of NDJSON, the
records of a JSON text sequence, the values of an object with more than 50
objects or arrays, whose keys are then a column. A column is titled by its path
(adresse.rue). Arrays of scalars are one cell, arrays of objects a table named by
their path, and arrays in an array its rows. What such objects in a row say in words
(prestations.type) is also a cell of the row: those that they are about stand there. What bulk files of Elasticsearch say
of each document is the table "bulk". Objects that appear once are read as running text, "path: value", and
so is what is no JSON.`,
	Match: func(_ string, head []byte) bool { return isJSON(headText(head)) },
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		j := jsonReader{ctx: ctx, yield: yield}
		return j.read(decode(c.Stream()), slabSize)
	},
}

const (
	jsonDepth  = 1000     // objects and arrays in one another, at most
	jsonTables = 256      // tables of a document; rows of others are running text
	jsonPaths  = 1 << 15  // paths of all tables that are remembered
	jsonNames  = 8 << 20  // bytes of their names
	jsonRows   = 8 << 20  // bytes of rows gathered in all tables
	jsonKey    = 1 << 10  // bytes of a key; what is longer is data
	jsonKeyed  = 50       // values that are no scalars: more make keys a column
	jsonLooks  = 32 << 20 // bytes in which keys are counted, below the first object
	jsonEmpty  = 16 << 20 // cells without a value that a document may have in any case
	jsonFirst  = 100      // rows that the first block of a table has if it can
	jsonBlock  = 1 << 20  // bytes of rows that are handed over in any case
	jsonRune   = len(`\uD83D\uDE00`)
)

// A jsonReader turns JSON into rows as it comes. It keeps a stack of what is
// open, the paths it has met, and the rows that are not handed over yet.
type jsonReader struct {
	ctx   context.Context
	yield func(*scanner.Block) error
	in    slab
	stop  error // what ended the reading early

	stack []jsonFrame
	begun bool // a value was opened
	lines bool // several values stand one behind the other
	top   *jsonNode
	bulk  *jsonNode // what bulk files say of the next line

	tables []*jsonTable
	names  map[string]bool // of tables
	held   int             // bytes of rows that they have gathered
	empty  int64           // cells without a value in rows
	paths  int             // remembered
	kept   int             // bytes of their names
	looks  int             // bytes in which keys were counted

	key  []byte // the key at hand
	unix bool   // the value at hand is a date in milliseconds, if it is a number

	of      *jsonTable // whose cell that is
	to      *[]byte    // where the value at hand goes; nil: running text
	other   []byte     // running text to be handed over
	otherAt int64
	line    *jsonNode // whose values the last line of other has
	open    bool      // that line has no end
}

// A jsonFrame is an object or an array that is open.
type jsonFrame struct {
	array bool
	ends  bool       // a row ends with it
	at    *jsonNode  // its path; nil when it is not remembered
	row   *jsonTable // whose row its scalars are cells of; nil: running text
	keyed *jsonTable // whose rows its values are; nil for most
	grid  bool       // an array in an array: its scalars are cells of a row
	cells int        // values of a grid's row so far
}

func (j *jsonReader) read(src *decoder, size int) error {
	j.in.open(src, size)
	defer j.in.close()
	j.names, j.top = make(map[string]bool), &jsonNode{root: true}
	j.bulk = &jsonNode{name: "bulk", up: j.top}
	j.in.more(size)
	whole := true
	for whole && j.stop == nil {
		c := j.space()
		if c < 0 {
			break
		}
		switch {
		case j.step(c):
		case j.lines:
			j.unwind()
			j.badLine()
		default:
			whole = false
		}
	}
	j.unwind()
	for _, t := range j.tables {
		j.flush(t)
	}
	j.endLine()
	j.flushOther(true)
	if j.stop != nil {
		return j.stop
	}
	if !whole {
		return j.in.asText(j.ctx, j.yield, "JSON that ends in something else")
	}
	return fault(j.in.err)
}

// step reads what begins with c: a value, a key and its value, or the end of
// what is open. It reports false where that is no JSON.
func (j *jsonReader) step(c int) bool {
	if len(j.stack) == 0 {
		switch c {
		case 0x1E, ',':
			j.in.drop(1)
			return true
		case '{', '[':
			return j.first(byte(c))
		}
		return false
	}
	f := &j.stack[len(j.stack)-1]
	switch {
	case c == ',':
		j.in.drop(1)
		return true
	case f.array && c == ']', !f.array && c == '}':
		j.in.drop(1)
		j.close()
		return true
	case f.grid && c != '{':
		return j.value(c, j.place(f))
	case f.array:
		return j.value(c, f.at)
	case c != '"':
		return false
	}
	n := j.member(f)
	if j.space() != ':' {
		return false
	}
	j.in.drop(1)
	if c = j.space(); f.keyed == nil {
		return j.value(c, n)
	}
	return j.keyedValue(c, f.keyed)
}

// first opens a value that stands in no other.
func (j *jsonReader) first(c byte) bool {
	var keys jsonKeys
	switch {
	case j.begun:
		j.lines = true
	case c == '{':
		keys = j.look()
		j.lines = keys.follows
	}
	j.begun = true
	if c == '[' {
		return j.push(jsonFrame{array: true, at: j.top})
	}
	switch {
	case j.lines && j.isBulk():
		return j.push(j.rowOf(j.bulk))
	case j.lines:
		return j.push(j.rowOf(j.top))
	}
	f := jsonFrame{at: j.top}
	if keys.inner > jsonKeyed {
		f.keyed = j.table(j.top)
	}
	return j.push(f)
}

// value reads a value whose path is n.
func (j *jsonReader) value(c int, n *jsonNode) bool {
	f := &j.stack[len(j.stack)-1]
	switch {
	case c == '{' && f.array:
		return j.push(j.rowOf(f.at))
	case c == '{':
		next := jsonFrame{at: n, row: f.row}
		if next.row == nil && n != nil && j.looks < jsonLooks {
			if j.look().inner > jsonKeyed {
				next.keyed = j.table(n)
			}
		}
		return j.push(next)
	case c == '[':
		return j.push(jsonFrame{array: true, at: n, row: f.row, grid: f.array && f.row == nil && n != nil})
	}
	return j.scalar(c, f.row, n)
}

// keyedValue reads a value of an object whose keys are a column of t.
func (j *jsonReader) keyedValue(c int, t *jsonTable) bool {
	f := jsonFrame{at: t.root, row: t, ends: true}
	j.begin(t, t.key)
	j.put(j.key)
	j.end()
	ok := false
	switch c {
	case '[':
		f.array, f.at = true, t.value
		fallthrough
	case '{':
		if j.push(f) {
			return true
		}
	default:
		ok = j.scalar(c, t, t.value)
	}
	j.endRow(t)
	return ok
}

// rowOf returns the frame of an object that is a row of the table at n.
func (j *jsonReader) rowOf(n *jsonNode) jsonFrame {
	t := j.table(n)
	if t == nil {
		return jsonFrame{}
	}
	return jsonFrame{at: t.root, row: t, ends: true}
}

func (j *jsonReader) push(f jsonFrame) bool {
	if len(j.stack) == jsonDepth {
		return false
	}
	j.in.drop(1)
	j.stack = append(j.stack, f)
	return true
}

// close closes what was opened last.
func (j *jsonReader) close() {
	f := j.stack[len(j.stack)-1]
	j.stack = j.stack[:len(j.stack)-1]
	if f.ends {
		if n := len(j.stack); n > 0 && !f.array && f.keyed == nil {
			j.lend(f.row, &j.stack[n-1])
		}
		j.endRow(f.row)
	} else if f.array && f.row == nil {
		j.endLine()
	}
}

// unwind closes all that is open.
func (j *jsonReader) unwind() {
	for len(j.stack) > 0 {
		j.close()
	}
}

// badLine hands over a line as running text.
func (j *jsonReader) badLine() {
	j.endLine()
	for j.stop == nil && j.need(1) {
		text := j.in.text()
		n := bytes.IndexByte(text, '\n') + 1
		if n > 0 {
			j.aside(text[:n])
			j.in.drop(n)
			return
		}
		j.aside(text)
		j.in.drop(len(text))
	}
}

// need sees to it that n bytes are in memory, or all there are; it reports
// false at the end.
func (j *jsonReader) need(n int) bool {
	if j.in.hi-j.in.lo < n && !j.in.done {
		j.in.more(j.in.size)
		if j.stop == nil {
			j.stop = j.ctx.Err()
		}
	}
	return j.in.hi > j.in.lo
}

// peek returns the next byte, -1 at the end.
func (j *jsonReader) peek() int {
	if j.in.lo == j.in.hi && (j.stop != nil || !j.need(1)) {
		return -1
	}
	return int(j.in.buf[j.in.lo])
}

// space passes white space and returns the byte behind it, -1 at the end.
func (j *jsonReader) space() int {
	for {
		c := j.peek()
		if c < 0 || c > ' ' || c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			return c
		}
		j.in.drop(1)
	}
}
