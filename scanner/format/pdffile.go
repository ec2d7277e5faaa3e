package format

import (
	"bytes"
	"io"
	"math"

	"vigie/scanner"
)

const (
	pdfObjects   = 1 << 20  // that are kept track of; 16 bytes each
	pdfCached    = 2048     // parsed objects that are kept
	pdfHeld      = 8 << 20  // bytes of an object stream
	pdfFree      = 64 << 20 // bytes that may be decoded in any case
	pdfResolves  = 32       // references that lead to references
	pdfRevisions = 16       // older ones that are looked at
)

// A pdfPlace says where an object lies: at an offset, or as one of those in an
// object stream.
type pdfPlace struct {
	at   int64 // offset, or index
	in   int32 // number of the object stream
	kind uint8
}

const (
	pdfNowhere = iota
	pdfAt
	pdfIn
)

// A pdfFile is the objects of a PDF. It belongs to one goroutine. Memory: 16
// bytes an object, the objects used last, and one object stream.
type pdfFile struct {
	from    io.ReaderAt
	size    int64
	places  []pdfPlace
	trailer pdfDict
	older   []int64 // tables of revisions before, the newest first
	scanned bool    // the places were looked for
	ready   bool    // what is encrypted can be read
	crypt   *pdfCrypt

	cache   map[int]any
	depth   int
	within  int // number of the object stream that is held
	held    []byte
	index   []pdfPair
	decoded int64 // bytes
	hunted  int64 // bytes searched for ends of streams
	parsed  int64 // bytes of objects, each time they were
	damaged bool  // a stream does not decode to its end
	endless bool  // the end of the file is missing
}

type pdfPair struct{ num, at int }

// A pdfStream is a dictionary and the bytes behind it.
type pdfStream struct {
	pdfDict
	at, n int64
	ref   pdfRef
}

var errPDFRatio = &scanner.Problem{Reason: scanner.Ratio, Detail: "its streams expand further than the limit"}

// spend counts decoded bytes; false: too many.
func (f *pdfFile) spend(n int64) bool {
	f.decoded = min(f.decoded, math.MaxInt64/2) + n
	return f.decoded <= pdfFree+partRatio*f.size
}

// resolve follows references.
func (f *pdfFile) resolve(v any) any {
	for range 8 {
		ref, ok := v.(pdfRef)
		if !ok {
			return v
		}
		v = f.object(ref)
	}
	return nil
}

// dict resolves to a dictionary, also of a stream; nil where there is none.
func (f *pdfFile) dict(v any) pdfDict {
	switch v := f.resolve(v).(type) {
	case pdfDict:
		return v
	case *pdfStream:
		return v.pdfDict
	}
	return nil
}

func (f *pdfFile) array(v any) pdfArray {
	a, _ := f.resolve(v).(pdfArray)
	return a
}

func (f *pdfFile) name(v any) pdfName {
	n, _ := f.resolve(v).(pdfName)
	return n
}

func (f *pdfFile) stream(v any) *pdfStream {
	s, _ := f.resolve(v).(*pdfStream)
	return s
}

func (f *pdfFile) number(v any, otherwise float64) float64 {
	if n, ok := f.resolve(v).(float64); ok && !math.IsInf(n, 0) {
		return n
	}
	return otherwise
}

// object reads an object; nil where there is none.
func (f *pdfFile) object(ref pdfRef) any {
	if v, ok := f.cache[ref.num]; ok {
		return v
	}
	if f.depth >= pdfResolves || ref.num >= len(f.places) {
		return nil
	}
	f.depth++
	defer func() { f.depth-- }()
	var v any
	ok := true
	switch p := f.places[ref.num]; p.kind {
	case pdfAt:
		v, ok = f.objectAt(ref.num, p.at)
	case pdfIn:
		v, ok = f.objectIn(int(p.in), ref.num)
	}
	if !ok && !f.scanned { // the table of places is wrong
		f.scan()
		return f.object(ref)
	}
	if len(f.cache) >= pdfCached {
		clear(f.cache)
	}
	f.cache[ref.num] = v
	return v
}

// section reads from an offset on.
func (f *pdfFile) section(at int64) io.Reader { return io.NewSectionReader(f.from, at, f.size-at) }

// objectAt reads "num gen obj value"; ok is false where something else is there.
func (f *pdfFile) objectAt(num int, at int64) (v any, ok bool) {
	if at < 0 || at >= f.size {
		return nil, false
	}
	if f.parsed > pdfFree+64*f.size { // objects that overlap, or go around
		f.decoded = math.MaxInt64 / 2
		return nil, true
	}
	l := newPDFLexer(f.section(at), at, 1024)
	defer func() { f.parsed += l.at() - at }()
	got, isNum := pdfInt(l.value(0), math.MaxInt32)
	gen, isGen := pdfInt(l.value(0), math.MaxInt32)
	if w, _ := l.value(0).(pdfWord); !isNum || !isGen || w != "obj" || num >= 0 && got != num {
		return nil, false
	}
	ref := pdfRef{got, gen}
	if f.crypt != nil {
		l.decrypt = func(s string) string { return f.crypt.text(ref, s) }
	}
	var items []any
	for len(items) < 4 {
		v := l.value(0)
		w, isWord := v.(pdfWord)
		switch {
		case !isWord:
			items = append(items, v)
			continue
		case w == "R":
			items = pdfReference(items)
			continue
		case w == "stream" && len(items) > 0:
			if d, ok := items[0].(pdfDict); ok {
				return f.streamAt(ref, d, l), true
			}
		}
		break
	}
	if len(items) == 0 {
		return nil, true
	}
	return items[0], true
}

// streamAt finds the bytes of a stream, behind the word.
func (f *pdfFile) streamAt(ref pdfRef, d pdfDict, l *pdfLexer) *pdfStream {
	for l.peek() == ' ' || l.peek() == '\t' {
		l.pos++
	}
	if l.peek() == '\r' {
		l.pos++
	}
	if l.peek() == '\n' {
		l.pos++
	}
	s := &pdfStream{pdfDict: d, at: l.at(), ref: ref}
	if n, ok := f.resolve(d["Length"]).(float64); ok && n >= 0 && n <= float64(f.size-s.at) {
		var tail [16]byte
		k, _ := f.from.ReadAt(tail[:], s.at+int64(n))
		if bytes.HasPrefix(bytes.TrimLeft(tail[:k], "\r\n \t\x00"), []byte("endstr")) {
			s.n = int64(n)
			return s
		}
	}
	s.n = f.hunt(s.at, "endstream")
	return s
}

// hunt returns how many bytes from at on come before a word; all, where it does
// not come. There is a limit to how many bytes are looked at in all.
func (f *pdfFile) hunt(at int64, word string) int64 {
	room := make([]byte, 32<<10)
	for n := int64(0); at+n < f.size; {
		k, _ := f.from.ReadAt(room[:min(int64(len(room)), f.size-at-n)], at+n)
		if f.hunted += int64(k); k == 0 || f.hunted > pdfFree+8*f.size {
			return n
		}
		if i := bytes.Index(room[:k], []byte(word)); i >= 0 {
			return n + int64(i)
		}
		if k < len(word) || at+n+int64(k) >= f.size {
			return n + int64(k)
		}
		n += int64(k - len(word) + 1)
	}
	return max(0, f.size-at)
}

// objectIn reads an object out of an object stream, which may not be encrypted by
// itself.
func (f *pdfFile) objectIn(in, num int) (any, bool) {
	if !f.hold(in) {
		return nil, false
	}
	for _, p := range f.index {
		if p.num == num && p.at < len(f.held) {
			l := newPDFLexer(bytes.NewReader(f.held[p.at:]), 0, 1024)
			v := l.value(0)
			if w, ok := v.(pdfWord); ok {
				return nil, w != ""
			}
			if n, ok := v.(float64); ok { // a reference?
				if r := pdfReference([]any{n, l.value(0)}); len(r) == 1 && l.value(0) == pdfWord("R") {
					return r[0], true
				}
			}
			return v, true
		}
	}
	return nil, false
}

// hold decodes an object stream.
func (f *pdfFile) hold(in int) bool {
	if f.within == in && f.held != nil {
		return true
	}
	if in >= len(f.places) || f.places[in].kind == pdfIn {
		return false
	}
	s := f.stream(pdfRef{num: in})
	if s == nil || s.pdfDict["Type"] != pdfName("ObjStm") {
		return false
	}
	held := f.read(s, pdfHeld)
	first, ok := pdfInt(f.resolve(s.pdfDict["First"]), len(held))
	count, ok2 := pdfInt(f.resolve(s.pdfDict["N"]), len(held))
	if !ok || !ok2 {
		return false
	}
	f.within, f.held, f.index = in, held, f.index[:0]
	l := newPDFLexer(bytes.NewReader(held[:first]), 0, 1024)
	for range count {
		num, ok := pdfInt(l.value(0), pdfObjects)
		at, ok2 := pdfInt(l.value(0), len(held))
		if !ok || !ok2 {
			break
		}
		f.index = append(f.index, pdfPair{num, first + at})
	}
	return true
}

// read decodes a stream, at most so many bytes of it.
func (f *pdfFile) read(s *pdfStream, most int64) []byte {
	r, done := f.open(s)
	defer done()
	b, _ := io.ReadAll(io.LimitReader(r, most))
	return b
}
