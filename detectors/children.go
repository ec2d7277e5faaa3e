package detectors

import "bytes"

var childrenDetector = Detector{
	Kind: "children",
	Doc: `Number of children

A small number, 0 to 15, in a column that says so (NBENLEFA, nombre d'enfants,
personnes à charge). In running text behind or before such words: "3 enfants à
charge". The title decides alone; the number only must not speak against it. CNAF,
public programs on its files.`,
	Class: Quasi,
	Scope: Titled,
	Titles: []string{
		"nb enfants", "nombre d enfants", "nombre enfants", "nb enf", "nbenf", "enfants a charge", "enfants", "nbenlefa", "nbenfcha",
		"nombre d enfants a charge", "nombre enfants a charge", "nb enfants a charge", "personnes a charge", "nombre de personnes a charge", "pac",
		"nb personnes a charge", "nb pers a charge", "nbre pers a charge", "pers a charge", "nb pers charge", "nombre personnes charge", "nbpac", "nb pac", "nbenfants", "nbre enfants", "number of children", "children count", "child count",
		"nb parts", "nombre de parts", "nombre parts",
	},
	Find: findChildren,
	Fits: fitsChildren,
	Norm: func(dst, v []byte) []byte {
		if isNought(v) {
			return append(dst, '0')
		}
		return append(dst, countIn(trimNumber(v))...)
	},
	Mask: maskNothing,
	Yes:  []string{"Nombre d'enfants : 3", "avec 2 enfants à charge", "Enfants à charge : 1", "nb enfants = 4", "vous avez 2 enfant(s) à charge"},
	No:   []string{"3 enfants jouent", "enfants à charge : néant", "120 enfants à charge", "nombre d'enfants : 250"},
}

var childrenLabels = []string{
	"nombre d enfants", "nombre d enfants a charge", "enfants a charge", "enfant s a charge", "enfant a charge",
	"nb enfants", "nb d enfants", "nb enfants a charge",
}

func findChildren(dst []Match, t *Text) []Match {
	from := len(dst)
	dst = findLabelled(dst, t, childrenLabels, func(b []byte) (int, bool) {
		n := digitsEnd(b, 0)
		if n == 0 || n > 2 || n < len(b) && (isAlnum(b[n]) || b[n] == '/' || b[n] == '%') {
			return 0, false
		}
		ok, _ := fitsChildren(b[:n])
		return btoi(ok) * n, ok
	})
	// "2 enfants à charge": the number stands before the words.
	t.eachLabel(childrenLabels, func(words []Span, i, _ int) int {
		w := words[i]
		if i == 0 || t.Bytes[w.Start]|0x20 != 'e' {
			return 0
		}
		n := words[i-1]
		if n.End-n.Start > 2 || !isDigit(t.Bytes[n.Start]) || w.Start-n.End != 1 {
			return 0
		}
		if ok, _ := fitsChildren(t.Bytes[n.Start:n.End]); ok {
			dst = insertMatch(dst, from, Match{n.Start, n.End, true})
		}
		return 0
	})
	return dst
}

// insertMatch puts m among the matches from from on, in order; one that
// overlaps stays out.
func insertMatch(dst []Match, from int, m Match) []Match {
	i := len(dst)
	for i > from && dst[i-1].Start >= m.End {
		i--
	}
	if i > from && dst[i-1].End > m.Start {
		return dst
	}
	dst = append(dst, Match{})
	copy(dst[i+1:], dst[i:])
	dst[i] = m
	return dst
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// countIn cuts off what stands behind the number in "2 enfants", "3+", "4 ou plus".
func countIn(cell []byte) []byte {
	n := digitsEnd(cell, 0)
	if n == 0 || n == len(cell) || len(cell) > 24 {
		return cell
	}
	var buf [48]byte
	switch string(Fold(buf[:0], cell[n:])) {
	case "":
		if cell[n] != '+' && cell[n] != ' ' {
			return cell
		}
	case "enfant", "enfants", "enfant s", "et", "ou plus", "et plus", "enfants et plus", "enfants ou plus", "enfant a charge", "enfants a charge":
	default:
		return cell
	}
	return cell[:n]
}

// isNought reports whether a cell is a zero as SAS may write it.
func isNought(cell []byte) bool { return string(cell) == ".0" || string(cell) == ",0" }

// fitsChildren takes 0 to 15; half parts of a tax household too ("2,5").
func fitsChildren(cell []byte) (fits, valid bool) {
	if isNought(cell) {
		return true, true
	}
	cell = countIn(trimNumber(cell))
	cell = bytes.TrimSuffix(bytes.TrimSuffix(cell, []byte(",5")), []byte(".5"))
	if len(cell) == 0 || len(cell) > 2 || digitsEnd(cell, 0) != len(cell) {
		return false, false
	}
	n := int(cell[0] - '0')
	if len(cell) == 2 {
		n = n*10 + int(cell[1]-'0')
	}
	return n <= 15, n <= 15
}
