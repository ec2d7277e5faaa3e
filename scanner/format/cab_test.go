package format

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vigie/scanner"
)

// callsBin is calls.bin of fixtures/formats/cab/RECIPE.
func callsBin(t testing.TB) string {
	register := fixture(t, "register/register.csv")
	var b []byte
	for i := 0; i < 6000; i += 40 {
		b = append(append(b, register[i:i+40]...), 0xe8)
		b = binary.LittleEndian.AppendUint32(b, uint32(1000-i))
	}
	return string(b)
}

func TestCabsOfOthers(t *testing.T) {
	register := string(fixture(t, "register/register.csv"))
	tests := map[string]map[string]string{
		"cab/stored.cab":       {"lisezmoi.txt": "une ligne\n", "register.csv": register},
		"cab/mszip.cab":        {"lisezmoi.txt": "une ligne\n", "vide.txt": "", "register.csv": register, "été/début.csv": register[:3000]},
		"cab/blocks.cab":       {"long.csv": strings.Repeat(register, 12), "register.csv": register},
		"cab/lzx-register.cab": {"register.csv": register},
		"cab/lzx-calls.cab":    {"calls.bin": callsBin(t)},
	}
	for name, want := range tests {
		got := openArchive(t, name, fixture(t, name))
		if d := cmp.Diff(want, got.Members); d != "" || len(got.Problems) > 0 {
			t.Errorf("%s: %v\n%s", name, got.Problems, d)
		}
	}
	all, err := filepath.Glob("../../fixtures/formats/cab/*.cab")
	if err != nil || len(all) != len(tests) {
		t.Errorf("%d cabinets, %d in this test, %v", len(all), len(tests), err)
	}
}

// Members of a folder are not decompressed for those that nobody opens, and one
// may be left in the middle.
func TestCabMembersPassedOver(t *testing.T) {
	b := fixture(t, "cab/blocks.cab")
	want := string(fixture(t, "register/register.csv"))
	for _, first := range []int64{-1, 0, 40_000} {
		c, err := scanner.NewContent(context.Background(), stored("x.cab", b), scanner.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		err = unpackCab(context.Background(), c, func(o scanner.Object) error {
			if !o.Modified.Equal(time.Date(2024, 2, 29, 12, 34, 56, 0, time.UTC)) {
				t.Errorf("%s: modified %v", o.Path, o.Modified)
			}
			if o.Path == "long.csv" {
				if first >= 0 {
					rc, err := o.Open(context.Background(), 0, -1)
					if err != nil {
						return err
					}
					defer rc.Close()
					if n, _ := rc.Read(make([]byte, first)); int64(n) > first {
						t.Errorf("%d bytes", n)
					}
				}
				return nil
			}
			if got, err := readAll(o, 0, -1); err != nil || got != want {
				t.Errorf("%s behind %d bytes: %d bytes, %v", o.Path, first, len(got), err)
			}
			if _, err := o.Open(context.Background(), 0, -1); err != scanner.ErrUnranged {
				t.Errorf("open again: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		c.Close()
	}
}

// blocksOf cuts data in stored or MSZIP blocks.
func blocksOf(data string, deflated bool) (frames [][]byte, sizes []int) {
	for at := 0; at < len(data); at += cabBlock {
		part := []byte(data[at:min(at+cabBlock, len(data))])
		sizes = append(sizes, len(part))
		if deflated {
			var out bytes.Buffer
			out.WriteString("CK")
			w, _ := flate.NewWriterDict(&out, 6, []byte(data[max(at-cabBlock, 0):at]))
			w.Write(part)
			w.Close()
			part = out.Bytes()
		}
		frames = append(frames, part)
	}
	return frames, sizes
}

func TestCabThatLies(t *testing.T) {
	data := strings.Repeat("nom;prénom;naissance\n", 3000)
	le := binary.LittleEndian
	cab := func(coding uint16, change func(b []byte, folder, file, block int)) []byte {
		frames, sizes := blocksOf(data, coding == 1)
		b := cabOf("a.csv", len(data), coding, frames, sizes)
		change(b, cabHeader, cabHeader+8, cabHeader+8+cabFile+6)
		return b
	}
	for _, test := range []struct {
		name    string
		coding  uint16
		change  func(b []byte, folder, file, block int)
		problem map[string]string
		bytes   int
	}{
		{"as it is", 0, func([]byte, int, int, int) {}, map[string]string{}, len(data)},
		{"MSZIP", 1, func([]byte, int, int, int) {}, map[string]string{}, len(data)},
		{"Quantum", 2, func([]byte, int, int, int) {}, map[string]string{"a.csv": "unsupported: Quantum"}, 0},
		{"no such method", 7, func([]byte, int, int, int) {}, map[string]string{"a.csv": "unsupported: cab method 7"}, 0},
		{"LZX window", 3 | 30<<8, func([]byte, int, int, int) {}, map[string]string{"a.csv": "malformed: LZX window"}, 0},
		{"longer than declared", 0, func(b []byte, _, file, _ int) { le.PutUint32(b[file:], 100) },
			map[string]string{"": "malformed: there are data that belong to no member"}, 100},
		{"not from the beginning", 0, func(b []byte, _, file, _ int) {
			le.PutUint32(b[file:], uint32(len(data)-22))
			le.PutUint32(b[file+4:], 22)
		}, map[string]string{"": "malformed: there are data that belong to no member"}, len(data) - 22},
		{"shorter than declared", 1, func(b []byte, _, file, _ int) { le.PutUint32(b[file:], 100_000) },
			map[string]string{"a.csv": "truncated: folder shorter than its members"}, len(data)},
		{"checksum", 0, func(b []byte, _, _, block int) { le.PutUint32(b[block:], 1) }, map[string]string{"a.csv": "malformed: checksum"}, 0},
		{"block too large", 0, func(b []byte, _, _, block int) { le.PutUint16(b[block+6:], 40_000) },
			map[string]string{"a.csv": "malformed: block larger than 32 KiB"}, 0},
		{"block longer than it says", 0, func(b []byte, _, _, block int) { le.PutUint16(b[block+6:], 4000) },
			map[string]string{"a.csv": "malformed: block not as long as it says"}, 0},
		{"from the cabinet before", 0, func(b []byte, _, file, _ int) { le.PutUint16(b[file+8:], cabFromPrevious) },
			map[string]string{"a.csv": "unsupported: continues in another cabinet of the set"}, 0},
		{"to the next cabinet", 0, func(b []byte, folder, file, _ int) {
			le.PutUint16(b[file+8:], cabToNext)
			le.PutUint16(b[folder+4:], 1)
		},
			map[string]string{"a.csv": "unsupported: continues in another cabinet of the set"}, cabBlock},
		{"no such folder", 0, func(b []byte, _, file, _ int) { le.PutUint16(b[file+8:], 5) },
			map[string]string{"": "malformed: member in folder 5 of 1"}, 0},
		{"data before the directory", 0, func(b []byte, folder, _, _ int) { le.PutUint32(b[folder:], 10) },
			map[string]string{"": "malformed: members overlap: 1 member not read"}, 0},
		{"directory before itself", 0, func(b []byte, _, _, _ int) { le.PutUint32(b[16:], 20) },
			map[string]string{"": "malformed: directory"}, 0},
	} {
		got := openArchive(t, "x.cab", cab(test.coding, test.change))
		if d := cmp.Diff(test.problem, got.Problems); d != "" || !strings.HasPrefix(data, got.Members["a.csv"]) || len(got.Members["a.csv"]) != test.bytes {
			t.Errorf("%s: %d bytes, want %d\n%s", test.name, len(got.Members["a.csv"]), test.bytes, d)
		}
	}
}

// Members that share data are read once: a bomb of copies does not go off.
func TestCabOfCopies(t *testing.T) {
	frames, sizes := blocksOf(strings.Repeat("0", 1000), false)
	one := cabOf("a", 1000, 0, frames, sizes)
	file := one[cabHeader+8 : cabHeader+8+cabFile+2]
	b := bytes.Clone(one[:cabHeader+8])
	for range 100 {
		b = append(b, file...)
	}
	b = append(b, one[cabHeader+8+len(file):]...)
	binary.LittleEndian.PutUint16(b[28:], 100)
	binary.LittleEndian.PutUint32(b[cabHeader:], uint32(cabHeader+8+100*len(file)))
	got := openArchive(t, "x.cab", b)
	if len(got.Order) != 1 || got.Problems[""] != "malformed: members overlap: 99 members not read" {
		t.Errorf("%d members, %v", len(got.Order), got.Problems)
	}
}

// The most folders there can be, each with a window of its own, are soon read.
func TestCabOfFolders(t *testing.T) {
	const folders = 20_000
	le := binary.LittleEndian
	b := append([]byte(cabMagic), make([]byte, cabHeader-8)...)
	le.PutUint32(b[16:], cabHeader+8*folders)
	copy(b[24:], []byte{3, 1})
	le.PutUint16(b[26:], folders)
	le.PutUint16(b[28:], folders)
	for range folders {
		b = le.AppendUint32(b, cabHeader+8*folders+(cabFile+2)*folders)
		b = le.AppendUint16(b, 0)
		b = le.AppendUint16(b, 3|21<<8)
	}
	for i := range folders {
		b = append(b, 1, 0, 0, 0, 0, 0, 0, 0)
		b = le.AppendUint16(b, uint16(i))
		b = append(append(b, make([]byte, 6)...), 'a', 0)
	}
	got := openArchive(t, "x.cab", b)
	if len(got.Order) != folders || got.Problems["a"] != "truncated: folder shorter than its members" {
		t.Errorf("%d members, %v", len(got.Order), got.Problems)
	}
}

func TestCabsDamaged(t *testing.T) {
	all, err := filepath.Glob("../../fixtures/formats/cab/*.cab")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		name := "cab/" + filepath.Base(f)
		whole := fixture(t, name)
		full := openArchive(t, name, whole)
		for i := 4; i < 50; i++ {
			got := openArchive(t, name, whole[:len(whole)*i/50])
			for m, data := range got.Members {
				if !strings.HasPrefix(full.Members[m], data) {
					t.Errorf("%s cut at %d of 50: %s is not the beginning", name, i, m)
				}
			}
			told := false
			for _, p := range got.Problems {
				told = told || strings.HasPrefix(p, "truncated")
			}
			if !told {
				t.Errorf("%s cut at %d of 50: %v", name, i, got.Problems)
			}
		}
		r := rand.New(rand.NewPCG(1, uint64(len(whole))))
		for range 200 {
			b := bytes.Clone(whole)
			for range 1 + r.IntN(4) {
				b[cabHeader+r.IntN(len(b)-cabHeader)] = byte(r.Uint32())
			}
			for m, p := range openArchive(t, name, b).Problems {
				if strings.HasPrefix(p, "not a problem") {
					t.Errorf("%s damaged, %q: %s", name, m, p)
				}
			}
		}
	}
}

func FuzzCab(f *testing.F) {
	for _, name := range []string{"stored", "mszip", "lzx-register", "lzx-calls"} {
		b := fixture(f, fmt.Sprintf("cab/%s.cab", name))
		f.Add(b)
		f.Add(b[:2*len(b)/3])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if matchCab(b) {
			walkFuzzed(t, cabFormat, "x.cab", b, cabFile+1)
		}
	})
}

func BenchmarkMSZIP(b *testing.B) {
	doc := dense(4<<20, false)
	frames, sizes := blocksOf(doc, true)
	z := new(mszip)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		z.reset()
		for i, f := range frames {
			if _, err := z.block(f, sizes[i]); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// cabOf puts frames in a cabinet with one member.
func cabOf(name string, size int, coding uint16, frames [][]byte, sizes []int) []byte {
	le := binary.LittleEndian
	files, start := cabHeader+8, cabHeader+8+cabFile+len(name)+1
	b := append([]byte(cabMagic), make([]byte, cabHeader-8)...)
	le.PutUint32(b[16:], uint32(files))
	copy(b[24:], []byte{3, 1, 1, 0, 1, 0})
	b = le.AppendUint32(b, uint32(start))
	b = le.AppendUint16(b, uint16(len(frames)))
	b = le.AppendUint16(b, coding)
	b = le.AppendUint32(b, uint32(size))
	b = append(append(append(b, make([]byte, 12)...), name...), 0)
	for i, f := range frames {
		b = le.AppendUint32(b, 0)
		b = le.AppendUint16(b, uint16(len(f)))
		b = le.AppendUint16(b, uint16(sizes[i]))
		b = append(b, f...)
	}
	le.PutUint32(b[8:], uint32(len(b)))
	return b
}
