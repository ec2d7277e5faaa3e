package format

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"strings"
	"testing"

	"vigie/scanner"
)

func FuzzCompress(f *testing.F) {
	fuzzRegisters(f, "compress/")
	f.Add([]byte("\x1f\x9d\x90"))
	f.Fuzz(func(t *testing.T, b []byte) { walkFuzzed(t, compressFormat, "x.Z", b, 3) })
}

func FuzzCpio(f *testing.F) {
	fuzzRegisters(f, "cpio/")
	f.Fuzz(func(t *testing.T, b []byte) { walkFuzzed(t, cpioFormat, "x.cpio", b, 26) })
}

func FuzzAr(f *testing.F) {
	fuzzRegisters(f, "ar/")
	f.Fuzz(func(t *testing.T, b []byte) { walkFuzzed(t, arFormat, "x.a", b, arHeader) })
}

func FuzzRPM(f *testing.F) {
	fuzzRegisters(f, "rpm/")
	f.Fuzz(func(t *testing.T, b []byte) { walkFuzzed(t, rpmFormat, "x.rpm", b, rpmLead) })
}

// The 32 KB before the first descriptor are left out: they are not looked at.
func FuzzISO9660(f *testing.F) {
	for _, name := range isoImages {
		f.Add(isoImage(f, name)[isoFirst*isoSector:])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		walkFuzzed(t, isoFormat, "x.iso", append(make([]byte, isoFirst*isoSector), b...), 34)
	})
}

// The same from a stream that breaks off.
func FuzzISOBroken(f *testing.F) {
	for _, name := range isoImages {
		f.Add(isoImage(f, name)[isoFirst*isoSector:])
	}
	broken := scanner.Format{Unpack: func(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
		return isoBroken(ctx, c, yield, truncated("ends in the middle"))
	}}
	f.Fuzz(func(t *testing.T, b []byte) {
		walkFuzzed(t, broken, "x.iso", append(make([]byte, isoFirst*isoSector), b...), 34)
	})
}

func fuzzRegisters(f *testing.F, kind string) {
	for _, r := range registers {
		if strings.HasPrefix(r.name, kind) {
			b := fixture(f, r.name)
			f.Add(b)
			f.Add(b[:2*len(b)/3])
		}
	}
}

var isoImages = []string{"iso9660/plain.iso.gz", "iso9660/plain-J.iso.gz", "iso9660/plain-R.iso.gz"}

func isoImage(t testing.TB, name string) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(fixture(t, name)))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
