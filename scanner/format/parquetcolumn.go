package format

import (
	"encoding/binary"
	"unicode/utf8"
)

// A parquetColumn gives out the cells of a column. It holds a page and a dictionary,
// or, where there is no room for those of all columns (tight), only the text of its
// next cells, and reads the page again for more.
type parquetColumn struct {
	node    *parquetNode
	title   string
	def     int // level of a value that is there
	rep     int // greatest level of repetition
	width   int // of a value in bytes; 0: behind its length
	integer func(dst []byte, v int64) []byte
	write   func(dst, b []byte) []byte // nil: the bytes are the text

	part     parquetPart
	end      int64 // behind the pages, as the directory says
	pos      int64 // of the next page
	seen     int64 // values of the pages before
	done     bool
	lost     bool // where a row begins: no more of this row group
	spoilt   bool // has been reported
	window   []byte
	windowAt int64

	page       parquetValues
	pageAt     int64 // its place
	taken      int   // of its values
	loaded     bool
	again      bool  // it is read once more
	missing    int64 // empty cells to come instead of a page's
	room       []byte
	dictionary parquetDictionary
	words      *parquetDictionary // of the row group
	wordsAt    int64              // the page of it
	weight     int                // bytes of the page and the dictionary
	tight      bool
	stride     int // values decoded at a time

	cells []parquetSpan // to come, from next on
	next  int
	src   []byte // what the cells lie in
	text  []byte // of values whose bytes are not their text
	open  bool   // text from start on is a cell that has not ended
	start int
	rows  int64 // of the row group so far
}

func newParquetColumn(n *parquetNode, title string, def, rep int) *parquetColumn {
	n.modern()
	c := &parquetColumn{node: n, title: title, def: def, rep: rep, integer: n.integers()}
	switch n.kind {
	case parquetInt32, parquetFloat:
		c.width = 4
	case parquetInt64, parquetDouble:
		c.width = 8
	case parquetInt96:
		c.width = 12
	case parquetFixed:
		c.width = max(n.width, 0)
	}
	if c.write = n.writer(); c.width == 0 && n.kind == parquetFixed {
		c.write = nil
	}
	return c
}

// bytes reports whether the values are bytes.
func (c *parquetColumn) bytes() bool {
	return c.node.kind == parquetBytes || c.node.kind == parquetFixed
}

// begin goes to a row group.
func (c *parquetColumn) begin(part parquetPart) {
	c.part, c.pos, c.end = part, part.at, part.at+part.size
	c.seen, c.page.left, c.missing, c.taken, c.rows = 0, 0, 0, 0, 0
	c.done, c.lost, c.open = false, false, false
	c.words, c.wordsAt = nil, -1
	c.cells, c.next, c.text = c.cells[:0], 0, c.text[:0]
}

// fill decodes the next cells, one at least, except at the end of a row group.
func (p *parquetReader) fill(c *parquetColumn) error {
	n := 0
	if c.open {
		n = copy(c.text, c.text[c.start:])
	}
	c.text, c.start = c.text[:n], 0
	c.cells, c.next, c.src = c.cells[:0], 0, nil
	defer func() { c.rows += int64(len(c.cells)) }()
	for len(c.cells) == 0 || c.tight && c.page.left > 0 && len(c.text) < p.room && len(c.cells) < p.room/8 {
		if c.missing > 0 {
			c.shut()
			k := int(min(c.missing, int64(p.stride)))
			c.missing -= int64(k)
			for range k {
				c.cells = append(c.cells, parquetSpan{})
			}
			return p.spend(k)
		}
		if c.lost || c.done {
			c.shut()
			return nil
		}
		p.ready(c)
		if c.page.left > 0 {
			p.step(c)
		}
		if p.stopped != nil {
			return p.stopped
		}
	}
	return nil
}

// shut ends the cell that is open.
func (c *parquetColumn) shut() {
	if c.open {
		c.cells = append(c.cells, parquetSpan{uint32(c.start), uint32(len(c.text))})
		c.open = false
	}
}

// ready sees to it that there is a page to decode, or that the column has ended.
func (p *parquetReader) ready(c *parquetColumn) {
	if c.tight && p.owner != c {
		c.words, c.loaded = nil, false
	}
	again := c.page.left > 0
	c.again = again
	if again && c.loaded {
		return
	}
	skip := c.taken
	if err := p.turn(c, again); err != nil {
		p.note(c, err)
		c.lose()
	}
	for again && skip > 0 && c.page.left > 0 && p.stopped == nil { // what was taken before
		k := min(skip, p.stride, c.page.left)
		text := len(c.text)
		p.decode(c, k)
		c.text = c.text[:text]
		skip -= k
		p.spend(k)
	}
}

// lose gives up the column for this row group.
func (c *parquetColumn) lose() {
	c.lost, c.page.left = true, 0
}

// turn goes to the next page of data, or to the one at hand again.
func (p *parquetReader) turn(c *parquetColumn, again bool) error {
	if again {
		c.pos = c.pageAt
		c.seen -= int64(c.taken + c.page.left)
	}
	if c.words == nil && c.wordsAt >= 0 {
		at := c.pos
		c.pos = c.wordsAt
		if h, err := p.pageHead(c); err == nil {
			p.dictionary(c, h, c.wordsAt)
		}
		c.pos = at
	}
	for {
		if c.seen >= c.part.values {
			c.done = true
			return nil
		}
		h, err := p.pageHead(c)
		if err != nil {
			return err
		}
		at := c.pos
		c.pos += int64(h.length + h.packed)
		switch h.kind {
		case pageDictionary:
			c.wordsAt = at
			if err := p.dictionary(c, h, at); err != nil {
				p.note(c, err)
			}
			p.weigh(c)
		case pageData, pageDataV2:
			c.seen += int64(h.values)
			c.pageAt, c.taken = at, 0
			c.stride = p.stride
			if c.rep > 0 || c.tight || h.coding == codingPrefixes {
				c.stride = min(32, p.stride)
			}
			if err := p.load(c, h, at); err != nil {
				p.note(c, err)
				p.pass(c, h)
				return nil
			}
			c.loaded = true
			return nil
		default:
			p.spend(h.length)
		}
		if p.stopped != nil {
			return p.stopped
		}
	}
}

// pass leaves the cells of a page empty that is damaged.
func (p *parquetReader) pass(c *parquetColumn, h parquetHead) {
	c.page.left = 0
	switch {
	case c.rep == 0:
		c.missing = int64(h.values)
	case h.kind == pageDataV2:
		c.missing = int64(h.rows)
	default:
		c.lose()
	}
}

// place returns where a page of some bytes goes that was in old so far, and makes
// the column tight where the pages of all columns take too much memory.
func (p *parquetReader) place(c *parquetColumn, old, shared *[]byte, size int) *[]byte {
	if more := size - cap(*old); !c.tight && more > 0 {
		if p.held += more; p.held <= p.most {
			c.weight += more
			return old
		}
		p.held -= more + c.weight
		c.weight, c.tight = 0, true
		if words := c.dictionary; c.words != nil {
			c.words = &words
		}
		c.room, c.dictionary = nil, parquetDictionary{}
	}
	if !c.tight {
		return old
	}
	p.owner = c
	return shared
}

// weigh counts what the dictionary takes beside its page.
func (p *parquetReader) weigh(c *parquetColumn) {
	if d := &c.dictionary; !c.tight {
		more := cap(c.room) + cap(d.room) + cap(d.text) + 8*cap(d.spans) - c.weight
		c.weight += more
		p.held += more
	}
}

// step decodes the next values into cells.
func (p *parquetReader) step(c *parquetColumn) {
	k := min(c.stride, c.page.left)
	before := len(c.text)
	n, from := p.decode(c, k)
	spans := p.spans[:n]
	if c.rep > 0 {
		p.rowCells(c, k, spans, from, before)
	} else {
		c.src = from
		if c.tight && from != nil {
			p.own(c, spans, from)
		}
		if n < k && c.def > 0 {
			for _, level := range p.defs[:k] {
				s := parquetSpan{}
				if int(level) == c.def && len(spans) > 0 {
					s, spans = spans[0], spans[1:]
				}
				c.cells = append(c.cells, s)
			}
		} else {
			c.cells = append(c.cells, spans...)
			for range k - n {
				c.cells = append(c.cells, parquetSpan{})
			}
		}
	}
	switch made := len(c.text) - before; {
	case made > p.room:
		c.stride = max(1, c.stride/4)
	case made < p.room/4:
		c.stride = min(p.stride, 2*c.stride)
	}
	p.spend(k + len(c.text) - before)
}

// own copies what the spans are of to the column's text.
func (p *parquetReader) own(c *parquetColumn, spans []parquetSpan, from []byte) {
	for i, s := range spans {
		at := len(c.text)
		c.text = append(c.text, p.kept(from[s.from:s.to])...)
		spans[i] = parquetSpan{uint32(at), uint32(len(c.text))}
	}
	c.src = nil
}

// decode decodes the next k values of the page, or nothing in their place: levels
// into p.reps and p.defs, and the n values that are there into p.spans.
func (p *parquetReader) decode(c *parquetColumn, k int) (n int, from []byte) {
	v := &c.page
	v.left -= k
	c.taken += k
	if c.rep > 0 && v.reps.next(p.reps[:k]) < k {
		p.note(c, malformed("levels of a page"))
		c.lose()
		return 0, nil
	}
	n = k
	if c.def > 0 {
		got := v.defs.next(p.defs[:k])
		clear(p.defs[got:k])
		if got < k {
			p.note(c, malformed("levels of a page"))
		}
		n = 0
		for _, level := range p.defs[:k] {
			if int(level) == c.def {
				n++
			}
		}
	}
	if n == 0 {
		return 0, nil
	}
	got, from := p.values(c, v, p.spans[:n])
	if got < n {
		p.note(c, malformed("page ends early"))
	}
	return got, from
}

// rowCells gathers the values of a row in a cell. Those whose bytes are not their
// text are the column's text from before on, where the cells go.
func (p *parquetReader) rowCells(c *parquetColumn, k int, spans []parquetSpan, from []byte, before int) {
	if c.lost {
		return
	}
	if from == nil {
		p.value = append(p.value[:0], c.text...)
		from, c.text = p.value, c.text[:before]
	}
	begun := len(c.text)
	for i := range k {
		if p.reps[i] == 0 {
			c.shut()
			c.open, c.start = true, len(c.text)
		}
		if int(p.defs[i]) != c.def || len(spans) == 0 {
			continue
		}
		b := from[spans[0].from:spans[0].to]
		spans = spans[1:]
		if len(b) > p.cell-(len(c.text)-c.start) || len(c.text)-begun > 4*p.room {
			p.besides(b)
			continue
		}
		if len(c.text) > c.start {
			c.text = append(c.text, "; "...)
		}
		c.text = append(c.text, b...)
	}
}

// clean makes UTF-8 without delimiters of values, and returns what they lie in then:
// nil for the text of the column. Text in another charset goes there, up to a limit.
func (p *parquetReader) clean(c *parquetColumn, from []byte, spans []parquetSpan, limit int) []byte {
	base := from
	if from == nil {
		base = c.text
	}
	odd, size := 0, 0
	p.sample = p.sample[:0]
	for _, s := range spans {
		b := base[s.from:s.to]
		size += len(b)
		if plainASCIIText(b) {
			continue
		}
		noDelimiters(b)
		if !utf8.Valid(b) && len(p.sample) < headSize && !binaryTail(b[:min(len(b), 256)]) {
			odd++
			p.sample = append(append(p.sample, b[:min(len(b), 1<<10)]...), ' ')
		}
	}
	if odd == 0 || size > limit {
		return from
	}
	set := sniffHigh(p.sample)
	if set == utf8Text {
		return from
	}
	for i, s := range spans {
		b := base[s.from:s.to]
		at := len(c.text)
		switch {
		case !utf8.Valid(b) && !binaryTail(b[:min(len(b), 256)]):
			c.text = appendCharmap(c.text, b, charmaps[set])
		case from == nil:
			continue
		default:
			c.text = append(c.text, b...)
		}
		spans[i] = parquetSpan{uint32(at), uint32(len(c.text))}
	}
	return nil
}

// plainASCIIText reports whether b is ASCII without delimiters of a ruler.
func plainASCIIText(b []byte) bool {
	const ones, highs = 0x0101010101010101, highBits
	for ; len(b) >= 8; b = b[8:] {
		w := binary.LittleEndian.Uint64(b)
		x := w | ones ^ 0x1F*ones // zero where a byte is 0x1E or 0x1F
		if (w|(x-ones)&^x)&highs != 0 {
			return false
		}
	}
	for _, v := range b {
		if v >= utf8.RuneSelf || v == 0x1E || v == 0x1F {
			return false
		}
	}
	return true
}

// kept returns as much of a value as stays in its row; the rest is running text.
func (p *parquetReader) kept(b []byte) []byte {
	if len(b) <= p.cell {
		return b
	}
	n := rawCut(b[:p.cell])
	p.besides(b[n:])
	return b[:n]
}

// besides hands over a value, or what is left of it, as running text.
func (p *parquetReader) besides(b []byte) {
	if len(b) < slabSize {
		p.aside("", b)
	} else {
		p.prose(b)
	}
	if p.stopped == nil {
		p.stopped = p.stop
	}
	p.spend(len(b))
}
