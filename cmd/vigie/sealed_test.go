package main

import (
	"os"
	"strings"
	"testing"

	"vigie/scanner"
)

// An encrypted archive is a problem, and its names are judged; with the
// password, which stands nowhere in the output, it is read.
func TestEncryptedArchives(t *testing.T) {
	const password = "Gironde-2021!"
	for _, name := range []string{"zipcrypto.zip", "aes256.zip", "aes256.7z", "aes256-names.7z"} {
		archive, err := os.ReadFile("testdata/encrypted/" + name)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		path := put(t, dir, "CAF"+name[strings.LastIndexByte(name, '.'):], archive)
		closed := scanned(t, path)
		if len(closed.problems) == 0 || closed.problems[0].Reason != scanner.Encrypted || closed.summary.Complete {
			t.Errorf("%s: problems %v", name, closed.problems)
		}
		if len(closed.findings) != 1 || closed.findings[0].Severity != scanner.Low || closed.findings[0].Profile != "caf-beneficiaries" {
			t.Errorf("%s: findings %v", name, closed.findings)
		}
		words := put(t, dir, "words", []byte("wrong\n"+password+"\r\n"))
		open := scanned(t, "--passwords", words, path)
		if len(open.problems) != 0 || len(open.findings) != 1 || open.findings[0].Severity < scanner.High {
			t.Errorf("%s with its password: findings %v, problems %v", name, open.findings, open.problems)
		}
		if strings.Contains(open.stdout+open.stderr+closed.stdout, password) {
			t.Errorf("%s: the password is in the output", name)
		}
	}
}
