package detectors

import (
	"bytes"

	"vigie/detectors/lexicon"
)

// What follows tells real people from invented ones, in numbers over a column:
// one row proves nothing. Some hold in real data (a place exists, a name was
// given in the years in which its bearer was born), some in invented data (a
// number kept for fiction, a key that fails).

var relationNIRPlaceExists = Relation{
	Name: "nir_place_exists",
	A:    "nir",
	Agree: func(nir, _ []byte) (agree, known bool) {
		place, ok := placeOfNIR(nir)
		if !ok {
			return false, false
		}
		agree = placeExisted(place)
		// Places in Algeria, Morocco and Tunisia before independence are in no
		// open list.
		return agree, agree || place[0] != '9' || place[1] == '0' || place[1] > '6'
	},
}

// Generators draw the place of a NIR among the hundred prefectures.
var relationNIRPlacePrefecture = Relation{
	Name: "nir_place_prefecture",
	A:    "nir",
	Agree: func(nir, _ []byte) (agree, known bool) {
		place, ok := placeOfNIR(nir)
		return ok && lexicon.Prefecture(place[:]), ok && placeExisted(place)
	},
}

// Generators draw the rank in the month's register between 1 and 999, which
// births in a village never reach.
var relationNIROrderPlausible = Relation{
	Name: "nir_order_plausible",
	A:    "nir",
	Agree: func(nir, _ []byte) (agree, known bool) {
		n, ok := ParseNIR(nir)
		if !ok {
			return false, false
		}
		most, known := lexicon.PlaceRank(n.Place[:])
		return n.Order >= 1 && n.Order <= most, known
	},
}

// The place in a NIR and the place of birth, by code or by name.
var relationNIRBirthPlace = Relation{
	Name: "nir_birth_place",
	A:    "nir", B: "birth_place",
	Agree: func(nir, b []byte) (agree, known bool) {
		place, ok := placeOfNIR(nir)
		if !ok {
			return false, false
		}
		return placeAgrees(place, b)
	},
}

// placeOfNIR returns the Insee code in a NIR, that of Corsica before 1976 (20)
// left as it is written; ok is false where it says nothing.
func placeOfNIR(nir []byte) (place [5]byte, ok bool) {
	n, ok := ParseNIR(nir)
	return n.Place, ok && string(n.Place[:]) != "00000" && string(n.Place[:2]) != "00"
}

func placeExisted(place [5]byte) bool {
	if lexicon.Place(place[:]) {
		return true
	}
	if string(place[:2]) != "20" {
		return false
	}
	south, north := place, place
	south[1], north[1] = 'A', 'B'
	return lexicon.Place(south[:]) || lexicon.Place(north[:])
}

// placeAgrees compares the place in a NIR with a cell that names one: a code, a
// commune or a country. Nothing is known where the cell is none of these, or a
// department only.
func placeAgrees(place [5]byte, cell []byte) (agree, known bool) {
	if code, ok := placeCode(cell); ok {
		if string(place[:2]) == "20" && code[0] == '2' && (code[1] == 'A' || code[1] == 'B') {
			return string(place[2:]) == string(code[2:]), true
		}
		if string(code[:2]) == "75" && string(place[:2]) == "75" || string(code[:]) == "99100" {
			return code[0] == place[0], code[0] == place[0] // an arrondissement, or Paris as a whole
		}
		return code == place, true
	}
	name := placeName(cell)
	var buf [96]byte
	if len(name) == 0 || len(name) > 60 {
		return false, false
	}
	if code, ok := lexicon.Country(Fold(buf[:0], name)); ok && !lexicon.Commune(name) {
		if code == "100" || place[0] == '9' && place[1] != '9' {
			return false, false // France; Algeria before its independence
		}
		return string(place[:2]) == "99" && string(place[2:]) == code, true
	}
	if lexicon.PlaceNamed(place[:], name) {
		return true, true
	}
	if string(place[:2]) == "20" {
		south, north := place, place
		south[1], north[1] = 'A', 'B'
		return lexicon.PlaceNamed(south[:], name) || lexicon.PlaceNamed(north[:], name), lexicon.Commune(name)
	}
	return false, lexicon.Commune(name) && string(place[:2]) != "99" // a town abroad may be called like one in France
}

var relationPostcodeExists = Relation{
	Name: "postcode_exists",
	A:    "postcode",
	Agree: func(cell, _ []byte) (agree, known bool) {
		code, rest, ok := postcode(cell)
		if !ok || hasFold(rest, "cedex") {
			return false, false
		}
		return lexicon.Postcode(code[:]), true
	},
}

var relationFirstNameSex = Relation{
	Name: "first_name_sex",
	A:    "first_name", B: "sex",
	Agree: func(name, cell []byte) (agree, known bool) {
		n, ok := firstName(name).FirstName()
		sex := sexOf(cell)
		if !ok || sex == 0 || n.Male == n.Female {
			return false, false
		}
		return n.Male == (sex == '1'), true
	},
}

// Generators give the names of one generation to people of all ages.
var relationFirstNameDecade = Relation{
	Name: "first_name_decade",
	A:    "first_name", B: "birth_date",
	Agree: func(name, cell []byte) (agree, known bool) {
		year, _, _, ok := Birth(cell)
		if !ok || year >= 2030 {
			return false, false
		}
		return firstName(name).UsualIn(year - year%10)
	},
}

// firstName returns the key of a first name, of several the first ("Jean" of
// "Jean, Marie", but "Jean-Pierre" where that is a name of its own).
func firstName(cell []byte) lexicon.Key {
	if i := bytes.IndexAny(cell, " ,"); i > 0 {
		cell = cell[:i]
	}
	k := lexicon.KeyOf(cell)
	if _, known := k.FirstName(); !known {
		if i := bytes.IndexByte(cell, '-'); i > 0 {
			return lexicon.KeyOf(cell[:i])
		}
	}
	return k
}

// Numbers that are nobody's, kept for films (Arcep, decision 2018-0881).
var relationPhoneFiction = Relation{
	Name: "phone_fiction",
	A:    "phone",
	Agree: func(cell, _ []byte) (agree, known bool) {
		d, ok := phoneDigits(cell)
		if !ok || len(d) != 9 {
			return false, false
		}
		switch string(d[:5]) {
		case "19900", "26191", "35301", "46571", "53649", "63998":
			return true, true
		}
		return false, true
	},
}

// Domains that nobody has an address at (RFC 2606), or that people invent.
var relationEmailExample = Relation{
	Name: "email_example",
	A:    "email",
	Agree: func(cell, _ []byte) (agree, known bool) {
		i := bytes.LastIndexByte(cell, '@')
		if i < 0 || len(cell)-i > 64 {
			return false, false
		}
		var buf [64]byte
		domain := append(buf[:0], cell[i+1:]...)
		for j, c := range domain {
			if c-'A' < 26 {
				domain[j] = c | 0x20
			}
		}
		dot := bytes.LastIndexByte(domain, '.')
		if dot < 0 {
			return false, false
		}
		switch string(domain[dot+1:]) {
		case "test", "example", "invalid", "local", "localhost":
			return true, true
		}
		host := domain[:dot]
		if j := bytes.LastIndexByte(host, '.'); j >= 0 {
			host = host[j+1:]
		}
		switch string(host) {
		case "example", "exemple", "test", "testing", "domain", "domaine", "mailinator", "fake", "foo", "bar":
			return true, true
		}
		return false, true
	},
}

// Generators compute the check digits of an IBAN, but not the key of the RIB.
var relationIBANGenerated = Relation{
	Name: "iban_generated",
	A:    "iban",
	Agree: func(cell, _ []byte) (agree, known bool) {
		_, valid := fitsIBAN(cell)
		v := bytes.TrimLeft(cell, " ")
		if len(v) < 27 || v[0]|0x20 != 'f' || v[1]|0x20 != 'r' {
			return false, false // other countries have no second key
		}
		return !valid, true
	},
}

var relationDayOver28 = Relation{
	Name: "day_over_28",
	A:    "birth_date",
	Agree: func(cell, _ []byte) (agree, known bool) {
		_, _, day, ok := Date(cell)
		return day > 28, ok
	},
}

// Administrations write 1 January where the day is not known.
var relationBirthFirstJanuary = Relation{
	Name: "birth_first_january",
	A:    "birth_date",
	Agree: func(cell, _ []byte) (agree, known bool) {
		_, month, day, ok := Date(cell)
		return month == 1 && day == 1, ok
	},
}
