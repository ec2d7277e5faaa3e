package format

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"vigie/scanner"
)

var pdfFormat = scanner.Format{
	Name: "pdf",
	Doc: `PDF documents

Text in reading order, of every font that says what its glyphs mean; tables whose
columns can be told are tables, also over pages; values of forms, notes and links,
title and author are text, and embedded files are members. Documents whose tables
of objects are damaged are read by looking for the objects. Encrypted ones (RC4,
AES) are read where the password is empty or one of those given. Pages that are
only pictures are counted and reported, or with --ocr read.`,
	Match:  func(_ string, head []byte) bool { return isPDF(head) },
	Unpack: unpackPDF,
	Read:   readPDF,
}

func isPDF(head []byte) bool {
	return bytes.HasPrefix(head, []byte("%PDF-")) || bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")) && binaryTail(head)
}

const (
	pdfProperty = 64 << 10 // bytes of a title, a note, a value of a form
	pdfXMP      = 64 << 10 // bytes of metadata that are looked at
	pdfMembers  = 1 << 14  // embedded files
	pdfFields   = 1 << 16  // of a form
)

// A pdfDocument hands over what a file says.
type pdfDocument struct {
	ctx     context.Context
	f       *pdfFile
	sheet   sheet
	columns []pdfSpan // of the last table; nil without
	first   pdfRow    // its first row
	held    pdfRow    // its last row, which may go on
	tables  int
	edges   map[string]bool // lines at the edge of pages
	line    []byte
	ran     int // line of the page that was handed over as text last

	ocr   scanner.OCR // nil: pictures are not read
	blind error       // why one was not

	plain bool // tables are running text

	pages, pictures, silent int
	last                    string // property that was handed over
}

func readPDF(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
	return readPDFWith(ctx, c, c.OCR(), yield)
}

func readPDFWith(ctx context.Context, c *scanner.Content, ocr scanner.OCR, yield func(*scanner.Block) error) error {
	at, size, broken, closing, err := salvage(ctx, c)
	if err != nil {
		return err
	}
	defer closing()
	f, err := openPDF(at, size, c.Head(), c.Passwords())
	if err != nil {
		return err
	}
	d := &pdfDocument{ctx: ctx, f: f, ocr: ocr, edges: make(map[string]bool)}
	d.sheet = sheet{ctx: ctx, yield: yield}
	d.sheet.begin("")
	err = d.read()
	if d.columns != nil {
		d.endTable()
	}
	d.sheet.flushOther()
	switch {
	case d.sheet.stop != nil:
		return d.sheet.stop
	case err != nil:
		return fault(err)
	case broken != nil:
		return broken
	}
	return d.trouble()
}

// trouble says what was not read.
func (d *pdfDocument) trouble() error {
	switch {
	case d.pictures > 0:
		detail := d.of(d.pictures, "is an image", "are images")
		if d.blind != nil {
			detail += " (" + d.blind.Error() + ")"
		}
		return &scanner.Problem{Reason: scanner.ImageOnly, Detail: detail}
	case d.silent > 0:
		return unsupported(d.of(d.silent, "has", "have") + " text whose font does not say what it means")
	case d.f.endless:
		return truncated("the table of its objects is missing; those that were found were read")
	case d.f.damaged:
		return malformed("compressed data do not decode")
	}
	return nil
}

// picture counts a page that is one, or has it read.
func (d *pdfDocument) picture(p *pdfPainter) error {
	if d.ocr != nil {
		err := d.readPictures(p)
		if err == nil || !isProblem(err) {
			return err
		}
		d.blind = cmp.Or(d.blind, err)
	}
	d.pictures++
	return nil
}

func (d *pdfDocument) of(n int, one, many string) string {
	if n > 1 {
		one = many
	}
	return fmt.Sprintf("%d of %s %s", n, plural(d.pages, "page"), one)
}

func (d *pdfDocument) read() error {
	info := d.f.dict(d.f.trailer["Info"])
	for _, k := range slices.Sorted(maps.Keys(info)) {
		if !slices.Contains([]pdfName{"Producer", "Creator", "CreationDate", "ModDate", "Trapped"}, k) {
			d.property("", info[k])
		}
	}
	root := d.f.dict(d.f.trailer["Root"])
	if s := d.f.stream(root["Metadata"]); s != nil {
		d.metadata(d.f.read(s, pdfXMP))
	}
	p := &pdfPainter{f: d.f, fonts: make(map[pdfRef]*pdfFont), seen: make(map[int64]bool)}
	p.full = func() error { return d.layOut(&p.page) }
	err := d.f.pages(func(page pdfDict) error {
		if err := d.ctx.Err(); err != nil {
			return err
		}
		d.pages++
		err := p.paint(page)
		scan := p.scanned(page)
		if err == nil {
			err = p.appearances(page)
		}
		switch {
		case scan:
			if err == nil {
				err = d.picture(p)
			}
		case 2*p.unknown > p.glyphs:
			d.silent++
		}
		if lerr := d.layOut(&p.page); err == nil {
			err = lerr
		}
		if err == nil {
			d.notes(page)
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := d.revisions(p); err != nil {
		return err
	}
	d.bookmarks(root["Outlines"])
	form := d.f.dict(root["AcroForm"])
	left := pdfFields
	d.fields(form["Fields"], "", 0, &left)
	return d.sheet.stop
}

// property hands over a text of the document, once.
func (d *pdfDocument) property(label string, v any) {
	text := d.f.text(v)
	if text == "" || label+text == d.last {
		return
	}
	d.last = label + text
	if label != "" {
		text = label + ": " + text
	}
	d.sheet.aside([]byte(text))
}

// text decodes a text string (7.9.2.2).
func (f *pdfFile) text(v any) string {
	s, ok := f.resolve(v).(pdfString)
	if n, isName := f.resolve(v).(pdfName); isName {
		s, ok = pdfString(n), true
	}
	if !ok {
		return ""
	}
	s = s[:min(len(s), pdfProperty)]
	var text string
	switch {
	case strings.HasPrefix(string(s), "\xfe\xff"):
		text = pdfUTF16(s[2:] + "")
	case strings.HasPrefix(string(s), "\xef\xbb\xbf"):
		text = string(s[3:])
	default:
		text = string(decodeHead([]byte(s)))
	}
	return strings.TrimSpace(pdfPlain(strings.ReplaceAll(strings.ToValidUTF8(text, " "), "\r", "\n")))
}

// metadata hands over who made the document and what it is about, from XMP.
func (d *pdfDocument) metadata(b []byte) {
	if !bytes.Contains(b, []byte("<")) {
		return
	}
	for _, tag := range []string{"dc:title", "dc:creator", "dc:description", "dc:subject"} {
		_, rest, ok := bytes.Cut(b, []byte("<"+tag))
		if !ok {
			continue
		}
		inner, _, ok := bytes.Cut(rest, []byte("</"+tag))
		if !ok {
			continue
		}
		var text []byte
		tagged := true
		for _, c := range inner {
			switch {
			case c == '<':
				tagged = true
				text = append(text, ' ')
			case c == '>':
				tagged = false
			case !tagged:
				text = append(text, c)
			}
		}
		d.property("", pdfString(bytes.Join(bytes.Fields(text), []byte(" "))))
	}
}

// unpackPDF hands over the embedded files. What is wrong with the document Read
// says.
func unpackPDF(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	at, size, _, closing, err := salvage(ctx, c)
	if err != nil {
		if isProblem(err) {
			return nil
		}
		return err
	}
	defer closing()
	f, err := openPDF(at, size, c.Head(), c.Passwords())
	if err != nil {
		return nil
	}
	seen := make(map[int]bool)
	member := func(v any) error {
		d := f.dict(v)
		files := f.dict(d["EF"])
		var s *pdfStream
		for _, k := range []pdfName{"UF", "F", "Unix", "DOS", "Mac"} {
			if s = f.stream(files[k]); s != nil {
				break
			}
		}
		if s == nil || seen[s.ref.num] {
			return nil
		}
		if seen[s.ref.num] = true; len(seen) > pdfMembers {
			return &scanner.Problem{Reason: scanner.TooMany, Detail: "more embedded files than the limit"}
		}
		name := f.text(d["UF"])
		if name == "" {
			name = f.text(d["F"])
		}
		r, done := f.open(s)
		defer done()
		return yield(scanner.Object{Path: memberPath(name), Size: -1, Modified: time.Time{}, Open: once(r)})
	}
	root := f.dict(f.trailer["Root"])
	if err := f.formData(root, yield); err != nil {
		return err
	}
	for _, v := range f.array(root["AF"]) {
		if err := member(v); err != nil {
			return err
		}
	}
	left := pdfFields
	if err := f.names(f.dict(root["Names"])["EmbeddedFiles"], 0, &left, member); err != nil {
		return err
	}
	err = f.pages(func(page pdfDict) error {
		for _, v := range f.array(page["Annots"]) {
			if a := f.dict(v); a != nil && f.name(a["Subtype"]) == "FileAttachment" {
				if err := member(a["FS"]); err != nil {
					return err
				}
			}
		}
		return ctx.Err()
	})
	if p := (*scanner.Problem)(nil); errors.As(err, &p) && p.Reason == scanner.Malformed {
		return nil
	}
	return err
}

// formData hands over what is filled into a form of XFA, which is XML.
func (f *pdfFile) formData(root pdfDict, yield func(scanner.Object) error) error {
	v := f.resolve(f.dict(root["AcroForm"])["XFA"])
	s, _ := v.(*pdfStream)
	all, _ := v.(pdfArray)
	for i := 0; i+1 < len(all); i += 2 {
		if f.text(all[i]) == "datasets" {
			s = f.stream(all[i+1])
		}
	}
	if s == nil {
		return nil
	}
	r, done := f.open(s)
	defer done()
	return yield(scanner.Object{Path: "xfa.xml", Size: -1, Open: once(r)})
}

// names goes down a tree of names (7.9.6).
func (f *pdfFile) names(v any, depth int, left *int, yield func(any) error) error {
	d := f.dict(v)
	if d == nil || depth > 16 {
		return nil
	}
	all := f.array(d["Names"])
	for i := 1; i < len(all); i += 2 {
		if err := yield(all[i]); err != nil {
			return err
		}
	}
	for _, kid := range f.array(d["Kids"]) {
		if *left--; *left < 0 {
			return nil
		}
		if err := f.names(kid, depth+1, left, yield); err != nil {
			return err
		}
	}
	return nil
}
