package format

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"io"
	"maps"
	"slices"

	"github.com/klauspost/compress/zlib"
)

const (
	pngChunk = 4 << 20 // bytes of a chunk with text
	heifMeta = 1 << 20 // bytes of the box that says what a HEIF file holds
)

// png walks the chunks (PNG, third edition) as far as they are at hand: those with text
// are before the pixels, or the picture is a small one.
func (p *picture) png() {
	for off := int64(8); off+8 <= p.near; {
		b := p.get(off, 8)
		if len(b) < 8 {
			return
		}
		at, n := off+8, int64(binary.BigEndian.Uint32(b))
		switch kind := string(b[4:]); kind {
		case "eXIf":
			p.exif(at, n)
		case "tEXt", "zTXt", "iTXt":
			if n <= pngChunk {
				p.pngText(kind, p.get(at, n))
			}
		case "IEND":
			return
		}
		off = at + n + 4
	}
}

// pngText reads a keyword and its text.
func (p *picture) pngText(kind string, b []byte) {
	name, v, ok := bytes.Cut(b, []byte{0})
	if !ok || len(v) < 2 {
		return
	}
	packed := kind == "zTXt"
	switch kind {
	case "zTXt":
		v = v[1:]
	case "iTXt":
		packed = v[0] != 0
		_, v, _ = bytes.Cut(v[2:], []byte{0}) // language
		_, v, _ = bytes.Cut(v, []byte{0})     // keyword in it
	}
	if packed {
		z, err := zlib.NewReader(bytes.NewReader(v))
		if err == nil {
			v, err = io.ReadAll(io.LimitReader(z, pngChunk))
		}
		if err != nil {
			p.text.broken(malformed("text of a PNG picture that does not decode"))
		}
	}
	switch string(name) {
	case "XML:com.adobe.xmp":
		readXMP(p.ctx, bytes.NewReader(v), &p.text)
	case "Raw profile type exif", "Raw profile type APP1", "Raw profile type xmp":
		p.pngProfile(v)
	default:
		if !bytes.HasPrefix(name, []byte("Raw profile type")) && !bytes.HasPrefix(name, []byte("date:")) && !bytes.HasPrefix(name, []byte("Software")) {
			p.text.say(string(narrowText(name)), narrowText(v))
		}
	}
}

// pngProfile reads EXIF or XMP in hexadecimal, as programs wrote it before the standard
// had a place for it: a name, the length and the lines.
func (p *picture) pngProfile(v []byte) {
	fields := bytes.Fields(v)
	if len(fields) < 3 {
		return
	}
	b := bytes.Join(fields[2:], nil)
	b = b[:len(b)&^1]
	n, err := hex.Decode(b, b)
	if b = b[:n]; err != nil {
		p.text.broken(malformed("text of a PNG picture that does not decode"))
	}
	if exif, ok := bytes.CutPrefix(b, []byte("Exif\x00\x00")); ok {
		readEXIF(p.ctx, bytes.NewReader(exif), int64(len(exif)), &p.text)
	} else if i := bytes.Index(b, []byte("<x:xmpmeta")); i >= 0 {
		readXMP(p.ctx, bytes.NewReader(b[i:]), &p.text)
	}
}

// A heifItem is something in a HEIF file: what it is, and where.
type heifItem struct {
	xmp   bool
	at, n int64
}

// heif reads the items of a HEIF or AVIF file that are EXIF or XMP (ISO 23008-12).
func (p *picture) heif() {
	for off, boxes := int64(0), 0; boxes < 64; boxes++ {
		b := p.get(off, 8)
		if len(b) < 8 {
			return
		}
		n := int64(binary.BigEndian.Uint32(b))
		if string(b[4:]) == "meta" && n > 12 && n <= heifMeta {
			p.heifItems(p.get(off+12, n-12), off+12)
			return
		}
		if n < 8 {
			return // goes on to the end, or is longer than 4 GiB: pictures
		}
		off += n
	}
}

// heifItems reads the boxes in the one named meta, whose first is at off.
func (p *picture) heifItems(b []byte, off int64) {
	items := make(map[uint32]*heifItem)
	var local int64 // where data within the box begins
	var places []byte
	for len(b) >= 12 {
		n := int(binary.BigEndian.Uint32(b))
		if n < 8 || n > len(b) {
			break
		}
		switch string(b[4:8]) {
		case "iinf":
			heifKinds(b[8:n], items)
		case "iloc":
			places = b[8:n]
		case "idat":
			local = off + 8
		}
		b, off = b[n:], off+int64(n)
	}
	if len(items) == 0 {
		return
	}
	heifPlaces(places, local, items)
	for _, id := range slices.Sorted(maps.Keys(items)) {
		o := items[id]
		switch {
		case o.n == 0:
			p.text.broken(malformed("EXIF of a HEIF picture that lies nowhere"))
		case o.xmp:
			p.xmp(o.at, o.n)
		default:
			head := p.get(o.at, 4)
			if len(head) < 4 {
				p.text.broken(truncated("EXIF points behind the end"))
				return
			}
			skip := 4 + int64(binary.BigEndian.Uint32(head))
			if o.n > skip {
				p.exif(o.at+skip, o.n-skip)
			}
		}
	}
}

// heifKinds takes the items that are EXIF or XMP.
func heifKinds(b []byte, items map[uint32]*heifItem) {
	if len(b) < 8 {
		return
	}
	if b[0] == 0 {
		b = b[6:]
	} else {
		b = b[8:]
	}
	for len(b) >= 20 && len(items) < 16 {
		n := int(binary.BigEndian.Uint32(b))
		if n < 20 || n > len(b) {
			return
		}
		id, kind := uint32(binary.BigEndian.Uint16(b[12:])), b[16:n]
		if b[8] == 3 {
			id, kind = binary.BigEndian.Uint32(b[12:]), b[18:n]
		}
		switch {
		case bytes.HasPrefix(kind, []byte("Exif")):
			items[id] = &heifItem{}
		case bytes.HasPrefix(kind, []byte("mime")) && bytes.Contains(kind, []byte("application/rdf+xml")):
			items[id] = &heifItem{xmp: true}
		}
		b = b[n:]
	}
}

// heifPlaces fills in where the items lie. Those in several pieces, and in another file, are
// left where they are.
func heifPlaces(b []byte, local int64, items map[uint32]*heifItem) {
	if len(b) < 8 {
		return
	}
	r := heifReader{b: b[4:]}
	version := b[0]
	sizes := r.next(2)
	width := 2
	if version == 2 {
		width = 4
	}
	for count := r.next(width); count > 0 && !r.short; count-- {
		id, method := uint32(r.next(width)), int64(0)
		if version > 0 {
			method = r.next(2) & 15
		}
		r.next(2)
		base := r.next(int(sizes >> 4 & 15))
		extents := r.next(2)
		var at, n int64
		for i := int64(0); i < extents && !r.short; i++ {
			if version > 0 {
				r.next(int(sizes & 15))
			}
			at, n = base+r.next(int(sizes>>12&15)), r.next(int(sizes>>8&15))
		}
		if o := items[id]; o != nil && extents == 1 && method < 2 && at >= 0 && n > 0 && !r.short {
			if o.at, o.n = at, n; method == 1 {
				o.at += local
			}
		}
	}
}

// A heifReader takes numbers of as many bytes as a box says.
type heifReader struct {
	b     []byte
	short bool
}

func (r *heifReader) next(n int) (v int64) {
	if n > len(r.b) || n > 8 {
		r.short = true
		return 0
	}
	for _, c := range r.b[:n] {
		v = v<<8 | int64(c)
	}
	r.b = r.b[n:]
	return v & (1<<62 - 1)
}
