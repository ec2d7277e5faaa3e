package format

import "bytes"

const (
	seamRows = 8  // records that show another table, or the end of one in text
	goneRows = 20 // records without a separator that end a table elsewhere
)

// What seam found.
const (
	same    = iota
	ended   // running text begins there
	another // a title row of another table stands there
	holds   // odd records from there to the end: more must be seen
)

// seam looks for the end of the table in text, whole records. last: nothing but
// blank lines follows.
func (t *table) seam(text []byte, last bool) (at int, what int) {
	want := t.columns - 1
	var odd, gone, alike struct{ at, n int } // runs of odd records; without a separator; with the same number
	kind, after := -1, false
	for pos := 0; pos < len(text); {
		n, seps := t.record(text[pos:], true)
		empty := seps == 0 && len(bytes.TrimSpace(text[pos:pos+n])) == 0
		if seps == want {
			if after && t.blanks < 64 && !t.only {
				t.blanks++
				if _, k := t.dialect.titles(text[pos:], true); k > 0 && !t.fresh {
					return pos, another
				}
			}
			odd.n, gone.n, alike.n, kind, after = 0, 0, 0, -1, false
			pos += n
			continue
		}
		if odd.n++; odd.n == 1 {
			odd.at = pos
		}
		if seps > 0 {
			gone.n = 0
		} else if gone.n++; gone.n == 1 {
			gone.at = pos
		}
		if seps != kind || seps == 0 {
			kind, alike.n, alike.at = seps, 0, pos
		}
		alike.n++
		after = empty
		switch {
		case t.strict && odd.n >= seamRows:
			return odd.at, ended
		case gone.n >= goneRows:
			return gone.at, ended
		case alike.n == seamRows && kind > 0 && !t.only:
			other := t.dialect
			other.columns = kind + 1
			if _, k := other.titles(text[alike.at:], true); k > 0 {
				return alike.at, another
			}
		}
		pos += n
	}
	switch {
	case odd.n == 0:
		return 0, same
	case !last:
		if !t.strict && alike.n < odd.n && gone.n < odd.n {
			if odd.at = alike.at; gone.n > alike.n {
				odd.at = gone.at
			}
		}
		return odd.at, holds
	case t.strict:
		return odd.at, ended
	case gone.n >= seamRows:
		return gone.at, ended
	}
	return 0, same
}
