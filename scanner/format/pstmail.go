package format

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"vigie/scanner"
)

const (
	pstMessages = 16        // in one another
	pstHead     = 128 << 10 // bytes of recipients in a header; further ones are text
	pstLines    = 4 << 20   // bytes of recipients, and of further properties
	pstBound    = "=_part"  // and in how many messages it is
	pstMost     = 64 << 10  // recipients
)

// A pstMail is a message that is read as a mail message (RFC 5322, 2045): its parts
// one after the other.
type pstMail struct {
	l     *pstLook
	bound string
	todo  []func() io.Reader // nil: the part is empty
	now   io.Reader
}

func (m *pstMail) Read(b []byte) (int, error) {
	for {
		if m.now != nil {
			n, err := m.now.Read(b)
			if err != io.EOF {
				return n, err
			}
			if m.now = nil; n > 0 {
				return n, nil
			}
		}
		if len(m.todo) == 0 || m.l.stop != nil {
			return 0, io.EOF
		}
		m.now = m.todo[0]()
		m.todo = m.todo[1:]
	}
}

// part adds a part: a header of its own, and its content in base 64.
func (m *pstMail) part(head string, open func() io.Reader) {
	m.todo = append(m.todo, func() io.Reader {
		return io.MultiReader(strings.NewReader("--"+m.bound+"\n"+head+"Content-Transfer-Encoding: base64\n\n"), &pstBase64{r: open()})
	})
}

func (m *pstMail) text(kind, text string) {
	if text != "" {
		m.part("Content-Type: "+kind+"; charset=utf-8\n", func() io.Reader { return strings.NewReader(text) })
	}
}

// mail reads a message that lies in others, whose lists of parts are known.
func (l *pstLook) mail(n pstNode, in []uint64) io.Reader {
	m := &pstMail{l: l, bound: fmt.Sprint(pstBound, len(in))}
	i := l.item(n)
	head, lines := i.header(m.bound)
	m.todo = append(m.todo, func() io.Reader { return strings.NewReader(head) })
	m.text("text/plain", lines)
	m.body(i)
	for _, part := range i.order {
		if part.id&pstKind == pstAttachment {
			m.attachment(part, append(slices.Clip(in), n.sub))
		}
	}
	m.todo = append(m.todo, func() io.Reader { return strings.NewReader("--" + m.bound + "--\n") })
	return m
}

// header returns the header of a message, and as lines of text the recipients it has
// no room for and what further properties say.
func (i *pstItem) header(bound string) (head, lines string) {
	var h, rest strings.Builder
	h.WriteString("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"" + bound + "\"\n")
	said := make(map[string]bool)
	field := func(label, name, address string) {
		said[name], said[address] = true, true
		if address != "" && address != name && !pstInternal(address) {
			name += " <" + address + ">"
		}
		if name = strings.TrimSpace(pstLine(name)); name == "" {
			return
		} else if h.Len() < pstHead {
			h.WriteString(label + ": " + name + "\n")
		} else if rest.Len() < pstLines {
			rest.WriteString(label + ": " + name + "\n")
		}
	}
	subject, marked := strings.CutPrefix(i.text(0x0037), "\x01")
	if marked { // how long its prefix is follows (2.5.3.1.1.1)
		_, n := utf8.DecodeRuneInString(subject)
		subject = subject[n:]
	}
	field("Subject", subject, "")
	if t := i.sent(); !t.IsZero() {
		field("Date", t.Format(time.RFC1123Z), "")
	}
	field("From", i.text(0x0c1a), firstOf(i.text(0x5d01), i.text(0x0c1f)))
	if k := slices.IndexFunc(i.order, func(part pstNode) bool { return part.id&pstKind == pstRecipients }); k >= 0 {
		left := pstMost
		i.l.table(i.order[k], []uint16{0x3001, 0x39fe, 0x3003}, func(r []string) bool {
			field("To", r[0], firstOf(r[1], r[2]))
			if left--; left == 0 {
				i.l.bad(&scanner.Problem{Reason: scanner.TooMany, Detail: "recipients of a message"})
			}
			return left > 0 && i.l.stop == nil
		})
	}
	i.further(&rest, said)
	return h.String() + "\n", rest.String()
}

// further adds the texts that are not yet said, and the days of contacts.
func (i *pstItem) further(lines *strings.Builder, said map[string]bool) {
	line := func(label, v string) {
		if v != "" && !said[v] && !pstInternal(v) && lines.Len() < pstLines {
			said[v] = true
			lines.WriteString(label + v + "\n")
		}
	}
	for _, p := range i.properties {
		switch {
		case i.read > pstLines:
			i.l.bad(&scanner.Problem{Reason: scanner.TooLarge, Detail: "the properties of a message"})
			return
		case msgIsIdle(p.id):
		case p.kind == pstWide || p.kind == pstNarrow:
			line("", i.textOf(p, msgName))
		case p.kind == pstSeveral|pstWide || p.kind == pstSeveral|pstNarrow:
			for _, v := range i.texts(p) {
				line("", v)
			}
		}
	}
	if t := i.time(0x3a42); !t.IsZero() {
		line("Birthday: ", t.Add(12*time.Hour).Format("02/01/2006")) // midnight where it was written
	}
}

// sent returns when a message was sent, or came.
func (i *pstItem) sent() time.Time {
	if t := i.time(0x0039); !t.IsZero() {
		return t
	}
	return i.time(0x0e06)
}

// pstInternal reports whether an address is one of a directory of Exchange.
func pstInternal(v string) bool { return len(v) > 3 && strings.EqualFold(v[:3], "/o=") }

// pstLine makes one line of a text.
func pstLine(v string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, v)
}

// body adds the text, the HTML, and without that what RTF says beyond the text.
func (m *pstMail) body(i *pstItem) {
	text := i.textOf(i.find(0x1000), msgMost)
	m.text("text/plain", text)
	if p := i.find(0x1013); p.kind == pstBinary {
		m.part("Content-Type: text/html"+pstCharset(i.find(0x3fde).value)+"\n", func() io.Reader { return io.LimitReader(i.open(p.value), msgMost) })
		return
	} else if p.kind == pstWide || p.kind == pstNarrow {
		m.text("text/html", i.textOf(p, msgMost))
		return
	}
	if p := i.find(0x1009); p.kind == pstBinary {
		rich, err := expandRTF(i.bytes(p.value, msgMost))
		m.l.bad(err)
		m.text("text/plain", m.l.rich(text, rich))
	}
}

// rich returns what RTF says beyond a text; cells of tables stand between tabs.
func (l *pstLook) rich(text string, b []byte) string {
	if len(b) == 0 {
		return ""
	}
	var out []byte
	read := func(add bool) *mailText {
		return &mailText{ctx: l.ctx, yield: func(b *scanner.Block) error {
			if add {
				if b.At == 0 && len(b.Titles) > 0 {
					out = append(out, strings.Join(b.Titles, "\t")+"\n"...)
				}
				cells := bytes.ReplaceAll(b.Text, []byte{0x1f}, []byte{'\t'})
				out = append(out, bytes.ReplaceAll(cells, []byte{0x1e}, []byte{'\n'})...)
			}
			return nil
		}}
	}
	news := read(true)
	if text != "" {
		plain := read(false)
		l.bad(plain.plain(strings.NewReader(text)))
		news.said = plain.said
	}
	l.bad(news.rich(b))
	return string(out)
}

// pstCharset returns the charset of a code page, "" where HTML is to say it.
func pstCharset(page uint32) string {
	switch {
	case page >= 1250 && page <= 1258:
		return fmt.Sprintf("; charset=windows-%d", page)
	case page >= 28591 && page <= 28606:
		return fmt.Sprintf("; charset=iso-8859-%d", page-28590)
	case page == 65001:
		return "; charset=utf-8"
	}
	return ""
}

// attachment adds what is attached: bytes, a document that lies in the text, or a
// message.
func (m *pstMail) attachment(n pstNode, in []uint64) {
	m.todo = append(m.todo, func() io.Reader {
		i := m.l.item(n)
		name := pstLine(firstOf(i.text(0x3707), firstOf(i.text(0x3704), i.text(0x3001))))
		if strings.EqualFold(i.text(0x370e), "multipart/signed") { // all of a message that is signed
			name = pstEnding(firstOf(name, "message"), ".eml")
		}
		data := i.find(0x3701)
		inner := pstMail{l: m.l, bound: m.bound}
		switch {
		case data.kind == pstBinary:
			inner.file(name, i.open(data.value))
		case data.kind == pstObject:
			b := i.heap.get(data.value)
			if len(b) < 4 {
				break
			}
			part, ok := i.parts[binary.LittleEndian.Uint32(b)]
			if !ok {
				i.heap.lost()
			} else if i.find(0x3705).value != 5 {
				inner.file(name, m.l.data(part.data))
			} else if len(in) > pstMessages {
				m.l.bad(&scanner.Problem{Reason: scanner.TooDeep, Detail: "messages in one another"})
			} else if slices.Contains(in, part.sub) && part.sub != 0 {
				m.l.bad(malformed("a message lies in itself"))
			} else {
				return io.MultiReader(strings.NewReader("--"+m.bound+"\nContent-Type: message/rfc822\n"+pstNamed(pstEnding(firstOf(name, "message"), ".eml"))+"\n"), m.l.mail(part, in))
			}
		}
		return &inner
	})
}

func (m *pstMail) file(name string, r io.Reader) {
	m.part("Content-Type: application/octet-stream\n"+pstNamed(name), func() io.Reader { return r })
}

// pstNamed is the field with the name of an attachment.
func pstNamed(name string) string {
	name = strings.TrimSpace(strings.NewReplacer(`"`, "'", `\`, "_").Replace(name))
	if name == "" {
		name = "attachment"
	}
	return `Content-Disposition: attachment; filename="` + name + "\"\n"
}

// pstEnding is a name with an ending.
func pstEnding(name, end string) string {
	if strings.HasSuffix(strings.ToLower(name), end) {
		return name
	}
	return name + end
}

// A pstBase64 reads lines of base 64.
type pstBase64 struct {
	r    io.Reader
	room [3 << 10]byte
	line [4<<10 + 1]byte
	rest []byte
	end  error
}

func (e *pstBase64) Read(b []byte) (int, error) {
	if len(e.rest) == 0 {
		if e.end != nil {
			return 0, e.end
		}
		n, err := io.ReadFull(e.r, e.room[:])
		if e.end = err; err == io.ErrUnexpectedEOF {
			e.end = io.EOF
		}
		base64.StdEncoding.Encode(e.line[:], e.room[:n])
		n = base64.StdEncoding.EncodedLen(n)
		e.line[n] = '\n'
		e.rest = e.line[:n+1]
	}
	n := copy(b, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}
