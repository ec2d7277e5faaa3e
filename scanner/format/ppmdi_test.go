package format

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"testing"
)

// A model of 1 MiB is full here, more than once. One that is not begun anew then
// is read until then.
func TestPPMdFull(t *testing.T) {
	b := fixture(t, "zip/ppmdfull.zip")
	got := openArchive(t, "x.zip", b)
	want := got.Members["words.txt"]
	if len(got.Problems) > 0 || len(want) < 90_000 {
		t.Fatalf("%d bytes, %v", len(want), got.Problems)
	}
	b = bytes.Clone(b)
	at := zipLocalLen + int(binary.LittleEndian.Uint16(b[26:])) + int(binary.LittleEndian.Uint16(b[28:]))
	b[at+1] |= 0x10
	got = openArchive(t, "x.zip", b)
	data := got.Members["words.txt"]
	if got.Problems["words.txt"] != "unsupported: PPMd that cuts its model" || len(data) < 30_000 || !strings.HasPrefix(want, data) {
		t.Errorf("%d bytes, %v", len(data), got.Problems)
	}
}

func ppmdData(t testing.TB) []byte {
	b := fixture(t, "zipmethods/ppmd.zip")
	at := zipLocalLen + int(binary.LittleEndian.Uint16(b[26:])) + int(binary.LittleEndian.Uint16(b[28:]))
	return b[at:][:binary.LittleEndian.Uint32(b[18:])]
}

// Without a length the end is in the data.
func TestPPMdWithoutLength(t *testing.T) {
	r, err := ppmdCoding(-1).open(bytes.NewReader(ppmdData(t)))
	if err != nil {
		t.Fatal(err)
	}
	want := fixture(t, "register/register.csv")
	if got, err := io.ReadAll(r); !bytes.HasPrefix(got, want) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

func TestPPMdHeader(t *testing.T) {
	for _, head := range []string{"\x00\x00", "\x05\x50", "\x05", ""} {
		if r, err := ppmdCoding(10).open(bytes.NewReader([]byte(head + "\x00\x00\x00\x00\x00"))); err == nil {
			if _, err = io.ReadAll(r); err == nil {
				t.Errorf("%q: no problem", head)
			}
		}
	}
}

// FuzzPPMd: in a model of 1 MiB, any bytes end without a panic, and so they do
// when the model cannot be begun anew.
func FuzzPPMd(f *testing.F) {
	data := ppmdData(f)
	f.Add(data[2:], byte(7), false)
	f.Add(bytes.Repeat(data[2:600], 20), byte(3), true)
	f.Fuzz(func(t *testing.T, b []byte, order byte, cut bool) {
		head := []byte{order & 15, 0}
		if cut {
			head[1] = 0x10
		}
		r, err := ppmdCoding(1 << 20).open(io.MultiReader(bytes.NewReader(head), bytes.NewReader(b)))
		if err == nil {
			_, err = io.Copy(io.Discard, r)
		}
		if p := onlyProblem(err); p != nil || err != nil && err.Error() == "crashed: PPMd decoder" {
			t.Error(err)
		}
	})
}

func BenchmarkPPMd(b *testing.B) {
	data := ppmdData(b)
	data = append([]byte{data[0] & 15, 0}, data[2:]...)
	b.SetBytes(7607)
	b.ReportAllocs()
	for b.Loop() {
		r, err := ppmdCoding(7607).open(bytes.NewReader(data))
		if err != nil {
			b.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, r); n != 7607 || err != nil {
			b.Fatal(n, err)
		}
	}
}
