package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"vigie/scanner"
)

// Images with ranges, as they lie in a store, cut and damaged.
func TestISOCutShort(t *testing.T) {
	want := string(fixture(t, "register/register.csv"))
	for _, name := range isoImages {
		whole := isoImage(t, name)
		for i := range 50 {
			n := len(whole) * i / 50
			if first("x.iso", whole[:n]) != "iso9660" {
				continue
			}
			got := openArchive(t, "x.iso", whole[:n])
			if len(got.Problems) == 0 {
				t.Errorf("%s cut at %d: no problem", name, n)
			}
			for m, data := range got.Members {
				if !strings.HasPrefix(want, data) {
					t.Errorf("%s cut at %d: %s has %d bytes that are not its beginning", name, n, m, len(data))
				}
			}
		}
	}
}

// An image in a gzip that is cut gives what lies before the cut.
func TestISOBroken(t *testing.T) {
	want := string(fixture(t, "register/register.csv"))
	for _, name := range isoImages {
		for _, behind := range []int{0, 3 << 20} { // of zeros, behind the folders: so that not all is in memory
			image := isoImage(t, name)
			whole := gzipOf("", movedISO(image, behind))
			got := leaves(t, "x.gz", whole[:len(whole)-20])
			best := 0
			for m, data := range got.Members {
				if strings.HasSuffix(strings.ToLower(m), ".csv") && strings.HasPrefix(want, data) {
					best = max(best, len(data))
				}
			}
			if best < 4000 || len(got.Problems) == 0 {
				t.Errorf("%s: %d bytes of %d, problems %v", name, best, len(want), got.Problems)
			}
		}
	}
}

// movedISO moves the register n bytes on.
func movedISO(image []byte, n int) []byte {
	at := bytes.Index(image, []byte("nir;nom"))
	extent := func(at int) []byte {
		b := binary.LittleEndian.AppendUint32(nil, uint32(at/isoSector))
		return binary.BigEndian.AppendUint32(b, uint32(at/isoSector))
	}
	front := bytes.ReplaceAll(image[:at], extent(at), extent(at+n))
	return slices.Concat(front, make([]byte, n), image[at:])
}

func TestISODamaged(t *testing.T) {
	for _, name := range isoImages {
		whole := isoImage(t, name)
		r := rand.New(rand.NewPCG(1, uint64(len(whole))))
		b := make([]byte, len(whole))
		for range 200 {
			copy(b, whole)
			for range 1 + r.IntN(8) { // most of an image are zeros that nobody reads
				at := isoFirst*isoSector + r.IntN(len(b)-isoFirst*isoSector)
				for b[at] == 0 {
					at = isoFirst*isoSector + r.IntN(len(b)-isoFirst*isoSector)
				}
				b[at] = byte(r.Uint32())
			}
			if first("x.iso", b) != "iso9660" {
				continue
			}
			for m, p := range openArchive(t, "x.iso", b).Problems {
				if strings.HasPrefix(p, "not a problem") {
					t.Errorf("%s damaged, %q: %s", name, m, p)
				}
			}
		}
	}
}

// A piece of a member is read alone, and pieces join.
func TestISORanges(t *testing.T) {
	want := fixture(t, "register/register.csv")
	c, err := scanner.NewContent(context.Background(), stored("x.iso", isoImage(t, isoImages[2])), scanner.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	err = isoFormat.Unpack(context.Background(), c, func(o scanner.Object) error {
		for _, span := range [][2]int64{{0, 10}, {5000, 100}, {7600, -1}, {7607, -1}, {7000, 9000}} {
			rc, err := o.Open(context.Background(), span[0], span[1])
			if err != nil {
				return err
			}
			got, err := io.ReadAll(rc)
			end := int64(len(want))
			if span[1] >= 0 {
				end = min(end, span[0]+span[1])
			}
			if err != nil || !bytes.Equal(got, want[span[0]:end]) {
				t.Errorf("%v: %d bytes, %v", span, len(got), err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// A folder that holds itself is gone through once.
func TestISOCircle(t *testing.T) {
	b := isoImage(t, isoImages[0])
	root := int(binary.LittleEndian.Uint32(b[isoFirst*isoSector+156+2:])) * isoSector
	for at := root; b[at] != 0; at += int(b[at]) {
		if b[at+25]&isoFolder != 0 {
			copy(b[at+2:at+10], b[isoFirst*isoSector+158:]) // begins where the root does
		}
	}
	got := openArchive(t, "x.iso", b)
	if got.Problems[""] != "malformed: folders of the disc image run in a circle" {
		t.Errorf("problems %v", got.Problems)
	}
}

// What expands without end is stopped by the limits of the scan.
func TestStreamBombs(t *testing.T) {
	zeros := make([]byte, 1<<20)
	for _, s := range streams {
		if s.ending != ".zst" && s.ending != ".br" {
			continue
		}
		var b bytes.Buffer
		w := s.encode(&b)
		for range 300 {
			w.Write(zeros)
		}
		w.Close()
		c, err := scanner.NewContent(context.Background(), stored("x"+s.ending, b.Bytes()), scanner.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range All() {
			if !f.Match(c.Name(), c.Head()) {
				continue
			}
			err = f.Unpack(context.Background(), c, func(o scanner.Object) error {
				in, err := scanner.NewContent(context.Background(), o, scanner.Limits{})
				if err != nil {
					return err
				}
				defer in.Close()
				_, err = io.Copy(io.Discard, in.Stream())
				return err
			})
			break
		}
		c.Close()
		var p *scanner.Problem
		if !errors.As(err, &p) || p.Reason != scanner.Ratio {
			t.Errorf("%s: %d bytes of zeros: %v", s.ending, b.Len(), err)
		}
	}
}
