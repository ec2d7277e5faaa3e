package format

import (
	"slices"
	"strconv"
	"strings"
)

const (
	pdfRowsMin = 8  // lines that make a table, at least
	pdfProse   = 28 // bytes of a cell: columns of longer ones are running text
)

// A pdfSpan is what a column takes of the width of the page.
type pdfSpan struct{ x0, x1 float32 }

// widen adds the pieces of a line to columns, which grow together where a piece
// reaches over two.
func widen(columns []pdfSpan, l *pdfLine) []pdfSpan {
	out := slices.Clone(columns)
	for _, p := range l.pieces {
		s, slack := pdfSpan{p.x0, p.x1}, 0.04*p.size
		i := 0
		for i < len(out) && out[i].x1 <= s.x0+slack {
			i++
		}
		j := i
		for j < len(out) && out[j].x0 < s.x1-slack {
			s.x0, s.x1 = min(s.x0, out[j].x0), max(s.x1, out[j].x1)
			j++
		}
		out = slices.Replace(out, i, j, s)
	}
	return out
}

// region returns where the table ends that begins at the first of lines, and its
// columns; n is 0 where there is none, and lines up to past are to be passed over.
// Where known are the columns of a table that may go on, its first line may be the
// end of a row.
func region(lines []pdfLine, known []pdfSpan) (n int, columns []pdfSpan, past int) {
	columns = widen(nil, &lines[0])
	goes := len(known) > 2 && len(widen(known, &lines[0])) == len(known)
	if len(columns) < 2 && !goes || len(lines) < pdfRowsMin {
		return 0, nil, 1
	}
	many := 1
	n = 1
	for ; n < len(lines); n++ {
		l := &lines[n]
		if lines[n-1].y-l.y > 6*max(l.size, lines[n-1].size) {
			break
		}
		next := widen(columns, l)
		if whole := max(len(columns), len(l.pieces)); len(next) < whole {
			if n < 3 {
				return 0, nil, 1
			}
			if len(l.pieces) == 1 || 4*len(next) < 3*whole || len(next) < 2 {
				break
			}
		}
		if len(l.pieces) > 1 {
			many++
		}
		columns = next
	}
	switch {
	case n < pdfRowsMin:
		return 0, nil, 1
	case 3*many < n || len(columns) < 2 || len(columns) > sheetColumns:
		return 0, nil, n
	}
	return n, columns, n
}

// column returns the one that a piece stands in.
func pdfColumn(columns []pdfSpan, p *pdfPiece) int {
	i, _ := slices.BinarySearchFunc(columns, (p.x0+p.x1)/2, func(s pdfSpan, x float32) int {
		if s.x1 < x {
			return -1
		}
		return 1
	})
	return min(i, len(columns)-1)
}

// A pdfRow is its cells; last is what they end in.
type (
	pdfRow  []pdfCell
	pdfCell struct {
		text string
		last pdfPiece
	}
)

// add adds a line to a cell. One word that is as wide as the column was cut where
// it goes on without a capital.
func (c *pdfCell) add(p pdfPiece, column pdfSpan) {
	switch {
	case c.text == "":
	case !strings.Contains(c.last.text, " ") && c.last.x0 < column.x0+1.2*p.size && c.last.x1 > column.x1-1.2*p.size && wordGoesOn(c.text, p.text):
	default:
		c.text += " "
	}
	c.text += p.text
	c.last = p
}

func wordGoesOn(before, after string) bool {
	a, b := before[len(before)-1], after[0]
	switch {
	case isDigit(b):
		return isDigit(a) || isUpper(a) || a == '/' || a == '.'
	case isLower(b), b == '.', b == '@', b == '_':
		return strings.ContainsAny(before, "@._") || b == '@'
	}
	return a == '-'
}

// whole reports whether a line has about as many cells as the fullest one of its
// row so far: it is a row of its own.
func whole(l *pdfLine, most int) bool { return len(l.pieces) > 1 && 5*len(l.pieces) >= 4*most }

// rows puts the lines of a table together to rows: those between two lines that
// are drawn across, unless they are whole, or where there are none, those that go on
// in a row whose first cell is above.
func (g *pdfPage) rows(turn uint8, lines []pdfLine, columns []pdfSpan) (rows []pdfRow) {
	bars := g.across(turn, columns[0].x0, columns[len(columns)-1].x1)
	if 4*len(bars) < len(lines) {
		bars = nil
	}
	band, most := -1, 0
	for i := range lines {
		l := &lines[i]
		same := false
		if bars != nil {
			at := 0
			for at < len(bars) && bars[at] > l.y+0.2*l.size {
				at++
			}
			same = at == band && !whole(l, most)
			if at != band {
				most = len(l.pieces)
			}
			band, most = at, max(most, len(l.pieces))
		} else if i > 0 {
			same = pdfColumn(columns, &l.pieces[0]) > 0 && lines[i-1].y-l.y < 1.4*max(l.size, lines[i-1].size) && rows[len(rows)-1][0].text != "" &&
				2*len(l.pieces) <= len(columns)
		}
		if !same {
			rows = append(rows, make(pdfRow, len(columns)))
		}
		for k := range l.pieces {
			c := pdfColumn(columns, &l.pieces[k])
			rows[len(rows)-1][c].add(l.pieces[k], columns[c])
		}
	}
	return rows
}

// columnsOfProse reports whether these are columns of running text.
func columnsOfProse(rows []pdfRow) bool {
	cells, long := 0, 0
	for _, r := range rows {
		for _, c := range r {
			if c.text != "" {
				cells++
			}
			if len(c.text) > pdfProse {
				long++
			}
		}
	}
	return 2*long > cells
}

// labels reports whether two columns are labels and what they label.
func labels(rows []pdfRow) bool {
	if len(rows) == 0 || len(rows[0]) != 2 {
		return false
	}
	n := 0
	for _, r := range rows {
		if strings.HasSuffix(r[0].text, ":") {
			n++
		}
	}
	return 3*n > len(rows) || len(rows) < 2*pdfRowsMin
}

// layOut hands over what the page shows: tables as such, other lines as text.
func (d *pdfDocument) layOut(g *pdfPage) error {
	for turn := range uint8(4) {
		lines := g.lines(turn)
		d.ran = -1
		for i := 0; i < len(lines); {
			n, columns, past := region(lines[i:], d.columns)
			var rows []pdfRow
			if d.plain {
				n = 0
			}
			if n > 0 {
				rows = g.rows(turn, lines[i:i+n], columns)
			}
			switch {
			case n == 0 || labels(rows):
				d.running(lines, i, i+past)
			case columnsOfProse(rows):
				for c := range columns {
					for _, r := range rows {
						if r[c].text != "" {
							d.sheet.aside([]byte(r[c].text))
						}
					}
				}
			default:
				d.table(rows, columns)
			}
			i += max(n, past)
			if d.sheet.stop != nil {
				return d.sheet.stop
			}
		}
	}
	g.reset()
	return d.sheet.stop
}

// edge is how many lines at the top and at the bottom of a page may be its header
// and its footer.
const edge = 3

// running hands over lines as text. What stood on the edge of a page before comes
// once.
func (d *pdfDocument) running(lines []pdfLine, from, to int) {
	right := float32(-1e9)
	for _, l := range lines {
		right = max(right, l.pieces[len(l.pieces)-1].x1)
	}
	for i := from; i < to; i++ {
		d.line = lines[i].appendTo(d.line[:0])
		if i < edge || i >= len(lines)-edge {
			if d.edges[string(d.line)] {
				continue
			}
			if len(d.edges) < 64 && len(d.line) < 256 {
				d.edges[string(d.line)] = true
			}
		}
		switch n := len(d.sheet.other); {
		case i == 0 || d.ran != i-1:
		case lines[i-1].y-lines[i].y > 1.9*lines[i].size:
			d.sheet.other = append(d.sheet.other, '\n')
		case n > 0 && lines[i].wraps(&lines[i-1], right):
			d.sheet.other[n-1] = ' '
		}
		d.sheet.aside(d.line)
		d.ran = i
	}
}

// table hands over rows. A table with the columns of the one before is the same,
// and its titles come again on each page.
func (d *pdfDocument) table(rows []pdfRow, columns []pdfSpan) {
	joint := columns
	if d.columns != nil {
		joint = d.columns
		for _, s := range columns {
			joint = widen(joint, &pdfLine{pieces: []pdfPiece{{x0: s.x0, x1: s.x1}}})
		}
	}
	goes := d.columns != nil && len(joint) == len(d.columns) && 2*len(columns) > len(joint)
	if !goes {
		d.endTable()
		d.tables++
		name := ""
		if d.tables > 1 {
			name = strconv.Itoa(d.tables)
		}
		d.sheet.begin(name)
		joint, d.first = columns, nil
	}
	for n, r := range rows {
		if goes { // columns that are empty on this page
			r = r.moved(columns, joint)
		}
		switch {
		case d.held == nil && d.first == nil:
			d.first = r
		case n < 3 && slices.EqualFunc(r, d.first, func(a, b pdfCell) bool { return a.text == b.text }):
			continue
		case n == 0 && r[0].text == "" && d.held != nil: // a row that a page was turned in
			for c := range r {
				if r[c].text != "" {
					d.held[c].add(r[c].last, joint[c])
				}
			}
			continue
		}
		d.release()
		d.held = r
	}
	d.columns = joint
}

// release hands over the row that was held, because it might go on.
func (d *pdfDocument) release() {
	for c, cell := range d.held {
		if cell.text != "" {
			d.sheet.put(c, []byte(cell.text))
		}
	}
	if d.held != nil {
		d.sheet.endRow(d.f.decoded + d.f.size)
	}
	d.held = nil
}

func (r pdfRow) moved(from, to []pdfSpan) pdfRow {
	out := make(pdfRow, len(to))
	for c, cell := range r {
		if cell.text != "" {
			out[pdfColumn(to, &pdfPiece{x0: from[c].x0, x1: from[c].x1})] = cell
		}
	}
	return out
}

// endTable hands over the rest of the table.
func (d *pdfDocument) endTable() {
	if d.columns == nil {
		return
	}
	d.release()
	if !d.sheet.ready {
		d.sheet.decide(true)
	}
	d.sheet.flush()
	d.columns = nil
}
