package format

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"vigie/scanner"
)

func TestP7M(t *testing.T) {
	const said = "Monsieur Paul HECQ, né le 07/01/1992, dossier MDPH."
	for _, name := range []string{"signed.p7m", "streamed.p7m"} {
		b := documentFixture(t, "mail/"+name)
		pem := "-----BEGIN PKCS7-----\n" + base64.StdEncoding.EncodeToString(b) + "\n-----END PKCS7-----\n"
		for _, b := range [][]byte{b, []byte(pem), []byte(base64.StdEncoding.EncodeToString(b))} {
			u := openArchive(t, "smime.p7m", b)
			if len(u.Order) != 1 || !strings.Contains(u.Members["smime.eml"], said) || len(u.Problems) > 0 {
				t.Errorf("%s: members %q, %q", name, u.Members, u.Problems)
			}
			if format, blocks, err := readObject(t, "smime.eml", []byte(u.Members["smime.eml"])); format != "eml" || err != nil || !strings.Contains(runningText(blocks), said) {
				t.Errorf("%s: %s, %v", name, format, err)
			}
		}
		if u := openArchive(t, "x/décision.pdf.p7m", b); strings.Join(u.Order, " ") != "décision.pdf" {
			t.Errorf("members %q", u.Order)
		}
		if u := openArchive(t, "smime.p7m", b[:len(b)/9]); len(u.Problems) == 0 && !strings.Contains(u.Members["smime.eml"], said) && len(u.Order) > 0 {
			t.Errorf("%s: cut short, and nothing says so", name)
		}
	}
	if u := openArchive(t, "x.eml", documentFixture(t, "mail/signed.eml")); strings.Join(u.Order, " ") != "smime.p7m" {
		t.Errorf("members %q", u.Order)
	}
	if f, _, err := readObject(t, "smime.p7m", documentFixture(t, "mail/encrypted.p7m")); f != "p7m" || reason(err) != scanner.Encrypted {
		t.Errorf("encrypted: %s, %v", f, err)
	}
	if f, _, err := readObject(t, "x.p7s", documentFixture(t, "mail/detached.p7s")); f != "p7m" || err != nil {
		t.Errorf("detached: %s, %v", f, err)
	}
}

func FuzzP7M(f *testing.F) {
	f.Add(documentFixture(f, "mail/signed.p7m"))
	f.Add(documentFixture(f, "mail/streamed.p7m"))
	f.Add(documentFixture(f, "mail/streamed.p7m")[:90])
	f.Add([]byte("-----BEGIN PKCS7-----\nMIAGCSqGSIb3DQEHAqCA\n-----END PKCS7-----\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if p7mFormat.Match("x", b) {
			walkFuzzed(t, p7mFormat, "x.p7m", b, 1)
		} else if bytes.HasPrefix(b, []byte("0")) {
			cmsKind(b)
		}
	})
}
