package codec

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/klauspost/compress/flate"
)

func inflated64(b []byte) (string, int, error) {
	br := bufio.NewReader(bytes.NewReader(b))
	var d Deflate64
	d.Reset(br)
	out, err := io.ReadAll(io.LimitReader(&d, 8<<20))
	rest, _ := io.Copy(io.Discard, br)
	return string(out), len(b) - int(rest), err
}

// Without length code 285, which a match of 258 bytes has, Deflate is Deflate64:
// of every level the same bytes come out, and not one too many goes in.
func TestDeflate64ReadsDeflate(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 4))
	for level := range 10 {
		for _, size := range []int{0, 1, 100, 70000, 300000} {
			want := make([]byte, size)
			for i := range want {
				want[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ;éàç\n0123456789"[r.IntN(4+level*4)]
			}
			var out bytes.Buffer
			w, err := flate.NewWriter(&out, level)
			if err != nil {
				t.Fatal(err)
			}
			w.Write(want)
			w.Close()
			end := out.Len()
			out.WriteString("behind the data")
			got, used, err := inflated64(out.Bytes())
			if err != nil || got != string(want) || used < end || used > end {
				t.Errorf("level %d, %d bytes: %d bytes, %d read of %d, %v", level, size, len(got), used, end, err)
			}
		}
	}
}

func TestDeflate64Damage(t *testing.T) {
	for _, test := range []struct {
		name, data string
		want       error
	}{
		{"nothing", "", io.ErrUnexpectedEOF},
		{"block of a kind that is none", "\x07", errData},
		{"stored, lengths that differ", "\x01\x05\x00\xfa\xf0hello", errData},
		{"stored, cut short", "\x01\x05\x00\xfa\xffhel", io.ErrUnexpectedEOF},
		{"further back than there is", "\x4b\x04\x12\x00", errData},
		{"codes for nothing", "\x05\x00\x00\x00\x00\x00", errData},
	} {
		if got, _, err := inflated64([]byte(test.data)); !errors.Is(err, test.want) {
			t.Errorf("%s: %q, %v, want %v", test.name, got, err, test.want)
		}
	}
}

func FuzzDeflate64(f *testing.F) {
	b := fixture(f, "zipmethods/deflate64.zip")
	f.Add(b[30+len("register.csv"):]) // behind the local header of zip
	f.Add([]byte("\x01\x05\x00\xfa\xffhello"))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, used, err := inflated64(b)
		if err == nil && used > len(b) {
			t.Errorf("%d bytes of %d read", used, len(b))
		}
		if err = surprise(err); err != nil {
			t.Error(err)
		}
	})
}

func BenchmarkDeflate64(b *testing.B) {
	doc := rows(16 << 20)
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, 6) // finds no match of 258 bytes
	if err != nil {
		b.Fatal(err)
	}
	w.Write(doc)
	w.Close()
	var d Deflate64
	buf := make([]byte, 64<<10)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		d.Reset(bufio.NewReaderSize(bytes.NewReader(packed.Bytes()), 32<<10))
		n, err := io.CopyBuffer(io.Discard, struct{ io.Reader }{&d}, buf)
		if err != nil || n != int64(len(doc)) {
			b.Fatal(n, err)
		}
	}
}
