package format

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

const (
	jsonLentCells = 16 // of a row, that come from rows within it
	jsonLentWord  = 48 // bytes of a word
	jsonLentWords = 8  // in a cell
)

// A jsonLent is a cell of the row at hand whose words stand in the objects of an
// array within it: the benefits that a household draws. Without it the row would
// not say what its people have, and the objects not whose they are.
type jsonLent struct {
	at    *jsonNode
	words []byte
	count int
}

// lend gives the words of the row of t that ends to the row that the array is in.
func (j *jsonReader) lend(t *jsonTable, array *jsonFrame) {
	to := array.row
	if to == nil || to == t || array.at == nil || !array.array || array.grid || t == nil {
		return
	}
	for _, i := range t.filled {
		c := t.cells[i]
		word := t.row[c.from:c.to]
		if i >= len(t.titles) || !isWord(word) {
			continue
		}
		at := j.child(array.at, []byte(t.titles[i]))
		if at == nil {
			continue
		}
		to.lend(at, word)
	}
}

func (t *jsonTable) lend(at *jsonNode, word []byte) {
	for i := range t.lent {
		l := &t.lent[i]
		if l.at != at {
			continue
		}
		if l.count < jsonLentWords && !slices.ContainsFunc(bytes.Split(l.words, []byte(", ")), func(w []byte) bool { return bytes.Equal(w, word) }) {
			l.words, l.count = append(append(l.words, ", "...), word...), l.count+1
		}
		return
	}
	if len(t.lent) < jsonLentCells {
		t.lent = append(t.lent, jsonLent{at, bytes.Clone(word), 1})
	}
}

// takeLent adds the cells that were lent to the row at hand.
func (j *jsonReader) takeLent(t *jsonTable) {
	for _, l := range t.lent {
		j.begin(t, l.at)
		j.put(l.words)
		j.end()
	}
	t.lent = t.lent[:0]
}

// isWord reports whether a value is a short one without a digit or sign: a code, a
// name of something.
func isWord(v []byte) bool {
	if len(v) < 2 || len(v) > jsonLentWord {
		return false
	}
	for _, c := range v {
		if c < utf8.RuneSelf && !isLower(c) && !isUpper(c) && c != ' ' && c != '-' && c != '\'' {
			return false
		}
	}
	return true
}
