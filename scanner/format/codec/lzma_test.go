package codec

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ulikunitz/xz/lzma"
)

// oracle is what another decoder makes of b.
func oracle(b []byte, two bool) ([]byte, error) {
	if !two {
		r, err := lzma.ReaderConfig{DictCap: 1 << 24}.NewReader(bytes.NewReader(b))
		if err != nil {
			return nil, err
		}
		return io.ReadAll(io.LimitReader(r, 8<<20))
	}
	r, err := lzma.Reader2Config{DictCap: 1 << 16}.NewReader2(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	out, err := io.ReadAll(io.LimitReader(r, 8<<20))
	if err == nil && !r.EOS() && len(out) < 8<<20 {
		err = io.ErrUnexpectedEOF // which it does not say between two parts
	}
	return out, err
}

func lzmaOf(b []byte) ([]byte, error) {
	if len(b) < 13 {
		return nil, io.ErrUnexpectedEOF
	}
	size := int64(binary.LittleEndian.Uint64(b[5:]))
	r, err := NewLZMA(bufio.NewReader(bytes.NewReader(b[13:])), b[0], min(int64(binary.LittleEndian.Uint32(b[1:])), 1<<24), max(size, -1))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, 8<<20))
}

func lzma2Of(b []byte) ([]byte, error) {
	return io.ReadAll(io.LimitReader(NewLZMA2(bufio.NewReader(bytes.NewReader(b)), 1<<16), 8<<20))
}

// aheadOf is lzma2Of on three processors.
func aheadOf(b []byte) ([]byte, error) {
	a := ahead(b, 3)
	defer a.Close()
	return io.ReadAll(io.LimitReader(a, 8<<20))
}

func ahead(b []byte, processors int) *Ahead {
	br := bufio.NewReader(bytes.NewReader(b))
	return NewAhead(func(p []byte) ([]byte, error) { return ReadPart(br, p) }, 1<<16, processors, Room{80 << 20, 512, 48})
}

// lzmaSamples are .lzma files of every kind of properties.
func lzmaSamples(t testing.TB) (all [][]byte) {
	people := fixture(t, "people/people.csv")[:6000]
	for _, c := range []lzma.WriterConfig{
		{DictCap: 1 << 16},
		{DictCap: 4096, Properties: &lzma.Properties{LC: 0, LP: 2, PB: 4}},
		{DictCap: 1 << 16, Properties: &lzma.Properties{LC: 8, LP: 4, PB: 0}, EOSMarker: true},
	} {
		var b bytes.Buffer
		w, err := c.NewWriter(&b)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(people)
		w.Write(bytes.Repeat([]byte("un bon mot, "), 900))
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		all = append(all, b.Bytes())
	}
	return append(all, fixture(t, "lzma/register.csv.lzma"), fixture(t, "lzma/small.csv.lzma"))
}

// lzma2Samples are LZMA2 of several parts, stored ones among them.
func lzma2Samples(t testing.TB) (all [][]byte) {
	people := fixture(t, "people/people.csv")
	for _, dict := range []int{4096, 1 << 16} {
		var b bytes.Buffer
		w, err := lzma.Writer2Config{DictCap: dict}.NewWriter2(&b)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range [][]byte{people[:4000], []byte("\x01\x7f\x93\xe8"), people[2000:9000]} {
			w.Write(part)
			w.Flush()
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		all = append(all, b.Bytes())
	}
	return append(all, []byte("\x01\x00\x02abc\x02\x00\x00d\x00"))
}

func TestLZMA(t *testing.T) {
	for i, b := range lzmaSamples(t) {
		want, werr := oracle(b, false)
		got, err := lzmaOf(b)
		if werr != nil || err != nil || len(want) < 3000 || !bytes.Equal(got, want) {
			t.Errorf("LZMA %d: %d bytes and %v, want %d and %v", i, len(got), err, len(want), werr)
		}
		for n := range 50 {
			cut, err := lzmaOf(b[:len(b)*n/50])
			sameAs(t, cut, err, want[:len(cut)], io.EOF)
			if err != io.ErrUnexpectedEOF {
				t.Errorf("LZMA %d cut at %d/50: %v", i, n, err)
			}
		}
	}
	for i, b := range lzma2Samples(t) {
		want, werr := oracle(b, true)
		got, err := lzma2Of(b)
		if werr != nil || err != nil || len(want) < 4 || !bytes.Equal(got, want) {
			t.Errorf("LZMA2 %d: %d bytes and %v, want %d and %v", i, len(got), err, len(want), werr)
		}
		for n := range 50 {
			cut, err := lzma2Of(b[:len(b)*n/50])
			sameAs(t, cut, err, want[:len(cut)], io.EOF)
			if err != io.ErrUnexpectedEOF {
				t.Errorf("LZMA2 %d cut at %d/50: %v", i, n, err)
			}
		}
	}
}

// TestLZMAAhead: several processors make the same of LZMA2 as one does, and end with
// the same error, whatever is damaged.
func TestLZMAAhead(t *testing.T) {
	var joined []byte
	for range 5 {
		for _, b := range lzma2Samples(t)[:2] {
			joined = append(joined, b[:len(b)-1]...)
		}
	}
	joined = append(joined, 0)
	want, err := lzma2Of(joined)
	if err != nil || len(want) < 50000 {
		t.Fatal(len(want), err)
	}
	r := rand.New(rand.NewPCG(4, 4))
	for i := range 300 {
		b := slices.Clone(joined)
		switch {
		case i == 0:
		case i < 100:
			b = b[:r.IntN(len(b))]
		default:
			b[r.IntN(len(b))] ^= byte(1 + r.IntN(255))
		}
		sameAsAhead(t, b)
	}
}

func sameAsAhead(t *testing.T, b []byte) {
	t.Helper()
	want, werr := lzma2Of(b)
	got, err := aheadOf(b)
	if !bytes.Equal(got, want) || fmt.Sprint(err) != fmt.Sprint(werr) {
		t.Fatalf("%d bytes and %v on several processors, %d and %v on one", len(got), err, len(want), werr)
	}
}

// TestLZMAAheadLong: there are more parts, and more comes out, than there is room
// for; segments are of very different length; and who stops reading leaves nothing
// behind.
func TestLZMAAheadLong(t *testing.T) {
	var b bytes.Buffer
	want := crc32.NewIEEE()
	size := 0
	stored := func(kind byte, n int) {
		b.WriteByte(kind)
		binary.Write(&b, binary.BigEndian, uint16(n-1))
		b.Write(bytes.Repeat([]byte{byte(size)}, n))
		want.Write(bytes.Repeat([]byte{byte(size)}, n))
		size += n
	}
	packed := lzma2Samples(t)[1]
	text, err := lzma2Of(packed)
	if err != nil {
		t.Fatal(err)
	}
	for _, parts := range []int{1400, 0, 3, 700, 0, 0, 900} {
		b.Write(packed[:len(packed)-1])
		want.Write(text)
		size += len(text)
		for range parts {
			stored(2, 1<<16)
		}
	}
	b.WriteByte(0)
	for _, most := range []int64{1 << 62, 70 << 20, 0} {
		a := ahead(b.Bytes(), 2)
		sum := crc32.NewIEEE()
		n, err := io.Copy(sum, io.LimitReader(a, most))
		if err != nil || n != min(most, int64(size)) || most > n && sum.Sum32() != want.Sum32() {
			t.Errorf("%d bytes of %d and %v", n, size, err)
		}
		a.Close()
	}
}

func FuzzLZMA(f *testing.F) {
	for _, b := range lzmaSamples(f) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		want, werr := oracle(b, false)
		got, err := lzmaOf(b)
		sameAs(t, got, err, want, werr)
	})
}

func FuzzLZMA2(f *testing.F) {
	for _, b := range lzma2Samples(f) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		want, werr := oracle(b, true)
		got, err := lzma2Of(b)
		sameAs(t, got, err, want, werr)
		sameAsAhead(t, b)
	})
}

// sameAs: what the other decoder takes for whole, so do we, byte for byte; a
// fault need not be found at the same byte, but it is one of the package.
func sameAs(t *testing.T, got []byte, err error, want []byte, werr error) {
	t.Helper()
	if err := surprise(err); err != nil {
		t.Fatal(err)
	}
	if n := min(len(got), len(want)); !bytes.Equal(got[:n], want[:n]) {
		t.Fatal("other bytes than the other decoder's")
	}
	if werr == nil && (err != nil || len(got) != len(want)) {
		t.Fatalf("%d bytes and %v, the other decoder %d", len(got), err, len(want))
	}
}

func BenchmarkLZMA(b *testing.B) {
	data := lzmaSamples(b)[3]
	out, _ := lzmaOf(data)
	b.SetBytes(int64(len(out)))
	for b.Loop() {
		lzmaOf(data)
	}
}
