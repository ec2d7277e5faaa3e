package detectors

import (
	"bytes"
	"strings"

	"vigie/detectors/lexicon"
)

// Fold appends a column title, or any text, to dst in the form in which titles
// are compared: lower case, without accents, every run of bytes that are no
// letters or digits (line ends too) one space, none at the ends. CamelCase is
// not split: "dateNaissance" folds to "datenaissance".
func Fold(dst, title []byte) []byte { return lexicon.Fold(dst, title) }

// Titles is an index of the column titles that announce kinds. It is safe for
// concurrent use.
type Titles struct {
	exact map[string][]Kind // by folded title
	loose map[string][]Kind // by plain form: see plain
	sets  map[string][]Kind // by set of words: see kindsOfWords
	words map[string]struct{}
}

// NewTitles indexes the titles of the detectors, the benefits by code and name,
// and the names of CNAF variables. Where several kinds claim a title, the one
// that was added first comes first.
func NewTitles(ds []Detector) *Titles {
	x := &Titles{exact: make(map[string][]Kind), loose: make(map[string][]Kind), sets: make(map[string][]Kind), words: make(map[string]struct{})}
	for _, d := range ds {
		for _, title := range d.Titles {
			x.add(title, d.Kind)
		}
	}
	for _, b := range lexicon.Benefits() {
		if b.Ambiguity < lexicon.VeryHighAmbiguity {
			x.add(b.Code, "benefit")
			x.add(b.Code, "benefit_amount")
		}
		x.add("montant "+b.Code, "benefit_amount")
	}
	for _, name := range lexicon.BenefitNames() {
		x.add(name, "benefit")
		x.add(name, "benefit_amount")
	}
	for _, v := range lexicon.Variables() {
		for _, k := range variableKinds(v) {
			x.add(v.Name, k)
		}
	}
	x.cutGlued()
	return x
}

func (x *Titles) add(title string, k Kind) {
	addKind(x.exact, title, k)
	addKind(x.loose, strings.ReplaceAll(title, " ", ""), k)
	var buf [96]byte
	if p := plain(buf[:0], []byte(title), false); len(p) > 3 {
		addKind(x.loose, string(p), k)
	}
	if key := x.learn(title); strings.Contains(key, " ") || !strings.Contains(title, " ") {
		addKind(x.sets, key, k) // "identifiant de" leaves too little
	}
}

func addKind(m map[string][]Kind, key string, k Kind) {
	for _, have := range m[key] {
		if have == k {
			return
		}
	}
	m[key] = append(m[key], k)
}

// Kinds appends to dst the kinds that a column title announces, best first. It
// tries the title as it stands, then without separators, then in its plain form
// (without "de la", a number at the end, a plural), then without the words that
// say whose it is ("allocataire", "i_") and without leading words, and in the end
// as a set of words.
func (x *Titles) Kinds(dst []Kind, title []byte) []Kind {
	if len(title) > 256 {
		return dst
	}
	if len(title) >= 14 {
		if k := dsnKind(string(title[:14])); k != "" {
			return append(dst, k)
		}
	}
	var fold, form [128]byte
	f := Fold(fold[:0], title)
	if ks, ok := x.exact[string(f)]; ok {
		return append(dst, ks...)
	}
	if ks, ok := x.loose[string(appendWithout(form[:0], f, ' '))]; ok {
		return append(dst, ks...)
	}
	if ks, ok := x.loose[string(plain(form[:0], f, false))]; ok {
		return append(dst, ks...)
	}
	whole := f
	for range 4 {
		if ks, ok := x.loose[string(plain(form[:0], f, true))]; ok {
			return appendAbout(dst, ks, whole)
		}
		// Drop the first word while two stay ("contact: date de naissance"), or
		// one behind a prefix of addresses (adr_codepos).
		word, rest, ok := bytes.Cut(f, []byte(" "))
		if !ok || bytes.IndexByte(rest, ' ') < 0 && string(word) != "adr" && string(word) != "adresse" {
			break
		}
		f = rest
	}
	if SNDSVariable(title) {
		return append(dst, "snds_variable")
	}
	return appendAbout(dst, x.kindsOfWords(string(whole)), whole)
}

// appendAbout appends kinds to dst; the birth date of a child is another one.
func appendAbout(dst, kinds []Kind, folded []byte) []Kind {
	for _, k := range kinds {
		if k == "birth_date" && (mentions(folded, "enfant") || mentions(folded, "enfants") || mentions(folded, "enf") || mentions(folded, "child")) {
			k = "child_birth_date"
		}
		dst = append(dst, k)
	}
	return dst
}

func appendWithout(dst, s []byte, c byte) []byte {
	for _, b := range s {
		if b != c {
			dst = append(dst, b)
		}
	}
	return dst
}

// plain appends the plain form of a folded title to dst: words that bind or
// number it left out, abbreviations spelled one way, without spaces. With owner
// it also leaves out the words that say whose the value is.
func plain(dst, folded []byte, owner bool) []byte {
	for first := true; len(folded) > 0; first = false {
		word := folded
		if i := bytes.IndexByte(folded, ' '); i >= 0 {
			word, folded = folded[:i], folded[i+1:]
		} else {
			folded = nil
		}
		w := stem(string(word))
		switch {
		case w == "", binds(w) && (owner || !first || len(folded) > 0), owner && isOwner(w):
			continue
		}
		if long := spelled(w); long != "" {
			w = long
		}
		for i := range len(w) {
			if w[i] != ' ' {
				dst = append(dst, w[i])
			}
		}
	}
	return dst
}

func mentions(folded []byte, word string) bool {
	for len(folded) > 0 {
		w := folded
		if i := bytes.IndexByte(folded, ' '); i >= 0 {
			w, folded = folded[:i], folded[i+1:]
		} else {
			folded = nil
		}
		if string(bytes.TrimRight(w, "0123456789")) == word {
			return true
		}
	}
	return false
}
