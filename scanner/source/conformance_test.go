package source

import (
	"context"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"vigie/scanner"
)

// broken is the content of an object that a fake must fail to serve.
const broken = "\x00broken"

// opened is a source and its target.
type opened struct {
	scanner.Source
	target string
}

// A trial is a store of the conformance suite.
type trial struct {
	name string
	// open makes a store with the given objects, one of them broken.
	open func(t *testing.T, files map[string]string) *opened
	// path is how an object below the target is shown.
	path func(key string) string
	// sorted: the store has an order of keys.
	sorted bool
}

func trials() []trial {
	plain := func(key string) string { return key }
	all := []trial{
		{"dir", openTree, plain, true},
		{"s3", func(t *testing.T, files map[string]string) *opened {
			f := &fakeS3{buckets: map[string]map[string]string{"b": files, "other": {"x": "y"}}, page: 3}
			setCredentials(t, "")
			o := openWith(t, "s3://b/", Options{S3Endpoint: serve(t, f.ServeHTTP)})
			return o
		}, plain, true},
	}
	for _, d := range dialects {
		all = append(all, trial{"web " + d.name, func(t *testing.T, files map[string]string) *opened {
			return openWith(t, d.server(t, files), Options{})
		}, webPath, false})
	}
	return all
}

// webPath is how a key is shown in an address.
func webPath(key string) string {
	return strings.TrimPrefix(showURL(&url.URL{Scheme: "http", Host: "h", Path: "/" + key}), "http://h/")
}

// openTree writes the objects to a folder. A broken one is a link to a file
// outside of it.
func openTree(t *testing.T, files map[string]string) *opened {
	good := map[string]string{}
	for key, text := range files {
		if text != broken {
			good[key] = text
		}
	}
	root := tree(t, good)
	for key, text := range files {
		if text == broken {
			if err := os.Symlink(os.DevNull, filepath.Join(root, key)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return &opened{openDir(t, root), root + "/"}
}

// conforming are objects with all that names are made of.
func conforming() map[string]string {
	return map[string]string{
		"a.csv":              strings.Repeat("0123456789", 30_000),
		"b/c.csv":            "nom;prénom\n",
		"b/d/e.txt":          "e",
		"b.txt":              "before b/",
		"dossier été/f g.md": "f",
		"empty.txt":          "",
		"plus+and&amp;.csv":  "&",
		"percent%41.csv":     "%",
		"what?.csv":          "?",
		"hash#1.csv":         "#",
		"12:30.csv":          ":",
		"quote'\".csv":       "\"",
	}
}

func TestConformance(t *testing.T) {
	for _, s := range trials() {
		t.Run(s.name, func(t *testing.T) {
			t.Run("lists all", s.listsAll)
			t.Run("stops early", s.stopsEarly)
			t.Run("goes on after a broken object", s.goesOn)
			t.Run("honours the context", s.honoursContext)
			t.Run("reads ranges", s.readsRanges)
			t.Run("keeps to keys", s.keepsToKeys)
		})
	}
}

func (s trial) listsAll(t *testing.T) {
	files := conforming()
	src := s.open(t, files)
	var want, got []string
	for key := range files {
		want = append(want, src.target+s.path(key))
	}
	byPath := map[string]string{}
	for key, text := range files {
		byPath[src.target+s.path(key)] = text
	}
	for o, err := range src.List(t.Context(), "", "") {
		if err != nil {
			t.Errorf("%s: %v", o.Path, err)
			continue
		}
		got = append(got, o.Path)
		text, err := content(t, o, 0, -1)
		if err != nil || text != byPath[o.Path] {
			t.Errorf("%s: read %d bytes, want %d: %v", o.Path, len(text), len(byPath[o.Path]), err)
		}
		if o.Size != int64(len(text)) || o.Modified.IsZero() || o.Exposure == nil {
			t.Errorf("%s: size %d, want %d, modified %v", o.Path, o.Size, len(text), o.Modified)
		}
	}
	slices.Sort(want)
	if !s.sorted {
		slices.Sort(got)
	}
	equal(t, "paths", got, want)
}

func (s trial) stopsEarly(t *testing.T) {
	src := s.open(t, conforming())
	n := 0
	for range src.List(t.Context(), "", "") {
		if n++; n == 2 {
			break
		}
	}
	if n != 2 {
		t.Errorf("%d objects before the break", n)
	}
}

func (s trial) goesOn(t *testing.T) {
	files := conforming()
	files["b/broken.csv"] = broken
	src := s.open(t, files)
	read, problems := 0, 0
	for o, err := range src.List(t.Context(), "", "") {
		var p *scanner.Problem
		if err == nil {
			_, err = content(t, o, 0, -1)
		}
		switch {
		case err == nil:
			read++
		case errors.As(err, &p) && o.Path == src.target+"b/broken.csv":
			problems++
		default:
			t.Errorf("%s: %v", o.Path, err)
		}
	}
	if read != len(files)-1 || problems != 1 {
		t.Errorf("%d objects read of %d, %d problems", read, len(files)-1, problems)
	}
}

func (s trial) honoursContext(t *testing.T) {
	src := s.open(t, conforming())
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	var first scanner.Object
	for o, err := range src.List(ctx, "", "") {
		if err != nil {
			t.Errorf("%s: %v", o.Path, err)
		}
		if n++; n == 1 {
			first = o
			cancel()
		}
	}
	if n != 1 || first.Open == nil {
		t.Fatalf("%d objects, cancelled at the first", n)
	}
	if _, err := first.Open(ctx, 0, -1); !errors.Is(err, context.Canceled) {
		t.Errorf("open: %v", err)
	}
	for o := range src.List(ctx, "", "") {
		t.Errorf("%s listed after the end", o.Path)
	}
}

func (s trial) readsRanges(t *testing.T) {
	files := conforming()
	src := s.open(t, files)
	whole := files["a.csv"]
	size := int64(len(whole))
	for o, err := range src.List(t.Context(), "", "") {
		if err != nil || o.Path != src.target+"a.csv" {
			continue
		}
		for _, r := range []struct{ off, n int64 }{
			{0, 0}, {0, 1}, {0, size}, {0, size + 10}, {1, 5}, {70_000, 65_536}, {size - 3, -1}, {size - 3, 10}, {size, 1}, {size, -1}, {size + 5, 3}, {5, 0},
		} {
			want := whole[min(r.off, size):]
			if r.n >= 0 {
				want = want[:min(r.n, int64(len(want)))]
			}
			if got, err := content(t, o, r.off, r.n); err != nil || got != want {
				t.Errorf("%d bytes from %d: %d bytes, want %d: %v", r.n, r.off, len(got), len(want), err)
			}
		}
		for range 3 { // closed before the end, and twice
			rc, err := o.Open(t.Context(), 0, -1)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadFull(rc, make([]byte, 10)); err != nil {
				t.Error(err)
			}
			rc.Close()
			rc.Close()
		}
		return
	}
	t.Error("a.csv is not listed")
}

func (s trial) keepsToKeys(t *testing.T) {
	files := conforming()
	src := s.open(t, files)
	var want, got []string
	for key := range files {
		if key >= "b.txt" && key < "empty.txt" {
			want = append(want, src.target+s.path(key))
		}
	}
	for o, err := range src.List(t.Context(), "b.txt", "empty.txt") {
		if err != nil {
			t.Errorf("%s: %v", o.Path, err)
		}
		got = append(got, o.Path)
	}
	slices.Sort(want)
	slices.Sort(got)
	equal(t, "paths", got, want)
}

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Every store in a file stands in the list, has a name and a title.
func TestAll(t *testing.T) {
	var names []string
	for _, s := range All() {
		names = append(names, s.Name)
		title, rest, _ := strings.Cut(s.Doc, "\n")
		if title == "" || !strings.HasPrefix(rest, "\n") || s.Match == nil || s.Open == nil {
			t.Errorf("%s is not complete", s.Name)
		}
	}
	equal(t, "stores", names, []string{"web", "s3", "dir"})
}
