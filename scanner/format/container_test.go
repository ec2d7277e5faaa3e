package format

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"hash/crc32"
	"io"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz/lzma"

	"vigie/scanner"
)

// streams are encoders for the codings that have one in Go.
var streams = []struct {
	ending string
	encode func(io.Writer) io.WriteCloser
}{
	{".zst", func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z }},
	{".lz4", func(w io.Writer) io.WriteCloser { return lz4.NewWriter(w) }},
	{".sz", func(w io.Writer) io.WriteCloser { return s2.NewWriter(w, s2.WriterSnappyCompat()) }},
	{".br", func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) }},
	{".lzma", func(w io.Writer) io.WriteCloser {
		z, _ := lzma.WriterConfig{DictCap: 1 << 16}.NewWriter(w)
		return z
	}},
	{".gz", func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }},
}

func encoded(t testing.TB, encode func(io.Writer) io.WriteCloser, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := encode(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Every container of others inside every coding, and that in a zip and a tar.
func TestRegistersNested(t *testing.T) {
	want := string(fixture(t, "register/register.csv"))
	for _, r := range registers {
		b := fixture(t, r.name)
		for _, s := range streams {
			_, name, _ := strings.Cut(r.name, "/")
			packed := encoded(t, s.encode, tarOf(name, b))
			got := leaves(t, "x.zip", zipOf("in.tar"+s.ending, packed))
			if path := "in.tar" + s.ending + "!in.tar!" + name + "!" + r.member; got.Members[path] != want || len(got.Problems) > 0 {
				t.Errorf("%s: %d bytes, members %q, problems %v", path, len(got.Members[path]), keys(got.Members), got.Problems)
			}
		}
	}
}

// Zstandard and xz in zip, with and without a directory.
func TestZipOfStreams(t *testing.T) {
	want := fixture(t, "register/register.csv")
	for _, m := range []struct {
		method uint16
		packed []byte
	}{{93, fixture(t, "zstd/register.csv.zst")}, {95, fixture(t, "xz/register.csv.xz")}, {12, fixture(t, "bzip2/joined.csv.bz2")}} {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, err := z.CreateRaw(&zip.FileHeader{
			Name: "register.csv", Method: m.method, CRC32: crc32.ChecksumIEEE(want),
			CompressedSize64: uint64(len(m.packed)), UncompressedSize64: uint64(len(want)),
		})
		if err != nil {
			t.Fatal(err)
		}
		w.Write(m.packed)
		z.Close()
		got := openArchive(t, "x.zip", b.Bytes())
		if len(got.Problems) > 0 || got.Members["register.csv"] != string(want) {
			t.Errorf("method %d: %d bytes, problems %v", m.method, len(got.Members["register.csv"]), got.Problems)
		}
		got = openArchive(t, "x.zip", b.Bytes()[:bytes.LastIndex(b.Bytes(), []byte("PK\x01\x02"))])
		if len(got.Problems) != 1 || got.Members["register.csv"] != string(want) {
			t.Errorf("method %d without a directory: %d bytes, problems %v", m.method, len(got.Members["register.csv"]), got.Problems)
		}
	}
}

// Without a directory the members of every method are read one after another.
func TestZipMethodsWithoutDirectory(t *testing.T) {
	want := string(fixture(t, "register/register.csv"))
	for _, name := range []string{"zipmethods/bzip2.zip", "zipmethods/lzma.zip", "zipmethods/seven.zip"} {
		b := fixture(t, name)
		got := openArchive(t, name, b[:bytes.LastIndex(b, []byte("PK\x01\x02"))])
		if got.Members["register.csv"] != want || len(got.Problems) != 1 {
			t.Errorf("%s: %d bytes, problems %v", name, len(got.Members["register.csv"]), got.Problems)
		}
	}
}

// Windows and dictionaries that are too large are refused, and it is told.
func TestWindowsRefused(t *testing.T) {
	tooLarge := func(what string) string { return "too_large: " + what + " window larger than the limit" }
	zstdFrame := "\x28\xb5\x2f\xfd\x00" + "\xa8" + "\x01\x00\x00" // 2 GiB; one empty block
	lzmaFile := "]\x00\x00\x00\x80" + strings.Repeat("\xff", 8) + strings.Repeat("\x00", 64)
	big := fixture(t, "xz/register.csv.xz")
	for _, test := range []struct{ name, content, want string }{
		{"x.zst", zstdFrame, tooLarge("Zstandard")},
		{"x.lzma", lzmaFile, tooLarge("LZMA")},
		{"x.xz", string(withDictionary(big, 40)), tooLarge("xz")},
	} {
		got := openArchive(t, test.name, []byte(test.content))
		if len(got.Problems) != 1 || got.Problems["x"]+got.Problems[""] != test.want {
			t.Errorf("%s: %v, want %q", test.name, got.Problems, test.want)
		}
	}
}

// withDictionary sets how large the dictionary is in the first block header of an
// xz file, and its checksum.
func withDictionary(b []byte, size byte) []byte {
	b = bytes.Clone(b)
	b[16] = size
	binary.LittleEndian.PutUint32(b[20:], crc32.ChecksumIEEE(b[12:20]))
	return b
}

// What follows the end of a stream is not passed over in silence.
func TestSomethingFollows(t *testing.T) {
	for _, name := range []string{"bzip2/register.csv.bz2", "xz/register.csv.xz", "zstd/register.csv.zst", "lz4/register.csv.lz4", "snappy/register.csv.sz", "brotli/register.csv.br", "cpio/newc.cpio", "ar/gnu.a"} {
		got := openArchive(t, name, append(fixture(t, name), "something that is quite different, and longer than a header of any kind"...))
		if len(got.Problems) != 1 {
			t.Errorf("%s: problems %v, want one", name, got.Problems)
		}
		if len(got.Members["register.csv"]) < 7000 {
			t.Errorf("%s: only %d bytes", name, len(got.Members["register.csv"]))
		}
	}
}

// Old LZ4 frames without content, a million of them, end soon.
func TestEmptyLegacyFrames(t *testing.T) {
	got := openArchive(t, "x.lz4", bytes.Repeat([]byte(lz4Legacy), 1<<20))
	if got.Problems["x"] != "malformed: frames without content" {
		t.Errorf("problems %v", got.Problems)
	}
}

// A member is only readable from its beginning, once, while it is handed over.
func TestStreamsAreOpenedOnce(t *testing.T) {
	c, err := scanner.NewContent(context.Background(), stored("x.zst", fixture(t, "zstd/register.csv.zst")), scanner.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	err = zstdFormat.Unpack(context.Background(), c, func(o scanner.Object) error {
		if _, err := o.Open(context.Background(), 5, -1); err != scanner.ErrUnranged {
			t.Errorf("open in the middle: %v", err)
		}
		if _, err := o.Open(context.Background(), 0, -1); err != nil {
			t.Errorf("open: %v", err)
		}
		if _, err := o.Open(context.Background(), 0, -1); err != scanner.ErrUnranged {
			t.Errorf("open again: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
