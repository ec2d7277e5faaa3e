package format

import (
	"bytes"
	"context"
	"io"
	"mime/quotedprintable"

	"vigie/scanner"
)

var vcardFormat = scanner.Format{
	Name: "vcard",
	Doc: `address books (vCard 2.1 to 4.0, RFC 6350)

A row a card: names, birth date, telephone numbers, e-mail and postal addresses
in columns of their own. Folded lines are joined, quoted-printable is decoded;
photographs, sounds and keys are left out.`,
	Match: func(_ string, head []byte) bool { return isVCard(headText(head)) },
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		return readVCard(ctx, decode(c.Stream()), slabSize, yield)
	},
}

func isVCard(head []byte) bool {
	head = bytes.TrimLeft(head, " \r\n")
	return len(head) > 12 && bytes.EqualFold(head[:11], []byte("BEGIN:VCARD")) && (head[11] == '\r' || head[11] == '\n')
}

// vcardTitles say what properties hold: one title, or one for each part between
// semicolons; a part without one is left to the property's name.
var vcardTitles = map[string][]string{
	"FN": {"full name"}, "NICKNAME": {"nickname"}, "BDAY": {"birth date"}, "BIRTHPLACE": {"birth place"},
	"GENDER": {"gender"}, "TEL": {"telephone"}, "EMAIL": {"email"}, "ORG": {"organisation"},
	"N":   {"last name", "first name", "second prenom", "civilite", ""},
	"ADR": {"", "complement", "street address", "city", "", "postcode", "country"},
}

// A vcardLine is a property: NAME;PARAMETER=x:value.
type vcardLine struct {
	name, params, value []byte
}

func splitVCard(line []byte) (p vcardLine, ok bool) {
	quoted, at := false, -1
	for i, c := range line {
		if c == '"' {
			quoted = !quoted
		} else if c == ':' && !quoted {
			at = i
			break
		}
	}
	if at < 1 {
		return p, false
	}
	p.name, p.params, _ = bytes.Cut(line[:at], []byte{';'})
	if dot := bytes.LastIndexByte(p.name, '.'); dot >= 0 {
		p.name = p.name[dot+1:] // item1.EMAIL
	}
	for _, c := range p.name {
		if !isLower(c) && !isUpper(c) && !isDigit(c) && c != '-' {
			return p, false
		}
	}
	p.name, p.params, p.value = bytes.ToUpper(p.name), bytes.ToUpper(p.params), line[at+1:]
	return p, len(p.name) > 0
}

// isBinary reports whether the value is no text.
func (p vcardLine) isBinary() bool {
	switch string(p.name) {
	case "PHOTO", "LOGO", "SOUND", "KEY":
		return !bytes.HasPrefix(p.value, []byte("http"))
	}
	return bytes.Contains(p.params, []byte("BASE64")) || bytes.Contains(p.params, []byte("ENCODING=B"))
}

// text returns the value decoded.
func (p vcardLine) text() []byte {
	if !bytes.Contains(p.params, []byte("QUOTED-PRINTABLE")) {
		return p.value
	}
	text, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(p.value)))
	if err != nil {
		return p.value
	}
	return decodeHead(text)
}

// parts splits a value at semicolons, without its escapes.
func parts(value []byte) [][]byte {
	out := [][]byte{nil}
	for i := 0; i < len(value); i++ {
		c := value[i]
		switch {
		case c == '\\' && i+1 < len(value):
			i++
			if c = value[i]; c == 'n' || c == 'N' {
				c = ' '
			}
		case c == ';':
			out = append(out, nil)
			continue
		}
		out[len(out)-1] = append(out[len(out)-1], c)
	}
	return out
}

func readVCard(ctx context.Context, src *decoder, size int, yield func(*scanner.Block) error) error {
	l := lined{ctx: ctx, yield: yield}
	table := recordTable{yield: yield}
	var u unfolder
	soft := false // the line before ends in a soft line end of quoted-printable
	take := func(line []byte) bool {
		p, ok := splitVCard(line)
		switch {
		case !ok:
			return len(bytes.TrimSpace(line)) == 0
		case bytes.Equal(p.name, []byte("BEGIN")), bytes.Equal(p.name, []byte("END")):
			l.stop = table.end()
			return true
		case bytes.Equal(p.name, []byte("VERSION")), p.isBinary():
			return true
		}
		titles := vcardTitles[string(p.name)]
		fields := parts(p.text())
		if len(titles) < 2 {
			fields = [][]byte{bytes.Join(fields, []byte(" "))}
		}
		for i, f := range fields {
			if f = bytes.TrimSpace(f); len(f) == 0 {
				continue
			}
			title := p.name
			if i < len(titles) && titles[i] != "" {
				title = []byte(titles[i])
			}
			if !table.put(title, f) {
				l.aside(title, []byte(": "), f)
			}
		}
		return true
	}
	line := func(line []byte) bool {
		if soft {
			u.line = append(bytes.TrimSuffix(u.line, []byte("=")), line...)
			soft = len(u.line) < lineMax && bytes.HasSuffix(line, []byte("="))
			return true
		}
		goesOn := len(line) > 0 && (line[0] == ' ' || line[0] == '\t')
		if before := u.next(line, goesOn); before != nil && !take(before) {
			l.aside(before)
			l.odd++
		}
		soft = bytes.HasSuffix(line, []byte("=")) && bytes.Contains(bytes.ToUpper(line[:min(len(line), 200)]), []byte("QUOTED-PRINTABLE"))
		return true
	}
	return l.read(src, size, line, func() error {
		if before := u.begin(nil); before != nil && !take(before) {
			l.aside(before)
		}
		if err := table.end(); err != nil {
			return err
		}
		return table.flush()
	})
}
