package report

import (
	"bytes"
	"net/netip"
	"strconv"
	"time"
)

// A request is what a line of an access log says. Its bytes are those of the
// line, valid until the next is read.
type request struct {
	bucket  []byte // in logs of S3; otherwise nil
	host    []byte // asked for; nil where the log does not say
	front   bool   // host is a name of CloudFront's, which says nothing of the place
	path    []byte // as it was asked for, percent-encoded; nil: of no object
	query   []byte
	escaped bool // the log writes \x41 for bytes that it does not write plainly
	plain   bool // path is not percent-encoded
	verb    verb
	status  int
	bytes   int64
	address []byte
	agent   []byte
	when    []byte
	layout  string
}

type verb uint8

const (
	other verb = iota
	get
	head
)

// time returns when it was, in UTC; zero where that is not understood.
func (r *request) time() time.Time {
	if r.layout == "" { // seconds since 1970
		f, err := strconv.ParseFloat(string(r.when), 64)
		if err != nil || f < 0 || f > 1e11 {
			return time.Time{}
		}
		return time.UnixMilli(int64(f * 1000)).UTC()
	}
	t, err := time.Parse(r.layout, string(r.when))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

const clfTime = "02/Jan/2006:15:04:05 -0700"

// textLine reads a line of Apache's and nginx's common and combined formats,
// with or without a virtual host before them, or of the server access logs of
// S3. It reports whether the line is one.
func (r *request) textLine(line []byte) bool {
	at := clock(line)
	if at < 0 {
		return false
	}
	*r = request{when: line[at+1 : at+1+len(clfTime)], layout: clfTime, escaped: true}
	before := bytes.Fields(line[:at])
	rest := bytes.TrimLeft(line[at+len(clfTime)+2:], " ")
	if len(before) == 2 && len(rest) > 0 && rest[0] != '"' {
		return r.s3Line(before[1], rest)
	}
	switch n := len(before); {
	case n == 0:
		return false
	case n >= 4 && isAddress(before[1]):
		r.host, r.address = before[0], before[1]
	case n == 4 && !isAddress(before[0]):
		r.host, r.address = before[0], before[1]
	default:
		r.address = before[0]
	}
	asked, rest, ok := inQuotes(rest)
	if !ok {
		return false
	}
	r.ask(asked)
	status, rest := word(rest)
	sent, rest := word(rest)
	if !r.answer(status, sent) {
		return false
	}
	if _, rest, ok = inQuotes(rest); ok { // the referrer
		r.agent, _, _ = inQuotes(rest)
	}
	return true
}

// clock returns where the bracket of a time such as
// [10/Oct/2000:13:55:36 -0700] stands, -1 for nowhere.
func clock(line []byte) int {
	for from := 0; ; {
		i := bytes.IndexByte(line[from:], '[')
		if i < 0 || from+i+len(clfTime)+1 >= len(line) {
			return -1
		}
		from += i
		t := line[from+1:]
		if t[2] == '/' && t[6] == '/' && t[11] == ':' && t[20] == ' ' && t[26] == ']' {
			return from
		}
		from++
	}
}

// s3Line reads what follows the time: the remote address, the requester, the
// request id, the operation, the key, the request, and what came of it.
func (r *request) s3Line(bucket, rest []byte) bool {
	var operation, key []byte
	r.bucket, r.escaped = bucket, false
	r.address, rest = word(rest)
	_, rest = word(rest)
	_, rest = word(rest)
	operation, rest = word(rest)
	key, rest = word(rest)
	asked, rest, ok := inQuotes(rest)
	if !ok {
		return false
	}
	r.ask(asked)
	status, rest := word(rest)
	_, rest = word(rest) // error code
	sent, rest := word(rest)
	if !r.answer(status, sent) {
		return false
	}
	for range 3 { // size of the object, total time, turn-around time
		_, rest = word(rest)
	}
	if _, rest, ok = inQuotes(rest); ok {
		r.agent, _, _ = inQuotes(rest)
	}
	r.path = nil
	if !bytes.Equal(key, []byte("-")) {
		r.path = append([]byte{'/'}, key...)
	}
	r.verb = operationVerb(string(operation))
	return true
}

// operationVerb says which operations of S3 hand over content.
func operationVerb(operation string) verb {
	switch operation {
	case "REST.GET.OBJECT", "WEBSITE.GET.OBJECT", "REST.COPY.OBJECT_GET", "REST.SELECT.OBJECT", "REST.GET.OBJECT_TORRENT",
		"GetObject", "SelectObjectContent":
		return get
	case "REST.HEAD.OBJECT", "WEBSITE.HEAD.OBJECT", "HeadObject":
		return head
	}
	return other
}

// ask reads a request such as GET /a?b HTTP/1.1. What is none, as clients that
// break off send it, is for no object.
func (r *request) ask(asked []byte) {
	method, uri, ok := bytes.Cut(asked, []byte{' '})
	if !ok {
		return
	}
	if i := bytes.LastIndexByte(uri, ' '); i >= 0 && bytes.HasPrefix(uri[i+1:], []byte("HTTP/")) {
		uri = uri[:i]
	}
	r.method(method)
	r.uri(uri)
}

func (r *request) method(method []byte) {
	switch string(method) {
	case "GET":
		r.verb = get
	case "HEAD":
		r.verb = head
	default:
		r.verb = other
	}
}

// uri takes an address: a path, or of a proxy with scheme and host.
func (r *request) uri(uri []byte) {
	for _, scheme := range []string{"http://", "https://"} {
		if len(uri) > len(scheme) && bytes.EqualFold(uri[:len(scheme)], []byte(scheme)) {
			host, _, _ := bytes.Cut(uri[len(scheme):], []byte{'/'})
			r.host, uri = host, uri[len(scheme)+len(host):]
			break
		}
	}
	uri, _, _ = bytes.Cut(uri, []byte{'#'})
	uri, r.query, _ = bytes.Cut(uri, []byte{'?'})
	if len(uri) > 0 && uri[0] == '/' {
		r.path = uri
	}
}

// answer takes status and bytes; - is none.
func (r *request) answer(status, sent []byte) bool {
	if string(status) != "-" {
		n, err := strconv.ParseUint(string(status), 10, 16)
		if err != nil || n > 999 {
			return false
		}
		r.status = int(n)
	}
	if len(sent) == 0 {
		return false
	}
	if string(sent) != "-" {
		n, err := strconv.ParseInt(string(sent), 10, 64)
		if err != nil || n < 0 {
			return false
		}
		r.bytes = n
	}
	return true
}

// word returns what comes before the next space.
func word(s []byte) (first, rest []byte) {
	s = bytes.TrimLeft(s, " ")
	if i := bytes.IndexByte(s, ' '); i >= 0 {
		return s[:i], s[i+1:]
	}
	return s, nil
}

// inQuotes returns what stands between quotes at the beginning of s. A quote
// behind a backslash is one of the text.
func inQuotes(s []byte) (text, rest []byte, ok bool) {
	s = bytes.TrimLeft(s, " ")
	if len(s) == 0 || s[0] != '"' {
		if len(s) > 0 && s[0] == '-' {
			return nil, s[1:], true
		}
		return nil, s, false
	}
	for i := 1; i < len(s); {
		n := bytes.IndexByte(s[i:], '"')
		if n < 0 {
			return nil, s, false
		}
		i += n
		slashes := 0
		for s[i-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return s[1:i], s[i+1:], true
		}
		i++
	}
	return nil, s, false
}

func isAddress(s []byte) bool {
	if len(s) > 64 {
		return false
	}
	_, err := netip.ParseAddr(string(s))
	return err == nil
}
