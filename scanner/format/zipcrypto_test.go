package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"vigie/scanner"
)

// sealedZips hold the register behind the password "secret".
var sealedZips = []string{
	"zip/aes128.zip", "zip/aes192.zip", "zip/aesbsd.zip", "zip/aesbzip2.zip", // AES-128, -192, -256
	"zip/crypto64.zip", "zip/cryptobsd.zip", "zip/cryptopiped.zip", "zip/cryptostored.zip",
}

// withWords is the format zip with passwords.
func withWords(words ...string) scanner.Format {
	f := zipFormat
	f.Unpack = func(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
		return unlockZip(ctx, c, newZipKeys(words), yield)
	}
	return f
}

// unlock unpacks b with passwords.
func unlock(t testing.TB, b []byte, words ...string) unpacked {
	t.Helper()
	u := unpacked{Members: map[string]string{}, Problems: map[string]string{}}
	c, err := scanner.NewContent(context.Background(), stored("x.zip", b), scanner.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	err = withWords(words...).Unpack(context.Background(), c, func(m scanner.Object) error {
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
		}
		return nil
	})
	if err != nil {
		u.trouble("", err)
	}
	return u
}

// wrongWords are enough to pass the one check byte of ZipCrypto by chance.
func wrongWords() []string {
	words := []string{"", "Secret", "secret "}
	for i := range 600 {
		words = append(words, fmt.Sprint("wrong", i))
	}
	return words
}

func TestZipPasswords(t *testing.T) {
	want := string(fixture(t, "register/register.csv"))
	for _, name := range sealedZips {
		whole := fixture(t, name)
		walked := whole[:bytes.LastIndex(whole, []byte(zipCentral))]
		words := append(wrongWords(), "secret")
		if strings.HasPrefix(name, "zip/aes") { // whose check is wrong once in 65,536
			words = words[:10:10]
			words = append(words, "secret")
		}
		for _, words := range [][]string{{"secret"}, words} {
			if got := unlock(t, whole, words...); got.Members["register.csv"]+got.Members["-"] != want || len(got.Problems) > 0 {
				t.Errorf("%s, %d passwords: %d bytes, %v", name, len(words), len(got.Members["register.csv"]), got.Problems)
			}
			got := unlock(t, walked, words...)
			if got.Members["register.csv"]+got.Members["-"] != want || len(got.Problems) != 1 || got.Problems[""] == "" {
				t.Errorf("%s without a directory: %d bytes, %v", name, len(got.Members["register.csv"]), got.Problems)
			}
		}
		for _, b := range [][]byte{whole, walked} {
			got := unlock(t, b, words[:len(words)-1]...)
			problem := got.Problems["register.csv"] + got.Problems["-"]
			if len(got.Members) > 0 || !strings.HasPrefix(problem, "encrypted: ") || !strings.HasSuffix(problem, fmt.Sprint(len(words)-1, " passwords tried")) {
				t.Errorf("%s, wrong passwords: members %q, %v", name, keys(got.Members), got.Problems)
			}
		}
	}
}

// What others wrote behind several members, some of them open.
func TestZipPasswordsOfMembers(t *testing.T) {
	five := lot("lot/alloc.csv", "lot/plat.csv", "lot/lisezmoi.txt", "lot/vide.txt", "lot/été/prestations.csv")
	for _, name := range []string{"zip/encrypted.zip", "zip/aes.zip", "zip/halfopen.zip"} {
		got := unlock(t, fixture(t, name), "autre", "secret")
		for path, data := range five {
			if data != got.Members[path] && name != "zip/halfopen.zip" {
				t.Errorf("%s: %s differs", name, path)
			}
		}
		if len(got.Problems) > 0 || got.Members["lot/alloc.csv"] != five["lot/alloc.csv"] {
			t.Errorf("%s: %v", name, got.Problems)
		}
	}
}

// sealByHand encrypts a stored member with ZipCrypto.
func sealByHand(name, word, data string) raw {
	m := storedRaw(name, data)
	k := newZipCrypto(word)
	plain := append(make([]byte, zipCryptoLead-1), byte(m.crc>>24))
	for _, c := range append(plain, data...) {
		t := k[2] | 2
		m.data = append(m.data, c^byte(t*(t^1)>>8))
		k.update(c)
	}
	m.data = m.data[len(data):]
	m.flags, m.packed = 1, uint32(len(m.data))
	return m
}

// A stored member that no head tells about is read to its checksum before a
// password is believed; each member may have its own.
func TestZipPasswordsOfLongStoredMembers(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	var long strings.Builder
	for long.Len() < 200_000 {
		fmt.Fprintf(&long, "%d;MENAGE %d\n", r.IntN(1e6), r.IntN(100))
	}
	b := zipByHand(sealByHand("a.csv", "secret", long.String()), sealByHand("b.csv", "autre", long.String()), sealByHand("c.csv", "secret", "court"))
	got := unlock(t, b, append(wrongWords(), "autre", "secret")...)
	if len(got.Problems) > 0 || got.Members["a.csv"] != long.String() || got.Members["b.csv"] != long.String() || got.Members["c.csv"] != "court" {
		t.Errorf("%v", got.Problems)
	}
}

// Passwords with accents were typed in a code page.
func TestZipPasswordSpellings(t *testing.T) {
	for _, typed := range []string{"\x82t\x82 2024", "\xe9t\xe9 2024", "été 2024"} {
		got := unlock(t, zipByHand(sealByHand("a.csv", typed, "nom;prénom\n")), "hiver", "été 2024")
		if got.Members["a.csv"] != "nom;prénom\n" || len(got.Problems) > 0 {
			t.Errorf("%q: %v", typed, got.Problems)
		}
	}
}

// A code that does not fit is told, also where the checksum is right.
func TestZipAuthenticationCode(t *testing.T) {
	b := slices.Clone(fixture(t, "zip/aes128.zip"))
	b[bytes.LastIndex(b, []byte(zipCentral))-1] ^= 1
	got := unlock(t, b, "secret")
	if got.Problems["register.csv"] != "encrypted: WinZip AES; 1 password tried" {
		t.Errorf("%v", got.Problems)
	}
}

func TestZipStrongEncryption(t *testing.T) {
	m := storedRaw("allocataires.csv", "xxxxxxxxxxxxxxxxxxxxx")
	m.flags = 0x41
	got := unlock(t, zipByHand(m), "secret")
	if got.Problems["allocataires.csv"] != "encrypted: PKWARE strong encryption" {
		t.Errorf("%v", got.Problems)
	}
	m.flags, m.method = 1, 99 // and nothing that says how
	got = unlock(t, zipByHand(m), "secret")
	if got.Problems["allocataires.csv"] != "encrypted: WinZip AES" {
		t.Errorf("%v", got.Problems)
	}
}

// Passwords and members, multiplied, come to an end.
func TestZipTooManyPasswords(t *testing.T) {
	var members []raw
	for i := range 30 {
		m := storedRaw(fmt.Sprint(i), strings.Repeat("x", 100))
		m.flags, m.method = 1, 99
		m.extra = binary.LittleEndian.AppendUint16([]byte{1, 0x99, 7, 0, 2, 0, 'A', 'E', 3}, 0)
		members = append(members, m)
	}
	k := newZipKeys(wrongWords()[:4])
	k.left.Store(20)
	c, err := scanner.NewContent(context.Background(), stored("x.zip", zipByHand(members...)), scanner.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	refused := map[string]int{}
	err = unlockZip(context.Background(), c, k, func(m scanner.Object) error {
		_, err := m.Open(context.Background(), 0, -1)
		refused[err.Error()]++
		return nil
	})
	if err != nil || refused["encrypted: WinZip AES; too many passwords for as many members"] < 20 || k.left.Load() > 0 {
		t.Errorf("%v, %v", refused, err)
	}
}

// AES in CTR mode counts the WinZip way: over pieces of any length.
func TestCounterInPieces(t *testing.T) {
	c := aesCipherForTest(t)
	whole := make([]byte, 5000)
	c.decrypt(whole)
	c.restart()
	pieces := make([]byte, 5000)
	for i, n := 0, 1; i < len(pieces); i, n = i+n, n*3%701+1 {
		c.decrypt(pieces[i:min(i+n, len(pieces))])
	}
	if !bytes.Equal(whole, pieces) {
		t.Error("differs")
	}
}

func aesCipherForTest(t *testing.T) *zipCipher {
	t.Helper()
	b := fixture(t, "zip/aes128.zip")
	at := zipLocalLen + int(binary.LittleEndian.Uint16(b[26:])) + int(binary.LittleEndian.Uint16(b[28:]))
	c := aesCipher("secret", 1, b[at:])
	if c == nil {
		t.Fatal("check bytes")
	}
	return c
}

func TestSealedZipsDamaged(t *testing.T) {
	want := string(fixture(t, "register/register.csv"))
	for _, name := range sealedZips {
		whole := fixture(t, name)
		for i := range 50 {
			got := unlock(t, whole[:len(whole)*i/50], "secret")
			if data := got.Members["register.csv"]; !strings.HasPrefix(want, data) {
				t.Errorf("%s cut: %d bytes that are not those of the beginning", name, len(data))
			}
			if i > 0 && len(got.Problems) == 0 {
				t.Errorf("%s cut at %d of 50: no problem", name, i)
			}
		}
		r := rand.New(rand.NewPCG(1, uint64(len(whole))))
		for range 200 {
			b := bytes.Clone(whole)
			for range 1 + r.IntN(4) {
				b[r.IntN(len(b))] = byte(r.Uint32())
			}
			got := unlock(t, b, "secret")
			for m, p := range got.Problems {
				if strings.HasPrefix(p, "not a problem") || strings.Contains(p, "secret") {
					t.Errorf("%s damaged, %q: %s", name, m, p)
				}
			}
			if data := got.Members["register.csv"]; data != want && data != "" && crc32.ChecksumIEEE([]byte(data)) != crc32.ChecksumIEEE([]byte(want)) && len(got.Problems) == 0 {
				t.Errorf("%s damaged: other data in silence", name)
			}
		}
	}
}

func FuzzZipSealed(f *testing.F) {
	for _, name := range sealedZips {
		b := fixture(f, name)
		f.Add(b)
		f.Add(b[:2*len(b)/3])
	}
	f.Fuzz(func(t *testing.T, b []byte) { walkFuzzed(t, withWords("secret", "é"), "x.zip", b, zipCentralLen) })
}

func BenchmarkZipCrypto(b *testing.B) {
	k, buf := newZipCrypto("secret"), make([]byte, 1<<20)
	b.SetBytes(int64(len(buf)))
	for b.Loop() {
		k.decrypt(buf)
	}
}

func BenchmarkZipAES(b *testing.B) {
	head := fixture(b, "zip/aes128.zip")
	c := aesCipher("secret", 1, head[zipLocalLen+int(binary.LittleEndian.Uint16(head[26:]))+int(binary.LittleEndian.Uint16(head[28:])):])
	buf := make([]byte, 1<<20)
	b.SetBytes(int64(len(buf)))
	for b.Loop() {
		c.mac.Write(buf)
		c.decrypt(buf)
	}
}

// The length of these data stands behind them alone.
func TestZipPipedWithoutDirectory(t *testing.T) {
	want := string(fixture(t, "register/register.csv"))
	b := fixture(t, "zip/bzip2piped.zip")
	got := openArchive(t, "x.zip", b[:bytes.LastIndex(b, []byte(zipCentral))])
	if got.Members["-"]+got.Members["register.csv"] != want || len(got.Problems) != 1 {
		t.Errorf("%q, %v", got.Order, got.Problems)
	}
}
