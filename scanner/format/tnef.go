package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"vigie/scanner"
)

var tnefFormat = scanner.Format{
	Name: "tnef",
	Doc: `Parts of messages of Outlook (winmail.dat, TNEF)

Sender, subject and text are lines of running text; what is attached, the HTML and
messages within are members. Text in compressed RTF is read.`,
	Match:  func(_ string, head []byte) bool { return bytes.HasPrefix(head, []byte(tnefMagic)) },
	Unpack: unpackTNEF,
	Read:   readTNEF,
	Beside: true,
}

// Attributes of [MS-OXTNEF], and properties of [MS-OXPROPS].
const (
	tnefMagic    = "\x78\x9f\x3e\x22"
	tnefPage     = 0x9007 // attOemCodepage
	tnefSubject  = 0x8004
	tnefText     = 0x800c
	tnefProps    = 0x9003
	tnefRecips   = 0x9004
	tnefRender   = 0x9002 // begins an attachment
	tnefData     = 0x800f
	tnefTitle    = 0x8010
	tnefAttached = 0x9005
	tnefMost     = 32 << 20 // bytes of an attribute that is no attachment
	tnefValues   = 1 << 16  // of a property
)

// A tnefPart is what is attached: a run of the bytes, or an object that a property has.
type tnefPart struct {
	name     string
	at, size int64
	data     []byte
}

// A tnefReader reads the attributes one after the other.
type tnefReader struct {
	page  *charmap.Charmap
	lines []byte // subject, names, addresses
	text  []byte
	html  []byte
	rich  []byte
	part  *tnefPart // at hand
	yield func(*tnefPart) error
}

func (t *tnefReader) read(ctx context.Context, r io.ReaderAt, size int64) error {
	var fault error
	for pos := int64(6); pos < size; { // behind the magic number and a key
		if err := ctx.Err(); err != nil {
			return err
		}
		var head [9]byte
		k, err := r.ReadAt(head[:], pos)
		if level := head[0]; k > 0 && level != 1 && level != 2 && size-pos < 32 {
			break // what a mail program put behind it
		} else if k < len(head) {
			fault = readFault(err)
			break
		}
		id, n := binary.LittleEndian.Uint16(head[1:]), int64(binary.LittleEndian.Uint32(head[5:]))
		pos += int64(len(head))
		if n > size-pos {
			n, fault = size-pos, truncated("ends in the middle")
		}
		if id == tnefData && t.part != nil {
			t.part.at, t.part.size = pos, n
		} else if n > tnefMost {
			fault = &scanner.Problem{Reason: scanner.TooLarge, Detail: "an attribute of a message"}
		} else {
			b := make([]byte, n)
			if k, err := r.ReadAt(b, pos); int64(k) < n {
				return readFault(err)
			}
			if err := t.attribute(id, b); err != nil {
				return err
			}
		}
		pos += n + 2 // a checksum
	}
	if err := t.end(); err != nil {
		return err
	}
	return fault
}

// end hands over the attachment at hand.
func (t *tnefReader) end() error {
	p := t.part
	if t.part = nil; p == nil || t.yield == nil || len(p.data) == 0 && p.size == 0 {
		return nil
	}
	return t.yield(p)
}

func (t *tnefReader) attribute(id uint16, b []byte) error {
	switch id {
	case tnefPage:
		if len(b) >= 2 {
			t.page = codePage(binary.LittleEndian.Uint16(b))
		}
	case tnefSubject:
		t.line(t.narrow(b))
	case tnefText:
		t.text = t.narrow(b)
	case tnefProps:
		t.properties(b, t.property)
	case tnefRecips:
		if len(b) > 4 {
			rows := binary.LittleEndian.Uint32(b)
			for b = b[4:]; rows > 0 && len(b) > 4; rows-- {
				b = t.properties(b, t.property)
			}
		}
	case tnefRender:
		err := t.end()
		t.part = &tnefPart{}
		return err
	}
	if t.part == nil {
		return nil
	}
	switch id {
	case tnefTitle:
		t.part.name = string(t.narrow(b))
	case tnefAttached:
		t.properties(b, t.attached)
	}
	return nil
}

func (t *tnefReader) line(v []byte) {
	if v = bytes.TrimSpace(v); len(v) > 0 && !bytes.Contains(t.lines, append(append([]byte(nil), v...), '\n')) && len(t.lines) < 1<<20 {
		t.lines = append(append(t.lines, v...), '\n')
	}
}

// narrow decodes a text in the code page of the message.
func (t *tnefReader) narrow(b []byte) []byte {
	page := t.page
	if page == nil {
		page = charmap.Windows1252
	}
	out, _ := page.NewDecoder().Bytes(bytes.TrimRight(b, "\x00"))
	return bytes.ReplaceAll(out, []byte("\r\n"), []byte("\n"))
}

// property takes a property of the message or of a recipient.
func (t *tnefReader) property(id, kind uint16, v []byte) {
	switch {
	case id == 0x1000 && (kind == 0x1e || kind == 0x1f):
		t.text = t.value(kind, v)
	case id == 0x1009 && kind == 0x102:
		t.rich = v
	case id == 0x1013:
		t.html = v
	case (kind == 0x1e || kind == 0x1f) && !msgIsIdle(id):
		t.line(t.value(kind, v))
	}
}

// attached takes a property of an attachment.
func (t *tnefReader) attached(id, kind uint16, v []byte) {
	switch id {
	case 0x3707: // the long name
		t.part.name = string(t.value(kind, v))
	case 0x3701: // an object: a message or a file in a compound file, behind its class
		if kind == 0x0d && len(v) > 16 {
			t.part.data = v[16:]
		}
	}
}

func (t *tnefReader) value(kind uint16, v []byte) []byte {
	if kind != 0x1f {
		return t.narrow(v)
	}
	text, _ := appendUnits(nil, v[:len(v)&^1], true, 0)
	return bytes.ReplaceAll(bytes.TrimRight(text, "\x00"), []byte("\r\n"), []byte("\n"))
}

// properties calls take with each property of a list (2.1.3.4), and returns what
// follows it.
func (t *tnefReader) properties(b []byte, take func(id, kind uint16, v []byte)) []byte {
	if len(b) < 4 {
		return nil
	}
	le := binary.LittleEndian
	count := le.Uint32(b)
	for b = b[4:]; count > 0 && len(b) >= 4; count-- {
		kind, id := le.Uint16(b), le.Uint16(b[2:])
		b = b[4:]
		if id >= 0x8000 { // named: a set, and a number or a name
			if len(b) < 24 {
				return nil
			}
			n := 0
			if le.Uint32(b[16:]) == 1 {
				n = (int(min(le.Uint32(b[20:]), 1<<16)) + 3) &^ 3
			}
			b = b[min(24+n, len(b)):]
		}
		values := uint32(1)
		size := map[uint16]int{2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0xa: 4, 0xb: 4, 0x14: 8, 0x40: 8, 0x48: 16}[kind&0xfff]
		counted := kind&0x1000 != 0 || size == 0
		if counted && len(b) >= 4 {
			values, b = min(le.Uint32(b), tnefValues), b[4:]
		}
		for ; values > 0; values-- {
			n := size
			if size == 0 {
				if len(b) < 4 {
					return nil
				}
				n, b = int(min(le.Uint32(b), tnefMost)), b[4:]
			}
			if n > len(b) {
				return nil
			}
			take(id, kind&0xfff, b[:n])
			b = b[min((n+3)&^3, len(b)):]
		}
	}
	return b
}

func readTNEF(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
	at, size, broken, closing, err := salvage(ctx, c)
	if err != nil {
		return err
	}
	defer closing()
	t := &tnefReader{}
	fault := t.read(ctx, at, size)
	if !isProblem(fault) {
		return fault
	}
	text := &mailText{ctx: ctx, yield: yield}
	if len(t.lines) > 0 {
		if err := yield(&scanner.Block{Text: t.lines}); err != nil {
			return err
		}
	}
	if err := text.plain(bytes.NewReader(t.text)); err != nil {
		return err
	}
	if len(t.html) > 0 {
		if err := text.page(bytes.NewReader(t.html), ""); err != nil {
			return err
		}
	}
	if len(t.rich) > 0 {
		b, err := expandRTF(t.rich)
		if err == nil {
			err = text.rich(b)
		}
		if !isProblem(err) {
			return err
		} else if fault == nil {
			fault = err
		}
	}
	if fault == nil {
		fault = broken
	}
	return fault
}

func unpackTNEF(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	at, size, _, closing, err := salvage(ctx, c)
	if err != nil {
		if isProblem(err) {
			return nil // Read says so
		}
		return err
	}
	defer closing()
	var stop error
	t := &tnefReader{yield: func(p *tnefPart) error {
		name := strings.NewReplacer("/", "_", `\`, "_").Replace(firstOf(p.name, "attachment"))
		var data io.Reader = bytes.NewReader(p.data)
		if len(p.data) == 0 {
			data = io.NewSectionReader(at, p.at, p.size)
		}
		stop = yield(scanner.Object{Path: memberPath(name), Size: -1, Open: once(data)})
		return stop
	}}
	if err := t.read(ctx, at, size); stop != nil || !isProblem(err) {
		return err
	}
	return nil // Read says so
}
