package format

import "encoding/binary"

// A parquetSpan is where a text is in others.
type parquetSpan struct{ from, to uint32 }

// A parquetDictionary is the values that pages refer to.
type parquetDictionary struct {
	spans []parquetSpan
	from  []byte // room or text
	room  []byte // the page
	text  []byte // of values whose bytes are not their text
}

// parquetValues are the values of a page that are still to come.
type parquetValues struct {
	left   int         // values, or none in their place
	reps   parquetRuns // where a row begins
	defs   parquetRuns // where nothing is in the place of a value
	coding int
	b      []byte
	at     int         // of b
	runs   parquetRuns // indexes, booleans
	delta  parquetDelta
	prefix parquetDelta
	before []byte // the value before, of which the next has the beginning
	count  int    // values in a page of codingSplit
}

var parquetTruth = []byte("falsetrue")

// begin makes the decoder of the values ready; false: they are damaged, and none of
// them will come.
func (v *parquetValues) begin(c *parquetColumn) bool {
	ok := true
	switch v.coding {
	case codingPlain:
		if c.node.kind == parquetBool {
			v.runs = parquetRuns{b: v.b, width: 1, packed: true, left: 8 * len(v.b)}
		}
		return true
	case codingDictionary, codingIndexes:
		v.coding = codingIndexes
		if ok = len(v.b) > 0 && v.b[0] <= 32; ok {
			v.runs = openRuns(v.b[1:], uint(v.b[0]))
		}
	case codingRuns:
		if ok = c.node.kind == parquetBool && len(v.b) >= 4; ok {
			v.runs = openRuns(v.b[4:], 1)
		}
	case codingDelta:
		ok = (c.node.kind == parquetInt32 || c.node.kind == parquetInt64) && v.delta.open(v.b)
	case codingLengths:
		if ok = c.bytes() && v.delta.open(v.b); ok {
			v.b, ok = v.delta.behind()
		}
	case codingPrefixes:
		ok = c.bytes() && v.prefix.open(v.b)
		if ok {
			v.b, ok = v.prefix.behind()
		}
		if ok = ok && v.delta.open(v.b); ok {
			v.b, ok = v.delta.behind()
		}
		v.before = v.before[:0]
	case codingSplit:
		if ok = c.width > 0 && len(v.b)%max(c.width, 1) == 0; ok {
			v.count = len(v.b) / c.width
		}
	default:
		ok = false
	}
	if !ok {
		v.coding = -1
	}
	return ok
}

// values decodes values into dst, and returns how many there were and what the
// spans are of: nil for c.text, to which it appended them.
func (p *parquetReader) values(c *parquetColumn, v *parquetValues, dst []parquetSpan) (n int, from []byte) {
	switch v.coding {
	case codingPlain:
		switch {
		case c.node.kind == parquetBool:
			return p.truths(v, dst), parquetTruth
		case c.write != nil && c.width > 0:
			return v.numbers(c, dst), nil
		default:
			n = v.raw(c, dst)
		}
	case codingRuns:
		return p.truths(v, dst), parquetTruth
	case codingIndexes:
		return p.indexed(c, v, dst)
	case codingDelta:
		n = v.delta.next(p.longs[:len(dst)])
		for i, x := range p.longs[:n] {
			if c.width == 4 {
				x = int64(int32(x))
			}
			at := len(c.text)
			c.text = c.integer(c.text, x)
			dst[i] = parquetSpan{uint32(at), uint32(len(c.text))}
		}
		return n, nil
	case codingLengths:
		n = p.apart(v, dst)
	case codingPrefixes:
		return p.prefixed(c, v, dst), nil
	case codingSplit:
		return p.gathered(c, v, dst), nil
	}
	if c.write == nil {
		return n, p.clean(c, v.b, dst[:n], 4*p.room)
	}
	for i, s := range dst[:n] {
		at := len(c.text)
		c.text = c.write(c.text, v.b[s.from:s.to])
		dst[i] = parquetSpan{uint32(at), uint32(len(c.text))}
	}
	return n, nil
}

// truths decodes booleans.
func (p *parquetReader) truths(v *parquetValues, dst []parquetSpan) int {
	n := v.runs.next(p.words[:len(dst)])
	for i, w := range p.words[:n] {
		dst[i] = parquetSpan{5 * (w & 1), 5 + 4*(w&1)}
	}
	return n
}

// numbers decodes plain values of a fixed width.
func (v *parquetValues) numbers(c *parquetColumn, dst []parquetSpan) int {
	n := min(len(dst), (len(v.b)-v.at)/c.width)
	b, text := v.b[v.at:], c.text
	for i := range dst[:n] {
		at := len(text)
		text = c.write(text, b[i*c.width:(i+1)*c.width])
		dst[i] = parquetSpan{uint32(at), uint32(len(text))}
	}
	v.at += n * c.width
	c.text = text
	return n
}

// raw finds plain values whose bytes lie in the page: of a fixed width, or behind
// their lengths.
func (v *parquetValues) raw(c *parquetColumn, dst []parquetSpan) int {
	if c.node.kind == parquetBytes {
		return v.lengthed(dst)
	}
	width := c.width
	if width <= 0 {
		return 0
	}
	n := min(len(dst), (len(v.b)-v.at)/width)
	for i := range dst[:n] {
		dst[i] = parquetSpan{uint32(v.at), uint32(v.at + width)}
		v.at += width
	}
	return n
}

// lengthed finds plain values that stand behind their lengths.
func (v *parquetValues) lengthed(dst []parquetSpan) int {
	b, at := v.b, v.at
	for i := range dst {
		if at+4 > len(b) {
			return i
		}
		n := int(binary.LittleEndian.Uint32(b[at:]))
		if n > len(b)-at-4 {
			v.b = b[:v.at]
			return i
		}
		at += 4
		dst[i] = parquetSpan{uint32(at), uint32(at + n)}
		at += n
		v.at = at
	}
	return len(dst)
}

// apart finds values whose lengths stand before them all.
func (p *parquetReader) apart(v *parquetValues, dst []parquetSpan) int {
	n := v.delta.next(p.longs[:len(dst)])
	for i, size := range p.longs[:n] {
		if size < 0 || size > int64(len(v.b)-v.at) {
			return i
		}
		dst[i] = parquetSpan{uint32(v.at), uint32(v.at + int(size))}
		v.at += int(size)
	}
	return n
}

// prefixed makes values of the beginning of the one before and what is new.
func (p *parquetReader) prefixed(c *parquetColumn, v *parquetValues, dst []parquetSpan) int {
	n := p.apart(v, dst)
	n = v.prefix.next(p.longs[:n])
	begun := len(c.text)
	for i, same := range p.longs[:n] {
		if same < 0 || same > int64(len(v.before)) {
			return i
		}
		v.before = append(v.before[:same], v.b[dst[i].from:dst[i].to]...)
		at := len(c.text)
		switch {
		case c.write != nil:
			c.text = c.write(c.text, v.before)
		case at-begun > 4*p.room:
			p.besides(v.before)
		default:
			c.text = append(c.text, p.kept(v.before)...)
		}
		dst[i] = parquetSpan{uint32(at), uint32(len(c.text))}
	}
	if c.write == nil {
		p.clean(c, nil, dst[:n], 4*p.room)
	}
	return n
}

// gathered makes values whose first bytes stand together, and then their second
// ones.
func (p *parquetReader) gathered(c *parquetColumn, v *parquetValues, dst []parquetSpan) int {
	n := min(len(dst), v.count-v.at)
	p.value = roomFor(p.value, c.width)
	for i := range dst[:n] {
		for j := range p.value {
			p.value[j] = v.b[j*v.count+v.at]
		}
		v.at++
		at := len(c.text)
		if c.write != nil {
			c.text = c.write(c.text, p.value)
		} else {
			c.text = append(c.text, p.kept(p.value)...)
		}
		dst[i] = parquetSpan{uint32(at), uint32(len(c.text))}
	}
	if c.write == nil {
		p.clean(c, nil, dst[:n], 4*p.room)
	}
	return n
}

// indexed finds values in the dictionary.
func (p *parquetReader) indexed(c *parquetColumn, v *parquetValues, dst []parquetSpan) (int, []byte) {
	n := v.runs.next(p.words[:len(dst)])
	if c.words == nil {
		return 0, nil
	}
	spans := c.words.spans
	for i, w := range p.words[:n] {
		if uint(w) < uint(len(spans)) {
			dst[i] = spans[w]
			continue
		}
		dst[i] = parquetSpan{}
		p.note(c, malformed("value that is not in the dictionary"))
	}
	return n, c.words.from
}
