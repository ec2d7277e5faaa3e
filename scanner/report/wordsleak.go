package report

import (
	"strings"
	"time"

	"vigie/scanner"
)

// lead is the headline of a finding: what it is, about how many people, who can
// read it, and since when. now says which day is today; zero: none is.
func (l language) lead(f *scanner.Finding, now time.Time) string {
	s := l.what(f) + ", " + l.open(f.Exposure.State)
	if since := l.since(f.Exposure, now); since != "" {
		return l.say("%s; %s", s, since)
	}
	return s
}

// what says what lies there, and about how many people.
func (l language) what(f *scanner.Finding) string {
	if f.People.Estimate <= 0 {
		return l.leak(f)
	}
	return l.leak(f) + ", " + l.estimate(f.People)
}

// leak says in a few words what lies there. Of an encrypted file only names
// were read.
func (l language) leak(f *scanner.Finding) string {
	texts := f.Rows == 0
	what := l.say("Data of the profile %s", Plain(f.Profile))
	if names, ok := leaks[f.Profile]; ok {
		what = l.word(names.table)
		if texts && names.texts != "" {
			what = l.word(names.texts)
		}
	}
	if sealed(f) {
		if names, ok := leaks[f.Profile]; ok {
			what = l.word(names.table)
		}
		return l.say("Encrypted file, perhaps: %s", within(what))
	}
	return what
}

// within writes the beginning of a sentence as it stands within one; CAF stays.
func within(s string) string {
	if len(s) > 1 && s[1] >= 'a' {
		return strings.ToLower(s[:1]) + s[1:]
	}
	return s
}

// sealed reports whether only the names in an encrypted file were read.
func sealed(f *scanner.Finding) bool { return len(f.Why) > 0 && f.Why[0].Code == "sealed" }

// leaks are what findings of a profile are called, in tables and in texts.
var leaks = map[string]struct{ table, texts string }{
	"caf-beneficiaries":         {"CAF benefits export", "CAF letters about benefits"},
	"pajemploi-childminders":    {"Register of childminders (Pajemploi)", "Documents about childminders (Pajemploi)"},
	"third-party-payment":       {"Register of insured persons (third-party payment)", "Documents about insured persons (third-party payment)"},
	"mdph-documents":            {"Register of disability files (MDPH)", "Disability documents (MDPH)"},
	"france-travail-jobseekers": {"Register of jobseekers (France Travail)", "Documents about jobseekers (France Travail)"},
	"ticket-platform":           {"Accounts or tickets of a support platform", "Secrets of a support platform"},
	"people-register":           {"Register of persons", "Documents about persons"},
	"":                          {"Register of persons", "Documents about persons"},
	"public-register":           {"Lawfully published register", ""},
}

// open says who can read a finding, after what it is.
func (l language) open(s scanner.State) string {
	switch s {
	case scanner.Public:
		return l.say("readable by anybody")
	case scanner.Network:
		return l.say("readable by anybody on the network")
	case scanner.Private:
		return l.say("not readable without credentials")
	case scanner.Local:
		return l.say("in a file of this machine")
	}
	return l.say("it is not known who can read it")
}

// since says how old a file is, and since when it was seen open.
func (l language) since(e scanner.Exposure, now time.Time) string {
	var parts []string
	if !e.FileDated.IsZero() {
		parts = append(parts, l.say("file dated %s", l.of(l.month(e.FileDated))))
	}
	if !e.SeenOpenSince.IsZero() {
		since := l.say("since %s", l.on(e.SeenOpenSince))
		if !now.IsZero() && en.day(e.SeenOpenSince) == en.day(now) {
			since = l.say("since today")
		}
		parts = append(parts, l.say("seen open %s", since))
	}
	return strings.Join(parts, ", ")
}

// estimate says how many people there are.
func (l language) estimate(p scanner.People) string {
	s := l.count(p.Estimate, Plain(p.Unit))
	if exact(p) {
		return s
	}
	return l.say("about %s", s)
}

// exact reports whether the number of people is no estimate.
func exact(p scanner.People) bool {
	return p.Low == 0 && p.High == 0 || p.Low == p.Estimate && p.High == p.Estimate
}

// counted says how many people there are, how sure that is, and how it is
// known.
func (l language) counted(p scanner.People) string {
	if p.Estimate <= 0 {
		return ""
	}
	s := l.estimate(p)
	if p.Persons > 0 {
		s += ", " + l.count(p.Persons, "person")
	}
	switch {
	case p.Minors == 1:
		s += ", " + l.say("one of them a minor")
	case p.Minors > 1:
		s += ", " + l.say("%s of them minors", l.number(p.Minors))
	}
	if !exact(p) {
		s = l.say("%s; between %s and %s", s, l.number(p.Low), l.number(p.High))
	}
	if basis, ok := bases[p.Basis]; ok {
		s = l.say("%s; %s", s, l.word(basis))
	}
	return s
}

var bases = map[string]string{
	"nir":        "counted by distinct NIR",
	"name_birth": "counted by distinct name and birth date",
	"rows":       "counted by rows",
	"documents":  "counted by documents",
}

// exposure says who can read an object, and how that is known.
func (l language) exposure(e scanner.Exposure) string {
	s := l.word(show(string(e.State)))
	if e.How != "" {
		s = l.say("%s: %s", s, show(l.detail(e.How)))
	}
	if e.Vantage != "" {
		s = l.say("%s; tried from %s", s, show(l.detail(e.Vantage)))
	}
	if !e.SeenOpenSince.IsZero() {
		s = l.say("%s; seen open since %s", s, l.on(e.SeenOpenSince))
	}
	if !e.FileDated.IsZero() {
		s = l.say("%s; file dated %s", s, l.day(e.FileDated))
	}
	return s
}

// alone says how many are found again by their quasi-identifiers.
func (l language) alone(r *scanner.Reidentification) string {
	var kinds []string
	for _, k := range r.QuasiIdentifiers {
		kinds = append(kinds, l.their(l.kind(k)))
	}
	s := l.say("%s of the rows are the only ones of their kind", l.percent(r.UniqueShare))
	if kinds != nil {
		s = l.say("%s of the rows are the only ones with their %s", l.percent(r.UniqueShare), l.list(kinds))
	}
	if r.KMin > 1 {
		s = l.say("%s; the smallest group has %s", s, l.count(r.KMin, "row"))
	}
	return s
}

// their puts leur before a French word, which English says once for all.
func (l language) their(word string) string {
	if l == fr {
		return "leur " + word
	}
	return word
}

// verdict says whether data are real, without the evidence.
func (l language) verdict(a scanner.Authenticity) string {
	switch a.Verdict {
	case "":
		return ""
	case "unknown":
		return l.say("not known: to be taken for real")
	}
	said := strings.ReplaceAll(show(a.Verdict), "_", " ")
	return l.say("%s (probability of real data %s)", l.word(said), l.decimal(a.ProbabilityReal, 2))
}
