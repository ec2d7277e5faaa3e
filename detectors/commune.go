package detectors

import (
	"bytes"
	"unicode/utf8"

	"vigie/detectors/lexicon"
)

var communeDetector = Detector{
	Kind: "commune",
	Doc: `Commune

The name of a French commune, current or former, however written: "St Emilion",
"BORDEAUX CEDEX", "PARIS 12". A column mostly made of them; in running text only
behind a postcode of it. Insee, Code officiel géographique.`,
	Class: Quasi,
	Scope: Column,
	Titles: []string{
		"ville", "commune", "localite", "loc", "nomcom", "adr nomcom", "bureau distributeur", "city", "town", "nom commune", "lib commune",
		"libelle commune", "libcom", "commune de residence", "ville de residence", "cp ville", "lili6adr", "liblig6adr", "adresse ville",
	},
	Find: func(dst []Match, t *Text) []Match {
		return findPairs(dst, t, func(_, commune Span) Match { return Match{commune.Start, commune.End, true} })
	},
	Fits: fitsCommune,
	Norm: func(dst, v []byte) []byte { return lexicon.CommuneName(dst, communeIn(v)) },
	Mask: func(dst, v []byte) []byte { return maskFirst(dst, communeIn(v)) },
	Yes:  []string{"33000 BORDEAUX", "33330 St Emilion", "33330 Saint-Émilion", "75012 PARIS CEDEX 12"},
	No:   []string{"Bordeaux", "la ville de Paris", "33000 Paris", "nice work"},
}

// communeIn cuts the postcode off a cell "33000 BORDEAUX".
func communeIn(cell []byte) []byte {
	if _, rest, ok := postcode(cell); ok && len(rest) > 0 {
		return rest
	}
	return cell
}

func fitsCommune(cell []byte) (fits, valid bool) {
	name := communeIn(cell)
	if len(name) < 2 || len(name) > 60 || digitsEnd(name, 0) > 0 || lexicon.KeyOf(name).Common() {
		return false, false
	}
	ok := lexicon.Commune(name)
	return ok, ok
}

// PostcodeInCommune reports whether a postcode is one of a commune. Nothing is
// known where either is empty, or the delivery is a CEDEX, whose codes are in no
// open list; a code or a name that does not exist agrees with nothing.
func PostcodeInCommune(code, commune []byte) (agree, known bool) {
	c, rest, ok := postcode(code)
	if !ok || len(commune) == 0 || len(commune) > 60 {
		return false, false
	}
	name := communeIn(commune)
	if lexicon.PostcodeIn(c[:], name) {
		return true, true
	}
	if hasFold(commune, "cedex") || hasFold(rest, "cedex") || digitsEnd(name, 0) == len(name) {
		return false, false
	}
	return false, true
}

// hasFold reports whether b has the word in upper or lower case.
func hasFold(b []byte, word string) bool {
	for i := 0; i+len(word) <= len(b); i++ {
		if bytes.EqualFold(b[i:i+len(word)], []byte(word)) {
			return true
		}
	}
	return false
}

var relationPostcodeCommune = Relation{
	Name:  "postcode_commune",
	A:     "postcode",
	B:     "commune",
	Agree: PostcodeInCommune,
}

// maskFirst shows the first letter, and bullets of one length whatever follows.
func maskFirst(dst, v []byte) []byte {
	_, n := utf8.DecodeRune(v)
	return append(append(dst, v[:n]...), "•••••"...)
}
