package format

import (
	"slices"
	"strings"
	"testing"
)

// pivotParts are a cache of two rows: of a text, a number, a date, a mixed column
// and one that is computed.
var pivotParts = []part{
	{"xl/pivotCache/pivotCacheRecords1.xml", `<pivotCacheRecords><r><x v="1"/><n v="1.85057800608491E14"/><x v="0"/><s v="a &amp; b"/></r><r><x v="0"/><m/><d v="1980-01-02T10:00:00"/><b v="1"/></r></pivotCacheRecords>`},
	{"xl/pivotCache/pivotCacheDefinition1.xml", `<pivotCacheDefinition><cacheSource><worksheetSource ref="A1:D3" sheet="Base"/></cacheSource><cacheFields>` +
		`<cacheField name="nom"><sharedItems><s v="Dupont"/><s v="Martin"/><s v="Parti"/></sharedItems></cacheField><cacheField name="nir"><sharedItems containsNumber="1"/></cacheField>` +
		`<cacheField name="double" databaseField="0"><sharedItems/></cacheField>` +
		`<cacheField name="né"><sharedItems><d v="1985-05-12T00:00:00"/></sharedItems><fieldGroup><groupItems><s v="avril"/></groupItems></fieldGroup></cacheField><cacheField name="note"/></cacheFields></pivotCacheDefinition>`},
}

// TestXLSXPivot: the rows of a sheet that was deleted are in the cache of the pivot
// table, and values that no record names are running text.
func TestXLSXPivot(t *testing.T) {
	_, blocks, err := readObject(t, "x.xlsx", book(`<row><c><v>1</v></c></row>`, pivotParts...))
	if err != nil {
		t.Fatal(err)
	}
	names, rows, titles := tables(t, blocks)
	if !slices.Equal(names, []string{"Feuil1", "pivot cache of Base"}) {
		t.Fatalf("tables %q", names)
	}
	got := rows["pivot cache of Base"]
	want := [][]string{{"Martin", "185057800608491", "1985-05-12", "a & b"}, {"Dupont", "", "1980-01-02T10:00:00", "true"}}
	if !slices.EqualFunc(got, want, slices.Equal) || !slices.Equal(titles["pivot cache of Base"], []string{"nom", "nir", "né", "note"}) {
		t.Errorf("titles %q, rows %q", titles, got)
	}
	if text := runningText(blocks); text != "avril\nnom: Parti\n" {
		t.Errorf("running text %q", text)
	}
	if got := openArchive(t, "x.xlsx", book("", pivotParts...)); len(got.Order) > 0 {
		t.Errorf("members %q", got.Order)
	}
}

// TestXLSXPivotHalf: of a cache of which a part is gone, the other is read.
func TestXLSXPivotHalf(t *testing.T) {
	_, blocks, err := readObject(t, "x.xlsx", book("", pivotParts[0]))
	_, rows, _ := tables(t, blocks)
	if err == nil || len(rows["pivot cache"]) != 2 || rows["pivot cache"][0][3] != "a & b" {
		t.Errorf("%q, %v", rows, err)
	}
	_, blocks, err = readObject(t, "x.xlsx", book("", pivotParts[1]))
	if err != nil || !strings.Contains(runningText(blocks), "nom: Dupont\nnom: Martin\nnom: Parti\nné: 1985-05-12\n") {
		t.Errorf("%q, %v", runningText(blocks), err)
	}
}

// TestXLSXPivotMade reads the cache of a workbook that LibreOffice made, whose
// sheet of people was deleted.
func TestXLSXPivotMade(t *testing.T) {
	_, blocks, err := readObject(t, "x.xlsx", fixture(t, "xlsx/pivot.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	_, rows, _ := tables(t, blocks)
	if got, want := rows["pivot cache of synthese"], sheetRows(t)[1:]; len(got) != len(want) || !slices.Equal(got[0], want[0]) {
		t.Errorf("%d rows, first %q, want %d, %q", len(got), got[:min(1, len(got))], len(want), want[0])
	}
}

// TestXLSXLinked: what is kept of the cells of another workbook is a table.
func TestXLSXLinked(t *testing.T) {
	link := part{"xl/externalLinks/externalLink1.xml", `<externalLink><externalBook><sheetNames><sheetName val="Agents"/></sheetNames><sheetDataSet><sheetData sheetId="0">` +
		`<row r="1"><cell r="A1" t="str"><v>nom</v></cell><cell r="B1" t="str"><v>date</v></cell></row><row r="2"><cell r="A2" t="str"><v>Dupont</v></cell><cell r="B2"><v>5</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>`}
	_, blocks, err := readObject(t, "x.xlsx", book("", link))
	if err != nil {
		t.Fatal(err)
	}
	_, rows, titles := tables(t, blocks)
	if got := rows["Agents (linked)"]; len(got) != 1 || !slices.Equal(got[0], []string{"Dupont", "5"}) || !slices.Equal(titles["Agents (linked)"], []string{"nom", "date"}) {
		t.Errorf("%q %q", titles, rows)
	}
}

func FuzzPivot(f *testing.F) {
	f.Add([]byte(pivotParts[0].data), []byte(pivotParts[1].data))
	f.Fuzz(func(t *testing.T, records, definition []byte) {
		_, blocks, err := readObject(t, "x.xlsx", book("", part{pivotParts[1].name, string(definition)}, part{pivotParts[0].name, string(records)}))
		if err := onlyProblem(err); err != nil {
			t.Fatal(err)
		}
		tables(t, blocks)
	})
}
