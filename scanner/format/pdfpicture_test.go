package format

import (
	"context"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"vigie/scanner"
)

// TestPDFPictures: a page that is a picture is given to who reads pictures as a TIFF in
// shades of gray, or as it is.
func TestPDFPictures(t *testing.T) {
	for _, test := range []struct {
		name, dict, data string
		method           int // compression of the TIFF; 0: as it is
		want             string
	}{
		{"gray", "/ColorSpace/DeviceGray/BitsPerComponent 8", "\x00\x80\xff\x10", 1, "\x00\x80\xff\x10"},
		{"bits", "/ColorSpace/DeviceGray/BitsPerComponent 1", "\x40\x80", 1, "\x00\xff\xff\x00"},
		{"mask", "/ImageMask true/Decode[1 0]", "\x40\x80", 1, "\xff\x00\x00\xff"},
		{"colors", "/ColorSpace/DeviceRGB/BitsPerComponent 8", "\xff\xff\xff\x00\x00\x00\xff\x00\x00\x00\xff\x00", 1, "\xff\x00\x4c\x95"},
		{"inks", "/ColorSpace/DeviceCMYK/BitsPerComponent 8", "\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff\x00\x00\x00\x00\x10", 1, "\xff\x00\x00\xef"},
		{"a spot color", "/ColorSpace[/Separation/Noir/DeviceGray 9 0 R]/BitsPerComponent 8", "\x00\x80\xff\x10", 1, "\xff\x7f\x00\xef"},
		{"palette", "/ColorSpace[/Indexed/DeviceRGB 1<ffffff000000>]/BitsPerComponent 1", "\x40\x80", 1, "\xff\x00\x00\xff"},
		{"sixteen bits", "/ColorSpace/DeviceGray/BitsPerComponent 16", "\x00\x01\x80\x02\xff\x03\x10\x04", 1, "\x00\x80\xff\x10"},
		{"fax", "/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 2>>", "fax", 4, "fax"},
		{"JPEG", "/Filter/DCTDecode", "\xff\xd8\xff jpeg", 0, "\xff\xd8\xff jpeg"},
		{"JPEG in hexadecimal", "/Filter[/AHx/DCTDecode]", "ffd8ff>", 0, "\xff\xd8\xff"},
		{"half of it is missing", "/ColorSpace/DeviceGray/BitsPerComponent 8", "\x00\x80", 1, "\x00\x80"},
	} {
		var got []byte
		ocr := func(_ context.Context, picture []byte) ([]byte, error) {
			got = picture
			return []byte("ce qu'elle montre"), nil
		}
		blocks, err := readPicture(t, pictured(test.dict, test.data), ocr)
		if text := runningText(blocks); err != nil || text != "ce qu'elle montre\n" {
			t.Errorf("%s: %v, %q", test.name, err, text)
			continue
		}
		if test.method > 0 {
			if method := int(binary.LittleEndian.Uint16(got[10+3*12+8:])); method != test.method || string(got[:4]) != "II*\x00" {
				t.Errorf("%s: method %d of %.8q", test.name, method, got)
			}
			got = got[8+2+12*12+4+16:]
		}
		if string(got) != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestPDFPicturesThatAreNotRead(t *testing.T) {
	for _, test := range []struct{ dict, data, want string }{
		{"/Filter/JBIG2Decode", "x", "image_only: 1 of 1 page is an image (unsupported: a picture compressed as JBIG2)"},
		{"/ColorSpace/DeviceGray/BitsPerComponent 7", "x", "image_only: 1 of 1 page is an image (malformed: a picture with pixels of no known size)"},
		{"/ColorSpace/DeviceGray/BitsPerComponent 8", "", "image_only: 1 of 1 page is an image (malformed: a picture without pixels)"},
	} {
		_, err := readPicture(t, pictured(test.dict, test.data), func(context.Context, []byte) ([]byte, error) { return nil, nil })
		if err == nil || err.Error() != test.want {
			t.Errorf("%s: %v", test.dict, err)
		}
	}
	stamped := "/X Do BT /F 12 Tf 50 700 Td (Re\\347u le 12/03/2024) Tj ET"
	_, blocks, err := readObject(t, "x.pdf", append(onePDF("612 0 0 792 0 0 cm "+stamped, "/XObject<</X 9 0 R>>", ""), pictureObject("", "x")...))
	if err == nil || err.Error() != "image_only: 1 of 1 page is an image" || !strings.Contains(runningText(blocks), "12/03/2024") {
		t.Errorf("a scan with a stamp: %v, %q", err, runningText(blocks))
	}
	_, _, err = readObject(t, "x.pdf", append(onePDF("99 0 0 99 0 0 cm "+stamped, "/XObject<</X 9 0 R>>", ""), pictureObject("", "x")...))
	if err == nil || !strings.HasPrefix(err.Error(), "truncated: ") {
		t.Errorf("a letter with a logo: %v", err)
	}
}

// pictured is a document of one page that shows one picture of two pixels by two.
func pictured(dict, data string) []byte {
	b := append(onePDF("612 0 0 792 0 0 cm /X Do", "/XObject<</X 9 0 R>>", ""), pictureObject(dict, data)...)
	at := strings.Index(string(b), "1 0 obj")
	return fmt.Appendf(b, "xref\n1 1\n%010d 00000 n \ntrailer <</Root 1 0 R>>\nstartxref\n%d\n%%%%EOF", at, len(b))
}

func pictureObject(dict, data string) string {
	return fmt.Sprintf("9 0 obj <</Subtype/Image/Width 2/Height 2%s/Length %d>> stream\n%s\nendstream endobj\n", dict, len(data), data)
}

func readPicture(t *testing.T, b []byte, ocr scanner.OCR) (blocks []scanner.Block, err error) {
	t.Helper()
	c, err := scanner.NewContent(context.Background(), stored("x.pdf", b), scanner.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	err = readPDFWith(context.Background(), c, ocr, func(b *scanner.Block) error {
		own := *b
		own.Text = []byte(string(b.Text))
		blocks = append(blocks, own)
		return nil
	})
	return blocks, err
}
