package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vigie/scanner"
)

// wordProcessors are the formats of fixtures/documents: see the RECIPE there.
var wordProcessors = []string{"docx", "odt", "html", "rtf", "doc", "pptx"}

// letters returns what a fixture of documents packs, by name.
func letters(t *testing.T, name string) map[string][]byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../../fixtures/documents", name))
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string][]byte)
	switch path, base := filepath.Split(name); filepath.Ext(name) {
	case ".gz":
		z, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if all[path+strings.TrimSuffix(base, ".gz")], err = io.ReadAll(z); err != nil {
			t.Fatal(err)
		}
	case ".zip":
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range z.File {
			rc, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			if all[path+f.Name], err = io.ReadAll(rc); err != nil {
				t.Fatal(err)
			}
			rc.Close()
		}
	default:
		all[name] = b
	}
	return all
}

// notified checks that what lies in a folder is one finding about the nineteen people
// of twenty notifications of a MDPH.
func notified(t *testing.T, where, dir string) {
	t.Helper()
	got := scanned(t, dir)
	if len(got.findings) != 1 || len(got.problems) > 0 {
		for _, f := range got.findings {
			t.Logf("%s: %s, %d documents, people %+v", f.Path, f.Profile, f.Documents, f.People)
		}
		t.Fatalf("%s: %d findings, problems %v", where, len(got.findings), got.problems)
	}
	f := got.findings[0]
	if f.Profile != "mdph-documents" || f.People.Low > 19 || f.People.High < 19 || f.People.High > 20 {
		t.Errorf("%s: %s, people %+v", where, f.Profile, f.People)
	}
}

// Twenty notifications of a MDPH about nineteen people are one finding in every
// format of word processors: loose, in a zip, attached to messages of a folder, and to
// those of a mailbox.
func TestNotificationsOfWordProcessors(t *testing.T) {
	for _, kind := range wordProcessors {
		t.Run(kind, func(t *testing.T) {
			loose, packed, attached, box := t.TempDir(), t.TempDir(), t.TempDir(), t.TempDir()
			all := letters(t, kind+"/notifications.zip")
			if len(all) != 20 {
				t.Fatalf("%d notifications", len(all))
			}
			var mailbox []byte
			for name, b := range all {
				put(t, loose, name, b)
				m := messageWith(filepath.Base(name), b)
				put(t, attached, strings.TrimSuffix(filepath.Base(name), "."+kind)+".eml", m)
				mailbox = append(append(append(mailbox, "From mdph@mdph.example Mon Nov  7 09:00:00 2022\n"...), m...), '\n')
			}
			put(t, box, "Sent", mailbox)
			b, err := os.ReadFile("../../fixtures/documents/" + kind + "/notifications.zip")
			if err != nil {
				t.Fatal(err)
			}
			put(t, packed, "notifications.zip", b)
			notified(t, "loose", loose)
			notified(t, "in a zip", packed)
			notified(t, "attached", attached)
			notified(t, "in a mailbox", box)
		})
	}
}

// messageWith is a message with an attachment.
func messageWith(name string, b []byte) []byte {
	var m bytes.Buffer
	fmt.Fprintf(&m, "From: MDPH <mdph@mdph.example>\nTo: archives@mdph.example\nSubject: Notification\nMIME-Version: 1.0\n"+
		"Content-Type: multipart/mixed; boundary=\"=_b\"\n\n--=_b\nContent-Type: text/plain; charset=utf-8\n\nBonjour, voir la pièce jointe.\n\n"+
		"--=_b\nContent-Type: application/octet-stream; name=%q\nContent-Transfer-Encoding: base64\n\n", name)
	for code := base64.StdEncoding.EncodeToString(b); len(code) > 0; code = code[min(76, len(code)):] {
		m.WriteString(code[:min(76, len(code))] + "\n")
	}
	m.WriteString("--=_b--\n")
	return m.Bytes()
}

// The same twenty are one finding where each is the text of a message, or attached to
// one of Outlook; the message that says it as text and as HTML counts once.
func TestNotificationsInMail(t *testing.T) {
	for _, name := range []string{"letters", "notifications-msg", "attached-msg"} {
		t.Run(name, func(t *testing.T) {
			loose, packed, box := t.TempDir(), t.TempDir(), t.TempDir()
			all := letters(t, "mail/"+name+".zip")
			if len(all) != 20 {
				t.Fatalf("%d messages", len(all))
			}
			var mailbox []byte
			for name, b := range all {
				put(t, loose, name, b)
				mailbox = append(append(append(mailbox, "From mdph@mdph.example Mon Nov  7 09:00:00 2022\n"...), b...), '\n')
			}
			notified(t, "loose", loose)
			b, err := os.ReadFile("../../fixtures/documents/mail/" + name + ".zip")
			if err != nil {
				t.Fatal(err)
			}
			put(t, packed, "courrier.zip", b)
			notified(t, "in a zip", packed)
			if name == "letters" {
				put(t, box, "Sent", mailbox)
				notified(t, "in a mailbox", box)
			}
		})
	}
}

// A register of 300 people in a table of a document is found as one, with its
// columns.
func TestRegisterOfWordProcessors(t *testing.T) {
	for _, name := range []string{"docx/registre.docx", "odt/registre.odt", "html/registre.html.gz", "rtf/registre.rtf.gz", "doc/registre.doc.gz", "pptx/registre.pptx",
		"mail/register-html.eml.gz", "mail/register-text.eml.gz"} {
		t.Run(filepath.Base(name), func(t *testing.T) {
			dir := t.TempDir()
			for name, b := range letters(t, name) {
				put(t, dir, name, b)
			}
			got := scanned(t, dir)
			if len(got.findings) != 1 || len(got.problems) > 0 {
				t.Fatalf("%d findings, problems %v", len(got.findings), got.problems)
			}
			f := got.findings[0]
			if f.People.Estimate < 294 || f.People.Estimate > 306 || f.Rows != 300 {
				t.Errorf("%d rows, people %+v", f.Rows, f.People)
			}
			columns := map[string]string{}
			for _, field := range f.Fields {
				columns[field.Column] = string(field.Kind)
			}
			for title, kind := range map[string]string{"Nom": "last_name", "Prénom": "first_name", "Date de naissance": "birth_date", "N° de sécurité sociale": "nir",
				"Adresse": "street_address", "Code postal": "postcode", "Ville": "commune", "Courriel": "email", "Téléphone": "phone"} {
				if columns[title] != kind {
					t.Errorf("%s is %s", title, columns[title])
				}
			}
		})
	}
}

// A message in a message, a thousand times: what is too deep is told.
func TestMessagesInMessages(t *testing.T) {
	dir := t.TempDir()
	head := "From: a@b.example\nTo: c@d.example\nSubject: x\nContent-Type: message/rfc822\n\n"
	put(t, dir, "x.eml", []byte(strings.Repeat(head, 1000)+"From: a@b.example\nTo: c@d.example\nSubject: x\n\nfin\n"))
	got := scanned(t, dir)
	if len(got.problems) != 1 || got.problems[0].Reason != scanner.TooDeep {
		t.Errorf("problems %v", got.problems)
	}
}
