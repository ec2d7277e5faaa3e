package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"vigie/scanner"
)

// pictureWords is how many bytes a picture may say about itself.
const pictureWords = 1 << 20

// A pictureText is what a picture says about itself: lines "name : value", each once.
type pictureText struct {
	lines []byte
	seen  map[string]bool
	fault error // the first
}

func (t *pictureText) broken(err error) {
	if t.fault == nil {
		t.fault = err
	}
}

// say adds a line. What is no text is left out.
func (t *pictureText) say(name string, v []byte) {
	v = bytes.TrimSpace(v)
	if len(v) == 0 || !isText(v) {
		return
	}
	line := name + " : " + string(v) + "\n"
	switch {
	case t.seen[line]:
	case len(t.lines)+len(line) > pictureWords:
		t.broken(&scanner.Problem{Reason: scanner.TooLarge, Detail: "a picture with more text about it than the limit"})
	default:
		if t.seen == nil {
			t.seen = make(map[string]bool)
		}
		t.seen[line] = true
		t.lines = append(t.lines, line...)
	}
}

// place adds a position in degrees: five decimals are a metre.
func (t *pictureText) place(latitude, longitude float64) {
	if isPlace(latitude, longitude) {
		v := strconv.AppendFloat(nil, latitude, 'f', 5, 64)
		t.say("Position GPS", strconv.AppendFloat(append(v, ", "...), longitude, 'f', 5, 64))
	}
}

// narrowText decodes text that says ASCII and is UTF-8 or Windows-1252. Zeros end it, or
// stand between its parts.
func narrowText(v []byte) []byte {
	v = bytes.ReplaceAll(bytes.Trim(v, "\x00 "), []byte{0}, []byte("; "))
	if !utf8.Valid(v) {
		v, _ = charmap.Windows1252.NewDecoder().Bytes(v)
	}
	return v
}

// wideText decodes UTF-16, in the order that its mark says or else its zeros.
func wideText(v []byte, order binary.ByteOrder) []byte {
	low, high := 0, 0 // zeros at even and odd places
	for i, c := range v {
		if c == 0 && i%2 == 0 {
			low++
		} else if c == 0 {
			high++
		}
	}
	switch {
	case bytes.HasPrefix(v, []byte("\xff\xfe")):
		order, v = binary.LittleEndian, v[2:]
	case bytes.HasPrefix(v, []byte("\xfe\xff")):
		order, v = binary.BigEndian, v[2:]
	case low > high:
		order = binary.BigEndian
	case high > low:
		order = binary.LittleEndian
	}
	units := make([]uint16, 0, len(v)/2)
	for ; len(v) > 1; v = v[2:] {
		units = append(units, order.Uint16(v))
	}
	return bytes.Trim([]byte(string(utf16.Decode(units))), "\x00 ")
}

// Names in an XMP packet under which nobody wrote anything, or which say nothing
// themselves.
const (
	xmpIdle = " InstanceID DocumentID OriginalDocumentID instanceID documentID originalDocumentID CreatorTool softwareAgent action changed when parameters format ColorSpace " +
		"CreateDate ModifyDate MetadataDate DateCreated DateTimeOriginal DateTimeDigitized History DocumentAncestors LegacyIPTCDigest "
	xmpFrame = " li Seq Bag Alt Description RDF value xmpmeta "
	xmpOwn   = " xmlns rdf xml x xmpMM stEvt stRef stDim stArea stFnt crs tiff exifEX aux xmpG xmpTPg GCamera GDepth GImage GPano Container Item apple-fi HDRGainMap "
)

// readXMP reads an XMP packet (ISO 16684-1): what somebody wrote in elements or attributes,
// under the name of the property.
func readXMP(ctx context.Context, r io.Reader, text *pictureText) {
	in := openMarkup(ctx, r)
	defer in.close()
	x := xmpText{text: text}
	var v []byte
	for in.next(&v) {
		if in.end {
			x.leave(v)
		} else {
			x.enter(in)
		}
		v = v[:0]
	}
	if x.known[0] && x.known[1] {
		text.place(x.degrees[0], x.degrees[1])
	}
	if in.fault != nil {
		text.broken(in.fault)
	}
}

type xmpText struct {
	text    *pictureText
	names   []string // of the elements around, those that say something
	frames  []bool   // whether an element has no name there
	degrees [2]float64
	known   [2]bool
}

func (x *xmpText) enter(in *markup) {
	for rest := in.attrs; len(rest) > 0; {
		var key, value []byte
		key, value, rest = xmlAttr(rest)
		space, _, _ := strings.Cut(string(key), ":")
		if !strings.Contains(xmpOwn, " "+space+" ") && len(value) <= exifValue {
			x.property(string(xmlLocal(key)), appendXML(nil, value))
		}
	}
	if in.empty || len(x.frames) == 64 {
		return
	}
	frame := strings.Contains(xmpFrame, " "+string(in.name)+" ")
	x.frames = append(x.frames, frame)
	if !frame {
		x.names = append(x.names, string(in.name))
	}
}

func (x *xmpText) leave(v []byte) {
	if n := len(x.names); n > 0 {
		x.property(x.names[n-1], v)
	}
	if n := len(x.frames); n > 0 {
		if !x.frames[n-1] {
			x.names = x.names[:len(x.names)-1]
		}
		x.frames = x.frames[:n-1]
	}
}

func (x *xmpText) property(name string, v []byte) {
	switch v = bytes.TrimSpace(v); {
	case name == "GPSLatitude" || name == "GPSLongitude":
		i := 0
		if name == "GPSLongitude" {
			i = 1
		}
		x.degrees[i], x.known[i] = xmpDegrees(string(v))
	case strings.Contains(xmpIdle, " "+name+" ") || len(v) > 200 && bytes.IndexByte(v, ' ') < 0: // numbers, pictures in base64
	default:
		x.text.say(name, v)
	}
}

// xmpDegrees reads "48,51.396N", "48,51,23.76N" or a number.
func xmpDegrees(s string) (float64, bool) {
	sign := 1.0
	if i := strings.IndexAny(s, "NSEWnsew"); i >= 0 && i == len(s)-1 {
		if strings.ContainsAny(s[i:], "SWsw") {
			sign = -1
		}
		s = s[:i]
	}
	sum, unit := 0.0, 1.0
	parts := strings.SplitN(s, ",", 3)
	for _, part := range parts {
		n, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return 0, false
		}
		sum, unit = sum+n/unit, unit*60
	}
	return sign * sum, true
}
