package format

import (
	"os"
	"strings"
	"testing"
)

// The cells of one sheet, as programs write them in different ways, are the same.
func TestXLSXWrittenDifferently(t *testing.T) {
	const row = `<row r="2"><c r="A2" t="str"><v>272029935052470</v></c><c r="B2" s="1" t="str"><v>Lefèvre</v></c><c r="C2" s="1"/>` +
		`<c r="D2"><v>12.5</v></c><c r="E2" t="b"><v>1</v></c><c r="F2" t="str"><v>A &amp; B</v></c><c r="G2" t="str"><v></v></c><c r="I2" t="str"><v> à </v></c></row>`
	const want = "272029935052470|Lefèvre||12.5|true|A & B|||à\n"
	inline := strings.NewReplacer(`t="str"><v>`, `t="inlineStr"><is><t>`, `</v></c><c r="I2" t="str"><v> `, `</t></is></c><c r="I2" t="inlineStr"><is><t xml:space="preserve"> `,
		`Lefèvre</v>`, `Lefèvre</t></is>`, `470</v>`, `470</t></is>`, `B</v>`, `B</t></is>`, ` à </v>`, ` à </t></is>`, `<v></v>`, `<v/>`).Replace(row)
	prefixed := strings.NewReplacer("</", "</x:", "<", "<x:").Replace(row)
	for name, rows := range map[string]string{
		"str": row, "inline": inline, "prefixed": prefixed,
		"apart":  strings.ReplaceAll(row, "><v>", "> <v>"),
		"quotes": strings.ReplaceAll(row, `"`, `'`),
		"more":   strings.ReplaceAll(row, " t=", ` cm="1" t=`),
	} {
		b := book(rows)
		if name == "prefixed" {
			b = packageOf(part{"[Content_Types].xml", ""}, part{"xl/workbook.xml", "<workbook/>"},
				part{"xl/worksheets/sheet1.xml", "<x:worksheet><x:sheetData>" + rows + "</x:sheetData></x:worksheet>"})
		}
		got := cellsOf(t, b)
		if got = strings.ReplaceAll(got, " à ", "à"); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// What a workbook holds beside its cells comes out, as running text or as a member;
// see testdata/xlsx/RECIPE.js.
func TestXLSXParts(t *testing.T) {
	b, err := os.ReadFile("testdata/xlsx/parts.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	_, blocks, err := readObject(t, "x.xlsx", b)
	if err != nil {
		t.Fatal(err)
	}
	all := allText(blocks) + allTitles(blocks)
	for _, k := range blocks {
		all += k.Table
	}
	for _, data := range openArchive(t, "x.xlsx", b).Members {
		all += data
	}
	for _, mark := range []string{"creator", "company", "title", "description", "header", "footer", "note", "liste", "prompt", "error",
		"mail", "tooltip", "rich", "resultat", "colonne", "cellule", "veryhidden", "cachee"} {
		if !strings.Contains(all, "marque-"+mark) {
			t.Errorf("marque-%s is missing", mark)
		}
	}
}
