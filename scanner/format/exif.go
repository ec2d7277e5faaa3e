package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
)

// Limits of the tags of one picture.
const (
	exifFields      = 4096     // of one directory
	exifDirectories = 256      // pages of a TIFF, with what hangs below them
	exifValue       = 64 << 10 // bytes of one text
	exifXMP         = 4 << 20
)

// Directories that fields point to, and the packet among the fields.
const (
	exifXMPacket   = 0x02BC
	exifMain       = 0x8769
	exifGPS        = 0x8825
	exifUserText   = 0x9286
	exifFirstXP    = 0x9C9B // XPTitle …
	exifLastXP     = 0x9C9F // … XPSubject
	exifLatitude   = 2
	exifLongitude  = 4
	exifTarget     = 18 // behind it the same four, of the place that is shown
	exifArea       = 0x1C
	exifTIFFHeader = 8
)

// exifNames are the fields in which somebody wrote something (EXIF 2.32 and 3.0,
// TIFF 6.0, and those of Windows). The rest is about light and lenses.
var exifNames = map[uint16]string{
	0x010D: "DocumentName", 0x010E: "ImageDescription", 0x011D: "PageName", 0x013B: "Artist", 0x013C: "HostComputer",
	0x8298: "Copyright", exifUserText: "UserComment", exifFirstXP: "XPTitle", 0x9C9C: "XPComment", 0x9C9D: "XPAuthor", 0x9C9E: "XPKeywords",
	exifLastXP: "XPSubject", 0xA430: "CameraOwnerName", 0xA436: "ImageTitle", 0xA437: "Photographer", 0xA438: "ImageEditor",
}

// An exif reads the fields of one picture. Offsets count from the TIFF header. It reads
// what it shows and nothing else, each directory once, and the first thing that is
// broken is the fault of the text it goes to.
type exif struct {
	ctx   context.Context
	at    io.ReaderAt
	size  int64
	order binary.ByteOrder
	text  *pictureText
	seen  map[int64]bool
}

// readEXIF reads what is behind a TIFF header.
func readEXIF(ctx context.Context, at io.ReaderAt, size int64, text *pictureText) {
	x := exif{ctx: ctx, at: at, size: size, text: text, seen: make(map[int64]bool)}
	head, ok := x.bytes(0, exifTIFFHeader)
	if !ok {
		return
	}
	switch string(head[:4]) {
	case "II*\x00":
		x.order = binary.LittleEndian
	case "MM\x00*":
		x.order = binary.BigEndian
	default:
		text.broken(malformed("EXIF without its header"))
		return
	}
	for off := int64(x.order.Uint32(head[4:])); off != 0; {
		next, ok := x.directory(off, 0)
		if !ok {
			return
		}
		off = next
	}
}

// bytes returns n bytes from off; what is not there is the fault of the picture.
func (x *exif) bytes(off, n int64) ([]byte, bool) {
	if off > x.size-n {
		x.text.broken(truncated("EXIF points behind the end"))
		return nil, false
	}
	b := make([]byte, n)
	if k, err := x.at.ReadAt(b, off); int64(k) < n {
		if errors.Is(err, io.EOF) {
			err = truncated("EXIF points behind the end")
		}
		x.text.broken(err)
		return nil, false
	}
	return b, true
}

// directory reads the fields of a directory, the one that has the tag kind or, with 0,
// one of the chain, and returns where the next one is.
func (x *exif) directory(off int64, kind uint16) (next int64, ok bool) {
	if x.seen[off] || len(x.seen) == exifDirectories || x.ctx.Err() != nil {
		return 0, false
	}
	x.seen[off] = true
	b, ok := x.bytes(off, 2)
	if !ok {
		return 0, false
	}
	n := int64(x.order.Uint16(b))
	if n > exifFields {
		x.text.broken(malformed("EXIF with a directory that is none"))
		return 0, false
	}
	if b, ok = x.bytes(off+2, 12*n); !ok {
		return 0, false
	}
	var place exifPlace
	for ; len(b) > 0; b = b[12:] {
		if kind == exifGPS {
			place.field(x, b[:12])
		} else {
			x.field(b[:12])
		}
	}
	place.say(x.text)
	// Many cameras leave the link to a next directory out, where it would be at the end.
	if kind != 0 || off+2+12*n+4 > x.size {
		return 0, true
	}
	if b, ok = x.bytes(off+2+12*n, 4); !ok {
		return 0, false
	}
	return int64(x.order.Uint32(b)), true
}

// field reads a field: tag, type, count, and the value or where it is.
func (x *exif) field(f []byte) {
	switch tag := x.order.Uint16(f); tag {
	case exifMain, exifGPS:
		x.directory(int64(x.order.Uint32(f[8:])), tag)
	case exifXMPacket:
		if at, n := x.place(f); n > 4 && at+n <= x.size {
			readXMP(x.ctx, io.NewSectionReader(x.at, at, min(n, exifXMP)), x.text)
		}
	default:
		name := exifNames[tag]
		if name == "" {
			return
		}
		v := x.value(f)
		switch {
		case tag >= exifFirstXP && tag <= exifLastXP:
			v = wideText(v, binary.LittleEndian)
		case tag == exifUserText:
			v = x.userComment(v)
		default:
			v = narrowText(v)
		}
		x.text.say(name, v)
	}
}

// place returns where the value of a field is, in bytes; 0 bytes where its type is
// unknown.
func (x *exif) place(f []byte) (at, n int64) {
	size := int64(0)
	switch x.order.Uint16(f[2:]) {
	case 1, 2, 6, 7, 129: // bytes and text
		size = 1
	case 3, 8:
		size = 2
	case 4, 9, 11, 13:
		size = 4
	case 5, 10, 12: // fractions and double
		size = 8
	}
	return int64(x.order.Uint32(f[8:])), size * int64(x.order.Uint32(f[4:]))
}

// value returns the value of a field, the first exifValue bytes of it.
func (x *exif) value(f []byte) []byte {
	at, n := x.place(f)
	if n <= 4 {
		return f[8 : 8+n]
	}
	b, _ := x.bytes(at, min(n, exifValue))
	return b
}

// userComment decodes a text that begins with the name of its character set.
func (x *exif) userComment(v []byte) []byte {
	if len(v) < 8 {
		return nil
	}
	set, v := v[:8], v[8:]
	switch {
	case bytes.HasPrefix(set, []byte("UNICODE")):
		return wideText(v, x.order)
	case bytes.HasPrefix(set, []byte("JIS")):
		return nil
	}
	return narrowText(v)
}

// An exifPlace is a position as a GPS directory has it: that of the camera and that of
// what it saw.
type exifPlace struct {
	degrees [2][2]float64 // camera, target; latitude, longitude
	known   [2][2]bool
	minus   [2][2]bool // south, west
}

// field takes a field of a GPS directory: fractions, and the half of the earth before them.
func (p *exifPlace) field(x *exif, f []byte) {
	tag, camera := int(x.order.Uint16(f)), 0
	if tag == exifArea {
		x.text.say("GPSAreaInformation", x.userComment(x.value(f)))
		return
	}
	if tag > exifTarget {
		tag, camera = tag-exifTarget, 1
	}
	if tag < 1 || tag > exifLongitude {
		return
	}
	axis := (tag - 1) / 2
	v := x.value(f)
	if tag == exifLatitude-1 || tag == exifLongitude-1 {
		p.minus[camera][axis] = len(v) > 0 && (v[0]|0x20 == 's' || v[0]|0x20 == 'w')
		return
	}
	if _, n := x.place(f); n != 24 || len(v) != 24 {
		return
	}
	sum, known := 0.0, true
	for i, unit := range [3]float64{1, 60, 3600} {
		over, under := x.order.Uint32(v[8*i:]), x.order.Uint32(v[8*i+4:])
		switch {
		case under != 0:
			sum += float64(over) / float64(under) / unit
		case i == 0 || over != 0:
			known = false
		}
	}
	p.degrees[camera][axis], p.known[camera][axis] = sum, known
}

func (p *exifPlace) say(text *pictureText) {
	for i, d := range p.degrees {
		for axis := range d {
			if p.minus[i][axis] {
				d[axis] = -d[axis]
			}
		}
		if p.known[i][0] && p.known[i][1] {
			text.place(d[0], d[1])
		}
	}
}

// isPlace tells a position on earth from what cameras write that know none.
func isPlace(latitude, longitude float64) bool {
	return math.Abs(latitude) <= 90 && math.Abs(longitude) <= 180 && (latitude != 0 || longitude != 0)
}
