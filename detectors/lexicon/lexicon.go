// Package lexicon holds the reference data that detectors look words up in:
// surnames, first names, communes, postcodes, Insee codes, countries, codes of
// ICD-10, benefits, street types and the names of CNAF and SNDS variables.
//
// The large lists are tables of fingerprints, embedded as they are looked up:
// nothing is decoded at start-up, nothing is allocated by a look-up. They are
// made by generate from the public tables that NOTICE names; the tables are not
// needed to build.
//
// Everything here is read only and safe for concurrent use.
package lexicon

//go:generate go run ./generate -from ../../../shared/reference

import _ "embed"

// The tables of fingerprints; see table.
var (
	//go:embed surnames.bin
	surnames table
	//go:embed firstnames.bin
	firstNames table
	//go:embed communes.bin
	communes table
	//go:embed postcodes.bin
	postcodes table
	//go:embed pairs.bin
	pairs table
	//go:embed places.bin
	places table
	//go:embed common.bin
	common table
)

// Surname reports whether the word or phrase is a surname in Insee's file of
// family names (218,982 names, some of them of several words: "LE GALL").
func (k Key) Surname() bool { _, ok := surnames.find(k); return ok }

// Common reports whether the word is an everyday word of French or English, or
// of a technical text, that happens to be a name or a commune as well: "mars",
// "bois", "may". One alone proves nothing.
func (k Key) Common() bool { _, ok := common.find(k); return ok }

// A FirstName is what Insee's file of first names says about one.
type FirstName struct {
	Male, Female bool // of the bearers, one in twenty at least
	Decade       int  // in which most of them were born: 1900 to 2020
}

// The byte of a first name: decade after 1900 in the low bits, then the sexes.
const (
	male   = 1 << 4
	female = 1 << 5
)

// FirstName looks a first name up; ok is false where nobody, or only one or
// two people, have had it since 1900.
func (k Key) FirstName() (name FirstName, ok bool) {
	note, ok := firstNames.find(k)
	if !ok {
		return FirstName{}, false
	}
	return FirstName{
		Male:   note&male != 0,
		Female: note&female != 0,
		Decade: 1900 + 10*int(note&15),
	}, true
}

// Commune reports whether name is a commune, a delegated or associated commune
// or an arrondissement, however it is written: "St Emilion", "BORDEAUX CEDEX".
func Commune(name []byte) bool { _, ok := communes.find(CommuneKey(name)); return ok }

// Postcode reports whether the five digits are a postcode of a commune. The
// codes of CEDEX deliveries are in no open list, so they are not known here.
func Postcode(code []byte) bool { _, ok := postcodes.find(KeyOf(code)); return ok }

// PostcodeIn reports whether the five digits are a postcode of the commune.
func PostcodeIn(code, commune []byte) bool { _, ok := pairs.find(PairKey(code, commune)); return ok }

// Place reports whether the five characters are, or were, the Insee code of a
// commune ("33063", "2A004"), or 99 and the code of a country.
func Place(code []byte) bool { _, ok := places.find(KeyOf(code)); return ok }
