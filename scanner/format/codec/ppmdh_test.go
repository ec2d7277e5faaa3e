package codec

import (
	"bufio"
	"bytes"
	"io"
	"testing"
)

// A ppmdStream is the first stream of a 7z archive, which lies behind 32 bytes.
type ppmdStream struct {
	b           []byte
	order, size int
	left        int64
}

func ppmdOf(t testing.TB, name string) ppmdStream {
	switch b := fixture(t, "sevenzip/"+name+".7z")[32:]; name {
	case "ppmd":
		return ppmdStream{b[:8511], 6, 512 << 10, 24291}
	default: // ppmdfull
		return ppmdStream{b[:11481], 32, 64 << 10, 24291}
	}
}

func (s ppmdStream) open() *ppmdModel {
	return NewPPMdH(bufio.NewReader(bytes.NewReader(s.b)), s.order, s.size, s.left).(*ppmdModel)
}

// A reset that is counted.
type ppmdCounted struct {
	ppmdVariant
	n int
}

func (c *ppmdCounted) reset() {
	c.n++
	c.ppmdVariant.reset()
}

// A model of 64 KiB, the smallest that 7-Zip makes, begins anew when it is full.
func TestPPMdHFull(t *testing.T) {
	d := ppmdOf(t, "ppmdfull").open()
	c := &ppmdCounted{ppmdVariant: d.variant}
	d.variant = c
	got, err := io.ReadAll(d)
	if want := fixture(t, "people/people.csv"); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes, want %d: %v", len(got), len(want), err)
	}
	if c.n < 5 {
		t.Errorf("begun %d times", c.n)
	}
}

// Of data that end early comes out what they hold.
func TestPPMdHCutShort(t *testing.T) {
	s := ppmdOf(t, "ppmdfull")
	whole, before := fixture(t, "people/people.csv"), 0
	data := s.b
	for n := 0; n < len(data)-5; n += 97 {
		s.b = data[:n]
		got, err := io.ReadAll(s.open())
		if err != io.ErrUnexpectedEOF || !bytes.HasPrefix(whole, got) || len(got) < before {
			t.Fatalf("cut at %d: %d bytes, before %d: %v", n, len(got), before, err)
		}
		before = len(got)
	}
	if before < len(whole)-300 {
		t.Errorf("%d bytes of %d", before, len(whole))
	}
}

// What no encoder writes is damage.
func TestPPMdHDamage(t *testing.T) {
	for _, head := range []string{"\x01\x00\x00\x00\x00", "\x00\xff\xff\xff\xff"} {
		d := NewPPMdH(bufio.NewReader(bytes.NewReader([]byte(head))), 6, 1<<16, 10)
		if got, err := io.ReadAll(d); err != errData || len(got) > 0 {
			t.Errorf("%x: %q, %v", head, got, err)
		}
	}
}

// FuzzPPMdH: in a model of any order and size, any bytes end without a panic.
func FuzzPPMdH(f *testing.F) {
	for _, name := range []string{"ppmd", "ppmdfull"} {
		s := ppmdOf(f, name)
		f.Add(s.b, byte(s.order-2), uint16(1<<16-1))
		f.Add(s.b, byte(0), uint16(0))
	}
	f.Add(bytes.Repeat([]byte("\x00\x2d\x15"), 3000), byte(62), uint16(100))
	f.Fuzz(func(t *testing.T, b []byte, order byte, size uint16) {
		s := ppmdStream{b, 2 + int(order)%63, 2<<10 + int(size), 1 << 17}
		n, err := io.Copy(io.Discard, s.open())
		if n > s.left || err == nil && n < s.left {
			t.Errorf("%d bytes of %d: %v", n, s.left, err)
		}
		if surprise(err) != nil {
			t.Error(err)
		}
	})
}

func BenchmarkPPMdH(b *testing.B) {
	s := ppmdOf(b, "ppmd")
	b.SetBytes(s.left)
	b.ReportAllocs()
	for b.Loop() {
		if n, err := io.Copy(io.Discard, s.open()); n != s.left || err != nil {
			b.Fatal(n, err)
		}
	}
}
