package report

import (
	"math"
	"strconv"
	"strings"
	"time"

	"vigie/detectors"
	"vigie/scanner"
)

// number writes n: 10,204 or, with thin no-break spaces, 10 204.
func (l language) number(n int64) string {
	s := strconv.FormatInt(n, 10)
	first := 1
	if n < 0 {
		first = 2
	}
	for i := len(s) - 3; i >= first; i -= 3 {
		s = s[:i] + l.or(",", "\u202F") + s[i:]
	}
	return s
}

// count writes n and the noun, which is English in the source: 1 row, 2 rows.
func (l language) count(n int64, noun string) string {
	return l.number(n) + l.or(" ", "\u00A0") + l.noun(n, noun)
}

// noun writes a noun as it stands behind n. French has its plural from two on.
func (l language) noun(n int64, noun string) string {
	switch {
	case l == fr:
		forms, ok := noms[noun]
		switch {
		case !ok:
			return Plain(noun)
		case n < 2:
			return forms[0]
		}
		return forms[1]
	case n == 1:
		return noun
	}
	return plural(noun)
}

// plural returns the plural of an English noun, or of a kind in words; those
// that are not counted stay as they are.
func plural(noun string) string {
	switch {
	case strings.HasSuffix(noun, "custody"), strings.HasSuffix(noun, "health"),
		noun == "children", noun == "disability", noun == "sex":
		return noun
	case strings.HasSuffix(noun, "y"):
		return strings.TrimSuffix(noun, "y") + "ies"
	case strings.HasSuffix(noun, "s"), strings.HasSuffix(noun, "x"):
		return noun + "es"
	}
	return noun + "s"
}

// size writes a number of bytes in decimal units: 3.4 MB or 3,4 Mo.
func (l language) size(n int64) string {
	if n < 1000 {
		return l.count(n, "byte")
	}
	f, unit := float64(n), 0
	for f >= 999.5 && unit < 5 {
		f, unit = f/1000, unit+1
	}
	digits := 0
	if f < 9.95 {
		digits = 1
	}
	return l.decimal(f, digits) + l.or(" ", "\u00A0") + [...]string{"", "k", "M", "G", "T", "P"}[unit] + l.or("B", "o")
}

// decimal writes f with so many digits: 0.97 or 0,97.
func (l language) decimal(f float64, digits int) string {
	return strings.Replace(strconv.FormatFloat(f, 'f', digits, 64), ".", l.or(".", ","), 1)
}

// percent writes a share; nearly all is not all, and nearly nothing not nothing.
func (l language) percent(share float64) string {
	whole := math.Round(share * 100)
	switch {
	case math.IsNaN(share):
		return "–"
	case whole >= 100 && share < 1:
		return l.or(">99%", "plus de 99\u00A0%")
	case whole <= 0 && share > 0:
		return l.or("<1%", "moins de 1\u00A0%")
	}
	return strconv.FormatFloat(whole, 'f', 0, 64) + l.or("%", "\u00A0%")
}

// list joins words: a, b and c.
func (l language) list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + l.or(" and ", " et ") + words[last]
}

// day writes a date, in UTC: 2021-03-14, as ISO 8601 has it, or 14 mars 2021.
func (l language) day(t time.Time) string {
	if l == fr {
		return jour(t.UTC())
	}
	return t.UTC().Format(time.DateOnly)
}

// month writes a month: March 2021 or mars 2021.
func (l language) month(t time.Time) string {
	t = t.UTC()
	if l == fr {
		return mois[t.Month()-1] + t.Format("\u00A02006")
	}
	return t.Format("January 2006")
}

// on writes a day in a sentence: le 14 mars 2021.
func (l language) on(t time.Time) string { return l.or("", "le\u00A0") + l.day(t) }

// dated writes a day behind a noun: du 14 mars 2021.
func (l language) dated(t time.Time) string { return l.or("", "du\u00A0") + l.day(t) }

// of puts de before a French word, d’ before a vowel.
func (l language) of(word string) string {
	switch {
	case l != fr:
		return word
	case strings.ContainsAny(word[:1], "aeiouyAEIOUY"), strings.HasPrefix(word, "é"), strings.HasPrefix(word, "h"):
		return "d’" + word
	}
	return "de " + word
}

// kind writes a kind in words: birth date, date de naissance.
func (l language) kind(k detectors.Kind) string {
	if forms, ok := noms[string(k)]; ok && l == fr {
		return forms[0]
	}
	words := strings.Split(Plain(string(k)), "_")
	for i, w := range words {
		switch w {
		case "nir", "iban", "rib", "bic", "caf", "cnaf", "snds", "mdph", "siret", "siren":
			words[i] = strings.ToUpper(w)
		case "icd10":
			words[i] = "ICD-10"
		case "france":
			words[i] = "France"
		case "travail":
			words[i] = "Travail"
		case "pajemploi":
			words[i] = "Pajemploi"
		case "email":
			words[i] = "e-mail"
		}
	}
	return strings.Join(words, " ")
}

// kindNoun writes a kind as it stands behind n.
func (l language) kindNoun(n int64, k detectors.Kind) string {
	if l == fr {
		return l.noun(n, string(k))
	}
	return l.noun(n, l.kind(k))
}

// kinds counts what is of a kind: 64 CNAF variables.
func (l language) kinds(n int64, k detectors.Kind) string {
	return l.number(n) + l.or(" ", "\u00A0") + l.kindNoun(n, k)
}

// severity writes the name of a severity.
func (l language) severity(s scanner.Severity) string { return l.word(s.String()) }

// severities counts findings of a severity: 2 critical, 2 critiques.
func (l language) severities(n int64, s scanner.Severity) string {
	if l == fr {
		return l.count(n, s.String())
	}
	return l.number(n) + " " + s.String()
}
