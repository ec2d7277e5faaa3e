package format

import (
	"bytes"
	"strconv"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"vigie/scanner"
)

// jsonPlain has the bytes that strings are copied without a thought.
var jsonPlain = func() (p [256]bool) {
	for i := range p {
		p[i] = i >= ' ' && i != '"' && i != '\\'
	}
	return p
}()

// scalar reads a string, a number, true, false or null: a cell of t, or running
// text.
func (j *jsonReader) scalar(c int, t *jsonTable, n *jsonNode) bool {
	if c == '"' {
		j.begin(t, n)
		ok := j.quoted()
		j.end()
		return ok
	}
	j.need(64)
	text, k := j.in.text(), 0
	for k < len(text) && k < 64 && isBare(text[k]) {
		k++
	}
	if k == 0 || k == 64 {
		return false
	}
	switch word := text[:k]; {
	case string(word) == "null":
		if t != nil {
			j.begin(t, n)
			j.end()
		}
	case isDigit(word[0]), word[0] == '-', string(word) == "true", string(word) == "false", string(word) == "NaN":
		j.begin(t, n)
		j.put(word)
		j.end()
	default:
		return false
	}
	j.in.drop(k)
	return true
}

func isBare(c byte) bool {
	return isDigit(c) || isLower(c) || isUpper(c) || c == '-' || c == '+' || c == '.'
}

// jsonDate writes milliseconds since 1970 as a date, anything else as it is.
func jsonDate(cell []byte) []byte {
	ms, err := strconv.ParseInt(string(cell), 10, 64)
	if err != nil || ms > 1e14 || ms < -1e14 {
		return cell
	}
	return time.UnixMilli(ms).UTC().AppendFormat(nil, "2006-01-02T15:04:05Z")
}

// quoted copies a string, without its quotes and escapes, to where j.to says. A
// line end in it is an error where values stand in lines.
func (j *jsonReader) quoted() bool {
	j.in.drop(1)
	for {
		text, n := j.in.text(), 0
		for n < len(text) && jsonPlain[text[n]] {
			n++
		}
		if n > 0 {
			j.put(text[:n])
			j.in.drop(n)
		}
		switch c := j.peek(); {
		case c < 0:
			return true
		case c == '"':
			j.in.drop(1)
			return true
		case c == '\\':
			j.escape()
		case c == '\n' && j.lines:
			return false
		default:
			j.putByte(byte(c))
			j.in.drop(1)
		}
	}
}

// escape reads what begins with a backslash.
func (j *jsonReader) escape() {
	j.need(jsonRune)
	text := j.in.text()
	if len(text) < 2 {
		j.in.drop(len(text))
		return
	}
	switch c := text[1]; c {
	case 'u':
		r, n := jsonUnicode(text)
		if r < utf8.RuneSelf {
			j.putByte(byte(r))
		} else {
			var b [utf8.UTFMax]byte
			j.put(utf8.AppendRune(b[:0], r))
		}
		j.in.drop(n)
		return
	case 'n':
		j.putByte('\n')
	case 't':
		j.putByte('\t')
	case 'r':
		j.putByte('\r')
	case 'b', 'f':
		j.putByte(' ')
	default:
		j.putByte(c)
	}
	j.in.drop(2)
}

// jsonUnicode reads \uXXXX, two of them where they are a surrogate pair.
func jsonUnicode(text []byte) (rune, int) {
	r, ok := hex4(text)
	if !ok {
		return utf8.RuneError, 2
	}
	if !utf16.IsSurrogate(r) {
		return r, 6
	}
	if low, ok := hex4(text[6:]); ok {
		if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
			return pair, 12
		}
	}
	return utf8.RuneError, 6
}

func hex4(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	v, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(v), err == nil
}

// member reads a key of f and returns the path of its value.
func (j *jsonReader) member(f *jsonFrame) *jsonNode {
	text, n := j.in.text()[1:], 0
	for n < len(text) && jsonPlain[text[n]] {
		n++
	}
	var key []byte
	if n < len(text) && text[n] == '"' && n < jsonKey {
		key = text[:n]
		j.in.drop(n + 2)
	} else {
		j.key = j.key[:0]
		j.to = &j.key
		j.quoted()
		key = j.key
	}
	at := f.at
	inner := f.row != nil && at != nil && !at.root
	switch {
	case f.keyed != nil:
		at = nil
	case inner && jsonWrapped(key):
		j.unix = string(key) == "$date" || j.unix && string(key) == "$numberLong"
		return at
	default:
		at = j.child(at, key)
	}
	j.unix = false
	if at == nil {
		j.key = append(j.key[:0], key...)
	}
	return at
}

// jsonWrapped reports whether a key only says of which type its value is, as
// exports of MongoDB do: {"$date": "1980-01-02T00:00:00Z"}.
func jsonWrapped(key []byte) bool {
	if len(key) == 0 || key[0] != '$' {
		return false
	}
	switch string(key) {
	case "$date", "$oid", "$uuid", "$numberLong", "$numberInt", "$numberDouble", "$numberDecimal":
		return true
	}
	return false
}

// put adds to the value at hand. What a cell has no room for is running text. b
// has no delimiters in it.
func (j *jsonReader) put(b []byte) {
	limit := recordSize
	if j.to == &j.key {
		limit = jsonKey
	}
	if j.to == nil || len(*j.to)+len(b) > limit {
		j.aside(b)
		return
	}
	*j.to = append(*j.to, b...)
}

// putByte adds a byte that may be a delimiter.
func (j *jsonReader) putByte(c byte) {
	if c == 0 || c == 0x1E || c == 0x1F {
		c = ' '
	}
	j.put([]byte{c})
}

// aside adds to the running text.
func (j *jsonReader) aside(b []byte) {
	if len(j.other) == 0 {
		j.otherAt = j.in.off
	}
	j.other = append(j.other, b...)
	if len(j.other) >= slabSize {
		j.flushOther(false)
	}
}

// beginLine begins a line of running text for a value with path n, or goes on in
// the line of the array it is in.
func (j *jsonReader) beginLine(n *jsonNode) {
	j.to = nil
	if j.open && n != nil && n == j.line {
		j.aside([]byte(", "))
		return
	}
	j.endLine()
	label := j.key
	if n != nil {
		label = []byte(n.path())
	}
	if len(label) > 0 {
		j.aside(label)
		j.aside([]byte(": "))
	}
	j.line, j.open = n, true
}

func (j *jsonReader) endLine() {
	if j.open {
		j.aside([]byte{'\n'})
	}
	j.open = false
}

// flushOther hands over running text: all, or up to where it is best cut.
func (j *jsonReader) flushOther(all bool) {
	n := len(j.other)
	if !all {
		if n = bytes.LastIndexByte(j.other, '\n') + 1; n == 0 {
			n = softCut(j.other)
		}
	}
	if len(bytes.TrimSpace(j.other[:n])) > 0 && j.stop == nil {
		j.stop = j.yield(&scanner.Block{Text: j.other[:n], At: j.otherAt})
	}
	j.otherAt += int64(n)
	j.other = j.other[:copy(j.other, j.other[n:])]
}
