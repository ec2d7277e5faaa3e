package format

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vigie/scanner"
)

// sevenZips are archives of one register of 500 invented people, made by 7-Zip:
// see fixtures/formats/sevenzip/RECIPE.sh.
var sevenZips = []struct {
	name    string
	words   []string
	members string // without those that hold no register
}{
	{"copy", nil, "people.csv"},
	{"lzma", nil, "people.csv"},
	{"lzma2", nil, "people.csv"},
	{"ppmd", nil, "people.csv"},
	{"ppmdfull", nil, "people.csv"},
	{"ppmdapart", nil, "ppmd/lettre.txt ppmd/lettres.txt ppmd/people.csv ppmd/programme.bin ppmd/vide.txt"},
	{"bzip2", nil, "people.csv"},
	{"deflate", nil, "people.csv"},
	{"deflate64", nil, "people.csv"},
	{"delta", nil, "people.csv programme.bin"},
	{"bcj", nil, "people.csv programme.bin"},
	{"bcj2", nil, "people.csv programme.bin"},
	{"arm", nil, "people.csv programme.bin"},
	{"armt", nil, "people.csv programme.bin"},
	{"arm64", nil, "people.csv programme.bin"},
	{"ppc", nil, "people.csv programme.bin"},
	{"sparc", nil, "people.csv programme.bin"},
	{"ia64", nil, "people.csv programme.bin"},
	{"riscv", nil, "people.csv programme.bin"},
	{"plainheader", nil, "people.csv"},
	{"lc0", nil, "people.csv"},
	{"segments", nil, "people.csv"},
	{"solid", nil, lotOfSeven},
	{"blocks", nil, lotOfSeven},
	{"apart", nil, lotOfSeven},
	{"empty", nil, "lot/vide.txt"},
	{"locked", []string{"faux", "secret"}, lotOfSeven},
	{"lockedcopy", []string{"faux", "secret", "autre"}, "people.csv"},
	{"lockedppmd", []string{"faux", "secret"}, "people.csv"},
	{"lockedbcj2", []string{"secret"}, "people.csv programme.bin"},
	{"hidden", []string{"faux", "secret"}, lotOfSeven},
	{"many", nil, ""},
	{"mixed", []string{"autre", "secret"}, "lot/lisezmoi.txt lot/plat.csv people.csv"},
}

const lotOfSeven = "lot/lisezmoi.txt lot/plat.csv lot/vide.txt lot/été/un nom assez long pour être coupé.csv"

// unpackWith unpacks one level of b.
func unpackWith(t testing.TB, walk func(context.Context, *scanner.Content, []string, func(scanner.Object) error) error, name string, b []byte, words ...string) unpacked {
	t.Helper()
	u := unpacked{Members: map[string]string{}, Problems: map[string]string{}}
	c, err := scanner.NewContent(context.Background(), stored(name, b), scanner.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	err = walk(context.Background(), c, words, func(m scanner.Object) error {
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

// wantedOf is what a member of that name holds; "" for one whose checksum is
// all there is to know it by.
func wantedOf(people, name string) string {
	switch path.Base(name) {
	case "lisezmoi.txt":
		return "une ligne\n"
	case "plat.csv":
		return people[:5000]
	case "lettre.txt":
		return "a"
	case "lettres.txt":
		return strings.Repeat("a", 100_000)
	case "vide.txt", "programme.bin":
		return ""
	}
	return people
}

func TestSevenZip(t *testing.T) {
	people := string(fixture(t, "people/people.csv"))
	for _, test := range sevenZips {
		if test.name == "many" {
			continue // TestSevenZipSolid
		}
		name := "sevenzip/" + test.name + ".7z"
		got := unpackWith(t, walkSevenZip, name, fixture(t, name), test.words...)
		if len(got.Problems) > 0 {
			t.Errorf("%s: problems %v", name, got.Problems)
		}
		if list := slices.Sorted(slices.Values(got.Order)); strings.Join(list, " ") != test.members {
			t.Errorf("%s: members %q", name, list)
		}
		for m, data := range got.Members {
			if want := wantedOf(people, m); data != want && (want != "" || path.Base(m) == "vide.txt") {
				t.Errorf("%s: %s has %d bytes, want %d", name, m, len(data), len(want))
			}
			if m == "programme.bin" && len(data) != 6000 {
				t.Errorf("%s: %s has %d bytes", name, m, len(data))
			}
		}
	}
}

// A fixture that no test reads proves nothing.
func TestEverySevenZipIsRead(t *testing.T) {
	all, err := filepath.Glob("../../fixtures/formats/sevenzip/*.7z")
	if err != nil || len(all) != len(sevenZips) {
		t.Errorf("%d archives, %d in the test: %v", len(all), len(sevenZips), err)
	}
}

// Without the right password the members are named, and nothing is said to be
// damaged.
func TestSevenZipSealed(t *testing.T) {
	for _, test := range sevenZips {
		if len(test.words) == 0 {
			continue
		}
		name := "sevenzip/" + test.name + ".7z"
		for _, words := range [][]string{nil, {"faux", "autrement", ""}} {
			got := unpackWith(t, walkSevenZip, name, fixture(t, name), words...)
			want := "encrypted: 7z AES-256"
			if words != nil {
				want += ": no password fits"
			}
			if test.name == "hidden" {
				if got.Problems[""] != want+"; the names of the members are encrypted too" || len(got.Order) > 0 {
					t.Errorf("%s: %v", name, got.Problems)
				}
				continue
			}
			for m := range strings.SplitSeq(test.members, " ") {
				switch path.Base(m) {
				case "people.csv", "plat.csv":
					if got.Problems[m] != want {
						t.Errorf("%s with %q: %s: %q", name, words, m, got.Problems[m])
					}
				}
			}
		}
	}
}

// A cut archive is said to be cut, and the beginning of its first block is read.
func TestSevenZipCutShort(t *testing.T) {
	people := string(fixture(t, "people/people.csv"))
	for _, test := range sevenZips {
		name := "sevenzip/" + test.name + ".7z"
		whole := fixture(t, name)
		for i := 1; i < 50; i++ {
			n := max(len(whole)*i/50, 6)
			got := unpackWith(t, walkSevenZip, name, whole[:n], test.words...)
			if !strings.HasPrefix(got.Problems[""], "truncated") {
				t.Errorf("%s cut at %d: %v", name, n, got.Problems)
			}
			switch data := got.Members["unnamed"]; test.name {
			case "copy", "lzma", "lzma2", "plainheader":
				if !strings.HasPrefix(people, data) || n > 1000 && len(data) < n-sevenStart-32 {
					t.Errorf("%s cut at %d: %d bytes of the beginning", name, n, len(data))
				}
			}
		}
	}
}

// The first of several parts is read as far as it goes.
func TestSevenZipParts(t *testing.T) {
	people := string(fixture(t, "people/people.csv"))
	got := unpackWith(t, walkSevenZip, "parts.7z.001", fixture(t, "sevenzip/parts.7z.001"))
	if data := got.Members["unnamed"]; len(data) < 10000 || !strings.HasPrefix(people, data) {
		t.Errorf("%d bytes", len(data))
	}
	if p := got.Problems[""]; !strings.HasPrefix(p, "partial: 7z archive in several parts") {
		t.Errorf("problem %q", p)
	}
}

// A solid block of 2,000 members is decoded once.
func TestSevenZipSolid(t *testing.T) {
	b := fixture(t, "sevenzip/many.7z")
	at := &counted{r: strings.NewReader(string(b))}
	z := &sevenZip{source: sevenSource{ReaderAt: at}, size: int64(len(b)), bad: map[int]error{}}
	if err := z.read("many.7z"); err != nil {
		t.Fatal(err)
	}
	if len(z.folds) != 1 || len(z.members) != 2000 {
		t.Fatalf("%d members in %d blocks", len(z.members), len(z.folds))
	}
	for i := range z.members {
		rc, err := z.member(&z.members[i])
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(rc)
		if want := "ligne " + strings.TrimSuffix(path.Base(z.members[i].name), ".txt") + "\n"; err != nil || string(data) != want {
			t.Fatalf("%s: %q, %v", z.members[i].name, data, err)
		}
	}
	if at.n > 2*int64(len(b)) {
		t.Errorf("%d bytes read of an archive of %d", at.n, len(b))
	}
}

type counted struct {
	r io.ReaderAt
	n int64
}

func (c *counted) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.r.ReadAt(p, off)
	c.n += int64(n)
	return n, err
}

// Dictionaries and lists beyond all measure are refused before anything is
// allocated; a large dictionary for little data is cut to these.
func TestSevenZipBombs(t *testing.T) {
	z := &sevenZip{source: sevenSource{ReaderAt: strings.NewReader(strings.Repeat("\x00", 100))}, size: 100}
	for _, c := range []sevenCoder{
		{method: sevenLZMA2, props: []byte{40}, size: 1 << 40},
		{method: sevenLZMA, props: []byte("\x5d\xff\xff\xff\xff"), size: 1 << 40},
		{method: sevenPPMd, props: []byte("\x06\xff\xff\xff\xff"), size: 1 << 40},
	} {
		c.inputs = 1
		f := sevenFold{coders: []sevenCoder{c}, feeds: []int{-1}, packs: []sevenPack{{0, 60}}}
		if _, err := z.unfold(&f, ""); reason(err) != scanner.TooLarge {
			t.Errorf("method %X: %v", c.method, err)
		}
		f.coders[0].size = 1000
		if _, err := z.unfold(&f, ""); reason(err) == scanner.TooLarge && c.method != sevenPPMd {
			t.Errorf("method %X for 1,000 bytes: %v", c.method, err)
		}
	}
	for _, list := range []string{
		"\x04\x06\x00\xff\xff\xff\xff\xff\xff\xff\xff\x7f",
		"\x05\xf0\xff\xff\xff\xff",
		"\x04\x06\x00\x01\x09\x01\x00\x07\x0b\xe0\xff\xff\xff",
	} {
		r := &sevenReader{b: []byte(list)}
		if folds, members := r.header(); !r.bad || len(folds) > 0 || len(members) > 0 {
			t.Errorf("list %q: %d blocks, %d members", list, len(folds), len(members))
		}
	}
}

func TestSevenZipDamaged(t *testing.T) {
	for _, test := range sevenZips {
		name := "sevenzip/" + test.name + ".7z"
		if test.name == "many" {
			continue // like solid, and slower
		}
		whole := fixture(t, name)
		full := unpackWith(t, walkSevenZip, name, whole, test.words...)
		r := rand.New(rand.NewPCG(1, uint64(len(whole))))
		for range 200 {
			b := slices.Clone(whole)
			for range 1 + r.IntN(4) {
				b[r.IntN(len(b))] = byte(r.Uint32())
			}
			got := unpackWith(t, walkSevenZip, name, b, test.words...)
			for m, p := range got.Problems {
				if strings.HasPrefix(p, "not a problem") || strings.HasPrefix(p, "crashed") {
					t.Errorf("%s damaged, %q: %s", name, m, p)
				}
			}
			for m, data := range got.Members {
				if data != full.Members[m] && got.Problems[m] == "" && got.Problems[""] == "" {
					t.Errorf("%s damaged: %s is wrong in silence", name, m)
				}
			}
		}
	}
}

func FuzzSevenZip(f *testing.F) {
	for _, test := range sevenZips {
		b := fixture(f, "sevenzip/"+test.name+".7z")
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) { walkFuzzed(t, sevenZipFormat, "x.7z", b, 1) })
}

// FuzzSevenHeader: the list of members comes behind checksums, which hide it
// from mutations of the archive.
func FuzzSevenHeader(f *testing.F) {
	f.Add([]byte("\x01\x04\x06\x00\x01\x09\x85\x60\x00\x07\x0b\x01\x00\x01\x21\x21\x01\x18\x0c\x85\xe3\x00\x08\x0a\x01\x00\x00\x00\x00\x00\x00\x05\x01\x11\x05\x00a\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := &sevenReader{b: b}
		folds, members := r.header()
		for _, m := range members {
			if m.fold >= len(folds) || m.fold >= 0 && m.part >= len(folds[m.fold].parts) {
				t.Fatal("a member whose data are nowhere")
			}
		}
		z := &sevenZip{source: sevenSource{ReaderAt: strings.NewReader("")}}
		for i := range folds {
			if r, err := z.unfold(&folds[i], ""); err == nil {
				_, err = io.CopyN(io.Discard, r, 1<<16)
				if err = onlyProblem(err); err != nil && !errors.Is(err, io.EOF) {
					t.Error(err)
				}
			}
		}
	})
}
