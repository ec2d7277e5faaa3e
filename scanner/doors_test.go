package scanner_test

import (
	"bytes"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A room is a package of the plan (design.md §1) and what it may import of the
// module. Packages that stand here need not exist yet; one that does not stand
// here fails the test, and so does an import through a wall.
type room struct {
	path  string
	doors []string // rooms that its code may import; a prefix with /... for all below
}

var inner = []string{"detectors", "detectors/lexicon", "scanner"}

var plan = []room{
	{"detectors", []string{"detectors/lexicon"}},
	{"detectors/lexicon", nil},
	{"detectors/lexicon/generate", []string{"detectors/lexicon"}},
	{"scanner", []string{"detectors", "detectors/lexicon"}},
	{"scanner/source", inner},
	{"scanner/format", []string{"detectors", "detectors/lexicon", "scanner", "scanner/format/codec"}},
	{"scanner/format/codec", nil}, // bytes to bytes: it knows no archive
	{"scanner/assess", inner},
	{"scanner/report", inner},
	{"scanner/ledger", inner},
	{"scanner/fleet", inner},
	{"scanner/serve", []string{"detectors/...", "scanner/..."}},
	{"cmd/vigie", []string{"detectors/...", "scanner/...", "cmd/vigie/..."}},
	{"cmd/vigie/config", []string{"detectors/...", "scanner/..."}},
	{"cmd/vigie/deploy", nil},
	{"fixtures", []string{"detectors/...", "scanner/..."}},
	{"fixtures/data", nil}, // the program that wrote the lists beside it
	{"fixtures/evaluate", []string{"detectors/...", "scanner/...", "fixtures"}},
	{"fixtures/bench", []string{"detectors/...", "scanner/...", "fixtures"}},
}

// keepers are modules that only one room may import.
var keepers = []struct{ module, room string }{
	{"github.com/aws/aws-sdk-go-v2", "scanner/source"},
	{"github.com/aws/smithy-go", "scanner/source"},
	{"github.com/klauspost/compress", "scanner/format"},
}

const (
	module   = "vigie"
	maxLines = 500
)

func TestDoors(t *testing.T) {
	root := ".."
	if mod, err := os.ReadFile(filepath.Join(root, "go.mod")); err != nil || !bytes.HasPrefix(mod, []byte("module "+module+"\n")) {
		t.Fatalf("read go.mod of %s: %v", module, err)
	}
	files := 0
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if d.Name() == "testdata" || name != "." && strings.HasPrefix(d.Name(), ".") {
				return fs.SkipDir
			}
			if name != "." && path.Dir(name) == "." && !slices.Contains([]string{"cmd", "scanner", "detectors", "fixtures"}, name) {
				t.Errorf("%s/ is a top-level folder outside the plan", name)
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		files++
		src, err := fs.ReadFile(os.DirFS(root), name)
		if err != nil {
			return err
		}
		for _, fault := range faults(name, src) {
			t.Error(fault)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 10 {
		t.Errorf("looked at %d files: this is not the module", files)
	}
}

// faults returns what is wrong with the file name, of which src is the text.
func faults(name string, src []byte) (faults []string) {
	fault := func(parts ...string) { faults = append(faults, name+": "+strings.Join(parts, " ")) }
	if n := bytes.Count(src, []byte("\n")); n > maxLines && !generated(src) {
		fault("has", strconv.Itoa(n), "lines: which concept is missing?")
	}
	dir := path.Dir(name)
	at := slices.IndexFunc(plan, func(r room) bool { return r.path == dir })
	if at < 0 {
		fault("package", dir, "is not in the plan")
		return faults
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly)
	if err != nil {
		fault(err.Error())
		return faults
	}
	test := strings.HasSuffix(name, "_test.go")
	invents := test || strings.HasPrefix(name, "cmd/vigie/demo") // may use invented people
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			fault(err.Error())
			continue
		}
		if imported == module+"/fixtures" && invents {
			continue
		}
		if why := wall(plan[at], imported, test); why != "" {
			fault("imports", imported+":", why)
		}
	}
	return faults
}

// generated reports whether a program wrote the file.
func generated(src []byte) bool {
	return bytes.HasPrefix(src, []byte("// Code generated ")) || bytes.Contains(src, []byte("\n// Code generated "))
}

// wall says why r, or a test in it, may not import a package; "" where it may.
func wall(r room, imported string, test bool) string {
	for _, k := range keepers {
		// A test may build what the room under test takes apart.
		if (imported == k.module || strings.HasPrefix(imported, k.module+"/")) && r.path != k.room && !test {
			return "only " + k.room + " may"
		}
	}
	if imported == module || strings.HasPrefix(imported, module+"/") {
		return through(r, strings.TrimPrefix(imported, module+"/"))
	}
	first, _, _ := strings.Cut(imported, "/")
	if std := !strings.Contains(first, "."); !std && strings.HasPrefix(r.path, "detectors") && !test {
		return "detectors needs nothing but the standard library"
	}
	return ""
}

// through says the same of a package of the module.
func through(r room, imported string) string {
	if imported == r.path {
		return "" // the package of an external test
	}
	for _, d := range r.doors {
		if below, all := strings.CutSuffix(d, "/..."); imported == d || all && (imported == below || strings.HasPrefix(imported, below+"/")) {
			return ""
		}
	}
	if imported == "fixtures" {
		return "only tests and the demo may"
	}
	return "there is no door"
}

// The test of the test: each of these must be seen.
func TestDoorsAreShut(t *testing.T) {
	tests := []struct {
		file, imported string
		open           bool
	}{
		{"scanner/scanner.go", "vigie/detectors", true},
		{"scanner/scanner.go", "vigie/scanner/format", false},
		{"scanner/scanner.go", "github.com/klauspost/compress/zip", false},
		{"scanner/format/zip.go", "github.com/klauspost/compress/flate", true},
		{"scanner/format/zip.go", "vigie/scanner/source", false},
		{"scanner/format/zip_test.go", "vigie/scanner/source", false},
		{"scanner/format/zip_test.go", "vigie/fixtures", true},
		{"scanner/format/zip.go", "vigie/fixtures", false},
		{"scanner/source/s3.go", "github.com/aws/aws-sdk-go-v2/service/s3", true},
		{"cmd/vigie/scan.go", "github.com/aws/aws-sdk-go-v2/service/s3", false},
		{"cmd/vigie/scan.go", "vigie/scanner/source", true},
		{"cmd/vigie/demo.go", "vigie/fixtures", true},
		{"cmd/vigie/scan.go", "vigie/fixtures", false},
		{"detectors/nir.go", "vigie/scanner", false},
		{"detectors/nir.go", "golang.org/x/text/width", false},
		{"detectors/nir.go", "vigie/detectors/lexicon", true},
		{"detectors/nir_test.go", "github.com/google/go-cmp/cmp", true},
		{"scanner/fleet/worker.go", "vigie/scanner/ledger", false},
		{"scanner/serve/serve.go", "vigie/scanner/ledger", true},
		{"scanner/util/util.go", "fmt", false},
		{"main.go", "fmt", false},
	}
	for _, tt := range tests {
		src := []byte("package p\n\nimport _ " + strconv.Quote(tt.imported) + "\n")
		if got := faults(tt.file, src); (len(got) == 0) != tt.open {
			t.Errorf("%s importing %s: faults %q", tt.file, tt.imported, got)
		}
	}
	if got := faults("scanner/long.go", []byte("package p\n"+strings.Repeat("\n", maxLines))); len(got) != 1 {
		t.Errorf("a long file: faults %q", got)
	}
}
