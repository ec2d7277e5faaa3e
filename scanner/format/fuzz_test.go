package format

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"vigie/scanner"
)

// FuzzZip: a walk ends, without panic, with Problems only, hands over no more
// members than there is room for, and no member is longer than it says.
func FuzzZip(f *testing.F) {
	fuzzArchives(f, "zip/")
	f.Add(zipByHand(storedRaw("a", "x"), storedRaw("b", "y")))
	f.Fuzz(func(t *testing.T, b []byte) { walkFuzzed(t, zipFormat, "x.zip", b, zipCentralLen) })
}

func FuzzTar(f *testing.F) {
	fuzzArchives(f, "tar/")
	f.Fuzz(func(t *testing.T, b []byte) { walkFuzzed(t, tarFormat, "x.tar", b, tarBlock) })
}

func FuzzGzip(f *testing.F) {
	fuzzArchives(f, "gzip/")
	f.Fuzz(func(t *testing.T, b []byte) { walkFuzzed(t, gzipFormat, "x.gz", b, 18) })
}

func fuzzArchives(f *testing.F, kind string) {
	for _, name := range archives(f) {
		if b := fixture(f, name); strings.HasPrefix(name, kind) && len(b) < 16<<10 {
			f.Add(b)
			f.Add(b[:2*len(b)/3])
		}
	}
}

func walkFuzzed(t *testing.T, format scanner.Format, name string, b []byte, least int) {
	c, err := scanner.NewContent(context.Background(), stored(name, b), scanner.Limits{Memory: 2 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	members := 0
	err = format.Unpack(context.Background(), c, func(o scanner.Object) error {
		if members++; members > len(b)/min(least, zipLocalLen)+1 {
			t.Fatalf("%d members in %d bytes", members, len(b))
		}
		if o.Path == "" || strings.HasPrefix(o.Path, "/") || strings.HasPrefix(o.Path, "../") {
			t.Errorf("member path %q", o.Path)
		}
		rc, err := o.Open(context.Background(), 0, -1)
		if err != nil {
			return onlyProblem(err)
		}
		defer rc.Close()
		n, err := io.Copy(io.Discard, io.LimitReader(rc, 32<<20))
		if o.Size >= 0 && n > o.Size {
			t.Errorf("%s: %d bytes of %d declared", o.Path, n, o.Size)
		}
		return onlyProblem(err)
	})
	if err = onlyProblem(err); err != nil {
		t.Error(err)
	}
}

// onlyProblem returns err when it is anything but a *Problem.
func onlyProblem(err error) error {
	var p *scanner.Problem
	if err == nil || errors.As(err, &p) {
		return nil
	}
	return fmt.Errorf("not a problem: %w", err)
}
