package format

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"strings"

	"vigie/scanner"
)

const (
	mailHeader = 256 << 10 // bytes of the header of a part
	mailDepth  = 64        // parts in one another, without messages
	mailParts  = 1 << 16   // of one message
	mailName   = 255       // bytes of a name
)

// A mailWalk reads the parts of a message (RFC 5322, RFC 2045 to 2047) one after
// the other. What is handed over is valid during the call.
type mailWalk struct {
	ctx    context.Context
	br     *bufio.Reader
	bounds []string // of the multiparts that are open, outermost first
	hit    int      // which of them was met; -1: the message ended
	closed bool     // it was the last of its multipart
	fresh  bool     // the next byte begins a line
	parts  int
	sealed error

	header func(mailFields) error
	text   func(io.Reader) error
	page   func(r io.Reader, charset string) error
	member func(name string, r io.Reader) error
}

// mailFields are header fields, unfolded, by their names in lower case.
type mailFields map[string][]string

func (h mailFields) first(name string) string {
	if v := h[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// mailWords decodes RFC 2047, and bytes that are no UTF-8.
func mailWords(s string) string {
	d := mime.WordDecoder{CharsetReader: mailWord}
	if t, err := d.DecodeHeader(s); err == nil {
		s = t
	}
	return strings.ToValidUTF8(string(decodeHead([]byte(s))), "\uFFFD")
}

// fields reads a header up to the empty line.
func (w *mailWalk) fields() (mailFields, error) {
	h := make(mailFields)
	name, size := "", 0
	for {
		line, err := w.line()
		if err != nil || w.hit != mailGoesOn {
			return h, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			return h, nil
		}
		if size += len(line); size > mailHeader {
			continue
		}
		if line[0] == ' ' || line[0] == '\t' {
			if all := h[name]; len(all) > 0 {
				all[len(all)-1] += " " + string(bytes.TrimSpace(line))
			}
			continue
		}
		key, value, ok := bytes.Cut(line, []byte(":"))
		if ok {
			name = strings.ToLower(string(bytes.TrimSpace(key)))
			h[name] = append(h[name], string(bytes.TrimSpace(value)))
		}
	}
}

const mailGoesOn = -2

// line reads a line, or a piece of a long one, with its end. It notes a boundary.
func (w *mailWalk) line() ([]byte, error) {
	line, err := w.br.ReadSlice('\n')
	begins := w.fresh
	w.fresh = err == nil
	if len(line) == 0 {
		w.hit = -1
		if err == io.EOF {
			err = nil
		}
		return nil, err
	}
	if err != nil && err != bufio.ErrBufferFull && err != io.EOF {
		return nil, err
	}
	if begins && len(line) > 2 && line[0] == '-' && line[1] == '-' {
		for i := len(w.bounds) - 1; i >= 0; i-- {
			if rest, ok := bytes.CutPrefix(line[2:], []byte(w.bounds[i])); ok {
				closed := bytes.HasPrefix(rest, []byte("--"))
				if rest = bytes.TrimPrefix(rest, []byte("--")); len(bytes.TrimSpace(rest)) == 0 {
					w.hit, w.closed = i, closed
					return nil, nil
				}
			}
		}
	}
	return line, nil
}

// A mailBody reads a part up to the next boundary.
type mailBody struct {
	w    *mailWalk
	rest []byte // to be read, and then next
	next []byte
	end  string // of the line before: it belongs to the boundary, if one follows
}

func (b *mailBody) Read(p []byte) (int, error) {
	for len(b.rest) == 0 {
		if b.rest, b.next = b.next, nil; len(b.rest) > 0 {
			break
		}
		if b.w.hit != mailGoesOn {
			return 0, io.EOF
		}
		if err := b.w.ctx.Err(); err != nil {
			return 0, err
		}
		line, err := b.w.line()
		if err != nil {
			return 0, err
		}
		before := b.end
		b.end = ""
		if b.w.hit != mailGoesOn && len(line) == 0 {
			if b.w.hit == -1 {
				b.rest = []byte(before)
			}
			continue
		}
		n := len(line)
		for k := 0; k < 2 && n > 0 && (line[n-1] == '\n' || k == 1 && line[n-1] == '\r'); k++ {
			n--
		}
		b.rest, b.next = []byte(before), line[:n]
		b.end = string(line[n:])
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

// part reads a part with its header.
func (w *mailWalk) part(depth int, usual string) error {
	w.hit = mailGoesOn
	h, err := w.fields()
	if err != nil {
		return err
	}
	if w.parts++; w.parts > mailParts {
		return &scanner.Problem{Reason: scanner.TooMany, Detail: "more parts than the limit"}
	}
	if depth == 0 && w.header != nil {
		if err := w.header(h); err != nil {
			return err
		}
	}
	kind, params := mailType(h.first("content-type"), usual)
	body := &mailBody{w: w}
	if strings.HasPrefix(kind, "multipart/") && params["boundary"] == "" {
		params["boundary"] = w.boundary()
	}
	if strings.HasPrefix(kind, "multipart/") && params["boundary"] != "" {
		if kind == "multipart/encrypted" {
			w.sealed = &scanner.Problem{Reason: scanner.Encrypted, Detail: "PGP message"}
		}
		return w.multipart(kind, params["boundary"], body, depth)
	}
	if err := w.leaf(h, kind, params, body); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, body)
	return err
}

// boundary finds that of a multipart which does not name it.
func (w *mailWalk) boundary() string {
	head, _ := w.br.Peek(4 << 10)
	for len(head) > 0 {
		var line []byte
		line, head, _ = bytes.Cut(head, []byte("\n"))
		if b, ok := bytes.CutPrefix(bytes.TrimRight(line, " \r"), []byte("--")); ok && len(b) > 0 && len(b) <= 70 {
			return string(b)
		}
	}
	return ""
}

// multipart reads the parts between boundaries.
func (w *mailWalk) multipart(kind, bound string, body io.Reader, depth int) error {
	if depth >= mailDepth {
		return &scanner.Problem{Reason: scanner.TooDeep, Detail: "parts within parts of a message"}
	}
	own := len(w.bounds)
	w.bounds = append(w.bounds, bound)
	defer func() { w.bounds = w.bounds[:own] }()
	if _, err := io.Copy(io.Discard, body); err != nil { // the preamble
		return err
	}
	usual := "text/plain"
	if kind == "multipart/digest" {
		usual = "message/rfc822"
	}
	for w.hit == own && !w.closed {
		if err := w.part(depth+1, usual); err != nil {
			return err
		}
	}
	if w.hit != own {
		return nil
	}
	w.hit, w.bounds = mailGoesOn, w.bounds[:own]
	_, err := io.Copy(io.Discard, &mailBody{w: w})
	return err
}

// mailType reads a media type; what is broken of it is left out.
func mailType(value, usual string) (string, map[string]string) {
	if value == "" {
		value = usual
	}
	kind, params, err := mime.ParseMediaType(value)
	if err != nil && len(params) == 0 {
		params = make(map[string]string)
		for i, p := range strings.Split(value, ";") {
			k, v, ok := strings.Cut(p, "=")
			if i == 0 {
				kind = strings.ToLower(strings.TrimSpace(p))
			} else if ok {
				params[strings.ToLower(strings.TrimSpace(k))] = strings.Trim(strings.TrimSpace(v), `"`)
			}
		}
	}
	return kind, params
}

// leaf hands over a part that has no parts.
func (w *mailWalk) leaf(h mailFields, kind string, params map[string]string, body io.Reader) error {
	way, more := mailType(h.first("content-disposition"), "inline")
	name := mailWords(more["filename"])
	if name == "" {
		name = mailWords(params["name"])
	}
	switch strings.ToLower(h.first("content-transfer-encoding")) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, &mailBase64{r: body})
	case "quoted-printable":
		body = &mailQuoted{br: bufio.NewReader(body)}
	}
	body = &lenient{body}
	switch {
	case (kind == "application/pkcs7-mime" || kind == "application/x-pkcs7-mime") && strings.HasSuffix(strings.ToLower(params["smime-type"]), "enveloped-data"):
		w.sealed = &scanner.Problem{Reason: scanner.Encrypted, Detail: "S/MIME message"}
		return nil
	case kind == "application/pkcs7-mime" || kind == "application/x-pkcs7-mime":
		name = "smime.p7m" // which says what it is
	case kind == "text/plain" && way != "attachment" && name == "":
		return w.plain(params["charset"], body)
	case kind == "text/html" && way != "attachment" && name == "":
		if w.page == nil {
			return nil
		}
		return w.page(body, params["charset"])
	case kind == "message/rfc822" || kind == "message/global":
		if name == "" {
			name = "message.eml"
		}
	}
	if w.member == nil {
		return nil
	}
	if name == "" {
		_, sub, _ := strings.Cut(kind, "/")
		name = "part." + sub
	}
	name = strings.NewReplacer("/", "_", "\\", "_").Replace(name[:min(len(name), mailName)])
	return w.member(memberPath(name), body)
}

// plain hands over the text of a message.
func (w *mailWalk) plain(charset string, body io.Reader) error {
	br := bufio.NewReader(body)
	if head, _ := br.Peek(64); bytes.Contains(head, []byte("-----BEGIN PGP MESSAGE-----")) {
		w.sealed = &scanner.Problem{Reason: scanner.Encrypted, Detail: "PGP message"}
		return nil
	}
	if w.text == nil {
		return nil
	}
	return w.text(mailDecode(br, charset))
}

// A lenient reader ends where an encoding is broken.
type lenient struct{ r io.Reader }

func (l *lenient) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	var bad base64.CorruptInputError
	if errors.As(err, &bad) || err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	return n, err
}

// A mailBase64 leaves out what is no digit of base 64.
type mailBase64 struct{ r io.Reader }

func (b *mailBase64) Read(p []byte) (int, error) {
	for {
		n, err := b.r.Read(p)
		k := 0
		for _, c := range p[:n] {
			p[k] = c
			k += int(base64Digits[c])
		}
		if k > 0 || err != nil {
			return k, err
		}
	}
}

// base64Digits has a 1 for each digit of base 64.
var base64Digits = func() (is [256]uint8) {
	for c := range is {
		if c := byte(c); isLower(c) || isUpper(c) || isDigit(c) || c == '+' || c == '/' || c == '=' {
			is[c] = 1
		}
	}
	return is
}()

// A mailQuoted decodes quoted-printable; what is no code stays as it is.
type mailQuoted struct {
	br *bufio.Reader
}

func (q *mailQuoted) Read(p []byte) (n int, err error) {
	for n < len(p) {
		c, err := q.br.ReadByte()
		if err != nil {
			if n > 0 {
				err = nil
			}
			return n, err
		}
		if c == '=' {
			if soft, ok := q.code(&c); soft {
				continue
			} else if ok {
				q.br.Discard(2)
			}
		}
		p[n] = c
		n++
	}
	return n, nil
}

// code reads what follows a sign of equality: a line end that is none, or a byte.
func (q *mailQuoted) code(c *byte) (soft, ok bool) {
	next, _ := q.br.Peek(2)
	switch {
	case len(next) == 2 && next[0] == '\r' && next[1] == '\n':
		q.br.Discard(2)
		return true, false
	case len(next) > 0 && next[0] == '\n':
		q.br.Discard(1)
		return true, false
	case len(next) == 2 && unhex(int(next[0])) >= 0 && unhex(int(next[1])) >= 0:
		*c = byte(unhex(int(next[0]))<<4 | unhex(int(next[1])))
		return false, true
	}
	return false, false
}
