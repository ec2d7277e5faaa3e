package format

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"path"
	"strings"

	"vigie/scanner"
)

var emlFormat = scanner.Format{
	Name: "eml",
	Doc: `Mail messages (EML, MHTML)

From, To, Subject and the like, and the text, of any charset and encoding, as text and
as HTML; what is attached and messages within are members. Encrypted messages (PGP,
S/MIME) are reported. What is written as uuencode or yEnc stays text.`,
	Match: func(name string, head []byte) bool {
		return mailHead(head, path.Ext(name) == ".eml" || path.Ext(name) == ".mht")
	},
	Unpack: unpackEML,
	Read:   readEML,
	Beside: true,
}

// mailKnown are the fields of which a message has two at least.
const mailKnown = " from to cc subject date received return-path message-id mime-version delivered-to reply-to sender content-type x-mailer envelope-to "

// isMail reports whether head begins with the header of a message: nothing but
// fields, up to an empty line or far enough.
func isMail(head []byte) bool { return mailHead(head, false) }

// mailHead is isMail, but where the name says so too one field that is known will do.
func mailHead(head []byte, named bool) bool {
	head = bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF"))
	known, fields := 0, 0
	for len(head) > 0 && fields < 64 {
		line, rest, whole := bytes.Cut(head, []byte("\n"))
		line = bytes.TrimSuffix(line, []byte("\r"))
		if len(line) == 0 || !whole {
			break
		}
		head = rest
		if line[0] == ' ' || line[0] == '\t' {
			if fields == 0 {
				return false
			}
			continue
		}
		name, _, ok := bytes.Cut(line, []byte(":"))
		if !ok || len(name) == 0 || len(name) > 76 {
			return false
		}
		name = bytes.TrimRight(name, " \t")
		for _, c := range name {
			if c <= ' ' || c >= 0x7f {
				return false
			}
		}
		fields++
		if strings.Contains(mailKnown, " "+strings.ToLower(string(name))+" ") {
			known++
		}
	}
	return known >= 3 || known == 2 && fields == 2 || known > 0 && named
}

func openEML(ctx context.Context, c *scanner.Content) (*mailWalk, error, func(), error) {
	at, size, broken, closing, err := salvage(ctx, c)
	if err != nil {
		return nil, nil, nil, err
	}
	return &mailWalk{ctx: ctx, br: bufio.NewReaderSize(io.NewSectionReader(at, 0, size), 64<<10), fresh: true}, broken, closing, nil
}

func unpackEML(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	w, _, closing, err := openEML(ctx, c)
	if err != nil {
		if isProblem(err) {
			return nil // Read says so
		}
		return err
	}
	defer closing()
	w.member = func(name string, r io.Reader) error {
		return yield(scanner.Object{Path: name, Size: -1, Open: once(r)})
	}
	return w.part(0, "text/plain")
}

func readEML(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
	w, broken, closing, err := openEML(ctx, c)
	if err != nil {
		return err
	}
	defer closing()
	w.header = func(h mailFields) error { return yieldHeader(h, yield) }
	text := &mailText{ctx: ctx, yield: yield}
	w.text, w.page = text.plain, text.page
	if err := w.part(0, "text/plain"); err != nil {
		return fault(err)
	}
	if broken != nil {
		return broken
	}
	return w.sealed
}

// yieldHeader hands over who wrote to whom, about what, and when.
func yieldHeader(h mailFields, yield func(*scanner.Block) error) error {
	var text []byte
	for _, name := range []string{"From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Subject", "Date", "Organization", "Keywords", "Comments"} {
		for _, v := range h[strings.ToLower(name)] {
			text = append(append(append(append(text, name...), ": "...), mailWords(v)...), '\n')
		}
	}
	if len(text) == 0 {
		return nil
	}
	return yield(&scanner.Block{Text: text})
}
