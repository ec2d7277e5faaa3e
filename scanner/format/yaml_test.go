package format

import (
	"fmt"
	"strings"
	"testing"
)

var yamlCases = []recordCase{
	{"list", "- nom: Dupont\n  prenom: \"Zo\\u00e9\"\n  adresse:\n    rue: 12 rue de la Paix\n    cp: '69001' # Lyon\n  tel:\n    - '0612'\n    - '0613'\n" +
		"- nom: Ba\n  adresse: {rue: quai Sud, cp: 29200}\n  tel: [\"0614\", '0615']\n- nom: L'Hôte\n  prenom: null\n  note: |\n    absent\n    le 3\n  tel:\n  - '0616'\n",
		[]string{"nom", "prenom", "adresse.rue", "adresse.cp", "tel", "note"},
		[][]string{{"Dupont", "Zoé", "12 rue de la Paix", "69001", "0612, 0613"}, {"Ba", "", "quai Sud", "29200", "0614, 0615"}, {"L'Hôte", "", "", "", "0616", "absent le 3"}}, "# Lyon"},
	{"path", "caf:\n  code: 33\n  foyers:\n    - {id: 1, qf: 400}\n    - {id: 2, qf: 500}\n    - {id: 3, qf: 600}\n  fin: oui\n",
		[]string{"id", "qf"}, [][]string{{"1", "400"}, {"2", "500"}, {"3", "600"}}, "caf:\n  code: 33\n  foyers:\n  fin: oui"},
}

func TestYAML(t *testing.T) { checkRecords(t, yamlFormat, readYAML, yamlCases) }

// What an alias stands for is there once, and no text becomes many times as much.
func TestYAMLAnchors(t *testing.T) {
	tests := []recordCase{
		{"anchors", "- &a\n  nom: &n Dupont\n  cp: !!str 33000\n- nom: *n\n  cp: '33100'\n- nom: !prenom 'Ba'\n  <<: *a\n- *a\n- {nom: Roy, cp: &c 33200}\n- nom: Le\n  cp: *c\n",
			[]string{"nom", "cp"}, [][]string{{"Dupont", "33000"}, {"", "33100"}, {"Ba"}, {"Roy", "33200"}, {"Le"}}, ""},
		{"dashes alone", "gens:\n    -\n        nom: Dupont\n        cp: 1\n    -\n        nom: Ba\n        cp: 2\n    -\n        nom: X\n        cp: 3\n",
			[]string{"nom", "cp"}, [][]string{{"Dupont", "1"}, {"Ba", "2"}, {"X", "3"}}, "gens:"},
	}
	checkRecords(t, yamlFormat, readYAML, tests)
	laughs := "- a: &a [lol, lol, lol]\n  b: c\n"
	for i := 'b'; i < 'z'; i++ {
		laughs += fmt.Sprintf("- a: &%c [*%c, *%c, *%c]\n  b: c\n", i, i-1, i-1, i-1)
	}
	blocks, err := collectRecords(readYAML, []byte(laughs), slabSize)
	if _, rows, _ := tables(t, blocks); err != nil || len(fmt.Sprint(rows)) > len(laughs) {
		t.Errorf("%d bytes became %d, %v", len(laughs), len(fmt.Sprint(rows)), err)
	}
}

func TestNotYAML(t *testing.T) {
	for name, doc := range map[string]string{
		"markdown": strings.Repeat("# Titre\n\nUn texte sans fin.\n\n- Note: ceci\n- Autre: cela\n\n", 20),
		"labels":   strings.Repeat("nom: Dupont\nville: Lyon\n\n", 20),
		"diff":     strings.Repeat("- a: b\n+ a: c\n  d: e\n@@ -1 +1 @@\n", 20),
		"config":   "version: 2\nservices:\n  web:\n    image: x\n",
		"empty":    "",
	} {
		if yamlFormat.Match("x", []byte(doc)) {
			t.Errorf("%s is taken for YAML", name)
		}
	}
}

func TestYAMLDamaged(t *testing.T) { damageRecords(t, readYAML, yamlCases) }

func FuzzYAML(f *testing.F) {
	for _, test := range yamlCases {
		f.Add([]byte(test.doc), uint16(600))
	}
	f.Fuzz(func(t *testing.T, doc []byte, size uint16) {
		isYAML(doc, true)
		fuzzRecords(t, readYAML, doc, 64+int(size))
	})
}

func BenchmarkYAML(b *testing.B) { benchmarkRecords(b, readYAML, yamlCases[0].doc) }
