package format

import "bytes"

// isJSON reports whether a decoded head begins with JSON that has an object in
// it: its first value, or 64 tokens of it, are what the grammar wants.
func isJSON(head []byte) bool {
	const tokens = 64
	value, key, colon, after := 0, 1, 2, 3
	var open []byte
	want, fresh, keys, whole := value, false, 0, false
	text := head
	for range tokens {
		for len(text) > 0 && (text[0] == ' ' || text[0] == '\n' || text[0] == '\r' || text[0] == '\t' || text[0] == 0x1E && len(open) == 0) {
			text = text[1:]
		}
		if len(text) == 0 {
			break
		}
		c := text[0]
		top := byte(0)
		if len(open) > 0 {
			top = open[len(open)-1]
		}
		if (c == '}' || c == ']') && top == c-2 && (fresh || want == after) {
			open, want, fresh = open[:len(open)-1], after, false
			if len(open) == 0 {
				want, whole = value, keys > 0
			}
			text = text[1:]
			continue
		}
		n := 1
		switch {
		case want == after && c == ',':
			if want = value; top == '{' {
				want = key
			}
		case want == colon && c == ':':
			want = value
			keys++
		case want == value && (c == '{' || c == '['):
			open = append(open, c)
			if fresh = true; c == '{' {
				want = key
			}
			text = text[1:]
			continue
		case len(open) == 0:
			return keys > 0
		case (want == key || want == value) && c == '"':
			if n = jsonString(text); n == 0 {
				return keys > 0 // it ends behind the head
			}
			if want++; want == value+1 {
				want = after
			}
		case want == value:
			if n = jsonWord(text); n == 0 {
				return whole
			}
			want = after
		default:
			return whole
		}
		fresh = false
		text = text[n:]
	}
	return keys > 0
}

// jsonString returns the length of the string at the beginning of text, 0 when
// its end is not in text.
func jsonString(text []byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return 0
}

// jsonWord returns the length of the number, true, false or null at the
// beginning of text, 0 for anything else.
func jsonWord(text []byte) int {
	n := 0
	for n < len(text) && isBare(text[n]) {
		n++
	}
	switch word := string(text[:min(n, 6)]); {
	case word == "true", word == "false", word == "null", word == "NaN":
		return n
	case n == 0 || n == 1 && !isDigit(text[0]) || n > 40:
		return 0
	}
	dots := 0
	for i, c := range text[:n] {
		switch {
		case isDigit(c):
		case c == '-' || c == '+':
			if i > 0 && text[i-1]|0x20 != 'e' || i == 0 && c == '+' {
				return 0
			}
		case c == '.':
			dots++
		case c|0x20 != 'e' || i == 0:
			return 0
		}
	}
	if dots > 1 {
		return 0
	}
	return n
}

// jsonKeys is what look saw.
type jsonKeys struct {
	inner   int  // values of the object that are objects or arrays
	follows bool // another object or array stands behind it
}

// look goes ahead to the end of the object that comes next, as far as 4 MiB, or
// until it has more keys than make a column.
func (j *jsonReader) look() (k jsonKeys) {
	depth, quoted, ended := 0, false, false
	for i := 0; ; i++ {
		text := j.in.text()
		if i >= len(text) {
			if !j.in.more(recordSize) {
				return k
			}
			if text = j.in.text(); i >= len(text) {
				return k
			}
		}
		j.looks++
		c := text[i]
		switch {
		case quoted && c == '\\':
			i++
		case c == '"':
			if ended {
				return k
			}
			quoted = !quoted
		case quoted || c == ' ' || c == '\n' || c == '\r' || c == '\t':
		case ended:
			k.follows = c == '{' || c == '[' || c == 0x1E || c == ','
			return k
		case c == '{' || c == '[':
			if depth++; depth == 2 {
				k.inner++
			}
		case c == '}' || c == ']':
			depth--
			ended = depth == 0
		}
	}
}

// isBulk reports whether the object that comes next only says what a bulk file
// of Elasticsearch does with the line behind it: {"index":{"_id":"1"}}.
func (j *jsonReader) isBulk() bool {
	j.need(64)
	words := [...]string{"{", `"`, "", `"`, ":", "{"}
	text := j.in.text()
	for _, word := range words {
		text = bytes.TrimLeft(text[:min(len(text), 64)], " \t")
		if word == "" {
			for _, action := range [...]string{"index", "create", "update", "delete"} {
				if bytes.HasPrefix(text, []byte(action)) {
					word = action
				}
			}
		}
		if word == "" || !bytes.HasPrefix(text, []byte(word)) {
			return false
		}
		text = text[len(word):]
	}
	text = bytes.TrimLeft(text, " \t")
	return bytes.HasPrefix(text, []byte(`"_`)) || bytes.HasPrefix(text, []byte("}"))
}
