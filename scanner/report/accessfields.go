package report

import (
	"bytes"
	"strconv"
	"strings"
	"time"
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
