package detectors

import (
	"bytes"
	"slices"
	"sync"
)

// A pair is a value behind a label that is a title of its kind: "NOM = DUPONT",
// "Code postal : 33000", <prenom>Jeanne</prenom>, "sexe": "F".
type pair struct {
	Span
	kind Kind
	says uint32 // a bit for a kind of company
}

const (
	labelMost   = 40   // bytes of a label
	pairMost    = 160  // bytes of a value
	companyNear = 1024 // bytes to either side
)

// company are the kinds of which two must be labelled near by before a pair
// counts: forms about people have them together, settings and code do not.
var company = [...]Kind{
	"last_name", "first_name", "full_name", "birth_date", "child_birth_date", "birth_place", "nir", "nir_without_key", "caf_number",
	"france_travail_id", "mdph_file", "student_id", "street_address", "sex", "family_situation", "family_quotient",
}

// A reader of pairs knows the titles of a list of detectors. It is safe for
// concurrent use.
type pairReader struct {
	fits   map[Kind]func(cell []byte) (fits, valid bool)
	titles func() *Titles
}

// announced lets the Find of the kinds that their form does not prove take the
// values behind a title of theirs, too.
func announced(ds []Detector) []Detector {
	x := &pairReader{
		fits:   make(map[Kind]func([]byte) (bool, bool)),
		titles: sync.OnceValue(func() *Titles { return NewTitles(ds) }),
	}
	for i := range ds {
		d := &ds[i]
		if d.Fits == nil || d.Kind == "cnaf_variable" || d.Kind == "snds_variable" || d.Kind == "credential" {
			continue
		}
		x.fits[d.Kind] = d.Fits
		if d.Scope == Anywhere {
			continue
		}
		find, kind := d.Find, d.Kind
		d.Find = func(dst []Match, t *Text) []Match {
			from := len(dst)
			if find != nil {
				dst = find(dst, t)
			}
			for _, p := range t.pairsOf(x) {
				if p.kind == kind {
					dst = insertMatch(dst, from, Match{p.Start, p.End, true})
				}
			}
			return dst
		}
	}
	return ds
}

// pairsOf returns the pairs in good company, in order, read on the first call
// after Reset. There are none where a ruler lies on the text: titles announce
// its cells.
func (t *Text) pairsOf(x *pairReader) []pair {
	if t.paired || t.Cell != 0 || t.Row != 0 {
		return t.pairs
	}
	t.paired = true
	b := t.Bytes
	for at := 0; at < len(b); {
		end := len(b)
		if i := bytes.IndexByte(b[at:], '\n'); i >= 0 {
			end = at + i
		}
		if line := b[at:end]; bytes.IndexByte(line, ':') >= 0 || bytes.IndexByte(line, '=') >= 0 || bytes.IndexByte(line, '>') >= 0 {
			t.pairLine(x, at, end)
		}
		at = end + 1
	}
	if len(t.pairs) > 0 {
		t.keepCompany()
	}
	return t.pairs
}

// pairLine reads the pairs of the line [from, end).
func (t *Text) pairLine(x *pairReader, from, end int) {
	b := t.Bytes
	for i := from; i < end; i++ {
		c := b[i]
		if c != ':' && c != '=' && c != '>' {
			continue
		}
		label := labelBefore(b[from:i], c == '>')
		if len(label) == 0 {
			continue
		}
		if !t.announces(x, label) {
			continue
		}
		if p, ok := x.pair(b[:end], i, t.kinds); ok {
			if !weakLabel(label) {
				p.says = 1 << (slices.Index(company[:], p.kind) & 31) // none: the last bit
				p.says &^= 1 << 31
			}
			t.pairs = append(t.pairs, p)
			from = p.End
			i = p.End - 1
		}
	}
}

// announces reports whether a label is the title of kinds, which it leaves in
// t.kinds. Texts repeat their labels, so those that are none are remembered.
func (t *Text) announces(x *pairReader, label []byte) bool {
	h := uint64(0xCBF29CE484222325)
	for _, c := range label {
		h = (h ^ uint64(c)) * 0x100000001B3
	}
	slot := &t.mute[(h^h>>32)%uint64(len(t.mute))]
	if *slot == h {
		return false
	}
	t.kinds = x.titles().Kinds(t.kinds[:0], label)
	if len(t.kinds) == 0 {
		*slot = h
		return false
	}
	return true
}

// labelBefore returns the label that b ends with, or the name of the element;
// nil where there is none.
func labelBefore(b []byte, element bool) []byte {
	if element {
		i := bytes.LastIndexByte(b[max(0, len(b)-labelMost-1):], '<')
		if i < 0 {
			return nil
		}
		b = b[max(0, len(b)-labelMost-1)+i+1:]
		if len(b) < 2 || !isLetter(b[0]) || bytes.IndexByte(b, ' ') >= 0 {
			return nil
		}
		return b
	}
	b = bytes.TrimRight(b, " \t")
	if n := len(b); n > 1 && (b[n-1] == '"' || b[n-1] == '\'') {
		i := bytes.LastIndexByte(b[:n-1], b[n-1])
		if i < 0 || n-i > labelMost+2 {
			return nil
		}
		return b[i+1 : n-1]
	}
	i := len(b)
	for i > 0 {
		c := b[i-1]
		if c == ';' || c == ',' || c == '\t' || c == '|' || c == '{' || c == '>' || c == '"' || c == ' ' && i > 1 && b[i-2] == ' ' {
			break
		}
		if i--; len(b)-i > labelMost {
			return nil
		}
	}
	b = bytes.TrimLeft(b[i:], " -*")
	if len(b) < 2 || !isLetter(b[0]) && b[0] != 0xC3 || bytes.Count(b, []byte(" ")) > 5 {
		return nil
	}
	return b
}

// pair reads the value behind the sign at i in b, which ends where the line
// does, as the first of kinds that it fits.
func (x *pairReader) pair(b []byte, i int, kinds []Kind) (p pair, ok bool) {
	start := i + 1
	for start < len(b) && (b[start] == ' ' || b[start] == '\t') {
		start++
	}
	v := b[start:min(len(b), start+pairMost)]
	if len(v) == 0 {
		return p, false
	}
	var tries [3][]byte
	switch {
	case b[i] == '>':
		n := bytes.IndexByte(v, '<')
		if n < 0 || n+1 >= len(v) || v[n+1] != '/' {
			return p, false
		}
		tries[0] = v[:n]
	case v[0] == '"' || v[0] == '\'':
		n := bytes.IndexByte(v[1:], v[0])
		if n < 0 {
			return p, false
		}
		start++
		tries[0] = v[1 : 1+n]
	default:
		if start+len(v) == len(b) {
			tries[0] = v
		}
		if n := bytes.IndexAny(v, ";|\t}"); n >= 0 {
			tries[1] = v[:n]
		}
		if n := bytes.Index(v, []byte("  ")); n >= 0 && (tries[1] == nil || n < len(tries[1])) {
			tries[1] = v[:n]
		}
		if n := bytes.IndexByte(v, ','); n >= 0 {
			tries[2] = v[:n]
		}
	}
	for _, k := range kinds {
		fits := x.fits[k]
		if fits == nil {
			continue
		}
		for _, v := range tries {
			v = bytes.TrimRight(v, " \t\r,;")
			if len(v) == 0 {
				continue
			}
			if fit, valid := fits(v); fit && (valid || answers(k, v)) {
				return pair{Span: Span{start, start + len(v)}, kind: k}, true
			}
		}
	}
	return p, false
}

// answers reports whether a value is the yes or no of a kind that is one itself:
// "RQTH : oui".
func answers(k Kind, v []byte) bool {
	if k != "benefit" && k != "disability" || len(v) < 2 || len(v) > 3 {
		return false
	}
	var buf [8]byte
	switch string(Fold(buf[:0], v)) {
	case "oui", "non", "yes", "no":
		return true
	}
	return false
}

// weakLabel reports whether a label is a word that code and settings use of
// anything.
func weakLabel(label []byte) bool {
	var buf [64]byte
	switch string(Fold(buf[:0], label)) {
	case "name", "code", "city", "town", "id", "key", "date", "type", "value", "amount", "title", "address", "zip", "number", "n", "no",
		"fullname", "full name", "username", "user", "titulaire", "identite", "beneficiaire", "allocataire", "contact", "lieu", "gender", "sex":
		return true
	}
	return false
}

// keepCompany keeps the pairs that two kinds of company stand around.
func (t *Text) keepCompany() {
	all, kept := t.pairs, t.pairs[:0]
	t.near = t.near[:0]
	from := 0
	for _, p := range all {
		for all[from].Start < p.Start-companyNear {
			from++
		}
		says := uint32(0)
		for _, o := range all[from:] {
			if o.Start > p.Start+companyNear || says&(says-1) != 0 {
				break
			}
			says |= o.says
		}
		t.near = append(t.near, says&(says-1) != 0)
	}
	for i, p := range all {
		if t.near[i] {
			kept = append(kept, p)
		}
	}
	t.pairs = kept
}
