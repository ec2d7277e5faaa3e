package format

import (
	"bytes"
	"context"
	"unicode/utf8"

	"vigie/scanner"
)

var keyValueFormat = scanner.Format{
	Name: "key=value",
	Doc: `records of labels and values

Records of lines "label: value" or "key=value", a blank line between them or the
first label again, where three records and more have the same labels; what mysql
\G and psql \x write; and lines of several key=value. A record is a row, the labels
are the titles. Lines of another form are read as running text.`,
	Match: func(_ string, head []byte) bool {
		text := headText(head)
		return text != nil && lookLabels(text, len(head) < headSize).form != noLabels
	},
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		return readLabels(ctx, decode(c.Stream()), slabSize, yield)
	},
}

// A labelForm is how a document has labels.
type labelForm uint8

const (
	noLabels   labelForm = iota
	paragraphs           // a line a value, blank lines between records
	repeats              // a line a value, the first label again begins a record
	pairs                // several key=value in a line
)

type labelLook struct {
	form   labelForm
	sep    byte
	first  string // label that begins a record
	marked bool   // a line of their own does: see recordMark
}

const labelMax = 60 // bytes of a label

// splitLabel splits a line into its label and value at the first sep; ok is
// false where what stands before it is no label.
func splitLabel(line []byte, sep byte) (label, value []byte, ok bool) {
	at := bytes.IndexByte(line[:min(len(line), labelMax+8)], sep)
	if at < 1 {
		return nil, nil, false
	}
	label = bytes.TrimSpace(line[:at])
	value = line[at+1:]
	if sep == ':' && len(value) > 0 && value[0] != ' ' && value[0] != '\t' && bytes.IndexByte(label, ' ') < 0 && !isLabelName(label) {
		return nil, nil, false
	}
	if len(label) == 0 || len(label) > labelMax || bytes.HasPrefix(value, []byte("//")) {
		return nil, nil, false
	}
	letters, words := 0, 1
	for i, c := range label {
		switch {
		case isLower(c) || isUpper(c) || c >= utf8.RuneSelf:
			letters++
		case isDigit(c) && i > 0, c == '_', c == '-', c == '.', c == '/', c == '\'', c == '(', c == ')', c == '+', c == '%':
		case c == ' ':
			words++
		default:
			return nil, nil, false
		}
	}
	if letters == 0 || words > 7 || label[0] == '-' || label[0] == '/' || label[0] == '.' {
		return nil, nil, false
	}
	return label, bytes.TrimSpace(value), true
}

// isLabelName reports whether a label may stand with no blank behind its colon.
func isLabelName(label []byte) bool {
	return !bytes.EqualFold(label, []byte("http")) && !bytes.EqualFold(label, []byte("https")) && len(label) > 1
}

// lookLabels tells how the labels of a document are written. Three records must
// have two labels and more in common.
func lookLabels(head []byte, whole bool) labelLook {
	row := rowByte(head)
	if !whole {
		head = head[:bytes.LastIndexByte(head, row)+1]
	}
	if look := lookPairs(head, row); look.form != noLabels {
		return look
	}
	first := bytes.TrimLeft(head, "\r\n")
	first = first[:max(0, bytes.IndexByte(first, row))]
	if sep := recordMark(first); sep != 0 {
		return labelLook{form: paragraphs, sep: sep, marked: true}
	}
	for _, sep := range []byte("=:") {
		if look, ok := lookLines(head, row, sep); ok {
			return look
		}
	}
	return labelLook{}
}

// recordMark returns what stands behind the labels where line is one that a console
// begins a record with: -[ RECORD 1 ]--- or *** 1. row ***; 0 where it is none.
func recordMark(line []byte) byte {
	switch {
	case bytes.HasPrefix(line, []byte("-[ RECORD ")):
		return '|'
	case bytes.HasPrefix(line, []byte("******")) && bytes.Contains(line, []byte(". row ******")):
		return ':'
	}
	return 0
}

// lookLines looks for lines with one label and value each.
func lookLines(head []byte, row, sep byte) (labelLook, bool) {
	type use struct{ records, last int }
	uses := make(map[string]*use)
	filled, split, more, record, inside, gaps := 0, 0, 0, 0, 0, 0
	first, again := "", 0
	for len(head) > 0 && filled < 2000 {
		n := bytes.IndexByte(head, row) + 1
		if n == 0 {
			n = len(head)
		}
		line := unended(head[:n])
		head = head[n:]
		if len(line) == 0 {
			if inside > 0 {
				record, inside, gaps = record+1, 0, gaps+1
			}
			continue
		}
		if (line[0] == ' ' || line[0] == '\t') && inside > 0 {
			more++
			continue
		}
		filled++
		if filled == 40 && 2*split < filled {
			return labelLook{}, false
		}
		label, _, ok := splitLabel(line, sep)
		if !ok || line[0] == ' ' || line[0] == '\t' {
			continue
		}
		split++
		switch {
		case first == "":
			first = string(label)
		case first == string(label):
			again++
		}
		inside++
		u := uses[string(label)]
		if u == nil {
			if len(uses) == 512 {
				return labelLook{}, false
			}
			u = &use{last: -1}
			uses[string(label)] = u
		}
		if u.last != record || gaps == 0 {
			u.records, u.last = u.records+1, record
		}
	}
	common, covered := 0, 0
	for _, u := range uses {
		if u.records >= 3 {
			common++
			covered += u.records
		}
	}
	if 10*split < 9*filled || split < 6 || common < 2 || 10*covered < 6*split || more > split {
		return labelLook{}, false
	}
	switch {
	case gaps >= 2 && split >= 2*gaps:
		return labelLook{form: paragraphs, sep: sep}, true
	case again >= 2 && split >= 2*(again+1):
		return labelLook{form: repeats, sep: sep, first: first}, true
	}
	return labelLook{}, false
}

// lookPairs looks for lines with several key=value each.
func lookPairs(head []byte, row byte) labelLook {
	filled, good := 0, 0
	uses := make(map[string]int)
	var found [][2][]byte
	for len(head) > 0 && filled < 500 {
		n := bytes.IndexByte(head, row) + 1
		if n == 0 {
			n = len(head)
		}
		line := unended(head[:n])
		head = head[n:]
		if len(line) == 0 {
			continue
		}
		if filled++; filled == 20 && 2*good < filled {
			return labelLook{}
		}
		var before []byte
		before, found = splitPairs(found[:0], line)
		if len(found) < 3 || len(before) > 64 || line[0] == '<' || line[0] == ' ' || line[0] == '\t' {
			continue
		}
		good++
		for _, p := range found {
			if len(uses) < 512 {
				uses[string(p[0])]++
			}
		}
	}
	common := 0
	for _, n := range uses {
		if n >= 3 && 4*n >= good {
			common++
		}
	}
	if good < 3 || 10*good < 9*filled || common < 3 {
		return labelLook{}
	}
	return labelLook{form: pairs, sep: '='}
}

// splitPairs appends the pairs of a line: key=value, values in quotes or up to
// the next key. before is what stands before the first.
func splitPairs(dst [][2][]byte, line []byte) (before []byte, pairs [][2][]byte) {
	start := -1 // of the value at hand
	var key []byte
	before = line
	for pos := 0; pos < len(line); {
		at := bytes.IndexByte(line[pos:], '=')
		if at < 0 {
			break
		}
		at += pos
		from := at
		for from > pos && isKeyByte(line[from-1]) {
			from--
		}
		apart := from == 0 || bytes.IndexByte([]byte(" ;,|\t&["), line[from-1]) >= 0
		if from == at || isDigit(line[from]) || !apart {
			pos = at + 1
			continue
		}
		if start >= 0 {
			dst = append(dst, [2][]byte{key, pairValue(line[start:from])})
		} else {
			before = bytes.TrimRight(line[:from], " ;,|\t&[")
		}
		key, start = line[from:at], at+1
		pos = start
		if pos < len(line) && line[pos] == '"' {
			if end := bytes.IndexByte(line[pos+1:], '"'); end >= 0 {
				pos += end + 2
			}
		}
	}
	if start >= 0 {
		dst = append(dst, [2][]byte{key, pairValue(line[start:])})
	}
	return before, dst
}

func isKeyByte(c byte) bool {
	return isLower(c) || isUpper(c) || isDigit(c) || c == '_' || c == '.' || c == '-' || c >= utf8.RuneSelf
}

// pairValue returns a value without what stands between it and the next key.
func pairValue(v []byte) []byte {
	v = bytes.TrimRight(v, " ;,|\t&]")
	v = bytes.TrimLeft(v, " ")
	if n := len(v); n >= 2 && v[0] == '"' && v[n-1] == '"' {
		v = v[1 : n-1]
	}
	return v
}

// readLabels reads a document of records.
func readLabels(ctx context.Context, src *decoder, size int, yield func(*scanner.Block) error) error {
	l := lined{ctx: ctx, yield: yield}
	table := recordTable{yield: yield}
	var look labelLook
	looked := false
	var found [][2][]byte
	line := func(line []byte) bool {
		if !looked {
			head := l.in.text()[:min(len(l.in.text()), headSize)]
			look, looked = lookLabels(head, l.in.done && len(l.in.text()) <= headSize), true
		}
		if look.marked {
			if recordMark(line) != 0 {
				l.stop = table.end()
				return true
			}
			line = bytes.TrimLeft(line, " ")
		}
		if len(line) == 0 {
			if look.form == paragraphs && !look.marked {
				l.stop = table.end()
			}
			return true
		}
		switch look.form {
		case noLabels:
			return false
		case pairs:
			var before []byte
			before, found = splitPairs(found[:0], line)
			if len(found) < 2 {
				return false
			}
			if len(before) > 0 && !table.put(nil, before) {
				l.aside(before)
			}
			for _, p := range found {
				if !table.put(p[0], p[1]) {
					l.aside(p[0], []byte{'='}, p[1])
				}
			}
			l.stop = table.end()
			return true
		}
		if line[0] == ' ' || line[0] == '\t' {
			return table.add(bytes.TrimSpace(line))
		}
		if value := table.expected(line, look.sep); value != nil && (look.form == paragraphs || table.next > 0) {
			return table.put([]byte(table.labels[table.next]), value)
		}
		label, value, ok := splitLabel(line, look.sep)
		if !ok {
			return false
		}
		if look.form == repeats && string(label) == look.first {
			if l.stop = table.end(); l.stop != nil {
				return true
			}
		}
		return table.put(label, value)
	}
	return l.read(src, size, line, func() error {
		if err := table.end(); err != nil {
			return err
		}
		return table.flush()
	})
}
