package format

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"vigie/scanner"
)

var rtfFormat = scanner.Format{
	Name: "rtf",
	Doc: `RTF documents (Rich Text Format 1.9.1)

Paragraphs are lines of running text; what was written in several runs comes
together. Headers, footers, notes, comments, text boxes, results of fields, hidden
and deleted text and properties (title, author) are lines too. Tables are read as
those of DOCX are; one in another is lines of its cell. Bytes are in the code page of
their font; those of Japanese, Chinese and Korean fonts are not decoded. Embedded
objects are members. Pictures are not read.`,
	Match: func(_ string, head []byte) bool {
		return bytes.HasPrefix(bytes.TrimLeft(head, "\ufeff \r\n\t"), []byte(`{\rtf`))
	},
	Unpack: unpackRTF,
	Read:   readRTF,
}

const (
	rtfGroups = 10_000  // in one another
	rtfFonts  = 1 << 16 // of a document
)

// A rtfGroup is what holds until its } comes.
type rtfGroup struct {
	page  *charmap.Charmap
	dest  uint8
	star  bool // a destination that may be passed over follows
	begun bool // something stands before what follows
	aside bool // it began a note
	skips int  // characters that stand for a \u
}

// What is done with the text of a group.
const (
	rtfText = iota
	rtfSkip
	rtfFont  // the table of fonts
	rtfField // the instruction of a field
)

// An rtfReader reads a document as it comes. Memory: a folio and a stack of groups.
type rtfReader struct {
	ctx   context.Context
	in    *bufio.Reader
	n     int64 // bytes read
	f     *folio
	group rtfGroup
	stack []rtfGroup

	page  *charmap.Charmap // of the document
	fonts map[int]*charmap.Charmap
	font  int    // at hand in the table of fonts
	field []byte // the instruction of a field
	skip  int    // characters to be passed over
	high  rune   // first half of a surrogate pair
	table bool   // a table is open
	row   bool   // and a row
}

func readRTF(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
	at, size, broken, closing, err := salvage(ctx, c)
	if err != nil {
		return err
	}
	defer closing()
	if err := readRich(ctx, io.NewSectionReader(at, 0, size), 0, yield); broken == nil || !isProblem(err) {
		return err
	}
	return broken
}

// readRich reads a document whose tables are numbered behind so many.
func readRich(ctx context.Context, in io.Reader, tables int, yield func(*scanner.Block) error) error {
	r := &rtfReader{ctx: ctx, in: bufio.NewReaderSize(in, 64<<10), page: charmap.Windows1252, fonts: make(map[int]*charmap.Charmap)}
	r.group = rtfGroup{page: r.page, skips: 1}
	r.f = openFolio(ctx, yield, func() int64 { return r.n })
	r.f.count = tables
	err := r.read()
	if stop := r.f.finish(); stop != nil {
		return stop
	}
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return fault(err)
	case len(r.stack) > 0:
		return truncated("ends in the middle")
	}
	return nil
}

func (r *rtfReader) next() (byte, error) {
	c, err := r.in.ReadByte()
	if err == nil {
		r.n++
	}
	return c, err
}

func (r *rtfReader) read() error {
	for r.f.sheet.stop == nil {
		c, err := r.next()
		if err != nil {
			return err
		}
		if r.n&0xffff == 0 {
			if err := r.ctx.Err(); err != nil {
				return err
			}
		}
		switch c {
		case '{':
			if len(r.stack) == rtfGroups {
				return &scanner.Problem{Reason: scanner.TooDeep, Detail: "more groups in one another than the limit"}
			}
			r.group.begun = true
			r.stack = append(r.stack, r.group)
			r.group.star, r.group.aside, r.group.begun = false, false, false
		case '}':
			r.pop()
		case '\\':
			if err := r.control(); err != nil {
				return err
			}
		case '\r', '\n', 0:
		default:
			r.char(c)
		}
	}
	return nil
}

func (r *rtfReader) pop() {
	if r.group.aside {
		r.f.pop()
	}
	if r.group.dest == rtfField && (len(r.stack) == 0 || r.stack[len(r.stack)-1].dest != rtfField) {
		if bytes.Contains(r.field, []byte("HYPERLINK")) || bytes.IndexByte(r.field, '@') > 0 {
			r.f.note(r.field)
		}
		r.field = r.field[:0]
	}
	if n := len(r.stack); n > 0 {
		r.group, r.stack = r.stack[n-1], r.stack[:n-1]
	}
	r.skip = 0
	r.f.check()
}

// char adds a byte of text.
func (r *rtfReader) char(c byte) {
	if r.skip > 0 {
		r.skip--
		return
	}
	if c < utf8.RuneSelf {
		r.put(rune(c))
	} else {
		r.put(r.group.page.DecodeByte(c))
	}
}

// put adds a character to where the group's text belongs.
func (r *rtfReader) put(v rune) {
	switch r.group.dest {
	case rtfText:
		if r.table && !r.row && r.f.aside == 0 {
			r.f.endTable()
			r.table = false
		}
		to := r.f.here()
		*to = utf8.AppendRune(*to, v)
		if len(*to) > slabSize {
			r.f.check()
		}
	case rtfField:
		if len(r.field) < xmlCell {
			r.field = utf8.AppendRune(r.field, v)
		}
	}
}

// control reads a control word or symbol.
func (r *rtfReader) control() error {
	c, err := r.next()
	if err != nil {
		return err
	}
	switch {
	case c == '\'':
		var b [2]byte
		for i := range b {
			if b[i], err = r.next(); err != nil {
				return err
			}
		}
		r.char(hexValue(b[0])<<4 | hexValue(b[1]))
		return nil
	case c == '*':
		r.group.star = !r.group.begun // old writers have it before a style in mid text
		return nil
	}
	r.group.begun = true
	switch {
	case !isLower(c) && !isUpper(c):
		r.symbol(c)
		return nil
	}
	var room [32]byte
	word := room[:0]
	for ; isLower(c) || isUpper(c); c, err = r.next() {
		if err != nil {
			break
		}
		if len(word) < len(room) {
			word = append(word, c)
		}
	}
	minus, number, given := false, 0, false
	if err == nil && c == '-' {
		minus = true
		c, err = r.next()
	}
	for ; err == nil && isDigit(c); c, err = r.next() {
		number, given = min(number*10+int(c-'0'), 1<<31), true
	}
	if err == nil && c != ' ' {
		r.in.UnreadByte()
		r.n--
	}
	if minus {
		number = -number
	}
	return r.word(string(word), number, given)
}

func hexValue(c byte) byte {
	switch {
	case isDigit(c):
		return c - '0'
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 0
}

// symbol takes a control symbol.
func (r *rtfReader) symbol(c byte) {
	switch c {
	case '\\', '{', '}':
		r.char(c)
	case '~':
		r.put('\u00a0')
	case '_':
		r.put('-')
	case '\r', '\n':
		r.par()
	case '\t':
		r.put('\t')
	}
}

// par ends a paragraph.
func (r *rtfReader) par() {
	if r.group.dest != rtfText {
		return
	}
	if r.table && !r.row && r.f.aside == 0 {
		r.f.endTable()
		r.table = false
	}
	r.f.endLine()
}

// unit takes a character of UTF-16.
func (r *rtfReader) unit(n int) {
	v := rune(uint16(n))
	switch {
	case utf16.IsSurrogate(v) && r.high == 0:
		r.high = v
	case r.high != 0:
		r.put(utf16.DecodeRune(r.high, v))
		r.high = 0
	default:
		r.put(v)
	}
	r.skip = r.group.skips
}
