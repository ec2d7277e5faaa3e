package detectors

var jointCustodyDetector = Detector{
	Kind: "joint_custody",
	Doc: `Custody of a child after a separation

Garde or résidence alternée, garde partagée, droit de visite et d'hébergement:
the words, also with underscores or without accents. In a column whose title has
them, yes and no in their usual forms count too. The words are hardly ever anything
else. Code civil, art. 373-2-9; OpenFisca, garde alternée.`,
	Class: Sensitive,
	Scope: Titled,
	Titles: []string{
		"garde alternee", "residence alternee", "garde partagee", "enfant alterne", "alternance garde", "droit de visite", "dvh",
		"partage des af", "partage af", "garde", "gardalt", "garde alt", "gard alt", "resid alt", "alternee", "mode de residence", "droit de visite et d hebergement", "coeff garde alternee",
		"af coeff garde alternee", "garde enfant", "residence enfant", "garde conjointe",
	},
	Find: findCustody,
	Fits: fitsCustody,
	Mask: maskNothing,
	Yes: []string{
		"enfants en garde alternée", "Résidence alternée : oui", "GARDE PARTAGEE", "droit de visite et d'hébergement", "af_coeff_garde_alternee",
	},
	No: []string{"garde d'enfants", "mode de garde", "en alternance", "garde à vue", "résidence principale", "droit de visite du musée"},
}

var custodyWords = []string{
	"garde alternee", "gardes alternees", "residence alternee", "garde partagee", "residence partagee", "garde conjointe",
	"enfant alterne", "enfants alternes", "droit de visite et d hebergement", "garde exclusive",
}

// findCustody takes the words themselves.
func findCustody(dst []Match, t *Text) []Match {
	t.eachLabel(custodyWords, func(words []Span, i, last int) int {
		dst = append(dst, Match{t.bare(words[i]).Start, words[last].End, true})
		return words[last].End
	})
	return dst
}

func fitsCustody(cell []byte) (fits, valid bool) {
	if len(cell) > 60 {
		return false, false
	}
	var buf [96]byte
	f := Fold(buf[:0], cell)
	if isFlag(f) {
		return true, true
	}
	for _, l := range custodyWords {
		if string(f) == string(l) {
			return true, true
		}
	}
	switch string(f) {
	case "alternee", "alterne", "partagee", "partage", "exclusive", "pere", "mere", "classique", "dvh", "0 5", "50", "ga", "ra",
		"alternance", "1 semaine sur 2", "une semaine sur deux", "chez la mere", "chez le pere", "exclusive mere", "exclusive pere":
		return true, true
	}
	return false, false
}

// isNothing reports whether a folded cell says that there is nothing to say.
func isNothing(f []byte) bool {
	switch string(f) {
	case "neant", "aucun", "aucune", "ras", "rien a signaler", "rien", "sans objet", "non concerne", "non concernee", "none":
		return true
	}
	return false
}

// isFlag reports whether a folded cell is a yes or a no, also as the double 1.0.
func isFlag(f []byte) bool {
	switch string(f) {
	case "o", "n", "oui", "non", "0", "1", "y", "yes", "no", "vrai", "faux", "true", "false", "x", "1 0", "0 0":
		return true
	}
	return false
}
