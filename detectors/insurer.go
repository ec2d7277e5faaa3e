package detectors

import "slices"

var insurerDetector = Detector{
	Kind: "insurer",
	Doc: `Health insurer, fund or membership number

Who pays: the complementary insurer (mutuelle, AMC) by name or number, the
compulsory scheme, fund and centre (AMO: 01 331 1028), the number of a member.
No number here has a key, so only a title or a label such as "mutuelle :" or "n°
adhérent :" makes one; a column mostly made of names of the larger French insurers
says so by itself. Code de la sécurité sociale; funds as in the SNDS (ORG_NUM).`,
	Class: Quasi,
	Scope: Column,
	Titles: []string{
		"amc", "lib amc", "libelle amc", "raison sociale amc", "nom organisme complementaire", "num amc", "n amc", "no amc", "numero amc", "code amc", "nom amc", "organisme amc", "organisme complementaire",
		"organisme complementaire sante", "mutuelle", "mutuelles", "complementaire", "complementaire sante", "nom mutuelle", "code mutuelle",
		"numero mutuelle", "n mutuelle", "nom assureur", "assureur", "assurance sante", "assurance maladie", "num adherent", "n adherent", "no adherent",
		"numero adherent", "numero d adherent", "code adherent", "contrat mutuelle", "numero contrat mutuelle", "garantie", "garanties",
		"code garantie", "teletransmission", "regime", "code regime", "grand regime", "regime d affiliation", "caisse", "code caisse",
		"caisse d affiliation", "caisse affiliation", "caisse d assurance maladie", "centre", "code centre", "code gestion", "organisme d affiliation",
		"organisme affiliation", "org num", "amo", "organisme amo", "numero amo", "csr", "tiers payant", "cpam", "organisme payeur", "organisme gestionnaire",
		"libelle mutuelle", "libelle regime", "libelle caisse", "organisme complementaire libelle", "insurer", "health insurer", "insurance company", "health insurance", "member number", "policy holder number",
	},
	Find: findInsurer,
	Fits: fitsInsurer,
	Norm: func(dst, v []byte) []byte { return Fold(dst, v) },
	Mask: maskFirst,
	Yes: []string{
		"Mutuelle : MGEN", "Organisme complémentaire : Harmonie Mutuelle", "N° adhérent : 12345678", "n° AMC 99123456", "Caisse d'affiliation : CPAM de la Gironde",
		"assureur : AXA",
	},
	No: []string{
		"Mutuelle : voir contrat", "la mutuelle des étudiants", "n° adhérent : néant", "MGEN", "assureur : à préciser", "caisse 12345678",
	},
}

// insurers lists folded names, or what names begin with, of the larger French
// insurers and of the funds of compulsory insurance.
var insurers = []string{
	"abeille", "aesio", "aesio mutuelle", "ag2r", "agrica", "alan", "allianz", "almerys", "alptis", "amelis", "ampli mutuelle", "apicil",
	"apivia", "apreva", "areas", "audiens", "aviva", "axa", "b2v", "c2s", "camieg", "cavimac", "ccmo", "cfe", "cgss", "cmu", "cnam",
	"cnmss", "covea", "cpam", "cpamts", "cpr", "cramif", "crpcen", "css", "ecureuil", "emoa", "enim", "eovi", "eovi mcd",
	"federation mutualiste", "generali", "gie sesam", "gmf", "grm", "groupama", "groupe vyv", "harmonie", "harmonie mutuelle", "henner",
	"heyme", "humanis", "identites mutuelle", "interiale", "ipeca", "ircem", "itelis", "kalixia", "klesia",
	"la banque postale assurances", "la mutuelle generale", "lmde", "lourmel", "maaf", "macif", "macsf", "mae", "maif", "malakoff",
	"malakoff humanis", "matmut", "mbtp", "mederic", "mercer", "mgas", "mgefi", "mgen", "mgp", "miltis", "mma", "mmg", "mmh", "mmj",
	"mnh", "mnt", "moi mutuelle", "msa", "mut est", "mutami", "mutex", "mutlog", "mutualia", "mutuelle bleue", "mutuelle familiale",
	"mutuelle generale", "neoliane", "pacifica", "praeconis", "prevoir", "pro btp", "probtp", "radiance", "ratp", "reunica", "rsi",
	"santeclair", "smacl", "smatis", "smeno", "smerep", "smi", "sncf", "solimut", "sp sante", "ssi", "swiss life", "swisslife", "thelem",
	"tutelaire", "umc", "uneo", "unim", "uniprevoyance", "unmi", "verspieren", "via sante", "viamedis", "viasante", "vyv", "wakam",
}

var insurerLabels = []string{
	"mutuelle", "organisme complementaire", "complementaire sante", "assureur", "nom mutuelle", "caisse d affiliation", "organisme d affiliation", "amc", "n amc", "numero amc",
	"num amc", "n adherent", "numero d adherent", "numero adherent", "no adherent",
}

func findInsurer(dst []Match, t *Text) []Match {
	return findLabelled(dst, t, insurerLabels, func(b []byte) (int, bool) {
		if n := insurerName(b); n > 0 && isCapital(b) {
			return n, true
		}
		n := 0
		for n < len(b) && isAlnum(b[n]) {
			n++
		}
		ok := isMember(b[:n]) && (n == len(b) || b[n] < 0x80)
		return btoi(ok) * n, ok
	})
}

// insurerName returns the length of the insurer's name, of up to four words, that
// b begins with.
func insurerName(b []byte) (n int) {
	var buf [64]byte
	for i, words := 0, 0; words < 4 && i < len(b) && i < 48; words++ {
		e := i + wordEnd(b[i:])
		if e == i {
			break
		}
		if _, ok := slices.BinarySearch(insurers, string(Fold(buf[:0], b[:e]))); ok {
			n = e
		}
		if i = e + 1; e == len(b) || b[e] != ' ' {
			break
		}
	}
	return n
}

// isMember takes numbers of members and insurers: 7 to 15 characters, six digits
// at least.
func isMember(v []byte) bool {
	digits := 0
	for _, c := range v {
		if isDigit(c) {
			digits++
		} else if !isLetter(c) {
			return false
		}
	}
	return len(v) >= 7 && len(v) <= 15 && digits >= 6 && digits >= len(v)-3
}

// fitsInsurer takes a name, the number of an insurer or a member, the codes of
// scheme (2 digits), fund (3), centre (4) or all of them, yes and no.
func fitsInsurer(cell []byte) (fits, valid bool) {
	if len(cell) > 80 {
		return false, false
	}
	v := trimNumber(cell)
	if digitsEnd(v, 0) == len(v) && len(v) >= 2 && len(v) <= 4 || isMember(v) {
		return true, false
	}
	var buf [128]byte
	f := Fold(buf[:0], cell)
	if isFlag(f) {
		return true, false
	}
	if insurerName(cell) > 0 {
		return true, true
	}
	for _, w := range [...]string{"mutuelle", "mutualite", "assurance", "assurances", "prevoyance", "cpam", "caisse", "regime", "insurance"} {
		if mentions(f, w) {
			return true, w == "mutuelle" || w == "mutualite" || w == "prevoyance" || w == "cpam"
		}
	}
	return false, false
}
