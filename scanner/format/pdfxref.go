package format

import (
	"bytes"
	"io"
	"maps"
	"math"

	"vigie/scanner"
)

// openPDF finds the objects: by the tables at the end, or where they are wrong by
// looking for them.
func openPDF(from io.ReaderAt, size int64, head []byte, words []string) (*pdfFile, error) {
	base := int64(max(0, bytes.Index(head[:min(len(head), 1024)], []byte("%PDF-"))))
	f := &pdfFile{from: from, size: size, cache: make(map[int]any), trailer: make(pdfDict)}
	if base > 0 { // offsets count from the header
		f.from, f.size = io.NewSectionReader(from, base, size-base), size-base
	}
	at := f.start()
	if f.endless = at < 0; f.endless || !f.tables(at) {
		f.scan()
	}
	if err := f.unlock(words); err != nil {
		return nil, err
	}
	clear(f.cache)
	if f.ready = true; f.scanned {
		f.scanStreams()
	} else if f.dict(f.trailer["Root"]) == nil {
		f.scan()
	}
	return f, nil
}

// start returns the offset that the end of the file names, -1 without.
func (f *pdfFile) start() int64 {
	n := min(f.size, 2048)
	tail := make([]byte, n)
	k, _ := f.from.ReadAt(tail, f.size-n)
	i := bytes.LastIndex(tail[:k], []byte("startxref"))
	if i < 0 {
		return -1
	}
	at, ok := pdfInt(newPDFLexer(bytes.NewReader(tail[i+9:k]), 0, 64).value(0), math.MaxInt)
	if !ok || int64(at) >= f.size {
		return -1
	}
	return int64(at)
}

// tables reads the chain of tables; what came first holds.
func (f *pdfFile) tables(at int64) bool {
	seen := make(map[int64]bool)
	queue := []int64{at}
	for len(queue) > 0 {
		at, queue = queue[0], queue[1:]
		if seen[at] || at < 0 || at >= f.size || len(seen) > 4096 {
			continue
		}
		seen[at] = true
		d := f.table(at)
		if d == nil {
			return false
		}
		for k, v := range d {
			if _, ok := f.trailer[k]; !ok {
				f.trailer[k] = v
			}
		}
		for _, k := range []pdfName{"XRefStm", "Prev"} {
			if next, ok := d[k].(float64); ok && next >= 0 && next < float64(f.size) {
				queue = append(queue, int64(next))
				if k == "Prev" && int64(next) < at && len(f.older) < pdfRevisions { // otherwise it is a part of this one
					f.older = append(f.older, int64(next))
				}
			}
		}
	}
	return f.trailer["Root"] != nil
}

// table reads one table, of either kind, and returns its trailer.
func (f *pdfFile) table(at int64) pdfDict {
	l := newPDFLexer(f.section(at), at, 4096)
	l.left = math.MaxInt
	if l.value(0) != pdfWord("xref") {
		v, _ := f.objectAt(-1, at)
		if s, ok := v.(*pdfStream); ok && s.pdfDict["Type"] == pdfName("XRef") && f.tableStream(s) {
			return s.pdfDict
		}
		return nil
	}
	for {
		v := l.value(0)
		if v == pdfWord("trailer") {
			l.left = pdfValues
			d, _ := l.value(0).(pdfDict)
			return d
		}
		first, ok := pdfInt(v, math.MaxInt32)
		count, ok2 := pdfInt(l.value(0), math.MaxInt32)
		if !ok || !ok2 {
			return nil
		}
		for i := range count {
			off, ok := pdfInt(l.value(0), math.MaxInt)
			_, ok2 := l.value(0).(float64)
			kind, _ := l.value(0).(pdfWord)
			if !ok || !ok2 {
				return nil
			}
			if kind == "n" && off > 0 {
				f.place(first+i, pdfPlace{at: int64(off), kind: pdfAt})
			} else if kind != "f" && kind != "n" {
				return nil
			} else {
				f.place(first+i, pdfPlace{kind: pdfNowhere, in: -1})
			}
		}
	}
}

// place notes where an object is, unless that is known.
func (f *pdfFile) place(num int, p pdfPlace) {
	if num < 0 || num >= pdfObjects {
		return
	}
	for num >= len(f.places) {
		f.places = append(f.places, pdfPlace{})
	}
	if f.places[num] == (pdfPlace{}) {
		f.places[num] = p
	}
}

// tableStream reads a cross-reference stream (7.5.8).
func (f *pdfFile) tableStream(s *pdfStream) bool {
	var w [3]int
	total := 0
	for i, v := range f.array(s.pdfDict["W"]) {
		if n, ok := pdfInt(v, 8); ok && i < 3 {
			w[i] = n
			total += n
		}
	}
	if total == 0 {
		return false
	}
	index := f.array(s.pdfDict["Index"])
	if len(index) < 2 {
		index = pdfArray{0.0, s.pdfDict["Size"]}
	}
	r, done := f.open(s)
	defer done()
	row := make([]byte, total)
	for i := 0; i+1 < len(index); i += 2 {
		first, ok := pdfInt(index[i], math.MaxInt32)
		count, ok2 := pdfInt(f.resolve(index[i+1]), math.MaxInt32)
		if !ok || !ok2 {
			return false
		}
		for k := range count {
			if _, err := io.ReadFull(r, row); err != nil {
				return k > 0 || i > 0
			}
			kind, b := uint64(1), row[w[0]:]
			if w[0] > 0 {
				kind = bigEndian(row[:w[0]])
			}
			second, third := bigEndian(b[:w[1]]), bigEndian(b[w[1]:])
			switch {
			case kind == 1 && second < uint64(f.size):
				f.place(first+k, pdfPlace{at: int64(second), kind: pdfAt})
			case kind == 2 && second < pdfObjects:
				f.place(first+k, pdfPlace{at: int64(third), in: int32(second), kind: pdfIn})
			default:
				f.place(first+k, pdfPlace{in: -1})
			}
		}
	}
	return true
}

func bigEndian(b []byte) (v uint64) {
	for _, c := range b {
		v = v<<8 | uint64(c)
	}
	return v
}

// scan looks for objects in the whole file; what comes last holds.
func (f *pdfFile) scan() {
	f.scanned = true
	clear(f.cache)
	f.places, f.held = nil, nil
	room := make([]byte, 64<<10)
	const keep = 32 // bytes before a word that belong to it
	n := 0
	for at := int64(0); ; {
		k, _ := f.from.ReadAt(room[n:], at+int64(n))
		b := room[:n+k]
		last := at+int64(len(b)) >= f.size || k == 0
		for i := 0; ; {
			j := bytes.Index(b[i:], []byte("obj"))
			if j < 0 {
				break
			}
			i += j + 3
			if num, from, ok := pdfObjectBefore(b[:i-3]); ok {
				f.found(num, at+int64(from))
			}
		}
		for i := 0; ; {
			j := bytes.Index(b[i:], []byte("trailer"))
			if j < 0 {
				break
			}
			i += j + 7
			f.foundTrailer(at + int64(i))
		}
		if last {
			break
		}
		n = copy(room, b[len(b)-keep:])
		at += int64(len(b) - n)
	}
	for num := range f.places { // tables that are streams have a trailer too
		if f.trailer["Root"] == nil && bytes.Contains(f.headOf(num), []byte("/XRef")) {
			v, _ := f.objectAt(num, f.places[num].at)
			if s, ok := v.(*pdfStream); ok {
				maps.Copy(f.trailer, s.pdfDict)
			}
		}
	}
	if f.ready {
		f.scanStreams()
	}
}

// headOf returns the beginning of an object that lies by itself.
func (f *pdfFile) headOf(num int) []byte {
	if f.places[num].kind != pdfAt {
		return nil
	}
	head := make([]byte, 512)
	k, _ := f.from.ReadAt(head, f.places[num].at)
	return head[:k]
}

// pdfObjectBefore reads "12 0 " backwards from the end of b.
func pdfObjectBefore(b []byte) (num, from int, ok bool) {
	i := len(b)
	for i > 0 && pdfSpace(int(b[i-1])) {
		i--
	}
	gen := i
	for i > 0 && isDigit(b[i-1]) {
		i--
	}
	space := i
	if i == gen || gen-i > 5 {
		return 0, 0, false
	}
	for i > 0 && pdfSpace(int(b[i-1])) {
		i--
	}
	end := i
	for i > 0 && isDigit(b[i-1]) && end-i < 10 {
		num = 0
		i--
	}
	if i == end || end == space {
		return 0, 0, false
	}
	for _, c := range b[i:end] {
		num = num*10 + int(c-'0')
	}
	return num, i, num < pdfObjects
}

func (f *pdfFile) found(num int, at int64) {
	f.place(num, pdfPlace{at: at, kind: pdfAt})
	f.places[num] = pdfPlace{at: at, kind: pdfAt}
}

func (f *pdfFile) foundTrailer(at int64) {
	l := newPDFLexer(f.section(at), at, 1024)
	l.left = 4096
	if d, ok := l.value(0).(pdfDict); ok {
		for k, v := range d {
			f.trailer[k] = v
		}
	}
}

// scanStreams looks through the objects that scan found for those that hold other
// objects, and for the root.
func (f *pdfFile) scanStreams() {
	for num := range f.places {
		if !bytes.Contains(f.headOf(num), []byte("/ObjStm")) || !f.hold(num) {
			continue
		}
		for i, p := range f.index {
			f.place(p.num, pdfPlace{at: int64(i), in: int32(num), kind: pdfIn})
		}
	}
	if f.dict(f.trailer["Root"]) != nil {
		return
	}
	for num := range f.places {
		if d, ok := f.object(pdfRef{num: num}).(pdfDict); ok && d["Type"] == pdfName("Catalog") {
			f.trailer["Root"] = pdfRef{num: num}
		}
	}
}

// pages calls yield with each page in order, with what it inherits. Without a
// tree it is every page there is.
func (f *pdfFile) pages(yield func(pdfDict) error) error {
	w := pdfWalk{f: f, yield: yield, seen: make(map[int]bool)}
	root := f.dict(f.trailer["Root"])
	if err := w.node(root["Pages"], nil, nil, 0); err != nil || w.count > 0 {
		return err
	}
	if !f.scanned {
		f.scan()
		w.seen = make(map[int]bool)
		if err := w.node(f.dict(f.trailer["Root"])["Pages"], nil, nil, 0); err != nil || w.count > 0 {
			return err
		}
	}
	for num := range f.places {
		if d, ok := f.object(pdfRef{num: num}).(pdfDict); ok && d["Type"] == pdfName("Page") {
			w.count++
			if err := yield(d); err != nil {
				return err
			}
		}
	}
	switch {
	case w.count == 0 && f.endless:
		return truncated("no page was found")
	case w.count == 0:
		return malformed("no page was found")
	}
	return nil
}

// A pdfWalk goes down the tree of pages.
type pdfWalk struct {
	f     *pdfFile
	yield func(pdfDict) error
	seen  map[int]bool
	count int
}

const pdfMostPages = 1 << 18

func (w *pdfWalk) node(v, resources, box any, depth int) error {
	if ref, ok := v.(pdfRef); ok {
		if w.seen[ref.num] {
			return nil
		}
		w.seen[ref.num] = true
	}
	d := w.f.dict(v)
	if d == nil || depth > pdfNesting {
		return nil
	}
	if r, ok := d["Resources"]; ok {
		resources = r
	}
	if b, ok := d["MediaBox"]; ok {
		box = b
	}
	kids, tree := w.f.resolve(d["Kids"]).(pdfArray)
	if !tree || d["Type"] == pdfName("Page") {
		if w.count++; w.count > pdfMostPages {
			return &scanner.Problem{Reason: scanner.TooMany, Detail: "more pages than the limit"}
		}
		page := make(pdfDict, len(d)+1)
		for k, v := range d {
			page[k] = v
		}
		page["Resources"], page["MediaBox"] = resources, box
		return w.yield(page)
	}
	for _, kid := range kids {
		if err := w.node(kid, resources, box, depth+1); err != nil {
			return err
		}
	}
	return nil
}
