package detectors

import (
	"slices"
	"strings"
)

// Titles are written in many ways: N° allocataire, num_alloc, NUMALLOC, caf_id.
// As a last resort they are compared as sets of words, each spelled one way,
// glued ones cut apart (codpos, dtnaissconj).

// stem cuts the number and the plural off a word of a title. It is "" for the
// person or the year a column is about: _P1, _P2, N-1, n2.
func stem(word string) string {
	n := len(word)
	for n > 0 && isDigit(word[n-1]) {
		n--
	}
	if n == 1 && len(word) == 2 && (word[0] == 'p' || word[0] == 'n') {
		return ""
	}
	word = word[:n]
	if len(word) > 3 && word[len(word)-1] == 's' {
		word = word[:len(word)-1]
	}
	return word
}

// A wordSet is the words of a title in the order of the alphabet, each spelled
// one way.
type wordSet struct {
	words []string
	all   int  // words before any was left out
	short bool // one of them was an abbreviation that says little by itself
}

// add puts a word of a title into the set; with owner those that only say whose
// the value is, or where, stay out.
func (s *wordSet) add(word string, owner bool) {
	if word = stem(word); binds(word) {
		return
	}
	s.all++
	if owner && isOwner(word) {
		return
	}
	long := spelled(word)
	if long == "" {
		if long = shortened(word); long != "" {
			s.short = true
		} else {
			long = word
		}
	}
	if owner && (isAside(word) || isAside(long)) {
		return
	}
	for w := range strings.SplitSeq(long, " ") {
		if i, have := slices.BinarySearch(s.words, w); !have {
			s.words = slices.Insert(s.words, i, w)
		}
	}
}

func (s *wordSet) key() string { return strings.Join(s.words, " ") }

// learn takes up the words of a title as what titles are made of.
func (x *Titles) learn(title string) (key string) {
	var s wordSet
	for word := range strings.SplitSeq(title, " ") {
		s.add(word, false)
		x.words[stem(word)] = struct{}{}
	}
	return s.key()
}

// kindsOfWords returns the kinds whose title has the words of a folded one, in
// any order and spelling; nil where one of its words is in no title.
func (x *Titles) kindsOfWords(folded string) []Kind {
	var buf [12]string
	words := buf[:0]
	for word := range strings.SplitSeq(folded, " ") {
		switch parts := x.parts(word); {
		case x.knows(stem(word)):
			words = append(words, word)
		case parts != nil:
			words = append(words, parts...)
		default:
			return nil
		}
		if len(words) > 8 {
			return nil
		}
	}
	if len(words) < 2 {
		return nil
	}
	if ks := x.kindsOfSet(words, false); ks != nil {
		return ks
	}
	if ks := x.kindsOfSet(words, true); ks != nil {
		return ks
	}
	if words[0] == "adresse" || words[0] == "adr" { // a prefix: adresseLocalite
		return x.kindsOfSet(words[1:], true)
	}
	return nil
}

// kindsOfSet returns the kinds whose title has the words; with owner without
// those that only say whose the value is.
func (x *Titles) kindsOfSet(words []string, owner bool) []Kind {
	var s wordSet
	for _, w := range words {
		s.add(w, owner)
	}
	switch {
	case len(s.words) == 0, len(s.words) == 1 && (s.short || len(s.words[0]) < 3):
		return nil
	case x.sets[s.key()] != nil || !owner || len(s.words) == 1:
		return x.sets[s.key()]
	}
	// Two words that are a title, and others that only say more of it:
	// lieu_naiss_code_pays, salaire_brut_annuel.
	for i, a := range s.words {
		for _, b := range s.words[i+1:] {
			more := func(w string) bool { return w == a || w == b || saysMore(w) }
			if ks := x.sets[a+" "+b]; ks != nil && all(s.words, more) {
				return ks
			}
		}
	}
	return nil
}

func all(words []string, is func(string) bool) bool {
	for _, w := range words {
		if !is(w) {
			return false
		}
	}
	return true
}

// saysMore reports whether a word qualifies others in a title of three and more.
func saysMore(word string) bool {
	switch word {
	case "code", "num", "insee", "commune", "pay", "montant", "annuel", "mensuel", "trimestriel", "brut", "net", "total", "caf", "fiscal", "reference":
		return true
	}
	return false
}

// knows reports whether a word is one that titles are made of.
func (x *Titles) knows(word string) bool {
	if _, ok := x.words[word]; ok {
		return true
	}
	return spelled(word) != "" || shortened(word) != "" || binds(word) || isOwner(word) || isAside(word)
}

// cutGlued forgets the words of titles that are several without a space between
// them: they are cut like others.
func (x *Titles) cutGlued() {
	var glued []string
	for w := range x.words {
		if spelled(w) == "" && x.parts(w) != nil {
			glued = append(glued, w)
		}
	}
	for _, w := range glued {
		delete(x.words, w)
	}
}

// parts cuts a word made of several without a space between them into those, the
// longest first; nil where it is not.
func (x *Titles) parts(word string) []string {
	word = strings.TrimRight(word, "0123456789")
	if len(word) < 5 || len(word) > 28 {
		return nil
	}
	return x.cut(word, true)
}

func (x *Titles) cut(word string, first bool) []string {
	for n := len(word); n >= 2; n-- {
		w := word[:n]
		if !x.glues(w, first) || first && n == len(word) {
			continue
		}
		if n == len(word) {
			return []string{w}
		}
		if rest := x.cut(word[n:], false); rest != nil {
			return append([]string{w}, rest...)
		}
	}
	return nil
}

// glues reports whether a word may be part of a glued one: words of two letters
// only at its start, and of three only where they are known to be short for
// something.
func (x *Titles) glues(w string, first bool) bool {
	switch {
	case len(w) == 2:
		return first && spelled(w) != ""
	case len(w) == 3:
		return w == "nom" || w == "sex" || w == "caf" || w == "nir" || spelled(w) != "" || shortened(w) != "" || isOwner(w)
	}
	return x.knows(stem(w)) && !binds(stem(w))
}
