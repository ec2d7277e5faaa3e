package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vigie/detectors"
	"vigie/fixtures"
	"vigie/scanner"
)

// An outcome is what a run of the command wrote.
type outcome struct {
	status         int
	stdout, stderr string
	findings       []scanner.Finding
	problems       []scanner.Problem
	summary        scanner.Summary
}

// vigie runs the command, as main does, and reads the records where it writes
// JSON.
func vigie(t *testing.T, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	o := outcome{status: run(context.Background(), args, strings.NewReader(""), &stdout, &stderr)}
	o.stdout, o.stderr = stdout.String(), stderr.String()
	if !slices.Contains(args, "jsonl") {
		return o
	}
	for line := range strings.Lines(o.stdout) {
		var head struct{ Type string }
		if err := json.Unmarshal([]byte(line), &head); err != nil {
			t.Fatalf("not JSON: %s", line)
		}
		var err error
		switch head.Type {
		case "finding":
			var f scanner.Finding
			err = json.Unmarshal([]byte(line), &f)
			o.findings = append(o.findings, f)
		case "problem":
			var p scanner.Problem
			err = json.Unmarshal([]byte(line), &p)
			o.problems = append(o.problems, p)
		case "summary":
			err = json.Unmarshal([]byte(line), &o.summary)
		default:
			t.Errorf("a record of type %q", head.Type)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// scanned scans targets into JSON.
func scanned(t *testing.T, args ...string) outcome {
	t.Helper()
	return vigie(t, append([]string{"scan", "--format", "jsonl"}, args...)...)
}

// put writes a file below a folder, and returns its path.
func put(t *testing.T, dir, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// kinds returns the kinds of a finding's fields, each once, in order.
func kinds(f scanner.Finding) (all []detectors.Kind) {
	for _, field := range f.Fields {
		all = append(all, field.Kind)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// portrait says what has to be the same wherever a data set lies.
func portrait(f scanner.Finding) string {
	var fields []string
	for _, x := range f.Fields {
		fields = append(fields, fmt.Sprint(x.Kind, x.Column, x.Index, x.Matches, x.Valid))
	}
	return fmt.Sprint(f.Severity, f.Profile, f.Rows, f.People, fields, f.Reidentification, f.Leak)
}

// near reports whether got is within a share of want.
func near(got, want int64, share float64) bool {
	return float64(got) >= float64(want)*(1-share) && float64(got) <= float64(want)*(1+share)
}

// checkCAF checks a finding against the truth of the file.
func checkCAF(t *testing.T, f scanner.Finding, truth fixtures.CAFTruth, identified bool) {
	t.Helper()
	if f.Profile != "caf-beneficiaries" || f.Severity != scanner.Critical {
		t.Errorf("%s: %v %s, want a critical caf-beneficiaries", f.Path, f.Severity, f.Profile)
	}
	if f.People.Unit != "household" || f.People.Estimate != int64(truth.Households) {
		t.Errorf("%s: %d %ss, want %d households", f.Path, f.People.Estimate, f.People.Unit, truth.Households)
	}
	if !near(f.People.Persons, int64(truth.Persons), 0.02) || !near(f.People.Minors, int64(truth.Minors), 0.02) {
		t.Errorf("%s: %d persons, %d minors, want %d, %d", f.Path, f.People.Persons, f.People.Minors, truth.Persons, truth.Minors)
	}
	direct := func(k detectors.Kind) bool {
		return slices.Contains([]detectors.Kind{"nir", "nir_without_key", "full_name", "first_name", "last_name"}, k)
	}
	if got := slices.ContainsFunc(kinds(f), direct); got != identified {
		t.Errorf("%s: a name or NIR among the fields: %v, want %v: %v", f.Path, got, identified, kinds(f))
	}
	for _, k := range []detectors.Kind{"birth_date", "child_birth_date", "street_address", "family_situation", "children", "joint_custody", "income", "benefit", "benefit_amount"} {
		if !slices.Contains(kinds(f), k) {
			t.Errorf("%s: no %s among the fields", f.Path, k)
		}
	}
	if f.Reidentification == nil || f.Reidentification.UniqueShare < 0.97 {
		t.Errorf("%s: re-identification %+v, want nearly all alone", f.Path, f.Reidentification)
	}
}

func TestDemoFindsTheLeakAtBothPlaces(t *testing.T) {
	o := vigie(t, "demo", "--format", "jsonl")
	if o.status != clean || len(o.findings) != 2 || len(o.problems) != 0 || !o.summary.Complete {
		t.Fatalf("status %d, %d findings, problems %v\n%s", o.status, len(o.findings), o.problems, o.stderr)
	}
	_, truth, err := fixtures.CAFZip(fixtures.CAF{Seed: 33, Households: demoHouseholds})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range o.findings {
		checkCAF(t, f, truth, false)
		if f.Exposure.State != scanner.Network {
			t.Errorf("%s: exposure %q, want network", f.Path, f.Exposure.State)
		}
	}
	if a, b := o.findings[0], o.findings[1]; portrait(a) != portrait(b) || a.ID == b.ID || a.Leak != b.Leak {
		t.Errorf("not one leak in two places:\n%s\n%s", portrait(a), portrait(b))
	}
}

// TestSameFindingWhereverItLies scans one file in a folder, in archives, on a
// web site and in a bucket, with names and without.
func TestSameFindingWhereverItLies(t *testing.T) {
	for _, identified := range []bool{false, true} {
		caf := fixtures.CAF{Seed: 7, Households: 600, Identified: identified}
		var file bytes.Buffer
		truth, err := caf.Write(&file)
		if err != nil {
			t.Fatal(err)
		}
		zip := fixtures.Zip(fixtures.Member{Name: "caf/alloc.csv", Body: file.Bytes()})
		dir := t.TempDir()
		site, stopSite, err := fixtures.Serve(fixtures.Site{
			"/index.html": fixtures.Bytes([]byte(`<a href="cours/CAF.zip">Les données du cours</a>`)), "/cours/CAF.zip": fixtures.Bytes(zip)})
		if err != nil {
			t.Fatal(err)
		}
		defer stopSite()
		s3 := new(fixtures.S3)
		s3.Put("cours", "CAF.zip", fixtures.Bytes(zip))
		bucket, stopBucket, err := fixtures.Serve(s3)
		if err != nil {
			t.Fatal(err)
		}
		defer stopBucket()
		nested := fixtures.Zip(fixtures.Member{Name: "photo.jpg", Body: fixtures.Gzip("", fixtures.Tar(fixtures.Member{Name: "a/b.bin", Body: zip}))})
		want := ""
		for _, c := range []struct {
			args  []string
			state scanner.State
		}{
			{[]string{put(t, dir, "folder/alloc.csv", file.Bytes())}, scanner.Local},
			{[]string{filepath.Dir(put(t, dir, "zip/CAF.zip", zip))}, scanner.Local},
			{[]string{put(t, dir, "single.zip", zip)}, scanner.Local},
			{[]string{put(t, dir, "nested.dat", nested)}, scanner.Local},
			{[]string{site + "/"}, scanner.Network},
			{[]string{"s3://cours/", "--s3-endpoint", bucket, "--s3-region", "us-east-1", "--anonymous"}, scanner.Network},
		} {
			o := scanned(t, c.args...)
			if o.status != found || len(o.findings) != 1 || len(o.problems) != 0 {
				t.Fatalf("%v: status %d, findings %d, problems %v\n%s", c.args, o.status, len(o.findings), o.problems, o.stderr)
			}
			f := o.findings[0]
			if want == "" {
				checkCAF(t, fixed(f, truth), truth, identified)
				want = portrait(f)
			}
			if got := portrait(f); got != want || f.Exposure.State != c.state {
				t.Errorf("%v: exposure %s\n%s\nwant %s\n%s", c.args, f.Exposure.State, got, c.state, want)
			}
		}
	}
}

// fixed leaves out of account what a small file lacks to be critical.
func fixed(f scanner.Finding, truth fixtures.CAFTruth) scanner.Finding {
	if truth.Households < 10_000 && f.Severity >= scanner.High {
		f.Severity = scanner.Critical
	}
	return f
}

// TestIncludeReadsLittleOfARemoteArchive: the member and less than 1 MB
// besides, measured at the server.
func TestIncludeReadsLittleOfARemoteArchive(t *testing.T) {
	var file bytes.Buffer
	if _, err := (fixtures.CAF{Seed: 1, Households: 300}).Write(&file); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "films.zip")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if err := fixtures.NoiseZip(out, 128<<20, "cours/alloc.csv", file.Bytes(), 0.6); err != nil {
		t.Fatal(err)
	}
	info, err := out.Stat()
	if err != nil {
		t.Fatal(err)
	}
	var sent fixtures.Counter
	url, stop, err := fixtures.Serve(sent.Count(fixtures.Site{
		"/index.html": fixtures.Bytes([]byte(`<a href="films.zip">films</a>`)),
		"/films.zip":  {R: out, Size: info.Size(), Modified: fixtures.Dated},
	}))
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	o := scanned(t, url+"/", "--include", "*.csv")
	if len(o.findings) != 1 || len(o.problems) != 0 {
		t.Fatalf("findings %d, problems %v", len(o.findings), o.problems)
	}
	if read := sent.Bytes.Load(); read > int64(file.Len())+1<<20 {
		t.Errorf("the server sent %d bytes for a member of %d (deflated less)", read, file.Len())
	}
}
