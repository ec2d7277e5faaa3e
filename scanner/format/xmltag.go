package format

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// Kinds of what begins with <.
const (
	xmlBad   = iota // no markup: the < is text
	xmlOpen         // <name …> or <name …/>
	xmlClose        // </name>
	xmlCDATA        // <![CDATA[
	xmlOther        // a comment, an instruction, a document type
)

// An xmlTag is markup; n is its length, 0 where its end is not in memory.
type xmlTag struct {
	kind  int
	n     int
	name  []byte // without prefix
	attrs []byte
	empty bool // an element that ends where it begins
}

// xmlMark reads the markup that b begins with.
func xmlMark(b []byte) xmlTag {
	if len(b) < 2 {
		return xmlTag{kind: xmlBad}
	}
	switch c := b[1]; {
	case c == '!':
		return xmlDeclaration(b)
	case c == '?':
		return xmlTag{kind: xmlOther, n: xmlEnd(b, 2, "?>")}
	case c == '/':
		if len(b) > 2 && !isNameStart(b[2]) {
			return xmlTag{kind: xmlBad, n: 1}
		}
		i := 2
		for i < len(b) && b[i] != '>' && b[i] != '<' {
			i++
		}
		switch {
		case i == len(b):
			return xmlTag{kind: xmlClose}
		case b[i] == '<':
			return xmlTag{kind: xmlBad, n: 1}
		}
		return xmlTag{kind: xmlClose, n: i + 1, name: xmlLocal(bytes.TrimRight(b[2:i], " \t\r\n"))}
	case !isNameStart(c):
		return xmlTag{kind: xmlBad, n: 1}
	}
	return xmlElement(b)
}

// xmlElement reads a tag that begins an element.
func xmlElement(b []byte) xmlTag {
	i := 2
	for i < len(b) && b[i] > ' ' && b[i] != '>' && b[i] != '/' && b[i] != '<' {
		i++
	}
	name, from, quote := xmlLocal(b[1:i]), i, byte(0)
	for ; i < len(b); i++ {
		switch c := b[i]; {
		case c == '<':
			return xmlTag{kind: xmlBad, n: 1}
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			tag := xmlTag{kind: xmlOpen, n: i + 1, name: name, attrs: b[from:i]}
			if b[i-1] == '/' {
				tag.empty, tag.attrs = true, b[from:i-1]
			}
			return tag
		}
	}
	return xmlTag{kind: xmlOpen}
}

// xmlDeclaration reads what begins with <!.
func xmlDeclaration(b []byte) xmlTag {
	const cdata = "<![CDATA["
	switch {
	case bytes.HasPrefix(b, []byte("<!--")):
		return xmlTag{kind: xmlOther, n: xmlEnd(b, 4, "-->")}
	case bytes.HasPrefix(b, []byte(cdata)):
		return xmlTag{kind: xmlCDATA, n: len(cdata)}
	case len(b) < len(cdata) && (bytes.HasPrefix([]byte(cdata), b) || bytes.HasPrefix([]byte("<!--"), b)):
		return xmlTag{kind: xmlOther}
	}
	depth := 0
	for i := 2; i < len(b); i++ {
		n := -1
		switch c := b[i]; {
		case c == '[':
			depth++
		case c == ']':
			depth--
		case c == '>' && depth <= 0:
			return xmlTag{kind: xmlOther, n: i + 1}
		case c == '"' || c == '\'':
			n = xmlEnd(b, i+1, string(b[i:i+1]))
		case c == '<' && bytes.HasPrefix(b[i:], []byte("<!--")):
			n = xmlEnd(b, i+4, "-->")
		case c == '<' && bytes.HasPrefix(b[i:], []byte("<?")):
			n = xmlEnd(b, i+2, "?>")
		}
		if n == 0 {
			break
		}
		i = max(i, n-1)
	}
	return xmlTag{kind: xmlOther}
}

// xmlEnd returns where the first end from i on stops, 0 where there is none.
func xmlEnd(b []byte, i int, end string) int {
	if j := bytes.Index(b[i:], []byte(end)); j >= 0 {
		return i + j + len(end)
	}
	return 0
}

// xmlAttr splits the first attribute off.
func xmlAttr(b []byte) (name, value, rest []byte) {
	i := 0
	for i < len(b) && (b[i] <= ' ' || b[i] == '/') {
		i++
	}
	b = b[i:]
	for i = 0; i < len(b) && b[i] > ' ' && b[i] != '='; i++ {
	}
	name, b = b[:i], b[i:]
	for i = 0; i < len(b) && (b[i] <= ' ' || b[i] == '='); i++ {
	}
	if bytes.IndexByte(b[:i], '=') < 0 {
		return nil, nil, b
	}
	if b = b[i:]; len(b) == 0 {
		return name, nil, nil
	}
	if q := b[0]; q == '"' || q == '\'' {
		if i = bytes.IndexByte(b[1:], q); i < 0 {
			return name, b[1:], nil
		}
		return name, b[1 : 1+i], b[2+i:]
	}
	for i = 0; i < len(b) && b[i] > ' '; i++ {
	}
	return name, b[:i], b[i:]
}

func isXMLNS(name []byte) bool {
	return bytes.HasPrefix(name, []byte("xmlns")) && (len(name) == 5 || name[5] == ':')
}

// xmlLocal drops the prefix of a namespace.
func xmlLocal(name []byte) []byte {
	if i := bytes.IndexByte(name, ':'); i >= 0 && i+1 < len(name) {
		return name[i+1:]
	}
	return name
}

func isNameStart(c byte) bool { return isLower(c) || isUpper(c) || c == '_' || c >= utf8.RuneSelf }

// appendXML appends text, with its entities in place; those of the document's own
// stay as they are.
func appendXML(dst, b []byte) []byte {
	for {
		i := bytes.IndexByte(b, '&')
		if i < 0 {
			return append(dst, b...)
		}
		dst, b = append(dst, b[:i]...), b[i:]
		n := bytes.IndexByte(b[:min(len(b), xmlEntity)], ';')
		r, ok := rune(0), false
		if n > 0 {
			r, ok = xmlRune(b[1:n])
		}
		if !ok {
			dst, b = append(dst, '&'), b[1:]
			continue
		}
		dst, b = utf8.AppendRune(dst, r), b[n+1:]
	}
}

// xmlRune returns what an entity stands for.
func xmlRune(name []byte) (rune, bool) {
	switch string(name) {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	digits, base := string(name[1:]), 10
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	r, err := strconv.ParseUint(digits, base, 31)
	if err != nil || r == 0 || r > utf8.MaxRune {
		return 0, false
	}
	return rune(r), true
}
