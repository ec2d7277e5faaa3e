package detectors

import (
	"bytes"
	"slices"

	"vigie/detectors/lexicon"
)

var benefitDetector = Detector{
	Kind: "benefit",
	Doc: `Social benefit or status

RSA, AAH, APL, AEEH, RQTH and some eighty others, by code or full name. Most
codes are also other things (SSH-RSA, a frequency, a word), so in running text a
code or a full name counts with a word of its field within 60 characters (versé,
montant, droit, allocataire, bénéficiaire, CAF, MSA), and a few codes in upper
case by themselves (AEEH, AJPP, PAJE, AAH, RQTH, CDAPH …). In a column whose
title is a benefit, codes, names and the usual signs for yes and no count; a
column mostly made of codes and names is one by itself.
Public vocabulary of CNAF, MSA, France Travail and the MDPH.`,
	Class: Sensitive,
	Scope: Column,
	Titles: []string{
		"prestation", "prestations", "type prestation", "nature prestation", "natpf", "code prestation", "droits ouverts", "aide",
		"type aide", "prime activite", "prime d activite", "minima sociaux", "catben", "type allocation", "allocation", "beneficiaire rsa",
		"benef rsa", "nature indu", "type indu", "motif indu", "nature de l indu", "nature du droit", "type droit", "type de droit", "rsa socle", "rsa activite", "rsa jeune", "top rsa", "af", "cf",
	},
	Find: findBenefits,
	Fits: fitsBenefit,
	Norm: func(dst, v []byte) []byte { return Fold(dst, v) },
	Mask: maskNothing,
	Yes: []string{
		"bénéficiaire de l'AAH depuis 2019", "montant du RSA versé", "dossier AEEH accordé", "allocataire CAF : APL, ALF", "CAF de la Gironde, RSA depuis mai",
		"a droit au revenu de solidarité active", "RQTH en cours", "AIDE PERSONNALISEE AU LOGEMENT VERSEE EN MAI",
	},
	No: []string{
		"ssh-rsa AAAAB3NzaC1yc2E", "RSA public key", "APL language", "the CF card", "AES-256 GCM", "les allocations familiales en France",
		"ARE YOU SURE", "montant total", "cf. le droit du travail", "CMGT", "aah that is nice",
		"Loongson-ext2 ASE and MSA instructions",
	},
}

var benefitAmountDetector = Detector{
	Kind: "benefit_amount",
	Doc: `Amount of a benefit

An amount in a column that names a benefit or says "montant droit", "indu" or
"trop perçu" (MTRSAVER, MTAAHVER in CNAF's files); in running text an amount in
euros right behind a benefit: "RSA : 607,75 €". The name of the benefit decides;
numbers of 100,000 and more are none. Amounts that the scale knows (AAH 903.60)
tell real files from invented ones, and amounts of benefits from others where a
column without a title stands beside family situations. CNAF, barèmes; OpenFisca.`,
	Class: Sensitive,
	Scope: Titled,
	Titles: []string{
		"montant droit", "montant droits", "indu", "indus", "trop percu", "montant prestation", "montant verse", "montant allocation",
		"mtrsaver", "mtrsavers", "mtaahver", "montant aide", "montant du droit", "droit rsa", "montant indu", "aide au logement", "af", "cf",
		"rsa socle", "rsa majore", "rsa activite", "prime d activite", "prime activite", "allocation logement", "apl versee", "al versee", "aah versee", "rsa verse", "aeeh versee",
		"ppa versee", "aide personnalisee au logement", "allocation adulte handicape", "allocations familiales versees", "complement familial",
	},
	Find: findBenefitAmounts,
	Fits: fitsBenefitAmount,
	Mask: maskAmount,
	Yes:  []string{"RSA versé : 607,75 €", "montant AAH 1 016,05 euros", "droit APL = 250 EUR"},
	No:   []string{"RSA 2048", "AAH 2019", "montant : 12 €", "facture de 607,75 €", "allocataire depuis 3 ans"},
}

// fitsBenefitAmount takes amounts of less than 100,000: longer numbers below the
// name of a benefit are identifiers (IPP is also the number of a patient). Those
// of the scale are valid, whatever the title.
func fitsBenefitAmount(cell []byte) (fits, valid bool) {
	if units, _ := amount(cell); units > 99998 {
		return false, false
	}
	fits, _ = fitsAmount(cell)
	return fits, fits && onAnyScale(cell)
}

// nearlySafe are the codes that count by themselves in upper case.
func nearlySafe(code []byte) bool {
	switch string(code) {
	case "AEEH", "AJPP", "AJPA", "PAJE", "CMG", "AAH", "RQTH", "CDAPH", "ASPA", "ACTP", "PCRTP", "CMUC", "C2S", "AVPF", "COLCA", "RSTA":
		return true
	}
	return false
}

func fitsBenefit(cell []byte) (fits, valid bool) {
	if len(cell) > 120 {
		return false, false
	}
	var buf [160]byte
	f := Fold(buf[:0], cell)
	ok := isBenefit(f)
	// A long illness and a rate of incapacity are states of health.
	code := ok && !bytes.HasPrefix(f, []byte("ald")) && !bytes.HasPrefix(f, []byte("ipp"))
	ok = ok || isFlag(f) || string(f) == "beneficiaire" || string(f) == "non beneficiaire"
	if !ok && len(f) == 3 && f[0] == 'i' && (f[1] == 'n' || f[1] == 't') { // what was overpaid of the RSA: INK, INL, INM, ITK
		ok = f[2] >= 'k' && f[2] <= 'n'
	}
	if !ok && len(f) == 1 { // RSAVERS: C L J E; PPAVERS, AAHVERS: 1 2 3
		c := f[0]
		ok = c == 'c' || c == 'l' || c == 'j' || c == 'e' || c == 'u' || c >= '0' && c <= '4'
	}
	if !ok && bytes.ContainsAny(cell, "+,;/") { // CATBEN: "PF + APL + AAH"
		ok = true
		for part := range bytes.FieldsFuncSeq(cell, func(r rune) bool { return r == '+' || r == ',' || r == ';' || r == '/' }) {
			ok = ok && isBenefit(Fold(buf[:0], part))
		}
		code = ok
	}
	return ok, code
}

// isBenefit reports whether folded text is a code, alone or with words behind
// it ("rsa majore", "rsa droit commun"), or a full name.
func isBenefit(f []byte) bool {
	if _, ok := lexicon.FindBenefit(f); ok || string(f) == "pf" || string(f) == "al" {
		return true
	}
	if i := bytes.IndexByte(f, ' '); i > 0 {
		b, ok := lexicon.FindBenefit(f[:i])
		if ok && b.Ambiguity <= lexicon.MediumAmbiguity && len(f) < 40 {
			return true
		}
		return slices.Contains(lexicon.BenefitNames(), string(f))
	}
	return false
}

func findBenefits(dst []Match, t *Text) []Match {
	list, words, after := listNumber(lexicon.BenefitNames()), t.Words(), 0
	for _, o := range t.openings() {
		w := t.bare(words[o.word])
		if w.Start < after {
			continue
		}
		if o.code {
			if m, ok := t.benefitCode(words, o.word); ok {
				dst = append(dst, m)
				continue
			}
		}
		if last := t.lastOf(o, list); last > o.word && t.inField(words, o.word, last, true) {
			after = words[last].End
			dst = append(dst, Match{w.Start, after, true})
		}
	}
	return dst
}

// benefitCode judges the word in capitals that word i is.
func (t *Text) benefitCode(words []Span, i int) (m Match, ok bool) {
	w := t.bare(words[i])
	code := t.Bytes[w.Start:w.End]
	m = Match{w.Start, w.End, true}
	if nearlySafe(code) {
		return m, true
	}
	var buf [8]byte
	benefit, ok := lexicon.FindBenefit(Fold(buf[:0], code))
	// The name of a body is enough for a code that is seldom anything else.
	return m, ok && benefit.Ambiguity < lexicon.VeryHighAmbiguity &&
		(t.inField(words, i, i, false) || benefit.Ambiguity <= lexicon.MediumAmbiguity && t.inField(words, i, i, true))
}

// inField reports whether a word of the field of benefits lies within 60 bytes
// of words first to last; bodies says that the name of a body is one (CAF, MSA).
func (t *Text) inField(words []Span, first, last int, bodies bool) bool {
	for j := first - 1; j >= 0 && words[first].Start-words[j].End <= 60; j-- {
		if t.fieldWord(words[j], bodies) {
			return true
		}
	}
	for j := last + 1; j < len(words) && words[j].Start-words[last].End <= 60; j++ {
		if t.fieldWord(words[j], bodies) {
			return true
		}
	}
	return false
}

func (t *Text) fieldWord(w Span, bodies bool) bool {
	n := w.End - w.Start
	if n < 3 || n > 16 {
		return false
	}
	word := t.Bytes[w.Start:w.End]
	if string(word) == "CAF" || string(word) == "MSA" {
		return bodies
	}
	switch word[0] | 0x20 {
	case 'v', 'm', 'd', 'a', 'b', 'p':
	default:
		return false
	}
	var buf [32]byte
	switch string(Fold(buf[:0], word)) {
	case "verse", "versee", "verses", "versees", "versement", "montant", "montants", "droit", "droits", "allocataire", "allocataires",
		"beneficiaire", "beneficiaires", "beneficie", "percoit", "prestations":
		return true
	}
	return false
}

// findBenefitAmounts finds amounts in euros within 30 bytes behind a benefit,
// on the same line.
func findBenefitAmounts(dst []Match, t *Text) []Match {
	if !hasCurrency(t.Bytes) {
		return dst
	}
	after := 0
	var found [16]Match
	for _, m := range findBenefits(found[:0], t) {
		for i := m.End; i < len(t.Bytes) && i < m.End+30; i++ {
			c := t.Bytes[i]
			if t.delimited(c) || c == '\n' {
				break
			}
			if !isDigit(c) {
				continue
			}
			_, n := amount(t.Bytes[i:t.cellEnd(i, i+30)])
			if n == 0 {
				break
			}
			if cur := currency(t.Bytes[i+n : t.cellEnd(i+n, i+n+12)]); cur > 0 && i >= after {
				after = i + n + cur
				dst = append(dst, Match{i, after, true})
				break
			}
			i += n
		}
	}
	return dst
}

func hasCurrency(b []byte) bool {
	return bytes.Contains(b, []byte("€")) || bytes.Contains(b, []byte("euro")) || bytes.Contains(b, []byte("EUR"))
}
