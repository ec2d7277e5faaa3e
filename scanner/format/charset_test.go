package format

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

var charsets = []string{"utf8", "utf8 bom", "windows1252", "cp850", "mac", "utf16le bom", "utf16be bom", "utf16le", "utf16be"}

// TestCharsets decodes French text of every charset, in lower and upper case,
// whether its first accent is in the head or far behind it.
func TestCharsets(t *testing.T) {
	texts := map[string]string{
		"lower":  strings.Repeat("Prénom: Hélène, née à Besançon, élève; la forêt où il gèle\n", 30),
		"upper":  strings.Repeat("PRÉNOM: HÉLÈNE, NÉE À BESANÇON, ÉLÈVE\n", 30),
		"one":    "nom;prénom\nDupont;Jean\n",
		"number": "N° dossier;Nom\n12;Dupont\n",
		"late":   strings.Repeat("rien que de l'ASCII pour commencer\n", 10_000) + "puis Hélène, née à Besançon\n" + strings.Repeat("fin\n", 5000),
	}
	for name, text := range texts {
		for _, cs := range charsets {
			stored := encode(t, text, cs)
			for _, r := range []io.Reader{bytes.NewReader(stored), iotest.DataErrReader(iotest.HalfReader(bytes.NewReader(stored)))} {
				got, err := io.ReadAll(decode(r))
				if err != nil || string(got) != text {
					i := 0
					for i < len(got) && i < len(text) && got[i] == text[i] {
						i++
					}
					t.Errorf("%s in %s: differs at %d: %.40q (%v)", name, cs, i, got[i:], err)
				}
			}
			want := text
			if got := decodeHead(stored[:min(len(stored), headSize)]); !strings.HasPrefix(want, strings.TrimRight(string(got), "\uFFFD")) {
				t.Errorf("%s in %s: head %.60q", name, cs, got)
			}
		}
	}
}

// TestBrokenUTF8 keeps a text that is UTF-8 but for a cell cut at a byte.
func TestBrokenUTF8(t *testing.T) {
	text := strings.Repeat("Hélène à Besançon\n", 20) + "tronqu\xC3\n" + strings.Repeat("Hélène\n", 20)
	got, err := io.ReadAll(decode(strings.NewReader(text)))
	if err != nil || string(got) != text {
		t.Errorf("decoded as something else: %.60q (%v)", got, err)
	}
}

func FuzzCharset(f *testing.F) {
	for _, cs := range charsets {
		f.Add(encode(f, "Prénom;Né à\nHélène;Besançon\n", cs))
	}
	f.Add([]byte{0xFF, 0xFE, 0, 0, 65, 0, 0, 0})
	f.Add([]byte{0xFF, 0xFE, 0x3D, 0xD8, 0x00})
	f.Fuzz(func(t *testing.T, stored []byte) {
		whole, err := io.ReadAll(decode(bytes.NewReader(stored)))
		if err != nil {
			t.Fatal(err)
		}
		if utf8.Valid(stored) && bytes.IndexByte(stored, 0) < 0 && !bytes.Equal(whole, bytes.TrimPrefix(stored, []byte("\uFEFF"))) {
			t.Errorf("UTF-8 is not as it was: %q", whole)
		}
		slow, err := io.ReadAll(decode(iotest.OneByteReader(bytes.NewReader(stored))))
		if err != nil || !bytes.Equal(whole, slow) {
			t.Errorf("read slowly: %q, at once: %q (%v)", slow, whole, err)
		}
		if len(stored) < headSize {
			if head := decodeHead(stored); !bytes.Equal(head, whole) {
				t.Errorf("head %q, document %q", head, whole)
			}
		}
	})
}
