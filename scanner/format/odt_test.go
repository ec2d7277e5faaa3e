package format

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"
)

func odtXML(body string) string {
	return `<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:mimetype="` + mimeODF + `text"><office:body><office:text>` + body + `</office:text></office:body></office:document>`
}

// odtDocument is an ODT with the given body.
func odtDocument(body string, more ...part) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, _ := z.CreateHeader(&zip.FileHeader{Name: "mimetype", Method: zip.Store})
	io.WriteString(w, mimeODF+"text")
	for _, p := range append([]part{{"content.xml", odtXML(body)}}, more...) {
		w, _ := z.Create(p.name)
		io.WriteString(w, p.data)
	}
	z.Close()
	return b.Bytes()
}

func odtTable(rows ...string) string {
	var b strings.Builder
	b.WriteString(`<table:table table:name="T"><table:table-column/>`)
	for _, row := range rows {
		b.WriteString("<table:table-row>")
		for _, c := range strings.Split(row, "|") {
			b.WriteString(`<table:table-cell office:value-type="string"><text:p>` + c + `</text:p></table:table-cell>`)
		}
		b.WriteString("</table:table-row>")
	}
	return b.String() + "</table:table>"
}

func TestODTText(t *testing.T) {
	ten := tenRows(10)
	for _, test := range []struct{ name, body, want string }{
		{"spans", `<text:p>2 69 0<text:span>5 49 588</text:span> 157<text:s text:c="2"/>80</text:p><text:h>a<text:tab/>b<text:line-break/>c</text:h>`, "2 69 05 49 588 157  80\na\tb\nc\n"},
		{"a note", `<text:p>0612345678<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>de Mme Petit</text:p></text:note-body></text:note> fin</text:p>`, "0612345678 fin\nde Mme Petit\n"},
		{"a comment", `<text:p>a<office:annotation><dc:creator>M. Durand</dc:creator><dc:date>2024-01-01</dc:date><text:p>voir</text:p></office:annotation>b</text:p>`, "ab\nM. Durand\nvoir\n"},
		{"deleted", `<text:tracked-changes><text:changed-region><text:deletion><text:p>Mme Petit</text:p></text:deletion></text:changed-region></text:tracked-changes><text:p>reste</text:p>`, "Mme Petit\nreste\n"},
		{"a frame", `<text:p>a<draw:frame><draw:text-box><text:p>boîte</text:p></draw:text-box><svg:desc>carte</svg:desc></draw:frame>b</text:p>`, "ab\nboîte\ncarte\n"},
		{"text in a shape", `<text:p>0<draw:ellipse><text:p>1</text:p></draw:ellipse><draw:caption/>2</text:p>`, "02\n1\n"},
		{"a slide", `<draw:page><draw:frame>` + odtTable("Nom|DUPONT", "Ville|Pau") + `</draw:frame></draw:page>`, "Nom: DUPONT\nVille: Pau\n"},
		{"a field", `<text:p>Fait par <text:initial-creator>M. Durand</text:initial-creator> le <text:date>12/03/2024</text:date></text:p>`, "Fait par M. Durand le 12/03/2024\n"},
		{"a link", `<text:p><text:a xlink:href="mailto:a@example.org">écrire</text:a></text:p>`, "écrire\nmailto:a@example.org\n"},
		{"a table", `<text:p>avant</text:p>` + odtTable(append([]string{"Nom|Prénom|Date de naissance"}, ten...)...), "avant\n[table 1: Nom|Prénom|Date de naissance]\n" + strings.Join(ten, "\n") + "\n"},
		{"a form field", `<form:form><form:textarea form:current-value="12 rue des Lilas"/></form:form><text:p>a</text:p>`, "a\n12 rue des Lilas\n"},
	} {
		for _, b := range [][]byte{odtDocument(test.body), []byte(odtXML(test.body))} {
			if got := laid(t, "x", b, "odt"); got != test.want {
				t.Errorf("%s: %q, want %q", test.name, got, test.want)
			}
		}
	}
}

func TestODTParts(t *testing.T) {
	b := odtDocument("<text:p>corps</text:p>", part{"styles.xml", `<office:document-styles><style:header><text:p>MDPH</text:p></style:header></office:document-styles>`},
		part{"meta.xml", `<office:document-meta><dc:title>Décision</dc:title><meta:initial-creator>M. Petit</meta:initial-creator></office:document-meta>`},
		part{"Pictures/1.png", "x"}, part{"Object 1/content.xml", "<a/>"}, part{"META-INF/manifest.xml", "<manifest:manifest/>"})
	if got := laid(t, "x", b, "odt"); got != "MDPH\ncorps\nDécision\nM. Petit\n" {
		t.Errorf("%q", got)
	}
	if got := strings.Join(openArchive(t, "x", b).Order, "|"); got != "Pictures/1.png|Object 1/content.xml" {
		t.Errorf("members %s", got)
	}
	b = odtDocument("", part{"META-INF/manifest.xml", `<manifest:manifest><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>`})
	if _, blocks, err := readObject(t, "x.odt", b); err == nil || err.Error() != "encrypted: OpenDocument" || len(blocks) > 0 {
		t.Errorf("%d blocks, %v", len(blocks), err)
	}
}
