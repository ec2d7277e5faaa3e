package report

import (
	"bytes"
	"path"
)

// decoded appends what a path of a log stands for: %41, and where the log
// escapes bytes, \x41 and \".
func decoded(dst, s []byte, escaped bool) []byte {
	if bytes.IndexByte(s, '%') < 0 && (!escaped || bytes.IndexByte(s, '\\') < 0) {
		return append(dst, s...)
	}
	start := len(dst)
	if escaped {
		for i := 0; i < len(s); i++ {
			c := s[i]
			if c == '\\' && i+1 < len(s) {
				if v, ok := hexByte(s[i+1:], 'x'); ok {
					c, i = v, i+3
				} else {
					i++
					c = s[i]
				}
			}
			dst = append(dst, c)
		}
		s = append([]byte(nil), dst[start:]...)
		dst = dst[:start]
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' {
			if v, ok := hexByte(s[i:], '%'); ok {
				c, i = v, i+2
			}
		}
		dst = append(dst, c)
	}
	return dst
}

// hexByte reads two hexadecimal digits behind a mark.
func hexByte(s []byte, mark byte) (byte, bool) {
	if len(s) < 3 || s[0] != mark {
		return 0, false
	}
	a, b := hexDigit(s[1]), hexDigit(s[2])
	return a<<4 | b, a < 16 && b < 16
}

func hexDigit(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 16
}

// cleaned makes of a path the one that servers take it for: one slash at a
// time, no . and no .. in it.
func cleaned(key []byte) []byte {
	if !bytes.Contains(key, []byte("//")) && !bytes.Contains(key, []byte("/.")) {
		return key
	}
	c := path.Clean(string(key))
	if bytes.HasSuffix(key, []byte("/")) && c != "/" {
		c += "/"
	}
	return append(key[:0], c...)
}
