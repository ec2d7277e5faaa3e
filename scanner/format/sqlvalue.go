package format

import "bytes"

// peek returns the next byte, -1 at the end.
func (d *dump) peek() int {
	if d.in.lo == d.in.hi && (d.stop != nil || !d.need(1)) {
		return -1
	}
	return int(d.in.buf[d.in.lo])
}

// insert reads the rows of an INSERT, whose first row begins at byte n.
func (d *dump) insert(t *dumped, n int) {
	d.in.drop(n)
	for d.peek() == '(' {
		d.in.drop(1)
		d.row(t)
		if d.space() != ',' {
			break
		}
		d.in.drop(1)
		d.space()
	}
	if d.peek() == ';' {
		d.in.drop(1)
	}
}

// space passes white space and returns the byte behind it.
func (d *dump) space() int {
	for {
		switch c := d.peek(); c {
		case ' ', '\t', '\r', '\n':
			d.in.drop(1)
		default:
			return c
		}
	}
}

// row reads the values of a row and the ) behind them.
func (d *dump) row(t *dumped) {
	for {
		if c := d.space(); c != ')' && c != ',' && c >= 0 {
			d.value(t)
		}
		if c := d.space(); c != ',' && c != ')' {
			d.pass() // a cast: '1980-01-02'::date
		}
		if d.peek() != ',' {
			break
		}
		if len(t.text)-t.row > recordSize {
			d.aside([]byte{','})
		} else {
			t.text = append(t.text, 0x1F)
		}
		d.in.drop(1)
	}
	if d.peek() == ')' {
		d.in.drop(1)
	}
	d.endRow(t)
}

func (d *dump) endRow(t *dumped) {
	t.text = append(t.text, 0x1E)
	t.rows++
	t.row = len(t.text)
	if len(t.text) >= slabSize-4096 {
		d.flush(t)
	}
}

// put adds to the cell that is being read. What makes its row longer than 4 MiB
// is handed over as running text. b lies at the beginning of the slab.
func (d *dump) put(t *dumped, b ...byte) {
	if len(t.text)-t.row > recordSize {
		d.aside(b)
		return
	}
	t.text = append(t.text, b...)
}

// value reads one value up to what delimits it: a string without its quotes, of
// a call the first string in it (CAST(N'1980-01-02' AS Date)), NULL as nothing,
// anything else as it is.
func (d *dump) value(t *dumped) {
	if c := d.peek(); c == '\'' || c == '"' {
		d.quoted(t, byte(c), d.escapes)
		return
	}
	mark, depth := len(t.text), 0
	for {
		switch c := d.peek(); {
		case c < 0, depth == 0 && (c == ',' || c == ')'):
			cell := plainValue(bytes.TrimRight(t.text[mark:], " \t\r\n"))
			t.text = append(t.text[:mark], cell...)
			return
		case c == '\'' || c == '"':
			before := t.text[mark:]
			escapes := d.escapes || depth == 0 && bytes.EqualFold(before, []byte("E"))
			digits := depth == 0 && bytes.EqualFold(before, []byte("X"))
			t.text = t.text[:mark]
			d.quoted(t, byte(c), escapes)
			if digits {
				t.text = append(t.text[:mark], hexText(t.text[mark:], t.text[mark:])...)
			}
			for ; depth > 0 && d.peek() >= 0; depth-- {
				d.pass()
				for d.peek() == ',' {
					d.in.drop(1)
					d.pass()
				}
				d.in.drop(min(1, d.in.hi-d.in.lo))
			}
			return
		default:
			if c == '(' {
				depth++
			} else if c == ')' {
				depth--
			}
			d.take(t, c)
			text, n := d.in.text(), 0
			for n < len(text) && plain[text[n]] && text[n] != ',' && text[n] != '(' && text[n] != ')' {
				n++
			}
			d.put(t, text[:n]...)
			d.in.drop(n)
		}
	}
}

// plain has the bytes that strings are copied without a thought.
var plain = func() (p [256]bool) {
	for i := range p {
		p[i] = i != '\'' && i != '"' && i != '\\' && i != 0x1E && i != 0x1F
	}
	return p
}()

// quoted reads a string. A doubled quote is a quote; with escapes so is one
// behind a backslash, and one between two letters that a script did not double
// ('D'ANGELO'): no string ends there, and the rest of the dump would be lost.
func (d *dump) quoted(t *dumped, quote byte, escapes bool) {
	d.in.drop(1)
	for {
		text, n := d.in.text(), 0
		for n < len(text) && plain[text[n]] {
			n++
		}
		if n > 0 {
			d.put(t, text[:n]...)
			d.in.drop(n)
		}
		switch c := d.peek(); {
		case c < 0:
			return
		case byte(c) == quote:
			d.in.drop(1)
			switch next := d.peek(); {
			case next == c:
				d.take(t, c)
			case next >= 0 && isInner(byte(next)) && len(t.text) > 0 && isInner(t.text[len(t.text)-1]):
				d.put(t, quote)
			default:
				return
			}
		case c == '\\' && escapes:
			d.in.drop(1)
			if c = d.peek(); c >= 0 {
				d.take(t, unescape(c))
			}
		default:
			d.take(t, c)
		}
	}
}

// isInner reports whether a byte is a letter, or part of one.
func isInner(c byte) bool { return isLower(c) || isUpper(c) || c >= 0x80 }

// take adds c to the cell in the place of the next byte of the dump.
func (d *dump) take(t *dumped, c int) {
	if c == 0x1E || c == 0x1F {
		c = ' '
	}
	d.put(t, byte(c))
	d.in.drop(1)
}

// unescape returns what the byte behind a backslash stands for.
func unescape(c int) int {
	switch c {
	case 'n':
		return '\n'
	case 't':
		return '\t'
	case 'r':
		return '\r'
	case '0', 'Z', 'b', 0x1E, 0x1F:
		return ' '
	}
	return c
}

// pass goes to the , or ) that ends a value, over strings and brackets.
func (d *dump) pass() {
	depth := 0
	var quote int
	for c := d.peek(); c >= 0; c = d.peek() {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '(':
			depth++
		case depth == 0 && (c == ',' || c == ')'):
			return
		case c == ')':
			depth--
		}
		d.in.drop(1)
	}
}

// copied reads the rows of a COPY, a line each, up to the line \. .
func (d *dump) copied(t *dumped, n int) {
	d.in.drop(n)
	for {
		if d.peek() == '\\' && d.need(2) {
			if text := d.in.text(); len(text) > 1 && text[1] == '.' {
				d.in.drop(2)
				return
			}
		}
		if !d.copyRow(t) {
			return
		}
	}
}

// copyRow reads one line of a COPY: cells between tabs, \N for NULL.
func (d *dump) copyRow(t *dumped) bool {
	if d.peek() < 0 {
		return false
	}
	for {
		text, n := d.in.text(), 0
		for n < len(text) && text[n] != '\\' && text[n] != '\n' {
			n++
		}
		if n > 0 {
			from := len(t.text)
			d.put(t, text[:n]...)
			cells(t.text[from:])
			d.in.drop(n)
		}
		c := d.peek()
		if c == '\\' {
			d.in.drop(1)
			if c = d.peek(); c >= 0 {
				if c == 'N' {
					d.in.drop(1)
				} else {
					d.take(t, unescape(c))
				}
			}
			continue
		}
		if c >= 0 && c != '\n' {
			continue
		}
		d.in.drop(min(1, d.in.hi-d.in.lo))
		t.text = bytes.TrimSuffix(t.text, []byte("\r"))
		d.endRow(t)
		return true
	}
}

// cells turns the tabs of a COPY into the ruler's bytes.
func cells(b []byte) {
	for i, c := range b {
		switch c {
		case '\t':
			b[i] = 0x1F
		case 0x1E, 0x1F:
			b[i] = ' '
		}
	}
}
