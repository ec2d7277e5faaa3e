package format

// An odtText reads the text of an OpenDocument.
type odtText struct {
	in    *markup
	f     *folio
	text  int  // paragraphs that are open in one another
	mute  bool // in what only looks like text: the mark of a note
	meta  bool // in the properties of a document in one XML
	whole bool // the document has its end

	beside []bool // frames and notes that are open: do they stand in a paragraph?
}

func (t *odtText) read() {
	t.f.walk(t.in, t.enter, t.leave, func() *[]byte {
		if (t.text > 0 || t.meta) && !t.mute {
			return t.f.here()
		}
		return nil
	})
}

// enter begins an element.
func (t *odtText) enter() {
	in, f := t.in, t.f
	switch string(in.name) {
	case "p", "h":
		t.text++
	case "s":
		n, _ := digits(in.attr("c"))
		for range max(1, min(n, 100)) {
			f.write(" ")
		}
	case "tab":
		f.write("\t")
	case "line-break":
		f.write("\n")
	case "a":
		f.note(appendXML(nil, in.attr("href")))
	case "table":
		f.beginTable()
	case "table-row":
		f.beginRow()
	case "table-cell":
		n, _ := digits(in.attr("number-columns-repeated"))
		f.beginCell(n)
	case "covered-table-cell":
		n, _ := digits(in.attr("number-columns-repeated"))
		f.beginCell(n)
	case "annotation", "note", "frame", "custom-shape", "rect", "ellipse", "circle", "polygon", "regular-polygon", "path", "connector", "caption", "deletion":
		beside := t.text > 0 && len(t.beside) < folioTables
		t.beside = append(t.beside[:min(len(t.beside), folioTables)], beside)
		if beside {
			f.aside++
		}
	case "title", "desc", "creator", "initial-creator", "subject", "keyword", "description", "user-defined":
		t.meta = t.text == 0 || f.aside > 0 // otherwise a field that shows it
	case "note-citation", "generator":
		t.mute = true
	case "date":
		t.mute = f.aside > 0 && t.text == 1 // of a comment
	case "hidden-text", "hidden-paragraph", "user-field-decl", "variable-set", "variable-decl", "conditional-text":
		f.note(appendXML(nil, in.attr("string-value")))
	case "textarea", "formatted-text", "listbox", "combobox", "checkbox", "radio", "fixed-text":
		f.note(appendXML(nil, in.attr("current-value")))
		f.note(appendXML(nil, in.attr("value")))
		f.note(appendXML(nil, in.attr("label")))
	}
}

// leave ends an element.
func (t *odtText) leave() {
	f := t.f
	switch string(t.in.name) {
	case "p", "h":
		t.text = max(0, t.text-1)
		f.endLine()
	case "table-cell", "covered-table-cell":
		f.endCell()
	case "table-row":
		f.endRow()
	case "table":
		f.endTable()
	case "annotation", "note", "frame", "custom-shape", "rect", "ellipse", "circle", "polygon", "regular-polygon", "path", "connector", "caption", "deletion":
		if n := len(t.beside); n > 0 {
			if t.beside[n-1] {
				f.pop()
			}
			t.beside = t.beside[:n-1]
		}
	case "title", "desc", "creator", "initial-creator", "subject", "keyword", "description", "user-defined":
		if t.meta {
			t.meta = false
			f.endLine()
		}
	case "note-citation", "generator", "date":
		t.mute = false
	case "document", "document-content", "document-styles", "document-meta":
		t.whole = true
	}
}
