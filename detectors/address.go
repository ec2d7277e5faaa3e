package detectors

import (
	"bytes"

	"vigie/detectors/lexicon"
)

var streetAddressDetector = Detector{
	Kind: "street_address",
	Doc: `Street address

Number, type of street and its name, as the fourth line of a French postal
address has them: "12 BIS RUE DES LILAS", "3 av. du Gal Leclerc", "LIEU DIT LA
CROIX", "APPT 12 BAT B 4 ALL DES PINS". A column mostly made of them counts
without any postcode beside it. In running text: number, type and a name in
capitals. Types and their abbreviations: nomenclature of the ASP.`,
	Class: Quasi,
	Scope: Column,
	Titles: []string{
		"adresse", "adresse postale", "adr", "adresse 1", "adresse1", "adr1", "ligne4", "ligne 4", "lili4adr", "liblig4adr", "nomvoie",
		"adr nomvoie", "nom voie", "nom de voie", "nom de la voie", "rue", "voie", "domicile", "adresse domicile", "adresse complete",
		"lieudit", "lieu dit", "adresse ligne 1", "adresse ligne1", "address", "street", "street address", "address line 1",
		"adresse voie", "adrlig4", "adrlig4destdos", "adresse ligne 4",
		"numero et voie", "numero voie", "n et voie", "libelle voie", "libvoie", "adresse principale", "adresse rue",
	},
	Find: findStreets,
	Fits: fitsStreet,
	Norm: normStreet,
	Mask: maskStreet,
	Yes: []string{
		"12 rue des Lilas", "12 BIS RUE DES LILAS", "habite au 3, avenue du Général de Gaulle.", "4 bd Victor Hugo 33000 Bordeaux",
		"12ter, allée Jean-Moulin", "7 impasse des acacias", "125 ROUTE DE TOULOUSE",
	},
	No: []string{
		"la rue des Lilas", "3 place de parking", "12 all the way", "5 cours de français", "2 route = 3", "10 ports ouverts",
		"1 chemin de fer", "rue 12", "100 PLACE", "15 R Package", "3 ALL TESTS PASSED",
	},
}

// A street is where the parts of an address lie in its folded form; typeEnd is
// 0 where it has none.
type street struct {
	number             bool
	typeStart, typeEnd int
	code               string // of the type: "rue", "av"
}

// streetIn reads a folded cell as an address: anything that may stand before
// it (building, flat), a number with its repetition, a type and a name. Without
// number the type, spelled out, comes first ("lieu dit la croix").
func streetIn(f []byte) (s street, ok bool) {
	number := false // the word before is a number or belongs to one
	for i, nth := 0, 0; i < len(f) && nth < 12; nth++ {
		e := foldedWordEnd(f, i)
		word := f[i:e]
		if isHouseNumber(word) {
			number = true
			i = e + 1
			continue
		}
		if number || nth == 0 {
			if end, code := typeAt(f, i, e); end > 0 && hasName(f[end:]) && (number || spelledOut(f[i:end])) {
				return street{number, i, end, code}, true
			}
		}
		number = number && isRepetition(word)
		i = e + 1
	}
	switch string(f) {
	case "le bourg", "bourg", "au bourg", "le village":
		return street{}, true
	}
	return street{}, false
}

func foldedWordEnd(f []byte, i int) int {
	if k := bytes.IndexByte(f[i:], ' '); k >= 0 {
		return i + k
	}
	return len(f)
}

// isHouseNumber reports whether a folded word is a number of up to four digits,
// with a letter or a repetition behind it perhaps: "12", "12b", "12bis".
func isHouseNumber(word []byte) bool {
	n := digitsEnd(word, 0)
	return n > 0 && n <= 4 && (n == len(word) || isRepetition(word[n:]))
}

func isRepetition(word []byte) bool {
	switch string(word) {
	case "bis", "ter", "quater", "quinquies":
		return true
	}
	return len(word) == 1
}

// typeAt returns the end of the street type at f[i:], of one or two words ("rond
// point"), and its code; the first word ends at e.
func typeAt(f []byte, i, e int) (end int, code string) {
	if e < len(f) {
		two := foldedWordEnd(f, e+1)
		if code, ok := lexicon.StreetType(f[i:two]); ok {
			return two, code
		}
	}
	if code, ok := lexicon.StreetType(f[i:e]); ok {
		return e, code
	}
	return 0, ""
}

// hasName reports whether what follows a type can be the name of a street: it
// has two letters in a row ("rue 12" has none).
func hasName(rest []byte) bool {
	letters := 0
	for _, c := range rest {
		if c-'a' < 26 {
			if letters++; letters >= 2 {
				return true
			}
		} else {
			letters = 0
		}
	}
	return false
}

// spelledOut reports whether a type is safe without a number before it.
func spelledOut(word []byte) bool {
	switch string(word) {
	case "rue", "avenue", "boulevard", "impasse", "allee", "allees", "chemin", "route", "lieu dit", "lieudit", "ld", "residence",
		"lotissement", "hameau", "square", "rond point", "quai", "sentier", "venelle", "ruelle", "faubourg":
		return true
	}
	return false
}

func fitsStreet(cell []byte) (fits, valid bool) {
	if len(cell) < 6 || len(cell) > 160 {
		return false, false
	}
	var buf [192]byte
	_, ok := streetIn(Fold(buf[:0], cell))
	return ok, ok
}

// normStreet appends the folded address with its type as a code, so that "12
// AVENUE FOCH" and "12, av. Foch" are one.
func normStreet(dst, v []byte) []byte {
	var buf [192]byte
	f := Fold(buf[:0], v)
	s, ok := streetIn(f)
	if !ok || s.typeEnd == 0 {
		return append(dst, f...)
	}
	dst = append(dst, f[:s.typeStart]...)
	dst = append(dst, s.code...)
	return append(dst, f[s.typeEnd:]...)
}

// maskStreet shows the type of street.
func maskStreet(dst, v []byte) []byte {
	var buf [192]byte
	f := Fold(buf[:0], v)
	s, ok := streetIn(f)
	if !ok || s.typeEnd == 0 {
		return append(dst, "•••••"...)
	}
	if s.number {
		dst = append(dst, "•• "...)
	}
	dst = append(dst, f[s.typeStart:s.typeEnd]...)
	return append(dst, " •••"...)
}

// findStreets finds number, type and name in running text. The name begins with
// a capital, or behind a rue, avenue, boulevard or impasse with an article.
func findStreets(dst []Match, t *Text) []Match {
	b, words, after := t.Bytes, t.Words(), 0
	for _, i := range t.figures() {
		w := words[i]
		if i < after || i+2 >= len(words) || b[w.Start]-'0' >= 10 || w.End-w.Start > 9 || i > 0 && words[i-1].End > w.Start-1 {
			continue
		}
		if m, last := t.streetAt(words, i); last > i {
			dst = append(dst, m)
			after = last + 1
		}
	}
	return dst
}

func (t *Text) streetAt(words []Span, i int) (m Match, last int) {
	b := t.Bytes
	var buf [24]byte
	if !isHouseNumber(Fold(buf[:0], b[words[i].Start:words[i].End])) {
		return m, 0
	}
	j := i + 1
	if n := words[j].End - words[j].Start; n <= 9 && isRepetition(Fold(buf[:0], b[words[j].Start:words[j].End])) {
		j++
	}
	if j+1 >= len(words) || !t.sameLine(words[i].End, words[i+1].Start) || !t.sameLine(words[j-1].End, words[j].Start) || words[j].End-words[j].Start > 14 {
		return m, 0
	}
	word := b[words[j].Start:words[j].End]
	kind := streetWord(Fold(buf[:0], word))
	if kind == notStreet || kind == shortStreet && !isUpper(word) && (words[j].End >= len(b) || b[words[j].End] != '.' && !isLower(word)) {
		return m, 0
	}
	// The name: articles and capitalised words.
	articles, named := 0, 0
	last = j
	for k := j + 1; k < len(words) && k <= j+8; k++ {
		name := b[words[k].Start:words[k].End]
		if !t.sameLine(words[k-1].End, words[k].Start) {
			break
		}
		switch {
		case isArticle(name):
			if named > 0 && !(k+1 < len(words) && isCapital(b[words[k+1].Start:words[k+1].End])) {
				k = len(words)
				continue
			}
			articles++
		case isCapital(name) && (kind == plainStreet || kind == loneStreet || !isUpper(word) || isUpper(name)):
			named++
			last = k
		case named == 0 && kind == plainStreet && articles > 0 && isLower(name) && len(name) > 3:
			return Match{words[i].Start, words[k].End, true}, k
		case named > 0 && k == last+1 && isDigit(name[0]) && len(name) <= 2 && k+1 < len(words) && isCapital(b[words[k+1].Start:words[k+1].End]):
			last = k // "rue du 8 Mai 1945"
		case articles > 0 && isDigit(name[0]) && len(name) <= 2 && named == 0:
			named++ // "rue du 8 mai"
			last = k
		default:
			k = len(words)
		}
	}
	if named == 0 {
		return m, 0
	}
	return Match{words[i].Start, words[last].End, true}, last
}

// sameLine reports whether only spaces, a comma or a dot lie between two words.
func (t *Text) sameLine(from, to int) bool {
	if to-from > 3 {
		return false
	}
	for _, c := range t.Bytes[from:to] {
		if c != ' ' && c != ',' && c != '.' && c != 0xC2 && c != 0xA0 || t.delimited(c) {
			return false
		}
	}
	return true
}

const (
	notStreet   = iota
	shortStreet // an abbreviation: "av", "bd"
	loneStreet  // needs a name in capitals: "place", "chemin"
	plainStreet // "rue", "avenue": hardly anything else behind a number
)

// streetWord says how sure a folded word is to be a type of street in running
// text, where fewer are than in a column of addresses.
func streetWord(word []byte) int {
	switch string(word) {
	case "rue", "avenue", "boulevard", "impasse":
		return plainStreet
	case "allee", "allees", "chemin", "route", "place", "quai", "square", "passage", "faubourg", "ruelle", "sentier", "venelle",
		"chaussee", "residence", "lotissement", "hameau", "montee", "esplanade", "promenade", "traverse", "lieu-dit", "rond-point", "cours":
		return loneStreet
	case "av", "ave", "bd", "bld", "blvd", "imp", "chem", "rte", "pl", "sq":
		return shortStreet
	}
	return notStreet
}

func isArticle(word []byte) bool {
	switch string(word) {
	case "de", "du", "des", "la", "le", "les", "d", "l", "et", "à", "aux", "au", "sur", "en", "sous", "DE", "DU", "DES", "LA", "LE", "LES":
		return true
	}
	return false
}

func isLower(word []byte) bool {
	return len(word) > 0 && (word[0]-'a' < 26 || word[0] >= 0x80 && !isCapital(word))
}
