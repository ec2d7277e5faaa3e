package format

import "bytes"

// decide finds the title row. Rows before it are lines before the table: short
// ones, or ones without a value (titles of groups of columns). last: these are all
// rows, and may be a form.
func (s *sheet) decide(last bool) {
	s.ready = true
	lead := bytes.ReplaceAll(s.text, []byte{'\n'}, []byte{' '}) // line ends in cells
	lead = bytes.ReplaceAll(lead, []byte{0x1E}, []byte{'\n'})
	as := dialect{cell: 0x1F, row: '\n'}
	var starts, filled []int
	usual := 0
	for pos := 0; pos < len(lead); {
		n, _ := as.record(lead[pos:], true)
		k := 0
		for _, c := range as.cells(nil, lead[pos:pos+n], sheetColumns) {
			if len(c) > 0 {
				k++
			}
		}
		starts, filled = append(starts, pos), append(filled, k)
		usual = max(usual, k)
		pos += n
	}
	if s.form = isPairs(as, lead, starts, last); s.form {
		return // flush makes lines of it
	}
	first := -1
	for i := range min(len(starts), sheetBefore) {
		short := 2*filled[i] < usual || filled[i] == 1 && usual > 1
		if !short {
			if first < 0 {
				first = i
			}
			titles, n := as.titles(lead[starts[i]:], true)
			if n > 0 && i+2 < len(starts) && filled[i+1] > filled[i] { // titles of groups of columns?
				if _, below := as.titles(lead[starts[i+1]:], true); below > 0 {
					continue
				}
			}
			if n > 0 && starts[i]+n < len(lead) {
				s.titles = titles
				s.lines(starts[i])
				s.rows -= i + 1
				s.text = s.text[:copy(s.text, s.text[n:])]
				s.from = len(s.text)
				return
			}
			if s.values(as, lead[starts[i]:]) {
				break
			}
		}
	}
	if first > 0 {
		s.lines(starts[first])
		s.rows -= first
		s.from = len(s.text)
	}
}

// isPairs reports whether rows are names with their values: in half of them at
// least a common title stands first, and something else beside it. Where they are
// not all rows, the same names come again.
func isPairs(as dialect, lead []byte, starts []int, last bool) bool {
	names := 0
	seen := make(map[string]bool)
	for _, at := range starts {
		cells := as.pair(lead[at:])
		if len(cells) > 3 {
			return false
		}
		if len(cells) > 1 && isKnownTitle(cells[0]) && !isKnownTitle(cells[1]) {
			names++
			seen[string(cells[0])] = true
		}
	}
	return names >= 3 && 2*names >= len(starts) && (last || 2*len(seen) <= names)
}

// pair returns the cells of the row that text begins with, without empty ones
// before them.
func (as dialect) pair(text []byte) [][]byte {
	n, _ := as.record(text, true)
	cells := as.cells(nil, text[:n], 8)
	for len(cells) > 0 && len(cells[0]) == 0 {
		cells = cells[1:]
	}
	return cells
}

// pairs makes running text, "name: value", of rows that are a form.
func (s *sheet) pairs() {
	lead := bytes.ReplaceAll(s.text, []byte{'\n'}, []byte{' '})
	lead = bytes.ReplaceAll(lead, []byte{0x1E}, []byte{'\n'})
	as := dialect{cell: 0x1F, row: '\n'}
	for row := range bytes.Lines(lead) {
		cells := as.pair(row)
		for i, c := range cells {
			s.other = append(s.other, c...)
			if i == 0 && len(cells) > 1 && !bytes.HasSuffix(c, []byte{':'}) {
				s.other = append(s.other, ':')
			}
			s.other = append(s.other, ' ')
		}
		s.other = append(s.other, '\n')
	}
}

// values reports whether the record at the beginning of text has a value.
func (s *sheet) values(as dialect, text []byte) bool {
	n, _ := as.record(text, true)
	for _, c := range as.cells(nil, text[:n], sheetColumns) {
		if isValue(c) {
			return true
		}
	}
	return false
}

// lines makes running text of the first n bytes of the rows laid down.
func (s *sheet) lines(n int) {
	for _, c := range s.text[:n] {
		switch c {
		case 0x1F:
			c = '\t'
		case 0x1E:
			c = '\n'
		}
		s.other = append(s.other, c)
	}
	s.text = s.text[:copy(s.text, s.text[n:])]
}
