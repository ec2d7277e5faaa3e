package format

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vigie/scanner"
)

// stored is an object that lies in memory, with ranges like a file.
func stored(name string, b []byte) scanner.Object {
	return scanner.Object{
		Path: name, Size: int64(len(b)),
		Open: func(_ context.Context, off, n int64) (io.ReadCloser, error) {
			off = min(max(off, 0), int64(len(b)))
			if n < 0 || n > int64(len(b))-off {
				n = int64(len(b)) - off
			}
			return io.NopCloser(bytes.NewReader(b[off : off+n])), nil
		},
	}
}

// unpacked is what came out of an object: of each member the bytes, in order,
// and the problem it ended with.
type unpacked struct {
	Members  map[string]string
	Order    []string
	Problems map[string]string // by member; "" for the container
}

func (u *unpacked) trouble(path string, err error) {
	var p *scanner.Problem
	if !errors.As(err, &p) {
		u.Problems[path] = "not a problem: " + err.Error()
		return
	}
	u.Problems[path] = p.Error()
}

// openArchive unpacks one level of b with the first format that matches.
func openArchive(t testing.TB, name string, b []byte) unpacked {
	t.Helper()
	u := unpacked{Members: map[string]string{}, Problems: map[string]string{}}
	o := stored(name, b)
	c, err := scanner.NewContent(context.Background(), o, scanner.Limits{})
	if err != nil {
		t.Fatalf("open %s: %v", name, err)
	}
	defer c.Close()
	for _, f := range All() {
		if !f.Match(c.Name(), c.Head()) {
			continue
		}
		if f.Unpack == nil {
			return u
		}
		err := f.Unpack(context.Background(), c, func(m scanner.Object) error {
			u.Order = append(u.Order, m.Path)
			rc, err := m.Open(context.Background(), 0, -1)
			if err != nil {
				u.trouble(m.Path, err)
				return nil
			}
			defer rc.Close()
			data, err := io.ReadAll(io.LimitReader(rc, 64<<20))
			u.Members[m.Path] = string(data)
			if err != nil {
				u.trouble(m.Path, err)
			} else if m.Size >= 0 && m.Size != int64(len(data)) {
				t.Errorf("%s!/%s: %d bytes, size says %d", name, m.Path, len(data), m.Size)
			}
			return nil
		})
		if err != nil {
			u.trouble("", err)
		}
		return u
	}
	t.Fatalf("%s: no format matches", name)
	return u
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../../fixtures/formats", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func archives(t testing.TB) []string {
	t.Helper()
	all, err := filepath.Glob("../../fixtures/formats/*/*")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, a := range all {
		switch kind := path.Base(filepath.Dir(a)); kind {
		case "zip", "gzip", "tar":
			names = append(names, kind+"/"+filepath.Base(a))
		}
	}
	if len(names) < 20 {
		t.Fatalf("only %d fixtures", len(names))
	}
	return names
}

// The members that the recipe in fixtures/formats packs.
func lot(names ...string) map[string]string {
	var alloc strings.Builder
	for i := range 400 {
		alloc.WriteString(strings.Join([]string{itoa(i), "MENAGE " + itoa(i%7), itoa(1000+i*37%9000) + "," + itoa(100 + i%100)[1:]}, ";") + "\n")
	}
	all := map[string]string{
		"lot/alloc.csv":           alloc.String(),
		"lot/plat.csv":            alloc.String()[:3000],
		"lot/lisezmoi.txt":        "une ligne\n",
		"lot/vide.txt":            "",
		"lot/été/prestations.csv": "numéro;libellé\n1;vidé\n",
		"lot/creux.bin":           strings.Repeat("\x00", 100000) + "fin",
		longName:                  "une ligne\n",
	}
	some := map[string]string{}
	for _, n := range names {
		some[n] = all[n]
	}
	return some
}

var longName = "lot/" + strings.Repeat("dossier-", 20) + "/" + strings.Repeat("piece-", 20) + ".txt"

func itoa(i int) string {
	if i < 10 {
		return string(rune('0' + i))
	}
	return itoa(i/10) + itoa(i%10)
}

func TestArchivesOfOthers(t *testing.T) {
	five := lot("lot/alloc.csv", "lot/plat.csv", "lot/lisezmoi.txt", "lot/vide.txt", "lot/été/prestations.csv")
	eight := lot("lot/alloc.csv", "lot/plat.csv", "lot/lisezmoi.txt", "lot/vide.txt", "lot/été/prestations.csv", "lot/creux.bin", longName)
	three := lot("lot/alloc.csv", "lot/lisezmoi.txt", "lot/vide.txt")
	alloc := five["lot/alloc.csv"]
	each := func(problem string, names ...string) map[string]string {
		m := map[string]string{}
		for _, n := range names {
			m[n] = problem
		}
		return m
	}
	for _, test := range []struct {
		name     string
		members  map[string]string
		problems map[string]string
	}{
		{"zip/infozip.zip", five, nil},
		{"zip/stored.zip", five, nil},
		{"zip/descriptor.zip", five, nil},
		{"zip/zip64.zip", five, nil},
		{"zip/bzip2.zip", five, nil},
		{"zip/sevenzip.zip", five, nil},
		{"zip/bsdtar.zip", five, nil},
		{"zip/cp850.zip", five, nil},
		{"zip/prepended.exe", five, nil},
		{"zip/adjusted.exe", five, nil},
		{"zip/empty.zip", nil, nil},
		{"zip/encrypted.zip", nil, each("encrypted: ZipCrypto", keys(five)...)},
		{"zip/halfopen.zip", lot("lot/lisezmoi.txt"), each("encrypted: ZipCrypto", "lot/alloc.csv")},
		{"zip/aes.zip", nil, each("encrypted: WinZip AES", keys(five)...)},
		{"zip/lzma.zip", five, nil},
		{"zip/deflate64.zip", five, nil},
		{"gzip/named.bin", map[string]string{"alloc.csv": alloc}, nil},
		{"gzip/alloc.csv.gz", map[string]string{"alloc.csv": alloc}, nil},
		{"gzip/joined.csv.gz", map[string]string{"joined.csv": alloc[:3000] + alloc}, nil},
		{"gzip/padded.csv.gz", map[string]string{"padded.csv": alloc}, nil},
		{"gzip/garbage.csv.gz", map[string]string{"garbage.csv": alloc}, each("malformed: something that is not gzip follows the end", "garbage.csv")},
		{"tar/gnu.tar", eight, nil},
		{"tar/pax.tar", eight, nil},
		{"tar/v7.tar", three, nil},
		{"tar/ustar.tar", lot("lot/alloc.csv", "lot/été/prestations.csv"), nil},
		{"tar/joined.tar", lot("lot/alloc.csv", "lot/lisezmoi.txt", "lot/vide.txt", "lot/été/prestations.csv"), nil},
		{"tar/photo.jpg", map[string]string{"photo.jpg": string(fixture(t, "tar/v7.tar"))}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := openArchive(t, test.name, fixture(t, test.name))
			if test.members == nil {
				test.members = map[string]string{}
			}
			if test.problems == nil {
				test.problems = map[string]string{}
			}
			if d := cmp.Diff(test.members, got.Members); d != "" {
				t.Errorf("members (-want +got):\n%s", d)
			}
			if d := cmp.Diff(test.problems, got.Problems); d != "" {
				t.Errorf("problems (-want +got):\n%s", d)
			}
		})
	}
}

func keys(m map[string]string) []string {
	var list []string
	for k := range m {
		list = append(list, k)
	}
	return list
}

// No archive that is cut short passes for whole: there is a problem, and the
// members that come out are beginnings of the true ones.
func TestArchiveCutShort(t *testing.T) {
	for _, name := range archives(t) {
		whole := fixture(t, name)
		full := openArchive(t, name, whole)
		for i := range 50 {
			n := len(whole) * i / 50
			got := openArchive(t, name, whole[:n])
			for m, data := range got.Members {
				want := full.Members[m]
				if _, known := full.Problems[m]; known || got.Problems[m] != "" {
					want = want[:min(len(data), len(want))]
				}
				if data != want && !strings.HasPrefix(full.Problems[m], "unsupported") {
					t.Errorf("%s cut at %d: member %s has %d bytes, want %d", name, n, m, len(data), len(want))
				}
			}
			if name == "tar/joined.tar" { // its first half is whole
				continue
			}
			if lost := len(full.Members) - len(got.Members); lost > 0 && len(got.Problems) == 0 && isArchive(name, whole[:n]) {
				t.Errorf("%s cut at %d: %d members lost in silence", name, n, lost)
			}
		}
	}
}

// isArchive reports whether what is left still looks like a container.
func isArchive(name string, head []byte) bool {
	return matchZip(name, head) && hasLocal(head) || gzipFormat.Match(name, head) || isTar(head)
}

// Every container in every other, three deep.
func TestArchivesNested(t *testing.T) {
	leaf := []byte("nom;prénom\nDUPONT;Marie\n")
	pack := map[string]func(name string, b []byte) []byte{
		".zip": zipOf, ".tar": tarOf, ".gz": gzipOf,
		".tgz": func(name string, b []byte) []byte { return gzipOf(name, tarOf(name, b)) },
	}
	for a, packA := range pack {
		for b, packB := range pack {
			for c, packC := range pack {
				got := deepest(t, "x"+a, packA("in.dat", packB("in.dat", packC("leaf.csv", leaf))))
				if !bytes.Equal(got, leaf) {
					t.Errorf("%s in %s in %s: got %q", c, b, a, got)
				}
			}
		}
	}
}

// deepest unpacks to the first object that is no container.
func deepest(t *testing.T, name string, b []byte) []byte {
	for range 8 {
		got := openArchive(t, name, b)
		if len(got.Order) == 0 {
			return b
		}
		name = "renamed.jpg"
		b = []byte(got.Members[got.Order[0]])
	}
	t.Fatal("no end")
	return nil
}

func zipOf(name string, b []byte) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, _ := z.Create(name)
	w.Write(b)
	z.Close()
	return out.Bytes()
}

func tarOf(name string, b []byte) []byte {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(b))})
	w.Write(b)
	w.Close()
	return out.Bytes()
}

func gzipOf(_ string, b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

func TestMemberPath(t *testing.T) {
	for in, want := range map[string]string{
		"a/b.csv": "a/b.csv", "/etc/passwd": "etc/passwd", "../../x": "x", `dir\f.csv`: "dir/f.csv",
		"a/./b/../c": "a/c", "": "unnamed", "..": "unnamed", "a\nb": "a\nb", "C:\\x\\y": "C:/x/y",
	} {
		if got := memberPath(in); got != want {
			t.Errorf("memberPath(%q) = %q, want %q", in, got, want)
		}
	}
}
