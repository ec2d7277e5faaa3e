package format

import (
	"encoding/binary"
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"vigie/fixtures"
)

var writePST = flag.Bool("write-pst", false, "write the mailboxes of fixtures/formats/pst")

// A pstLetter is a message to be written.
type pstLetter struct {
	class, subject, text, html, rich string
	to                               [][2]string
	files                            []pstFile
	inner                            []pstLetter // attached
	more                             []pstValue
}

type pstFile struct {
	name string
	data []byte
	kind string // of MIME
}

// pstDay is 7 November 2022, 9 h, in ticks.
const pstDay = uint64(1667811600+11644473600) * 1e7

// letter writes a message, with what is attached.
func (w *pstWriter) letter(id, parent uint32, l pstLetter) pstNode {
	class := firstOf(l.class, "IPM.Note")
	values := append([]pstValue{{0x001a, class}, {0x0037, l.subject}, {0x0039, pstDay}, {0x0e06, pstDay}, {0x0e07, uint32(1)}, {0x0c1e, "SMTP"},
		{0x0c1a, "Hélène Désirée"}, {0x0c1f, "secretariat@mdph.example"}, {0x0e1b, len(l.files)+len(l.inner) > 0}}, l.more...)
	if l.text != "" {
		values = append(values, pstValue{0x1000, strings.ReplaceAll(l.text, "\n", "\r\n")})
	}
	if l.html != "" {
		values = append(values, pstValue{0x1013, []byte(l.html)}, pstValue{0x3fde, uint32(65001)})
	}
	if l.rich != "" {
		le := binary.LittleEndian
		b := le.AppendUint32(le.AppendUint32(nil, uint32(len(l.rich)+12)), uint32(len(l.rich)))
		values = append(values, pstValue{0x1009, append(append(b, "MELA\x00\x00\x00\x00"...), l.rich...)})
	}
	var parts []pstNode
	if len(l.to) > 0 {
		var ids []uint32
		var rows [][]any
		for k, to := range l.to {
			ids = append(ids, uint32(k))
			rows = append(rows, []any{uint32(1), to[0], "SMTP", to[1]})
		}
		parts = append(parts, w.table(0x692, 0, []uint16{0x0c15, 0x3001, 0x3002, 0x3003}, ids, rows))
	}
	var ids []uint32
	var names [][]any
	attach := func(name, kind string, method uint32, data any, in ...pstNode) {
		id := uint32(0x8025 + len(ids)<<5)
		ids, names = append(ids, id), append(names, []any{name, method})
		parts = append(parts, w.item(id, 0, []pstValue{{0x3001, name}, {0x3701, data}, {0x3704, name}, {0x3705, method}, {0x3707, name}, {0x370e, kind}}, in...))
	}
	for _, f := range l.files {
		attach(f.name, f.kind, 1, f.data)
	}
	for _, in := range l.inner {
		part := w.letter(0x2025, 0, in)
		attach(in.subject, "", 5, part, part)
	}
	if len(ids) > 0 {
		parts = append(parts, w.table(0x671, 0, []uint16{0x3704, 0x3705}, ids, names))
	}
	return w.item(id, parent, values, parts...)
}

// registerCSV is a register of 300 people.
func registerCSV() []byte {
	var b strings.Builder
	c := csv.NewWriter(&b)
	c.Comma = ';'
	c.Write([]string{"Nom", "Prénom", "Date de naissance", "N° de sécurité sociale", "Adresse", "Code postal", "Ville", "Courriel", "Téléphone"})
	for _, p := range fixtures.People(6, 300) {
		c.Write([]string{p.LastName, p.FirstName, p.Birth.String(), p.NIR, p.Street, p.Postcode, p.Commune, p.Email, p.Phone})
	}
	c.Flush()
	return []byte(b.String())
}

func TestWritePST(t *testing.T) {
	if !*writePST {
		t.Skip("writes fixtures")
	}
	for name, b := range pstBoxes() {
		if err := os.WriteFile("../../fixtures/formats/pst/"+name, b, 0o644); err != nil {
			t.Fatal(err)
		}
		fmt.Println(name, len(b))
	}
}

// A pstFolderOf is a folder to be written.
type pstFolderOf struct {
	id, parent uint32
	name       string
	letters    []pstLetter
}

// mailbox writes folders and messages; those of a folder with id 0 are in none.
func (s pstShape) mailbox(folders ...pstFolderOf) []byte {
	w := newPSTWriter(s)
	const top = 0x8022
	key := []byte("a made-up store!")
	w.node(w.item(0x21, 0, []pstValue{{0x0ff9, key}, {0x3001, "Courrier"}, {0x35df, uint32(1)},
		{0x35e0, binary.LittleEndian.AppendUint32(append(make([]byte, 4), key...), top)}, {0x67ff, uint32(0)}}))
	w.node(w.item(0x61, 0, []pstValue{{0x0001, uint32(251)}, {0x0002, make([]byte, 16)}, {0x0003, make([]byte, 8)}, {0x0004, make([]byte, 4)}}))
	folders = append([]pstFolderOf{{id: pstRoot, parent: pstRoot}, {id: top, parent: pstRoot, name: "Dossiers personnels"}}, folders...)
	next := uint32(0x200024)
	for _, f := range folders {
		var ids, below []uint32
		var subjects, names [][]any
		for _, l := range f.letters {
			n := w.letter(next, f.id, l)
			w.node(n)
			ids, subjects = append(ids, n.id), append(subjects, []any{firstOf(l.class, "IPM.Note"), l.subject})
			next += 0x20
		}
		if f.id == 0 {
			continue
		}
		for _, in := range folders {
			if in.parent == f.id && in.id != f.id && in.id != 0 {
				below, names = append(below, in.id), append(names, []any{in.name})
			}
		}
		w.node(w.item(f.id, f.parent, []pstValue{{0x3001, f.name}, {0x3602, uint32(len(ids))}, {0x3603, uint32(0)}, {0x360a, len(below) > 0}, {0x3613, "IPF.Note"}}))
		w.node(w.table(f.id&^pstKind|0x0d, 0, []uint16{0x3001}, below, names))
		w.node(w.table(f.id&^pstKind|0x0e, 0, []uint16{0x001a, 0x0037}, ids, subjects))
		w.node(w.table(f.id&^pstKind|0x0f, 0, nil, nil, nil))
	}
	return w.finish()
}

const pstInbox, pstSent, pstContacts = 0x8042, 0x8062, 0x8082

// notifications are twenty letters of a MDPH: as text, as text and HTML, as text and
// RTF, as HTML alone.
func pstNotifications() (all []pstLetter) {
	for k, l := range fixtures.Notifications(6, 20) {
		m := pstLetter{subject: fmt.Sprintf("Notification n° %d", k+1), text: l.Text, to: [][2]string{{"Archives", "archives@mdph.example"}}}
		page := "<html><body><p>" + strings.ReplaceAll(l.Text, "\n", "<br>\n") + "</p></body></html>\n"
		switch k % 4 {
		case 1:
			m.html = page
		case 2:
			m.rich = richText(l.Text)
		case 3:
			m.text, m.html = "", page
		}
		all = append(all, m)
	}
	return all
}

// richText is a text in RTF.
func richText(s string) string {
	var b strings.Builder
	b.WriteString(`{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}\f0 `)
	for _, r := range s {
		switch {
		case r == '\n':
			b.WriteString("\\par\r\n")
		case r < 0x80:
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\'%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%d?`, r)
		}
	}
	return b.String() + "}"
}

// pstVaried has what else there is: a register that is attached, a message in a
// message, a contact, and a message that lies in no folder.
func pstVaried() []pstFolderOf {
	const archives = "archives@mdph.example"
	inner := pstLetter{subject: "Le dossier", text: "Né le 03/04/1971 à Besançon.\n", to: [][2]string{{"Archives", archives}}, files: []pstFile{{"note.txt", []byte("une note\n"), "text/plain"}}}
	deepest := pstLetter{subject: "Au fond", text: "Le contenu du message transféré.\n"}
	inner.inner = []pstLetter{deepest}
	return []pstFolderOf{
		{pstInbox, 0x8022, "Boîte de réception", []pstLetter{
			{subject: "Registre", text: "Bonjour,\n\nla liste est jointe.\n", to: [][2]string{{"Archives", archives}, {"Service", "service@mdph.example"}}, files: []pstFile{{"registre.csv", registerCSV(), "text/csv"}, {"vide.txt", nil, ""}}},
			{subject: "TR: Le dossier", text: "Voir le message joint.\n", inner: []pstLetter{inner}},
		}},
		{pstSent, pstInbox, "Envoyés", []pstLetter{{subject: "Réponse", text: "Bien reçu.\n", to: [][2]string{{"Service", "service@mdph.example"}}}}},
		{pstContacts, 0x8022, "Contacts", []pstLetter{{class: "IPM.Contact", subject: "Éléonore Nunez", more: []pstValue{{0x3001, "Éléonore Nunez"}, {0x3a06, "Éléonore"}, {0x3a11, "Nunez"},
			{0x3a08, "05 59 00 00 12"}, {0x3a29, "3 rue des Lilas"}, {0x3a27, "Pau"}, {0x3a42, uint64(481932000+11644473600) * 1e7}}}}},
		{0, 0, "", []pstLetter{{subject: "Effacé", text: "Ce message n'est plus dans un dossier.\n"}}},
	}
}

// pstBoxes are the fixtures.
func pstBoxes() map[string][]byte {
	return map[string][]byte{
		"notifications.pst": pstShape{wide: true, code: 1}.mailbox(pstFolderOf{pstInbox, 0x8022, "Boîte de réception", pstNotifications()}),
		"unicode.pst":       pstShape{wide: true, code: 1}.mailbox(pstVaried()...),
		"ansi.pst":          pstShape{code: 2}.mailbox(pstVaried()...),
		"large.ost":         pstShape{wide: true, large: true}.mailbox(pstVaried()...),
	}
}
