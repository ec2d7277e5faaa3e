package format

import "bytes"

const (
	quotedMax   = 64 << 10 // a quoted cell is no longer, in bytes
	quotedLines = 200      // and has no more line ends
)

// A dialect is how a table is written: the bytes of its ruler and its usual
// number of columns. row is '\n' for CRLF too. A quote that does not do what
// the ruler says quotes do is data: see shut.
type dialect struct {
	cell, row, quote byte
	columns          int
}

// A stretch is what measure found: whole records, the first end bytes.
type stretch struct {
	end  int
	rows int
	seps int  // cell separators that are no data
	bad  bool // the record at end has a quote that is data
}

// measure finds the whole records at the beginning of text, which begins with a
// record. last: nothing follows text, so its end is the end of a record.
func (d dialect) measure(text []byte, last bool) (s stretch) {
	if d.quote == 0 || bytes.IndexByte(text, d.quote) < 0 {
		return d.unquoted(text, last)
	}
	open := 0 // separators in the record that has not ended
	for pos := 0; ; {
		near := min(pos+8, len(text))
		for pos < near && text[pos] != d.quote {
			switch text[pos] {
			case d.cell:
				open++
			case d.row:
				s.rows++
				s.seps += open
				s.end, open = pos+1, 0
			}
			pos++
		}
		if pos == near {
			q := bytes.IndexByte(text[pos:], d.quote)
			part := text[pos:]
			if q >= 0 {
				part = part[:q]
			}
			if n := bytes.LastIndexByte(part, d.row) + 1; n > 0 {
				s.rows += bytes.Count(part[:n], []byte{d.row})
				s.seps += open + bytes.Count(part[:n], []byte{d.cell})
				s.end, open, part = pos+n, 0, part[n:]
			}
			open += bytes.Count(part, []byte{d.cell})
			if q < 0 {
				if last && s.end < len(text) {
					s.rows++
					s.seps += open
					s.end = len(text)
				}
				return s
			}
			pos += q
		}
		end, ok := d.shut(text, pos, last)
		if !ok || end < 0 {
			s.bad = !ok
			return s
		}
		pos = end + 1
	}
}

// unquoted is measure for text without quotes, or whose quotes are all data.
func (d dialect) unquoted(text []byte, last bool) (s stretch) {
	s.end = bytes.LastIndexByte(text, d.row) + 1
	s.rows = bytes.Count(text[:s.end], []byte{d.row})
	if last && s.end < len(text) {
		s.rows++
		s.end = len(text)
	}
	s.seps = bytes.Count(text[:s.end], []byte{d.cell})
	return s
}

// shut returns the quote that closes the one at q; -1 when it is not in text
// yet. ok is false where the quote at q is data: what it quotes has delimiters
// in it, and either runs on for too long or does not begin and end where a cell
// does (a 5" pipe).
func (d dialect) shut(text []byte, q int, last bool) (end int, ok bool) {
	far := min(len(text), q+quotedMax+2)
	p := q + 1
	for {
		j := bytes.IndexByte(text[p:far], d.quote)
		if j < 0 {
			if last || far-q > quotedMax || d.lines(text[q:far]) {
				return 0, false
			}
			return -1, true
		}
		p += j
		if p+1 == len(text) && !last {
			return -1, true
		}
		if p+1 >= far || text[p+1] != d.quote {
			break
		}
		p += 2
	}
	body := text[q+1 : p]
	if d.lines(body) {
		return 0, false
	}
	if d.clean(text, q, p) {
		return p, true
	}
	whole := bytes.IndexByte(body, d.cell) < 0 && bytes.IndexByte(body, d.row) < 0
	return p, whole
}

func (d dialect) lines(b []byte) bool {
	return len(b) > quotedLines && bytes.Count(b, []byte{d.row}) > quotedLines
}

// clean reports whether the quotes at q and p wrap a cell.
func (d dialect) clean(text []byte, q, p int) bool {
	if p+1 < len(text) {
		if c := text[p+1]; c != d.cell && c != d.row && c != '\r' && c != ' ' {
			return false
		}
	}
	if q > 0 && text[q-1] == ' ' && d.cell != ' ' {
		for q > 0 && text[q-1] == ' ' {
			q--
		}
	}
	return q == 0 || text[q-1] == d.cell || text[q-1] == d.row
}

// record returns the length of the record that text begins with, its line end
// included, and its separators; 0 when its end is not in text.
func (d dialect) record(text []byte, last bool) (n, seps int) {
	n = bytes.IndexByte(text, d.row) + 1
	if n == 0 {
		if !last {
			return 0, 0
		}
		n = len(text)
	}
	if d.quote == 0 || bytes.IndexByte(text[:n], d.quote) < 0 {
		return n, bytes.Count(text[:n], []byte{d.cell})
	}
	for pos := 0; ; pos++ {
		if pos == len(text) {
			if last {
				return pos, seps
			}
			return 0, 0
		}
		switch text[pos] {
		case d.cell:
			seps++
		case d.row:
			return pos + 1, seps
		case d.quote:
			end, ok := d.shut(text, pos, last)
			if !ok {
				return n, bytes.Count(text[:n], []byte{d.cell})
			}
			if end < 0 {
				return 0, 0
			}
			pos = end
		}
	}
}

// cells appends the cells of one record, trimmed and without their quotes, at
// most limit of them.
func (d dialect) cells(dst [][]byte, record []byte, limit int) [][]byte {
	record = bytes.TrimRight(record, "\r\n")
	start, quoted := 0, false
	for i := 0; i <= len(record) && len(dst) < limit; i++ {
		if i == len(record) || record[i] == d.cell && !quoted {
			dst = append(dst, d.bare(record[start:i]))
			start = i + 1
		} else if d.quote != 0 && record[i] == d.quote {
			quoted = !quoted
		}
	}
	return dst
}

// bare returns a cell as it reads: trimmed, and without the quotes around it.
func (d dialect) bare(cell []byte) []byte {
	cell = bytes.TrimSpace(cell)
	if n := len(cell); d.quote != 0 && n >= 2 && cell[0] == d.quote && cell[n-1] == d.quote {
		cell = bytes.TrimSpace(cell[1 : n-1])
		if bytes.IndexByte(cell, d.quote) >= 0 {
			cell = bytes.ReplaceAll(cell, []byte{d.quote, d.quote}, []byte{d.quote})
		}
	}
	return cell
}
