package report

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vigie/detectors"
	"vigie/scanner"
)

var update = flag.Bool("update", false, "write the golden files anew")

// caf is the finding that vigie was made for.
func caf() *scanner.Finding {
	f := &scanner.Finding{
		ID: "f1c2", Severity: scanner.Critical, Profile: "caf-beneficiaries", Confidence: 0.97,
		Target: "https://cours.example/", Path: "https://cours.example/r/CAF.zip!/CAF/allocataires.csv",
		Rows: 10204, Studied: 4000,
		Object: scanner.Stored{Size: 3_412_004, Modified: time.Date(2021, 3, 14, 9, 26, 53, 0, time.UTC), ETag: `"5e3f"`},
		Leak:   "9a41",
		Exposure: scanner.Exposure{
			State: scanner.Public, How: "anonymous GET answered 200", Vantage: "this machine",
			FileDated: time.Date(2021, 3, 14, 9, 26, 53, 0, time.UTC),
		},
		People: scanner.People{Estimate: 10204, Unit: "household", Low: 10204, High: 10204, Persons: 27950, Minors: 11020, Basis: "rows"},
		Fields: []scanner.Field{
			{Kind: "birth_date", Class: detectors.Quasi, Column: "DTNAIRES", Index: 3, Matches: 10204, Valid: 10204, Share: 1, Samples: []string{"••/••/19••"}},
			{Kind: "street_address", Class: detectors.Quasi, Column: "LILI4ADR", Index: 7, Matches: 10101, Valid: 10101, Share: 0.9899, Samples: []string{"•• RUE ••••••", "• AV ••• ••••"}},
			{Kind: "child_birth_date", Class: detectors.Quasi, Column: "DATNAIEN1", Index: 9, Matches: 6820, Valid: 6820, Share: 0.668, Samples: []string{"••/••/20••"}},
			{Kind: "benefit", Class: detectors.Sensitive, Column: "AAHVERS", Index: 12, Matches: 812, Valid: 812, Share: 0.0796},
			{Kind: "income", Class: detectors.Sensitive, Column: "MTREVBRU", Index: 14, Matches: 9987, Valid: 9987, Share: 0.9787, Samples: []string{"•••••"}},
		},
		Reidentification: &scanner.Reidentification{UniqueShare: 0.9991, KMin: 1, QuasiIdentifiers: []detectors.Kind{"street_address", "birth_date"}},
		Authenticity: scanner.Authenticity{Verdict: "real", ProbabilityReal: 0.97, Evidence: []scanner.Why{
			{Code: "births_seasonal", Args: map[string]any{"share": 0.08, "month": "july"}, Text: "births follow the seasons, as those of real people do"},
		}},
		Why: []scanner.Why{
			{Code: "benefits_birth_address", Text: "benefits and incomes beside birth date and street: whoever knows one of the families knows which it is"},
			{Code: "minors", Args: map[string]any{"minors": 11020}, Text: "children are among them"},
		},
		FirstSeen: time.Date(2022, 9, 1, 8, 0, 0, 0, time.UTC),
	}
	for i := range 176 {
		f.Fields = append(f.Fields, scanner.Field{Kind: "cnaf_variable", Class: detectors.Sensitive,
			Column: fmt.Sprintf("VAR%03d", i), Index: 15 + i, Matches: 10204, Valid: 10204, Share: 1})
	}
	return f
}

// mdph is a folder of decisions on disabled people.
func mdph() *scanner.Finding {
	return &scanner.Finding{
		ID: "6b07", Severity: scanner.Critical, Profile: "mdph-documents", Confidence: 0.95,
		Target: "s3://portail", Path: "s3://portail/pieces/2022/", Documents: 314,
		Object: scanner.Stored{Size: 637, Modified: time.Date(2022, 11, 2, 9, 0, 0, 0, time.UTC)}, Leak: "d98a",
		Exposure: scanner.Exposure{State: scanner.Public, How: "anonymous GET answered 206", Vantage: "this machine",
			FileDated: time.Date(2022, 11, 2, 9, 0, 0, 0, time.UTC), SeenOpenSince: time.Date(2022, 11, 14, 7, 30, 0, 0, time.UTC)},
		People: scanner.People{Estimate: 314, Unit: "person", Low: 308, High: 314, Basis: "documents"},
		Fields: []scanner.Field{
			{Kind: "benefit", Class: detectors.Sensitive, Index: -1, Matches: 741, Valid: 741, Samples: []string{"AAH", "AEEH"}},
			{Kind: "birth_date", Class: detectors.Quasi, Index: -1, Matches: 314, Valid: 314, Samples: []string{"••/••/19••"}},
			{Kind: "disability", Class: detectors.Sensitive, Index: -1, Matches: 1844, Valid: 1844, Samples: []string{"CDAPH"}},
			{Kind: "full_name", Class: detectors.Direct, Index: -1, Matches: 410, Valid: 410, Samples: []string{"A••••• B•••••"}},
			{Kind: "mdph_file", Class: detectors.Sensitive, Index: -1, Matches: 314, Valid: 314, Samples: []string{"••••-•••••-••"}},
			{Kind: "nir", Class: detectors.Direct, Index: -1, Matches: 110, Valid: 110, Samples: []string{"1 00 •• •• ••• ••• ••"}},
			{Kind: "street_address", Class: detectors.Quasi, Index: -1, Matches: 200, Valid: 200, Samples: []string{"•• av •••"}},
		},
		Authenticity: scanner.Authenticity{Verdict: "real", ProbabilityReal: 0.961},
		Why: []scanner.Why{
			{Code: "mdph_documents", Args: map[string]any{"documents": 314, "persons": 314}, Text: "314 MDPH documents about 308 to 314 persons"},
			{Code: "special_category", Args: map[string]any{"codes": []string{"AAH", "AEEH", "disability"}},
				Text: "the documents speak of AAH, AEEH and disability: a special category of data (Art. 9 GDPR)"},
		},
		FirstSeen: time.Date(2022, 11, 14, 7, 30, 0, 0, time.UTC),
	}
}

// hostile is a finding whose every name comes from somebody who means harm.
func hostile() *scanner.Finding {
	evil := "\x1b]0;owned\a\x1b[2J\u202Egnp.exe\r\nCRITICAL \x9b31m\xff"
	return &scanner.Finding{
		ID: "f2", Severity: scanner.Low, Profile: evil, Target: evil, Table: evil,
		Path:     "/srv/" + strings.Repeat("très long ", 3) + strings.Repeat("日本語", 30) + evil,
		Object:   scanner.Stored{Size: -1, ETag: evil},
		Exposure: scanner.Exposure{State: "?", How: evil, Vantage: evil},
		People:   scanner.People{Estimate: 55, Low: 50, High: 60, Unit: evil, Minors: 1, Basis: "name_birth"},
		Fields: []scanner.Field{
			{Kind: detectors.Kind(evil), Column: evil, Matches: 10, Valid: 5, Share: 0.001, Samples: []string{evil, evil}},
			{Kind: "nir", Class: detectors.Direct, Index: -1, Matches: 1234, Valid: 1234},
			{Kind: "email", Class: detectors.Direct, Index: 4, Matches: 1, Valid: 1, Share: 0.999},
		},
		Reidentification: &scanner.Reidentification{QuasiIdentifiers: []detectors.Kind{detectors.Kind(evil), "sex", "commune"}, KMin: 3},
		Authenticity:     scanner.Authenticity{Verdict: evil, Evidence: []scanner.Why{{Text: evil}}},
		Why:              []scanner.Why{{Text: evil + strings.Repeat("a\u0301\u0301\u0301\u0301", 300)}},
	}
}

func stories() map[string][]scanner.Record {
	problem := func(reason scanner.Reason, path, detail string) scanner.Record {
		return &scanner.Problem{Path: path, Reason: reason, Detail: detail}
	}
	again := caf()
	again.Path, again.Exposure = "s3://formation/CAF.zip!/CAF/allocataires.csv", scanner.Exposure{State: scanner.Private}
	again.Severity = scanner.Medium
	bare := &scanner.Finding{Severity: scanner.Medium, Profile: "people-register", Path: "/srv/notes",
		Documents: 3, Object: scanner.Stored{Size: 1204}, People: scanner.People{Estimate: 3, Unit: "document", Low: 3, High: 3, Basis: "documents"},
		Exposure: scanner.Exposure{State: scanner.Local}, Authenticity: scanner.Authenticity{Verdict: "unknown"}}
	several := []scanner.Record{bare, bare, caf(), bare, again, hostile()}
	for i := range 12 {
		several = append(several, problem(scanner.Denied, fmt.Sprintf("/srv/private/%02d", i), "permission denied"))
	}
	several = append(several,
		problem(scanner.Encrypted, "/srv/"+strings.Repeat("deep/", 30)+"a.zip!/b.csv", "WinZip AES-256"),
		problem(scanner.ImageOnly, "/srv/scan.pdf", ""),
		&scanner.Summary{Objects: 4321, Members: 99, LeftOut: 7, Media: 3, BytesRead: 5_400_000_000, Scanned: 4_100_000_000,
			Findings: 6, Problems: 14, DurationMS: 61_000})
	return map[string][]scanner.Record{
		"caf": {caf(), again, &scanner.Summary{Objects: 2, Members: 2, BytesRead: 6_824_008, Scanned: 17_000_000,
			Studied: 6_000_000, Findings: 2, DurationMS: 640, Complete: true}},
		"hostile":     {hostile(), problem(scanner.Malformed, hostile().Path, hostile().Path), &scanner.Summary{Objects: 1, Findings: 1, Problems: 1}},
		"several":     several,
		"mdph":        {mdph(), &scanner.Summary{Objects: 315, BytesRead: 166_573, Scanned: 166_573, Studied: 166_573, Findings: 1, Complete: true}},
		"nothing":     {&scanner.Summary{Objects: 12, BytesRead: 3_400_000, Complete: true}},
		"incomplete":  {problem(scanner.Unreachable, "https://h/", "no such host"), &scanner.Summary{Problems: 1}},
		"accepted":    {&scanner.Problem{Path: "/srv/scan.pdf", Reason: scanner.ImageOnly, Accepted: true}, &scanner.Summary{Objects: 1, Problems: 1, Complete: true}},
		"interrupted": {bare},
		"stopped":     {problem(scanner.Unreachable, "https://h/", "no such host"), &scanner.Summary{Problems: 1, Interrupted: true}},
		"mixed": {problem(scanner.Encrypted, "/srv/a.zip", "WinZip AES"), &scanner.Problem{Path: "/srv/b.zip", Reason: scanner.Encrypted, Accepted: true},
			&scanner.Summary{Objects: 2, Problems: 2}},
	}
}

func write(t *testing.T, r Report, o Options, records []scanner.Record) string {
	t.Helper()
	var b bytes.Buffer
	s := r.Open(&b, o)
	for _, rec := range records {
		if err := s.Write(context.Background(), rec); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got); go test -update writes it anew:\n%s", path, diff)
	}
}

func TestGolden(t *testing.T) {
	for name, records := range stories() {
		for _, r := range All() {
			t.Run(name+"/"+r.Name, func(t *testing.T) {
				if r.Name == "docx" {
					golden(t, name+".docx.xml", unpacked(t, write(t, r, Options{}, records)))
					return
				}
				golden(t, name+"."+r.Name, bare(write(t, r, Options{}, records)))
			})
		}
	}
	for _, name := range []string{"caf", "mdph", "several", "hostile"} {
		t.Run(name+" in French", func(t *testing.T) {
			golden(t, name+".fr.text", write(t, text, Options{Lang: "fr"}, stories()[name]))
		})
	}
	t.Run("html in French", func(t *testing.T) {
		golden(t, "several.fr.html", bare(write(t, html, Options{Lang: "fr"}, stories()["several"])))
	})
	t.Run("color", func(t *testing.T) {
		golden(t, "color.text", write(t, text, Options{Color: true}, stories()["several"]))
	})
	t.Run("problems", func(t *testing.T) {
		golden(t, "problems.text", write(t, text, Options{Problems: true}, stories()["several"]))
	})
}

// Reports in the folder that are in no list would never be seen.
func TestAllListsEveryReport(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]bool{} // whether the list has it
	var listed []ast.Expr
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				for i, v := range n.Values {
					if c, ok := v.(*ast.CompositeLit); ok && named(c.Type, "Report") {
						values[n.Names[i].Name] = false
					}
				}
			case *ast.CompositeLit:
				if a, ok := n.Type.(*ast.ArrayType); ok && named(a.Elt, "Report") {
					listed = n.Elts
				}
			}
			return true
		})
	}
	for _, e := range listed {
		if id, ok := e.(*ast.Ident); ok {
			values[id.Name] = true
		}
	}
	if len(values) != len(All()) {
		t.Errorf("%d values of type Report, %d in All", len(values), len(All()))
	}
	for name, ok := range values {
		if !ok {
			t.Errorf("%s is in no list", name)
		}
	}
	seen := map[string]bool{}
	for _, r := range All() {
		title, rest, _ := strings.Cut(r.Doc, "\n\n")
		if r.Name == "" || seen[r.Name] || title == "" || rest == "" || r.Open == nil {
			t.Errorf("report %q: wants a name of its own, title and text, and Open", r.Name)
		}
		seen[r.Name] = true
	}
}

func named(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

func TestWriteErrorNamesTheReport(t *testing.T) {
	for _, r := range All() {
		r1, w1 := io.Pipe()
		broken := errors.New("disk full")
		r1.CloseWithError(broken)
		err := r.Open(w1, Options{}).Write(context.Background(), caf())
		if !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "write "+r.Name+": ") {
			t.Errorf("%s: error %v", r.Name, err)
		}
	}
}
