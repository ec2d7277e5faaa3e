package report

import (
	"bytes"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// A w3c is where the fields of a log in the extended format of the W3C stand,
// as CloudFront and IIS write it; nil before its line #Fields.
type w3c map[string]int

// directive reads a line that begins with #.
func (f *w3c) directive(line []byte) {
	if rest, ok := bytes.CutPrefix(line, []byte("#Fields:")); ok {
		*f = w3c{}
		for i, name := range strings.Fields(string(rest)) {
			(*f)[name] = i
		}
	}
}

// w3cLine reads a line of values, with tabs or spaces between.
func (r *request) w3cLine(f w3c, line []byte) bool {
	*r = request{}
	sep := " "
	if bytes.IndexByte(line, '\t') >= 0 {
		sep = "\t"
	}
	values := bytes.Split(line, []byte(sep))
	field := func(names ...string) []byte {
		for _, name := range names {
			if i, ok := f[name]; ok && i < len(values) && string(values[i]) != "-" {
				return values[i]
			}
		}
		return nil
	}
	r.address = field("c-ip")
	r.method(field("cs-method"))
	r.uri(field("cs-uri-stem"))
	r.query = field("cs-uri-query")
	r.front = field("x-edge-location") != nil && field("x-host-header") == nil
	r.host = field("x-host-header", "cs(Host)", "cs-host")
	r.front = r.front || bytes.HasSuffix(r.host, []byte(".cloudfront.net"))
	r.agent = decoded(nil, bytes.ReplaceAll(field("cs(User-Agent)"), []byte("+"), []byte(" ")), false)
	r.when = append(append(append(r.when, field("date")...), 'T'), field("time")...)
	r.layout = "2006-01-02T15:04:05"
	sent := field("sc-bytes")
	if sent == nil {
		sent = []byte("-")
	}
	return r.address != nil && len(r.when) == len(r.layout) && r.answer(field("sc-status"), sent)
}

// An event is what CloudTrail says besides.
type event struct{ name, source, trouble, key, copied []byte }

// jsonLine reads a line that is a JSON object with the names that nginx gives
// its variables or CloudFront its fields, or an event of CloudTrail.
func (r *request) jsonLine(line []byte) bool {
	*r = request{}
	var e event
	var day []byte
	ok := members(line, func(name, value []byte) bool {
		if string(name) == "date" {
			day = value
			return true
		}
		return r.member(&e, string(name), value)
	})
	if !ok || r.when == nil || r.address == nil {
		return false
	}
	if day != nil {
		r.when = bytes.Join([][]byte{day, r.when}, []byte("T"))
	}
	if !r.dated() {
		return false
	}
	if e.name != nil {
		r.happened(&e)
		return true
	}
	r.front = bytes.HasSuffix(r.host, []byte(".cloudfront.net"))
	return r.status > 0
}

// member takes a member of a line, and reports whether it can be one.
func (r *request) member(e *event, name string, value []byte) bool {
	switch name {
	case "remote_addr", "client_ip", "clientip", "remote_ip", "c-ip", "sourceIPAddress":
		r.address = value
	case "time_iso8601", "time_local", "time", "timestamp", "@timestamp", "ts", "msec", "eventTime":
		r.when = value
	case "request":
		r.ask(value)
	case "request_method", "method", "cs-method":
		r.method(value)
	case "request_uri", "uri", "path", "cs-uri-stem":
		query := r.query
		if r.uri(value); r.query == nil {
			r.query = query
		}
	case "args", "query_string", "cs-uri-query":
		r.query = value
	case "status", "sc-status":
		n, err := strconv.ParseUint(string(value), 10, 16)
		r.status = int(n)
		return err == nil
	case "body_bytes_sent", "bytes_sent", "sc-bytes", "bytes", "size":
		n, err := strconv.ParseInt(string(value), 10, 64)
		r.bytes = max(n, 0)
		return err == nil || string(value) == "-"
	case "http_user_agent", "user_agent", "cs(User-Agent)", "userAgent":
		r.agent = value
	case "host", "http_host", "x-host-header":
		r.host = value
	case "server_name", "cs(Host)":
		if r.host == nil {
			r.host = value
		}
	case "eventName":
		e.name = value
	case "eventSource":
		e.source = value
	case "errorCode":
		if string(value) != "null" {
			e.trouble = value
		}
	case "requestParameters", "additionalEventData":
		return string(value) == "null" || members(value, func(name, value []byte) bool {
			r.parameter(e, string(name), value)
			return true
		})
	}
	return true
}

// parameter takes a parameter of an operation of S3.
func (r *request) parameter(e *event, name string, value []byte) {
	switch name {
	case "bucketName":
		r.bucket = value
	case "key":
		e.key = value
	case "x-amz-copy-source":
		e.copied = value
	case "bytesTransferredOut":
		f, _ := strconv.ParseFloat(string(value), 64)
		r.bytes = int64(max(f, 0))
	}
}

// happened takes what CloudTrail says of an operation of S3; other events are
// for no object.
func (r *request) happened(e *event) {
	r.path, r.status = nil, 200
	if e.trouble != nil {
		r.status = 403
	}
	if string(e.source) != "s3.amazonaws.com" {
		return
	}
	r.verb = operationVerb(string(e.name))
	switch {
	case string(e.name) == "CopyObject" && e.copied != nil:
		bucket, key, _ := bytes.Cut(bytes.TrimPrefix(e.copied, []byte{'/'}), []byte{'/'})
		key, _, _ = bytes.Cut(key, []byte{'?'})
		r.verb, r.bucket, r.path = get, bucket, append([]byte{'/'}, key...)
	case e.key != nil && r.bucket != nil:
		r.plain, r.path = true, append([]byte{'/'}, e.key...)
	}
}

// dated knows the form of a time by its look.
func (r *request) dated() bool {
	switch {
	case bytes.IndexByte(r.when, '/') >= 0:
		r.layout = clfTime
	case bytes.IndexByte(r.when, '-') >= 0 && len(r.when) == len("2006-01-02T15:04:05"):
		r.layout = "2006-01-02T15:04:05"
	case bytes.IndexByte(r.when, '-') >= 0:
		r.layout = time.RFC3339
	}
	return !r.time().IsZero()
}

// members calls yield with the members of a JSON object: strings as what they
// stand for, everything else as it is written. It reports whether the object
// is whole and yield was content with each.
func members(s []byte, yield func(name, value []byte) bool) bool {
	s = bytes.TrimSpace(s)
	if len(s) < 2 || s[0] != '{' || s[len(s)-1] != '}' {
		return false
	}
	s = blank(s[1 : len(s)-1])
	for len(s) > 0 {
		name, rest, ok := jsonString(s)
		if rest = blank(rest); !ok || len(rest) == 0 || rest[0] != ':' {
			return false
		}
		rest = blank(rest[1:])
		var value []byte
		if len(rest) > 0 && rest[0] == '"' {
			value, rest, ok = jsonString(rest)
		} else {
			value, rest, ok = jsonOther(rest)
		}
		if !ok || !yield(name, value) {
			return false
		}
		if rest = blank(rest); len(rest) > 0 {
			if rest[0] != ',' {
				return false
			}
			if rest = blank(rest[1:]); len(rest) == 0 {
				return false
			}
		}
		s = rest
	}
	return true
}

func blank(s []byte) []byte { return bytes.TrimLeft(s, " \t\r\n") }

// jsonString reads a string. It takes \x41 too, which nginx writes unless it is
// told to escape for JSON.
func jsonString(s []byte) (text, rest []byte, ok bool) {
	if len(s) == 0 || s[0] != '"' {
		return nil, s, false
	}
	end := 1
	for {
		n := bytes.IndexAny(s[end:], `"\`)
		if n < 0 {
			return nil, s, false
		}
		end += n
		if s[end] == '"' {
			break
		}
		if end += 2; end >= len(s) {
			return nil, s, false
		}
	}
	text, rest = s[1:end], s[end+1:]
	if bytes.IndexByte(text, '\\') < 0 {
		return text, rest, true
	}
	plain := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c != '\\' {
			plain = append(plain, c)
			continue
		}
		i++
		switch c = text[i]; c {
		case 'n', 'r', 't', 'b', 'f':
			plain = append(plain, "\n\r\t\b\f"[strings.IndexByte("nrtbf", c)])
		case 'u':
			if i+4 >= len(text) {
				return nil, s, false
			}
			n, err := strconv.ParseUint(string(text[i+1:i+5]), 16, 16)
			if err != nil {
				return nil, s, false
			}
			plain = utf8.AppendRune(plain, rune(n))
			i += 4
		case 'x':
			if v, ok := hexByte(text[i:], 'x'); ok {
				plain = append(plain, v)
				i += 2
			}
		default:
			plain = append(plain, c)
		}
	}
	return plain, rest, true
}

// jsonOther reads a number, a word, or an object or array as it is written.
func jsonOther(s []byte) (value, rest []byte, ok bool) {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			_, rest, ok := jsonString(s[i:])
			if !ok {
				return nil, s, false
			}
			i = len(s) - len(rest) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth < 0 {
				return nil, s, false
			}
		case ',':
			if depth == 0 {
				return bytes.TrimSpace(s[:i]), s[i:], i > 0
			}
		}
	}
	return bytes.TrimSpace(s), nil, depth == 0 && len(s) > 0
}
