package format

import (
	"errors"

	"vigie/scanner"
)

// revisions hands over, as running text, pages that a later revision of the file has
// replaced or left out: they are still in it.
func (d *pdfDocument) revisions(p *pdfPainter) error {
	newest := d.f
	if newest.scanned {
		return nil
	}
	d.plain = true
	defer func() { d.plain, d.f, p.f = false, newest, newest }()
	for _, at := range newest.older {
		f := &pdfFile{from: newest.from, size: newest.size, cache: make(map[int]any), trailer: make(pdfDict), crypt: newest.crypt, scanned: true, decoded: newest.decoded}
		if !f.tables(at) {
			continue
		}
		d.f, p.f = f, f
		clear(p.fonts)
		err := f.pages(func(page pdfDict) error {
			if err := d.ctx.Err(); err != nil || !p.unseen(page) {
				return err
			}
			if err := p.paint(page); err != nil {
				return err
			}
			return d.layOut(&p.page)
		})
		newest.decoded = f.decoded
		if problem := (*scanner.Problem)(nil); err != nil && (!errors.As(err, &problem) || problem.Reason == scanner.Ratio) {
			return err
		}
	}
	return nil
}

// unseen reports whether a page has content that was not carried out yet.
func (p *pdfPainter) unseen(page pdfDict) bool {
	for _, v := range p.f.contents(page) {
		if s := p.f.stream(v); s != nil && !p.seen[s.at] {
			return true
		}
	}
	return false
}

// contents returns the streams of a page.
func (f *pdfFile) contents(page pdfDict) pdfArray {
	v := f.resolve(page["Contents"])
	if s, ok := v.(*pdfStream); ok {
		return pdfArray{s}
	}
	all, _ := v.(pdfArray)
	return all
}
