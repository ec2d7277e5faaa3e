package format

import "testing"

var vcardCases = []recordCase{
	{"cards", "BEGIN:VCARD\nVERSION:3.0\nN:Dupont;Luc;Jean;M.;\nFN:Luc Dupont\nBDAY:1980-02-01\nitem1.EMAIL;TYPE=\"home:x\":luc@exemple.fr\nTEL;TYPE=CELL:06 12 34 56 78\n" +
		"TEL:+33 1\nADR;TYPE=HOME:;;12 rue de la\n  Paix\\, bât. A;Lyon;;69001;France\nPHOTO;ENCODING=b:AAAA\n BBBB\nEND:VCARD\nBEGIN:VCARD\nVERSION:2.1\n" +
		"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=89vrard;Zo=\n=C3=A9\nEND:VCARD\n",
		[]string{"last name", "first name", "second prenom", "civilite", "full name", "birth date", "email", "telephone", "street address", "city", "postcode", "country"},
		[][]string{{"Dupont", "Luc", "Jean", "M.", "Luc Dupont", "1980-02-01", "luc@exemple.fr", "06 12 34 56 78, +33 1", "12 rue de la Paix, bât. A", "Lyon", "69001", "France"}, {"Évrard", "Zoé"}}, ""},
}

func TestVCard(t *testing.T) { checkRecords(t, vcardFormat, readVCard, vcardCases) }

func TestNotVCard(t *testing.T) {
	for _, doc := range []string{"", "BEGIN:VCARD", "BEGIN:VCALENDAR\nVERSION:2.0\n", "N:Dupont\n"} {
		if vcardFormat.Match("x", []byte(doc)) {
			t.Errorf("%q is taken for a card", doc)
		}
	}
}

func TestVCardDamaged(t *testing.T) { damageRecords(t, readVCard, vcardCases) }

func FuzzVCard(f *testing.F) {
	for _, test := range vcardCases {
		f.Add([]byte(test.doc), uint16(600))
	}
	f.Fuzz(func(t *testing.T, doc []byte, size uint16) { fuzzRecords(t, readVCard, doc, 64+int(size)) })
}

func BenchmarkVCard(b *testing.B) { benchmarkRecords(b, readVCard, vcardCases[0].doc) }
