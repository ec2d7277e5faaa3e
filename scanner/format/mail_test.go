package format

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"math/rand/v2"
	"strings"
	"testing"

	"vigie/scanner"
)

func TestMail(t *testing.T) {
	b := bytes.ReplaceAll(documentFixture(t, "mail/rich.eml"), []byte("\r\n"), []byte("\n"))
	format, blocks, err := readObject(t, "x", b)
	if err != nil || format != "eml" {
		t.Fatal(format, err)
	}
	text := runningText(blocks)
	for _, want := range []string{"From: Hélène Désirée <secretariat@mdph.example>\n", "Subject: Dossier de Mme Éléonore Ñuñez\n", "2 85 05 78 006 084 36."} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %q", want, text)
		}
	}
	u := openArchive(t, "x", b)
	csv := "un nom très long, pour qu'il se suive sur plusieurs paramètres du champ.csv"
	if u.Members[csv] != "nom;ne le\nPETIT;01/02/1980\n" ||
		!strings.HasPrefix(u.Members["message.eml"], "From: ") || !strings.HasSuffix(u.Members["message.eml"], "transféré.\n") || len(u.Order) != 2 {
		t.Errorf("members %q", u.Members)
	}
	_, blocks, err = readObject(t, "x.eml", bytes.ReplaceAll(documentFixture(t, "mail/latin.eml"), []byte("\r\n"), []byte("\n")))
	if text := runningText(blocks); err != nil || !strings.Contains(text, "Monsieur Rémi Lefèvre, né le 03/04/1971 à Besançon.\n") {
		t.Errorf("%v, %q", err, text)
	}
}

func TestMbox(t *testing.T) {
	u := openArchive(t, "Inbox", documentFixture(t, "mail/notifications.mbox"))
	if got := strings.Join(u.Order, " "); got != "message_0001.eml message_0002.eml message_0003.eml" {
		t.Fatalf("members %s", got)
	}
	for _, m := range u.Order {
		if !strings.HasPrefix(u.Members[m], "From: ") || !strings.Contains(u.Members[m], "\nFrom now on: ") {
			t.Errorf("%s: %.80q", m, u.Members[m])
		}
		inner := openArchive(t, m, []byte(u.Members[m]))
		if len(inner.Order) != 1 || !strings.HasPrefix(inner.Members[inner.Order[0]], "%PDF-") || !strings.HasPrefix(inner.Order[0], "décision ") {
			t.Errorf("%s: members %q", m, inner.Order)
		}
	}
}

func TestMailParts(t *testing.T) {
	head := "From: a@b.example\nTo: c@d.example\nSubject: x\n"
	for _, test := range []struct{ name, mail, text, members, err string }{
		{"no type", head + "\nBonjour\n", "Bonjour\n", "", ""},
		{"broken base64", head + "Content-Transfer-Encoding: base64\n\nQm9uam91cg==\nQQ\n", "Bonjour", "", ""},
		{"quoted", head + "Content-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; charset=windows-1252\n\nn=E9 =\nle 1=3D=zz\n", "né le 1==zz\n", "", ""},
		{"boundary in the text", head + "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nun\n--bb\n\n--b--\nafter\n", "un\n--bb\n", "", ""},
		{"inner multipart never ends", head + "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nun\n--a\n\ndeux\n--a--\n", "undeux", "", ""},
		{"PGP", head + "\n-----BEGIN PGP MESSAGE-----\nxx\n", "", "", "encrypted: PGP message"},
		{"S/MIME", head + "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nxx\n", "", "", "encrypted: S/MIME message"},
		{"text and HTML", head + "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nNé le 1er mai\nà Pau.\n--b\nContent-Type: text/html\n\n<p>N&eacute; le <b>1er</b> mai à Pau.<p>d&eacute;s\n--b--\n", "Né le 1er mai\nà Pau.dés\n", "", ""},
		{"no boundary", head + "Content-Type: multipart/mixed\n\n--b\n\nun\n--b\nContent-Type: text/plain; name=\"a/../b.txt\"\n\nx\n--b--\n", "un", "a_.._b.txt", ""},
		{"two tables", head + "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n" + strings.Repeat("a;b;1\n", 9) + "--b\n\n" + strings.Repeat("c;d;2\n", 9) + "--b--\n", "", "", ""},
		{"UTF-7", head + "Content-Type: text/plain; charset=utf-7\n\nn+AOk- le 1 +- 2\n", "né le 1 + 2\n", "", ""},
		{"ISO-8859-15", head + "Content-Type: text/plain; charset=iso-8859-15\n\nc\xbdur, 5 \xa4, n\xe9\n", "cœur, 5 €, né\n", "", ""},
		{"Windows-1252 said to be Latin-1", head + "Content-Type: text/plain; charset=iso-8859-1\n\nl\x92\x80 n\xe9\n", "l’€ né\n", "", ""},
		{"UTF-8 said to be Latin-1", head + "Content-Type: text/plain; charset=iso-8859-1\n\nnée\n", "née\n", "", ""},
		{"DOS", head + "Content-Type: text/plain; charset=cp850\n\nn\x82\n", "né\n", "", ""},
		{"HTML in Latin-9", head + "Content-Type: text/html; charset=ISO-8859-15\n\n<p>c\xbdur n\xe9</p>\n", "cœur né\n", "", ""},
		{"S/MIME, signed", head + "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\n\nxx\n", "", "smime.p7m", ""},
	} {
		_, blocks, err := readObject(t, "x.eml", []byte(test.mail))
		got := ""
		if err != nil {
			got = err.Error()
		}
		text, _ := strings.CutPrefix(runningText(blocks), head)
		u := openArchive(t, "x.eml", []byte(test.mail))
		if got != test.err || text != test.text || strings.Join(u.Order, " ") != test.members {
			t.Errorf("%s: %q, %q, members %q", test.name, got, text, u.Order)
		}
	}
	deep := head
	for range 100 {
		deep += "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
	}
	if _, _, err := readObject(t, "x.eml", []byte(deep)); err == nil || !strings.HasPrefix(err.Error(), "too_deep: ") {
		t.Errorf("deep: %v", err)
	}
	for _, text := range []string{"Nom: x\nDate: y\n", "From: here to there\nit is far\n", "key: value\nother: value\nsubject: x\n"} {
		if isMail([]byte(text)) {
			t.Errorf("%q is no mail", text)
		}
	}
}

// utf16Text is s as Outlook keeps it.
func utf16Text(s string) string {
	var b []byte
	for _, r := range s {
		b = append(b, byte(r), byte(r>>8))
	}
	return string(b)
}

// message is a message of Outlook without attachments: storages are tested by the
// compound files that have them.
func message() []byte {
	return compound(part{"__properties_version1.0", strings.Repeat("\x00", 32)}, part{"__substg1.0_0037001F", utf16Text("Dossier de Mme Léa Petit")}, part{"__substg1.0_0C1A001F", utf16Text("MDPH")},
		part{"__substg1.0_1000001F", utf16Text("Née le 12/05/1985\r\n")}, part{"__substg1.0_10130102", "<p>Née le <i>12/05/1985</i><p>à Pau"}, part{"__substg1.0_3A27001F", utf16Text("Pau")}, part{"__substg1.0_1035001F", utf16Text("<1@x>")})
}

func TestMSG(t *testing.T) {
	format, blocks, err := readObject(t, "x", message())
	if got := runningText(blocks); err != nil || format != "msg" || got != "From: MDPH\nSubject: Dossier de Mme Léa Petit\nPau\nNée le 12/05/1985à Pau\n" {
		t.Errorf("%s, %v, %q", format, err, got)
	}
}

func TestDamagedMail(t *testing.T) {
	rnd := rand.New(rand.NewPCG(6, 7))
	for _, name := range []string{"rich.eml", "latin.eml", "notifications.mbox"} {
		whole := documentFixture(t, "mail/"+name)
		for range 60 {
			readDamagedMail(t, whole[:rnd.IntN(len(whole))])
			b := bytes.Clone(whole)
			for range 1 + rnd.IntN(8) {
				b[rnd.IntN(len(b))] = "\n-=:;\"? \x00"[rnd.IntN(9)]
			}
			readDamagedMail(t, b)
		}
	}
}

func readDamagedMail(t *testing.T, b []byte) {
	c, err := scanner.NewContent(context.Background(), stored("x.eml", b), scanner.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, f := range []scanner.Format{emlFormat, msgFormat} {
		if err := onlyProblem(f.Read(context.Background(), c, func(*scanner.Block) error { return nil })); err != nil {
			t.Error(err)
		}
		walkFuzzed(t, f, "x.eml", b, 1)
	}
	walkFuzzed(t, mboxFormat, "x.mbox", b, 1)
}

func FuzzEML(f *testing.F) {
	f.Add(documentFixture(f, "mail/rich.eml"))
	f.Add(documentFixture(f, "mail/latin.eml"))
	f.Add([]byte("From: a\nTo: b\nDate: c\nContent-Type: text/plain; charset=utf-7\n\nn+AOk-\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		readFuzzed(t, emlFormat, "x.eml", b)
		walkFuzzed(t, emlFormat, "x.eml", b, 1)
	})
}

func FuzzMSG(f *testing.F) {
	f.Add(message())
	f.Add(compound(part{msgProperties, strings.Repeat("\x00", 32)}, part{msgStream + "10090102", "\x11\x00\x00\x00\x10\x00\x00\x00LZFu\x00\x00\x00\x00\x03\x00{\\rtf1 a}\x00\x10"}))
	f.Fuzz(func(t *testing.T, b []byte) {
		readFuzzed(t, msgFormat, "x.msg", b)
		walkFuzzed(t, msgFormat, "x.msg", b, 1)
	})
}

func FuzzMBOX(f *testing.F) {
	f.Add([]byte("From a 1:2\nFrom: a\nTo: b\nDate: c\n\n>From x\n\nFrom b 1:2\nFrom: c\n"))
	f.Fuzz(func(t *testing.T, b []byte) { walkFuzzed(t, mboxFormat, "x.mbox", b, 1) })
}

// Messages made to take for ever, or all memory, are read in little, or told.
func TestMailBombs(t *testing.T) {
	head := "From: a@b.example\nTo: c@d.example\nSubject: x\n"
	bomb := new(bytes.Buffer)
	z := gzip.NewWriter(bomb)
	z.Write(make([]byte, 64<<20))
	z.Close()
	for _, test := range []struct {
		name, mail string
		reason     scanner.Reason
	}{
		{"a million empty parts", head + "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\n", 1_000_000), scanner.TooMany},
		{"parts in parts", head + strings.Repeat("Content-Type: multipart/mixed; boundary=b\n\n--b\n", 100_000), scanner.TooDeep},
		{"soft line ends without end", head + "Content-Transfer-Encoding: quoted-printable\n\n" + strings.Repeat("a=\n", 3_000_000), ""},
		{"base64 of a bomb", head + "Content-Type: application/gzip; name=a.gz\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString(bomb.Bytes()), ""},
		{"a header without end", strings.Repeat(head, 200_000), ""},
		{"a field without end", head + "X: " + strings.Repeat("a ", 4_000_000) + "\n", ""},
		{"boundaries that look alike", head + "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--bb\n", 2_000_000), ""},
		{"HTML of pre", head + "Content-Type: text/html\n\n" + strings.Repeat("<pre>a", 500_000), ""},
	} {
		longest := 0
		c, err := scanner.NewContent(context.Background(), stored("x.eml", []byte(test.mail)), scanner.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		err = emlFormat.Read(context.Background(), c, func(b *scanner.Block) error {
			longest = max(longest, len(b.Text))
			return nil
		})
		if reason(err) != test.reason || longest > 2<<20 {
			t.Errorf("%s: %v, the longest block %d", test.name, err, longest)
		}
		c.Close()
	}
}
