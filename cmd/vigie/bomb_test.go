package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"slices"
	"testing"

	"vigie/fixtures"
	"vigie/scanner"
)

// A bomb is small and would become large, or go on without end.
type bomb struct {
	name   string
	body   []byte
	reason scanner.Reason // with which it is refused; "" when it is read in little memory
}

func bombs(t *testing.T) []bomb {
	t.Helper()
	var zeros bytes.Buffer
	if err := fixtures.Bomb(&zeros, "zeros.txt", 64<<20); err != nil {
		t.Fatal(err)
	}
	empty := fixtures.Tar(fixtures.Member{Name: "vide.txt"})[:512]
	gzips, tars := []byte("fin"), []byte("fin")
	for range 40 {
		gzips = fixtures.Gzip("", gzips)
		tars = fixtures.Tar(fixtures.Member{Name: "encore.tar", Body: tars})
	}
	return []bomb{
		{"42.zip", fixtures.Spreading(5, 16, "bombe.zip", zeros.Bytes()), scanner.Ratio},
		{"overlapping.zip", fixtures.Overlapping("a.csv", make([]byte, 64<<10), 20_000), scanner.Malformed},
		{"zeros.gz", bytes.Repeat(fixtures.Gzip("", make([]byte, 16<<20)), 20), scanner.Ratio},
		{"members.tar.gz", bytes.Repeat(fixtures.Gzip("", bytes.Repeat(empty, 1<<15)), 10_000_000>>15), scanner.TooMany},
		{"members.cpio", bytes.Repeat(odc(0), 200_000), scanner.TooMany},
		{"window.zst", []byte("\x28\xb5\x2f\xfd\x00\xa8\x01\x00\x00"), scanner.TooLarge}, // 2 GiB
		{"dictionary.xz", largeXz(t), scanner.TooLarge},
		{"dictionary.lzma", append([]byte("]\x00\x00\x00\x80\xff\xff\xff\xff\xff\xff\xff\xff"), make([]byte, 64)...), scanner.TooLarge},
		{"dictionary.7z", largeSevenzip(t, "plainheader", "\x21\x21\x01", "\x28"), ""}, // LZMA2, of little data
		{"memory.7z", largeSevenzip(t, "ppmd", "\x23\x03\x04\x01\x05\x06", "\xff\xff\xff\xff"), scanner.TooLarge},
		{"deep.zip", fixtures.Nested(40, "a.txt", []byte("fond")), scanner.TooDeep},
		{"deep.gz", gzips, scanner.TooDeep},
		{"deep.tar", tars, scanner.TooDeep},
		{"long.cpio", odc(1<<33 - 1), scanner.Truncated},
		{"long.a", []byte("!<arch>\na.csv/          0           0     0     100644  9999999999`\nfin"), scanner.Truncated},
	}
}

// TestBombs: what is small and would become large is refused, and the reason is
// told in a few lines.
func TestBombs(t *testing.T) {
	for _, b := range bombs(t) {
		t.Run(b.name, func(t *testing.T) {
			o := scanned(t, put(t, t.TempDir(), b.name, b.body))
			if b.reason == "" {
				if o.status != found || len(o.problems) > 0 {
					t.Errorf("status %d, problems %+v", o.status, o.problems)
				}
				return
			}
			if o.status != incomplete || o.summary.Complete {
				t.Errorf("status %d, complete %v", o.status, o.summary.Complete)
			}
			if len(o.problems) > 300 || !slices.ContainsFunc(o.problems, func(p scanner.Problem) bool { return p.Reason == b.reason }) {
				t.Errorf("%d problems, the first %+v, want %s", len(o.problems), o.problems[:min(len(o.problems), 3)], b.reason)
			}
		})
	}
}

// odc returns the header of a cpio member of size bytes, which are not there.
func odc(size int64) []byte {
	return fmt.Appendf(nil, "070707%06o%06o%06o%06o%06o%06o%06o%011o%06o%011oa\x00", 1, 1, 0o100644, 0, 0, 1, 0, 0, 2, size)
}

// largeXz asks for a dictionary of 1.5 GiB in the first block header of an xz
// file.
func largeXz(t *testing.T) []byte {
	b := formatFixture(t, "people/xz.csv.xz")
	b[16] = 37 // 3 << (37/2 + 11)
	binary.LittleEndian.PutUint32(b[20:], crc32.ChecksumIEEE(b[12:20]))
	return b
}

// largeSevenzip asks for 4 GiB of memory to decode a 7z archive whose header is
// not packed: properties take the place of those behind the head of its coder.
func largeSevenzip(t *testing.T, name, coder, properties string) []byte {
	t.Helper()
	b := formatFixture(t, "sevenzip/"+name+".7z")
	header := b[32+binary.LittleEndian.Uint64(b[12:]):]
	at := bytes.Index(header, []byte(coder))
	if at < 0 {
		t.Fatalf("no coder %x in the header", coder)
	}
	copy(header[at+len(coder):], properties)
	binary.LittleEndian.PutUint32(b[28:], crc32.ChecksumIEEE(header))
	binary.LittleEndian.PutUint32(b[8:], crc32.ChecksumIEEE(b[12:32]))
	return b
}

func formatFixture(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(formatFixtures + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
