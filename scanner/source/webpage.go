package source

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"vigie/scanner"
)

// Limits of one page.
const (
	maxPage = 256 << 20 // bytes that are looked through for links: a listing of a million files
	maxTag  = 16 << 20  // bytes of a tag, a text or a script
	maxText = 1 << 20   // bytes of text that are kept for the scan; what is larger is read again
)

// A page is the answer to a request, before its body is read.
type page struct {
	io.ReadCloser
	at    *url.URL
	facts facts
}

// links reports whether the answer is of a kind that has links.
func (p *page) links() bool {
	return p.facts.html() || p.facts.kind == "application/json" && strings.HasSuffix(p.at.Path, "/")
}

// What a page says.
type said struct {
	links   names
	base    string
	listing bool   // made by the server: of no interest as text
	text    []byte // of the page, nil where it is too large to be held
}

// read finds the links, until they take more than room bytes of memory. It
// also returns what came before an error.
func (p *page) read(room int) (said, error) {
	s := said{}
	var in io.Reader = p.ReadCloser
	switch p.facts.packed {
	case "":
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(in)
		if err != nil {
			return s, err
		}
		in = z
	default:
		return s, &scanner.Problem{Reason: scanner.Unsupported, Detail: "content encoding " + p.facts.packed}
	}
	kept := &keeping{max: maxText}
	rest := &io.LimitedReader{R: in, N: maxPage}
	in = io.TeeReader(rest, kept)
	var err error
	if p.facts.html() {
		err = s.parse(in, p.at, room)
	} else {
		err = s.parseJSON(in, room)
	}
	switch {
	case err == nil && rest.N == 0:
		err = tooLarge()
	case err == nil && !kept.over:
		s.text = kept.Bytes()
	}
	return s, err
}

func tooLarge() error {
	return &scanner.Problem{Reason: scanner.Partial, Detail: "page is too large: not all of its links are followed"}
}

func cutShort() error {
	return &scanner.Problem{Reason: scanner.Partial, Detail: "page ends early: not all of its links are followed"}
}

// parse reads HTML.
func (s *said) parse(in io.Reader, at *url.URL, room int) error {
	z := html.NewTokenizer(in)
	z.SetMaxBuf(maxTag)
	var heading, title []byte
	var into *[]byte
	for {
		switch z.Next() {
		case html.ErrorToken:
			s.listing = isListing(at, string(title), string(heading), s.links)
			switch err := z.Err(); {
			case errors.Is(err, io.EOF):
				return nil
			case errors.Is(err, html.ErrBufferExceeded):
				return tooLarge()
			default:
				return err
			}
		case html.TextToken:
			if into != nil && len(*into) < 4<<10 {
				*into = append(*into, z.Text()...)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			switch string(name) {
			case "title":
				into = &title
			case "h1":
				into = &heading
			}
			if wanted := linkOf(string(name)); wanted != "" && more {
				s.link(z, string(name), wanted)
			}
			if s.links.size() > room {
				return tooLarge()
			}
		case html.EndTagToken:
			switch name, _ := z.TagName(); string(name) {
			case "title", "h1":
				into = nil
			}
		}
	}
}

// linkOf returns the attribute of a tag that leads to a document.
func linkOf(tag string) string {
	switch tag {
	case "a", "area", "base":
		return "href"
	case "iframe", "frame":
		return "src"
	case "object":
		return "data"
	}
	return ""
}

// link keeps the link in a tag.
func (s *said) link(z *html.Tokenizer, tag, wanted string) {
	for more := true; more; {
		var name, value []byte
		name, value, more = z.TagAttr()
		if string(name) != wanted {
			continue
		}
		ref := strings.Trim(string(value), " \t\r\n\f\x00")
		if tag == "base" {
			if s.base == "" {
				s.base = ref
			}
		} else if follows(ref) {
			s.links.add(ref)
		}
		return
	}
}

// follows reports whether a reference may lead to an object of a site.
func follows(ref string) bool {
	if ref == "" || ref[0] == '#' || strings.IndexByte(ref, 0) >= 0 || len(ref) > maxAddress {
		return false
	}
	if colon := strings.IndexAny(ref, ":/?#"); colon >= 0 && ref[colon] == ':' {
		switch strings.ToLower(ref[:colon]) {
		case "mailto", "javascript", "data", "tel", "ftp", "blob", "about", "file":
			return false
		}
	}
	return true
}

// isListing recognises the pages that servers make of a folder.
func isListing(at *url.URL, title, heading string, links names) bool {
	if !strings.HasSuffix(at.Path, "/") {
		return false
	}
	title, heading = html.UnescapeString(strings.TrimSpace(title)), html.UnescapeString(strings.TrimSpace(heading))
	for _, said := range []string{title, heading} {
		for _, begins := range []string{"Index of ", "Directory listing for ", "Directory Listing For ", "Directory: "} {
			if strings.HasPrefix(said, begins) { // Apache, nginx, lighttpd; Python; Tomcat; Jetty
				return true
			}
		}
		if said == at.Hostname()+" - "+at.Path || said == at.Host+" - "+at.Path { // IIS
			return true
		}
	}
	return bytes.Contains(links.text, []byte("https://caddyserver.com\x00")) && bytes.Contains(links.text, []byte("?sort=name"))
}

// parseJSON reads a listing of nginx or Caddy in JSON. Other JSON has no links
// and is no listing.
func (s *said) parseJSON(in io.Reader, room int) error {
	part := &io.LimitedReader{R: in, N: maxTag}
	d := json.NewDecoder(part)
	if t, err := d.Token(); err == nil && t == json.Delim('[') {
		s.listing = true
		for s.listing && d.More() {
			part.N = maxTag
			if !s.row(d) {
				s.links, s.listing = names{}, false
			}
			if s.links.size() > room {
				return tooLarge()
			}
		}
	}
	_, err := io.Copy(io.Discard, in) // what is no listing is kept as text
	return err
}

// row reads one row of a listing in JSON. It returns false when it is none.
func (s *said) row(d *json.Decoder) bool {
	var row struct {
		Name, Type, URL string // nginx has the type, Caddy the address
		Folder          bool   `json:"is_dir"`
	}
	if err := d.Decode(&row); err != nil || row.Name == "" || row.Type == "" && row.URL == "" || strings.ContainsRune(row.Name, 0) {
		return false
	}
	ref := "./" + url.PathEscape(strings.TrimSuffix(row.Name, "/"))
	if row.Folder || row.Type == "directory" {
		ref += "/"
	}
	s.links.add(ref)
	return true
}

// reference resolves a link as browsers do: a percent sign that escapes
// nothing stands for itself, as does a colon in a file name.
func reference(base *url.URL, ref string) (*url.URL, error) {
	ref = strings.NewReplacer("\t", "", "\r", "", "\n", "").Replace(ref)
	u, err := base.Parse(ref)
	if err == nil {
		return u, nil
	}
	var b strings.Builder
	for i := range len(ref) {
		b.WriteByte(ref[i])
		if ref[i] == '%' && (i+2 >= len(ref) || !isHex(ref[i+1]) || !isHex(ref[i+2])) {
			b.WriteString("25")
		}
	}
	if u, err = base.Parse(b.String()); err == nil {
		return u, nil
	}
	return base.Parse("./" + b.String())
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

// keeping keeps what is written to it, up to a size.
type keeping struct {
	bytes.Buffer
	max  int
	over bool
}

func (k *keeping) Write(p []byte) (int, error) {
	if k.over || k.Len()+len(p) > k.max {
		k.over = true
		k.Buffer = bytes.Buffer{}
		return len(p), nil
	}
	return k.Buffer.Write(p)
}

// held opens text that is in memory.
func held(text []byte) opener {
	return func(ctx context.Context, off, n int64) (io.ReadCloser, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		size := int64(len(text))
		off = min(max(off, 0), size)
		if n < 0 || n > size-off {
			n = size - off
		}
		return io.NopCloser(bytes.NewReader(text[off : off+n])), nil
	}
}
