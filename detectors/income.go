package detectors

var incomeDetector = Detector{
	Kind: "income",
	Doc: `Income of a person or household

An amount in a column that says so: revenu, ressources, salaire, RFR, CNAF's
MTREVBRU and RUC. CNAF's signs for an unknown amount (99999, 9999999, 99999.99)
are not taken. In running text an amount behind "revenu fiscal de référence",
"salaire net" or the like. An amount proves nothing: the words decide. Code général
des impôts, art. 1417; CNAF's public names of variables.`,
	Class: Sensitive,
	Scope: Titled,
	Titles: []string{
		"revenu", "revenus", "revenu fiscal de reference", "revenu fiscal reference", "rfr", "ressources", "ressource", "salaire",
		"salaire net", "salaire brut", "salaires", "revenu brut global", "net imposable", "revenu imposable", "revenu net",
		"revenu mensuel", "revenus mensuels", "revenus annuels", "revenu annuel", "ressources mensuelles", "total ressources",
		"montant ressources", "montant revenus", "impot", "pension", "pension alimentaire", "pensions", "mtrevbru", "ruc",
		"mtpersressmenrsa", "mtnatressmen", "revenu brut", "revdisp", "revenu disponible", "net a payer", "netapayer", "remuneration", "loyer", "income", "salary", "ressources trimestrielles",
		"ress", "revenu fiscal", "salaire mensuel", "salaire annuel", "ressources annuelles", "montant ressource", "revenus trimestriels", "earnings", "wages",
	},
	Find: func(dst []Match, t *Text) []Match { return findLabelled(dst, t, incomeLabels, valueAmount) },
	Fits: fitsAmount,
	Mask: maskAmount,
	Yes: []string{
		"Revenu fiscal de référence : 12 345 €", "salaire net mensuel : 1 450,32 euros", "ressources mensuelles : 850 €",
		"revenu brut global 23456", "vos\nressources s'élèvent à 850,00 euros par mois",
	},
	No: []string{
		"revenu : néant", "le salaire des 3 agents", "ressources humaines 2024", "revenu fiscal de référence 2023 :", "income: 42",
	},
}

var incomeLabels = []string{
	"revenu fiscal de reference", "revenu brut global", "revenu imposable", "revenu net imposable", "net imposable",
	"salaire net", "salaire brut", "salaire net mensuel", "salaire brut mensuel", "revenu mensuel", "revenus mensuels",
	"revenus annuels", "revenu annuel", "ressources mensuelles", "ressources trimestrielles", "total des ressources",
	"net a payer", "pension alimentaire", "vos ressources s elevent a", "vos ressources mensuelles s elevent a",
}

var familyQuotientDetector = Detector{
	Kind: "family_quotient",
	Doc: `Family quotient (quotient familial)

The income per part that the CAF works out and town halls ask for, up to a few
thousand euros: an amount in a column that says so, or behind the words, which
decide. API Particulier, quotient familial of CNAF and MSA.`,
	Class:  Sensitive,
	Scope:  Titled,
	Titles: []string{"qf", "quotient familial", "quotient", "quotient fam", "quotient caf", "qf caf", "montant qf", "tranche qf", "valeur qf", "quotientfamilial"},
	Find:   func(dst []Match, t *Text) []Match { return findLabelled(dst, t, quotientLabels, valueAmount) },
	Fits:   fitsQuotient,
	Mask:   maskAmount,
	Yes:    []string{"Quotient familial : 456 €", "QF CAF : 1 024", "quotient familial mensuel de 812 euros", "Votre quotient familial est de 456."},
	No:     []string{"quotient familial : voir barème", "quotient intellectuel 130", "QF 12"},
}

var quotientLabels = []string{
	"quotient familial", "quotient familial de", "quotient familial mensuel", "quotient familial mensuel de", "quotient familial est de", "qf caf", "quotient caf",
}

// fitsQuotient takes amounts up to 99,998: a quotient is seldom above 10,000.
func fitsQuotient(cell []byte) (fits, valid bool) {
	if units, _ := amount(cell); units > 99998 {
		return false, false
	}
	return fitsAmount(cell)
}
