package detectors

import "bytes"

var healthDetector = Detector{
	Kind: "health",
	Doc: `State of health

A diagnosis, a disease, a treatment, a long illness (ALD) of a person. In running
text behind a label ("diagnostic :", "pathologie", "antécédents") or words that
say whose it is ("atteint de", "souffre de", "suivi pour"), where a word of
medicine follows on the same line; a column by its title, when its cells are
words of medicine, codes of ICD-10, or yes and no. The words are a list of our own,
of diseases and treatments common in France: rare ones are missed. Art. 9 GDPR.`,
	Class: Sensitive,
	Scope: Titled,
	Titles: []string{
		"ald", "ald 30", "ald30", "imb ald num", "num ald", "numero ald", "affection longue duree", "affection de longue duree", "ald exonerante",
		"pathologie", "pathologies", "diagnostic", "diagnostics", "diagnostic medical", "diagnostic principal", "diagnostics associes", "maladie",
		"maladies", "maladie chronique", "maladies chroniques", "antecedents", "antecedents medicaux", "antecedent", "antecedents familiaux",
		"traitement", "traitements", "traitement medical", "traitement en cours", "medicament", "medicaments", "prescription", "ordonnance",
		"allergie", "allergies", "etat de sante", "sante", "probleme de sante", "groupe sanguin", "affection", "affections", "grossesse", "enceinte",
		"soin", "soins", "nature soin", "nature des soins", "type soin", "type de soin", "acte medical", "motif hospitalisation", "motif d hospitalisation", "motif de consultation", "motif consultation", "motif medical", "vaccin", "vaccins",
		"vaccination", "addiction", "addictions", "certificat medical", "hospitalisation", "arret maladie", "observations medicales",
		"diagnosis", "diagnoses", "disease", "diseases", "medical condition", "medical conditions", "medication", "medications", "allergy",
		"blood type", "blood group", "health status", "medical history", "vaccine", "pregnancy", "symptoms", "symptomes",
	},
	Find: findHealth,
	Fits: fitsHealth,
	Norm: func(dst, v []byte) []byte { return Fold(dst, v) },
	Yes: []string{
		"Diagnostic : sclérose en plaques", "Pathologie : diabète de type 2", "Antécédents : AVC en 2015", "souffre d'une dépression sévère",
		"atteinte d'un cancer du sein", "suivi pour une schizophrénie", "Allergies : pénicilline", "Traitement : insuline", "Groupe sanguin : A+",
		"Diagnosis: asthma",
	},
	No: []string{
		"diagnostic de performance énergétique", "traitement des données", "le cancer du sein est fréquent", "diagnostic : erreur réseau", "asthme",
		"souffre d'un manque de moyens", "pathologie du bâtiment", "diagnosis: null pointer", "signe astrologique : cancer",
	},
}

var healthLabels = []string{
	"diagnostic", "diagnostics", "diagnostic principal", "pathologie", "pathologies", "antecedents", "antecedents medicaux", "traitement", "traitement en cours",
	"affection", "motif d hospitalisation", "allergie", "allergies", "groupe sanguin", "ald", "atteint de", "atteinte de", "souffre de",
	"souffrant de", "suivi pour", "suivie pour", "hospitalise pour", "hospitalisee pour", "traite pour", "traitee pour", "diagnosis", "diagnosed with",
	"suffers from", "suffering from", "atteint du", "atteinte du", "souffre du",
}

// sufferLabels are the words behind which "d'une" stands for "de une", which is
// no word of a label.
var sufferLabels = []string{"souffre", "souffrant", "atteint", "atteinte"}

func findHealth(dst []Match, t *Text) []Match {
	labels, suffer := listNumber(healthLabels), listNumber(sufferLabels)
	words, after := t.Words(), 0
	for _, o := range t.openings() {
		if words[o.word].Start < after {
			continue
		}
		last := t.lastOf(o, labels)
		if t.lastOf(o, suffer) >= 0 && t.elided(words[o.word]) {
			last = o.word
		}
		if last < 0 {
			continue
		}
		if m, ok := t.healthAfter(words, last); ok {
			dst = append(dst, m)
			after = m.End
		}
	}
	return dst
}

// elided reports whether "d'" stands behind a word.
func (t *Text) elided(w Span) bool {
	b := t.Bytes[w.End:]
	return len(b) > 2 && b[0] == ' ' && b[1] == 'd' && (b[2] == '\'' || b[2] == 0xE2)
}

// healthAfter takes what stands behind word last on its line, up to the first
// word of medicine among the next five.
func (t *Text) healthAfter(words []Span, last int) (m Match, ok bool) {
	start := t.valueStart(words[last].End)
	if start < 0 {
		return m, false
	}
	end := t.cellEnd(start, start+80)
	if hasFold(t.Bytes[words[last].Start:words[last].End], "sanguin") {
		n := bloodType(t.Bytes[start:end])
		return Match{start, start + n, true}, n > 0
	}
	var buf [48]byte
	for j := last + 1; j < len(words) && j <= last+5 && words[j].End <= end; j++ {
		w := t.bare(words[j])
		if n := w.End - w.Start; n < 3 || n > 24 {
			continue
		}
		word := t.Bytes[w.Start:w.End]
		if medical(Fold(buf[:0], word)) {
			return Match{words[last+1].Start, w.End, true}, true
		}
	}
	return m, false
}

// bloodType returns the length of A+, O-, AB+ at the start of b.
func bloodType(b []byte) int {
	i := 0
	for i < len(b) && i < 2 && (b[i] == 'A' || b[i] == 'B' || b[i] == 'O') {
		i++
	}
	if i == 0 || i == len(b) || b[i] != '+' && b[i] != '-' || i == 2 && string(b[:2]) != "AB" {
		return 0
	}
	return i + 1
}

func fitsHealth(cell []byte) (fits, valid bool) {
	if len(cell) > 400 {
		cell = cell[:400]
	}
	if n := bloodType(cell); n > 0 && n == len(cell) {
		return true, true
	}
	var buf [512]byte
	f := Fold(buf[:0], trimNumber(cell))
	if isNothing(f) {
		return true, false
	}
	ok := isFlag(f) || isALD(f) || icd10Code(cell) > 0
	for rest := f; !ok && len(rest) > 0; {
		w := rest
		if i := bytes.IndexByte(rest, ' '); i >= 0 {
			w, rest = rest[:i], rest[i+1:]
		} else {
			rest = nil
		}
		ok = medical(w)
	}
	return ok, ok
}

// isALD takes the number of a long illness, 1 to 32, or "ald" and one.
func isALD(f []byte) bool {
	f = bytes.TrimPrefix(bytes.TrimPrefix(f, []byte("ald")), []byte(" "))
	if len(f) == 0 || len(f) > 2 || digitsEnd(f, 0) != len(f) {
		return false
	}
	n := int(f[0] - '0')
	if len(f) == 2 {
		n = n*10 + int(f[1]-'0')
	}
	return n >= 1 && n <= 32
}
