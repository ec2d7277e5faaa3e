package detectors

import "bytes"

// findNames finds names behind a civility, "Nom : X Prénom : Y", and names before
// "né(e) le", "demeurant", "domicilié(e)" or a day in brackets.
func findNames(dst []Match, t *Text) []Match {
	b, words := t.Bytes, t.Words()
	from, after := len(dst), 0
	for i, w := range words {
		c := b[w.Start]
		if c != 'M' && c|0x20 != 'n' && c != 'd' || w.Start < after || i+1 == len(words) {
			continue
		}
		var m Match
		switch {
		case c == 'M':
			m = t.civilName(words, i)
		case isBornOrLiving(b[w.Start:w.End]):
			m = t.nameBefore(words, i)
		case c != 'd':
			m = t.formName(words, i)
		}
		if m.End > 0 && m.Start >= after {
			dst = append(dst, m)
			after = m.End
		}
	}
	t.eachBracketed(func(name, _ Span) { dst = insertMatch(dst, from, Match{name.Start, name.End, true}) })
	return dst
}

// civilName reads the name behind the civility that word i is: a surname with
// first names before or behind it, or a surname alone.
func (t *Text) civilName(words []Span, i int) (m Match) {
	b, w := t.Bytes, words[i]
	dot := w.End < len(b) && b[w.End] == '.'
	if w.End-w.Start > 12 || !isCivility(b[w.Start:w.End], dot) || w.End-w.Start == 1 && t.isInitial(words, i) {
		return m
	}
	alone := string(b[w.Start:w.End]) != "M" && string(b[w.Start:w.End]) != "Mr" && string(b[w.Start:w.End]) != "MR" || dot
	start := words[i+1].Start
	for j := i + 1; j < len(words) && j <= i+5; j++ {
		word := b[words[j].Start:words[j].End]
		if !t.sameLine(words[j-1].End, words[j].Start) || j > i+1 && bytes.ContainsAny(b[words[j-1].End:words[j].Start], ",.") {
			break
		}
		if !isCapital(word) && (j == i+1 || !isParticle(word)) {
			break
		}
		name := b[start:words[j].End]
		if fullName(name) > 0 || j <= i+2 && (alone || isUpper(name)) && m.End == 0 && isSurname(name) {
			m = Match{start, words[j].End, true}
		}
	}
	return m
}

// isBornOrLiving reports whether a word is one that a deed puts behind a name:
// "né", "née", "demeurant", "domicilié(e)".
func isBornOrLiving(word []byte) bool {
	switch string(word) {
	case "né", "née", "demeurant", "domicilié", "domiciliée":
		return true
	}
	return false
}

// nameBefore reads the name that ends at most 20 bytes before word i: first
// names and a surname, one of them in capitals.
func (t *Text) nameBefore(words []Span, i int) (m Match) {
	b := t.Bytes
	for j := i - 1; j > 0 && words[i].Start-words[j].End <= 20; j-- {
		for k := j - 1; k >= 0 && k >= j-4; k-- {
			if !t.joins(words[k].End, words[k+1].Start) {
				break
			}
			first, last := b[words[k].Start:words[k].End], b[words[j].Start:words[j].End]
			if !isCapital(first) && !isParticle(first) {
				break
			}
			if isCapital(first) && isCapital(last) && (isUpper(first) || isUpper(last)) && fullName(b[words[k].Start:words[j].End]) > 0 {
				m = Match{words[k].Start, words[j].End, true}
			}
		}
		if m.End > 0 {
			break
		}
	}
	return m
}

// isInitial reports whether the M that word i is stands behind a first name or
// another initial: "Brian M. Carlson", "J.M. Vansteene".
func (t *Text) isInitial(words []Span, i int) bool {
	if i == 0 || words[i].Start-words[i-1].End > 2 {
		return false
	}
	word := t.Bytes[words[i-1].Start:words[i-1].End]
	if !t.sameLine(words[i-1].End, words[i].Start) {
		return false
	}
	return len(word) == 1 || isCapital(word) && isFirstName(word)
}

// formName reads "Nom : X Prénom : Y" from the word "nom" on, X to Y.
func (t *Text) formName(words []Span, i int) (m Match) {
	last := t.labelAt(i, listNumber(lastNameLabels))
	if last < 0 {
		return m
	}
	start := t.valueStart(words[last].End)
	if start < 0 {
		return m
	}
	n, _ := valueName(t.Bytes[start:t.cellEnd(start, start+60)], isSurname)
	if n == 0 {
		return m
	}
	for j := last + 1; j < len(words) && words[j].Start <= start+n+8; j++ {
		if words[j].Start < start+n {
			continue
		}
		if end := t.labelAt(j, listNumber(firstNameLabels)); end >= 0 {
			at := t.valueStart(words[end].End)
			if at < 0 {
				return m
			}
			if k, _ := valueName(t.Bytes[at:t.cellEnd(at, at+60)], isFirstName); k > 0 {
				return Match{start, at + k, true}
			}
		}
		return m
	}
	return m
}
