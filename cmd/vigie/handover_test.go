package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"aead.dev/minisign"

	"vigie/fixtures"
	"vigie/scanner"
	"vigie/scanner/report"
)

// handed reads a statement.
func handed(t *testing.T, name string) *report.Statement {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s, err := report.DecodeStatement(f)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// cafTable is a table of family benefits as the CAF case had it.
func cafTable(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := (fixtures.CAF{Seed: 33, Households: 6000}).Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestHandover: data with people in them end with 1 and a statement of all that
// was looked at, every row; the files are the same until a byte changes.
func TestHandover(t *testing.T) {
	dir, out := t.TempDir(), t.TempDir()
	put(t, dir, "caf/alloc.csv", cafTable(t))
	put(t, dir, "notes.txt", []byte("rien\n"))
	statement, page := filepath.Join(out, "s.json"), filepath.Join(out, "s.html")
	got := vigie(t, "handover", dir, "--statement", statement, "--html", page, "--format", "jsonl")
	if got.status != found {
		t.Fatalf("exit %d: %s", got.status, got.stderr)
	}
	s := handed(t, statement)
	if s.Verdict != report.StatesPeople || len(s.Files) != 2 || s.Files[0].Path != "caf/alloc.csv" || len(s.Files[0].SHA256) != 64 {
		t.Errorf("verdict %s, files %+v", s.Verdict, s.Files)
	}
	if len(s.Findings) != 1 || s.Findings[0].Rows != 6000 || s.Findings[0].Studied != 6000 {
		t.Errorf("findings %+v", s.Findings)
	}
	if html, err := os.ReadFile(page); err != nil || !bytes.Contains(html, []byte(s.Files[0].SHA256)) || bytes.Contains(html, []byte("<script")) {
		t.Errorf("page of %d bytes, %v", len(html), err)
	}
	if same := vigie(t, "handover", "--verify", statement, dir); same.status != clean || !strings.Contains(same.stdout, "The same: 2 files.") {
		t.Errorf("exit %d: %s%s", same.status, same.stdout, same.stderr)
	}
	put(t, dir, "notes.txt", []byte("rieN\n"))
	put(t, dir, "more.txt", nil)
	if err := os.Rename(filepath.Join(dir, "caf/alloc.csv"), filepath.Join(dir, "caf/\x1b[2Jx.csv")); err != nil {
		t.Fatal(err)
	}
	other := vigie(t, "handover", "--verify", statement, dir)
	if other.status != found || strings.Contains(other.stdout, "\x1b") {
		t.Errorf("exit %d: %q", other.status, other.stdout)
	}
	for _, want := range []string{"changed     notes.txt", "added       more.txt", "missing     caf/alloc.csv", "Not the same: 4 differences, of 2 files."} {
		if !strings.Contains(other.stdout, want) {
			t.Errorf("no %q in %s", want, other.stdout)
		}
	}
}

// TestHandoverOfMany: 10,000 files, of which one byte changes.
func TestHandoverOfMany(t *testing.T) {
	dir, statement := t.TempDir(), filepath.Join(t.TempDir(), "s.json")
	for i := range 10_000 {
		put(t, dir, fmt.Sprintf("%02d/%04d.txt", i/100, i), fmt.Appendf(nil, "ligne %d\n", i))
	}
	if got := vigie(t, "handover", dir, "--statement", statement); got.status != clean {
		t.Fatalf("exit %d: %s", got.status, got.stderr)
	}
	if s := handed(t, statement); len(s.Files) != 10_000 || s.Verdict != report.StatesNone || !s.Summary.Complete {
		t.Errorf("%d files, %s, %+v", len(s.Files), s.Verdict, s.Summary)
	}
	put(t, dir, "42/4242.txt", []byte("ligne 4243\n"))
	got := vigie(t, "handover", "--verify", statement, dir)
	if got.status != found || !strings.Contains(got.stdout, "1 difference, of 10,000 files.\n  changed     42/4242.txt\n") {
		t.Errorf("exit %d: %s", got.status, got.stdout)
	}
}

// TestHandoverIncomplete: a member that cannot be read makes the statement
// incomplete.
func TestHandoverIncomplete(t *testing.T) {
	dir, statement := t.TempDir(), filepath.Join(t.TempDir(), "s.json")
	archive, err := os.ReadFile("../../fixtures/formats/gzip/alloc.csv.gz")
	if err != nil {
		t.Fatal(err)
	}
	put(t, dir, "cut.gz", archive[:40])
	if got := vigie(t, "handover", dir, "--statement", statement); got.status != incomplete {
		t.Errorf("exit %d: %s", got.status, got.stderr)
	}
	if s := handed(t, statement); s.Verdict != report.StatesIncomplete || len(s.Problems) == 0 || s.Summary.Complete {
		t.Errorf("%s, problems %+v", s.Verdict, s.Problems)
	}
}

// TestHandoverDeclared: what data contradict is said, with what to do about it;
// data from which that was done contradict no longer.
func TestHandoverDeclared(t *testing.T) {
	dir, out := t.TempDir(), t.TempDir()
	path := put(t, dir, "alloc.csv", cafTable(t))
	statement := filepath.Join(out, "s.json")
	var tries int
	for tries = 1; tries <= 4; tries++ {
		got := vigie(t, "handover", dir, "--declare", "pseudonymised", "--statement", statement)
		s := handed(t, statement)
		if len(s.Contradictions) == 0 {
			if got.status != clean || !strings.Contains(got.stderr, "Nothing that was found contradicts it") {
				t.Errorf("exit %d: %s", got.status, got.stderr)
			}
			break
		}
		if got.status != found {
			t.Errorf("exit %d with contradictions", got.status)
		}
		if tries == 1 {
			c := s.Contradictions[0]
			if !slices.Contains(c.Drop, "LILI4ADR") || !slices.Contains(c.Coarsen, scanner.Coarser{Column: "DTNAIRES", To: "year"}) {
				t.Errorf("leave out %v, make coarser %v", c.Drop, c.Coarsen)
			}
		}
		mend(t, path, s.Contradictions[0])
	}
	if tries < 2 || tries > 4 {
		t.Errorf("contradicts until try %d", tries)
	}
	if got := vigie(t, "handover", dir, "--declare", "fictitious"); got.status != found || !strings.Contains(got.stderr, "Contradicted by 1 finding") {
		t.Errorf("exit %d: %s", got.status, got.stderr)
	}
	fields := put(t, out, "fields.yaml", []byte("fields: [birth_date, sex]\n"))
	if got := vigie(t, "handover", dir, "--declare", fields); got.status != found || !strings.Contains(got.stderr, "fields that were not declared") {
		t.Errorf("exit %d: %s", got.status, got.stderr)
	}
}

// mend does to a table what a contradiction asks for.
func mend(t *testing.T, path string, c scanner.Contradiction) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(b))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.Comma = ';'
	for n, row := range rows {
		var kept []string
		for i, cell := range row {
			title := rows[0][i]
			if slices.Contains(c.Drop, title) {
				continue
			}
			for _, one := range c.Coarsen {
				if one.Column == title && n > 0 && len(cell) >= 4 {
					switch {
					case one.To == "department":
						cell = cell[:2]
					case len(cell) == 4:
						cell = cell[:3] + "0"
					default:
						cell = cell[len(cell)-4:]
					}
				}
			}
			kept = append(kept, cell)
		}
		if err := w.Write(kept); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	put(t, filepath.Dir(path), filepath.Base(path), out.Bytes())
}

// TestHandoverSigned: a statement is signed with a key of minisign, and one that
// another key signed, or that was changed, is refused.
func TestHandoverSigned(t *testing.T) {
	dir, out := t.TempDir(), t.TempDir()
	put(t, dir, "notes.txt", []byte("rien\n"))
	keys := func(name, password string) (public, secret string) {
		pub, sec, err := minisign.GenerateKey(nil)
		if err != nil {
			t.Fatal(err)
		}
		text, err := sec.MarshalText()
		if password != "" {
			text, err = minisign.EncryptKey(password, sec)
		}
		if err != nil {
			t.Fatal(err)
		}
		open, err := pub.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		return put(t, out, name+".pub", open), put(t, out, name+".key", text)
	}
	pub, key := keys("ours", "sésame")
	other, _ := keys("theirs", "")
	statement := filepath.Join(out, "s.json")
	if got := vigie(t, "handover", dir, "--statement", statement, "--sign", key); got.status != usage || !strings.Contains(got.stderr, "VIGIE_SIGN_PASSWORD") {
		t.Errorf("without its password: exit %d: %s", got.status, got.stderr)
	}
	t.Setenv("VIGIE_SIGN_PASSWORD", "sésame")
	if got := vigie(t, "handover", dir, "--statement", statement, "--sign", key); got.status != clean {
		t.Fatalf("exit %d: %s", got.status, got.stderr)
	}
	if got := vigie(t, "handover", "--verify", statement, "--signed-by", pub, dir); got.status != clean || !strings.Contains(got.stdout, "Its signature is good") {
		t.Errorf("exit %d: %s%s", got.status, got.stdout, got.stderr)
	}
	if got := vigie(t, "handover", "--verify", statement, "--signed-by", other, dir); got.status != found {
		t.Errorf("another key: exit %d", got.status)
	}
	text, err := os.ReadFile(statement)
	if err != nil {
		t.Fatal(err)
	}
	put(t, out, "s.json", bytes.Replace(text, []byte("none_found"), []byte("none_founD"), 1))
	if got := vigie(t, "handover", "--verify", statement, "--signed-by", pub, dir); got.status != found {
		t.Errorf("changed: exit %d", got.status)
	}
}

// TestHandoverRefuses: what cannot be handed over, and statements that would be
// among what they are about.
func TestHandoverRefuses(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "a.txt", []byte("rien\n"))
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"s3://bucket"}, "only files and folders of this machine"},
		{[]string{dir, "--statement", filepath.Join(dir, "s.json")}, "lies in what is handed over"},
		{[]string{dir, "--sign", "k"}, "--sign signs the file of --statement"},
		{[]string{dir, "--declare", "anonymous"}, "want fictitious, pseudonymised or a YAML file"},
		{[]string{dir, "--verify", filepath.Join(dir, "a.txt")}, "is not JSON at byte"},
		{[]string{dir, "--verify", "x", "--declare", "fictitious"}, "--verify scans nothing"},
		{[]string{filepath.Join(dir, "none")}, "open "},
	} {
		got := vigie(t, append([]string{"handover"}, tt.args...)...)
		if got.status != usage || !strings.Contains(got.stderr, tt.want) {
			t.Errorf("%v: exit %d: %s", tt.args, got.status, got.stderr)
		}
	}
}
