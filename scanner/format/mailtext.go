package format

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"

	"vigie/scanner"
)

const (
	mailSaid = 64 << 10 // bytes of letters and digits of a text that are remembered
	mailHear = 64 << 20 // bytes that are searched for what was said
)

// A mailText reads the bodies of a message, one after the other. What it says as text
// and again as HTML is handed over once, so that people count once.
type mailText struct {
	ctx   context.Context
	yield func(*scanner.Block) error
	line  int64 // of the texts
	lists int   // tables in them
	pages int   // tables in the HTML

	said  []byte // letters and digits of the texts
	at    int    // behind what was said again last
	heard int    // bytes that were searched
}

// plain reads a text in UTF-8, or in a charset that its bytes tell.
func (m *mailText) plain(r io.Reader) error {
	d := document{ctx: m.ctx, line: m.line, tables: m.lists}
	d.yield = func(b *scanner.Block) error {
		if b.Rows == 0 {
			m.said = appendSaid(m.said, b.Text[:min(len(b.Text), 2*max(0, mailSaid-len(m.said)))])
		}
		return m.yield(b)
	}
	err := d.read(r)
	m.line, m.lists = d.line, d.tables
	return err
}

// page reads HTML in a charset, "" where that is not known.
func (m *mailText) page(r io.Reader, charset string) (err error) {
	br := bufio.NewReaderSize(r, headSize)
	head, _ := br.Peek(headSize)
	m.pages, err = readPage(m.ctx, pageSource(head, br, charset), m.pages, m.news)
	return err
}

// rich reads RTF.
func (m *mailText) rich(b []byte) error {
	err := readRich(m.ctx, bytes.NewReader(b), m.pages, m.news)
	if err == nil {
		m.pages++ // the name of a table is at least not that of one before
	}
	return err
}

// appendSaid appends the letters and digits of a text, no-break spaces left out.
func appendSaid(dst, text []byte) []byte {
	for _, c := range text {
		if isLower(c) || isUpper(c) || isDigit(c) || c >= utf8.RuneSelf && c != 0xC2 && c != 0xA0 {
			dst = append(dst, c)
		}
	}
	return dst
}

// news hands over a block without the lines that were said before.
func (m *mailText) news(b *scanner.Block) error {
	if b.Rows > 0 || len(m.said) == 0 {
		return m.yield(b)
	}
	var text, line []byte
	for rest := b.Text; len(rest) > 0; {
		n := bytes.IndexByte(rest, '\n') + 1
		if n == 0 {
			n = len(rest)
		}
		if line = appendSaid(line[:0], rest[:n]); !m.repeats(line) {
			text = append(text, rest[:n]...)
		}
		rest = rest[n:]
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	c := *b
	c.Text = text
	return m.yield(&c)
}

// repeats reports whether a line was said before. The order of lines is the same,
// mostly.
func (m *mailText) repeats(line []byte) bool {
	for _, from := range []int{m.at, 0} {
		if m.heard += len(m.said) - from; m.heard > mailHear {
			return false
		}
		if i := bytes.Index(m.said[from:], line); i >= 0 {
			m.heard -= len(m.said) - from - i - len(line)
			m.at = from + i + len(line)
			return true
		}
	}
	return false
}

// mailDecode decodes a text from the charset that it is said to be in, but where its
// bytes are UTF-8.
func mailDecode(r io.Reader, charset string) io.Reader {
	charset = strings.ToLower(strings.Trim(charset, " \"'"))
	switch charset {
	case "", "us-ascii", "ascii", "utf-8", "utf8":
		return r
	case "utf-7", "unicode-1-1-utf-7":
		return &utf7Reader{br: bufio.NewReader(r)}
	}
	e := mailEncoding(charset)
	if e == nil {
		return r
	}
	br := bufio.NewReaderSize(r, headSize)
	if head, _ := br.Peek(headSize); len(head) > indexHigh(head) {
		if set, _ := sniffCharset(head); set == utf8Text {
			return br
		}
	}
	return e.NewDecoder().Reader(br)
}

// mailWord decodes an encoded word.
func mailWord(charset string, r io.Reader) (io.Reader, error) {
	charset = strings.ToLower(charset)
	if strings.HasSuffix(charset, "utf-7") {
		return mailDecode(r, charset), nil
	}
	if e := mailEncoding(charset); e != nil {
		return e.NewDecoder().Reader(r), nil
	}
	return r, nil
}

// mailEncoding returns an encoding by its name, nil where it is not known.
func mailEncoding(name string) encoding.Encoding {
	if e, err := htmlindex.Get(name); err == nil {
		return e
	}
	e, err := ianaindex.IANA.Encoding(strings.TrimPrefix(name, "cs"))
	if err != nil || e == nil {
		e, _ = ianaindex.IANA.Encoding(strings.Replace(name, "cp", "ibm", 1))
	}
	return e
}

// A utf7Reader decodes UTF-7 (RFC 2152); what is no code stays as it is.
type utf7Reader struct {
	br   *bufio.Reader
	rest []byte
}

func (u *utf7Reader) Read(p []byte) (int, error) {
	if len(u.rest) == 0 {
		line, err := u.br.ReadSlice('\n')
		if len(line) == 0 {
			return 0, err
		}
		u.rest = appendUTF7(u.rest[:0], line)
	}
	n := copy(p, u.rest)
	u.rest = u.rest[n:]
	return n, nil
}

// appendUTF7 decodes b, in which a code does not go on over its end.
func appendUTF7(dst, b []byte) []byte {
	for {
		i := bytes.IndexByte(b, '+')
		if i < 0 {
			return append(dst, b...)
		}
		dst, b = append(dst, b[:i]...), b[i+1:]
		n := 0
		for n < len(b) && (isLower(b[n]) || isUpper(b[n]) || isDigit(b[n]) || b[n] == '+' || b[n] == '/') {
			n++
		}
		if n == 0 {
			dst = append(dst, '+')
		}
		code := make([]byte, base64.RawStdEncoding.DecodedLen(n))
		got, _ := base64.RawStdEncoding.Decode(code, b[:n])
		units := make([]uint16, got/2)
		for i := range units {
			units[i] = uint16(code[2*i])<<8 | uint16(code[2*i+1])
		}
		for _, r := range utf16.Decode(units) {
			dst = utf8.AppendRune(dst, r)
		}
		if b = b[n:]; len(b) > 0 && b[0] == '-' {
			b = b[1:]
		}
	}
}
