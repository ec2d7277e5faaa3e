package format

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vigie/scanner"
)

func readJSON(t testing.TB, doc string, size int) []scanner.Block {
	t.Helper()
	var blocks []scanner.Block
	j := jsonReader{ctx: context.Background(), yield: func(b *scanner.Block) error {
		c := *b
		c.Text = bytes.Clone(b.Text)
		blocks = append(blocks, c)
		return nil
	}}
	if err := j.read(decode(strings.NewReader(doc)), size); onlyProblem(err) != nil {
		t.Fatal(err)
	}
	return blocks
}

// keyed writes an object of n people by their address.
func keyed(n int) (doc string, rows [][]string) {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"p%d@exemple.fr":{"nom":"Nom%d","age":%d},`, i, i, i)
		rows = append(rows, []string{fmt.Sprintf("p%d@exemple.fr", i), fmt.Sprint("Nom", i), fmt.Sprint(i)})
	}
	return "{" + strings.TrimSuffix(b.String(), ",") + "}", rows
}

// TestJSON reads the ways in which JSON holds tables.
func TestJSON(t *testing.T) {
	byAddress, people := keyed(60)
	type table struct {
		Titles []string
		Rows   [][]string
	}
	tests := []struct {
		name, doc string
		tables    map[string]table
		text      string
	}{
		{"lines", "{\"nom\":\"Dupont\",\"adresse\":{\"rue\":\"3 rue X\",\"cp\":75001}}\n{\"nom\":\"Petit\",\"actif\":true,\"x\":null}\n", map[string]table{
			"": {[]string{"nom", "adresse.rue", "adresse.cp", "actif", "x"}, [][]string{{"Dupont", "3 rue X", "75001"}, {"Petit", "", "", "true", ""}}}}, ""},
		{"sequence", "\x1E{\"a\":1.50}\n\x1E{\"a\":-2e3}\n", map[string]table{"": {[]string{"a"}, [][]string{{"1.50"}, {"-2e3"}}}}, ""},
		{"one behind the other", "{\n \"a\": 1\n}\n{\n \"b\": 2, \"a\": 3\n}", map[string]table{"": {[]string{"a", "b"}, [][]string{{"1"}, {"3", "2"}}}}, ""},
		{"array", `[{"b":1,"a":"x"},{"a":"y","b":2},{},[{"c":3}],4]`, map[string]table{
			"": {[]string{"b", "a", "c"}, [][]string{{"1", "x"}, {"2", "y"}, {""}, {"", "", "3"}}}}, "4\n"},
		{"nested", `{"caf":"75","allocataires":[{"nom":"A","tags":["x","y",["z",1,2]],"enfants":[{"ne":"2001"},{"ne":"2002"}]},{"nom":"B","enfants":[{"ne":"2003","parts":[{"q":1}]}]}]}`, map[string]table{
			"allocataires":               {[]string{"nom", "tags"}, [][]string{{"A", "x y z 1, 2"}, {"B"}}},
			"allocataires.enfants":       {[]string{"ne"}, [][]string{{"2001"}, {"2002"}, {"2003"}}},
			"allocataires.enfants.parts": {[]string{"q"}, [][]string{{"1"}}}}, "caf: 75\n"},
		{"once", `{"nom":"Dupont","né":{"le":"01/02/1980"},"tel":["06","07"],"xy":[[1,2],[3,4]]}`, map[string]table{
			"xy": {nil, [][]string{{"1", "2"}, {"3", "4"}}}}, "nom: Dupont\nné.le: 01/02/1980\ntel: 06, 07\n"},
		{"grid", `{"v":1,"data":[["nom","né"],["Dupont",[1,2],{"x":1}],["Petit",null,"z"]]}`, map[string]table{
			"data": {[]string{"nom", "né"}, [][]string{{"Dupont", "1, 2"}, {"Petit", "", "z"}}}, "data (2)": {[]string{"x"}, [][]string{{"1"}}}}, "v: 1\n"},
		{"keyed", byAddress, map[string]table{"": {[]string{"key", "nom", "age"}, people}}, ""},
		{"keyed below", `{"v":1,"gens":` + byAddress + `}`, map[string]table{"gens": {[]string{"key", "nom", "age"}, people}}, "v: 1\n"},
		{"escapes", `[{"a\u00e9\n":"\ud83d\ude00 \u00E9\\\"\/\t\n","b":"\ud83d x\u0000\u001f.` + "\x1F" + `"}]`, map[string]table{
			"": {[]string{"aé", "b"}, [][]string{{"😀 é\\\"/\t\n", "\uFFFD x  . "}}}}, ""},
		{"mongo", `{"_id":{"$oid":"5f"},"ne":{"$date":{"$numberLong":"-86400000"}},"vu":{"$date":"2024-01-02T00:00:00Z"}}` + "\n" + `{"_id":{"$oid":"60"},"ne":{"$date":0}}`, map[string]table{
			"": {[]string{"_id", "ne", "vu"}, [][]string{{"5f", "1969-12-31T00:00:00Z", "2024-01-02T00:00:00Z"}, {"60", "1970-01-01T00:00:00Z"}}}}, ""},
		{"bulk", "{\"index\":{\"_id\":\"1\"}}\n{\"nom\":\"Dupont\"}\n{ \"create\" : { } }\n{\"nom\":\"Petit\"}\n{\"index\":{\"nom\":\"Roux\"}}\n", map[string]table{
			"": {[]string{"nom", "index.nom"}, [][]string{{"Dupont"}, {"Petit"}, {"", "Roux"}}}, "bulk": {[]string{"index._id"}, [][]string{{"1"}, {""}}}}, ""},
		{"one or many", `[{"e":{"n":1}},{"e":[{"n":2},{"n":3}]}]`, map[string]table{
			"": {[]string{"e.n"}, [][]string{{"1"}, {""}}}, "e": {[]string{"n"}, [][]string{{"2"}, {"3"}}}}, ""},
		{"a bad line", "{\"a\":1}\n{\"a\":\"x\nvoici: {\"a\":2}\n{\"a\":3}\n", map[string]table{
			"": {[]string{"a"}, [][]string{{"1"}, {"x"}, {"3"}}}}, "\nvoici: {\"a\":2}\n"},
		{"broken", `[{"a":` + strings.Repeat("[", 70) + "1" + strings.Repeat("]", 70) + `},{"a":2, oops "a":3}]`, map[string]table{"": {[]string{"a"}, [][]string{{"1"}, {"2"}}}}, `oops "a":3}]`},
		{"cut short", `[{"a":"un"},{"a":"deu`, map[string]table{"": {[]string{"a"}, [][]string{{"un"}, {"deu"}}}}, ""},
	}
	for _, test := range tests {
		for _, size := range []int{slabSize, 64} {
			if !jsonFormat.Match("x", []byte(test.doc)) {
				t.Errorf("%s: no match", test.name)
			}
			blocks := readJSON(t, test.doc, size)
			_, rows, titles := tables(t, blocks)
			got := make(map[string]table)
			for name := range rows {
				got[name] = table{titles[name], rows[name]}
			}
			if d := cmp.Diff(test.tables, got); d != "" {
				t.Errorf("%s, slab of %d: %s", test.name, size, d)
			}
			if d := cmp.Diff(test.text, runningText(blocks)); d != "" {
				t.Errorf("%s, slab of %d: text %s", test.name, size, d)
			}
		}
	}
}

// TestJSONGrows adds keys as it goes: titles only grow, and beyond 4,096 values
// are running text.
func TestJSONGrows(t *testing.T) {
	var b strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&b, "{\"id\":%d,\"k%d\":\"v%d\"}\n", i, i, i)
	}
	blocks := readJSON(t, b.String(), slabSize)
	var last []string
	for _, k := range blocks {
		if k.Rows > 0 {
			if d := cmp.Diff(last, k.Titles[:len(last)], cmp.Transformer("", func(s []string) string { return strings.Join(s, " ") })); d != "" {
				t.Fatalf("titles: %s", d)
			}
			last = k.Titles
		}
	}
	if len(last) != scanner.MaxColumns || last[4095] != "k4094" {
		t.Errorf("%d titles", len(last))
	}
	if text := runningText(blocks); !strings.Contains(text, "k4999: v4999\n") || strings.Contains(text, "v4094") {
		t.Errorf("running text %.80q", text)
	}
	_, rows, _ := tables(t, blocks)
	if len(rows[""]) != 5000 || rows[""][4000][4001] != "v4000" {
		t.Errorf("%d rows", len(rows[""]))
	}
}

// TestJSONFirstBlock gives the study 100 rows, however wide they are.
func TestJSONFirstBlock(t *testing.T) {
	row := `{"remarque":"` + strings.Repeat("mot ", 1000) + `"},`
	blocks := readJSON(t, "["+strings.Repeat(row, 300)+row[:len(row)-1]+"]", slabSize)
	if blocks[0].Rows < jsonFirst || len(blocks) < 2 {
		t.Errorf("first block of %d rows, %d blocks", blocks[0].Rows, len(blocks))
	}
}

// TestJSONLimits reads what would take all memory, or all of a stack.
func TestJSONLimits(t *testing.T) {
	long := strings.Repeat("mot ", 5<<19)
	var wide strings.Builder
	for i := range 4001 {
		fmt.Fprintf(&wide, "{\"k%d\":\"valeur\"}\n", i)
	}
	docs := map[string]string{
		"long value": `[{"a":"` + long + `","b":1},{"a":2}]`,
		"long key":   `[{"` + long + `":1},{"a":2}]`,
		"deep":       strings.Repeat(`[{"a":`, 100_000),
		"scattered":  wide.String() + strings.Repeat("{\"k4000\":1}\n", 20_000),
	}
	for name, doc := range docs {
		blocks := readJSON(t, doc, slabSize)
		n := 0
		for _, b := range blocks {
			n += len(b.Text)
			if len(b.Text) > recordSize+slabSize+100 {
				t.Errorf("%s: a block of %d bytes", name, len(b.Text))
			}
		}
		if n < len(doc)-len(doc)/100 || n > 5*len(doc)+jsonEmpty {
			t.Errorf("%s: %d of %d bytes", name, n, len(doc))
		}
	}
}

func TestNotJSON(t *testing.T) {
	for _, doc := range []string{
		"", "{", "[]", "{}", "[1,2,3]", `"texte"`, "[section]\nclef=1\n", "[2024-05-12 10:22:31] {\"a\":1}", "{ int x = 1; }",
		"{% extends \"a\" %}", "{{\"a\":1}}", "{'nom': 'Dupont'}", `{"a" 1}`, `{"a": func() {}}`, "[[1],[2]]\n", "{\n  // un commentaire\n \"a\":1}",
		"[{ nom }]", `["a","b"]`, "{\\rtf1\\ansi}", `{"a":1e}`[:5] + "oui}", "nom;prenom\n{\"a\":1};x\n",
	} {
		if jsonFormat.Match("x.json", []byte(doc)) {
			t.Errorf("%q is taken for JSON", doc)
		}
	}
}

func jsonSeeds() []string {
	byAddress, _ := keyed(55)
	return []string{
		`{"a":1,"b":{"c":"x\u00e9\n"}}` + "\n" + `{"b":{"c":null,"d":[1,2]},"a":true}` + "\n",
		`[{"a":[{"b":[{"c":"\ud83d\ude00"}]}]},{"a":{"$date":{"$numberLong":"12345678"}}}]`,
		`{"type":"FeatureCollection","features":[{"properties":{"nom":"x"},"geometry":{"coordinates":[[1.5,2],[3,4]]}}]}`,
		"\x1E{\"a\":1}\n\x1E{\"a\":\"b", byAddress,
	}
}

// TestDamagedJSON cuts documents short and flips their bytes.
func TestDamagedJSON(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 4))
	for _, doc := range jsonSeeds() {
		for range 200 {
			tables(t, readJSON(t, doc[:rnd.IntN(len(doc))], 80))
			flipped := []byte(doc)
			for range 1 + rnd.IntN(4) {
				flipped[rnd.IntN(len(flipped))] = "{}[]\",:\\u1\n\x00"[rnd.IntN(12)]
			}
			tables(t, readJSON(t, string(flipped), 80))
		}
	}
}

func FuzzJSON(f *testing.F) {
	for _, doc := range jsonSeeds() {
		f.Add(doc, uint16(0))
		f.Add(doc, uint16(200))
	}
	f.Fuzz(func(t *testing.T, doc string, size uint16) {
		for _, b := range readJSON(t, doc, 64+int(size)) {
			if b.Ruler == (scanner.Ruler{Cell: 0x1F, Row: 0x1E}) && strings.Count(string(b.Text), "\x1E") != b.Rows {
				t.Errorf("block says %d rows: %q", b.Rows, b.Text)
			}
		}
		jsonFormat.Match("x", []byte(doc))
	})
}

func BenchmarkJSON(b *testing.B) {
	rnd := rand.New(rand.NewPCG(9, 9))
	var lines strings.Builder
	for lines.Len() < 16<<20 {
		p := fictitious(rnd, variant{sep: ';', quotes: "never"})
		fmt.Fprintf(&lines, "{\"id\":%s,\"nom\":%q,\"date_naissance\":%q,\"adresse\":{\"rue\":%q,\"ville\":\"Évreux\"},\"montant\":12.5}\n", p[0], p[1], p[2], p[3])
	}
	docs := map[string]string{"lines": lines.String(), "array": "[" + strings.ReplaceAll(strings.TrimSpace(lines.String()), "\n", ",\n") + "]"}
	for _, name := range []string{"lines", "array"} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(docs[name])))
			b.ReportAllocs()
			for b.Loop() {
				j := jsonReader{ctx: context.Background(), yield: func(*scanner.Block) error { return nil }}
				if err := j.read(decode(strings.NewReader(docs[name])), slabSize); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
