package source

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"vigie/scanner"
)

// facts is what the headers of a response say about an object.
type facts struct {
	size     int64 // -1 when unknown
	modified time.Time
	etag     string
	kind     string // media type, in lower case
	packed   string // Content-Encoding, "" for none
	unranged bool   // the server says so
}

func factsOf(resp *http.Response) facts {
	f := facts{size: total(resp), etag: resp.Header.Get("ETag"), unranged: resp.Header.Get("Accept-Ranges") == "none"}
	f.modified, _ = http.ParseTime(resp.Header.Get("Last-Modified"))
	f.kind, _, _ = mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if f.packed = strings.ToLower(resp.Header.Get("Content-Encoding")); f.packed == "identity" {
		f.packed = ""
	}
	return f
}

// total returns the size of the whole object that a response is about, or of
// which it brings a part; -1 when it does not say.
func total(resp *http.Response) int64 {
	if resp.StatusCode != http.StatusPartialContent && resp.StatusCode != http.StatusRequestedRangeNotSatisfiable {
		return resp.ContentLength
	}
	_, size, _ := strings.Cut(resp.Header.Get("Content-Range"), "/")
	n, err := strconv.ParseInt(size, 10, 64)
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// changed reports whether the object is no longer what it was. Servers behind
// one name may have an ETag each: the same date and size are enough.
func (f facts) changed(now facts) bool {
	size := f.size >= 0 && now.size >= 0 && f.size != now.size
	switch {
	case f.etag != "" && f.etag == now.etag, f.etag == "" && f.modified.IsZero():
		return size
	case !f.modified.IsZero() && f.modified.Equal(now.modified):
		return size
	}
	return true
}

func (f facts) html() bool { return f.kind == "text/html" || f.kind == "application/xhtml+xml" }

// ask finds out what lies at u, by HEAD or, where that is refused or does not
// say the size, by the first byte. Some programs answer HEAD with a length of
// 0: that is not believed.
func (f *fetcher) ask(ctx context.Context, u *url.URL, allow func(*url.URL) error) (facts, *url.URL, error) {
	resp, at, err := f.fetch(ctx, http.MethodHead, u, "", allow)
	var head facts
	if err != nil {
		var p *scanner.Problem
		if !errors.As(err, &p) || !refusesHead(p) {
			return facts{}, at, err
		}
	} else {
		resp.Body.Close()
		if head = factsOf(resp); resp.StatusCode == http.StatusOK && (head.size > 0 || head.html()) {
			return head, at, nil
		}
	}
	resp, at, err = f.fetch(ctx, http.MethodGet, u, "bytes=0-0", allow)
	if err != nil {
		return facts{}, at, err
	}
	resp.Body.Close()
	if resp.StatusCode == http.StatusRequestedRangeNotSatisfiable { // empty; the rest is about the refusal
		head.size = max(0, total(resp))
		return head, at, nil
	}
	return factsOf(resp), at, nil
}

// refusesHead reports whether a GET may do better: HEAD is not there, or not
// allowed (an address that was signed for GET).
func refusesHead(p *scanner.Problem) bool {
	for _, status := range []string{"400", "403", "405", "501"} {
		if strings.HasPrefix(p.Detail, status) {
			return true
		}
	}
	return false
}

// opener reads the object at u, of which the listing knew the facts.
func (f *fetcher) opener(u *url.URL, known facts, allow func(*url.URL) error) opener {
	var unranged atomic.Bool // learnt from an answer, shared by all copies
	unranged.Store(known.unranged)
	open := func(ctx context.Context, off, n int64) (io.ReadCloser, error) {
		ranged := ""
		switch {
		case n == 0 || off > 0 && known.size >= 0 && off >= known.size:
			return io.NopCloser(bytes.NewReader(nil)), nil
		case off > 0 && unranged.Load():
			return nil, scanner.ErrUnranged
		case n > 0 && known.size != 0:
			ranged = fmt.Sprintf("bytes=%d-%d", off, off+n-1)
		case off > 0:
			ranged = fmt.Sprintf("bytes=%d-", off)
		}
		resp, _, err := f.fetch(ctx, http.MethodGet, u, ranged, allow)
		if err == nil && resp.StatusCode == http.StatusRequestedRangeNotSatisfiable && off == 0 {
			resp.Body.Close()
			resp, _, err = f.fetch(ctx, http.MethodGet, u, "", allow)
		}
		if err != nil {
			return nil, err
		}
		body, err := known.body(resp, off, n)
		if err != nil {
			resp.Body.Close()
			if err == scanner.ErrUnranged {
				unranged.Store(true)
			}
		}
		return body, err
	}
	return f.resumed(known.size, open)
}

// body checks that a response is what was asked for, and of the object that
// was listed.
func (f facts) body(resp *http.Response, off, n int64) (io.ReadCloser, error) {
	now := factsOf(resp)
	switch resp.StatusCode {
	case http.StatusOK:
		if off > 0 {
			return nil, scanner.ErrUnranged
		}
	case http.StatusPartialContent:
		var start int64
		if _, err := fmt.Sscanf(resp.Header.Get("Content-Range"), "bytes %d-", &start); err != nil || start != off {
			return nil, &scanner.Problem{Reason: scanner.Malformed, Detail: "server answers with another range"}
		}
		if f.changed(now) {
			return nil, changed()
		}
	default:
		return nil, &scanner.Problem{Reason: scanner.Truncated, Detail: fmt.Sprintf("server has no byte %d", off)}
	}
	var body io.Reader = resp.Body
	switch now.packed {
	case f.packed: // packed where it is kept: the bytes are the object
	case "gzip", "x-gzip":
		// Packed for the way although not asked for.
		if off > 0 {
			return nil, scanner.ErrUnranged
		}
		body = &unpacking{packed: resp.Body}
	default:
		return nil, &scanner.Problem{Reason: scanner.Unsupported, Detail: "content encoding " + strconv.Quote(now.packed)}
	}
	if n >= 0 {
		body = io.LimitReader(body, n)
	}
	return limited{body, resp.Body}, nil
}

// unpacking undoes gzip, from the first read on.
type unpacking struct {
	packed io.Reader
	z      *gzip.Reader
}

func (u *unpacking) Read(p []byte) (int, error) {
	if u.z == nil {
		z, err := gzip.NewReader(u.packed)
		if err != nil {
			return 0, err
		}
		u.z = z
	}
	return u.z.Read(p)
}

func changed() error {
	return &scanner.Problem{Reason: scanner.Skipped, Detail: "changed while being read"}
}

// object is the object at u.
func (f *fetcher) object(u *url.URL, known facts, allow func(*url.URL) error) scanner.Object {
	return scanner.Object{
		Path:     showURL(u),
		Size:     known.size,
		Modified: known.modified,
		Version:  strings.Trim(strings.TrimPrefix(known.etag, "W/"), `"`),
		Open:     f.opener(u, known, allow),
		Exposure: func(ctx context.Context) scanner.Exposure {
			a, err := f.anonymous(ctx, u)
			e := a.exposure(err, known.modified)
			if f.user != nil && (e.State == scanner.Public || e.State == scanner.Network) && a.size >= 0 && known.size >= 0 && a.size != known.size {
				// A page that asks who one is.
				e.State, e.How = scanner.Private, e.How+" with something else"
			}
			return e
		},
	}
}

// showURL returns an address as it may be shown: with its escapes undone where
// that leaves it readable and unmistakable, without user, and without the
// values of its query.
func showURL(u *url.URL) string {
	path := u.Path
	if strings.ContainsFunc(path, func(r rune) bool {
		return r < ' ' || 0x7f <= r && r < 0xa0 || r == '\uFFFD' || strings.ContainsRune("%?#\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", r)
	}) {
		path = u.EscapedPath()
	}
	shown := u.Scheme + "://" + u.Host + path
	if u.RawQuery != "" {
		shown += "?" + maskQuery(u.RawQuery)
	}
	return shown
}
