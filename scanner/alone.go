package scanner

import (
	"bytes"

	"vigie/detectors"
)

// aloneMost is how many matches of a kind in a block of running text are tested
// by the relations that need no second value.
const aloneMost = 64

// alone tests matches of detector d in running text by the relations that need
// no second value: whether a birth place exists, an e-mail address is an
// example. agreed has one entry a relation of that sort, in their order; nil
// where nothing was tested yet.
func (b *book) alone(agreed []Agreement, d int, text []byte, ms []detectors.Match) []Agreement {
	if len(ms) == 0 {
		return agreed
	}
	at := -1
	for i := range b.relations {
		r := &b.relations[i]
		if r.B != "" {
			continue
		}
		at++
		if r.A != b.detectors[d].Kind {
			continue
		}
		for _, m := range ms[:min(len(ms), aloneMost)] {
			held, known := r.Agree(bytes.TrimSpace(text[m.Start:m.End]), nil)
			if !known {
				continue
			}
			if agreed == nil {
				agreed = b.noneAgreed()
			}
			agreed[at].Rows++
			if held {
				agreed[at].Held++
			}
		}
	}
	return agreed
}

// noneAgreed returns an entry for each relation that needs no second value.
func (b *book) noneAgreed() []Agreement {
	var all []Agreement
	for _, r := range b.relations {
		if r.B == "" {
			all = append(all, Agreement{Relation: r.Name})
		}
	}
	return all
}
