package format

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"vigie/scanner"
)

// first returns the name of the first format that matches.
func first(name string, head []byte) string {
	for _, f := range All() {
		if f.Match(name, head) {
			return f.Name
		}
	}
	return ""
}

// Letters at the beginning of a table do not make it a picture: a signature
// that text may begin with asks for more.
func TestSignaturesLeaveTextAlone(t *testing.T) {
	table := strings.Repeat(";NOM;PRENOM;NE LE\n1;DUPONT;MARIE;01/02/1980\n", 1000)
	for _, list := range [][]signature{mediaSignatures, knownSignatures} {
		for _, s := range list {
			if len(s.magic) > 5 || strings.HasPrefix(s.magic, "\x7f") || binaryTail([]byte(s.magic)) || indexHigh([]byte(s.magic)) < len(s.magic) {
				continue // no text begins like that
			}
			head := table[:s.at] + s.magic + table
			for _, name := range []string{"x.csv", "x.txt", "x"} {
				if s.name != "PDF document" && s.match(name, []byte(head)) {
					t.Errorf("%s: matches a table that begins with %q", s.name, s.magic)
				}
			}
		}
	}
}

func TestEverySignature(t *testing.T) {
	for _, list := range []struct {
		format string
		all    []signature
	}{{"media", mediaSignatures}, {"unsupported", knownSignatures}} {
		for _, s := range list.all {
			if s.name == "" || s.at == 0 && s.magic == "" && s.exts == "" {
				t.Errorf("%q at %d: says too little", s.magic, s.at)
			}
			if s.also != nil {
				continue // TestFormatByContent
			}
			head := append(bytes.Repeat([]byte{1}, s.at), s.magic...)
			head = append(head, make([]byte, 600)...)
			name := "x"
			if s.exts != "" {
				name += strings.Fields(s.exts)[0]
			}
			if got := first(name, head); got != list.format {
				t.Errorf("%s (%q): taken for %s", s.name, s.magic, got)
			}
		}
	}
}

func TestFormatByContent(t *testing.T) {
	program := append([]byte("MZ"), make([]byte, 200)...)
	program[60] = 128
	copy(program[128:], "PE\x00\x00")
	frame := make([]byte, 1000)
	copy(frame, "\xff\xfb\x90\x00") // MPEG-1, 128 kbit/s, 44.1 kHz: 417 bytes
	copy(frame[417:], "\xff\xfb\x90\x00")
	for _, test := range []struct{ name, head, want string }{
		{"x.csv", "\xff\xd8\xff\xe0\x00\x10JFIF\x00", "media"},
		{"x", "RIFF\x00\x00\x00\x00WEBPVP8 ", "media"},
		{"x", "RIFF\x00\x00\x00\x00WAVEfmt ", "media"},
		{"x", "\x00\x00\x00\x20ftypisom\x00\x00\x02\x00", "media"},
		{"x", string(program), "media"},
		{"x", "MZ" + strings.Repeat(";a;b\n", 50), "csv"},
		{"x", string(frame), "media"},
		{"x", "\xff\xfe" + wide("nom;prénom;ville\nDUPONT;Marie;Lyon\nMARTIN;Paul;Nice\n"), "csv"},
		{"x", "BM\x36\x00\x0c\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00\x00\x01", "media"},
		{"x", "RE\x7e\x5e\x07\x00", "unsupported"},
		{"x.csv", "BZh91AY&SY\x00\x01", "bzip2"},
		{"x.txt", "BZh is how bzip2 begins\n", "text"},
		{"x.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00", "xls"},
		{"x.dbf", "\x03\x7c\x01\x01\x04\x00\x00\x00", "unsupported"},
		{"x.orc", "ORC\x08\x03\x10\x00", "unsupported"},
		{"x", "Obj\x01\x04\x16avro.schema", "avro"},
		{"x", "$FL2@(#) SPSS DATA FILE\x00", "unsupported"},
		{"x.bin", "\x00\x01\x02\x03\x04\x05", "binary"},
		{"x.csv", "<html><body>Introuvable</body></html>\n", "html"},
		{"x.zip", "<html><body>Introuvable</body></html>\n", "html"},
	} {
		if got := first(test.name, []byte(test.head)); got != test.want {
			t.Errorf("%s %.12q: %s, want %s", test.name, test.head, got, test.want)
		}
	}
}

func wide(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteByte(byte(r))
		b.WriteByte(byte(r >> 8))
	}
	return b.String()
}

// read gives the text of an object's blocks, joined, and the error.
func read(t *testing.T, f scanner.Format, name string, b []byte) (string, error) {
	t.Helper()
	c, err := scanner.NewContent(context.Background(), stored(name, b), scanner.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var text strings.Builder
	err = f.Read(context.Background(), c, func(b *scanner.Block) error {
		if b.At != int64(text.Len()) || b.Rows != 0 || b.Ruler != (scanner.Ruler{}) {
			t.Errorf("block at %d of %d bytes: want running text at %d", b.At, len(b.Text), text.Len())
		}
		if b.At+int64(len(b.Text)) < int64(len(c.Head())) && len(b.Text) > 256 && !strings.ContainsRune("\x00\n ", rune(b.Text[len(b.Text)-1])) {
			t.Errorf("block cut behind %q", b.Text[len(b.Text)-1])
		}
		text.Write(b.Text)
		return nil
	})
	return text.String(), err
}

func TestRawBytes(t *testing.T) {
	dump := "\x03\x03iEXPORT:" + strings.Repeat("\x01\x02DUPONT Marie\x00", 60000)
	noise := "\x01\x02" + strings.Repeat("\x01abcdefgh", 100000)
	for _, test := range []struct {
		format  scanner.Format
		name    string
		content string
		text    string
		problem string
	}{
		{unsupportedFormat, "x.dmp", dump, dump, "unsupported: Oracle dump; only the sieve looked at it"},
		{unsupportedFormat, "x.lz", "LZIP\x01 rest", "", "unsupported: lzip"},
		{unsupportedFormat, "x", "Salted__ rest", "", "encrypted: OpenSSL data"},
		{binaryFormat, "x", noise, noise, "unsupported: unknown binary; only the sieve looked at it"},
		{binaryFormat, "x", "", "", ""},
		{binaryFormat, "x", strings.Repeat("\x00", 300000), strings.Repeat("\x00", 300000), ""},
		{mediaFormat, "x.png", "\x89PNG\r\n\x1a\n rest", "", ""},
	} {
		text, err := read(t, test.format, test.name, []byte(test.content))
		if text != test.text {
			t.Errorf("%s %.16q: %d bytes of text, want %d", test.format.Name, test.content, len(text), len(test.text))
		}
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != test.problem {
			t.Errorf("%s %.16q: %q, want %q", test.format.Name, test.content, got, test.problem)
		}
	}
}
