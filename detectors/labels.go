package detectors

import (
	"slices"
	"sync"

	"vigie/detectors/lexicon"
)

// labelLists has every list of labels and terms that a Find looks for from word
// to word: they are found together, on the first call of openings.
var labelLists = sync.OnceValue(func() [][]string {
	return [][]string{
		approvalLabels, bankLabels, birthLabels, birthPlaceLabels, cafLabels, childBirthLabels, childrenLabels, custodyWords,
		disabilityTerms, firstNameLabels, healthLabels, icd10Labels, incomeLabels, insurerLabels, lastNameLabels, mdphLabels, pajemploiLabels,
		passwordLabels, placeLabels, quotientLabels, ribLabels, sexLabels, situationLabels, sufferLabels, lexicon.BenefitNames(),
	}
})

var labelsOfAll = sync.OnceValue(func() *labelTree { return newLabelTree(labelLists()...) })

// listNumber returns the number of one of labelLists.
func listNumber(labels []string) int {
	return slices.IndexFunc(labelLists(), func(l []string) bool { return &l[0] == &labels[0] })
}

// A label is one that stands in the text.
type label struct {
	list int // number of its list
	last int // number of its last word
}

// An opening is a word that labels begin with, or that may be the code of a
// benefit or a body: two to eight capitals and digits.
type opening struct {
	word     int // its number
	code     bool
	from, to int // its labels
}

// openings returns the words of the text that begin labels, and those that may
// be codes, in order, found on the first call after Reset.
func (t *Text) openings() []opening {
	if t.opened {
		return t.opens
	}
	t.opened, t.opens, t.labels = true, t.opens[:0], t.labels[:0]
	tree, b := labelsOfAll(), t.Bytes
	for i, w := range t.Words() {
		w = t.bare(w)
		o := opening{word: i, from: len(t.labels)}
		if tree.mayBegin(b, w) {
			t.labels = tree.appendLabels(t.labels, t, i)
		}
		o.to = len(t.labels)
		n := w.End - w.Start
		o.code = n >= 2 && n <= 8 && b[w.Start]-'A' < 26 && allUpper(b[w.Start:w.End])
		if o.code || o.to > o.from {
			t.opens = append(t.opens, o)
		}
	}
	return t.opens
}

// lastOf returns the number of the last word of the longest label of a list that
// begins with o, or -1.
func (t *Text) lastOf(o opening, list int) int {
	for _, l := range slices.Backward(t.labels[o.from:o.to]) {
		if l.list == list {
			return l.last
		}
	}
	return -1
}

// labelAt is lastOf for word i.
func (t *Text) labelAt(i, list int) int {
	opens := t.openings()
	at, ok := slices.BinarySearchFunc(opens, i, func(o opening, i int) int { return o.word - i })
	if !ok {
		return -1
	}
	return t.lastOf(opens[at], list)
}
