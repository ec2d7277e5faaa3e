package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"strings"
	"testing"

	"vigie/scanner"
)

// spoken is what the fixtures say that were made with all fields: see
// fixtures/formats/media/RECIPE.sh.
const spoken = `ImageDescription : Visite chez Mme Portau, dossier 33-2041
Artist : Marie Ricolfi
Copyright : Foyer Les Érables
UserComment : née le 04/11/2012
Position GPS : 44.83779, -0.57918
XPTitle : Façade
XPComment : à rappeler au 05 49 00 12 34
XPAuthor : Léa Portau
`

func TestPictures(t *testing.T) {
	for name, want := range map[string]string{
		"plain.jpg":     "",
		"position.jpg":  spoken,
		"position.tif":  spoken,
		"position.png":  spoken,
		"position.webp": spoken,
		"position.heic": spoken,
		"bigendian.jpg": "UserComment : Pièce n° 2, côté rue\nPosition GPS : -21.17000, 55.28760\n",
		"xmp.jpg":       "creator : Léa Portau|description : Visite chez Mme Portau|title : Façade|CaptionWriter : Marie Ricolfi|CiTelWork : 05 49 00 12 34|Position GPS : 44.83779, -0.57918|Comment : vu le 3 mai",
		"text.png":      "Author : Marie Ricolfi\nComment : Été 2024\ncreator : Léa Portau\n",
		"comment.png":   "comment : Pour Mme Portau\n",
	} {
		t.Run(name, func(t *testing.T) {
			format, blocks, err := readObject(t, name, fixture(t, "media/"+name))
			if format != "media" || err != nil {
				t.Fatal(format, err)
			}
			got := laidBlocks(blocks)
			if name != "xmp.jpg" {
				if got != want {
					t.Errorf("got\n%s\nwant\n%s", got, want)
				}
				return
			}
			for line := range strings.SplitSeq(want, "|") {
				if !strings.Contains("\n"+got, "\n"+line+"\n") {
					t.Errorf("%q is not in\n%s", line, got)
				}
			}
			if strings.Contains(got, "2530772073004") {
				t.Errorf("the number of the document is no text:\n%s", got)
			}
		})
	}
}

// exifJPEG returns a JPEG with EXIF of one directory, and what is behind it.
func exifJPEG(order binary.AppendByteOrder, fields [][4]uint32, behind string) []byte {
	mark := map[bool]string{true: "II*\x00", false: "MM\x00*"}[order.String() == "LittleEndian"]
	b := order.AppendUint32([]byte(mark), 8)
	b = order.AppendUint16(b, uint16(len(fields)))
	for _, f := range fields {
		b = order.AppendUint16(order.AppendUint16(b, uint16(f[0])), uint16(f[1]))
		b = order.AppendUint32(order.AppendUint32(b, f[2]), f[3])
	}
	b = append(order.AppendUint32(b, 0), behind...)
	out := binary.BigEndian.AppendUint16([]byte("\xff\xd8\xff\xe1"), uint16(len(b)+8))
	return append(append(append(out, "Exif\x00\x00"...), b...), "\xff\xda\x00\x02"...)
}

func TestDamagedEXIF(t *testing.T) {
	long := strings.Repeat("a", 40)
	for _, test := range []struct {
		name      string
		picture   []byte
		want, err string
	}{
		{"whole", exifJPEG(binary.LittleEndian, [][4]uint32{{0x013B, 2, 40, 26}}, long), "Artist : " + long + "\n", ""},
		{"a text behind the end", exifJPEG(binary.BigEndian, [][4]uint32{{0x010E, 2, 3, 0x61626300}, {0x013B, 2, 400, 26}}, long), "ImageDescription : abc\n", "truncated: EXIF points behind the end"},
		{"a directory behind the end", exifJPEG(binary.LittleEndian, [][4]uint32{{0x8825, 4, 1, 1 << 30}}, ""), "", "truncated: EXIF points behind the end"},
		{"a directory in itself", exifJPEG(binary.LittleEndian, [][4]uint32{{0x8769, 4, 1, 8}, {0x010E, 2, 3, 0x636261}}, ""), "ImageDescription : abc\n", ""},
		{"no header", []byte("\xff\xd8\xff\xe1\x00\x14Exif\x00\x00abcdefghijkl\xff\xda\x00\x02"), "", "malformed: EXIF without its header"},
		{"a field that says nothing is not looked for", exifJPEG(binary.LittleEndian, [][4]uint32{{0x927C, 7, 1 << 30, 1 << 30}}, ""), "", ""},
		{"zeros for a position", exifJPEG(binary.LittleEndian, [][4]uint32{{0x8825, 4, 1, 26}}, "\x02\x00\x02\x00\x05\x00\x03\x00\x00\x00\x38\x00\x00\x00\x04\x00\x05\x00\x03\x00\x00\x00\x38\x00\x00\x00\x00\x00\x00\x00"+strings.Repeat("\x00\x00\x00\x00\x01\x00\x00\x00", 3)), "", ""},
		{"a directory without fields", exifJPEG(binary.LittleEndian, nil, ""), "", ""},
		{"a directory of noise", exifJPEG(binary.LittleEndian, [][4]uint32{{0x8769, 4, 1, 26}}, "\xff\xff"), "", "malformed: EXIF with a directory that is none"},
		{"no text", exifJPEG(binary.LittleEndian, [][4]uint32{{0x013B, 2, 4, 0x01020304}}, ""), "", ""},
		{"cut in EXIF", exifJPEG(binary.LittleEndian, [][4]uint32{{0x013B, 2, 40, 26}}, long)[:60], "", "truncated: EXIF points behind the end"},
		{"no EXIF at all", []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00"), "", ""},
		{"TIFF cut short", fixture(t, "media/position.tif")[:100], "", "truncated: EXIF points behind the end"},
	} {
		t.Run(test.name, func(t *testing.T) {
			format, blocks, err := readObject(t, "x.jpg", test.picture)
			said := ""
			if err != nil {
				said = err.Error()
			}
			if got := laidBlocks(blocks); format != "media" || got != test.want || said != test.err {
				t.Errorf("%s: %q, %q; want %q, %q", format, got, said, test.want, test.err)
			}
		})
	}
}

// TestShownPicture: what a picture says about itself comes before what it shows.
func TestShownPicture(t *testing.T) {
	ocr := func(_ context.Context, picture []byte) ([]byte, error) { return []byte("ce qu'elle montre\n"), nil }
	for name, want := range map[string]string{
		"position.jpg":  spoken + "ce qu'elle montre\n",
		"plain.jpg":     "ce qu'elle montre\n",
		"position.heic": spoken, // a form that is not read
		"position.png":  spoken, // too small to show text
	} {
		c, err := scanner.NewContent(context.Background(), stored(name, fixture(t, "media/"+name)), scanner.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		var got []byte
		err = readShown(context.Background(), c, ocr, func(b *scanner.Block) error {
			got = append(got, b.Text...)
			return nil
		})
		if err != nil || string(got) != want {
			t.Errorf("%s: %v, %q; want %q", name, err, got, want)
		}
		c.Close()
	}
}

func FuzzPicture(f *testing.F) {
	for _, name := range []string{"position.jpg", "position.png", "position.webp", "position.heic", "xmp.jpg", "text.png"} {
		f.Add(fixture(f, "media/"+name))
	}
	f.Add(fixture(f, "media/position.tif")[8000:])
	f.Add(exifJPEG(binary.BigEndian, [][4]uint32{{0x8769, 4, 1, 8}, {0x02BC, 1, 40, 30}}, strings.Repeat("<x a='1'>", 9)))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, magic := range []string{"", "II*\x00", "MM\x00*"} {
			p := picture{ctx: context.Background(), at: bytes.NewReader(b), size: int64(len(b)), near: int64(len(b))}
			p.read(append([]byte(magic), b...))
			if len(p.text.lines) > pictureWords {
				t.Errorf("%d bytes of text", len(p.text.lines))
			}
			if !isProblem(p.text.fault) {
				t.Errorf("%v is no problem", p.text.fault)
			}
		}
	})
}
