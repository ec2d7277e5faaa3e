package detectors

import (
	"bytes"
	"strings"

	"vigie/detectors/lexicon"
)

var cnafVariableDetector = Detector{
	Kind: "cnaf_variable",
	Doc: `Name of a variable in CNAF's statistical and exchange files

Exports of the family benefit funds have titles of eight letters: MATRICUL,
DTNAIRES, SITFAM, NBENLEFA, LILI4ADR, RSAVERS, MTREVBRU. Three to five of them
together hardly occur anywhere else, so they tell what a file is even when names
and numbers were removed. A name is taken in upper case, as those files have it,
also in the programs that read them, and with the suffix of a person or a year
(_P1, _18). A column whose name says more (DTNAIRES: a birth date) counts as
that kind. Names collected from public statistical programs and schemas.`,
	Class: Sensitive,
	Scope: Titled,
	Find:  findVariables,
	Mask:  maskNothing,
	Yes: []string{
		"MATRICUL;DTNAIRES;SITFAM", "keep NORDALLC ACTRESPD_P1;", "if RSAVERS in ('C','L') then",
	},
	No: []string{
		"the matricule of a car", "MATRICULE INCONNU", "dtnaires", "DTREFFRE;NUMCOMDO;NOMCOM",
		"NUMCOM;NOMCOM;TXCOUVGLO_COM_2014", "IDENT QUAL ACT RMI", "const SITUATION = 1",
	},
}

// CNAFVariable looks a column title up among the names of CNAF variables: its
// category ("birth", "benefit", "address" …), and whether it is strong: hardly
// ever the title of another file. Case and the suffixes _P1, _18 do not matter.
func CNAFVariable(title []byte) (category string, strong, ok bool) {
	v, ok := findVariable(title)
	return v.Category, v.Strong, ok
}

func findVariable(title []byte) (v lexicon.Variable, ok bool) {
	if len(title) > 64 {
		return v, false
	}
	var buf [96]byte
	f := Fold(buf[:0], title)
	for len(f) > 0 {
		if v, ok = lexicon.FindVariable(f); ok {
			return v, true
		}
		i := bytes.LastIndexByte(f, ' ')
		cut := bytes.TrimRight(f, "0123456789")
		switch {
		case i > 0 && isPersonOrYear(f[i+1:]):
			f = f[:i]
		case i < 0 && len(cut) >= 6 && len(cut) < len(f): // DATNAIEN1
			f = cut
		default:
			return v, false
		}
	}
	return v, false
}

// isPersonOrYear reports whether a word is a suffix of a variable: "p1", "18".
func isPersonOrYear(word []byte) bool {
	word = bytes.TrimPrefix(word, []byte("p"))
	return len(word) > 0 && len(word) <= 4 && digitsEnd(word, 0) == len(word)
}

func findVariables(dst []Match, t *Text) []Match {
	b := t.Bytes
	for _, w := range t.Words() {
		n := w.End - w.Start
		if n < 6 || n > 20 || b[w.Start]-'A' >= 26 || !allUpper(b[w.Start:w.End]) {
			continue
		}
		if v, ok := findVariable(b[w.Start:w.End]); ok && v.Strong {
			dst = append(dst, Match{w.Start, w.End, true})
		}
	}
	return dst
}

func allUpper(word []byte) bool {
	for _, c := range word {
		if c-'A' >= 26 && !isDigit(c) {
			return false
		}
	}
	return true
}

// variableKinds returns what a column with the name of a CNAF variable holds,
// best first. A strong name is a finding of its own when the cells hold nothing
// of the kind.
func variableKinds(v lexicon.Variable) []Kind {
	ks := valueKinds(v)
	if v.Strong {
		ks = append(ks, "cnaf_variable")
	}
	return ks
}

func valueKinds(v lexicon.Variable) []Kind {
	amount := strings.HasPrefix(v.Name, "mt")
	switch v.Category {
	case "birth":
		return []Kind{"birth_date"}
	case "birth-child":
		return []Kind{"child_birth_date"}
	case "sex":
		return []Kind{"sex"}
	case "nir":
		return []Kind{"nir", "nir_without_key"}
	case "gps":
		if strings.HasPrefix(v.Name, "geo") {
			return []Kind{"geolocation"}
		}
	case "income":
		if amount || strings.HasPrefix(v.Name, "ruc") {
			return []Kind{"income"}
		}
	}
	switch v.Name {
	case "matricul", "matricule":
		return []Kind{"caf_number"}
	case "sitfam", "rssitfam", "ppasitfa", "sifampaf":
		return []Kind{"family_situation"}
	case "nbenlefa", "nbenfcha", "nbenf", "nbenfppa":
		return []Kind{"children"}
	case "datnaien":
		return []Kind{"child_birth_date"}
	case "sexeenf", "sexe alloc":
		return []Kind{"sex"}
	case "lili4adr", "liblig4adr", "nomvoie":
		return []Kind{"street_address"}
	case "lili6adr", "liblig6adr":
		return []Kind{"postcode", "commune"}
	case "codepos", "codeposanchab":
		return []Kind{"postcode"}
	case "nomnai":
		return []Kind{"last_name"}
	case "prenom2", "prenom3":
		return []Kind{"first_name"}
	case "dtnai":
		return []Kind{"birth_date"}
	case "numtel":
		return []Kind{"phone"}
	case "adrelec":
		return []Kind{"email"}
	case "mtrsavers", "mtmoucompta":
		return []Kind{"benefit_amount"}
	case "catben", "natpf", "sousnatpf", "natprest", "daeeh", "dars", "dasf", "rmi":
		return []Kind{"benefit"}
	case "mtnressm":
		return []Kind{"income"}
	}
	if strings.HasPrefix(v.Category, "benefit") {
		if amount {
			return []Kind{"benefit_amount"}
		}
		for _, code := range []string{"rsa", "ppa", "aah", "apl", "alf", "als", "ars", "compl", "dro", "paj"} {
			if strings.HasPrefix(v.Name, code) {
				return []Kind{"benefit"}
			}
		}
	}
	return nil
}
