package format

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/transform"

	"vigie/scanner"
)

var htmlFormat = scanner.Format{
	Name: "html",
	Doc: `HTML pages

Blocks are lines of running text, in the order of the page; entities are in place,
and so are alternative texts, values of fields, addresses that links write to, and
what scripts and comments hold. What is laid out already (pre, textarea) and JSON in
scripts are read as a document of their own would be. A table is a table, with the titles that its rows
would have in a CSV; a small one, one of labels and values, and one that lays out the
page are running text: "label: value". Text is in the character set that the page
declares, unless its bytes say otherwise. What a script would fetch is not read.`,
	Match: func(_ string, head []byte) bool { return isHTML(headText(head)) },
	Read:  readHTML,
}

const (
	htmlToken = 8 << 20 // bytes of a tag, comment or script; a page with a longer one is text from there on
	htmlHead  = 4 << 10 // bytes in which the first tags of a page stand

	htmlInners = 1000 // elements that are read as documents of their own; others are lines
)

// isHTML reports whether a decoded head begins with the tags that pages begin with.
func isHTML(head []byte) bool {
	head = bytes.TrimLeft(head[:min(len(head), htmlHead)], " \t\r\n")
	xml := false
	for len(head) > 4 && head[0] == '<' {
		end := 0
		switch {
		case hasFold(head, "<!doctype html"), hasFold(head, "<html"), hasFold(head, "<head>"), hasFold(head, "<head "), hasFold(head, "<body"):
			return true
		case hasFold(head, "<meta "), hasFold(head, "<table>"), hasFold(head, "<table "), hasFold(head, "<title>"):
			return !xml // an element of that name is nothing special there
		case bytes.HasPrefix(head, []byte("<!--")):
			end = xmlEnd(head, 4, "-->")
		case bytes.HasPrefix(head, []byte("<?xml")):
			end, xml = xmlEnd(head, 2, "?>"), true
		}
		if end == 0 {
			return false
		}
		head = bytes.TrimLeft(head[end:], " \t\r\n")
	}
	return false
}

// pageSource returns the text of a page in UTF-8: as its bytes are, where they are
// UTF-8 or UTF-16, and otherwise in the charset that is said or that the page declares.
func pageSource(head []byte, r io.Reader, charset string) io.Reader {
	charset = strings.ToLower(charset)
	set, _ := sniffCharset(head)
	if set == plainASCII && (charset == "utf-7" || strings.HasPrefix(charset, "iso-2022")) {
		return mailDecode(r, charset)
	}
	if set < windows1252 {
		return decode(r)
	}
	if charset == "" {
		top := bytes.ToLower(head[:min(len(head), htmlHead)])
		i := bytes.Index(top, []byte("charset"))
		if i < 0 {
			return decode(r)
		}
		charset = strings.TrimLeft(string(top[i+len("charset"):]), "= \"'")
		if end := strings.IndexAny(charset, " \"'/>;"); end >= 0 {
			charset = charset[:end]
		}
	}
	if e, err := htmlindex.Get(charset); err == nil && charset != "utf-8" && charset != "utf8" && !strings.HasPrefix(charset, "utf-16") {
		return transform.NewReader(r, e.NewDecoder())
	}
	return decode(r)
}

func readHTML(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
	_, err := readPage(ctx, pageSource(c.Head(), c.Stream(), ""), 0, yield)
	return err
}

// readPage reads a page in UTF-8. Its tables are numbered behind so many, and the
// number of the last is returned.
func readPage(ctx context.Context, r io.Reader, tables int, yield func(*scanner.Block) error) (int, error) {
	in := &countedReader{r: wideReader{r}, ctx: ctx}
	p := htmlPage{z: html.NewTokenizer(in), f: openFolio(ctx, yield, func() int64 { return in.n })}
	p.f.count = tables
	p.z.SetMaxBuf(htmlToken)
	err := p.read()
	if stop := p.f.finish(); stop != nil {
		return p.f.count, stop
	}
	if errors.Is(err, html.ErrBufferExceeded) {
		d := document{ctx: ctx, yield: yield}
		return p.f.count, d.read(io.MultiReader(bytes.NewReader(bytes.Clone(p.z.Raw())), bytes.NewReader(bytes.Clone(p.z.Buffered())), in))
	}
	if err == nil || err == io.EOF {
		return p.f.count, p.fault
	}
	return p.f.count, fault(err)
}

// A countedReader counts what is read, until ctx is done.
type countedReader struct {
	r   io.Reader
	ctx context.Context
	n   int64
}

func (c *countedReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// A wideReader never asks a decoder for less than it can give.
type wideReader struct{ r io.Reader }

func (w wideReader) Read(p []byte) (int, error) {
	if len(p) >= utf8.UTFMax {
		return w.r.Read(p)
	}
	return 0, nil
}

// An htmlPage reads the text of a page.
type htmlPage struct {
	z   *html.Tokenizer
	f   *folio
	raw bool // in a script or style
	pre bool // line ends are line ends

	inners int   // elements that were read as they stand
	fault  error // the first problem in them
	end    error // the page ended in one
}

func (p *htmlPage) read() error {
	for p.f.sheet.stop == nil {
		if p.end != nil {
			return p.end
		}
		switch p.z.Next() {
		case html.ErrorToken:
			return p.z.Err()
		case html.TextToken:
			p.text(p.z.Text())
		case html.StartTagToken:
			p.tag(false)
		case html.SelfClosingTagToken:
			p.tag(true)
		case html.EndTagToken:
			name, _ := p.z.TagName()
			p.leave(string(name))
		case html.CommentToken:
			if v := p.z.Text(); !bytes.HasPrefix(v, []byte("?xml")) {
				p.f.note(v)
			}
		}
		p.f.check()
	}
	return nil
}

// text adds text: white space is one space, but in what is laid out already.
func (p *htmlPage) text(b []byte) {
	v := p.f.here()
	if p.raw || p.pre {
		for len(b) > 0 {
			n := min(len(b), folioText)
			*v = append(*v, b[:n]...)
			b = b[n:]
			p.f.check()
			v = p.f.here()
		}
		return
	}
	space := len(*v) == 0 || (*v)[len(*v)-1] == ' ' || (*v)[len(*v)-1] == '\n'
	for _, c := range b {
		if c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' {
			if !space {
				*v = append(*v, ' ')
			}
			space = true
			continue
		}
		*v, space = append(*v, c), false
	}
}

// tag begins an element.
func (p *htmlPage) tag(empty bool) {
	f := p.f
	n, attrs := p.z.TagName()
	name := string(n)
	span := 1
	for attrs {
		var key, v []byte
		key, v, attrs = p.z.TagAttr()
		switch string(key) {
		case "colspan":
			span, _ = strconv.Atoi(string(v))
		case "alt", "title", "value", "placeholder", "aria-label", "content", "summary", "srcdoc":
			if len(v) > 2 && name != "option" {
				f.note(v)
			}
		case "href", "action":
			if bytes.IndexByte(v, '@') >= 0 || bytes.IndexByte(v, '=') >= 0 || hasFold(v, "tel:") {
				f.note(v)
			}
		default:
			if bytes.HasPrefix(key, []byte("data-")) && len(v) > 8 {
				f.note(v)
			}
		}
	}
	switch name {
	case "script", "pre", "textarea", "xmp", "listing", "plaintext":
		p.line()
		p.raw, p.pre = name == "script" || name == "xmp", name == "pre" || name == "listing"
		if !empty && !f.inCell && f.aside == 0 && len(f.open) == 0 && p.inners < htmlInners {
			p.raw, p.pre = false, false
			p.inner(name)
		}
	case "style":
		p.line()
		p.raw = !empty
	case "br":
		if f.inCell || f.aside > 0 || len(f.line) > 0 {
			f.write("\n")
		}
	case "table":
		f.beginTable()
	case "tr":
		if p.inTable() {
			f.endRow()
		}
		f.beginRow()
	case "td", "th":
		f.endCell()
		f.beginCell(span)
	case "option":
		f.write(" ")
	default:
		if isHTMLBlock(name) {
			p.line()
		}
	}
}

// inTable reports whether the innermost table is laid down as rows.
func (p *htmlPage) inTable() bool { return len(p.f.open) > 0 && p.f.mode() == tableRows }

// line ends a line, where there is one.
func (p *htmlPage) line() {
	if v := p.f.here(); len(bytes.TrimSpace(*v)) > 0 {
		*v = bytes.TrimRight(*v, " ")
		p.f.endLine()
	} else if !p.f.inCell {
		*v = (*v)[:0]
		p.f.rest()
	}
}

// leave ends an element.
func (p *htmlPage) leave(name string) {
	f := p.f
	switch name {
	case "script", "style", "textarea", "xmp":
		p.raw = false
		p.line()
	case "pre", "listing":
		p.pre = false
		p.line()
	case "td", "th":
		f.endCell()
	case "tr":
		f.endRow()
	case "table":
		f.endTable()
	default:
		if isHTMLBlock(name) {
			p.line()
		}
	}
}

// isHTMLBlock reports whether an element begins and ends a line.
func isHTMLBlock(name string) bool {
	switch name {
	case "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl", "dt", "dd", "title", "head", "body", "html", "section", "article",
		"header", "footer", "main", "nav", "aside", "address", "blockquote", "form", "fieldset", "legend", "label", "select", "hr", "caption", "thead",
		"tbody", "tfoot", "center", "figure", "figcaption", "details", "summary", "iframe", "noscript", "button":
		return true
	}
	return false
}
