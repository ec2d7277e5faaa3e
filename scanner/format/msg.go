package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"strings"
	"time"

	"vigie/scanner"
)

var msgFormat = scanner.Format{
	Name: "msg",
	Doc: `Mail messages of Outlook (MSG)

Sender, recipients, subject, date and text, also of messages within; the HTML and
what is attached are members. A text that is kept as compressed RTF alone is
reported.`,
	Match:  func(name string, head []byte) bool { return isMSG(name, head) },
	Unpack: unpackMSG,
	Read:   readMSG,
}

// Properties of [MS-OXPROPS] by their streams of [MS-OXMSG]; the type follows.
const (
	msgStream = "__substg1.0_"
	msgWide   = "001F" // text in UTF-16
	msgNarrow = "001E" // text in the code page of the sender
	msgBinary = "0102"
	msgBody   = "1000"
	msgMost   = 16 << 20 // bytes of a text
	msgName   = 4 << 10
	msgInner  = msgStream + "3701000D/"
)

func isMSG(name string, head []byte) bool {
	if !isOLE(head) {
		return false
	}
	var wide []byte
	for _, c := range []byte("__substg1.0_") {
		wide = append(wide, c, 0)
	}
	return strings.HasSuffix(name, ".msg") || bytes.Contains(head, wide)
}

// A msg is a message in a compound file: at the top, or within an attachment.
type msg struct {
	o      *ole
	prefix string
}

func openMSG(ctx context.Context, c *scanner.Content) ([]msg, error) {
	at, size, err := c.At(ctx)
	if err != nil {
		return nil, err
	}
	o, err := openOLE(at, size)
	if err != nil {
		return nil, err
	}
	all := []msg{{o: o}}
	seen := map[string]bool{"": true}
	for _, s := range o.streams {
		if i := strings.LastIndex(s.path, msgInner); i >= 0 {
			if prefix := s.path[:i+len(msgInner)]; !seen[prefix] {
				seen[prefix] = true
				all = append(all, msg{o, prefix})
			}
		}
	}
	return all, nil
}

// text reads a property that is text, below a folder.
func (m msg) text(folder, property string, most int64) string {
	for _, kind := range []string{msgWide, msgNarrow} {
		s := m.o.find(m.prefix + folder + msgStream + property + kind)
		if s == nil {
			continue
		}
		b, _ := io.ReadAll(io.LimitReader(m.o.open(s), most))
		if kind == msgWide {
			d := decoder{set: utf16LE, raw: b, begun: true, ended: true}
			room := make([]byte, 3*len(b)/2+8)
			b = room[:d.transcode(room)]
		} else if property != msgBody {
			b = decodeHead(b)
		}
		return strings.TrimRight(strings.ReplaceAll(string(b), "\r\n", "\n"), "\x00 \n")
	}
	return ""
}

// folders returns the storages below that begin with a name, in order.
func (m msg) folders(name string) (all []string) {
	seen := make(map[string]bool)
	for _, s := range m.o.streams {
		rest, ok := strings.CutPrefix(s.path, m.prefix)
		if !ok || !strings.HasPrefix(rest, name) {
			continue
		}
		folder, _, ok := strings.Cut(rest, "/")
		if ok && !seen[folder] {
			seen[folder] = true
			all = append(all, folder+"/")
		}
	}
	return all
}

// sent returns when the message was sent.
func (m msg) sent() string {
	s := m.o.find(m.prefix + "__properties_version1.0")
	if s == nil {
		return ""
	}
	b, _ := io.ReadAll(io.LimitReader(m.o.open(s), 64<<10))
	head := 32
	if m.prefix != "" {
		head = 24
	}
	for at := head; at+16 <= len(b); at += 16 {
		if tag := binary.LittleEndian.Uint32(b[at:]); tag == 0x00390040 || tag == 0x0E060040 {
			ticks := binary.LittleEndian.Uint64(b[at+8:])
			t := time.Unix(int64(ticks/1e7)-11644473600, 0).UTC()
			if t.Year() > 1970 && t.Year() < 2200 {
				return t.Format(time.RFC1123)
			}
		}
	}
	return ""
}

func readMSG(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
	all, err := openMSG(ctx, c)
	if err != nil {
		return err
	}
	var trouble error
	for _, m := range all {
		if err := ctx.Err(); err != nil {
			return err
		}
		var text strings.Builder
		line := func(label, value string) {
			if value != "" {
				text.WriteString(label + ": " + value + "\n")
			}
		}
		line("From", strings.TrimSpace(m.text("", "0C1A", msgName)+" <"+firstOf(m.text("", "5D01", msgName), m.text("", "0C1F", msgName))+">"))
		for _, r := range m.folders("__recip_version1.0_") {
			line("To", strings.TrimSpace(m.text(r, "3001", msgName)+" <"+firstOf(m.text(r, "39FE", msgName), m.text(r, "3003", msgName))+">"))
		}
		line("Subject", m.text("", "0037", msgName))
		line("Date", m.sent())
		if err := yield(&scanner.Block{Text: []byte(text.String())}); err != nil {
			return err
		}
		class := strings.ToUpper(m.text("", "001A", msgName))
		body := m.text("", msgBody, msgMost)
		switch {
		case strings.Contains(class, "SMIME") && !strings.Contains(class, "MULTIPARTSIGNED"):
			trouble = &scanner.Problem{Reason: scanner.Encrypted, Detail: "S/MIME message"}
		case body != "":
			d := document{ctx: ctx, yield: yield}
			if err := d.read(strings.NewReader(body)); err != nil {
				return err
			}
		case m.html() == nil && m.o.find(m.prefix+msgStream+"1009"+msgBinary) != nil:
			trouble = unsupported("text of a message in compressed RTF")
		}
	}
	return trouble
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (m msg) html() *oleStream {
	if s := m.o.find(m.prefix + msgStream + "1013" + msgBinary); s != nil {
		return s
	}
	return m.o.find(m.prefix + msgStream + "1013" + msgWide)
}

func unpackMSG(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	all, err := openMSG(ctx, c)
	if err != nil {
		if isProblem(err) {
			return nil // Read says so
		}
		return err
	}
	for _, m := range all {
		if s := m.html(); s != nil {
			o := m.o.object(s)
			o.Path = "body.html"
			if err := yield(o); err != nil {
				return err
			}
		}
		for _, folder := range m.folders("__attach_version1.0_") {
			s := m.o.find(m.prefix + folder + msgStream + "3701" + msgBinary)
			if s == nil {
				continue
			}
			o := m.o.object(s)
			name := firstOf(m.text(folder, "3707", msgName), firstOf(m.text(folder, "3704", msgName), m.text(folder, "3001", msgName)))
			o.Path = memberPath(name)
			if err := yield(o); err != nil {
				return err
			}
		}
	}
	return nil
}
