package format

import (
	"strings"
	"testing"
)

// TestTitles says which first rows are title rows.
func TestTitles(t *testing.T) {
	tests := []struct {
		name, doc string
		want      string // titles joined by |, "" where the first row is data
	}{
		{"usual", "Nom;Prénom;Date de naissance\nDupont;Jean;01/02/1980\n", "Nom|Prénom|Date de naissance"},
		{"only the titles", "nom;prenom;nir\n", "nom|prenom|nir"},
		{"cnaf", "MATRICUL;DTNAIRES;SITFAM;NBENLEFA\n1234567;12/05/1985;CEL;2\n7654321;01/01/1970;MAR;0\n", "MATRICUL|DTNAIRES|SITFAM|NBENLEFA"},
		{"unknown words over numbers", "Truc;Machin\n12;34\n56;78\n", "Truc|Machin"},
		{"unknown words over e-mails", "Qui;Où\nPaul;paul@exemple.fr\nLuc;luc@exemple.fr\n", "Qui|Où"},
		{"codes over words", "QUALIT;RGNAI\nMadame;Première\nMonsieur;Seconde\n", "QUALIT|RGNAI"},
		{"few values below", "Agrément;Sorte\nA;oui\nB;non\nC;oui\nD;oui\nE;non\nF;non\n", "Agrément|Sorte"},
		{"years", "commune;2019;2020;2021\nLyon;12;13;14\n", "commune|2019|2020|2021"},
		{"quoted, with a line end", "\"Nom\";\"Date de\nnaissance\"\nDupont;01/02/1980\n", "Nom|Date de naissance"},
		{"a title missing", ";nom;âge\n1;Dupont;12\n", "|nom|âge"},
		{"numbers", "12;Dupont;01/02/1980\n13;Durand;02/03/1981\n", ""},
		{"a date", "Dupont;01/02/1980\nDurand;02/03/1981\n", ""},
		{"an e-mail", "Dupont;d@exemple.fr\nDurand;e@exemple.fr\n", ""},
		{"names and towns", "DUPONT;Marie;Paris\nMARTIN;Luc;Lyon\nDURAND;Anne;Lille\n", ""},
		{"repeated below", "oui;rouge\nnon;vert\noui;rouge\nnon;bleu\noui;vert\nnon;rouge\n", ""},
		{"a NIR of Corsica", "253072A07300443;Dupont\n253072B07300470;Durand\n", ""},
		{"an IBAN", "Dupont;FR7630006000011234567890189\nDurand;FR1420041010050500013M02606\n", ""},
		{"empty", ";;\n1;2;3\n", ""},
	}
	d := dialect{cell: ';', row: '\n', quote: '"'}
	for _, test := range tests {
		titles, n := d.titles([]byte(test.doc), true)
		if got := strings.Join(titles, "|"); got != test.want || (n > 0) != (test.want != "") {
			t.Errorf("%s: titles %q, want %q", test.name, got, test.want)
		}
	}
}

// TestKnownHeaders recognises title rows of files that were published or leaked,
// above rows that help little.
func TestKnownHeaders(t *testing.T) {
	for _, row := range []string{
		"MATRICULE;ROLE PERSONNE;TYPE PERSONNE;NIR;NUMERO DEMANDE RSA;DATE DEMANDE RSA",
		"caisse;id;nir;naissance;nom;prenom;transport;mandatement;base;montant;bascule;finess;adeli",
		"qual;nom;prenom;nomnai;prenom2;prenom3;nomcomnai;dtnai;rgnai;typedtnai;nir;topvalec;sexe;nati",
		"i_nom_usage;i_nom_naissance;i_prenoms;i_date_nai;i_numcaf;adr_numvoie;adr_nomvoie;adr_codepos",
		"BEN_NIR_PSA;BEN_NAI_ANN;BEN_NAI_MOI;BEN_SEX_COD;BEN_DCD_DTE",
		"Civilité;Nom bénéficiaire;CP Ville;ID IODAS;RQTH / AAH Oui / Non;ID pôle Emploi",
	} {
		n := strings.Count(row, ";")
		below := strings.Repeat("x"+strings.Repeat(";", n)+"\n", 3)
		d := dialect{cell: ';', row: '\n', quote: '"'}
		if titles, _ := d.titles([]byte(row+"\n"+below), true); len(titles) != n+1 {
			t.Errorf("%q is not taken for titles", row)
		}
	}
}
