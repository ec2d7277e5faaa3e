package detectors

import "vigie/detectors/lexicon"

var bankNameDetector = Detector{
	Kind: "bank_name",
	Doc: `Name of a French bank

The name of a bank as the register of credit institutions or people write it,
with the name of a regional one behind it or not. A column mostly made of them
says where each person has an account; in running text only behind "banque :" or
the like. ACPR, registre des agents financiers.`,
	Class: Quasi,
	Scope: Column,
	Titles: []string{
		"banque", "bqe", "nom banque", "nom de la banque", "etablissement bancaire", "etab banc", "domiciliation bancaire", "domiciliation", "bank", "bank name",
		"nom etablissement bancaire", "libelle banque", "lib banque", "banque domiciliataire", "nom du teneur de compte",
	},
	Find: func(dst []Match, t *Text) []Match {
		return findLabelled(dst, t, bankLabels, valueBank)
	},
	Fits: func(cell []byte) (fits, valid bool) {
		fits = isBank(cell)
		return fits, fits
	},
	Norm: func(dst, v []byte) []byte { return Fold(dst, v) },
	Mask: maskFirst,
	Yes: []string{
		"Banque : Crédit Agricole Aquitaine", "Domiciliation bancaire : LA BANQUE POSTALE", "Nom de la banque : BNP Paribas",
		"établissement bancaire : Caisse d'Epargne",
	},
	No: []string{
		"le Crédit Agricole recrute", "Banque de données", "banque alimentaire", "domiciliation : Bordeaux", "La Banque Postale", "banque\nLCL",
	},
}

var bankLabels = []string{
	"banque", "bqe", "bank name", "nom de la banque", "nom banque", "etablissement bancaire", "domiciliation bancaire", "domiciliation",
}

// isBank reports whether a cell is the name of a bank, alone or with what tells
// its branches apart behind it.
func isBank(cell []byte) bool {
	if len(cell) < 3 || len(cell) > 120 {
		return false
	}
	var buf [160]byte
	name := Fold(buf[:0], cell)
	if lexicon.BankName(name) {
		return true
	}
	for i, c := range name {
		if c == ' ' && lexicon.BankBrand(name[:i]) {
			return true
		}
	}
	return false
}

// valueBank returns the length of the bank's name at the start of b: the most
// words that make one.
func valueBank(b []byte) (n int, valid bool) {
	end := 0
	for words := 0; words < 8 && end < len(b); words++ {
		w := wordEnd(b[end:])
		if w == 0 {
			break
		}
		end += w
		if isBank(b[:end]) {
			n = end
		}
		if end >= len(b) || b[end] != ' ' {
			break
		}
		end++
	}
	return n, n > 0
}
