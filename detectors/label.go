package detectors

// Labels are words that announce a value in running text: "ne le", "nom de
// naissance". They are folded, each word one space from the next.

// eachLabel calls found for each label in the text, in order, with the numbers of
// its first and last word. What found takes goes up to end; labels in it are
// passed over. The labels are one of labelLists.
func (t *Text) eachLabel(labels []string, found func(words []Span, i, last int) (end int)) {
	list, words, after := listNumber(labels), t.Words(), 0
	for _, o := range t.openings() {
		if words[o.word].Start < after {
			continue
		}
		if last := t.lastOf(o, list); last >= 0 {
			after = max(after, found(words, o.word, last))
		}
	}
}

// findLabelled finds values that stand behind a label on the same line: "Né(e)
// le : 12/05/1985". value returns the length of the value at the start of b, 0
// where there is none, and whether it is valid; b ends where the line or cell
// does, or 160 bytes on.
func findLabelled(dst []Match, t *Text, labels []string, value func(b []byte) (n int, valid bool)) []Match {
	t.eachLabel(labels, func(words []Span, _, last int) int {
		start, b := t.behind(words[last])
		if len(b) == 0 {
			return 0
		}
		n, valid := value(b)
		if n == 0 {
			return 0
		}
		dst = append(dst, Match{start, start + n, valid})
		return start + n
	})
	return dst
}

// behind returns where the value behind a label's last word begins, and the rest
// of its line or cell, 160 bytes at most; nothing where there is none.
func (t *Text) behind(word Span) (start int, b []byte) {
	if start = t.valueStart(word.End); start < 0 {
		return 0, nil
	}
	return start, t.Bytes[start:t.cellEnd(start, start+160)]
}

// bare returns a word without the article or preposition elided before it:
// "AAH" of "l'AAH", "enfant" of "d’enfant".
func (t *Text) bare(w Span) Span {
	b := t.Bytes[w.Start:w.End]
	switch {
	case len(b) > 2 && b[1] == '\'':
		w.Start += 2
	case len(b) > 4 && b[1] == 0xE2:
		w.Start += 4
	case len(b) > 3 && b[2] == '\'' && b[0]|0x20 == 'q':
		w.Start += 3
	}
	return w
}

// valueStart skips what may stand between a label and its value: spaces, a
// colon, an equals sign, the "(e)" of a form. It returns -1 at a line's end.
func (t *Text) valueStart(i int) int {
	b := t.Bytes
	for last := min(i+12, len(b)); i < last; i++ {
		switch c := b[i]; {
		case t.delimited(c) || c == '\n':
			return -1
		case c == ' ' || c == ':' || c == '=' || c == '\t' || c == '.' || c == 0xC2 || c == 0xA0 || c == '*' || c == '"' || c == ')':
		default:
			return i
		}
	}
	return -1
}

// cellEnd returns the end of the cell or line that holds i, at most last.
func (t *Text) cellEnd(i, last int) int {
	last = min(last, len(t.Bytes))
	for ; i < last; i++ {
		if c := t.Bytes[i]; t.delimited(c) || c == '\n' {
			break
		}
	}
	return i
}

// wordEnd returns the end of the word at the start of b: letters, digits, inner
// hyphens and apostrophes.
func wordEnd(b []byte) int {
	i := 0
	for i < len(b) {
		c := b[i]
		switch {
		case isAlnum(c) || c >= 0xC3 && c <= 0xC5 && i+1 < len(b):
			i++
			for c >= 0x80 && i < len(b) && b[i] >= 0x80 && b[i] < 0xC0 {
				i++
			}
		case (c == '-' || c == '\'') && i > 0 && i+1 < len(b) && (isAlnum(b[i+1]) || b[i+1] >= 0xC3):
			i++
		default:
			return i
		}
	}
	return i
}

// isCapital reports whether a word begins with a capital letter.
func isCapital(word []byte) bool {
	if len(word) == 0 {
		return false
	}
	if word[0] == 0xC3 && len(word) > 1 {
		return word[1] < 0xA0
	}
	return word[0]-'A' < 26
}

// isUpper reports whether a word of two letters or more has no small letter.
func isUpper(word []byte) bool {
	if len(word) < 2 || !isCapital(word) {
		return false
	}
	for i, c := range word {
		if c-'a' < 26 || i > 0 && word[i-1] == 0xC3 && c >= 0xA0 {
			return false
		}
	}
	return true
}
