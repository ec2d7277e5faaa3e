package source

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"vigie/scanner"
)

// tree writes files below a new folder and returns it.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		full := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// listed is what a listing gave: paths without the prefix, problems as
// "path: reason: detail".
func listed(t *testing.T, src scanner.Source, prefix, from, to string) (paths, problems []string) {
	t.Helper()
	for o, err := range src.List(t.Context(), from, to) {
		path := strings.TrimPrefix(o.Path, prefix)
		if err == nil {
			paths = append(paths, path)
			continue
		}
		var p *scanner.Problem
		if !errors.As(err, &p) || p.Path != o.Path {
			t.Errorf("%s: %v is no problem at that path", o.Path, err)
		}
		problems = append(problems, path+": "+err.Error())
	}
	return paths, problems
}

// content reads n bytes of an object from off.
func content(t *testing.T, o scanner.Object, off, n int64) (string, error) {
	t.Helper()
	r, err := o.Open(t.Context(), off, n)
	if err != nil {
		return "", err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	return string(b), err
}

func openDir(t *testing.T, target string) scanner.Source {
	t.Helper()
	src, err := Open(t.Context(), target, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func equal(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

func TestDirOrderAndRange(t *testing.T) {
	root := tree(t, map[string]string{"b/2": "", "b/10": "", "b.txt": "", "b-1": "", "a": "", "c/d/e": "", "z": ""})
	src := openDir(t, root)
	for _, c := range []struct {
		from, to string
		want     []string
	}{
		{"", "", []string{"a", "b-1", "b.txt", "b/10", "b/2", "c/d/e", "z"}},
		{"b.", "", []string{"b.txt", "b/10", "b/2", "c/d/e", "z"}},
		{"b/2", "c/d/e", []string{"b/2"}},
		{"", "b/2", []string{"a", "b-1", "b.txt", "b/10"}},
		{"c/d/e", "c/d/e", nil},
		{"c/d/e", "z", []string{"c/d/e"}},
	} {
		paths, problems := listed(t, src, root+"/", c.from, c.to)
		equal(t, c.from+" to "+c.to, paths, c.want)
		equal(t, "problems", problems, nil)
	}
}

func TestDirTargets(t *testing.T) {
	root := tree(t, map[string]string{"x/a.csv": "abc", "x/b/c": ""})
	t.Chdir(root)
	for _, c := range []struct {
		target string
		want   []string
	}{
		{"x", []string{"x/a.csv", "x/b/c"}},
		{"x//", []string{"x/a.csv", "x/b/c"}},
		{".", []string{"./x/a.csv", "./x/b/c"}},
		{"./x/a.csv", []string{"./x/a.csv"}},
		{root + "/x/b", []string{root + "/x/b/c"}},
	} {
		paths, _ := listed(t, openDir(t, c.target), "", "", "")
		equal(t, c.target, paths, c.want)
	}
	if err := os.Symlink("x/a.csv", "link"); err != nil {
		t.Fatal(err)
	}
	paths, _ := listed(t, openDir(t, "link"), "", "", "")
	equal(t, "a link that is the target", paths, []string{"link"})

	for target, want := range map[string]string{
		"none":        "open none: no such file or directory",
		"":            "open : a target is",
		"gopher://h/": "open gopher://h/: a target is a path, http",
		os.DevNull:    "open /dev/null: neither a folder nor a regular file",
	} {
		if _, err := Open(t.Context(), target, Options{}); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("open %q: %v, want %s", target, err, want)
		}
	}
}

func TestDirLinks(t *testing.T) {
	outside := tree(t, map[string]string{"secret": "s", "d/e": ""})
	root := tree(t, map[string]string{"a": "1", "d/b": "2"})
	for name, to := range map[string]string{
		"in":      "a",
		"in-abs":  filepath.Join(root, "a"),
		"in-dir":  "d",
		"loop":    "loop",
		"d/up":    "..",
		"none":    "nothing",
		"out":     filepath.Join(outside, "secret"),
		"out-dir": outside,
	} {
		if err := os.Symlink(to, filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(root, "pipe"), 0o644); err != nil {
		t.Fatal(err)
	}
	paths, problems := listed(t, openDir(t, root), root+"/", "", "")
	equal(t, "paths", paths, []string{"a", "d/b"})
	equal(t, "problems", problems, []string{
		"out: skipped: link leads out of the target",
		"out-dir: skipped: link leads out of the target",
	})
}

// A file that was replaced after it was listed is not followed elsewhere and
// does not hang.
func TestDirReplaced(t *testing.T) {
	outside := tree(t, map[string]string{"secret": "s"})
	root := tree(t, map[string]string{"a": "1", "b": "2"})
	var objects []scanner.Object
	for o, err := range openDir(t, root).List(t.Context(), "", "") {
		if err != nil {
			t.Fatal(err)
		}
		objects = append(objects, o)
	}
	a, b := filepath.Join(root, "a"), filepath.Join(root, "b")
	if err := errors.Join(os.Remove(a), os.Remove(b), os.Symlink(filepath.Join(outside, "secret"), a), syscall.Mkfifo(b, 0o644)); err != nil {
		t.Fatal(err)
	}
	for _, o := range objects {
		var p *scanner.Problem
		if text, err := content(t, o, 0, -1); !errors.As(err, &p) {
			t.Errorf("%s: %q, %v", o.Path, text, err)
		}
	}
}

func TestProblemOfFile(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{&os.PathError{Op: "open", Path: "/x/y", Err: syscall.EACCES}, "denied: permission denied"},
		{&os.PathError{Op: "read", Path: "/x/y", Err: syscall.EIO}, "unreachable: input/output error"},
	} {
		if got := problem(c.err).Error(); got != c.want {
			t.Errorf("%v: %s, want %s", c.err, got, c.want)
		}
	}
}

func TestDirExposure(t *testing.T) {
	root := tree(t, map[string]string{"a": "1"})
	for o := range openDir(t, root).List(t.Context(), "", "") {
		e := o.Exposure(context.Background())
		if e.State != scanner.Local || e.FileDated.IsZero() {
			t.Errorf("%+v", e)
		}
	}
}
