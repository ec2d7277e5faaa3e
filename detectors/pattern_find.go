package detectors

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// fits reports whether a cell is a value. Where there is only a title to go by,
// every cell is one.
func (p *pattern) fits(cell []byte) (fits, valid bool) {
	switch {
	case len(cell) == 0 || len(cell) > ruleCell:
	case p.re != nil:
		fits = p.whole.Match(cell) && (p.sum == nil || p.sum(cell))
	case len(p.words) > 0:
		var buf [2 * ruleCell]byte
		_, fits = slices.BinarySearch(p.words, string(Fold(buf[:0], cell)))
	default:
		fits = true
	}
	return fits, fits
}

// findWords finds the words themselves.
func (p *pattern) findWords(dst []Match, t *Text) []Match {
	for _, s := range t.spans(p.spoken) {
		dst = append(dst, Match{s.Start, s.End, true})
	}
	return dst
}

// find asks the pattern where its literals or the rule's words stand.
func (p *pattern) find(dst []Match, t *Text) []Match {
	q := question{p: p, t: t, found: dst}
	if p.near != nil {
		if q.near = t.spans(p.near); q.near == nil {
			return dst
		}
	}
	switch {
	case len(p.words) > 0:
		for _, w := range t.spans(p.spoken) {
			q.ask(w.End, t.cellEnd(w.End, w.End+ruleNear+ruleReach), w.End+ruleNear, false)
		}
	case p.literals != nil:
		eachLiteral(t.Bytes, p.literals, func(at, end int) int {
			from := t.wordStart(t.cellStart(at, at-p.before))
			to := t.cellEnd(end, end+2*ruleReach)
			if q.ask(from, to, to, true) {
				return max(q.after, end)
			}
			if to == end+2*ruleReach {
				to -= ruleReach // the next one needs as much behind it
			}
			return to
		})
	default:
		for _, w := range q.near {
			to := t.wordStop(min(w.End+ruleNear+ruleReach, len(t.Bytes)))
			q.ask(t.wordStart(max(w.Start-ruleNear-ruleReach, 0)), to, to, false)
		}
	}
	return q.found
}

// A question is what a pattern is asked about one text.
type question struct {
	p     *pattern
	t     *Text
	near  []Span // words of which one must stand near; nil: none needed
	found []Match
	after int // end of the last match
}

// ask looks for matches between from and to, line by line and cell by cell, that
// begin no later than last: all of them, or one. It reports whether it found one.
func (q *question) ask(from, to, last int, one bool) bool {
	b, before := q.t.Bytes, len(q.found)
	for from = max(from, q.after); from < to; from++ {
		end := q.t.cellEnd(from, to)
		for from < end {
			at := q.p.re.FindIndex(b[from:end])
			if at == nil || at[0] == at[1] || from+at[0] > last {
				break
			}
			m := Match{from + at[0], from + at[1], true}
			from = m.End
			if (q.p.sum == nil || q.p.sum(b[m.Start:m.End])) && (q.near == nil || q.isNear(m)) {
				q.found, q.after = append(q.found, m), m.End
				if one {
					return true
				}
			}
		}
		from = end
	}
	return len(q.found) > before
}

// isNear reports whether a word stands near m, in its row.
func (q *question) isNear(m Match) bool {
	i, _ := slices.BinarySearchFunc(q.near, m.Start-ruleNear, func(w Span, at int) int { return w.End - at })
	for ; i < len(q.near) && q.near[i].Start <= m.End+ruleNear; i++ {
		between := q.t.Bytes[min(m.Start, q.near[i].Start):max(m.End, q.near[i].End)]
		if q.t.Row == 0 || bytes.IndexByte(between, q.t.Row) < 0 {
			return true
		}
	}
	return false
}

// cellStart returns the start of the cell or line that i lies in, first at least.
func (t *Text) cellStart(i, first int) int {
	for first = max(first, 0); i > first; i-- {
		if c := t.Bytes[i-1]; t.delimited(c) || c == '\n' {
			break
		}
	}
	return i
}

// wordStart returns the start of the word that i lies in, if it is not far.
func (t *Text) wordStart(i int) int {
	for n := 0; n < ruleReach && i > 0 && i < len(t.Bytes) && wordByte(t.Bytes[i-1]); n++ {
		i--
	}
	return i
}

// wordStop returns the end of the word that i lies in, if it is not far.
func (t *Text) wordStop(i int) int {
	for n := 0; n < ruleReach && i < len(t.Bytes) && wordByte(t.Bytes[i]); n++ {
		i++
	}
	return i
}

func wordByte(c byte) bool { return isAlnum(c) || c == '_' || c >= utf8.RuneSelf }

// labelsOf returns the tree of folded words, nil for none.
func labelsOf(words []string) *labelTree {
	if len(words) == 0 {
		return nil
	}
	return newLabelTree(words)
}

// spans returns where labels stand in the text, the longest ones.
func (t *Text) spans(labels *labelTree) (found []Span) {
	var buf [8]label
	b, words := t.Bytes, t.Words()
	for i := 0; i < len(words); i++ {
		if !labels.mayBegin(b, t.bare(words[i])) {
			continue
		}
		if ends := labels.appendLabels(buf[:0], t, i); len(ends) > 0 {
			last := ends[len(ends)-1].last
			found = append(found, Span{words[i].Start, words[last].End})
			i = last
		}
	}
	return found
}
