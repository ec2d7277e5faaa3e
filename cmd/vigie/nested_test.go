package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"

	"vigie/fixtures"
)

// TestNestedAndMisnamed: each fixture of the register in five containers of
// other kinds, all of them under wrong names, so that it lies six deep or
// deeper. What is found is what is found in the open, and the path names every
// container. LZMA and Brotli have no mark: they keep their names.
func TestNestedAndMisnamed(t *testing.T) {
	packed, err := filepath.Glob(formatFixtures + "people/*[^vh]") // neither the register nor the recipe
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	missing := make(map[string]bool)
	for _, name := range packed {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		base := filepath.Base(name)
		innermost := "notes.mp3"
		if strings.HasSuffix(base, ".br") || strings.HasSuffix(base, ".lzma") {
			innermost = base
		}
		b = fixtures.Tar(fixtures.Member{Name: innermost, Body: b})
		b = coded(t, func(w io.Writer) (io.WriteCloser, error) { return lz4.NewWriter(w), nil }, b)
		b = fixtures.Zip(fixtures.Member{Name: "dossier/photo.jpg", Body: b})
		b = coded(t, func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) }, b)
		b = fixtures.Gzip("rapport.pdf", b)
		put(t, dir, base+".txt", b)
		missing[base+".txt"] = true
	}
	outer := "!/rapport.pdf!/rapport.pdf!/dossier/photo.jpg!/photo.jpg!/"
	open := scanned(t, formatFixtures+"people/people.csv")
	o := scanned(t, dir)
	for _, f := range o.findings {
		name, rest, _ := strings.Cut(strings.TrimPrefix(f.Path, dir+"/"), "!")
		if !strings.HasPrefix("!"+rest, outer) || strings.Count(f.Path, "!") < 6 {
			t.Errorf("path %s", f.Path)
		}
		if portrait(f) != portrait(open.findings[0]) {
			t.Errorf("%s: %s", f.Path, portrait(f))
		}
		delete(missing, name)
	}
	for name := range missing {
		t.Errorf("%s: nothing found", name)
	}
	if len(packed) < 50 || len(o.problems) > 0 {
		t.Errorf("%d fixtures, problems %+v", len(packed), o.problems)
	}
}

func coded(t *testing.T, encoder func(io.Writer) (io.WriteCloser, error), b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := encoder(&out)
	if err == nil {
		_, err = w.Write(b)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
