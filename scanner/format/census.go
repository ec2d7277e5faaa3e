package format

import "bytes"

// A census counts what tells tables from other text.
type census struct {
	records int
	marked  int // begin like JSON or XML
	tabbed  int // begin with a tab
	full    int // have something in two cells at least
	cells   int
	spaced  int // cells that begin with a space after their separator
	words   int
	values  int // cells that are a number, a date, an e-mail address, quoted
}

func (c *census) add(record []byte, cells [][]byte) {
	c.records++
	if t := bytes.TrimLeft(record, " \t"); len(t) > 0 && bytes.IndexByte([]byte("{[<"), t[0]) >= 0 {
		c.marked++
	}
	if record[0] == '\t' {
		c.tabbed++
	}
	filled := 0
	for _, cell := range cells {
		c.cells++
		if len(cell) > 0 {
			filled++
			c.words += 1 + bytes.Count(cell, []byte{' '})
		}
		if isValue(cell) {
			c.values++
		}
	}
	if filled >= 2 {
		c.full++
	}
	for _, sep := range []string{", ", "; ", "| "} {
		c.spaced += bytes.Count(record, []byte(sep))
	}
}

// indented reports whether the tabs that would separate cells indent lines.
func (c *census) indented(cell byte) bool { return cell == '\t' && 5*c.tabbed > 4*c.records }
