package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"slices"

	"vigie/scanner"
)

// pictureHead is how far into a picture what it says about itself is looked for, where
// it says so in parts that lie one behind the other.
const pictureHead = 256 << 10

// A picture is a picture object, as far as it speaks about itself. near is how much of
// it is at hand; the rest is asked for only where something points there.
type picture struct {
	ctx  context.Context
	at   io.ReaderAt
	size int64 // -1 when unknown
	near int64
	text pictureText
}

// openPicture takes an object of which the head is at hand.
func openPicture(ctx context.Context, c *scanner.Content) *picture {
	return &picture{ctx: ctx, at: &headFirst{ctx: ctx, c: c}, size: c.Size(), near: int64(len(c.Head()))}
}

// headFirst reads from the head of an object, and asks for more only where that does not do.
type headFirst struct {
	ctx context.Context
	c   *scanner.Content
}

func (h *headFirst) ReadAt(b []byte, off int64) (int, error) {
	if head := h.c.Head(); off+int64(len(b)) <= int64(len(head)) {
		return copy(b, head[off:]), nil
	}
	at, _, err := h.c.At(h.ctx)
	if err != nil {
		return 0, err
	}
	return at.ReadAt(b, off)
}

// read reads what the picture says about itself, by its first bytes.
func (p *picture) read(head []byte) {
	if p.size < 0 {
		p.size = 1 << 62 // a read tells
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		p.jpeg()
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		p.png()
	case bytes.HasPrefix(head, []byte("II*\x00")), bytes.HasPrefix(head, []byte("MM\x00*")):
		readEXIF(p.ctx, p.at, p.size, &p.text)
	case bytes.HasPrefix(head, []byte("RIFF")) && word(8, "WEBP")(head):
		p.webp()
	case word(4, "ftyp")(head) && len(head) > 12 && slices.Contains([]string{"heic", "heix", "hevc", "mif1", "msf1", "avif"}, string(head[8:12])):
		p.heif()
	}
}

// hand reads the picture and hands its text over.
func (p *picture) hand(head []byte, yield func(*scanner.Block) error) error {
	p.read(head)
	if len(p.text.lines) > 0 {
		if err := yield(&scanner.Block{Text: p.text.lines}); err != nil {
			return err
		}
	}
	return p.text.fault
}

// get returns up to n bytes from off: fewer at the end of the picture, which being cut
// short is no fault of what it says.
func (p *picture) get(off, n int64) []byte {
	if n = min(n, p.size-off); n <= 0 || p.ctx.Err() != nil {
		return nil
	}
	b := make([]byte, n)
	k, err := p.at.ReadAt(b, off)
	if err != nil && err != io.EOF {
		p.text.broken(err)
	}
	return b[:k]
}

// exif reads EXIF that is n bytes at off.
func (p *picture) exif(off, n int64) {
	readEXIF(p.ctx, io.NewSectionReader(p.at, off, n), n, &p.text)
}

func (p *picture) xmp(off, n int64) {
	readXMP(p.ctx, io.NewSectionReader(p.at, off, min(n, exifXMP)), &p.text)
}

// jpeg walks the segments before the picture itself (ISO 10918-1).
func (p *picture) jpeg() {
	const xmp = "http://ns.adobe.com/xap/1.0/\x00"
	for off := int64(2); off < pictureHead; {
		b := p.get(off, 4+int64(len(xmp)))
		if len(b) < 4 || b[0] != 0xFF || b[1] == 0xDA || b[1] == 0xD9 {
			return
		}
		if b[1] == 0xFF || b[1] == 0x01 || b[1] >= 0xD0 && b[1] <= 0xD8 { // filling, marks without length
			off++
			if b[1] != 0xFF {
				off++
			}
			continue
		}
		n := int64(binary.BigEndian.Uint16(b[2:])) - 2
		if n < 0 {
			return
		}
		at, body := off+4, b[4:]
		switch {
		case b[1] == 0xE1 && bytes.HasPrefix(body, []byte("Exif\x00")) && n > 6:
			p.exif(at+6, min(n-6, p.size-at-6))
		case b[1] == 0xE1 && string(body) == xmp && n > int64(len(xmp)):
			p.xmp(at+int64(len(xmp)), n-int64(len(xmp)))
		case b[1] == 0xFE:
			p.text.say("Comment", narrowText(p.get(at, n)))
		}
		off = at + n
	}
}

// webp goes to the two parts, where the first one says that they are there.
func (p *picture) webp() {
	const hasXMP, hasEXIF = 4, 8
	b := p.get(12, 9)
	if len(b) < 9 || string(b[:4]) != "VP8X" || b[8]&(hasXMP|hasEXIF) == 0 {
		return
	}
	for off, parts := int64(12), 0; parts < 10_000; parts++ {
		b := p.get(off, 8)
		if len(b) < 8 {
			return
		}
		at, n := off+8, int64(binary.LittleEndian.Uint32(b[4:]))
		switch string(b[:4]) {
		case "EXIF":
			if bytes.HasPrefix(p.get(at, 6), []byte("Exif\x00")) && n > 6 { // as JPEG has it
				p.exif(at+6, n-6)
			} else {
				p.exif(at, n)
			}
		case "XMP ":
			p.xmp(at, n)
		}
		off = at + n + n&1
	}
}
