package format

import (
	"bytes"
	"compress/lzw"
	"compress/zlib"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
)

// flated is n bytes that repeat, compressed.
func flated(t *testing.T, what string, n int) string {
	t.Helper()
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	repeat(t, z, what, n)
	return b.String()
}

func repeat(t *testing.T, z io.WriteCloser, what string, n int) {
	t.Helper()
	some := []byte(strings.Repeat(what, 1+(64<<10)/len(what)))
	for ; n > 0; n -= len(some) {
		if _, err := z.Write(some); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestPDFBombs: what expands without end, or goes around, ends with a problem, or is
// read to an end that comes soon. Nobody holds what it claims to be.
func TestPDFBombs(t *testing.T) {
	const flate = "/Filter/FlateDecode"
	page := func(content string) []byte {
		return []byte(strings.Replace(string(onePDF("", "", "")), "/Contents 4 0 R", "/Contents "+content, 1))
	}
	var lzwed bytes.Buffer
	repeat(t, lzw.NewWriter(&lzwed, lzw.MSB, 8), " ", 100<<20)
	var forms []string
	for i := range 15 {
		forms = append(forms, streamObject("/Subtype/Form", strings.Repeat(fmt.Sprintf("/X%d Do ", i+1), 20)))
	}
	drawn := "/XObject<<"
	for i := range 15 {
		drawn += fmt.Sprintf("/X%d %d 0 R", i, 10+i)
	}
	widths := strings.Repeat("0 65534 500 ", 1<<16)
	wide := "/Font<</F 10 0 R>>"
	xref := streamObject("/Type/XRef/Root 1 0 R/W[1 4 2]/Index[0 99999999]"+flate, flated(t, "\x01\x00\x00\x00\x09\x00\x00", 16<<20))
	var strs strings.Builder
	kids := "["
	for i := range 20_000 {
		fmt.Fprintf(&strs, "%d 0 obj (", 100+i)
		kids += fmt.Sprintf("%d 0 R ", 100+i)
	}
	for _, test := range []struct {
		name, want string
		doc        []byte
	}{
		{"content", "ratio: ", withObjects(page("10 0 R"), streamObject(flate, flated(t, " ", 100<<20)))},
		{"content twice compressed", "truncated: ", withObjects(page("10 0 R"), streamObject("/Filter[/FlateDecode/FlateDecode]", flated(t, flated(t, " ", 1<<20), 1<<20)))},
		{"ten million operators", "ratio: ", withObjects(page("10 0 R"), streamObject(flate, flated(t, "BT/F 1 Tf(a)Tj ET\n", 180<<20)))},
		{"LZW", "ratio: ", withObjects(page("10 0 R"), streamObject("/Filter/LZWDecode/DecodeParms<</EarlyChange 0>>", lzwed.String()))},
		{"object stream", "truncated: ", withObjects(onePDF("", "", ""), streamObject("/Type/ObjStm/N 9999999/First 99999999"+flate, flated(t, "1 0 ", 16<<20)))},
		{"table of objects", "malformed: ", fmt.Appendf(nil, "%%PDF-1.5\n1 0 obj %s endobj\nstartxref\n9\n%%%%EOF", xref)},
		{"forms in one another", "ratio: ", withObjects(onePDF("/X0 Do", drawn+">>", ""), forms...)},
		{"a form in itself", "ratio: ", withObjects(onePDF("/X0 Do", "/XObject<</X0 10 0 R>>", ""), streamObject("/Subtype/Form/Resources<</XObject<</X0 10 0 R>>>>", "/X0 Do /X0 Do"))},
		{"pages that are their own kids", "malformed: no page", []byte("%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[" + strings.Repeat("2 0 R ", 100_000) + "]>> endobj\nstartxref\n0\n")},
		{"pages in one another", "malformed: no page", []byte("%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[3 0 R]>> endobj\n3 0 obj <</Kids[2 0 R 3 0 R]>> endobj\nstartxref\n0\n")},
		{"arrays in one another", "", withObjects(onePDF(strings.Repeat("[", 1<<20), "", ""))},
		{"widths", "truncated: ", withObjects(onePDF(strings.Repeat("/F 1 Tf(a)Tj ", 1000), wide, ""), "<</Subtype/Type0/DescendantFonts[<</W["+widths+"]>>]>>")},
		{"strings without an end", "", append([]byte("%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids"+kids+"]>> endobj\n"), strs.String()...)},
		{"a picture of 65,536 by 65,536", "truncated: ", withObjects(onePDF("612 0 0 792 0 0 cm /X Do", "/XObject<</X 10 0 R>>", ""), streamObject("/Subtype/Image/Width 65536/Height 65536/ColorSpace/DeviceRGB/BitsPerComponent 8"+flate, flated(t, "\xff", 16<<20)))},
		{"rows of a predictor", "truncated: ", withObjects(page("10 0 R"), streamObject(flate+"/DecodeParms<</Predictor 12/Colors 32/BitsPerComponent 16/Columns 1048576>>", flated(t, "\x00", 1<<20)))},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := readPicture(t, test.doc, func(context.Context, []byte) ([]byte, error) { return nil, nil })
			if err == nil && test.want != "" || err != nil && !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}
