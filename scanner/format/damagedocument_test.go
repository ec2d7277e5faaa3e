package format

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vigie/scanner"
)

// TestDamageDocuments: the documents and tables of the fixtures, cut and flipped
// as TestDamage does it, go through every reader of the engine. There is no panic,
// and nothing hangs. What each reader says about damage is the matter of its own
// tests.
func TestDamageDocuments(t *testing.T) {
	sum := &damages{problems: map[scanner.Reason]int{}}
	defer sum.watch()()
	of := make(map[string][]string)
	for _, pattern := range []string{"formats/*/*", "documents/*/*"} {
		all, err := filepath.Glob("../../fixtures/" + pattern)
		if err != nil || len(all) == 0 {
			t.Fatal(pattern, err)
		}
		for _, name := range all {
			if f := formatOf(inflated(t, name)); f != nil && f.Read != nil {
				of[f.Name] = append(of[f.Name], name)
			}
		}
	}
	t.Run("fixtures", func(t *testing.T) {
		for format, names := range of {
			for _, name := range names {
				t.Run(format+"/"+filepath.Base(name), func(t *testing.T) {
					t.Parallel()
					for n := range *damage {
						sum.documents(t, name, n, share(len(names)))
					}
				})
			}
		}
	})
	t.Log(sum)
}

// inflated returns a fixture, and its name, as they are without the gzip that only
// keeps the repository small: damage to that would hide what is inside.
func inflated(t *testing.T, path string) (name string, b []byte) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	name, packed := strings.CutSuffix(path, ".gz")
	if !packed {
		return name, b
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(path, err)
	}
	inside, err := io.ReadAll(z)
	if err != nil {
		return path, b // is meant to be gzip, with something behind it
	}
	return name, inside
}

// documents makes cuts and flips of a document and scans them all.
func (d *damages) documents(t *testing.T, name string, n, share int) {
	plain, whole := inflated(t, name)
	var variants []spoilt
	for i := range share {
		variants = append(variants, spoilt{b: whole[:len(whole)*(1+i**damage+n)/(share**damage+1)]})
	}
	r := rand.New(rand.NewPCG(uint64(n), uint64(len(whole))))
	for range 4 * share {
		b := slices.Clone(whole)
		for range 1 + r.IntN(4) {
			b[r.IntN(len(b))] ^= byte(1 + r.IntN(255))
		}
		variants = append(variants, spoilt{b: b})
	}
	k := &keeper{looked: make([]looked, len(variants))}
	const limit = 3 * time.Minute // of a machine that may do other things too
	alarm := time.AfterFunc(limit, func() { panic(name + " hangs") })
	defer alarm.Stop()
	begun := time.Now()
	_, err := scanner.Run(context.Background(), scanner.Config{
		Formats: All(), Assessor: k, Sink: k, Workers: 1,
		Limits: scanner.Limits{Memory: 4 << 20, Spool: 64 << 20},
		Done: func(scanner.Object, scanner.Outcome) {
			d.took(name, time.Since(begun))
			alarm.Reset(limit)
			begun = time.Now()
		},
	}, []scanner.Target{{Name: "damaged", Source: damaged{filepath.Base(plain), variants}}})
	if err != nil {
		t.Error(err)
	}
	for _, l := range k.looked {
		d.count(t, l.problems)
	}
}
