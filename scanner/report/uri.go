package report

import (
	"net/url"
	"strings"
)

// uri writes the path of an object as a URI reference (RFC 3986): local paths
// as file URIs where they are absolute. What is an escape already in the
// address of a web page stays one.
func uri(path string) string {
	scheme, rest, ok := strings.Cut(path, "://")
	switch {
	case ok && isScheme(scheme):
		host, path, _ := strings.Cut(rest, "/")
		web := scheme == "http" || scheme == "https"
		return scheme + "://" + escape(host, ":[]", false) + "/" + escape(path, ":?", web)
	case strings.HasPrefix(path, `\\`):
		return "file:" + escape(strings.ReplaceAll(path, `\`, "/"), ":", false)
	case len(path) > 2 && path[1] == ':' && (path[2] == '\\' || path[2] == '/'):
		return "file:///" + escape(strings.ReplaceAll(path, `\`, "/"), ":", false)
	case strings.HasPrefix(path, "/"):
		return "file://" + escape(path, ":", false)
	}
	return escape(path, "", false) // a colon would make a scheme of its beginning
}

func isScheme(s string) bool {
	for i, c := range []byte(s) {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (i == 0 || !('0' <= c && c <= '9' || strings.IndexByte("+-.", c) >= 0)) {
			return false
		}
	}
	return s != ""
}

// escape percent-encodes all but what may stand in a path, and the bytes in
// also. escaped: s may hold escapes, which stay.
func escape(s, also string, escaped bool) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case 'a' <= c|0x20 && c|0x20 <= 'z', '0' <= c && c <= '9', strings.IndexByte("-._~/!$&'()*+,;=@"+also, c) >= 0:
			b.WriteByte(c)
		case c == '%' && escaped && isEscape(s[i:]):
			b.WriteByte(c)
		default:
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

// isEscape reports whether s begins with a percent sign and two digits.
func isEscape(s string) bool {
	if len(s) < 3 {
		return false
	}
	_, err := url.PathUnescape(s[:3])
	return err == nil
}
