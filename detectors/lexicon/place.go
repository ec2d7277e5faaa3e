package lexicon

import _ "embed"

var (
	//go:embed placenames.bin
	placeNames table
	//go:embed decades.bin
	decades table
)

// The byte of a place: the bound of PlaceRank, and whether it is a prefecture.
const prefecture = 1 << 7

// PlaceNamed reports whether the Insee code is, or was, that of the commune.
func PlaceNamed(code, commune []byte) bool {
	_, ok := placeNames.find(PairKey(code, commune))
	return ok
}

// Prefecture reports whether the Insee code is that of the seat of a prefecture,
// of which there are about a hundred.
func Prefecture(code []byte) bool {
	note, ok := places.find(KeyOf(code))
	return ok && note&prefecture != 0
}

// PlaceRank returns the rank that births of one sex and month do not pass in a
// commune: 20 and ten times its births of a month, at 1.2 % of its people a
// year. ok is false where 2,000 people or more live, or nobody knows how many.
func PlaceRank(code []byte) (most int, ok bool) {
	note, ok := places.find(KeyOf(code))
	most = int(note &^ prefecture)
	return most, ok && most > 0
}

type country struct{ name, code string }

// Country returns the three digits that follow 99 in the NIR of somebody born
// in the country, whose name is folded.
func Country(name []byte) (code string, ok bool) {
	c, ok := search(countries, name, func(c *country) string { return c.name })
	return c.code, ok
}

// UsualIn reports whether a first name was given in the decade (1900, 1910 … 2020)
// to one in twenty or more of all who have had it since 1900. known is false for
// names of fewer than twenty people.
func (k Key) UsualIn(decade int) (usual, known bool) {
	early, a := decades.find(k)
	late, b := decades.find(^k)
	bit := (decade - 1900) / 10
	if bit < 0 || bit > 12 {
		return false, false
	}
	return (uint(early)|uint(late)<<8)>>bit&1 == 1, a || b
}
