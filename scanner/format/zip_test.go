package format

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vigie/scanner"
)

// raw is one member as written by hand, so that its headers can lie.
type raw struct {
	name   string
	flags  uint16
	method uint16
	data   []byte // as it lies in the archive
	crc    uint32
	packed uint32
	size   uint32
	at     int // of the local header; -1: here
	extra  []byte
}

func storedRaw(name, data string) raw {
	return raw{name: name, data: []byte(data), crc: crc32.ChecksumIEEE([]byte(data)),
		packed: uint32(len(data)), size: uint32(len(data)), at: -1}
}

// zipByHand writes local headers with their data, the directory and its end.
func zipByHand(members ...raw) []byte {
	le := binary.LittleEndian
	var b, dir []byte
	for _, m := range members {
		at := m.at
		if at < 0 {
			at = len(b)
			b = append(b, zipLocal...)
			b = append(b, 20, 0)
			b = le.AppendUint16(b, m.flags)
			b = le.AppendUint16(b, m.method)
			b = append(b, 0, 0, 0, 0)
			b = le.AppendUint32(b, m.crc)
			b = le.AppendUint32(b, m.packed)
			b = le.AppendUint32(b, m.size)
			b = le.AppendUint16(b, uint16(len(m.name)))
			b = le.AppendUint16(b, uint16(len(m.extra)))
			b = append(append(b, m.name...), m.extra...)
			b = append(b, m.data...)
		}
		dir = append(dir, zipCentral...)
		dir = append(dir, 20, 0, 20, 0)
		dir = le.AppendUint16(dir, m.flags)
		dir = le.AppendUint16(dir, m.method)
		dir = append(dir, 0, 0, 0, 0)
		dir = le.AppendUint32(dir, m.crc)
		dir = le.AppendUint32(dir, m.packed)
		dir = le.AppendUint32(dir, m.size)
		dir = le.AppendUint16(dir, uint16(len(m.name)))
		dir = le.AppendUint16(dir, uint16(len(m.extra)))
		dir = append(dir, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
		dir = le.AppendUint32(dir, uint32(at))
		dir = append(append(dir, m.name...), m.extra...)
	}
	at := len(b)
	b = append(append(b, dir...), zipEnd...)
	b = append(b, 0, 0, 0, 0)
	b = le.AppendUint16(b, uint16(len(members)))
	b = le.AppendUint16(b, uint16(len(members)))
	b = le.AppendUint32(b, uint32(len(dir)))
	b = le.AppendUint32(b, uint32(at))
	return append(b, 0, 0)
}

func TestZipThatLies(t *testing.T) {
	good := storedRaw("good.csv", "nom;prénom\n")
	with := func(change func(*raw)) raw {
		m := storedRaw("bad.csv", "a;b;c\n1;2;3\n")
		change(&m)
		return m
	}
	for _, test := range []struct {
		name    string
		archive []byte
		problem map[string]string
		bad     string // what of bad.csv comes out
	}{
		{"wrong checksum", zipByHand(with(func(m *raw) { m.crc++ }), good),
			map[string]string{"bad.csv": "malformed: checksum"}, "a;b;c\n1;2;3\n"},
		{"longer than declared", zipByHand(with(func(m *raw) { m.size = 6; m.crc = crc32.ChecksumIEEE([]byte("a;b;c\n")) }), good),
			map[string]string{"bad.csv": "malformed: longer than declared"}, "a;b;c\n"},
		{"shorter than declared", zipByHand(with(func(m *raw) { m.size = 600 }), good),
			map[string]string{"bad.csv": "truncated: shorter than declared"}, "a;b;c\n1;2;3\n"},
		{"deflated noise", zipByHand(with(func(m *raw) { m.method = 8; m.data = bytes.Repeat([]byte{0xff}, 12) }), good),
			map[string]string{"bad.csv": "malformed: compressed data do not decode"}, ""},
		{"runs into the next", zipByHand(with(func(m *raw) { m.packed += 40 }), good),
			map[string]string{"": "malformed: members overlap: 1 member not read"}, ""},
		{"same place twice", zipByHand(with(func(m *raw) {}), with(func(m *raw) { m.at = 0 }), good),
			map[string]string{"": "malformed: members overlap: 1 member not read"}, "a;b;c\n1;2;3\n"},
		{"beyond the end", zipByHand(good, with(func(m *raw) { m.packed, m.size = 1<<31, 1<<31 })),
			map[string]string{"": "malformed: members overlap: 1 member not read"}, ""},
		{"no member there", zipByHand(good, with(func(m *raw) { m.at = 3 })),
			map[string]string{"bad.csv": "malformed: no member where the directory says"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := openArchive(t, "x.zip", test.archive)
			if d := cmp.Diff(test.problem, got.Problems); d != "" {
				t.Errorf("problems (-want +got):\n%s", d)
			}
			if got.Members["bad.csv"] != test.bad {
				t.Errorf("bad.csv has %q, want %q", got.Members["bad.csv"], test.bad)
			}
			if g := got.Members["good.csv"]; g != "nom;prénom\n" {
				t.Errorf("good.csv has %q", g)
			}
		})
	}
}

// The bomb of D. Fifield (2019): each member's data are the headers of those
// behind it and one kernel that all of them share.
func TestZipBombWithoutNesting(t *testing.T) {
	var members []raw
	base := storedRaw("kernel", strings.Repeat("0", 1000))
	members = append(members, base)
	for i := range 100 {
		m := base
		m.name, m.at = fmt.Sprint("copy", i), 0
		members = append(members, m)
	}
	got := openArchive(t, "bomb.zip", zipByHand(members...))
	if len(got.Members) != 1 || got.Problems[""] != "malformed: members overlap: 100 members not read" {
		t.Errorf("%d members, %v", len(got.Members), got.Problems)
	}
}

func TestZipNames(t *testing.T) {
	unicodePath := func(raw, name string) []byte {
		b := []byte{0x75, 0x70, byte(5 + len(name)), 0, 1}
		return append(binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE([]byte(raw))), name...)
	}
	named := func(name string, flags uint16, extra []byte) raw {
		m := storedRaw(name, "x")
		m.flags, m.extra = flags, extra
		return m
	}
	got := openArchive(t, "x.zip", zipByHand(
		named("plain.csv", 0, nil),
		named("d\x82c\x82d\x82s.csv", 0, nil),              // code page 850
		named("été.csv", 0, nil),                           // UTF-8 without the flag
		named("D\xe9clar\xe9 \xe0 la t\xeate.csv", 0, nil), // Windows-1252
		named("\x90t\x82 \x85 la t\x88te.csv", 0, nil),
		named("FEN\xd2TRE \xb5.csv", 0, nil),
		named("août.csv", 0x800, nil),
		named("no\x81l.csv", 0, unicodePath("no\x81l.csv", "noël.csv")),
		named("stale.csv", 0, unicodePath("other.csv", "wrong.csv")),
		named(`up\..\..\down.csv`, 0, nil),
		named("/root.csv", 0, []byte{1, 2, 200, 0}), // an extra field that is too long
	))
	want := []string{"plain.csv", "décédés.csv", "été.csv", "Déclaré à la tête.csv", "Été à la tête.csv", "FENÊTRE Á.csv", "août.csv", "noël.csv", "stale.csv", "down.csv", "root.csv"}
	if d := cmp.Diff(want, got.Order); d != "" {
		t.Errorf("names (-want +got):\n%s", d)
	}
}

// Members agree with archive/zip, on what archive/zip writes.
func TestZipAgreesWithStandardLibrary(t *testing.T) {
	b := bigZip(t, 300)
	std, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	got := openArchive(t, "x.zip", b)
	if len(got.Problems) > 0 || len(got.Order) != len(std.File) {
		t.Fatalf("%d members, want %d; %v", len(got.Order), len(std.File), got.Problems)
	}
	for i, f := range std.File {
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		want, err := io.ReadAll(rc)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name != got.Order[i] || string(want) != got.Members[f.Name] {
			t.Errorf("member %d %s differs", i, f.Name)
		}
	}
	// The same without the directory, whose members archive/zip gives
	// descriptors.
	end := bytes.Index(b, []byte(zipCentral))
	walked := openArchive(t, "x.zip", b[:end])
	if d := cmp.Diff(map[string]string{"": "truncated: the directory at the end is missing"}, walked.Problems); d != "" {
		t.Errorf("walk (-want +got):\n%s", d)
	}
	for name, data := range walked.Members {
		if data != got.Members[name] {
			t.Errorf("walk: %s differs", name)
		}
	}
	if len(walked.Order) != len(got.Order) {
		t.Errorf("walk: %d members, want %d", len(walked.Order), len(got.Order))
	}
}

// bigZip has n members, deflated and stored, small and large.
func bigZip(t testing.TB, n int) []byte {
	t.Helper()
	r := rand.New(rand.NewPCG(2, 3))
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i := range n {
		h := &zip.FileHeader{Name: fmt.Sprintf("d/%03d.csv", i), Method: uint16(i%2) * 8, Modified: time.Date(2024, 5, 1, 0, 0, i, 0, time.UTC)}
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		for range r.IntN(2000) * (i % 7) {
			fmt.Fprintf(w, "%d;%d\n", r.IntN(100000), i)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Members marked Apart may be opened by any goroutine until Unpack returns,
// and stored ones from their middle.
func TestZipMembersApart(t *testing.T) {
	b := bigZip(t, 60)
	want := openArchive(t, "x.zip", b).Members
	c, err := scanner.NewContent(context.Background(), stored("x.zip", b), scanner.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var wg sync.WaitGroup
	err = unpackZip(context.Background(), c, func(o scanner.Object) error {
		if !o.Apart {
			t.Errorf("%s is not apart", o.Path)
		}
		wg.Go(func() {
			got, err := readAll(o, 0, -1)
			if err != nil || got != want[o.Path] {
				t.Errorf("%s: %v", o.Path, err)
			}
			half := int64(len(got) / 2)
			piece, err := readAll(o, half, 10)
			switch {
			case errors.Is(err, scanner.ErrUnranged):
			case err != nil || half > 0 && piece != got[half:min(half+10, int64(len(got)))]:
				t.Errorf("%s from %d: %q, %v", o.Path, half, piece, err)
			}
			if head, err := readAll(o, 0, 100); err != nil || !strings.HasPrefix(got, head[:min(100, len(head))]) {
				t.Errorf("%s head: %v", o.Path, err)
			}
		})
		return nil
	})
	wg.Wait()
	if err != nil {
		t.Fatal(err)
	}
}

func readAll(o scanner.Object, off, n int64) (string, error) {
	rc, err := o.Open(context.Background(), off, n)
	if err != nil {
		return "", err
	}
	defer rc.Close()
	b, err := io.ReadAll(rc)
	return string(b), err
}

func TestZipModified(t *testing.T) {
	b := fixture(t, "zip/infozip.zip")
	c, err := scanner.NewContent(context.Background(), stored("x.zip", b), scanner.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	want := time.Date(2024, 2, 29, 12, 34, 56, 0, time.UTC)
	err = unpackZip(context.Background(), c, func(o scanner.Object) error {
		if !o.Modified.Equal(want) {
			t.Errorf("%s: modified %v, want %v", o.Path, o.Modified, want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A member that decompresses without end is stopped at its declared size, and
// an archive of nothing but end records is soon given up.
func TestZipHostile(t *testing.T) {
	ends := bytes.Repeat([]byte(zipEnd+"\x00\x00\x00\x00\xff\xff\xff\xff\x10\x00\x00\x00\x10\x00\x00\x00\x00\x00"), 5000)
	if got := openArchive(t, "x.zip", ends); len(got.Members) > 0 || got.Problems[""] == "" {
		t.Errorf("end records: %v %v", got.Order, got.Problems)
	}
	if got := openArchive(t, "x.zip", bytes.Repeat([]byte(zipLocal), 50000)); len(got.Members) > 0 || got.Problems[""] == "" {
		t.Errorf("signatures: %v %v", got.Order, got.Problems)
	}
	b := zipByHand(storedRaw("a", "x"))
	b[len(b)-18] = 3 // disk
	got := openArchive(t, "x.zip", b)
	if got.Problems[""] != "unsupported: part of a split zip archive" || got.Members["a"] != "x" {
		t.Errorf("split: %q, %v", got.Order, got.Problems)
	}
}

// The end record of an archive stored in one that is cut short is not taken for
// the end of the outer one.
func TestZipCutBehindInnerZip(t *testing.T) {
	inner := zipByHand(storedRaw("inner.csv", "a;b\n"))
	outer := zipByHand(storedRaw("first.csv", "c;d\n"), storedRaw("inner.zip", string(inner)), storedRaw("last.csv", "e;f\n"))
	got := openArchive(t, "x.zip", outer[:bytes.Index(outer, []byte("last.csv"))])
	if got.Members["first.csv"] != "c;d\n" || got.Members["inner.zip"] != string(inner) || got.Problems[""] == "" {
		t.Errorf("%q, %v", got.Order, got.Problems)
	}
}

// A web page that was saved under the name of an archive is no archive.
func TestMatchByContent(t *testing.T) {
	for _, test := range []struct {
		name, head string
		zip        bool
	}{
		{"x.jpg", zipLocal + "rest", true},
		{"x.zip", "<html>not found</html>", false},
		{"x.zip", "MZ\x90\x00", true},
		{"x.zip", "\x00\x00damaged" + zipLocal + "rest", true},
		{"x.csv", "MZ;a\n", false},
		{"x.dat", zipEnd + "\x00\x00", true},
	} {
		if got := matchZip(test.name, []byte(test.head)); got != test.zip {
			t.Errorf("matchZip(%q, %q) = %v", test.name, test.head, got)
		}
	}
}

func TestTarOfTheStandardLibrary(t *testing.T) {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	want := map[string]string{}
	for i, format := range []tar.Format{tar.FormatUSTAR, tar.FormatPAX, tar.FormatGNU} {
		name, data := fmt.Sprintf("dossier/%d.csv", i), strings.Repeat("a;b\n", 200*i)
		want[name] = data
		if err := w.WriteHeader(&tar.Header{Format: format, Name: name, Mode: 0o600, Size: int64(len(data))}); err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, data)
	}
	w.WriteHeader(&tar.Header{Typeflag: tar.TypeChar, Name: "dev/null"})
	w.Close()
	got := openArchive(t, "x", out.Bytes())
	if d := cmp.Diff(want, got.Members); d != "" || len(got.Problems) > 0 {
		t.Errorf("%v\n%s", got.Problems, d)
	}
	cut := openArchive(t, "x", out.Bytes()[:out.Len()-2*tarBlock])
	if d := cmp.Diff(map[string]string{"": "truncated: the end mark is missing"}, cut.Problems); d != "" {
		t.Errorf("cut before the end mark (-want +got):\n%s", d)
	}
}

// benchmarkZip packs CSV as exports have it, and counts the bytes that come out.
func benchmarkZip(b *testing.B, members, rows int) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	r := rand.New(rand.NewPCG(4, 5))
	var size int64
	for i := range members {
		w, err := z.Create(fmt.Sprintf("%d.csv", i))
		if err != nil {
			b.Fatal(err)
		}
		for j := range rows {
			n, err := fmt.Fprintf(w, "%d;%02d/%02d/19%02d;%d RUE DES LILAS;%05d;%d,%02d\n", j, r.IntN(28)+1, r.IntN(12)+1, r.IntN(100), r.IntN(200), r.IntN(96000), r.IntN(2000), r.IntN(100))
			if err != nil {
				b.Fatal(err)
			}
			size += int64(n)
		}
	}
	z.Close()
	o := stored("x.zip", out.Bytes())
	buf := make([]byte, 256<<10)
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		c, err := scanner.NewContent(context.Background(), o, scanner.Limits{})
		if err != nil {
			b.Fatal(err)
		}
		err = unpackZip(context.Background(), c, func(m scanner.Object) error {
			rc, err := m.Open(context.Background(), 0, -1)
			if err != nil {
				return err
			}
			defer rc.Close()
			_, err = io.CopyBuffer(io.Discard, struct{ io.Reader }{rc}, buf)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		c.Close()
	}
}

func BenchmarkZipOneMember(b *testing.B)    { benchmarkZip(b, 1, 400_000) }
func BenchmarkZipSmallMembers(b *testing.B) { benchmarkZip(b, 2000, 20) }
