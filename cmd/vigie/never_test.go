package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vigie/fixtures"
	"vigie/scanner/report"
)

// TestNoWholeValueComesOut plants marked values in cells, prose, titles, names
// of files and members, and addresses, and looks for them in all that a scan
// writes. Of a path a name may be shown, an identifier may not (design: who
// must find the file must see its name), unless --mask-paths.
func TestNoWholeValueComesOut(t *testing.T) {
	plant := fixtures.Planted(2)
	dir := t.TempDir()
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	var rows bytes.Buffer
	if _, err := (fixtures.Register{Seed: 9, Rows: 80}).Write(&rows); err != nil {
		t.Fatal(err)
	}
	table := plant.CSV() + strings.TrimPrefix(rows.String(), fixtures.RegisterTitles+"\n")
	put(t, dir, "register.csv", []byte(table))
	put(t, dir, "bare.csv", []byte(strings.TrimPrefix(table, fixtures.RegisterTitles+"\n")))
	put(t, dir, "letter.txt", []byte(strings.Repeat(plant.Letter(), 3)))
	put(t, dir, plant.NIR+" dossier.txt", []byte(plant.Letter()))
	put(t, dir, "nested.zip", fixtures.Zip(fixtures.Member{Name: plant.Email + "/" + plant.IBAN + ".csv", Body: []byte(table)}))
	put(t, dir, "cut "+plant.NIR+".zip", fixtures.Zip(fixtures.Member{Name: plant.NIR + ".csv", Body: []byte(table)})[:400])
	put(t, dir, "titles.csv", []byte(fmt.Sprintf("%s;%s;%s;%s;nir;date_naissance\n%s", plant.NIR, plant.Email, plant.Street, plant.LastName+" "+plant.FirstName,
		strings.Repeat("1;2;3;4;"+plant.NIR+";"+plant.Birth.String()+"\n", 40))))
	put(t, dir, "dump.sql", []byte("INSERT INTO `p` VALUES "+strings.Repeat("('"+plant.NIR+"','"+plant.LastName+"','"+plant.Email+"'),", 30)+"('','','');\n"))
	s3 := new(fixtures.S3)
	s3.Put("dossiers", plant.NIR+"/"+plant.Email+".csv", fixtures.Bytes([]byte(table)))
	bucket, stop, err := fixtures.Serve(s3)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	site, stopSite, err := fixtures.Serve(fixtures.Site{
		"/index.html":  fixtures.Bytes([]byte(`<a href="r.csv?nir=` + plant.NIR + `&mail=` + url.QueryEscape(plant.Email) + `">r</a> <a href="gone.csv?t=` + plant.NIR + `">g</a>`)),
		"/r.csv":       fixtures.Bytes([]byte(table)),
		"/letter.html": fixtures.Bytes([]byte(plant.Letter())),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer stopSite()
	withUser := strings.Replace(site, "http://", "http://"+url.PathEscape(plant.Email)+":secret"+plant.NIR+"@", 1)
	targets := []string{dir, "s3://dossiers", withUser + "/", filepath.Join(dir, "no "+plant.NIR)}
	extras := [][]string{{"--format", "text", "--problems"}, {"--format", "jsonl", "--mask-paths"}}
	for _, r := range report.All() {
		extras = append(extras, []string{"--format", r.Name, "--lang", "en"}, []string{"--format", r.Name, "--lang", "fr"})
	}
	for _, extra := range extras {
		args := append([]string{"scan", "--s3-endpoint", bucket, "--s3-region", "us-east-1", "--anonymous"}, extra...)
		o := vigie(t, append(args, targets...)...)
		if o.status != found {
			t.Fatalf("%v: status %d\n%s%s", extra, o.status, o.stdout, o.stderr)
		}
		for name, out := range map[string]string{"stdout": parts(t, o.stdout), "stderr": o.stderr} {
			if mark := plant.Whole(out); mark != "" {
				t.Errorf("%v: %q on %s: %s", extra, mark, name, around(out, mark))
			}
			if strings.Contains(out, "secret") {
				t.Errorf("%v: a password on %s: %s", extra, name, around(out, "secret"))
			}
		}
	}
	o := vigie(t, "detect", filepath.Join(dir, "letter.txt"))
	if mark := plant.Whole(o.stdout + o.stderr); mark != "" || o.status != clean {
		t.Errorf("detect: status %d, %q comes out whole", o.status, mark)
	}
	out := t.TempDir()
	o = vigie(t, "handover", dir, "-v", "--declare", "pseudonymised", "--statement", filepath.Join(out, "s.json"), "--html", filepath.Join(out, "s.html"))
	compared := vigie(t, "handover", "--verify", filepath.Join(out, "s.json"), filepath.Join(dir, "letter.txt"))
	for name, text := range map[string]string{"report": o.stdout + o.stderr, "differences": compared.stdout,
		"statement": read(t, filepath.Join(out, "s.json")), "page": read(t, filepath.Join(out, "s.html"))} {
		if mark := plant.Whole(text); mark != "" || o.status != found || compared.status != found {
			t.Errorf("handover: status %d, %d, %q comes out whole in the %s: %s", o.status, compared.status, mark, name, around(text, mark))
		}
	}
	err = filepath.WalkDir(temp, func(path string, d fs.DirEntry, err error) error {
		if err == nil && path != temp {
			t.Errorf("left in the temporary folder: %s", filepath.Base(path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// parts returns what is in a report that is packed, others as they are.
func parts(t *testing.T, out string) string {
	t.Helper()
	if !strings.HasPrefix(out, "PK\x03\x04") {
		return out
	}
	z, err := zip.NewReader(strings.NewReader(out), int64(len(out)))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&b, r); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

func around(s, mark string) string {
	i := max(strings.Index(strings.ToLower(s), strings.ToLower(mark)), 0)
	return s[max(i-80, 0):min(i+80, len(s))]
}

// TestReportFileIsPrivate: what -o writes is readable by its owner only.
func TestReportFileIsPrivate(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "findings.jsonl")
	o := vigie(t, "scan", put(t, dir, "leak.csv", register(t)), "--format", "text", "-o", out)
	info, err := os.Stat(out)
	if err != nil || info.Mode().Perm() != 0o600 || o.stdout != "" || o.status != found {
		t.Errorf("status %d, %v, mode %v, stdout %q", o.status, err, info.Mode(), o.stdout)
	}
}
