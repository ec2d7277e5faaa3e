package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// wordProcessors are the formats of fixtures/documents: see the RECIPE there.
var wordProcessors = []string{"docx", "odt", "html", "rtf", "doc"}

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

// Twenty notifications of a MDPH about nineteen people, loose and in a zip, are one
// finding in every format of word processors.
func TestNotificationsOfWordProcessors(t *testing.T) {
	for _, kind := range wordProcessors {
		t.Run(kind, func(t *testing.T) {
			loose, packed := t.TempDir(), t.TempDir()
			all := letters(t, kind+"/notifications.zip")
			if len(all) != 20 {
				t.Fatalf("%d notifications", len(all))
			}
			for name, b := range all {
				put(t, loose, name, b)
			}
			b, err := os.ReadFile("../../fixtures/documents/" + kind + "/notifications.zip")
			if err != nil {
				t.Fatal(err)
			}
			put(t, packed, "notifications.zip", b)
			for _, dir := range []string{loose, packed} {
				got := scanned(t, dir)
				if len(got.findings) != 1 || len(got.problems) > 0 {
					t.Fatalf("%d findings, problems %v", len(got.findings), got.problems)
				}
				f := got.findings[0]
				if f.Profile != "mdph-documents" || f.People.Low > 19 || f.People.High < 19 || f.People.High > 20 {
					t.Errorf("%s: %s, people %+v", f.Path, f.Profile, f.People)
				}
			}
		})
	}
}

// A register of 300 people in a table of a document is found as one, with its
// columns.
func TestRegisterOfWordProcessors(t *testing.T) {
	packed := map[string]string{"rtf": ".gz", "doc": ".gz", "html": ".gz"}
	for _, kind := range wordProcessors {
		t.Run(kind, func(t *testing.T) {
			dir := t.TempDir()
			for name, b := range letters(t, kind+"/registre."+kind+packed[kind]) {
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
