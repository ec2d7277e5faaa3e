package report

import (
	"fmt"
	"strings"
	"time"

	"vigie/detectors"
	"vigie/scanner"
)

// A language is what a report for people is written in. The sentences in the
// source are English; phrases, noms and sentences have them in French.
type language string

const (
	en language = "en"
	fr language = "fr"
)

// language returns the language of the options: English unless they say French.
func (o Options) language() language {
	if o.Lang == string(fr) {
		return fr
	}
	return en
}

// say writes a sentence, which is a format.
func (l language) say(format string, args ...any) string {
	return fmt.Sprintf(l.word(format), args...)
}

// word returns what a text of the source is in the language. What has no French
// stays English; a test sees to it that there is none.
func (l language) word(text string) string {
	if l == fr {
		if said, ok := phrases[text]; ok {
			return spaced.Replace(said)
		}
	}
	return text
}

// number writes n: 10,204 or 10 204.
func (l language) number(n int64) string {
	if l == fr {
		return nombre(n)
	}
	return number(n)
}

// count writes n and the noun, which is English in the source.
func (l language) count(n int64, noun string) string {
	if l == fr {
		return nombre(n) + "\u00A0" + l.noun(n, noun)
	}
	return count(n, noun)
}

// noun writes a noun as it stands behind n.
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

// percent writes a share; nearly all is not all.
func (l language) percent(share float64) string {
	if l == fr {
		return pourcent(share)
	}
	return percent(share)
}

// size writes a number of bytes: 3.4 MB or 3,4 Mo.
func (l language) size(n int64) string {
	if l != fr {
		return size(n)
	}
	if n < 1000 {
		return l.count(n, "byte")
	}
	amount, unit, _ := strings.Cut(size(n), " ")
	return strings.Replace(amount, ".", ",", 1) + "\u00A0" + strings.TrimSuffix(unit, "B") + "o"
}

// list joins words: a, b and c.
func (l language) list(words []string) string {
	if l == fr {
		return liste(words)
	}
	return list(words)
}

// day writes a date: 2021-03-14 or 14 mars 2021.
func (l language) day(t time.Time) string {
	if l == fr {
		return jour(t.UTC())
	}
	return day(t)
}

// month writes a month: March 2021 or mars 2021.
func (l language) month(t time.Time) string {
	t = t.UTC()
	if l == fr {
		return fmt.Sprintf("%s\u00A0%d", mois[t.Month()-1], t.Year())
	}
	return t.Format("January 2006")
}

// kind writes a kind in words: birth date, date de naissance.
func (l language) kind(k detectors.Kind) string {
	if l == fr {
		if forms, ok := noms[string(k)]; ok {
			return forms[0]
		}
	}
	return kind(k)
}

// kindNoun writes a kind as it stands behind n.
func (l language) kindNoun(n int64, k detectors.Kind) string {
	switch {
	case l == fr:
		return l.noun(n, string(k))
	case n == 1:
		return kind(k)
	}
	return plural(kind(k))
}

// kinds counts what is of a kind: 64 CNAF variables.
func (l language) kinds(n int64, k detectors.Kind) string {
	if l == fr {
		return l.count(n, string(k))
	}
	return count(n, kind(k))
}

// severities counts findings of a severity: 2 critical, 2 critiques.
func (l language) severities(n int64, s scanner.Severity) string {
	if l == fr {
		return l.count(n, s.String())
	}
	return number(n) + " " + s.String()
}

// severity writes the name of a severity.
func (l language) severity(s scanner.Severity) string { return l.word(s.String()) }
