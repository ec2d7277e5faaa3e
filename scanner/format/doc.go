package format

import (
	"context"
	"encoding/binary"
	"io"
	"path"
	"strings"

	"vigie/scanner"
)

var docFormat = scanner.Format{
	Name: "doc",
	Doc: `Word documents of before 2007 (DOC: Word 95 to 2003, in a compound file)

Paragraphs are lines of running text; footnotes, headers, comments and text boxes
stand behind the text, and properties (title, author) behind them. Tables are read
as those of DOCX are; one in another is lines of its cell. Results of fields, hidden
and deleted text are read. Embedded documents are members. Pictures and macros are
not read. An encrypted document is reported.`,
	Match:  matchDOC,
	Unpack: unpackDOC,
	Read:   readDOC,
}

const (
	docStream = 32 << 20 // bytes of the stream of a document
	docTable  = 16 << 20 // and of the stream of its tables
)

// matchDOC looks for the stream of a document in the directory, and at the name
// where that is not in the head.
func matchDOC(name string, head []byte) bool {
	ext := path.Ext(name)
	return oleIs(head, "WordDocument") || isOLE(head) && (ext == ".doc" || ext == ".dot")
}

// openDOC opens the compound file; main is nil where it is something else.
func openDOC(ctx context.Context, c *scanner.Content) (o *ole, main *oleStream, err error) {
	at, size, err := c.At(ctx)
	if err != nil {
		return nil, nil, err
	}
	if o, err = openOLE(at, size); err != nil {
		return nil, nil, err
	}
	return o, o.find("WordDocument"), nil
}

func unpackDOC(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	o, main, err := openDOC(ctx, c)
	if err != nil {
		return nil // Read says so
	}
	if main == nil {
		return unpackXLS(ctx, c, yield)
	}
	seen := make(map[string]bool)
	for i := range o.streams {
		top, rest, _ := strings.Cut(o.streams[i].path, "/")
		if object, _, ok := strings.Cut(rest, "/"); ok && top == "ObjectPool" && !seen[object] {
			seen[object] = true
			if err := o.embedded(top+"/"+object+"/", "object "+strings.TrimPrefix(object, "_"), yield); err != nil {
				return err
			}
		}
	}
	return nil
}

func readDOC(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
	o, main, err := openDOC(ctx, c)
	if !isProblem(err) {
		return err
	}
	if err != nil || main == nil {
		return readXLS(ctx, c, yield)
	}
	d := &docReader{ctx: ctx, f: openFolio(ctx, yield, c.Size)}
	d.text, err = io.ReadAll(io.LimitReader(o.open(main), docStream+1))
	if !isProblem(err) {
		return err
	}
	if len(d.text) > docStream {
		d.text, err = d.text[:docStream], &scanner.Problem{Reason: scanner.TooLarge, Detail: "the text of the document"}
	}
	if ferr := d.read(o); err == nil || !isProblem(ferr) {
		err = ferr
	}
	d.f.oleProperties(o)
	if stop := d.f.finish(); stop != nil {
		return stop
	}
	return err
}

// A docReader reads the text of a document ([MS-DOC] 2.4.1).
type docReader struct {
	ctx  context.Context
	f    *folio
	text []byte // the stream WordDocument

	pieces []docPiece
	inRow  map[uint32]bool // where paragraphs of tables end; true: the end of a row
	line   []byte
	field  []byte
	fields []bool // fields that are open: is it their instruction?
	table  bool
	row    bool
}

// A docPiece is a run of text in the stream.
type docPiece struct {
	at, chars int64
	wide      bool // UTF-16, not Windows-1252
}

func (d *docReader) read(o *ole) error {
	le := binary.LittleEndian
	if len(d.text) < 0x1aa || le.Uint16(d.text)&0xff00 != 0xa500 {
		return malformed("header of a Word document")
	}
	flags := le.Uint16(d.text[10:])
	if flags&0x0100 != 0 {
		return &scanner.Problem{Reason: scanner.Encrypted, Detail: "Word document"}
	}
	name := "0Table"
	if flags&0x0200 != 0 {
		name = "1Table"
	}
	tables := o.find(name)
	if le.Uint16(d.text[2:]) < 0xc1 || tables == nil { // Word 95 has no such stream, and its text in one piece
		from, to := int64(le.Uint32(d.text[24:])), int64(le.Uint32(d.text[28:]))
		if from > to || to > int64(len(d.text)) {
			return truncated("the text of the document is cut off")
		}
		d.pieces = []docPiece{{from, to - from, false}}
		return d.lay()
	}
	t, err := io.ReadAll(io.LimitReader(o.open(tables), docTable))
	if !isProblem(err) {
		return err
	}
	if perr := d.plan(part32(t, d.text, 0x1a2)); perr != nil {
		return perr
	}
	d.paragraphs(part32(t, d.text, 0x102))
	if lerr := d.lay(); lerr != nil {
		return lerr
	}
	return err
}

// part32 returns the part of t whose offset and length the header has at k.
func part32(t, header []byte, k int) []byte {
	le := binary.LittleEndian
	at, n := int64(le.Uint32(header[k:])), int64(le.Uint32(header[k+4:]))
	at = min(at, int64(len(t)))
	return t[at:min(at+n, int64(len(t)))]
}

// plan reads the list of pieces (2.9.38).
func (d *docReader) plan(clx []byte) error {
	le := binary.LittleEndian
	for len(clx) > 3 && clx[0] == 1 {
		clx = clx[min(3+int(le.Uint16(clx[1:])), len(clx)):]
	}
	if len(clx) < 5 || clx[0] != 2 {
		return malformed("the list of pieces of the document is missing")
	}
	plc := clx[5:]
	plc = plc[:min(int64(len(plc)), int64(le.Uint32(clx[1:])))]
	n := (len(plc) - 4) / 12
	for i := range max(n, 0) {
		from, to := int64(le.Uint32(plc[4*i:])), int64(le.Uint32(plc[4*i+4:]))
		at := le.Uint32(plc[4*(n+1)+8*i+2:])
		p := docPiece{int64(at & 0x3fffffff), to - from, at&0x40000000 == 0}
		if !p.wide {
			p.at /= 2
		}
		if p.chars > 0 {
			d.pieces = append(d.pieces, p)
		}
	}
	return nil
}

// oleProperties adds title, author and the like.
func (f *folio) oleProperties(o *ole) {
	for _, name := range []string{"SummaryInformation", "DocumentSummaryInformation"} {
		if s := o.find(name); s != nil {
			if p, err := io.ReadAll(io.LimitReader(o.open(s), xlsMostProperties)); isProblem(err) {
				lines, _ := oleProperties(nil, p)
				f.rest()
				f.note(lines)
			}
		}
	}
}
