package format

import (
	"bytes"
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"vigie/scanner"
)

// dense writes about size bytes of a table: NIR, birth date, address, IBAN and
// e-mail in each row.
func dense(size int, quoted bool) string {
	rnd := rand.New(rand.NewPCG(9, 9))
	var b strings.Builder
	b.WriteString("nir;nom;date_naissance;adresse;iban;email\n")
	for b.Len() < size {
		p := fictitious(rnd, variant{sep: ';', quotes: "never"})
		row := []string{"2530772073004" + p[0][:2], p[1], p[2], p[3], "FR7630006000011234567890189", "prenom.nom" + p[0] + "@exemple.fr"}
		if quoted {
			b.WriteString(`"` + strings.Join(row, `";"`) + "\"\n")
		} else {
			b.WriteString(strings.Join(row, ";") + "\n")
		}
	}
	return b.String()
}

func benchmark(b *testing.B, d document, doc []byte) {
	d.ctx = context.Background()
	d.yield = func(*scanner.Block) error { return nil }
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		run := d
		if err := run.read(bytes.NewReader(doc)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCSV(b *testing.B) {
	plain, quoted := dense(32<<20, false), dense(32<<20, true)
	csv := document{sniff: true}
	b.Run("utf8", func(b *testing.B) { benchmark(b, csv, []byte(plain)) })
	b.Run("windows1252", func(b *testing.B) { benchmark(b, csv, encode(b, plain, "windows1252")) })
	b.Run("utf16", func(b *testing.B) { benchmark(b, csv, encode(b, plain, "utf16le bom")) })
	b.Run("quoted", func(b *testing.B) { benchmark(b, csv, []byte(quoted)) })
	b.Run("ragged", func(b *testing.B) {
		benchmark(b, csv, []byte(strings.ReplaceAll(plain, ";Dupont;", ";")))
	})
}

func BenchmarkText(b *testing.B) {
	rnd := rand.New(rand.NewPCG(9, 9))
	log := strings.Repeat("2024-05-12 10:22:31,123 INFO [main] fr.caf.Service: dossier 1234567 traité en 12 ms\n", 400_000)
	b.Run("prose", func(b *testing.B) { benchmark(b, document{}, []byte(prose(rnd, 500_000))) })
	b.Run("log", func(b *testing.B) { benchmark(b, document{}, []byte(log)) })
	b.Run("source", func(b *testing.B) {
		benchmark(b, document{}, []byte(strings.Repeat("\tif err := put(a, b, c); err != nil {\n\t\treturn nil, 0, err\n\t}\n", 500_000)))
	})
}
