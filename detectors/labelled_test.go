package detectors

import (
	"strings"
	"testing"
)

// pairsIn returns what pairs say of s: "kind value", one a line.
func pairsIn(s string) string {
	var out []string
	text := textOf(s)
	for _, d := range All() {
		if d.Fits == nil || d.Find == nil || d.Sieve {
			continue
		}
		for _, m := range d.Find(nil, text) {
			out = append(out, string(d.Kind)+" "+s[m.Start:m.End])
		}
	}
	return strings.Join(out, "\n")
}

func TestPairs(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"key=value", "NOMNAI=LEFEBVRE\nPRENOM_BEN=Jeanne\ndate_de_naissance=12/05/1985\ncode_postal=33000\n",
			"birth_date 12/05/1985\npostcode 33000\nfirst_name Jeanne\nlast_name LEFEBVRE"},
		{"label: value", "Nom d'usage : LEFEBVRE\nDT_NAIS_BENEF : 1985-05-12\nVille : BORDEAUX\nClé : 08\nQF : 456,00\n",
			"nir_key 08\nbirth_date 1985-05-12\ncommune BORDEAUX\nlast_name LEFEBVRE\nfamily_quotient 456,00"},
		{"elements", "<p><nom_naiss>LEFEBVRE</nom_naiss>\n<prenoms>Jeanne</prenoms><CP>33000</CP></p>",
			"postcode 33000\nfirst_name Jeanne\nlast_name LEFEBVRE"},
		{"JSON", `{"last_name":"LEFEBVRE","first_name": "Jeanne","city":"Bordeaux","nb_enfants":2}`,
			"commune Bordeaux\nfirst_name Jeanne\nlast_name LEFEBVRE\nchildren 2"},
		{"one line", "nom_usage = LEFEBVRE; DATNAI = 12/05/1985 ; ville = Bordeaux, France",
			"birth_date 12/05/1985\ncommune Bordeaux\nlast_name LEFEBVRE"},
		{"alone", "Ville : BORDEAUX\nCode postal : 33000\nmode=2\n", ""},
		{"far away", "NOMNAI=LEFEBVRE\n" + strings.Repeat("x\n", companyNear) + "DATNAI=12/05/1985\n", ""},
		{"settings", "name: Jean\ncity: Bordeaux\nzip: 33000\ntype: F\nkey = 12\ncode = 33063\n", ""},
		{"headers", "Date: 12/05/1985\nHost: localhost\nContent-Type: text/plain\nAge: 12\nFrom: Jeanne\n", ""},
		{"code", "func (p *person) set(name string) {\n\tp.name = name\n\tp.city = Paris // town: Lyon\n}\n", ""},
	} {
		if got := pairsIn(test.text); got != test.want {
			t.Errorf("%s: found\n%s\nwant\n%s", test.name, got, test.want)
		}
	}
}

// Titles announce the cells of a table; a label in one does not.
func TestPairsUnderARuler(t *testing.T) {
	var text Text
	b := []byte("NOMNAI=LEFEBVRE;DATNAI=12/05/1985;CP=33000\n")
	text.Reset(b, ';', '\n', '"')
	for _, m := range findOthers(&text, nil) {
		t.Errorf("found %q", b[m.Start:m.End])
	}
}

func BenchmarkPairs(b *testing.B) {
	x := &pairReader{fits: map[Kind]func([]byte) (bool, bool){}}
	titles := NewTitles(All())
	x.titles = func() *Titles { return titles }
	for _, d := range All() {
		x.fits[d.Kind] = d.Fits
	}
	for _, text := range []struct{ name, text string }{
		{"prose", minutes},
		{"form", strings.Repeat("NOMNAI=LEFEBVRE\nPRENOM_BEN=Jeanne\ndate_de_naissance=12/05/1985\ncode_postal=33000\n\n", 64)},
		{"code", strings.Repeat("\tif x.name == nil && len(y) > 3 { z := map[string]int{a: 1, b: 2}; user=w.size }\n", 64)},
	} {
		b.Run(text.name, func(b *testing.B) {
			t := textOf(text.text)
			b.SetBytes(int64(len(text.text)))
			b.ReportAllocs()
			for b.Loop() {
				t.pairs, t.paired = t.pairs[:0], false
				t.pairsOf(x)
			}
		})
	}
}
