package format

import "testing"

var ldifCases = []recordCase{
	{"objects", "version: 1\n\n# people\ndn: uid=ld,ou=people,dc=exemple,dc=fr\nsn: Dupont\ngivenName: Luc\nmail: luc@exemple.fr\nmail: l.dupont@exemple.fr\n\n" +
		"dn: uid=zb,ou=people,\n dc=exemple,dc=fr\nsn: Ba\ngivenName:: Wm/DqQ==\njpegPhoto:: /9j/4AAQSkZJRgAB\n\n",
		[]string{"dn", "last name", "first name", "email"},
		[][]string{{"uid=ld,ou=people,dc=exemple,dc=fr", "Dupont", "Luc", "luc@exemple.fr l.dupont@exemple.fr"}, {"uid=zb,ou=people,dc=exemple,dc=fr", "Ba", "Zoé"}}, ""},
	{"options", "dn: cn=x\ncn;lang-fr: Élu\nuserPassword:: e1NTSEF9YQ==\n\nce n'est pas un attribut\n",
		[]string{"dn", "full name", "password"}, [][]string{{"cn=x", "Élu", "{SSHA}a"}}, "ce n'est pas un attribut"},
}

func TestLDIF(t *testing.T) { checkRecords(t, ldifFormat, readLDIF, ldifCases) }

func TestNotLDIF(t *testing.T) {
	for _, doc := range []string{"", "dn", "dn:", "sn: Dupont\n", "dn: x\n\n", "nom: Dupont\nprénom: Luc\n"} {
		if ldifFormat.Match("x", []byte(doc)) {
			t.Errorf("%q is taken for LDIF", doc)
		}
	}
}

func TestLDIFDamaged(t *testing.T) { damageRecords(t, readLDIF, ldifCases) }

func FuzzLDIF(f *testing.F) {
	for _, test := range ldifCases {
		f.Add([]byte(test.doc), uint16(600))
	}
	f.Fuzz(func(t *testing.T, doc []byte, size uint16) {
		isLDIF(doc)
		fuzzRecords(t, readLDIF, doc, 64+int(size))
	})
}

func BenchmarkLDIF(b *testing.B) { benchmarkRecords(b, readLDIF, ldifCases[0].doc) }
