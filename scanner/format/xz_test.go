package format

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"vigie/scanner"
)

// xzOf is what comes out of b on so many processors, for dictionaries of up to dict
// bytes.
func xzOf(b []byte, dict int64, processors int) ([]byte, error) {
	z := newXZ(bytes.NewReader(b))
	z.several(dict, processors)
	defer z.close()
	return io.ReadAll(io.LimitReader(z, 8<<20))
}

// xzSamples are files that xz made, by name.
func xzSamples(t testing.TB) map[string][]byte {
	all := map[string][]byte{}
	for _, r := range registers {
		if name, isXZ := strings.CutPrefix(r.name, "xz/"); isXZ {
			all[name] = fixture(t, r.name)
		}
	}
	return all
}

// liblzma returns the small files, by name, with which liblzma is tested (of XZ Utils
// 5.8, in the folder tests/files): good, unsupported and bad.
func liblzma(t testing.TB) map[string][]byte {
	b, err := os.ReadFile("testdata/xz.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for line := range strings.Lines(string(b)) {
		name, data, _ := strings.Cut(strings.TrimSpace(line), " ")
		if all[name], err = base64.StdEncoding.DecodeString(data); err != nil {
			t.Fatal(name, err)
		}
	}
	return all
}

// TestXZOfLiblzma: each file has the outcome that its name tells, however many
// processors there are.
func TestXZOfLiblzma(t *testing.T) {
	all := liblzma(t)
	if len(all) < 70 {
		t.Fatal("only", len(all))
	}
	for name, b := range all {
		kind, _, _ := strings.Cut(name, "-")
		want := map[string]scanner.Reason{"good": "", "unsupported": scanner.Unsupported, "bad": scanner.Malformed}[kind]
		if strings.HasSuffix(name, "truncated") {
			want = scanner.Truncated
		}
		for processors := 1; processors <= 3; processors++ {
			got, err := xzOf(b, 1<<20, processors)
			if reason(err) != want || err != nil && want == "" {
				t.Errorf("%s on %d: %v, want %q", name, processors, err, want)
			}
			if name == "unsupported-check" && len(got) != 13 {
				t.Errorf("%s on %d: %d bytes", name, processors, len(got))
			}
		}
	}
}

// TestXZAhead: several processors make the same of an .xz file as one does, and end
// with the same error, whatever is damaged; and nothing is lost of what lies
// before.
func TestXZAhead(t *testing.T) {
	want := fixture(t, "register/register.csv")
	r := rand.New(rand.NewPCG(4, 5))
	for name, whole := range xzSamples(t) {
		for i := range 120 {
			b := slices.Clone(whole)
			switch {
			case i == 0:
			case i < 40:
				b = b[:r.IntN(len(b))]
			default:
				b[r.IntN(len(b))] ^= byte(1 + r.IntN(255))
			}
			got, err := sameXZ(t, name, b)
			switch {
			case i == 0 && (err != nil || !bytes.Equal(got, want)):
				t.Errorf("%s: %d bytes and %v", name, len(got), err)
			case len(b) < len(whole) && len(b) > 0 && !bytes.HasPrefix(want, got):
				t.Errorf("%s cut at %d: other bytes", name, len(b))
			case len(b) < len(whole) && !oneOf(name, ofParts) && reason(err) != scanner.Truncated:
				t.Errorf("%s cut at %d: %v", name, len(b), err)
			}
		}
	}
}

func sameXZ(t *testing.T, name string, b []byte) ([]byte, error) {
	t.Helper()
	want, werr := xzOf(b, 0, 1)
	for _, dict := range []int64{4 << 10, 1 << 20} {
		got, err := xzOf(b, dict, 3)
		if !bytes.Equal(got, want) || fmt.Sprint(err) != fmt.Sprint(werr) {
			t.Fatalf("%s: %d bytes and %v on several processors, %d and %v on one", name, len(got), err, len(want), werr)
		}
	}
	return want, werr
}

// TestXZJoined: streams follow one another in any order, also those whose larger
// dictionaries are not decoded ahead.
func TestXZJoined(t *testing.T) {
	people := fixture(t, "register/register.csv")
	var b, want []byte
	for range 3 {
		for _, name := range []string{"threads.csv.xz", "register.csv.xz", "filters.csv.xz", "unchecked.csv.xz", "joined.csv.xz"} {
			b = append(append(b, fixture(t, "xz/"+name)...), make([]byte, 4)...)
			want = append(want, people...)
		}
	}
	if got, err := sameXZ(t, "joined", b); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes of %d and %v", len(got), len(want), err)
	}
	for _, test := range []struct{ behind, want string }{
		{"\x00\x00\x00", "malformed: xz padding behind the end"},
		{"\x00\x00\x00\x00\xfd7z", "truncated: ends in the middle"},
		{"else", "malformed: something that is not xz follows the end"},
	} {
		got, err := sameXZ(t, "joined", append(slices.Clone(b), test.behind...))
		if !bytes.Equal(got, want) || fmt.Sprint(err) != test.want {
			t.Errorf("%q behind: %d bytes and %v, want %s", test.behind, len(got), err, test.want)
		}
	}
}

// TestXZMany: a hundred thousand streams of no block and blocks of one byte take
// little.
func TestXZMany(t *testing.T) {
	one := fixture(t, "xz/threads.csv.xz")
	b := append(bytes.Repeat(liblzma(t)["good-0-empty"], 100_000), one...)
	got, err := xzOf(b, 1<<20, 3)
	if err != nil || !bytes.Equal(got, fixture(t, "register/register.csv")) {
		t.Errorf("%d bytes and %v", len(got), err)
	}
	got, err = xzOf(bytes.Repeat(one, 600), 1<<20, 3) // more blocks than there is room for parts
	if err != nil || len(got) != 600*7607 {
		t.Errorf("%d bytes and %v", len(got), err)
	}
}

func FuzzXZ(f *testing.F) {
	for _, b := range xzSamples(f) {
		f.Add(b)
	}
	for _, b := range liblzma(f) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := sameXZ(t, "fuzzed", b); err != nil && reason(err) == "" {
			t.Fatalf("not a problem: %v", err)
		}
	})
}

func BenchmarkXZ(b *testing.B) {
	data := fixture(b, "people/xz.csv.xz")
	out, err := xzOf(data, 0, 1)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(out)))
	for b.Loop() {
		io.Copy(io.Discard, newXZ(bytes.NewReader(data)))
	}
}
