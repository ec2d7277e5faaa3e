package detectors

import (
	"bytes"
	"slices"
)

var disabilityDetector = Detector{
	Kind: "disability",
	Doc: `Disability

What an MDPH, the CDAPH or an employer writes about a disabled person: the rate
of incapacity, RQTH, PCH, ACTP, CMI, ESAT, SESSAD, IME, ITEP and the like. In
running text full terms and codes that are little else (RQTH, CDAPH, MDPH,
SESSAD …) count by themselves, and codes with another meaning (MAS, FAM, PCH,
CMI …) with a word of the field within 80 bytes. In a column whose title says so
a rate, a term, yes and no count; a column of the brackets on which decisions rest
(50-79 %, 80 % and more), or of plans at school (PPS, PAP, PAI), says so by itself.
AAH and AEEH are benefits. Data on health (Art. 9 GDPR). Public vocabulary of the
MDPH and CNSA; Code de l'action sociale et des familles, annexe 2-4.`,
	Class: Sensitive,
	Scope: Column,
	Titles: []string{
		"rqth", "rqth aah", "rqth aah oui non", "aah rqth", "taux incapacite", "taux d incapacite", "tx incapacite", "taux incap", "incap",
		"incapacite", "taux ipp", "taux d invalidite", "taux invalidite", "taux handicap", "taux de handicap", "handicap", "handicape",
		"handicapee", "situation de handicap", "situation handicap", "type handicap", "type de handicap", "nature du handicap", "nature handicap",
		"oeth", "boeth", "doeth", "travailleur handicape", "reconnaissance travailleur handicape", "mdph", "cdaph", "notification cdaph",
		"notification mdph", "orientation mdph", "orientation cdaph", "decision cdaph", "decision mdph", "droits mdph", "reconnaissance mdph",
		"invalidite", "categorie invalidite", "categorie d invalidite", "pension invalidite", "pension d invalidite", "cmi", "carte mobilite inclusion",
		"carte invalidite", "carte d invalidite", "pch", "actp", "acfp", "esat", "sessad", "itep", "ulis", "aesh", "pps aesh", "pps", "pps pap", "pap pps", "pai pps", "dispositif scolaire", "geva", "mesure de protection",
		"taux ip", "deficience principale", "deficiences", "nature de la deficience", "nature deficience", "protection juridique", "tutelle", "curatelle", "tutelle curatelle", "mtp", "pcrtp", "deficience", "type deficience", "type de deficience",
		"disability", "disabled", "disability rate", "disability status", "handicapped",
	},
	Find: findDisability,
	Fits: fitsDisability,
	Norm: func(dst, v []byte) []byte { return Fold(dst, v) },
	Mask: maskNothing,
	Yes: []string{
		"taux d'incapacité : 80 %", "décision de la CDAPH", "orientation vers un ESAT ou une MAS", "La MDPH accorde la PCH", "RQTH", "SESSAD de Pessac",
		"carte mobilité inclusion", "placé sous curatelle renforcée", "restriction substantielle et durable pour l'accès à l'emploi",
	},
	No: []string{
		"MAS de la Plaine", "3 MAS DES PINS", "FAM", "PCH du Moulin", "le PCH Intel", "IME Japanese", "CMI method", "taux de TVA", "la tutelle du ministère",
		"PPS 2024", "H264 SPS PPS", "mas", "carte de mobilité",
	},
}

// disabilityTerms are terms of two words and more that mean nothing else.
var disabilityTerms = []string{
	"allocation compensatrice pour tierce personne", "allocation compensatrice tierce personne", "carte d invalidite", "carte mobilite inclusion",
	"commission des droits et de l autonomie", "curatelle renforcee", "curatelle simple", "entreprise adaptee",
	"maison departementale des personnes handicapees", "majoration pour tierce personne", "pension d invalidite", "personne handicapee",
	"personnes handicapees", "prestation de compensation du handicap", "projet personnalise de scolarisation",
	"qualite de travailleur handicape", "restriction substantielle et durable", "situation de handicap", "sous curatelle", "sous tutelle",
	"taux d incapacite", "taux d invalidite", "travailleur handicape", "travailleurs handicapes", "troubles du spectre autistique",
}

// safeCode reports whether a code in capitals belongs to disability alone.
func safeCode(code []byte) bool {
	switch string(code) {
	case "RQTH", "CDAPH", "MDPH", "COTOREP", "CDES", "PCRTP", "ACTP", "SAMSAH", "SESSAD", "GEVASCO", "BOETH", "AGEFIPH", "FIPHFP":
		return true
	}
	return false
}

// doubtfulCode reports whether a code in capitals is one of disability beside a
// word of the field, and something else elsewhere.
func doubtfulCode(code []byte) bool {
	switch string(code) {
	case "PCH", "CMI", "ESAT", "IME", "ITEP", "MAS", "FAM", "SAVS", "PPS", "PPC", "IPP", "MTP", "GEVA", "ACFP", "ULIS", "AESH", "OETH", "EEAP",
		"IEM", "IMPRO", "UEROS", "CAMSP", "CMPP", "EANM", "TH":
		return true
	}
	return false
}

func findDisability(dst []Match, t *Text) []Match {
	list, b, words, after := listNumber(disabilityTerms), t.Bytes, t.Words(), 0
	for _, o := range t.openings() {
		w := t.bare(words[o.word])
		if w.Start < after {
			continue
		}
		if o.code {
			code := b[w.Start:w.End]
			if safeCode(code) || doubtfulCode(code) && t.nearDisability(words, o.word) {
				dst = append(dst, Match{w.Start, w.End, true})
				continue
			}
		}
		if last := t.lastOf(o, list); last > o.word {
			after = words[last].End
			dst = append(dst, Match{w.Start, after, true})
		}
	}
	return dst
}

// nearDisability reports whether a word of the field lies within 80 bytes of
// word i, in its cell or on its line.
func (t *Text) nearDisability(words []Span, i int) bool {
	for j := i - 1; j >= 0 && words[i].Start-words[j].End <= 80; j-- {
		if t.disabilityWord(words[j]) {
			return true
		}
	}
	for j := i + 1; j < len(words) && words[j].Start-words[i].End <= 80; j++ {
		if t.disabilityWord(words[j]) {
			return true
		}
	}
	return false
}

func (t *Text) disabilityWord(w Span) bool {
	w = t.bare(w)
	n := w.End - w.Start
	if n < 4 || n > 16 {
		return false
	}
	word := t.Bytes[w.Start:w.End]
	if allUpper(word) {
		return safeCode(word) || string(word) == "ESAT" || string(word) == "AEEH"
	}
	var buf [32]byte
	switch string(Fold(buf[:0], word)) {
	case "handicap", "handicape", "handicapee", "handicapes", "handicapees", "incapacite", "invalidite", "autisme", "polyhandicap",
		"sessad", "esat", "mdph", "cdaph", "deficience", "scolarisation":
		return true
	}
	return false
}

// fitsDisability takes yes and no, a rate, and what is said in few words.
func fitsDisability(cell []byte) (fits, valid bool) {
	if len(cell) > 120 {
		return false, false
	}
	var buf [160]byte
	f := Fold(buf[:0], cell)
	if hasDisabilityCode(f) {
		return true, true
	}
	valid = isBracket(cell, f) || isSchoolPlan(f) || isDecision(f)
	return valid || isFlag(f) || isNothing(f) || isRate(cell) || hasDisabilityWord(f), valid
}

// isBracket reports whether a cell, and f its folded form, is one of the brackets
// of the rate of incapacity that decide on rights: 50 to 79 %, 80 % and more (Code
// de l'action sociale et des familles, annexe 2-4). Other percentages are anything.
func isBracket(cell, f []byte) bool {
	var numbers [2]string
	n, bound := 0, bytes.ContainsAny(cell, "<>≥+")
	for w := range bytes.SplitSeq(f, []byte(" ")) {
		switch string(w) {
		case "plus", "moins", "superieur", "superieure", "sup", "inferieur", "inferieure", "inf", "egal", "egale", "entre", "compris":
			bound = true
		case "a", "et", "de", "ou", "au", "taux":
		default:
			if n == 2 || len(w) == 0 || digitsEnd(w, 0) != len(w) {
				return false
			}
			numbers[n] = string(w)
			n++
		}
	}
	return n == 2 && numbers[0] == "50" && (numbers[1] == "79" || numbers[1] == "80") || n == 1 && bound && (numbers[0] == "80" || numbers[0] == "50")
}

// isDecision reports whether a folded cell says what was granted or refused:
// "accord AAH du 01/03/2023", "rejet PCH".
func isDecision(f []byte) bool {
	decided, right := false, false
	for rest := f; len(rest) > 0; {
		w := rest
		if i := bytes.IndexByte(rest, ' '); i >= 0 {
			w, rest = rest[:i], rest[i+1:]
		} else {
			rest = nil
		}
		switch string(w) {
		case "accord", "accorde", "accordee", "accordes", "attribution", "attribue", "attribuee", "rejet", "rejete", "rejetee", "refus", "refuse", "refusee",
			"renouvellement", "renouvele", "renouvelee", "maintien", "orientation":
			decided = true
		case "aah", "aeeh", "pch", "rqth", "cmi", "actp", "esat", "sessad", "ime", "itep", "samsah", "savs", "ulis", "aesh", "mdph", "cdaph":
			right = true
		}
	}
	return decided && right
}

// isSchoolPlan reports whether a folded cell is one of the plans and supports of
// disabled and ill pupils.
func isSchoolPlan(f []byte) bool {
	switch string(f) {
	case "pps", "pap", "pai", "ppre", "ulis", "geva sco", "gevasco", "ulis ecole", "ulis college", "ulis lycee":
		return true
	}
	return false
}

// isRate takes 0 to 100 with a percent sign, a bound or as a range ("50-79 %",
// ">= 80 %", "entre 50 et 79 %", "80 % et plus"), and by itself a category (1, 2,
// 3) or a rate in fives: the handicaps of golfers are others.
func isRate(cell []byte) bool {
	if v := trimNumber(cell); len(v) > 0 && digitsEnd(v, 0) == len(v) {
		last := v[len(v)-1]
		return len(v) == 1 && last <= '3' || len(v) == 2 && (last == '0' || last == '5') || string(v) == "100"
	}
	numbers := 0
	for i := 0; i < len(cell); i++ {
		switch c := cell[i]; {
		case isDigit(c):
			e := digitsEnd(cell, i)
			if e-i > 3 || e-i == 3 && string(cell[i:e]) != "100" {
				return false
			}
			if numbers++; e+1 < len(cell) && (cell[e] == ',' || cell[e] == '.') && isDigit(cell[e+1]) {
				e = digitsEnd(cell, e+1)
			}
			i = e - 1
		case c == ' ' || c == '%' || c == '-' || c == '<' || c == '>' || c == '=' || c >= 0x80:
		case isLetter(c):
			e := wordEnd(cell[i:]) + i
			switch string(cell[i:e]) {
			case "a", "et", "de", "entre", "plus", "moins", "sup", "inf", "taux", "au":
			default:
				return false
			}
			i = e - 1
		default:
			return false
		}
	}
	return numbers == 2 || numbers == 1 && bytes.ContainsAny(cell, "%<>=≥≤etp")
}

// hasDisabilityCode reports whether folded text has a code that means nothing
// else.
func hasDisabilityCode(f []byte) bool {
	for _, w := range [...]string{"rqth", "cdaph", "mdph", "actp", "sessad", "esat", "aeeh", "aesh", "itep"} {
		if mentions(f, w) {
			return true
		}
	}
	return false
}

// hasDisabilityWord reports whether folded text has a code or a word of the
// field, or one of those a decision is made of.
func hasDisabilityWord(f []byte) bool {
	for len(f) > 0 {
		w := f
		if i := slices.Index(f, ' '); i >= 0 {
			w, f = f[:i], f[i+1:]
		} else {
			f = nil
		}
		switch string(w) {
		case "rqth", "cdaph", "mdph", "pch", "actp", "acfp", "cmi", "aah", "aeeh", "esat", "sessad", "ime", "itep", "mas", "fam", "savs", "samsah",
			"ulis", "aesh", "avs", "pps", "pap", "pai", "ppre", "geva", "ipp", "mtp", "th", "oeth", "boeth", "ueros", "camsp",
			"handicap", "handicape", "handicapee", "incapacite", "invalidite", "invalide", "tutelle", "curatelle", "sauvegarde", "habilitation",
			"moteur", "motrice", "visuel", "visuelle", "auditif", "auditive", "mental", "mentale", "psychique", "cognitif", "intellectuel",
			"intellectuelle", "polyhandicap", "autisme", "surdite", "cecite", "deficience", "deficient", "trouble", "troubles",
			"categorie", "cat", "reconnu", "reconnue", "accord", "accorde", "accordee", "refus", "refuse", "rejet", "stationnement", "priorite",
			"disabled", "physical", "hearing", "visual", "deaf", "blind", "wheelchair", "incurable":
			return true
		}
	}
	return false
}
