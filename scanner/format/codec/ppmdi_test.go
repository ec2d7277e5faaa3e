package codec

import (
	"bytes"
	"encoding/binary"
	"io"
	"testing"
)

// zipHeader is how long the local header of a zip is without names.
const zipHeader = 30

func ppmdData(t testing.TB) []byte {
	b := fixture(t, "zipmethods/ppmd.zip")
	at := zipHeader + int(binary.LittleEndian.Uint16(b[26:])) + int(binary.LittleEndian.Uint16(b[28:]))
	return b[at:][:binary.LittleEndian.Uint32(b[18:])]
}

// Without a length the end is in the data.
func TestPPMdWithoutLength(t *testing.T) {
	r, err := NewPPMdI(bytes.NewReader(ppmdData(t)), -1)
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
		if r, err := NewPPMdI(bytes.NewReader([]byte(head+"\x00\x00\x00\x00\x00")), 10); err == nil {
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
		r, err := NewPPMdI(io.MultiReader(bytes.NewReader(head), bytes.NewReader(b)), 1<<20)
		if err == nil {
			_, err = io.Copy(io.Discard, r)
		}
		if err = surprise(err); err != nil {
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
		r, err := NewPPMdI(bytes.NewReader(data), 7607)
		if err != nil {
			b.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, r); n != 7607 || err != nil {
			b.Fatal(n, err)
		}
	}
}
