package detectors

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

const benchSize = 1 << 20

// denseTable is rows of NIR;date;address;IBAN;email.
func denseTable() []byte {
	random := rand.New(rand.NewPCG(7, 7))
	var b []byte
	for len(b) < benchSize {
		var s nirSymbols
		copy(s.c[:], fmt.Sprintf("%d%02d%02d%02d%03d%03d", 1+random.IntN(2), random.IntN(100), 1+random.IntN(12), 1+random.IntN(95), 1+random.IntN(990), 1+random.IntN(998)))
		bank, branch, account := random.IntN(99999), random.IntN(99999), random.Int64N(99999999999)
		rib := 97 - (89*int64(bank)+15*int64(branch)+3*account)%97
		b = fmt.Appendf(b, "%s%02d;%02d/%02d/19%s;%d RUE DES LILAS 33000 BORDEAUX;FR76%05d%05d%011d%02d;prenom.nom%d@wanadoo.fr\n",
			s.c[:13], s.key(), 1+random.IntN(28), s.two(3), s.c[1:3], 1+random.IntN(200), bank, branch, account, rib, random.IntN(1000))
	}
	return b[:bytes.LastIndexByte(b, '\n')+1]
}

// spacedTable has the same with the groups of the NIR and the IBAN apart.
func spacedTable() []byte {
	var b []byte
	for row := range bytes.Lines(denseTable()) {
		if len(b) > benchSize {
			break
		}
		c := bytes.SplitN(row, []byte(";"), 5)
		n := c[0]
		b = fmt.Appendf(b, "%s %s %s %s %s %s %s;%s;%s;", n[:1], n[1:3], n[3:5], n[5:7], n[7:10], n[10:13], n[13:], c[1], c[2])
		for i, x := range c[3] {
			if i > 0 && i%4 == 0 {
				b = append(b, ' ')
			}
			b = append(b, x)
		}
		b = append(append(b, ';'), c[4]...)
	}
	return b
}

func prose() []byte {
	return bytes.Repeat([]byte("Les allocations familiales sont versées à partir du deuxième enfant à charge. "+
		"L'allocataire déclare tout changement de sa situation dans les meilleurs délais, et au plus tard le 31 du mois, "+
		"auprès de la caisse dont dépend son domicile : séparation, naissance, reprise d'activité.\n"), benchSize/280)
}

func BenchmarkAnchors(b *testing.B) {
	for _, text := range []struct {
		name  string
		bytes []byte
	}{{"prose", prose()}, {"dense", denseTable()}, {"spaced", spacedTable()}} {
		b.Run(text.name, func(b *testing.B) {
			var x Text
			b.SetBytes(int64(len(text.bytes)))
			b.ReportAllocs()
			for b.Loop() {
				x.Reset(text.bytes, ';', '\n', '"')
			}
		})
	}
}

func BenchmarkFind(b *testing.B) {
	for _, text := range []struct {
		name  string
		bytes []byte
	}{{"dense", denseTable()}, {"spaced", spacedTable()}} {
		for _, d := range sieve {
			b.Run(fmt.Sprintf("%s/%s", d.Kind, text.name), func(b *testing.B) {
				var x Text
				x.Reset(text.bytes, ';', '\n', '"')
				found := d.Find(nil, &x)
				if d.Kind != "phone" && len(found) != bytes.Count(text.bytes, []byte("\n")) {
					b.Fatalf("%d of %d found", len(found), bytes.Count(text.bytes, []byte("\n")))
				}
				b.SetBytes(int64(len(text.bytes)))
				b.ReportAllocs()
				for b.Loop() {
					found = d.Find(found[:0], &x)
				}
			})
		}
	}
}

// BenchmarkSieve is all that is done to every byte: anchors and four detectors.
func BenchmarkSieve(b *testing.B) {
	for _, text := range []struct {
		name  string
		bytes []byte
	}{{"prose", prose()}, {"dense", denseTable()}, {"spaced", spacedTable()}} {
		b.Run(text.name, func(b *testing.B) {
			var x Text
			var found []Match
			b.SetBytes(int64(len(text.bytes)))
			b.ReportAllocs()
			for b.Loop() {
				x.Reset(text.bytes, ';', '\n', '"')
				for _, d := range sieve {
					found = d.Find(found[:0], &x)
				}
			}
		})
	}
}
