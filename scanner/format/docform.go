package format

import "bytes"

const (
	formPairs = 4  // columns of a form at most
	formLabel = 80 // bytes of a label
)

// rowsOf splits rows that a sheet has laid down.
func rowsOf(text []byte) (rows [][][]byte) {
	for len(text) > 0 {
		n := bytes.IndexByte(text, 0x1E)
		if n < 0 {
			n = len(text)
		}
		rows = append(rows, bytes.Split(text[:n], []byte{0x1F}))
		text = text[min(n+1, len(text)):]
	}
	return rows
}

// isForm reports whether rows are labels with their values: every other cell is a
// label.
func isForm(rows [][][]byte) bool {
	var filled, labels [2]int
	for _, row := range rows {
		if len(row) > formPairs {
			return false
		}
		for i, c := range row {
			if c = bytes.TrimSpace(c); len(c) > 0 {
				filled[i&1]++
				if isLabel(c) {
					labels[i&1]++
				}
			}
		}
	}
	return labels[0] > 0 && filled[1] > 0 && 2*labels[0] >= filled[0] && 4*labels[1] <= filled[1]
}

// isLabel reports whether a cell names what the next one holds.
func isLabel(c []byte) bool {
	return len(c) <= formLabel && (c[len(c)-1] == ':' || isKnownTitle(c) && !isValue(c))
}

// dissolve makes running text of the rows of the table at hand.
func (f *folio) dissolve() {
	s := &f.sheet
	from := 0
	if f.pending {
		from = s.from
	}
	f.layRows(rowsOf(s.text[from:]))
	if s.text = s.text[:from]; !f.pending {
		s.rows = 0
	}
	s.from, s.column, f.inCell = len(s.text), -1, false
	if len(f.cell) > 0 {
		f.lay(f.cell)
	}
	f.cell = f.cell[:0]
	f.endNotes()
}

// layRows makes lines of rows: "label: value" of a form, "title: cell" of a table
// whose titles are known, and otherwise a row a line.
func (f *folio) layRows(rows [][][]byte) {
	if !isForm(rows) && len(rows) > 1 && len(rows[0]) > 1 {
		var lead []byte
		for _, row := range rows {
			line := bytes.Join(row, []byte{0x1F})
			lead = append(append(lead, bytes.ReplaceAll(line, []byte{'\n'}, []byte{' '})...), '\n')
		}
		as := dialect{cell: 0x1F, row: '\n'}
		if titles, n := as.titles(lead, true); n > 0 {
			for _, row := range rows[1:] {
				for i, c := range row {
					label := ""
					if i < len(titles) {
						label = titles[i]
					}
					f.layPair([]byte(label), c)
				}
				f.lay(nil)
			}
			return
		}
	}
	for _, row := range rows {
		f.layRow(row)
	}
}

// layRow makes a line of a row, a line a cell where cells have lines of their own.
func (f *folio) layRow(row [][]byte) {
	pairs, tall := len(row) <= formPairs && len(row)&1 == 0, false
	for i, c := range row {
		tall = tall || bytes.IndexByte(c, '\n') >= 0
		pairs = pairs && (i&1 == 1 || len(c) == 0 || isLabel(c) || len(c) <= formLabel && !bytes.ContainsAny(c, "0123456789\n"))
	}
	switch {
	case pairs:
		for i := 0; i < len(row); i += 2 {
			f.layPair(row[i], row[i+1])
		}
	case tall:
		for _, c := range row {
			f.lay(c)
		}
	default:
		f.lay(bytes.Join(row, []byte{'\t'}))
	}
}

// layPair makes a line of a label and a value.
func (f *folio) layPair(label, v []byte) {
	label = bytes.TrimRight(label, " \u00a0:")
	if len(label) == 0 || len(v) == 0 {
		f.lay(append(label[:len(label):len(label)], v...))
		return
	}
	f.lay(bytes.Join([][]byte{label, v}, []byte(": ")))
}

// walk calls enter and leave as elements begin and end; text between them goes to
// where says, and is none where that is nil.
func (f *folio) walk(in *markup, enter, leave func(), where func() *[]byte) {
	var into *[]byte
	for f.sheet.stop == nil && in.next(into) {
		if in.end {
			leave()
		} else {
			enter()
			if in.empty {
				leave()
			}
		}
		f.check()
		into = where()
	}
	for f.aside = 0; len(f.open) > 0 || f.deeper > 0; {
		f.endTable()
	}
	f.rest()
}
