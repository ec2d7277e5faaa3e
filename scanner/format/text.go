package format

import (
	"bytes"
	"context"
	"unicode/utf8"

	"vigie/scanner"
)

// pieceMax is the most running text that is handed over at once, in bytes.
const pieceMax = 1 << 20

var textFormat = scanner.Format{
	Name: "text",
	Doc: `running text and the tables in it

Everything that is text in UTF-8, UTF-16, UTF-32, Windows-1252, ISO-8859-1,
cp850 or MacRoman: prose, logs, source text, markup. Tables of 8 lines and more
with the same number of separators are recognised and read as tables.`,
	Match: func(_ string, head []byte) bool { return headText(head) != nil },
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		d := document{ctx: ctx, yield: yield}
		return d.read(c.Stream())
	},
}

// isText reports whether a decoded head is text: no NUL, and of control
// characters other than white space, the mark of DOS, escape and the separators
// 0x1C to 0x1F less than one in a hundred.
func isText(head []byte) bool {
	if bytes.IndexByte(head, 0) >= 0 {
		return false
	}
	count := 0
	for _, c := range head {
		count += int(controls[c])
	}
	return 100*count <= len(head)
}

var controls = func() (is [256]uint8) {
	for c := range byte(' ') {
		if c < '\b' || c > '\r' && c < 0x1A {
			is[c] = 1
		}
	}
	is[0x7F] = 1
	return is
}()

// prose hands over the next running text, up to where a table begins, or reads
// on.
func (d *document) prose() error {
	text := d.in.text()
	end := len(text)
	if !d.in.done {
		end = bytes.LastIndexByte(text, d.row) + 1
	}
	if end == 0 {
		return d.longLine()
	}
	at, as, what := d.region(text[:end])
	switch {
	case what == another:
		if err := d.running(at); err != nil {
			return err
		}
		return d.begin(as, true)
	case what == holds && !d.in.done && at > 0:
		return d.running(at)
	case what == holds && !d.in.done && d.in.more(d.in.size):
		return nil
	}
	return d.running(end)
}

// longLine goes on in a line whose end is not in memory: it is cut where a
// value is least likely to be.
func (d *document) longLine() error {
	n := len(d.in.text())
	if n < d.in.size && d.in.more(d.in.size) {
		return nil
	}
	cut := softCut(d.in.text())
	if cut == n && d.in.more(pieceMax) {
		return nil
	}
	return d.running(cut)
}

// softCut returns where to cut text that goes on: in its last 8 KiB after white
// space with no digit on either side, or else after any byte that is no part of
// a word, or else at the last whole character.
func softCut(text []byte) int {
	low := max(1, len(text)-8<<10)
	second := 0
	for i := len(text) - 1; i > low; i-- {
		c := text[i-1]
		if c >= utf8.RuneSelf || isDigit(c) || isLower(c) || isUpper(c) || c == '@' || c == '.' || c == '-' {
			continue
		}
		if (c == ' ' || c == '\t' || c == '\n' || c == '\r') && !isDigit(text[i]) && !isDigit(text[i-2]) {
			return i
		}
		if second == 0 {
			second = i
		}
	}
	if second > 0 {
		return second
	}
	for i := len(text) - 1; i > 0 && i > len(text)-utf8.UTFMax; i-- {
		if utf8.RuneStart(text[i]) {
			if !utf8.FullRune(text[i:]) {
				return i
			}
			break
		}
	}
	return len(text)
}
