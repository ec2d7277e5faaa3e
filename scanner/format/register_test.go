package format

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// registers are archives of one register of 50 invented people, made by the
// software of others: see fixtures/formats/register/RECIPE.
var registers = []struct {
	name   string
	member string // that holds the register
}{
	{"bzip2/register.csv.bz2", "register.csv"},
	{"bzip2/joined.csv.bz2", "joined.csv"},
	{"xz/register.csv.xz", "register.csv"},
	{"xz/blocks.csv.xz", "blocks.csv"},
	{"xz/unchecked.csv.xz", "unchecked.csv"},
	{"xz/delta.csv.xz", "delta.csv"},
	{"xz/x86.csv.xz", "x86.csv"},
	{"xz/threads.csv.xz", "threads.csv"},
	{"xz/filters.csv.xz", "filters.csv"},
	{"xz/joined.csv.xz", "joined.csv"},
	{"lzma/register.csv.lzma", "register.csv"},
	{"lzma/small.csv.lzma", "small.csv"},
	{"zstd/register.csv.zst", "register.csv"},
	{"zstd/long.csv.zst", "long.csv"},
	{"zstd/joined.csv.zst", "joined.csv"},
	{"zstd/skip.csv.zst", "skip.csv"},
	{"lz4/register.csv.lz4", "register.csv"},
	{"lz4/linked.csv.lz4", "linked.csv"},
	{"lz4/legacy.csv.lz4", "legacy.csv"},
	{"lz4/joined.csv.lz4", "joined.csv"},
	{"snappy/register.csv.sz", "register.csv"},
	{"snappy/register.csv.s2", "register.csv"},
	{"snappy/joined.csv.sz", "joined.csv"},
	{"brotli/register.csv.br", "register.csv"},
	{"brotli/small.csv.br", "small.csv"},
	{"compress/register.csv.Z", "register.csv"},
	{"compress/ten.csv.Z", "ten.csv"},
	{"compress/twelve.csv.Z", "twelve.csv"},
	{"cpio/newc.cpio", "register.csv"},
	{"cpio/odc.cpio", "register.csv"},
	{"cpio/crc.cpio", "register.csv"},
	{"cpio/bin.cpio", "register.csv"},
	{"cpio/joined.cpio", "register.csv"},
	{"ar/gnu.a", "register.csv"},
	{"ar/gnu.a", "un nom assez long pour être coupé.csv"},
	{"ar/bsd.a", "un nom assez long pour être coupé.csv"},
	{"ar/gzip.deb", "data.tar.gz!data.tar!srv/register.csv"},
	{"ar/xz.deb", "data.tar.xz!data.tar!srv/register.csv"},
	{"ar/zstd.deb", "data.tar.zst!data.tar!srv/register.csv"},
	{"rpm/gzdio.rpm", "gzdio.cpio.gz!gzdio.cpio!srv/register.csv"},
	{"rpm/bzdio.rpm", "bzdio.cpio.bz2!bzdio.cpio!srv/register.csv"},
	{"rpm/xzdio.rpm", "xzdio.cpio.xz!xzdio.cpio!srv/register.csv"},
	{"rpm/lzdio.rpm", "lzdio.cpio.lzma!lzdio.cpio!srv/register.csv"},
	{"rpm/zstdio.rpm", "zstdio.cpio.zst!zstdio.cpio!srv/register.csv"},
	{"rpm/ufdio.rpm", "ufdio.cpio!srv/register.csv"},
	{"zipmethods/bzip2.zip", "register.csv"},
	{"zipmethods/lzma.zip", "register.csv"},
	{"zipmethods/seven.zip", "register.csv"},
	{"zipmethods/deflate64.zip", "register.csv"},
	{"zipmethods/xz.zip", "register.csv"},
	{"zipmethods/ppmd.zip", "register.csv"},
	{"zipmethods/zstd.zip", "register.csv"},
	{"cab/stored.cab", "register.csv"},
	{"cab/mszip.cab", "register.csv"},
	{"cab/blocks.cab", "register.csv"},
	{"cab/lzx-register.cab", "register.csv"},
	{"iso9660/plain.iso.gz", "plain.iso!__T__/UN_NOM_A.CSV"},
	{"iso9660/plain-J.iso.gz", "plain-J.iso!été/un nom assez long pour être coupé.csv"},
	{"iso9660/plain-R.iso.gz", "plain-R.iso!été/un nom assez long pour être coupé.csv"},
}

// Those whose format does not say where it ends: one that is cut may look whole.
var markless = []string{"compress", "snappy", "legacy", "ar/", "people/ar-"}

// Those of which a part is whole.
var ofParts = []string{"joined", "prepended", "adjusted"}

func oneOf(name string, parts []string) bool {
	for _, p := range parts {
		if strings.Contains(name, p) {
			return true
		}
	}
	return false
}

// leaves unpacks whatever is in b, as the engine does, and returns what is no
// container.
func leaves(t testing.TB, name string, b []byte) unpacked {
	got := openArchive(t, name, b)
	all := unpacked{Members: map[string]string{}, Problems: got.Problems}
	for path, data := range got.Members {
		in := unpacked{}
		if first(strings.ToLower(path), []byte(data)) != "" {
			in = leaves(t, path, []byte(data))
		}
		if len(in.Members) == 0 && len(in.Problems) == 0 {
			all.Members[path] = data
		}
		for p, d := range in.Members {
			all.Members[path+"!"+p] = d
		}
		for p, d := range in.Problems {
			all.Problems[path+"!"+p] = d
		}
	}
	return all
}

func TestRegisters(t *testing.T) {
	want := string(fixture(t, "register/register.csv"))
	for _, r := range registers {
		got := leaves(t, r.name, fixture(t, r.name))
		if got.Members[r.member] != want {
			t.Errorf("%s: %s has %d bytes, want %d (members %q)", r.name, r.member, len(got.Members[r.member]), len(want), keys(got.Members))
		}
		if len(got.Problems) > 0 {
			t.Errorf("%s: %v", r.name, got.Problems)
		}
	}
}

// A fixture that no test reads proves nothing.
func TestEveryRegisterIsRead(t *testing.T) {
	for _, dir := range []string{"bzip2", "xz", "lzma", "zstd", "lz4", "snappy", "brotli", "compress", "cpio", "ar", "rpm", "iso9660", "zipmethods"} {
		all, err := filepath.Glob(filepath.Join("../../fixtures/formats", dir, "*"))
		if err != nil || len(all) == 0 {
			t.Fatal(dir, err)
		}
		for _, a := range all {
			name, read := dir+"/"+filepath.Base(a), false
			for _, r := range registers {
				read = read || r.name == name
			}
			if !read {
				t.Errorf("%s is in no test", name)
			}
			if info, err := os.Stat(a); err != nil || info.Size() > 20<<10 {
				t.Errorf("%s: more than 20 KB", name)
			}
		}
	}
}

// What came before a cut is read, and the cut is told.
func TestRegistersCutShort(t *testing.T) {
	want := string(fixture(t, "register/register.csv"))
	for _, r := range registers {
		whole := fixture(t, r.name)
		for i := 1; i < 50; i++ {
			n := len(whole) * i / 50
			switch first(r.name, whole[:n]) {
			case "binary", "text", "csv": // too little is left to tell

				continue
			}
			got := leaves(t, r.name, whole[:n])
			data, has := got.Members[r.member]
			if !strings.HasPrefix(want, data) {
				t.Errorf("%s cut at %d: %d bytes that are not those of the beginning", r.name, n, len(data))
			}
			if data == want && has || oneOf(r.name, markless) || oneOf(r.name, ofParts) {
				continue
			}
			told := false
			for _, p := range got.Problems {
				told = told || strings.HasPrefix(p, "truncated")
			}
			if !told {
				t.Errorf("%s cut at %d: %d bytes, problems %v", r.name, n, len(data), got.Problems)
			}
		}
	}
}

// Names are those that the programs would give.
func TestInnerNames(t *testing.T) {
	for _, test := range []struct {
		coding      *coding
		outer, want string
	}{
		{&zstdCoding, "s3://b/backup.tar.zst", "backup.tar"},
		{&zstdCoding, "backup.TZST", "backup.tar"},
		{&bzip2Coding, "x.zip!/a/b.tbz2", "b.tar"},
		{&bzip2Coding, "x.csv", "x.csv"},
		{&xzCoding, "dump.sql.xz", "dump.sql"},
		{&compressCoding, "old.tar.Z", "old.tar"},
		{&compressCoding, "old.taz", "old.tar"},
		{&lzmaCoding, "a.tlz", "a.tar"},
		{&lz4Coding, "a.lz4", "a"},
		{&snappyCoding, "part-0.snappy", "part-0"},
		{&brotliCoding, "index.html.br", "index.html"},
	} {
		if got := test.coding.inner(test.outer); got != test.want {
			t.Errorf("%s: %q, want %q", test.outer, got, test.want)
		}
	}
}
