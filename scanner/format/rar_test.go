package format

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	fourLetters = "a.txt:ee5a6e55 b.txt:a9fa1485 c.txt:949a3d35 d.txt:26bae125"
	threeOfThem = "a.txt:ee5a6e55 b.txt:a9fa1485 c.txt:949a3d35"
	sixBins     = "test.bin:7cca70cd test1.bin:7e13b2c6 test2.bin:f166afcb test3.bin:9fb123d9 test4.bin:10c43ed4 test5.bin:b9d155f2 test6.bin:36a448ff"
	elsewhere   = "partial: RAR archive in several parts: a member begins or ends in another part"
	notFitting  = "encrypted: RAR AES: no password fits"
)

// rars are archives made by RAR: see fixtures/formats/rar/README. The CRC-32 of
// the members are those that the archives themselves give, as other programs
// list them.
var rars = []struct {
	name     string
	words    string
	members  string // with their CRC-32
	problems map[string]string
}{
	{"1.5", "", "FILE1.TXT:00000000 FILE2.TXT:3c4306f7", map[string]string{"FILE1.TXT": "unsupported: RAR method"}},
	{"2", "", "file.txt:7e3265a8", nil},
	{"2-encrypted", "", "", map[string]string{"FILE1.TXT": "encrypted: RAR AES", "FILE2.TXT": "encrypted: RAR AES"}},
	{"4", "", "test.txt:bec8a242 testdir/test.txt:bec8a242", nil},
	{"4-best", "", "LibarchiveAddingTest.html:5e05a663 testdir/LibarchiveAddingTest.html:5e05a663 testdir/test.txt:bec8a242", nil},
	{"4-unicode", "", "abcdefghijklmnopqrsテスト.txt:15b6d005 表だよ/新しいフォルダ/新規テキスト ドキュメント.txt:00000000 表だよ/漢字長いファイル名long-filename-in-漢字.txt:426f9ddc", nil},
	{"4-encrypted", "faux password", threeOfThem + " d.txt:00000000", map[string]string{"d.txt": notFitting + ", or the data are damaged"}},
	{"4-hidden", "faux password", fourLetters, nil},
	{"4-solid-encrypted", "faux password", fourLetters, nil},
	{"4-solid-hidden", "faux password", fourLetters, nil},
	{"4-partly", "faux 12345678", "bar.txt:cd90e2be foo.txt:a6ad865c", nil},
	{"4-noend", "", "test.txt:bec8a242", nil},
	{"4-lowdist", "", "lowdist-reset.bin:6ff838dc", nil},
	{"4-parts.part1", "", "LibarchiveAddingTest.html:05bcca90", map[string]string{"": elsewhere, "LibarchiveAddingTest.html": elsewhere}},
	{"4-parts.part2", "", "", map[string]string{"": elsewhere}},
	{"4-parts.part3", "", "", map[string]string{"": elsewhere}},
	{"5-stored", "", "helloworld.txt:95a043b4", nil},
	{"5-compressed", "", "test.bin:7cca70cd", nil},
	{"5-solid", "", sixBins, nil},
	{"5-win32", "", sixBins, nil},
	{"5-unicode", "", "👋🌎.txt:ebe6c6e6", nil},
	{"5-blake2", "", "cebula.txt:7e5ec49e", nil},
	{"5-hardlink", "", "file.txt:7d931721", nil},
	{"5-symlink", "", "file.txt:7d931721", nil},
	{"5-encrypted", "faux password", threeOfThem + " d.txt:00000000", map[string]string{"d.txt": notFitting + ", or the data are damaged"}},
	{"5-hidden", "faux password", fourLetters, nil},
	{"5-solid-encrypted", "faux password", fourLetters, nil},
	{"5-solid-hidden", "faux password", fourLetters, nil},
	{"5-parts.part01", "", "cebula.txt:7e5ec49e elf-Linux-ARMv7-ls:491361ce " + sixBins, map[string]string{"": elsewhere, "elf-Linux-ARMv7-ls": elsewhere}},
	{"5-parts.part04", "", "", map[string]string{"": "partial: RAR archive in several parts: not the first of them"}},
}

func TestRar(t *testing.T) {
	for _, test := range rars {
		got := unpackWith(t, walkRar, test.name+".rar", fixture(t, "rar/"+test.name+".rar"), strings.Fields(test.words)...)
		var list []string
		for m, data := range got.Members {
			list = append(list, fmt.Sprintf("%s:%08x", m, crc32.ChecksumIEEE([]byte(data))))
		}
		slices.Sort(list)
		if strings.Join(list, " ") != test.members {
			t.Errorf("%s: members %q", test.name, list)
		}
		for m := range got.Problems {
			if got.Problems[m] != test.problems[m] {
				t.Errorf("%s: %q: %q, want %q", test.name, m, got.Problems[m], test.problems[m])
			}
		}
		if len(got.Problems) != len(test.problems) {
			t.Errorf("%s: %d problems, want %d", test.name, len(got.Problems), len(test.problems))
		}
	}
}

func TestEveryRarIsRead(t *testing.T) {
	all, err := filepath.Glob("../../fixtures/formats/rar/*.rar")
	if err != nil || len(all) != len(rars) {
		t.Errorf("%d archives, %d in the test: %v", len(all), len(rars), err)
	}
}

// Without the right password the members are named.
func TestRarSealed(t *testing.T) {
	for _, test := range rars {
		if test.words == "" {
			continue
		}
		for _, words := range [][]string{nil, {"faux", ""}} {
			got := unpackWith(t, walkRar, "x.rar", fixture(t, "rar/"+test.name+".rar"), words...)
			want := "encrypted: RAR AES"
			if words != nil {
				want += ": no password fits"
			}
			if strings.HasSuffix(test.name, "hidden") {
				if got.Problems[""] != want+"; the names of the members are encrypted too" {
					t.Errorf("%s: %v", test.name, got.Problems)
				}
				continue
			}
			if len(got.Order) < 2 || len(got.Problems) == 0 {
				t.Errorf("%s: members %q, problems %v", test.name, got.Order, got.Problems)
			}
			for m, p := range got.Problems {
				if p != want {
					t.Errorf("%s: %s: %q", test.name, m, p)
				}
			}
		}
	}
}

// The register of 500 invented people, stored, by a writer of our own.
func TestRarOfPeople(t *testing.T) {
	people := fixture(t, "people/people.csv")
	for name, b := range map[string][]byte{"4": rar4Of("été/people.csv", people), "5": rar5Of("été/people.csv", people)} {
		got := unpackWith(t, walkRar, "x.rar", b)
		if got.Members["été/people.csv"] != string(people) || len(got.Problems) > 0 {
			t.Errorf("version %s: %q, problems %v", name, got.Order, got.Problems)
		}
		for i := 1; i < 50; i++ {
			n := max(len(b)*i/50, 20)
			got := unpackWith(t, walkRar, "x.rar", b[:n])
			if !strings.HasPrefix(got.Problems[""], "truncated") {
				t.Errorf("version %s cut at %d: %v", name, n, got.Problems)
			}
			if data := got.Members["été/people.csv"]; n > 200 && len(data) < n-200 || !strings.HasPrefix(string(people), data) {
				t.Errorf("version %s cut at %d: only %d bytes", name, n, len(data))
			}
		}
		b = bytes.Clone(b)
		b[len(b)/2] ^= 1
		if got := unpackWith(t, walkRar, "x.rar", b); got.Problems["été/people.csv"] != "malformed: checksum" {
			t.Errorf("version %s, one bit wrong: %v", name, got.Problems)
		}
	}
}

// rar4Of is an archive of version 4 with one member, stored.
func rar4Of(name string, data []byte) []byte {
	le := binary.LittleEndian
	block := func(kind byte, flags uint16, rest []byte) []byte {
		b := append([]byte{0, 0, kind}, le.AppendUint16(nil, flags)...)
		b = append(le.AppendUint16(b, uint16(7+len(rest))), rest...)
		le.PutUint16(b, uint16(crc32.ChecksumIEEE(b[2:])))
		return b
	}
	h := le.AppendUint32(nil, uint32(len(data)))
	h = le.AppendUint32(h, uint32(len(data)))
	h = append(h, 3) // Unix
	h = le.AppendUint32(h, crc32.ChecksumIEEE(data))
	h = le.AppendUint32(h, 0x585d645c) // 2024-02-29 12:34:56
	h = append(h, 20, 0x30)
	h = le.AppendUint16(h, uint16(len(name)))
	h = append(le.AppendUint32(h, 0o100644), name...)
	out := append([]byte("Rar!\x1a\x07\x00"), block(0x73, 0, make([]byte, 6))...)
	out = append(append(out, block(0x74, 0x8000, h)...), data...)
	return append(out, block(0x7b, 0x4000, nil)...)
}

// rar5Of is the same of version 5.
func rar5Of(name string, data []byte) []byte {
	return rar5With(name, data, 0, uint64(len(data)))
}

func rar5With(name string, data []byte, packing, size uint64) []byte {
	block := func(fields ...uint64) []byte {
		var h []byte
		for _, f := range fields {
			h = binary.AppendUvarint(h, f)
		}
		return h
	}
	sealed := func(h []byte) []byte {
		h = append(binary.AppendUvarint(nil, uint64(len(h))), h...)
		return append(binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE(h)), h...)
	}
	h := block(2, 2, uint64(len(data)), 4, size, 0o100644)
	h = binary.LittleEndian.AppendUint32(h, crc32.ChecksumIEEE(data))
	h = append(append(h, block(packing, 1, uint64(len(name)))...), name...)
	out := append([]byte("Rar!\x1a\x07\x01\x00"), sealed(block(1, 0, 0))...)
	out = append(append(out, sealed(h)...), data...)
	return append(out, sealed(block(5, 0, 0))...)
}

// A dictionary of 4 GiB is refused, unless there is no more than a little to
// come out of it.
func TestRarDictionary(t *testing.T) {
	const method, huge = 3 << 7, 15 << 10 // 128 KiB << 15
	got := unpackWith(t, walkRar, "x.rar", rar5With("a", make([]byte, 100), method|huge, 8<<30))
	if !strings.HasPrefix(got.Problems[""], "too_large: RAR dictionary") {
		t.Errorf("problems %v", got.Problems)
	}
	got = unpackWith(t, walkRar, "x.rar", rar5With("a", make([]byte, 100), method|huge, 1000))
	if p := got.Problems["a"]; !strings.HasPrefix(p, "malformed") && !strings.HasPrefix(p, "truncated") {
		t.Errorf("problems %v", got.Problems)
	}
}

// A cut archive is said to be cut, wherever that is; but for version 4 there
// need be nothing behind the last member.
func TestRarCutShort(t *testing.T) {
	for _, test := range rars {
		whole, words := fixture(t, "rar/"+test.name+".rar"), strings.Fields(test.words)
		words = words[len(words)/2:] // the right one
		full := unpackWith(t, walkRar, "x.rar", whole, words...)
		step := 1 + 6*len(words) // a key of version 4 takes 0.1 s
		for i := 1; i < 50; i += step {
			n := max(len(whole)*i/50, 9)
			got := unpackWith(t, walkRar, "x.rar", whole[:n], words...)
			if len(got.Problems) == 0 && len(got.Order) < len(full.Order) && test.name[0] == '5' {
				t.Errorf("%s cut at %d: %d of %d members in silence", test.name, n, len(got.Order), len(full.Order))
			}
			for m, data := range got.Members {
				if want := full.Members[m]; data != want && got.Problems[m] == "" {
					t.Errorf("%s cut at %d: %s is wrong in silence", test.name, n, m)
				}
			}
		}
	}
}

func TestRarDamaged(t *testing.T) {
	for _, test := range rars {
		whole := fixture(t, "rar/"+test.name+".rar")
		words := strings.Fields(test.words)
		r := rand.New(rand.NewPCG(1, uint64(len(whole))))
		rounds := 200
		if len(words) > 0 {
			rounds, words = 10, words[1:]
		}
		for range rounds {
			b := bytes.Clone(whole)
			for range 1 + r.IntN(4) {
				b[r.IntN(len(b))] = byte(r.Uint32())
			}
			for m, p := range unpackWith(t, walkRar, "x.rar", b, words...).Problems {
				if strings.HasPrefix(p, "not a problem") || strings.HasPrefix(p, "crashed") {
					t.Errorf("%s damaged, %q: %s", test.name, m, p)
				}
			}
		}
	}
}

func FuzzRar(f *testing.F) {
	for _, test := range rars {
		f.Add(fixture(f, "rar/"+test.name+".rar"))
	}
	f.Add(rar4Of("a", []byte("b")))
	f.Add(rar5Of("a", []byte("b")))
	f.Fuzz(func(t *testing.T, b []byte) { walkFuzzed(t, rarFormat, "x.rar", b, 1) })
}
