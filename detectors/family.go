package detectors

import "bytes"

var familySituationDetector = Detector{
	Kind: "family_situation",
	Doc: `Family situation

Words (célibataire, marié(e), pacsé(e), vie maritale, divorcé(e), séparé(e),
veuf) and CNAF's codes of SITFAM (CEL, MAR, PAC, VIM, DIV, SEF, SEL, VEU, ISO
…): a column mostly made of them, or one whose title says so. In running text
behind "situation familiale". The words are seldom anything else; the codes need
others of them beside. Codes: public schema of the CNAF's flows to Départements.`,
	Class: Quasi,
	Scope: Column,
	Titles: []string{
		"situation familiale", "situation famille", "situation de famille", "sitfam", "etat matrimonial", "situation matrimoniale",
		"statut matrimonial", "statut marital", "sit fam", "situation fam", "etat civil matrimonial", "marital status",
		"parent isole", "monoparental", "type de foyer", "conjoint",
	},
	Find: func(dst []Match, t *Text) []Match { return findLabelled(dst, t, situationLabels, valueSituation) },
	Fits: fitsSituation,
	Norm: normSituation,
	Mask: maskNothing,
	Yes:  []string{"Situation familiale : célibataire", "situation de famille : Marié(e)", "état matrimonial = VEUF"},
	No:   []string{"situation familiale : voir annexe", "il est marié", "ISO 9001", "MAR 12"},
}

var situationLabels = []string{"situation familiale", "situation de famille", "etat matrimonial", "situation matrimoniale"}

// situation returns the SITFAM code of folded words, "" for others. A code may
// stand before the words ("1 celibataire"), and others behind them ("marie pacse").
func situation(folded []byte) string {
	code := situationOf(folded)
	first, rest, ok := bytes.Cut(folded, []byte(" "))
	switch {
	case code != "" || !ok:
		return code
	case len(first) <= 3 && situationOf(rest) != "":
		return situationOf(rest)
	}
	for word := range bytes.SplitSeq(folded, []byte(" ")) {
		c := situationOf(word)
		if code == "" {
			code = c
		}
		switch string(word) {
		case "e", "s", "ou", "et", "de", "fait", "ve", "vie", "maritale", "avec", "sans", "en", "couple", "enfant", "enfants", "legalement", "a", "charge":
		default:
			if c == "" {
				return ""
			}
		}
	}
	return code
}

func situationOf(folded []byte) string {
	switch string(folded) {
	case "cel", "celibataire", "celib", "single":
		return "CEL"
	case "mar", "marie", "mariee", "marie e", "maries", "marie s", "mariage", "married", "rvm":
		return "MAR"
	case "pac", "pacs", "pacse", "pacsee", "pacse e", "pacses", "rpa":
		return "PAC"
	case "vim", "vie maritale", "concubinage", "concubin", "concubine", "concubin e", "union libre", "en concubinage",
		"en couple", "couple", "rvc", "vie en couple":
		return "VIM"
	case "div", "divorce", "divorcee", "divorce e", "divorces", "divorced":
		return "DIV"
	case "sef", "separe", "separee", "separe e", "separation", "separation de fait", "separe de fait", "separes":
		return "SEF"
	case "sel", "separation legale", "separe legalement":
		return "SEL"
	case "veu", "veuf", "veuve", "veuf ve", "veuvage", "veuf veuve", "veuf e", "widowed":
		return "VEU"
	case "iso", "isole", "isolee", "isole e", "parent isole", "personne seule", "famille monoparentale", "monoparental",
		"monoparentale", "isoleenfant", "isole sans enfant", "isole avec enfant", "seul", "seule", "seul e":
		return "ISO"
	case "aba", "absent":
		return "ABA"
	case "coupleenfant", "couple sans enfant", "couple avec enfant", "couple avec enfant s":
		return "VIM"
	}
	return ""
}

func fitsSituation(cell []byte) (fits, valid bool) {
	if len(cell) > 40 || bytes.IndexByte(cell, ';') >= 0 { // a list is no situation
		return false, false
	}
	var buf [64]byte
	ok := situation(Fold(buf[:0], cell)) != ""
	return ok, ok
}

// normSituation appends the code of SITFAM.
func normSituation(dst, v []byte) []byte {
	var buf [64]byte
	if len(v) <= 40 {
		if code := situation(Fold(buf[:0], v)); code != "" {
			return append(dst, code...)
		}
	}
	return append(dst, bytes.ToLower(v)...)
}

// valueSituation reads one to three words that are a situation.
func valueSituation(b []byte) (n int, valid bool) {
	i := 0
	var buf [64]byte
	for range 3 {
		e := i + wordEnd(b[i:])
		if e == i || e > 40 {
			break
		}
		if e+3 <= len(b) && string(b[e:e+3]) == "(e)" {
			e += 3
		}
		if situation(Fold(buf[:0], b[:e])) != "" {
			n = e
		}
		if i = e + 1; i >= len(b) || b[e] != ' ' {
			break
		}
	}
	return n, n > 0
}

// maskNothing shows v: codes and words that many share.
func maskNothing(dst, v []byte) []byte { return append(dst, v...) }
