package format

import "math"

const pdfNotes = 1 << 14 // annotations of a page

// notes hands over what annotations say, and where links lead.
func (d *pdfDocument) notes(page pdfDict) {
	all := d.f.array(page["Annots"])
	for _, v := range all[:min(len(all), pdfNotes)] {
		a := d.f.dict(v)
		if a == nil {
			continue
		}
		d.property("", a["T"])
		d.property("", a["Contents"])
		if f := d.f.dict(a["A"]); f != nil {
			d.property("", f["URI"])
		}
	}
}

// fields hands over the values of a form, with their labels.
func (d *pdfDocument) fields(v any, label string, depth int, left *int) {
	if depth > 16 {
		return
	}
	for _, kid := range d.f.array(v) {
		if *left--; *left < 0 {
			return
		}
		k := d.f.dict(kid)
		if k == nil {
			continue
		}
		name := label
		if t := d.f.text(k["TU"]); t != "" {
			name = t
		} else if t := d.f.text(k["T"]); t != "" {
			name = t
		}
		switch v := d.f.resolve(k["V"]).(type) {
		case pdfString:
			d.property(name, v)
		case *pdfStream:
			d.property(name, pdfString(d.f.read(v, pdfProperty)))
		case pdfName:
			if v != "Off" {
				d.property(name, v)
			}
		case pdfArray:
			for _, v := range v[:min(len(v), 64)] {
				d.property(name, v)
			}
		}
		d.fields(k["Kids"], name, depth+1, left)
	}
}

// bookmarks hands over the titles of the outline.
func (d *pdfDocument) bookmarks(v any) {
	seen := make(map[pdfRef]bool)
	stack := []any{d.f.dict(v)["First"]}
	for len(stack) > 0 && len(seen) < pdfFields {
		ref, ok := stack[len(stack)-1].(pdfRef)
		stack = stack[:len(stack)-1]
		item := d.f.dict(ref)
		if !ok || seen[ref] || item == nil {
			continue
		}
		seen[ref] = true
		d.property("", item["Title"])
		stack = append(stack, item["Next"], item["First"])
	}
}

// appearances carries out what the annotations of a page look like: what is filled
// into a form stands where its label is.
func (p *pdfPainter) appearances(page pdfDict) error {
	all := p.f.array(page["Annots"])
	if !p.f.spend(int64(64 * min(len(all), pdfNotes))) {
		return errPDFRatio
	}
	for _, v := range all[:min(len(all), pdfNotes)] {
		a := p.f.dict(v)
		look := p.f.resolve(p.f.dict(a["AP"])["N"])
		if states, ok := look.(pdfDict); ok {
			look = p.f.resolve(states[p.f.name(a["AS"])])
		}
		s, ok := look.(*pdfStream)
		rect, ok2 := pdfArgs(p.f.numbers(a["Rect"]), 4)
		if !ok || !ok2 || p.f.name(a["Subtype"]) == "Popup" {
			continue
		}
		p.pdfState = pdfState{ctm: p.placed(s.pdfDict, rect), scale: 1}
		p.stack = p.stack[:0]
		if err := p.form(s, nil); err != nil {
			return err
		}
	}
	return nil
}

// placed returns what puts the box of an appearance into a rectangle (12.5.5).
func (p *pdfPainter) placed(d pdfDict, rect [6]float64) pdfMatrix {
	m := pdfUnit
	if own, ok := pdfArgs(p.f.numbers(d["Matrix"]), 6); ok {
		m = pdfMatrix(own)
	}
	box, ok := pdfArgs(p.f.numbers(d["BBox"]), 4)
	left, bottom := min(rect[0], rect[2]), min(rect[1], rect[3])
	if !ok {
		return pdfMatrix{1, 0, 0, 1, left, bottom}
	}
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, corner := range [4][2]float64{{box[0], box[1]}, {box[2], box[1]}, {box[0], box[3]}, {box[2], box[3]}} {
		x, y := m.at(corner[0], corner[1])
		x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
	}
	scale := func(to, from float64) float64 {
		if from < 1e-3 || to < 1e-3 {
			return 1
		}
		return to / from
	}
	a, b := scale(math.Abs(rect[2]-rect[0]), x1-x0), scale(math.Abs(rect[3]-rect[1]), y1-y0)
	return pdfMatrix{a, 0, 0, b, left - x0*a, bottom - y0*b}
}

// numbers resolves an array and what is in it.
func (f *pdfFile) numbers(v any) pdfArray {
	a := f.array(v)
	out := make(pdfArray, 0, 6)
	for _, v := range a[:min(len(a), 6)] {
		out = append(out, f.resolve(v))
	}
	return out
}
