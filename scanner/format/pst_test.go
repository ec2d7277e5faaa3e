package format

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
)

// pstFixtures hold the same, in three forms.
var pstFixtures = []string{"unicode.pst", "ansi.pst", "large.ost"}

func TestPST(t *testing.T) {
	for _, name := range pstFixtures {
		got := leaves(t, name, fixture(t, "pst/"+name))
		const inbox = "Dossiers personnels/Boîte de réception/"
		const inner = inbox + "message_65538.eml!Le dossier.eml!"
		for path, want := range map[string]string{inbox + "message_65537.eml!registre.csv": string(registerCSV()), inbox + "message_65537.eml!vide.txt": "", inner + "note.txt": "une note\n"} {
			if data, ok := got.Members[path]; !ok || data != want {
				t.Errorf("%s: %s has %d bytes, want %d (members %q)", name, path, len(data), len(want), keys(got.Members))
			}
		}
		if len(got.Problems) > 0 {
			t.Errorf("%s: %v", name, got.Problems)
		}
		box := openArchive(t, name, fixture(t, "pst/"+name))
		for path, want := range map[string]string{
			inbox + "message_65537.eml":                      "From: Hélène Désirée <secretariat@mdph.example>\nTo: Archives <archives@mdph.example>\nTo: Service <service@mdph.example>\nSubject: Registre\nDate: Mon, 07 Nov 2022 09:00:00 +0000\nBonjour,\n\nla liste est jointe.",
			inbox + "Envoyés/message_65539.eml":              "\nSubject: Réponse\n",
			"Dossiers personnels/Contacts/message_65540.eml": "Éléonore\n05 59 00 00 12\nNunez\nPau\n3 rue des Lilas\nBirthday: 10/04/1985",
			"message_65541.eml":                              "Ce message n'est plus dans un dossier.",
		} {
			_, blocks, err := readObject(t, path, []byte(box.Members[path]))
			if text := runningText(blocks); err != nil || !strings.Contains(text, want) {
				t.Errorf("%s: %s: %v, no %q in %q", name, path, err, want, text)
			}
		}
		if len(box.Order) != 5 {
			t.Errorf("%s: members %q", name, box.Order)
		}
	}
}

// The fixtures are what the writer writes.
func TestPSTFixtures(t *testing.T) {
	for name, b := range pstBoxes() {
		if !bytes.Equal(b, fixture(t, "pst/"+name)) {
			t.Errorf("%s is not what is written: see RECIPE", name)
		}
	}
}

// A text that RTF repeats is handed over once, and what it adds is.
func TestPSTBodies(t *testing.T) {
	b := pstShape{wide: true}.mailbox(pstFolderOf{pstInbox, 0x8022, "Courrier", []pstLetter{
		{text: "Né le 12/05/1985\n", rich: richText("Né le 12/05/1985\nà Pau\n")},
		{rich: richText("Née le 1er mai\n")},
		{subject: "\x01\x05RE: x\ny", text: "a", html: "<p>a<p>née à Pau"},
	}})
	for name, want := range map[string]string{"65537": "Né le 12/05/1985à Pau\n", "65538": "Née le 1er mai\n", "65539": "anée à Pau\n"} {
		path := "Dossiers personnels/Courrier/message_" + name + ".eml"
		_, blocks, err := readObject(t, path, []byte(openArchive(t, "x.pst", b).Members[path]))
		if text := runningText(blocks); err != nil || !strings.HasSuffix(text, want) || strings.Contains(text, "Subject: ") != (name == "65539") {
			t.Errorf("%s: %v, %q", name, err, text)
		}
	}
}

// A message that is signed, of which no more is there than what is attached, is read
// as one; and who else got a message is said, however many they are.
func TestPSTAttached(t *testing.T) {
	signed := "Content-Type: multipart/signed; boundary=b\n\n--b\nContent-Type: text/plain\n\nNé à Pau\n--b--\n"
	many := pstLetter{subject: "x"}
	for k := range 60 {
		many.to = append(many.to, [2]string{strings.Repeat("Jean ", 20) + fmt.Sprint(k), fmt.Sprintf("n%d@mdph.example", k)})
	}
	got := openArchive(t, "x.pst", pstShape{wide: true, code: 1}.mailbox(pstFolderOf{pstInbox, 0x8022, "a/..\\b", []pstLetter{
		{class: "IPM.Note.SMIME.MultipartSigned", files: []pstFile{{"", []byte(signed), "multipart/signed"}}}, many}}))
	const in = "Dossiers personnels/a_.._b/message_"
	if inner := openArchive(t, "x.eml", []byte(got.Members[in+"65537.eml"])); inner.Members["message.eml"] != signed {
		t.Errorf("members %q", inner.Members)
	}
	if m := got.Members[in+"65538.eml"]; strings.Count(m, "\nTo: ") != 60 || !strings.Contains(m, "Jean 59 <n59@mdph.example>\n") {
		t.Errorf("%d recipients", strings.Count(m, "\nTo: "))
	}
}

// What a mailbox holds before a cut, and behind damage to its header, is read.
func TestPSTSpare(t *testing.T) {
	whole := fixture(t, "pst/unicode.pst")
	for name, spoil := range map[string]func([]byte) []byte{
		"cut behind the index of nodes": func(b []byte) []byte { return b[:len(b)-512] },
		"no root of nodes":              func(b []byte) []byte { binary.LittleEndian.PutUint64(b[224:], 0); return b },
		"no root of blocks":             func(b []byte) []byte { binary.LittleEndian.PutUint64(b[240:], 3); return b },
		"roots that are the same":       func(b []byte) []byte { copy(b[224:232], b[240:248]); return b },
		"no roots":                      func(b []byte) []byte { clear(b[180:260]); return b },
	} {
		got := openArchive(t, "x.pst", spoil(bytes.Clone(whole)))
		if len(got.Order) != 5 || len(got.Problems) != 1 || got.Problems[""] == "" {
			t.Errorf("%s: members %q, problems %v", name, got.Order, got.Problems)
		}
	}
}

func TestPSTUnknown(t *testing.T) {
	b := bytes.Clone(fixture(t, "pst/unicode.pst"))
	b[513] = 0x10
	if got := openArchive(t, "x.pst", b); got.Problems[""] != "encrypted: mailbox of Outlook" {
		t.Errorf("problems %v", got.Problems)
	}
	b[10] = 40
	if got := openArchive(t, "x.pst", b); got.Problems[""] != "unsupported: mailbox of Outlook, version 40" {
		t.Errorf("problems %v", got.Problems)
	}
}

// Mailboxes made to take for ever, or all memory, are read in little, or told.
func TestPSTBombs(t *testing.T) {
	for name, test := range map[string]struct {
		write func(w *pstWriter)
		want  string
	}{
		"a message in itself": {func(w *pstWriter) {
			p := w.packer(0xbc)
			object := p.put([]byte{0x25, 0x20, 0, 0, 0, 0, 0, 0})
			records := []byte{1, 0x37, 0xd, 0, 0, 0, 0, 0, 5, 0x37, 3, 0, 5, 0, 0, 0}
			binary.LittleEndian.PutUint32(records[4:], object)
			n := p.node(0, p.tree(2, 6, records), 0)
			loop := w.next | pstInner // the id that the list of parts has
			list := w.parts([]pstNode{{id: 0x8025, data: n.data, sub: loop}, {id: 0x2025, data: n.data, sub: loop}})
			if list != loop {
				t.Fatal("the list has another id")
			}
			w.node(pstNode{id: 0x200024, data: n.data, sub: loop})
		}, "malformed: a message lies in itself"},
		"a list of blocks in itself": {func(w *pstWriter) {
			id := w.next | pstInner
			b := append([]byte{1, 1, 200, 0, 0, 0, 0, 0}, bytes.Repeat(binary.LittleEndian.AppendUint64(nil, id), 200)...)
			w.node(pstNode{id: 0x200024, data: w.block(b, true)})
		}, "malformed: a list of blocks"},
		"a list of parts in itself": {func(w *pstWriter) {
			n := w.item(0x200024, 0, []pstValue{{0x37, "x"}})
			id := w.next | pstInner
			b := append([]byte{2, 1, 200, 0, 0, 0, 0, 0}, bytes.Repeat(binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, 5), id), 200)...)
			n.sub = w.block(b, true)
			w.node(n)
		}, "malformed: a list of parts"},
		"a tree in itself": {func(w *pstWriter) {
			p := w.packer(0xbc)
			records := bytes.Repeat([]byte{1, 0, 0x20, 0, 0, 0}, 500)
			root := p.put(records)
			w.node(p.node(0x200024, p.put(binary.LittleEndian.AppendUint32([]byte{pstTree, 2, 6, 8}, root)), 0))
		}, ""},
	} {
		w := newPSTWriter(pstShape{wide: true})
		test.write(w)
		got := openArchive(t, "x.pst", w.finish())
		if p := got.Problems["message_65537.eml"]; p != test.want || len(got.Members["message_65537.eml"]) > 8<<20 {
			t.Errorf("%s: problems %v, %d bytes", name, got.Problems, len(got.Members["message_65537.eml"]))
		}
	}
}

func FuzzPST(f *testing.F) {
	for _, name := range pstFixtures {
		f.Add(fixture(f, "pst/"+name))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		walkFuzzed(t, pstFormat, "x.pst", b, 16)
	})
}

// FuzzPSTParts fuzzes what is in the blocks, past their checksums.
func FuzzPSTParts(f *testing.F) {
	w := newPSTWriter(pstShape{wide: true})
	p := w.packer(0xbc)
	p.value([]byte("x"))
	p.node(0, p.tree(2, 6, []byte{0x37, 0, 0x1f, 0, 0x20, 0, 0, 0}), 0)
	f.Add(p.heap, []byte{2, 0, 1, 0, 0, 0, 0, 0}, byte(0))
	f.Fuzz(func(t *testing.T, data, parts []byte, code byte) {
		w := newPSTWriter(pstShape{wide: code&4 == 0, large: code&8 != 0 && code&4 == 0, code: code & 3 % 3})
		if len(data) == 0 || len(data) > w.most() || len(parts) > w.most() {
			return
		}
		n := pstNode{id: 0x200024, data: w.block(data, code&16 != 0)}
		if len(parts) > 0 {
			n.sub = w.block(parts, true)
		}
		w.node(n)
		walkFuzzed(t, pstFormat, "x.pst", w.finish(), 16)
	})
}
