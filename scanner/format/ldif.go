package format

import (
	"bytes"
	"context"
	"encoding/base64"
	"unicode/utf8"

	"vigie/scanner"
)

var ldifFormat = scanner.Format{
	Name: "ldif",
	Doc: `directory exports (LDIF, RFC 2849)

A row an object of the directory, titled by the attributes; well-known ones by
what they hold (sn: last name). Folded lines are joined and base64 is decoded;
values that are no text, such as photographs and certificates, are left out.`,
	Match: func(_ string, head []byte) bool { return isLDIF(headText(head)) },
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		return readLDIF(ctx, decode(c.Stream()), slabSize, yield)
	},
}

// ldifTitles say what attributes hold (RFC 4519, RFC 2798, SUPANN), by their
// names in lower case.
var ldifTitles = map[string]string{
	"sn": "last name", "surname": "last name", "givenname": "first name", "gn": "first name",
	"cn": "full name", "displayname": "full name", "mail": "email", "rfc822mailbox": "email",
	"telephonenumber": "telephone", "mobile": "mobile", "homephone": "telephone domicile",
	"street": "street address", "streetaddress": "street address", "postaladdress": "adresse postale",
	"homepostaladdress": "adresse postale", "l": "city", "postalcode": "postcode",
	"userpassword": "password", "dateofbirth": "birth date", "birthdate": "birth date",
	"supannoidcdatedenaissance": "birth date", "schacdateofbirth": "birth date", "schacgender": "gender",
	"supanncodeine": "INE", "supannnir": "NIR",
}

// isLDIF reports whether the first line that is no comment names an object, or
// the version and the next one does; and whether an attribute follows.
func isLDIF(head []byte) bool {
	named := false
	for line := range bytes.Lines(head) {
		line = unended(line)
		switch {
		case len(line) == 0 && !named, bytes.HasPrefix(line, []byte("#")):
		case named && len(line) > 0 && line[0] == ' ':
		case named:
			label, _, ok := ldifLine(line)
			return ok && len(label) > 0
		case len(line) > 4 && bytes.EqualFold(line[:3], []byte("dn:")) && (bytes.IndexByte(line, '=') > 0 || line[3] == ':'):
			named = true
		case !bytes.HasPrefix(line, []byte("version:")):
			return false
		}
	}
	return false
}

// ldifLine splits a line into its attribute, without options, and its value as
// it is written, with what follows the first colon.
func ldifLine(line []byte) (attribute, value []byte, ok bool) {
	at := bytes.IndexByte(line, ':')
	if at < 1 || at > labelMax {
		return nil, nil, false
	}
	attribute = line[:at]
	if n := bytes.IndexByte(attribute, ';'); n > 0 {
		attribute = attribute[:n]
	}
	for _, c := range attribute {
		if !isLower(c) && !isUpper(c) && !isDigit(c) && c != '-' && c != '.' {
			return nil, nil, false
		}
	}
	return attribute, line[at+1:], true
}

// An unfolder joins lines that begin with a blank to the one before.
type unfolder struct {
	line []byte
	held bool
}

// next takes a line, and returns the whole one before it, nil if there is none
// yet.
func (u *unfolder) next(line []byte, goesOn bool) (before []byte) {
	if goesOn && u.held && len(u.line)+len(line) < lineMax*4 {
		u.line = append(u.line, line[1:]...)
		return nil
	}
	return u.begin(line)
}

func (u *unfolder) begin(line []byte) (before []byte) {
	if u.held {
		before = bytes.Clone(u.line)
	}
	u.line, u.held = append(u.line[:0], line...), len(line) > 0
	return before
}

func readLDIF(ctx context.Context, src *decoder, size int, yield func(*scanner.Block) error) error {
	l := lined{ctx: ctx, yield: yield}
	table := recordTable{yield: yield}
	var u unfolder
	titles := make(map[string][]byte) // by attribute
	take := func(line []byte) bool {
		if len(line) == 0 || line[0] == '#' {
			return true
		}
		attribute, value, ok := ldifLine(line)
		if !ok {
			return false
		}
		if table.filled == 0 && string(attribute) == "version" {
			return true
		}
		if table.filled == 0 && !bytes.EqualFold(attribute, []byte("dn")) {
			return false // what ldapsearch says of the search
		}
		title := titles[string(attribute)]
		if title == nil {
			title = bytes.Clone(attribute)
			if t, ok := ldifTitles[string(bytes.ToLower(attribute))]; ok {
				title = []byte(t)
			}
			if len(titles) < labelled {
				titles[string(attribute)] = title
			}
		}
		if bytes.HasPrefix(value, []byte(":")) {
			value, ok = textOf(bytes.TrimSpace(value[1:]))
			if !ok {
				return true
			}
		}
		return table.put(title, bytes.TrimSpace(value))
	}
	line := func(line []byte) bool {
		goesOn := len(line) > 0 && line[0] == ' '
		before := u.next(line, goesOn)
		if before != nil && !take(before) {
			l.aside(before)
			l.odd++
		}
		if len(line) == 0 {
			l.stop = table.end()
		}
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

// textOf decodes base64; ok is false where it holds no text. What is no base64
// is returned as it is.
func textOf(value []byte) (text []byte, ok bool) {
	text = make([]byte, base64.StdEncoding.DecodedLen(len(value)))
	n, err := base64.StdEncoding.Decode(text, value)
	if err != nil {
		return value, true
	}
	text = text[:n]
	return text, isText(text) && utf8.Valid(text)
}
