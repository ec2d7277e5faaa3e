package format

import (
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"

	"vigie/scanner"
)

func TestRTF(t *testing.T) {
	row := func(cells ...string) string {
		return `\trowd\cellx100\cellx200\pard\intbl ` + strings.Join(cells, `\cell `) + `\cell\row` + "\n"
	}
	ten := tenRows(10)
	rows := row("Nom", `Pr\'e9nom`, "Date de naissance")
	for _, r := range ten {
		rows += row(strings.Split(r, "|")...)
	}
	for _, test := range []struct{ name, body, want string }{
		{"runs", `2 69 0{\b 5 49} 588\par a\~b\_c\{\line d\tab e`, "2 69 05 49 588\na\u00a0b-c{\nd\te\n"},
		{"characters", `n\'e9e \u233\'e9\u8217 ? {\uc0\u-10179\u-8704}{\f1 \'e9}\par`, "née é’ 😀й\n"},
		{"destinations", `{\*\unknown{\b x}}{\pict 0102{\*\blipuid 03}}a{\*\shppict{\pict\bin4 {{}}99}}{\stylesheet{\s0 Normal;}}b\par`, "ab\n"},
		{"a star in mid text", `{\b\*\cs7\i a}{\*\cs8 b}{c\*\cs9 d}\par`, "abcd\n"},
		{"notes", `a{\footnote{\pard note\par}}b{\*\annotation voir}{\header MDPH}\par{\info{\title Titre}{\author M. Petit}}`, "ab\nnote\nvoir\nMDPH\nTitre\nM. Petit\n"},
		{"a field", `{\field{\*\fldinst{HYPERLINK "mailto:a@example.org"}}{\fldrslt{\'e9crire}}}\par`, "écrire\nHYPERLINK \"mailto:a@example.org\"\n"},
		{"a text box", `a{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt bo\'eete\par}}{\shprslt bo\'eete}}b\par`, "ab\nboîte\n"},
		{"a form", row("Nom :", "DUPONT") + row("Ville", "Pau") + `\pard fin\par`, "Nom: DUPONT\nVille: Pau\nfin\n"},
		{"a table", `avant\par ` + rows + `\pard apr\'e8s\par`, "avant\naprès\n[table 1: Nom|Prénom|Date de naissance]\n" + strings.Join(ten, "\n") + "\n"},
	} {
		doc := `{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial;}}` + "\r\n" + test.body + "}"
		if got := laid(t, "x", []byte(doc), "rtf"); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestRTFTrouble(t *testing.T) {
	for _, test := range []struct {
		doc    string
		reason scanner.Reason
	}{
		{`{\rtf1 a\par b`, scanner.Truncated},
		{`{\rtf1 a\bin99999 b`, scanner.Truncated},
		{`{\rtf1 ` + strings.Repeat("{", 1_000_000), scanner.TooDeep},
	} {
		_, _, err := readObject(t, "x", []byte(test.doc))
		if reason(err) != test.reason {
			t.Errorf("%.40s: %v", test.doc, err)
		}
	}
}

// ole1 is an object of OLE 1.0 as RTF has it.
func ole1(class, data string) string {
	le := binary.LittleEndian
	b := le.AppendUint32(nil, 0x501)
	b = le.AppendUint32(b, 2)
	for _, s := range []string{class + "\x00", "", ""} {
		b = append(le.AppendUint32(b, uint32(len(s))), s...)
	}
	b = append(le.AppendUint32(b, uint32(len(data))), data...)
	return `{\object\objemb{\*\objclass ` + class + `}{\*\objdata ` + "\r\n" + hex.EncodeToString(b) + "\r\n" + `}{\result{\pard x}}}`
}

// native is a file as it is embedded.
func native(name, data string) string {
	le := binary.LittleEndian
	path := `C:\x\` + name + "\x00"
	b := append([]byte("\x02\x00"+path+path), 0, 0, 3, 0)
	b = append(le.AppendUint32(b, uint32(len(path))), path...)
	return string(append(le.AppendUint32(b, uint32(len(data))), data...))
}

func TestRTFObjects(t *testing.T) {
	doc := `{\rtf1 a` + ole1("Package", native("liste.csv", "nom;ville\n")) + ole1("Excel.Sheet.8", string(message())) + `{\object{\*\objdata 01020304}}b\par}`
	u := openArchive(t, "x", []byte(doc))
	if got := strings.Join(u.Order, "|"); got != "liste.csv|object 2" || u.Members["liste.csv"] != "nom;ville\n" || u.Members["object 2"] != string(message()) {
		t.Errorf("members %s", got)
	}
	if got := laid(t, "x", []byte(doc), "rtf"); got != "ax\nxb\n" && got != "axxb\n" {
		t.Errorf("%q", got)
	}
}

func FuzzRTF(f *testing.F) {
	f.Add([]byte(`{\rtf1\ansi{\fonttbl{\f1\fcharset204 A;}}\trowd\intbl a\cell b\cell\row\pard c\u233?\'e9{\footnote d}\par{\*\x y}\bin2 ab}`))
	f.Add([]byte(`{\rtf1 ` + ole1("Package", native("a", "b")) + "}"))
	fuzzDocument(f, "rtf", rtfFormat)
}
