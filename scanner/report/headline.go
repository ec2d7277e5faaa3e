package report

import (
	"unicode"
	"unicode/utf8"

	"vigie/scanner"
)

// leaked says in English what a finding of a profile is about, in the plural:
// the headlines that programs get.
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

// headline says what lies there, whom it is about, and who can read it. Of an
// encrypted file only names were read.
func headline(f *scanner.Finding) string {
	what, where := leaked(f.Profile), reach(f.Exposure.State)
	switch {
	case sealed(f):
		return "An encrypted file, perhaps of " + within(what) + ", lies " + where
	case f.People.Estimate <= 0:
		return what + " lie " + where
	case f.People.Unit == "document":
		return what + " in " + en.estimate(f.People) + " lie " + where
	}
	return what + " of " + en.estimate(f.People) + " lie " + where
}

// reach says who can read a stored object, after "they lie".
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

// message is the headline as a sentence, and as many reasons as there is room for.
func message(f *scanner.Finding) string {
	text := headline(f) + "."
	for _, w := range f.Why {
		if w.Text != "" {
			text += " " + show(capital(w.Text)) + "."
		}
		if cells(text) > maxMessage {
			break
		}
	}
	return clip(text, maxMessage)
}

// capital makes the first letter of s a capital one.
func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}
