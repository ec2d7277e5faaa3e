package format

import (
	"bytes"
	"context"

	"vigie/scanner"
)

var xmlFormat = scanner.Format{
	Name: "xml",
	Doc: `XML: exports, exchanges, documents of offices

Elements that repeat and hold others or attributes are rows. A column is titled
by the path below the row (adresse/rue, @id), without namespace prefixes, or by
the attribute that names it (<field name="nir">); what repeats in a row is
joined. Other text and attributes are read as running text, "name: value".
Documents of Word, Excel and OpenDocument are read as text, a line a paragraph
or row. Comments and what a document declares in itself are text; instructions
are not read, and entities are not expanded.`,
	Match: func(_ string, head []byte) bool { return isXML(headText(head)) },
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		x := xmlReader{ctx: ctx, yield: yield}
		return x.read(decode(c.Stream()), slabSize)
	},
}

const (
	xmlDepth   = 1000     // elements in one another, at most
	xmlColumns = 2048     // of a table; what lies in others is running text
	xmlCell    = 64 << 10 // bytes of a cell; the rest is running text
	xmlRow     = 1 << 20  // bytes of a row; the rest is running text
	xmlValues  = 1 << 16  // values of a row
	xmlPaths   = 1 << 15  // paths that are remembered
	xmlNames   = 8 << 20  // bytes of their names
	xmlMarkup  = 1 << 20  // bytes of a tag or comment
	xmlEntity  = 32       // bytes from & to ;
)

// An xmlReader turns XML into rows as it comes. It keeps a stack of the elements
// that are open, the paths it has met, and the row and the text that are not
// handed over yet.
type xmlReader struct {
	ctx   context.Context
	yield func(*scanner.Block) error
	in    slab
	stop  error // what ended the reading early

	top   *xmlNode
	paths int // remembered
	names int // bytes of their names
	stack []*xmlNode
	rowAt *xmlNode // whose elements are rows; nil: there is no table
	depth int      // of the stack when the row at hand began; 0: none
	cdata bool

	value []byte // text that is not at its end
	tail  bool   // the beginning of it was handed over

	row    []byte // the cells of the row at hand, as they came
	cells  []xmlCellAt
	titles []string
	table  []byte // rows to be handed over
	rows   int
	at     int64

	other   []byte // running text to be handed over
	otherAt int64

	office bool // all is running text
	inRow  int  // rows of a table in an office document that are open
}

func (x *xmlReader) read(src *decoder, size int) error {
	x.in.open(src, size)
	defer x.in.close()
	x.in.more(size)
	x.top = &xmlNode{}
	x.stack = append(x.stack, x.top)
	head := x.in.text()
	if x.office = isOffice(head); !x.office {
		x.look(head)
	}
	whole := true
	for whole && x.stop == nil && x.need() {
		whole = x.step()
	}
	x.closeTo(1)
	x.endValue()
	x.flush()
	x.flushOther(true)
	if x.stop != nil {
		return x.stop
	}
	if !whole {
		return x.in.asText(x.ctx, x.yield, "XML that ends in something else")
	}
	return fault(x.in.err)
}

// need sees to it that there is something in memory; it reports false at the end.
func (x *xmlReader) need() bool {
	if x.in.lo == x.in.hi && !x.in.done {
		x.in.more(x.in.size)
		x.stop = x.ctx.Err()
	}
	return x.stop == nil && x.in.lo < x.in.hi
}

// step reads text or a tag. It reports false where the document is broken: where
// a comment or the like has no end, or elements lie too deep.
func (x *xmlReader) step() bool {
	b := x.in.text()
	if x.cdata {
		x.raw(b)
		return true
	}
	if b[0] != '<' {
		x.plain(b)
		return true
	}
	tag := xmlMark(b)
	switch {
	case tag.n == 0 && x.in.more(xmlMarkup):
		x.stop = x.ctx.Err()
		return true
	case tag.n == 0 && tag.kind == xmlOther:
		return false
	case tag.n == 0, tag.kind == xmlBad:
		x.put([]byte{'<'}, false)
		x.in.drop(1)
		return true
	}
	switch tag.kind {
	case xmlOther:
		body, comment := bytes.CutPrefix(b[:tag.n], []byte("<!--"))
		if comment || body[1] == '!' && bytes.ContainsAny(body[2:], "[<") { // what is commented out, declared, or in a quote without end is there all the same
			x.other = append(append(x.other, bytes.TrimSuffix(body, []byte("-->"))...), '\n')
		}
	case xmlCDATA:
		x.cdata = true
	case xmlOpen:
		if len(x.stack) > xmlDepth {
			return false
		}
		x.endValue()
		if len(x.stack) == x.depth && string(tag.name) == x.rowAt.name {
			x.close() // a row right in a row: the end of the first is missing
		}
		x.open(tag)
		if tag.empty {
			x.close()
		}
	case xmlClose:
		x.endValue()
		x.closeNamed(tag.name)
	}
	x.in.drop(tag.n)
	if len(x.table) >= slabSize {
		x.flush()
	}
	if len(x.other) >= slabSize {
		x.flushOther(false)
	}
	return true
}

// plain reads text up to the next tag. An entity whose end is not in memory
// waits.
func (x *xmlReader) plain(b []byte) {
	n := bytes.IndexByte(b, '<')
	if n < 0 {
		n = len(b)
		if i := bytes.LastIndexByte(b, '&'); i >= 0 && n-i < xmlEntity && !x.in.done && bytes.IndexByte(b[i:], ';') < 0 {
			if i == 0 && x.in.more(x.in.size) {
				return
			}
			if i > 0 {
				n = i
			}
		}
	}
	x.put(b[:n], true)
	x.in.drop(n)
}

// raw reads on in a CDATA section.
func (x *xmlReader) raw(b []byte) {
	n, end := bytes.Index(b, []byte("]]>")), 3
	if n < 0 {
		if n, end = len(b)-2, 0; x.in.done || n <= 0 {
			if !x.in.done && x.in.more(x.in.size) {
				return
			}
			n = len(b)
		}
	}
	x.cdata = end == 0
	x.put(b[:n], false)
	x.in.drop(n + end)
}

// open enters an element.
func (x *xmlReader) open(tag xmlTag) {
	n := x.child(x.stack[len(x.stack)-1], tag.name, xmlOfElement)
	if n != nil && n.keyed {
		n = x.keyed(n, tag.attrs)
	}
	x.stack = append(x.stack, n)
	if x.office {
		x.openOffice(tag)
		return
	}
	if n == nil {
		x.line("", tag.name)
	}
	if n != nil && n == x.rowAt && x.depth == 0 {
		x.depth = len(x.stack)
	}
	for attrs := tag.attrs; len(attrs) > 0; {
		var name, value []byte
		name, value, attrs = xmlAttr(attrs)
		if len(name) == 0 || isXMLNS(name) || n != nil && n.kind == xmlOfKey && isKeyAttr(xmlLocal(name)) {
			continue
		}
		x.stack = append(x.stack, x.child(n, xmlLocal(name), xmlOfAttr))
		x.put(value, true)
		x.endValue()
		x.stack = x.stack[:len(x.stack)-1]
	}
}

// close leaves the element that was entered last.
func (x *xmlReader) close() {
	x.endValue()
	if x.office {
		x.closeOffice(x.stack[len(x.stack)-1])
	}
	if len(x.stack) == x.depth {
		x.endRow()
		x.depth = 0
	}
	x.stack = x.stack[:len(x.stack)-1]
}

// closeNamed leaves the innermost element of that name, and all in it. An end of
// what was never begun is passed over, unless it is a row's: then what its
// damaged beginning opened ends.
func (x *xmlReader) closeNamed(name []byte) {
	for i := len(x.stack) - 1; i > 0; i-- {
		if n := x.stack[i].element(); n == nil || n.name == string(name) {
			x.closeTo(i)
			return
		}
	}
	if x.rowAt == nil || x.rowAt.name != string(name) {
		return
	}
	for i := len(x.stack) - 1; i > 0; i-- {
		if x.stack[i] == x.rowAt.parent {
			x.closeTo(i + 1)
			return
		}
	}
}

// closeTo leaves elements until n are open.
func (x *xmlReader) closeTo(n int) {
	for len(x.stack) > n {
		x.close()
	}
}
