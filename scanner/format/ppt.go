package format

import (
	"bufio"
	"context"
	"encoding/binary"
	"io"
	"path"
	"strconv"

	"github.com/klauspost/compress/zlib"

	"vigie/scanner"
)

var pptFormat = scanner.Format{
	Name: "ppt",
	Doc: `PowerPoint presentations of before 2007 (PPT, PPS, in a compound file)

Text boxes, titles, notes and comments are lines of running text, in the order in which
they were saved, and behind them are properties (title, author). Cells of tables are
lines: such a presentation keeps no rows. Embedded objects are members. Pictures and
macros are not read. An encrypted presentation is reported.`,
	Match:  matchPPT,
	Unpack: unpackPPT,
	Read:   readPPT,
}

// Records of [MS-PPT].
const (
	pptText     = 0x0fa0 // TextCharsAtom, UTF-16
	pptBytes    = 0x0fa8 // TextBytesAtom, the low bytes of UTF-16
	pptName     = 0x0fba // CString
	pptMaster   = 0x03f8 // MainMaster: its texts are prompts
	pptObject   = 0x1011 // ExOleObjStg
	pptCrypt    = 0x2f14 // CryptSession10Container
	pptLongText = 16 << 20
)

func matchPPT(name string, head []byte) bool {
	ext := path.Ext(name)
	return oleIs(head, "PowerPoint Document") || isOLE(head) && (ext == ".ppt" || ext == ".pps" || ext == ".pot")
}

func openPPT(ctx context.Context, c *scanner.Content) (*ole, *oleStream, error) {
	o, err := openObject(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	return o, o.find("PowerPoint Document"), nil
}

// A pptRecord is a record of the stream. What a container holds follows it.
type pptRecord struct {
	kind     uint16
	instance uint16
	holds    bool // others
	size     int64
}

// pptRecords calls take with each record and the reader behind its head; what take
// leaves of a record that holds no others is passed over.
func pptRecords(ctx context.Context, in io.Reader, take func(pptRecord, io.Reader) error) error {
	br := bufio.NewReaderSize(in, 64<<10)
	var head [8]byte
	for n := 0; ; n++ {
		if n&0xfff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if _, err := io.ReadFull(br, head[:]); err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil
		} else if err != nil {
			return err
		}
		version := binary.LittleEndian.Uint16(head[:])
		r := pptRecord{binary.LittleEndian.Uint16(head[2:]), version >> 4, version&0xf == 0xf, int64(binary.LittleEndian.Uint32(head[4:]))}
		if r.holds && r.kind != pptMaster {
			if err := take(r, nil); err != nil {
				return err
			}
			continue
		}
		body := &io.LimitedReader{R: br, N: r.size}
		if err := take(r, body); err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, body); err != nil {
			return err
		}
	}
}

func readPPT(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
	o, main, err := openPPT(ctx, c)
	if !isProblem(err) {
		return err
	}
	if err != nil || main == nil {
		return readXLS(ctx, c, yield)
	}
	if o.find("EncryptedSummary") != nil {
		return &scanner.Problem{Reason: scanner.Encrypted, Detail: "PowerPoint presentation"}
	}
	f := openFolio(ctx, yield, c.Size)
	err = pptRecords(ctx, o.open(main), func(r pptRecord, body io.Reader) error {
		switch r.kind {
		case pptCrypt:
			return &scanner.Problem{Reason: scanner.Encrypted, Detail: "PowerPoint presentation"}
		case pptText, pptBytes, pptName:
			if body == nil {
				return nil
			}
			b, err := io.ReadAll(io.LimitReader(body, pptLongText))
			f.lay(pptLines(b, r.kind == pptBytes))
			f.check()
			if err == nil {
				err = f.sheet.stop
			}
			return err
		}
		return nil
	})
	f.oleProperties(o)
	if stop := f.finish(); stop != nil {
		return stop
	}
	return err
}

// pptLines returns a text in UTF-8. A paragraph ends with a carriage return, a line
// with a vertical tab.
func pptLines(b []byte, narrow bool) []byte {
	var text []byte
	if narrow {
		for _, c := range b {
			text = append(text, string(rune(c))...)
		}
	} else {
		text, _ = appendUnits(nil, b[:len(b)&^1], true, 0)
	}
	for i, c := range text {
		if c == '\r' || c == 0x0b {
			text[i] = '\n'
		} else if c < ' ' && c != '\t' && c != '\n' {
			text[i] = ' '
		}
	}
	return text
}

func unpackPPT(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	o, main, err := openPPT(ctx, c)
	if err != nil || main == nil {
		if isProblem(err) {
			return nil // Read says so
		}
		return err
	}
	n := 0
	err = pptRecords(ctx, o.open(main), func(r pptRecord, body io.Reader) error {
		if r.kind != pptObject || body == nil {
			return nil
		}
		n++
		if r.instance == 1 { // compressed, with its length before it
			var size [4]byte
			io.ReadFull(body, size[:])
			z, err := zlib.NewReader(body)
			if err != nil {
				return malformed("an embedded object")
			}
			body = zlibData{z}
		}
		return yield(scanner.Object{Path: "oleObject" + strconv.Itoa(n) + ".bin", Size: -1, Open: once(body)})
	})
	if isProblem(err) {
		return nil // Read says so
	}
	return err
}
