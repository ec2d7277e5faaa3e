package format

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"vigie/scanner"
)

// titles tells whether the first record of text is a title row. If so it
// returns the titles, white space joined, and the length of the record.
//
// A title row has no cell that is a number, a date or an e-mail address. That
// being so it needs one sign more: a title that is commonly used; a column that
// is numbers or dates below; names as programs give them; or a column of few
// values of which it has none.
func (d dialect) titles(text []byte, last bool) ([]string, int) {
	n, _ := d.record(text, last)
	if n == 0 {
		return nil, 0
	}
	first := d.cells(nil, text[:n], scanner.MaxColumns)
	known, code := 0, true
	filled := 0
	for _, c := range first {
		if len(c) == 0 {
			continue
		}
		filled++
		year := len(c) == 4 && (c[0] == '1' && c[1] == '9' || c[0] == '2' && c[1] == '0')
		if isValue(c) && !year || len(c) > 200 {
			return nil, 0
		}
		if isKnownTitle(c) {
			known++
		}
		code = code && isCode(c) && !year
	}
	if filled == 0 || known == 0 && !d.contrasts(first, text[n:], last, code) {
		return nil, 0
	}
	return joined(first), n
}

// joined returns cells as titles: valid UTF-8, white space joined.
func joined(cells [][]byte) []string {
	titles := make([]string, len(cells))
	for i, c := range cells {
		titles[i] = strings.Join(strings.Fields(strings.ToValidUTF8(string(c), "\uFFFD")), " ")
	}
	return titles
}

// contrasts compares a row that may be titles with the up to 20 rows below.
// code: its cells are names as programs give them.
func (d dialect) contrasts(first [][]byte, below []byte, last, code bool) bool {
	first = first[:min(len(first), 64)]
	type column struct {
		filled, values int
		seen           map[string]bool
		codes          int
	}
	columns := make([]column, len(first))
	rows := 0
	var cells [][]byte
	for ; rows < 20; rows++ {
		n, _ := d.record(below, last)
		if n == 0 {
			break
		}
		cells = d.cells(cells[:0], below[:n], len(first))
		below = below[n:]
		for i, c := range cells {
			if len(c) == 0 {
				continue
			}
			k := &columns[i]
			k.filled++
			if isValue(c) {
				k.values++
			}
			if isCode(c) {
				k.codes++
			}
			if k.seen == nil {
				k.seen = make(map[string]bool)
			}
			k.seen[string(c)] = true
		}
	}
	codes := 0
	for i, c := range first {
		k := &columns[i]
		switch {
		case len(c) == 0 || k.filled == 0:
		case k.seen[string(c)]:
			return false
		case isValue(c):
		case 2*k.values > k.filled:
			return true
		case k.filled >= 6 && 2*len(k.seen) <= k.filled:
			return true
		case 2*k.codes > k.filled:
			codes++
		}
	}
	return code && codes == 0 && rows > 0
}

// isValue reports whether a cell is plainly data: a number, a date, an e-mail
// address, an identifier with more digits than letters.
func isValue(c []byte) bool {
	digits, letters := 0, 0
	for _, b := range c {
		switch {
		case b == '@':
			return bytes.IndexByte(c, '.') > 0
		case isDigit(b):
			digits++
		case isLower(b) || isUpper(b) || b >= utf8.RuneSelf:
			letters++
		}
	}
	return digits > 0 && (letters == 0 || digits >= 4 && digits >= letters)
}

// isCode reports whether c is a name as programs give them: DTNAIRES,
// date_naissance, codePostal.
func isCode(c []byte) bool {
	under, upper, lower, inner := false, false, false, false
	for i, b := range c {
		switch {
		case b == '_':
			under = true
		case isUpper(b):
			upper = true
			inner = inner || i > 0 && lower
		case isLower(b):
			lower = true
		case isDigit(b) && i > 0:
		default:
			return false
		}
	}
	return len(c) >= 2 && (under || inner || upper && !lower)
}

// isKnownTitle reports whether every word of a cell is one that column titles
// are made of.
func isKnownTitle(c []byte) bool {
	words, found := 0, false
	for start := 0; start < len(c); {
		end := start
		for end < len(c) && !bytes.ContainsRune([]byte(" _-.'/()\n\r\t:"), rune(c[end])) {
			end++
		}
		if end > start {
			w := foldTitle(c[start:end])
			known := strings.Contains(titleWords, " "+w+" ")
			if words++; words > 6 || !known && !strings.Contains(smallWords, " "+w+" ") {
				return false
			}
			found = found || known
		}
		start = end + 1
	}
	return found
}

// foldTitle returns a word in lower case without accents and final digits.
func foldTitle(w []byte) string {
	var b strings.Builder
	for _, r := range strings.ToLower(string(w)) {
		switch r {
		case 'é', 'è', 'ê', 'ë':
			r = 'e'
		case 'à', 'â':
			r = 'a'
		case 'ç':
			r = 'c'
		case 'î', 'ï':
			r = 'i'
		case 'ô':
			r = 'o'
		case 'ù', 'û':
			r = 'u'
		}
		b.WriteRune(r)
	}
	return strings.TrimRight(b.String(), "0123456789°")
}

// smallWords stand between the words of a title and prove nothing.
const smallWords = " de du des d la le les l n no et ou a au en of the x "

// titleWords are the words of common column titles, folded.
const titleWords = " id identifiant ident ref reference num numero number code cle key type libelle label" +
	" nom noms name names prenom prenoms firstname lastname surname first last usage naissance nais naiss patronyme" +
	" date dates dt dtnai dtnais ddn birth birthdate dob jour mois annee year month day debut fin created updated" +
	" sexe sex genre gender civilite civ titre title qualite nationalite age situation sitfam familiale" +
	" adresse address addr rue street voie complement lieu lieudit ville city commune cp codepostal codpos postal postcode zip" +
	" insee departement dept dep region pays country batiment etage appartement" +
	" mail email courriel tel telephone phone mobile portable fixe fax contact" +
	" nir nss secu securite sociale ssn matricule matricul allocataire dossier beneficiaire assure adherent client usager" +
	" iban bic rib compte banque bank siren siret societe organisme caisse caf cpam service agence" +
	" montant amount total prix price solde revenu revenus ressources quotient qf loyer salaire devise quantite qte" +
	" enfant enfants nb nombre rang conjoint responsable foyer personne droit droits prestation rsa aah apl aeeh" +
	" statut status etat state categorie category groupe commentaire commentaires observation observations description" +
	" url lien latitude longitude lat lon lng user username login password mdp profession metier specialite value valeur "
