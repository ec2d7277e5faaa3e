package detectors

import (
	"bytes"
	"sync"

	"vigie/detectors/lexicon"
)

// labelLists returns every list of labels and terms that a Find looks for from
// word to word. What begins none of them is looked at once, whoever asks: see
// Text.openings.
func labelLists() [][]string {
	return [][]string{
		approvalLabels, bankLabels, birthLabels, birthPlaceLabels, cafLabels, childBirthLabels, childrenLabels, custodyWords,
		disabilityTerms, firstNameLabels, healthLabels, icd10Labels, incomeLabels, insurerLabels, lastNameLabels, mdphLabels, pajemploiLabels,
		passwordLabels, placeLabels, quotientLabels, ribLabels, sexLabels, situationLabels, lexicon.BenefitNames(),
	}
}

// openers is a set of the first words of all labels, by a hash of their first
// eight letters: 14 bits, of which few are set.
var openers = sync.OnceValue(func() *[256]uint64 {
	var set [256]uint64
	for _, list := range labelLists() {
		for _, l := range list {
			h := openerHash([]byte(l), Span{0, len(l)})
			set[h>>6] |= 1 << (h & 63)
		}
	}
	return &set
})

// openerHash returns a hash of the first eight letters and digits, folded, of a
// word or of the first of several with a space, a hyphen or an apostrophe between
// them.
func openerHash(b []byte, w Span) uint64 {
	v, mask := word(b, w.Start), ^uint64(0)
	if n := w.End - w.Start; n < 8 {
		mask = 1<<(8*n) - 1
	}
	v = v&mask | '0'*eachByte&^mask
	if (v|(v-'0'*eachByte))&highBits != 0 { // an accent or a joint
		var buf [32]byte
		f := Fold(buf[:0], b[w.Start:min(w.End, w.Start+24)])
		if i := bytes.IndexByte(f, ' '); i >= 0 {
			f = f[:i]
		}
		if v, mask = word(f, 0), ^uint64(0); len(f) < 8 {
			mask = 1<<(8*len(f)) - 1
		}
	}
	return (v | ' '*eachByte) & mask * 0x9E3779B97F4A7C15 >> 50
}

// openings returns the numbers of the words that may begin a label, and of those
// of up to eight capitals and digits, which may be the code of a benefit or a
// body. It lets some through that do not.
func (t *Text) openings() []int {
	if t.opened {
		return t.opens
	}
	t.opened, t.opens = true, t.opens[:0]
	set, b := openers(), t.Bytes
	for i, w := range t.Words() {
		if n := w.End - w.Start; n > 2 && (b[w.Start+1] == '\'' || b[w.Start+1] == 0xE2 || b[w.Start+2] == '\'') {
			w = t.bare(w)
		}
		n, h := w.End-w.Start, openerHash(b, w)
		if set[h>>6]>>(h&63)&1 == 1 || n <= 8 && n >= 2 && b[w.Start]-'A' < 26 && allUpper(b[w.Start:w.End]) {
			t.opens = append(t.opens, i)
		}
	}
	return t.opens
}
