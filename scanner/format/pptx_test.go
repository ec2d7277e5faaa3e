package format

import (
	"strings"
	"testing"
)

func TestPPTX(t *testing.T) {
	slide := func(n, body string) part {
		return part{"ppt/slides/slide" + n + ".xml", `<p:sld xmlns:a="a" xmlns:p="p"><p:cSld><p:spTree>` + body + `</p:spTree></p:cSld></p:sld>`}
	}
	line := func(s string) string { return `<a:p><a:r><a:t>` + s + `</a:t></a:r></a:p>` }
	row := func(cells ...string) string {
		return `<a:tr><a:tc><a:txBody>` + strings.Join(cells, `</a:txBody></a:tc><a:tc><a:txBody>`) + `</a:txBody></a:tc></a:tr>`
	}
	b := packageOf(part{"[Content_Types].xml", "<Types/>"}, slide("10", line("dix")),
		slide("2", `<a:p><a:r><a:t>2 69 05</a:t></a:r><a:r><a:t> 49</a:t></a:r></a:p><a:tbl>`+row(line("Nom"), line("DUPONT"))+row(line("Ville"), line("Pau"))+`</a:tbl>`),
		part{"ppt/notesSlides/notesSlide1.xml", `<p:notes>` + line("note") + `</p:notes>`}, part{"ppt/slideMasters/slideMaster1.xml", line("Titre")},
		part{"ppt/comments/comment1.xml", `<p:cmLst><p:cm><p:text>voir</p:text></p:cm></p:cmLst>`}, part{"ppt/media/image1.png", "x"},
		part{"docProps/core.xml", `<cp:coreProperties><dc:creator>M. Petit</dc:creator></cp:coreProperties>`})
	if got, want := laid(t, "x", b, "pptx"), "2 69 05 49\nNom: DUPONT\nVille: Pau\ndix\nnote\nvoir\nM. Petit\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := strings.Join(openArchive(t, "x", b).Order, "|"); got != "ppt/media/image1.png" {
		t.Errorf("members %s", got)
	}
}
