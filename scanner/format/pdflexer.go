package format

import (
	"io"
	"strconv"
)

// Values of a PDF: nil, bool, float64, pdfName, pdfString, pdfArray, pdfDict,
// pdfRef, *pdfStream; and pdfWord, which is an operator or a keyword.
type (
	pdfName   string
	pdfString string
	pdfWord   string
	pdfArray  []any
	pdfDict   map[pdfName]any
	pdfRef    struct{ num, gen int }
)

const (
	pdfNesting = 64      // arrays and dictionaries in one another
	pdfValues  = 1 << 19 // in one object
	pdfLongest = 1 << 20 // bytes of a string
)

// A pdfLexer reads values (ISO 32000-1, 7.2 and 7.3) from a stream.
type pdfLexer struct {
	src  io.Reader
	buf  []byte
	pos  int
	off  int64 // of buf[0]
	room []byte
	done bool
	err  error // what ended it; nil is a clean end

	left    int                   // values that may be read yet
	decrypt func(s string) string // nil: as they are
	word    []byte                // the token at hand
}

func newPDFLexer(src io.Reader, off int64, room int) *pdfLexer {
	return &pdfLexer{src: src, off: off, room: make([]byte, room), left: pdfValues}
}

// at returns the offset of the next byte.
func (l *pdfLexer) at() int64 { return l.off + int64(l.pos) }

// peek returns the next byte, -1 at the end.
func (l *pdfLexer) peek() int {
	if l.pos == len(l.buf) && !l.fill() {
		return -1
	}
	return int(l.buf[l.pos])
}

func (l *pdfLexer) fill() bool {
	for idle := 0; !l.done && idle < 100; idle++ {
		n, err := l.src.Read(l.room)
		if err != nil {
			l.done = true
			if err != io.EOF {
				l.err = err
			}
		}
		if n > 0 {
			l.off += int64(len(l.buf))
			l.buf, l.pos = l.room[:n], 0
			return true
		}
	}
	l.done = true
	return false
}

func pdfSpace(c int) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func pdfDelimiter(c int) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

// skip passes white space and comments.
func (l *pdfLexer) skip() int {
	for {
		c := l.peek()
		switch {
		case c == '%':
			for c >= 0 && c != '\n' && c != '\r' {
				l.pos++
				c = l.peek()
			}
		case pdfSpace(c):
			l.pos++
		default:
			return c
		}
	}
}

// value reads the next value; pdfWord("") at the end, "]" and ">>" where an array
// or a dictionary closes.
func (l *pdfLexer) value(depth int) any {
	c := l.skip()
	if l.left--; c < 0 || l.left < 0 {
		return pdfWord("")
	}
	switch c {
	case '/':
		l.pos++
		return l.name()
	case '(':
		l.pos++
		return l.sealed(l.literal())
	case '<':
		l.pos++
		if l.peek() == '<' {
			l.pos++
			return l.dict(depth + 1)
		}
		return l.sealed(l.hex())
	case '>':
		l.pos++
		if l.peek() == '>' {
			l.pos++
		}
		return pdfWord(">>")
	case '[':
		l.pos++
		items, _ := l.items(depth+1, "]")
		return pdfArray(items)
	case ']', '{', '}', ')':
		l.pos++
		return pdfWord(string(rune(c)))
	}
	return l.token()
}

func (l *pdfLexer) sealed(s string) any {
	if l.decrypt != nil {
		return pdfString(l.decrypt(s))
	}
	return pdfString(s)
}

// items reads values up to a closing word. References are put together.
func (l *pdfLexer) items(depth int, end pdfWord) (items []any, closed bool) {
	if depth > pdfNesting {
		l.left = 0
	}
	for {
		v := l.value(depth)
		w, isWord := v.(pdfWord)
		if !isWord {
			items = append(items, v)
			continue
		}
		switch w {
		case end:
			return items, true
		case "", "endobj", "endstream", "stream":
			l.left = 0
			return items, false
		case "R":
			items = pdfReference(items)
		case "null":
			items = append(items, nil)
		}
	}
}

// pdfReference makes one of the last two numbers.
func pdfReference(items []any) []any {
	n := len(items)
	if n < 2 {
		return items
	}
	num, ok := items[n-2].(float64)
	gen, ok2 := items[n-1].(float64)
	if !ok || !ok2 || num < 0 || num > 1<<31 || gen < 0 || gen > 1<<16 {
		return items
	}
	return append(items[:n-2], pdfRef{int(num), int(gen)})
}

func (l *pdfLexer) dict(depth int) any {
	items, _ := l.items(depth, ">>")
	d := make(pdfDict, len(items)/2)
	for i := 0; i+1 < len(items); i++ {
		if k, ok := items[i].(pdfName); ok {
			d[k] = items[i+1]
			i++
		}
	}
	return d
}

// token reads a number, a keyword or an operator.
func (l *pdfLexer) token() any {
	l.word = l.word[:0]
	for {
		c := l.peek()
		if c < 0 || pdfSpace(c) || pdfDelimiter(c) {
			break
		}
		l.pos++
		if len(l.word) < 128 {
			l.word = append(l.word, byte(c))
		}
	}
	if v, ok := pdfNumber(l.word); ok {
		return v
	}
	switch string(l.word) {
	case "true":
		return true
	case "false":
		return false
	case "":
		return pdfWord(" ")
	}
	return pdfWord(l.word)
}

// pdfNumber reads a number as lenient viewers do: signs that come twice, and
// what stands behind.
func pdfNumber(b []byte) (float64, bool) {
	i, sign := 0, 1.0
	for i < len(b) && (b[i] == '+' || b[i] == '-') {
		if b[i] == '-' {
			sign = -1
		}
		i++
	}
	v, scale, digits := 0.0, 0.0, 0
	for ; i < len(b); i++ {
		switch {
		case isDigit(b[i]):
			digits++
			v = v*10 + float64(b[i]-'0')
			scale *= 10
		case b[i] == '.' && scale == 0:
			scale = 1
		case b[i] == '-' && digits > 0:
			i = len(b)
		default:
			return 0, false
		}
	}
	if digits == 0 && scale == 0 || v > 1e300 || scale > 1e300 {
		return 0, false
	}
	if scale > 1 {
		v /= scale
	}
	return sign * v, true
}

func (l *pdfLexer) name() pdfName {
	l.word = l.word[:0]
	for {
		c := l.peek()
		if c < 0 || pdfSpace(c) || pdfDelimiter(c) {
			return pdfName(l.word)
		}
		l.pos++
		if c == '#' {
			if hi := unhex(l.peek()); hi >= 0 {
				l.pos++
				if lo := unhex(l.peek()); lo >= 0 {
					l.pos++
					c = hi<<4 | lo
				}
			}
		}
		if len(l.word) < 1024 {
			l.word = append(l.word, byte(c))
		}
	}
}

func unhex(c int) int {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return -1
}

func (l *pdfLexer) hex() string {
	l.word = l.word[:0]
	half := -1
	for {
		c := l.peek()
		if c < 0 {
			break
		}
		l.pos++
		if c == '>' {
			break
		}
		switch v := unhex(c); {
		case v < 0:
		case half < 0:
			half = v
		default:
			l.keep(byte(half<<4 | v))
			half = -1
		}
	}
	if half >= 0 {
		l.keep(byte(half << 4))
	}
	return string(l.word)
}

func (l *pdfLexer) keep(c byte) {
	if len(l.word) < pdfLongest {
		l.word = append(l.word, c)
	}
}

// literal reads a string in parentheses, of which the first was read.
func (l *pdfLexer) literal() string {
	l.word = l.word[:0]
	open := 1
	for {
		c := l.peek()
		if c < 0 {
			return string(l.word)
		}
		l.pos++
		switch c {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				return string(l.word)
			}
		case '\\':
			if c = l.escape(); c < 0 {
				continue
			}
		case '\r':
			if l.peek() == '\n' {
				l.pos++
			}
			c = '\n'
		}
		l.keep(byte(c))
	}
}

// escape reads what follows a backslash; -1 where it stands for nothing.
func (l *pdfLexer) escape() int {
	c := l.peek()
	if c < 0 {
		return -1
	}
	l.pos++
	switch c {
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case '\r':
		if l.peek() == '\n' {
			l.pos++
		}
		return -1
	case '\n':
		return -1
	}
	if c < '0' || c > '7' {
		return c
	}
	v := c - '0'
	for range 2 {
		if c = l.peek(); c < '0' || c > '7' {
			break
		}
		l.pos++
		v = v<<3 | (c - '0')
	}
	return v & 0xff
}

// number reads a float as an int within bounds; ok is false outside.
func pdfInt(v any, most int) (int, bool) {
	f, ok := v.(float64)
	if !ok || f != f || f < 0 || f > float64(most) {
		return 0, false
	}
	return int(f), true
}

func (r pdfRef) String() string { return strconv.Itoa(r.num) }
