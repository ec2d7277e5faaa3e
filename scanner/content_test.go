package scanner

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"testing"
	"testing/iotest"
)

func noise(n int) []byte {
	b := make([]byte, n)
	rng := rand.New(rand.NewPCG(uint64(n), 1))
	for i := range b {
		b[i] = byte(rng.Uint32())
	}
	return b
}

// stored is an object with ranges; stream one without.
func stored(b []byte, opened *[]int64) Object {
	return Object{Path: "o", Size: int64(len(b)), Open: func(_ context.Context, off, n int64) (io.ReadCloser, error) {
		*opened = append(*opened, off)
		end := int64(len(b))
		if n >= 0 {
			end = min(end, off+n)
		}
		return io.NopCloser(bytes.NewReader(b[off:end])), nil
	}}
}

func stream(r io.Reader) Object {
	return Object{Path: "o", Size: -1, Open: func(_ context.Context, off, _ int64) (io.ReadCloser, error) {
		if off > 0 {
			return nil, ErrUnranged
		}
		return io.NopCloser(r), nil
	}}
}

// TestContentGivesTheSameBytes reads objects of telling sizes in every way.
func TestContentGivesTheSameBytes(t *testing.T) {
	ctx := context.Background()
	limits := Limits{Memory: 2 * slabSize, Spool: 64 << 20}
	for _, size := range []int{0, 1, headSize - 1, headSize, headSize + 1, slabSize, 2 * slabSize, 5*slabSize + 17} {
		want := noise(size)
		var opened []int64
		for name, o := range map[string]func() Object{
			"stored": func() Object { return stored(want, &opened) },
			"stream": func() Object { return stream(iotest.HalfReader(bytes.NewReader(want))) },
		} {
			c, err := NewContent(ctx, o(), limits)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(c.Stream()); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s of %d: stream gives %d bytes, %v", name, size, len(got), err)
			}
			c.Close()

			if c, err = NewContent(ctx, o(), limits); err != nil {
				t.Fatal(err)
			}
			at, n, err := c.At(ctx)
			if err != nil || n != int64(size) || c.Size() != n {
				t.Fatalf("%s of %d: at: size %d, %v", name, size, n, err)
			}
			if got, err := io.ReadAll(io.NewSectionReader(at, 0, n)); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s of %d: random access gives %d bytes, %v", name, size, len(got), err)
			}
			rc, err := c.Open(ctx, n/3, n/2)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(rc); err != nil || !bytes.Equal(got, want[n/3:n/3+n/2]) {
				t.Errorf("%s of %d: open gives %d bytes, %v", name, size, len(got), err)
			}
			rc.Close()
			c.Close()
		}
	}
}

// TestContentSpoolsWithinItsAllotment: the memory and the disk come back, and
// what is too large is a problem.
func TestContentSpoolsWithinItsAllotment(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	ctx := context.Background()
	a := &allotment{memory: 3 * slabSize, disk: 4 * slabSize}
	m := &meter{limits: Limits{}.orDefault()}
	c, err := open(ctx, stream(bytes.NewReader(noise(6*slabSize))), a, m, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, n, err := c.At(ctx); err != nil || n != 6*slabSize {
		t.Fatalf("at: %d, %v", n, err)
	}
	if a.memory != 0 || a.disk != slabSize {
		t.Errorf("while spooled: memory %d, disk %d left", a.memory, a.disk)
	}
	if names, _ := os.ReadDir(os.Getenv("TMPDIR")); len(names) > 0 {
		t.Errorf("the temporary file has a name: %v", names)
	}
	c.Close()
	if a.memory != 3*slabSize || a.disk != 4*slabSize {
		t.Errorf("after close: memory %d, disk %d left", a.memory, a.disk)
	}
	c, err = open(ctx, stream(bytes.NewReader(noise(8*slabSize))), a, m, false)
	if err != nil {
		t.Fatal(err)
	}
	var p *Problem
	if _, _, err := c.At(ctx); !errors.As(err, &p) || p.Reason != TooLarge {
		t.Errorf("too large: %v", err)
	}
	c.Close()
	if a.memory != 3*slabSize || a.disk != 4*slabSize {
		t.Errorf("after a refusal: memory %d, disk %d left", a.memory, a.disk)
	}
}

// TestContentTellsABrokenStream: a reader that breaks off never looks like one
// that ended.
func TestContentTellsABrokenStream(t *testing.T) {
	ctx := context.Background()
	for _, size := range []int{10, headSize + 10, 4 * slabSize} {
		broken := func() Object {
			return stream(io.MultiReader(bytes.NewReader(noise(size)), iotest.ErrReader(io.ErrUnexpectedEOF)))
		}
		for i, use := range []func(c *Content) error{
			func(c *Content) error { _, err := io.Copy(io.Discard, c.Stream()); return err },
			func(c *Content) error { _, _, err := c.At(ctx); return err },
		} {
			c, err := NewContent(ctx, broken(), Limits{Memory: slabSize})
			if err != nil {
				t.Fatal(err)
			}
			if err := use(c); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%d bytes and then broken: %v", size, err)
			}
			if i == 1 { // what came before is not lost
				got, err := io.ReadAll(c.Stream())
				if !bytes.Equal(got, noise(size)) || !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Errorf("%d bytes and then broken: the stream gives %d bytes, %v", size, len(got), err)
				}
			}
			c.Close()
		}
	}
}

// TestHeadAloneIsFetched: who looks only at the head of a stored object, or at
// its end, does not download the rest.
func TestHeadAloneIsFetched(t *testing.T) {
	ctx := context.Background()
	var opened []int64
	b := noise(8 * slabSize)
	m := &meter{limits: Limits{}.orDefault(), stored: int64(len(b))}
	c, err := open(ctx, stored(b, &opened), &allotment{}, m, true)
	if err != nil {
		t.Fatal(err)
	}
	at, n, err := c.At(ctx)
	if err != nil {
		t.Fatal(err)
	}
	end := make([]byte, 100)
	if _, err := at.ReadAt(end, n-100); err != nil || !bytes.Equal(end, b[n-100:]) {
		t.Errorf("end: %v", err)
	}
	c.Close()
	if read := m.read.Load(); read > 2*headSize {
		t.Errorf("read %d bytes of %d to see both ends", read, n)
	}
}
