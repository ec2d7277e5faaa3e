package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"path"
	"slices"
	"strings"

	"vigie/scanner"
)

var oleObjectFormat = scanner.Format{
	Name: "oleobject",
	Doc: `Objects that are embedded in documents (OLE)

What is embedded (a file, or a document of Word, Excel, PowerPoint, Outlook) is a
member. The picture that stands for it is not read.`,
	Match:  func(_ string, head []byte) bool { return oleIs(head, "\x01Ole10Native") },
	Unpack: unpackObject,
}

func unpackObject(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	o, err := openObject(ctx, c)
	if err != nil {
		return err
	}
	return o.embedded("", "object", yield)
}

func openObject(ctx context.Context, c *scanner.Content) (*ole, error) {
	at, size, err := c.At(ctx)
	if err != nil {
		return nil, err
	}
	return openOLE(at, size)
}

// format returns the format of a compound file whose head did not tell it, nil where it
// is none of these.
func (o *ole) format() *scanner.Format {
	for i := range o.streams {
		switch o.streams[i].path {
		case "WordDocument":
			return &scanner.Format{Unpack: unpackDOC, Read: readDOC}
		case "PowerPoint Document":
			return &scanner.Format{Unpack: unpackPPT, Read: readPPT}
		case msgProperties:
			return &scanner.Format{Unpack: unpackMSG, Read: readMSG}
		case "Ole10Native", "Package", "CONTENTS":
			return &scanner.Format{Unpack: unpackObject, Read: readNothing}
		}
	}
	return nil
}

func readNothing(context.Context, *scanner.Content, func(*scanner.Block) error) error { return nil }

// oleIs reports whether head begins a compound file that has a stream at its top; where
// its directory is not in head, whether it has the name of the stream.
func oleIs(head []byte, stream string) bool {
	if !isOLE(head) {
		return false
	}
	if o, err := openOLE(bytes.NewReader(head), int64(len(head))); err == nil {
		for _, s := range oleWhole { // what an object holds is no reason to split it
			if o.find(s) != nil {
				return s == stream
			}
		}
	}
	return bytes.Contains(head, utf16Bytes(stream))
}

// utf16Bytes is s, of ASCII, as names in a compound file are.
func utf16Bytes(s string) (b []byte) {
	for _, c := range []byte(s) {
		b = append(b, c, 0)
	}
	return b
}

// oleIdle reports whether there is nothing of anybody in a stream of an embedded
// object: how it is shown, and what program made it.
func oleIdle(name string) bool {
	base := path.Base(name)
	return slices.Contains([]string{"Ole", "CompObj", "ObjInfo", "LinkInfo", "EPRINT", "PRINT", "OCXNAME", "OlePres000", "OlePres001", "Current User", "Equation Native",
		"SummaryInformation", "DocumentSummaryInformation"}, base)
}

// oleWhole are the streams by which a storage is a document of a program.
var oleWhole = []string{"WordDocument", "Workbook", "Book", "PowerPoint Document", "VisioDocument", msgProperties}

// embedded hands over what is embedded in the storage that prefix names, "" for the
// top: the whole as a compound file where it is a document, and otherwise its streams.
func (o *ole) embedded(prefix, name string, yield func(scanner.Object) error) error {
	for _, stream := range oleWhole {
		if prefix != "" && o.find(prefix+stream) != nil {
			return yield(o.storage(prefix, name))
		}
	}
	for i := range o.streams {
		s := &o.streams[i]
		rest, ok := strings.CutPrefix(s.path, prefix)
		if !ok || s.size == 0 || oleIdle(rest) {
			continue
		}
		m := o.object(s)
		m.Path = memberPath(name + " " + strings.ReplaceAll(rest, "/", " "))
		if path.Base(rest) == "Ole10Native" {
			native := o.open(s)
			io.CopyN(io.Discard, native, 4)
			if title, data := oleNative(native); data != nil {
				m = scanner.Object{Path: memberPath(firstOf(title, name)), Size: -1, Open: once(data)}
			}
		}
		if err := yield(m); err != nil {
			return err
		}
	}
	return nil
}

// oleNative reads the head of a file that is embedded as it is ([MS-OLEDS] 2.3.6, and
// what programs write there), and returns its name and data; nil where it has none.
func oleNative(r io.Reader) (name string, data io.Reader) {
	in := byteReader{r}
	var two [2]byte
	io.ReadFull(in, two[:])
	label, ok := in.text()
	_, ok2 := in.text()
	var kind [4]byte
	if _, err := io.ReadFull(in, kind[:]); err != nil || !ok || !ok2 {
		return "", nil
	}
	if _, err := oleString(in); err != nil {
		return "", nil
	}
	if _, err := io.ReadFull(in, kind[:]); err != nil {
		return "", nil
	}
	if i := strings.LastIndexAny(label, `/\`); i >= 0 {
		label = label[i+1:]
	}
	return string(decodeHead([]byte(label))), io.LimitReader(in, int64(binary.LittleEndian.Uint32(kind[:])))
}

// A byteReader reads single bytes from a reader.
type byteReader struct{ io.Reader }

// text reads up to a NUL.
func (b byteReader) text() (string, bool) {
	var v []byte
	var one [1]byte
	for len(v) < 1<<10 {
		if _, err := io.ReadFull(b, one[:]); err != nil {
			return "", false
		}
		if one[0] == 0 {
			return string(v), true
		}
		v = append(v, one[0])
	}
	return "", false
}
