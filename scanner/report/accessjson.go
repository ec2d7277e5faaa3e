package report

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

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
