package format

import (
	"bytes"
	"context"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"io"
	"slices"

	"vigie/scanner"
)

var mediaFormat = scanner.Format{
	Name: "media",
	Doc: `Pictures, sound, video, fonts and programs

Recognised by their first bytes and passed over: they hold no table. The summary
counts them. What a picture says about itself is text: position, author, title and
comments in EXIF and XMP (JPEG, TIFF, PNG, WebP, HEIF), as far as its beginning or a
pointer leads there. What it shows is read with --ocr (JPEG, PNG, TIFF), and not
otherwise.`,
	Match: func(name string, head []byte) bool { return find(mediaSignatures, name, head) != nil },
	Read:  readMedia,
}

// readable are the pictures that may be scanned pages, by their first bytes.
var readable = []string{"\xff\xd8\xff", "\x89PNG\r\n\x1a\n", "II*\x00", "MM\x00*"}

const (
	mediaPicture = 32 << 20 // bytes of a picture that is read
	mediaIcon    = 64       // pixels: what is smaller shows no text
)

func readMedia(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
	return readShown(ctx, c, c.OCR(), yield)
}

// readShown reads what a picture says about itself, and what it shows where somebody is
// there who can read that.
func readShown(ctx context.Context, c *scanner.Content, ocr scanner.OCR, yield func(*scanner.Block) error) error {
	head := c.Head()
	shows := ocr != nil && slices.ContainsFunc(readable, func(magic string) bool { return bytes.HasPrefix(head, []byte(magic)) })
	if shows {
		o, _, err := image.DecodeConfig(bytes.NewReader(head))
		shows = err != nil || min(o.Width, o.Height) >= mediaIcon
	}
	if !shows {
		return openPicture(ctx, c).hand(head, yield)
	}
	b, err := io.ReadAll(io.LimitReader(c.Stream(), mediaPicture+1))
	if err != nil {
		return fault(err)
	}
	if len(b) > mediaPicture {
		return &scanner.Problem{Reason: scanner.TooLarge, Detail: "a picture larger than the limit"}
	}
	about := picture{ctx: ctx, at: bytes.NewReader(b), size: int64(len(b)), near: int64(len(b))}
	if err := about.hand(head, yield); err != nil && about.text.fault == nil {
		return err
	}
	text, err := ocr(ctx, b)
	if len(text) > 0 {
		if err := yield(&scanner.Block{Text: text}); err != nil {
			return err
		}
	}
	if err == nil {
		err = about.text.fault
	}
	return err
}

// The magic numbers are those of the formats' own specifications.
var mediaSignatures = []signature{
	{name: "JPEG picture", magic: "\xff\xd8\xff"},
	{name: "PNG picture", magic: "\x89PNG\r\n\x1a\n"},
	{name: "GIF picture", magic: "GIF87a"},
	{name: "GIF picture", magic: "GIF89a", also: binaryHead},
	{name: "TIFF picture", magic: "II*\x00"},
	{name: "TIFF picture", magic: "MM\x00*"},
	{name: "BigTIFF picture", magic: "II+\x00"},
	{name: "WebP picture", magic: "RIFF", also: word(8, "WEBP")},
	{name: "BMP picture", magic: "BM", also: bitmap},
	{name: "Windows icon", magic: "\x00\x00\x01\x00", exts: " .ico .cur "},
	{name: "Photoshop picture", magic: "8BPS\x00"},
	{name: "JPEG 2000 picture", magic: "\x00\x00\x00\x0cjP  \r\n"},
	{name: "JPEG XL picture", magic: "\x00\x00\x00\x0cJXL \r\n"},
	{name: "DjVu picture", magic: "AT&TFORM"},

	{name: "WAV sound", magic: "RIFF", also: word(8, "WAVE")},
	{name: "AVI video", magic: "RIFF", also: word(8, "AVI ")},
	{name: "MP3 sound", magic: "ID3", also: binaryHead},
	{name: "MP3 sound", magic: "\xff\xfb", also: soundFrame},
	{name: "MP3 sound", magic: "\xff\xfa", also: soundFrame},
	{name: "MP3 sound", magic: "\xff\xf3", also: soundFrame},
	{name: "MP3 sound", magic: "\xff\xf2", also: soundFrame},
	{name: "Ogg sound or video", magic: "OggS\x00"},
	{name: "FLAC sound", magic: "fLaC", also: binaryHead},
	{name: "MIDI sound", magic: "MThd\x00"},
	{name: "AIFF sound", magic: "FORM", also: word(8, "AIF")},
	{name: "AMR sound", magic: "#!AMR\n"},
	{name: "MP4 video, or a HEIF or AVIF picture", at: 4, magic: "ftyp", also: binaryHead},
	{name: "QuickTime video", at: 4, magic: "moov", also: binaryHead},
	{name: "QuickTime video", at: 4, magic: "mdat", also: binaryHead},
	{name: "Matroska or WebM video", magic: "\x1a\x45\xdf\xa3"},
	{name: "MPEG video", magic: "\x00\x00\x01\xba"},
	{name: "MPEG video", magic: "\x00\x00\x01\xb3"},
	{name: "MPEG transport stream", magic: "G", also: func(head []byte) bool {
		return len(head) > 2*188 && head[188] == 'G' && head[2*188] == 'G' && binaryHead(head)
	}},
	{name: "Windows Media", magic: "\x30\x26\xb2\x75\x8e\x66\xcf\x11"},
	{name: "Flash video", magic: "FLV\x01"},

	{name: "WOFF font", magic: "wOFF", also: binaryHead},
	{name: "WOFF2 font", magic: "wOF2", also: binaryHead},
	{name: "TrueType font", magic: "\x00\x01\x00\x00\x00"},
	{name: "OpenType font", magic: "OTTO\x00"},
	{name: "TrueType collection", magic: "ttcf\x00"},

	{name: "ELF program", magic: "\x7fELF"},
	{name: "Windows program", magic: "MZ", also: windowsProgram},
	{name: "Mach-O program", magic: "\xfe\xed\xfa\xce"},
	{name: "Mach-O program", magic: "\xfe\xed\xfa\xcf"},
	{name: "Mach-O program", magic: "\xce\xfa\xed\xfe"},
	{name: "Mach-O program", magic: "\xcf\xfa\xed\xfe"},
	{name: "Java class or Mach-O program", magic: "\xca\xfe\xba\xbe"},
	{name: "WebAssembly", magic: "\x00asm"},
	{name: "Android program", magic: "dex\n03"},
	{name: "LLVM bitcode", magic: "BC\xc0\xde"},
	{name: "Python bytecode", at: 2, magic: "\r\n", exts: " .pyc .pyo "},
	{name: "time zone", magic: "TZif", also: binaryHead},
	{name: "terminal description", magic: "\x1a\x01"},
	{name: "terminal description", magic: "\x1e\x02"},
	{name: "certificate", magic: "\x30\x82", exts: " .crt .cer .der .crl "},
	{name: "X11 cursor", magic: "Xcur\x10"},
	{name: "folder layout of macOS", magic: "\x00\x00\x00\x01Bud1"},
	{name: "message catalogue", magic: "\xde\x12\x04\x95"},
	{name: "git index", magic: "DIRC\x00\x00\x00"},
}
