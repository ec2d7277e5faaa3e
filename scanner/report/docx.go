package report

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"vigie/scanner"
)

var docx = Report{
	Name: "docx",
	Doc: `the drafts of cnil as a document for Word and LibreOffice

The same text, to be completed and signed: what is to be filled in is marked in
yellow, and headings make an outline. Write it to a file with -o.`,
	Packed: true,
	Open:   openDOCX,
}

// openDOCX makes the document of the Markdown that the drafts are written in,
// so that the two cannot differ.
func openDOCX(w io.Writer, o Options) scanner.Sink {
	d := &document{w: w}
	return &docxSink{cnilSink{name: "docx", w: d, aware: o.AwareAt}, d}
}

type docxSink struct {
	cnilSink
	document *document
}

// Close writes the drafts and the end of the document.
func (s *docxSink) Close() error {
	if err := s.cnilSink.Close(); err != nil {
		return err
	}
	if err := s.document.close(); err != nil {
		return fmt.Errorf("write docx: %w", err)
	}
	return nil
}

// A document is an Office Open XML text (ECMA-376) that is being written: it
// takes our Markdown, whole lines with every Write.
type document struct {
	w        io.Writer
	zip      *zip.Writer
	body     io.Writer
	chapters int // begun; each but the first begins a page
}

// Parts that are the same in every document. The date of members is fixed, so
// that the same findings make the same bytes.
var docxParts = []struct{ name, text string }{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
		`<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>` +
		`<Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
	{"word/_rels/document.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>` +
		`<Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering" Target="numbering.xml"/></Relationships>`},
	{"word/styles.xml", docxStyles},
	{"word/numbering.xml", docxNumbering},
}

const (
	xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	wordNS  = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`

	docxStyles = `<w:styles` + wordNS + `><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Liberation Sans" w:hAnsi="Liberation Sans" w:cs="Liberation Sans"/>` +
		`<w:sz w:val="21"/><w:lang w:val="fr-FR"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="100" w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:after="200"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="34"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="240" w:after="160"/><w:outlineLvl w:val="1"/></w:pPr><w:rPr><w:b/><w:color w:val="1F3A5F"/><w:sz w:val="28"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Heading3"><w:name w:val="heading 3"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="240" w:after="100"/><w:outlineLvl w:val="2"/></w:pPr><w:rPr><w:b/><w:color w:val="1F3A5F"/><w:sz w:val="23"/></w:rPr></w:style>` +
		`</w:styles>`

	docxNumbering = `<w:numbering` + wordNS + `><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="hybridMultilevel"/>` +
		`<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="360" w:hanging="260"/></w:pPr></w:lvl>` +
		`<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="–"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="760" w:hanging="260"/></w:pPr></w:lvl>` +
		`</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`

	docxEnd = `<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>`
)

// begin writes the parts before the text.
func (d *document) begin() error {
	d.zip = zip.NewWriter(d.w)
	for _, p := range docxParts {
		w, err := d.part(p.name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, p.text); err != nil {
			return err
		}
	}
	var err error
	if d.body, err = d.part("word/document.xml"); err != nil {
		return err
	}
	if _, err = io.WriteString(d.body, `<w:document`+wordNS+`><w:body>`); err != nil {
		return err
	}
	return d.zip.Flush()
}

func (d *document) part(name string) (io.Writer, error) {
	w, err := d.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err == nil {
		_, err = io.WriteString(w, xmlHead)
	}
	return w, err
}

// Write takes lines of Markdown.
func (d *document) Write(text []byte) (int, error) {
	if d.zip == nil {
		if err := d.begin(); err != nil {
			return 0, err
		}
	}
	var b bytes.Buffer
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "## ") {
			d.chapters++
		}
		paragraph(&b, strings.TrimRight(line, "\n"), d.chapters > 1)
	}
	if _, err := d.body.Write(b.Bytes()); err != nil {
		return 0, err
	}
	return len(text), nil
}

func (d *document) close() error {
	if _, err := io.WriteString(d.body, docxEnd); err != nil {
		return err
	}
	return d.zip.Close()
}

// paragraph writes a line as a heading, an item of a list or plain text; apart:
// a chapter begins a page.
func paragraph(b *bytes.Buffer, line string, apart bool) {
	form := ""
	for _, f := range []struct{ mark, form string }{
		{"### ", `<w:pStyle w:val="Heading3"/>`}, {"## ", `<w:pStyle w:val="Heading2"/>`}, {"# ", `<w:pStyle w:val="Heading1"/>`},
		{"  - ", `<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>`}, {"- ", `<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>`},
	} {
		if rest, ok := strings.CutPrefix(line, f.mark); ok {
			form, line = f.form, rest
			break
		}
	}
	if line == "" {
		return
	}
	if apart && strings.Contains(form, "Heading2") {
		form += `<w:pageBreakBefore/>`
	}
	b.WriteString(`<w:p>`)
	if form != "" {
		b.WriteString(`<w:pPr>` + form + `</w:pPr>`)
	}
	for line != "" {
		text, format, rest := run(line)
		b.WriteString(`<w:r>`)
		if format != "" {
			b.WriteString(`<w:rPr>` + format + `</w:rPr>`)
		}
		b.WriteString(`<w:t xml:space="preserve">`)
		xmlText(b, text)
		b.WriteString(`</w:t></w:r>`)
		line = rest
	}
	b.WriteString(`</w:p>`)
}

const (
	boldRun  = `<w:b/>`
	todoRun  = `<w:b/><w:highlight w:val="yellow"/>`
	plainRun = ""
	codeRun  = `<w:rFonts w:ascii="Liberation Mono" w:hAnsi="Liberation Mono" w:cs="Liberation Mono"/><w:sz w:val="19"/>`
)

// run returns the text up to where the form of the letters changes. Code, which
// may be anything, is told by its fence before anything else is.
func run(line string) (text, format, rest string) {
	if line[0] == '`' {
		n := len(line) - len(strings.TrimLeft(line, "`"))
		if inside, after, ok := strings.Cut(line[n:], line[:n]); ok {
			if n > 1 {
				inside = strings.TrimSuffix(strings.TrimPrefix(inside, " "), " ")
			}
			return inside, codeRun, after
		}
	}
	if inside, ok := strings.CutPrefix(line, "**"); ok {
		if inside, after, ok := strings.Cut(inside, "**"); ok {
			if "**"+inside+"**" == todo {
				return inside, todoRun, after
			}
			return inside, boldRun, after
		}
	}
	end := 1
	for end < len(line) && line[end] != '`' && !strings.HasPrefix(line[end:], "**") {
		end++
	}
	return line[:end], plainRun, line[end:]
}

// xmlText writes text that XML must not read. What XML cannot hold is replaced.
func xmlText(b *bytes.Buffer, s string) {
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r < ' ' || r == utf8.RuneError || r == 0xFFFE || r == 0xFFFF:
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(r)
		}
	}
}
