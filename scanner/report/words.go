package report

import (
	"math"
	"strconv"
	"strings"

	"vigie/detectors"
	"vigie/scanner"
)

// number writes n with commas: 10,204.
func number(n int64) string {
	s := strconv.FormatInt(n, 10)
	first := 1
	if n < 0 {
		first = 2
	}
	for i := len(s) - 3; i >= first; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// count writes n and the noun: 1 row, 2 rows.
func count(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return number(n) + " " + plural(noun)
}

// plural returns the plural of a noun, or of a kind in words; those that are
// not counted stay as they are.
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

// size writes a number of bytes in decimal units: 3.4 MB.
func size(n int64) string {
	if n < 1000 {
		return count(n, "byte")
	}
	f, unit := float64(n), 0
	for f >= 999.5 && unit < 5 {
		f, unit = f/1000, unit+1
	}
	digits := 0
	if f < 9.95 {
		digits = 1
	}
	return strconv.FormatFloat(f, 'f', digits, 64) + " " + [...]string{"", "kB", "MB", "GB", "TB", "PB"}[unit]
}

// percent writes a share; nearly all is not all, and nearly nothing not nothing.
func percent(share float64) string {
	whole := math.Round(share * 100)
	switch {
	case math.IsNaN(share):
		return "–"
	case whole >= 100 && share < 1:
		return ">99%"
	case whole <= 0 && share > 0:
		return "<1%"
	}
	return strconv.FormatFloat(whole, 'f', 0, 64) + "%"
}

// kind writes a kind in words: birth date, NIR without key.
func kind(k detectors.Kind) string {
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

// list joins words: a, b and c.
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// leaked says what a finding of a profile is about, in the plural.
func leaked(profile string) string {
	switch profile {
	case "caf-beneficiaries":
		return "Family benefit records (CAF)"
	case "pajemploi-childminders":
		return "Records of childminders (Pajemploi)"
	case "third-party-payment":
		return "Health insurance records (third-party payment)"
	case "mdph-documents":
		return "Disability files (MDPH)"
	case "france-travail-jobseekers":
		return "Records of jobseekers (France Travail)"
	case "ticket-platform":
		return "Secrets and contacts of a ticket platform"
	case "people-register", "":
		return "Personal data"
	case "public-register":
		return "Lawfully published personal data"
	}
	return "Data of the profile " + Plain(profile)
}

// headline begins the sentence that says what lies there. Of an encrypted
// file only names were read.
func headline(f *scanner.Finding) string {
	what := leaked(f.Profile)
	if len(f.Why) > 0 && f.Why[0].Code == "sealed" {
		return "An encrypted file, perhaps of " + strings.ToLower(what[:1]) + what[1:] + ", lies"
	}
	return what + about(f.People) + " lie"
}

// about says whom a finding is about, for its sentence: of 10,204 households.
func about(p scanner.People) string {
	switch {
	case p.Estimate <= 0:
		return ""
	case p.Unit == "document":
		return " in " + estimate(p)
	}
	return " of " + estimate(p)
}

func estimate(p scanner.People) string {
	s := count(p.Estimate, Plain(p.Unit))
	if exact(p) {
		return s
	}
	return "about " + s
}

func exact(p scanner.People) bool {
	return p.Low == 0 && p.High == 0 || p.Low == p.Estimate && p.High == p.Estimate
}

// counted says how many people there are, how sure that is, and how it is
// known.
func counted(p scanner.People) string { return en.counted(p) }

// exposure says who can read an object, and how that is known.
func exposure(x scanner.Exposure) string { return en.exposure(x) }

// reach says who can read a stored object, after "they lie" or "is".
func reach(s scanner.State) string {
	switch s {
	case scanner.Public:
		return "readable by anybody on the internet, without credentials"
	case scanner.Network:
		return "readable by anybody on the network, without credentials"
	case scanner.Private:
		return "in a store that does not answer without credentials"
	case scanner.Local:
		return "in a file of this machine"
	}
	return "where it is not known who can read them"
}
