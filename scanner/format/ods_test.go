package format

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"vigie/scanner"
)

// openDocument is a spreadsheet with the given body.
func openDocument(body string, more ...part) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, _ := z.CreateHeader(&zip.FileHeader{Name: "mimetype", Method: zip.Store})
	io.WriteString(w, mimeODS)
	for _, p := range append([]part{{"content.xml", contentXML(body)}}, more...) {
		w, _ := z.Create(p.name)
		io.WriteString(w, p.data)
	}
	z.Close()
	return b.Bytes()
}

func contentXML(body string) string {
	return `<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:mimetype="` + mimeODS + `"><office:automatic-styles>` +
		`<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles>` +
		`<office:body><office:spreadsheet>` + body + `</office:spreadsheet></office:body></office:document>`
}

func TestODSCells(t *testing.T) {
	text := func(s string) string {
		return `<table:table-cell office:value-type="string"><text:p>` + s + `</text:p></table:table-cell>`
	}
	number := func(v, shown string) string {
		return `<table:table-cell office:value-type="float" office:value="` + v + `"><text:p>` + shown + `</text:p></table:table-cell>`
	}
	for _, test := range []struct{ name, rows, want string }{
		{"texts", `<table:table-row>` + text(`a<text:s text:c="2"/>b`) + text(`<text:span>c</text:span>&amp;d</text:p><text:p>e`) + `</table:table-row>`, "a  b|c&d\ne\n"},
		{"numbers", `<table:table-row>` + number("1.85057800608491E14", "1,85E+14") + number("1000", "01000") + number("612345678", "06 12 34 56 78") + number("1234.5", "1 234,50 €") + `</table:table-row>`,
			"185057800608491|01000|0612345678|1234.5\n"},
		{"dates", `<table:table-row><table:table-cell office:date-value="1985-05-12T00:00:00"><text:p>12/05/85</text:p></table:table-cell><table:table-cell office:date-value="1985-05-12T08:30:00"/>` +
			`<table:table-cell office:time-value="PT1H"><text:p>01:00</text:p></table:table-cell><table:table-cell office:boolean-value="true"><text:p>VRAI</text:p></table:table-cell></table:table-row>`,
			"1985-05-12|1985-05-12 08:30:00|01:00|true\n"},
		{"repeated", `<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2"/>` + `<table:table-cell table:number-columns-repeated="3"><text:p>x</text:p></table:table-cell><table:covered-table-cell/>` + text("y") + `</table:table-row><table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>`,
			"||x|x|x||y\n||x|x|x||y\n"},
		{"beside", `<table:table-row><table:table-cell><office:annotation><dc:creator>M. Durand</dc:creator><text:p>voir Mme Petit</text:p></office:annotation><text:p><text:a xlink:href="mailto:a@example.org">écrire</text:a></text:p></table:table-cell></table:table-row>`,
			"écrire\nvoir Mme Petit\nmailto:a@example.org\n"},
		{"no ends", `<table:table-row>` + text("a") + `<table:table-row><table:table-cell><text:p>b`, "a\nb\n"},
	} {
		body := `<table:table table:name="Feuille1">` + test.rows
		for _, b := range [][]byte{openDocument(body), []byte(contentXML(body))} {
			if got := cellsOf(t, b); got != test.want {
				t.Errorf("%s: %q, want %q", test.name, got, test.want)
			}
		}
	}
}

func TestODSTables(t *testing.T) {
	row := `<table:table-row><table:table-cell><text:p>x</text:p></table:table-cell><table:table-cell><text:p>1</text:p></table:table-cell></table:table-row>`
	b := openDocument(`<table:tracked-changes><table:deletion><table:table-cell><text:p>effacé</text:p></table:table-cell></table:deletion></table:tracked-changes>`+
		`<table:table table:name="Un">`+row+`</table:table><table:table table:name="Deux" table:style-name="ta2">`+row+`</table:table><table:table table:name="Trois"/>`,
		part{"meta.xml", "<a/>"}, part{"Pictures/1.png", "x"}, part{"META-INF/manifest.xml", "<manifest:manifest/>"})
	format, blocks, err := readObject(t, "x", b)
	if err != nil || format != "ods" {
		t.Fatal(format, err)
	}
	names, _, _ := tables(t, blocks)
	if want := []string{"Un", "Deux (hidden)"}; !slices.Equal(names, want) || runningText(blocks) != "effacé\n" {
		t.Errorf("tables %q, running text %q", names, runningText(blocks))
	}
	if got := openArchive(t, "x", b); !slices.Equal(got.Order, []string{"meta.xml", "Pictures/1.png"}) {
		t.Errorf("members %q", got.Order)
	}
}

func TestODSEncrypted(t *testing.T) {
	b := openDocument("", part{"Pictures/1.png", "x"}, part{"META-INF/manifest.xml",
		`<manifest:manifest><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>`})
	_, blocks, err := readObject(t, "x.ods", b)
	if err == nil || err.Error() != "encrypted: OpenDocument" || len(blocks) > 0 {
		t.Errorf("%d blocks, %v", len(blocks), err)
	}
	if got := openArchive(t, "x.ods", b); len(got.Order) > 0 {
		t.Errorf("members %q", got.Order)
	}
}

// TestODSBombs: what repeats is bounded by the size of the document, and told.
func TestODSBombs(t *testing.T) {
	cell := `<table:table-cell table:number-columns-repeated="16384"><text:p>Dupont</text:p></table:table-cell>`
	for name, rows := range map[string]string{
		"rows":  `<table:table-row table:number-rows-repeated="99999999"><table:table-cell><text:p>Dupont</text:p></table:table-cell></table:table-row>`,
		"cells": strings.Repeat(`<table:table-row>`+cell+`</table:table-row>`, 5000),
		"both":  `<table:table-row table:number-rows-repeated="99999999">` + cell + `</table:table-row>`,
	} {
		c, err := scanner.NewContent(context.Background(), stored("x.ods", openDocument("<table:table>"+rows)), scanner.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		sum := 0
		err = odsFormat.Read(context.Background(), c, func(b *scanner.Block) error { sum += len(b.Text); return nil })
		c.Close()
		var p *scanner.Problem
		if !errors.As(err, &p) || p.Reason != scanner.Ratio || sum > 64<<20 {
			t.Errorf("%s: %d bytes, %v", name, sum, err)
		}
	}
}

func FuzzODS(f *testing.F) {
	f.Add(openDocument(`<table:table table:name="a"><table:table-row><table:table-cell office:value="1"><text:p>1</text:p></table:table-cell></table:table-row></table:table>`))
	f.Add(fixture(f, "ods/calc.ods"))
	f.Fuzz(func(t *testing.T, b []byte) { readFuzzed(t, odsFormat, "x.ods", b) })
}

// FuzzODSContent fuzzes what is in the content, past the compression.
func FuzzODSContent(f *testing.F) {
	f.Add(`<table:table table:name="a"><table:table-row table:number-rows-repeated="3"><table:table-cell office:value="1" table:number-columns-repeated="2"><text:p>1</text:p></table:table-cell></table:table-row></table:table>`)
	f.Add(`<table:table><table:table-row><table:table-cell office:date-value="1985-05-12T00:00:00"><office:annotation><text:p>a`)
	f.Fuzz(func(t *testing.T, body string) { readFuzzed(t, odsFormat, "x.fods", []byte(contentXML(body))) })
}

func BenchmarkODS(b *testing.B) {
	var rows strings.Builder
	for i := range 100_000 {
		rows.WriteString(`<table:table-row table:style-name="ro1"><table:table-cell office:value-type="float" office:value="` + itoa(185057800+i) + `" calcext:value-type="float"><text:p>` + itoa(i) +
			`</text:p></table:table-cell><table:table-cell office:value-type="string" calcext:value-type="string"><text:p>` + itoa(i) + ` RUE DES LILAS</text:p></table:table-cell></table:table-row>`)
	}
	doc := openDocument(`<table:table table:name="a">` + rows.String() + `</table:table>`)
	b.SetBytes(int64(rows.Len()))
	b.ReportAllocs()
	for b.Loop() {
		readBench(b, odsFormat, doc)
	}
}
