package format

import (
	"errors"
	"math"
	"strings"
	"testing"

	"vigie/scanner"
)

func TestXPTIsWhatItSays(t *testing.T) {
	for name, titles := range map[string]string{
		"v5.xpt":     "NIR,NOM,PRENOM,NAISS,CPOSTAL",
		"v8.xpt":     "nir,nom,prenom,date_naissance,code_postal",
		"v8long.xpt": "numero_de_securite_sociale,nom,prenom,date_naissance,code_postal",
		"labels.xpt": "Numéro de sécurité sociale,Nom de famille,Prénom,Date de naissance,Code postal",
	} {
		blocks, err := readFormat(t, xptFormat, fixture(t, "xpt/"+name))
		got, rows, text := joinedText(blocks)
		if err != nil || rows != 500 || strings.Join(got, ",") != titles || !strings.HasPrefix(text, sasFirst) {
			t.Errorf("%s: %v, %d rows of %q: %q", name, err, rows, got, text[:min(len(text), 90)])
		}
	}
}

// A file may hold tables one after the other.
func TestXPTReadsAllTables(t *testing.T) {
	one, two := fixture(t, "xpt/v5.xpt"), fixture(t, "xpt/labels.xpt")
	blocks, err := readFormat(t, xptFormat, append(one[:len(one):len(one)], two[3*xptRecord:]...))
	rows := make(map[string]int)
	for _, b := range blocks {
		rows[b.Table] += b.Rows
	}
	if err != nil || len(rows) != 2 || rows["REGISTRE"] != 500 || rows["TABLE2"] != 500 {
		t.Errorf("%v, %v", err, rows)
	}
}

func TestXPTCutGivesWhatCameBefore(t *testing.T) {
	for _, name := range []string{"v5.xpt", "v8.xpt"} {
		b := fixture(t, "xpt/"+name)
		for _, n := range []int{len(b) / 2, len(b) / 2 / 80 * 80, len(b) - 100} {
			blocks, err := readFormat(t, xptFormat, b[:n])
			_, rows, text := joinedText(blocks)
			var p *scanner.Problem
			if !errors.As(err, &p) || p.Reason != scanner.Truncated || rows < 200 || !strings.HasPrefix(text, sasFirst) {
				t.Errorf("%s, %d of %d: %v, %d rows", name, n, len(b), err, rows)
			}
		}
	}
}

func TestIBMFloat(t *testing.T) {
	for in, want := range map[string]float64{
		"\x41\x10\x00\x00\x00\x00\x00\x00": 1, "\xc1\x10\x00": -1, "\x42\x64": 100, "\x40\x19\x99\x99\x99\x99\x99\x9a": 0.1,
		"\x4c\xf7\x68\xe7\xa5\xa6\xb6\x00": 272029935052470, "\x00\x00\x00\x00\x00\x00\x00\x00": 0,
	} {
		if got := ibmFloat([]byte(in)); got != want && math.Abs(got-want) > 1e-17 {
			t.Errorf("%x: %v, want %v", in, got, want)
		}
	}
	for _, missing := range []string{"\x2e\x00\x00\x00\x00\x00\x00\x00", "\x41\x00\x00", "\x5f\x00"} {
		if got := ibmFloat([]byte(missing)); !math.IsNaN(got) {
			t.Errorf("%x: %v, want none", missing, got)
		}
	}
}

func FuzzXPT(f *testing.F) {
	for _, name := range []string{"v5.xpt", "v8long.xpt", "labels.xpt"} {
		b := fixture(f, "xpt/"+name)
		f.Add(b[:min(len(b), 4<<10)])
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) { boundedBlocks(t, xptFormat, b, 64) })
}
