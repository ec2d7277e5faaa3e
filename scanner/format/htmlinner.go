package format

import (
	"io"
	"strconv"

	"golang.org/x/net/html"

	"vigie/scanner"
)

// An innerText reads what an element of a page holds as it stands, up to its end tag.
// The tags in it are left out.
type innerText struct {
	p    *htmlPage
	name string // of the element
	rest []byte // of a token
	deep int    // elements of the same name in it
	end  error
}

func (t *innerText) Read(b []byte) (int, error) {
	for len(t.rest) == 0 {
		if t.end != nil {
			return 0, t.end
		}
		switch kind := t.p.z.Next(); kind {
		case html.ErrorToken:
			t.end = io.EOF // the page says why
			t.p.end = t.p.z.Err()
		case html.TextToken:
			t.rest = t.p.z.Text()
		case html.StartTagToken, html.EndTagToken:
			name, _ := t.p.z.TagName()
			switch {
			case string(name) == "br":
				t.rest = []byte{'\n'}
			case string(name) != t.name:
			case kind == html.StartTagToken:
				t.deep++
			case t.deep > 0:
				t.deep--
			default:
				t.end = io.EOF
			}
		case html.SelfClosingTagToken:
			if name, _ := t.p.z.TagName(); string(name) == "br" {
				t.rest = []byte{'\n'}
			}
		case html.CommentToken:
			t.p.f.note(t.p.z.Text())
		}
	}
	n := copy(b, t.rest)
	t.rest = t.rest[n:]
	return n, nil
}

// innerFormats read what stands in a page as it is laid out already.
func innerFormats() []scanner.Format {
	return []scanner.Format{sqlFormat, dsnFormat, jsonFormat, hl7Format, ldifFormat, vcardFormat, drawnFormat, fixedFormat, csvFormat, textFormat}
}

// inner reads what an element holds: a table, a text with tables in it, and of a
// script the data that are JSON.
func (p *htmlPage) inner(name string) {
	text := &innerText{p: p, name: name}
	defer io.Copy(io.Discard, text)
	o := scanner.Object{Path: name, Size: -1, Open: once(text)}
	c, err := scanner.NewContent(p.f.sheet.ctx, o, scanner.Limits{})
	if err != nil {
		return
	}
	defer c.Close()
	p.inners++
	label := name + " " + strconv.Itoa(p.inners)
	for _, f := range innerFormats() {
		if name == "script" && f.Name != jsonFormat.Name && f.Name != textFormat.Name || !f.Match(name, c.Head()) {
			continue
		}
		p.f.rest()
		p.f.sheet.flushOther()
		err := f.Read(p.f.sheet.ctx, c, func(b *scanner.Block) error {
			k := *b
			if k.Rows > 0 && k.Table != "" {
				k.Table = label + ", " + k.Table
			} else if k.Rows > 0 {
				k.Table = label
			}
			return p.f.sheet.yield(&k)
		})
		if err != nil && p.f.sheet.stop == nil && !isProblem(err) {
			p.f.sheet.stop = err
		} else if err != nil && p.fault == nil {
			p.fault = err
		}
		return
	}
}
