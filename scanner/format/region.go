package format

import "bytes"

const (
	pieceSize = 16 << 10 // running text is looked at in such pieces
	needMax   = 256      // lines that make a table, at most
)

// separators of the tables that are looked for in running text.
var separators = [...]byte{';', '\t', '|', ','}

// A run is consecutive lines with the same number, two at least, of a separator.
type run struct{ seps, lines, start int }

// region looks for a table in text, whole lines of running text: another, and
// where it begins; holds, where lines at the end may be the beginning of one.
//
// It is certain to find a table of 300 rows: every line of a piece that has
// enough of a separator is counted, and no table needs more than 256 lines. It
// needs 8, and one more for each table seen before, so that a text with
// thousands of little lists does not become thousands of tables.
func (d *document) region(text []byte) (at int, as dialect, what int) {
	need := min(needMax, seamRows+d.tables)
	var runs [len(separators)]run
	for pos := 0; pos < len(text); {
		end := d.piece(text, pos)
		piece := text[pos:end]
		lines := bytes.Count(piece, []byte{d.row})
		var active []int
		var room [len(separators)]int
		active = room[:0]
		for k, sep := range separators {
			enough := bytes.Count(piece, []byte{sep}) >= 2*min(seamRows/2, lines)
			if runs[k].lines > 1 || enough && telling(piece, sep) {
				active = append(active, k)
			} else {
				runs[k] = run{}
			}
		}
		if len(active) > 0 {
			if at, as, ok := d.search(text, pos, end, active, &runs, need); ok {
				return at, as, another
			}
		}
		pos = end
	}
	hold := len(text)
	for k, r := range runs {
		if r.lines > 1 && r.lines < need && len(text)-r.start < 2*headSize {
			as := dialect{cell: separators[k], row: d.row, quote: '"', columns: r.seps + 1}
			hold = min(hold, as.headed(text, as.back(text, r.start)))
		}
	}
	if hold < len(text) {
		return hold, as, holds
	}
	return 0, as, same
}

// telling looks at the separators next to every 1024th byte: in prose a comma is
// followed by a space, in source text tabs indent. 300 rows are longer.
func telling(piece []byte, sep byte) bool {
	if sep != ',' && sep != '\t' {
		return true
	}
	for ; len(piece) > 0; piece = piece[min(1024, len(piece)):] {
		i := bytes.IndexByte(piece[:min(1024, len(piece))], sep)
		switch {
		case i < 0:
		case sep == ',' && i+1 < len(piece) && piece[i+1] > ' ':
			return true
		case sep == '\t' && i > 0 && piece[i-1] > ' ':
			return true
		}
	}
	return false
}

// piece returns where the piece that begins at pos ends: at a line end.
func (d *document) piece(text []byte, pos int) int {
	end := pos + pieceSize
	if end >= len(text) {
		return len(text)
	}
	if n := bytes.LastIndexByte(text[pos:end], d.row) + 1; n > 0 {
		return pos + n
	}
	if n := bytes.IndexByte(text[end:], d.row) + 1; n > 0 {
		return end + n
	}
	return len(text)
}

// search counts the active separators line by line in text[pos:end].
func (d *document) search(text []byte, pos, end int, active []int, runs *[len(separators)]run, need int) (int, dialect, bool) {
	quotes := bytes.IndexByte(text[pos:end], '"') >= 0
	for pos < end {
		n := bytes.IndexByte(text[pos:end], d.row) + 1
		if n == 0 {
			n = end - pos
		}
		line := text[pos : pos+n]
		marked := line[0] == '{' || line[0] == '<' || line[0] == '['
		for _, k := range active {
			seps := 0
			if !marked {
				seps = bytes.Count(line, []byte{separators[k]})
			}
			if quotes && seps > 1 && bytes.IndexByte(line, '"') >= 0 {
				seps = outside(line, separators[k], seps)
			}
			r := &runs[k]
			if seps < 2 {
				r.lines = 0
				continue
			}
			if seps != r.seps || r.lines == 0 {
				*r = run{seps: seps, start: pos}
			}
			if r.lines++; r.lines == need || r.lines == 8*need {
				as := dialect{cell: separators[k], row: d.row, quote: '"', columns: seps + 1}
				if as.regular(text[r.start:end], need) {
					return as.headed(text, as.back(text, r.start)), as, true
				}
			}
		}
		pos += n
	}
	return 0, dialect{}, false
}

// outside counts the separators of a line outside quotes; all, where the quotes
// do not pair.
func outside(line []byte, sep byte, all int) int {
	n, quoted := 0, false
	for _, c := range line {
		if c == '"' {
			quoted = !quoted
		} else if c == sep && !quoted {
			n++
		}
	}
	if quoted {
		return all
	}
	return n
}

// regular reports whether the first records of text are a table's. Commas and
// indents need more than to be as many in each line: source text and prose have
// them too.
func (d dialect) regular(text []byte, records int) bool {
	var c census
	var cells [][]byte
	quotes := 0
	for range records {
		n, seps := d.record(text, true)
		if n == 0 || seps != d.columns-1 {
			return false
		}
		cells = d.cells(cells[:0], text[:n], 256)
		c.add(text[:n], cells)
		quotes += bytes.Count(text[:n], []byte{'"'})
		text = text[n:]
	}
	if 2*c.marked > c.records || 5*c.full < 4*c.records || c.indented(d.cell) {
		return false
	}
	if d.cell != ',' {
		return true
	}
	commas := c.records * (d.columns - 1)
	solid := c.values + quotes/2
	return 10*c.spaced < commas && 5*solid >= c.cells || 2*c.spaced < commas && 2*solid >= c.cells
}

// back returns where the table of which a record begins at start has its first
// record: before records whose quoted cells have line ends in them, which is
// why counting by lines did not see them.
func (d dialect) back(text []byte, start int) int {
	known := map[int]bool{start: true}
	for pos, lines := start, 0; pos > 0 && lines < 20 && start-pos < headSize; lines++ {
		pos = bytes.LastIndexByte(text[:pos-1], d.row) + 1
		if n, seps := d.record(text[pos:], true); seps == d.columns-1 && known[pos+n] {
			known[pos], lines = true, 0
			start = pos
		}
	}
	return start
}

// headed returns where the table that begins at start has its title row: there,
// or in the line before, which may lack a separator at its end.
func (d dialect) headed(text []byte, start int) int {
	if start == 0 {
		return start
	}
	before := bytes.LastIndexByte(text[:start-1], d.row) + 1
	seps := bytes.Count(text[before:start], []byte{d.cell})
	if seps == 0 || seps < d.columns-2 || seps > d.columns {
		return start
	}
	if _, n := d.titles(text[start:], true); n > 0 {
		return start
	}
	if _, n := d.titles(text[before:], true); n > 0 {
		return before
	}
	return start
}
