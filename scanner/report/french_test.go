package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"vigie/detectors"
	"vigie/scanner"
)

// parsed calls look with every node of the Go files of a folder but its tests.
func parsed(t *testing.T, folder string, look func(ast.Node)) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatal(err, "no files")
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			look(n)
			return true
		})
	}
}

// quoted returns the value of a string literal.
func quoted(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

// Every sentence of the source that is said to people has its French, with the
// same verbs in it.
func TestEverySentenceHasFrench(t *testing.T) {
	said := map[string]bool{}
	parsed(t, ".", func(n ast.Node) {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return
		}
		if f, ok := call.Fun.(*ast.SelectorExpr); ok && (f.Sel.Name == "say" || f.Sel.Name == "word") && len(call.Args) > 0 {
			if s, ok := quoted(call.Args[0]); ok && recv(f.X) != "g" {
				said[s] = true
			}
		}
	})
	var pages []byte
	for _, name := range []string{"html/page.html", "html/statement.html"} {
		page, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, page...)
	}
	for _, m := range regexp.MustCompile(`\b(?:say|word) ("(?:[^"\\]|\\.)*")`).FindAllSubmatch(pages, -1) {
		s, err := strconv.Unquote(string(m[1]))
		if err != nil {
			t.Fatal(err)
		}
		said[s] = true
	}
	for _, names := range leaks {
		said[names.table], said[names.texts] = true, names.texts != ""
	}
	for _, basis := range bases {
		said[basis] = true
	}
	delete(said, "")
	verbs := regexp.MustCompile(`%[a-z%]`)
	for s, ok := range said {
		french, there := phrases[s]
		if ok && !there {
			t.Errorf("no French for %q", s)
		}
		if there && fmt.Sprint(verbs.FindAllString(s, -1)) != fmt.Sprint(verbs.FindAllString(french, -1)) && !strings.Contains(french, "%[") {
			t.Errorf("%q has other verbs in French: %q", s, french)
		}
	}
	for s := range phrases {
		if !said[s] && !plainWords[s] {
			t.Errorf("nobody says %q", s)
		}
	}
	if len(said) < 60 {
		t.Errorf("only %d sentences read from the source", len(said))
	}
}

// recv is the name of a receiver, "" for another expression.
func recv(e ast.Expr) string {
	if id, ok := e.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

// plainWords are looked up by what a record says, not by a literal.
var plainWords = func() map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.Fields(`critical high medium low public network private local unknown real fictitious encrypted truncated
		malformed unsupported image_only too_large too_deep too_many ratio timeout denied unreachable robots skipped partial crashed`) {
		words[w] = true
	}
	words["partly anonymised"] = true
	return words
}()

func TestEveryRecordWordHasFrench(t *testing.T) {
	for w := range plainWords {
		if phrases[w] == "" {
			t.Errorf("no French for %q", w)
		}
	}
	parsed(t, "..", func(n ast.Node) { // reasons of problems, states of exposure
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return
		}
		if typ := recv(spec.Type); typ == "Reason" || typ == "State" {
			if w, ok := quoted(spec.Values[0]); ok && phrases[w] == "" {
				t.Errorf("no French for the %s %q", typ, w)
			}
		}
	})
	for _, d := range detectors.All() {
		if noms[string(d.Kind)][1] == "" {
			t.Errorf("no French for the kind %s", d.Kind)
		}
	}
}

// codesOfAssess reads from the source of assess the codes of its reasons, and
// the words behind its severities.
func codesOfAssess(t *testing.T) (codes, because map[string]bool) {
	codes, because = map[string]bool{}, map[string]bool{}
	add := func(to map[string]bool, e ast.Expr) {
		if s, ok := quoted(e); ok && s != "" {
			to[s] = true
		}
	}
	parsed(t, "../assess", func(n ast.Node) {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			switch recv(n.Key) {
			case "Code", "relation":
				add(codes, n.Value)
			case "because":
				add(because, n.Value)
			}
		case *ast.CallExpr:
			if recv(n.Fun) == "whoWhy" {
				add(codes, n.Args[0])
			}
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				sel, ok := left.(*ast.SelectorExpr)
				if !ok || len(n.Rhs) != len(n.Lhs) {
					continue
				}
				switch sel.Sel.Name {
				case "Code":
					add(codes, n.Rhs[i])
				case "because":
					add(because, n.Rhs[i])
				}
			}
		case *ast.FuncDecl:
			if n.Name.Name != "content" {
				return
			}
			ast.Inspect(n, func(n ast.Node) bool { // severity, code, because
				if r, ok := n.(*ast.ReturnStmt); ok && len(r.Results) == 3 {
					add(because, r.Results[2])
				}
				return true
			})
		case *ast.ValueSpec: // rates and stocks have no keys
			for _, v := range n.Values {
				lit, ok := v.(*ast.CompositeLit)
				if !ok {
					continue
				}
				if recv(lit.Type) == "stock" {
					kind := map[string]string{"lastName": "last_name", "firstName": "first_name"}[recv(lit.Elts[0])]
					codes["distinct_"+kind+"s"] = true
				}
				if list, ok := lit.Type.(*ast.ArrayType); ok && recv(list.Elt) == "rate" {
					for _, e := range lit.Elts {
						add(codes, e.(*ast.CompositeLit).Elts[0])
					}
				}
			}
		}
	})
	return codes, because
}

// A new reason without French would be told in English.
func TestEveryReasonHasFrench(t *testing.T) {
	codes, because := codesOfAssess(t)
	if len(codes) < 40 || len(because) < 25 {
		t.Fatalf("only %d codes and %d causes read from the source", len(codes), len(because))
	}
	for code := range codes {
		if sentences[code] == nil {
			t.Errorf("no French for the code %s", code)
		}
	}
	for code := range sentences {
		if !codes[code] {
			t.Errorf("nobody says the code %s", code)
		}
	}
	for words := range because {
		if causes[words] == "" && !strings.HasPrefix(words, "the rule ") {
			t.Errorf("no French for the cause %q", words)
		}
	}
	for words := range causes {
		if !because[words] {
			t.Errorf("nobody says the cause %q", words)
		}
	}
}

// Reasons read the same from a scan and from JSON, and hold no empty place.
func TestReasonsInFrench(t *testing.T) {
	f := mdph()
	table := caf()
	table.Severity = scanner.Critical
	kinds := []detectors.Kind{"nir", "last_name", "first_name", "birth_date"}
	tests := []struct {
		f    *scanner.Finding
		w    scanner.Why
		want string
	}{
		{table, scanner.Why{Code: "benefits_per_household", Args: map[string]any{"households": int64(10204), "columns": 56, "codes": []string{"RSA", "PPA", "AAH", "APL", "ASF"}}},
			"10\u202F204\u00A0foyers, un par ligne\u202F; 56\u00A0colonnes disent les prestations que chacun perçoit (RSA, PPA, AAH, APL …)"},
		{table, scanner.Why{Code: "unique", Args: map[string]any{"share": 1.0, "unit": "household", "kinds": []detectors.Kind{"birth_date", "street_address"}}},
			"tous les foyers sont seuls à avoir leur date de naissance et leur adresse postale\u00A0: les noms ont été retirés, mais on peut retrouver les personnes"},
		{f, scanner.Why{Code: "special_category", Args: map[string]any{"codes": []string{"AAH", "disability"}}},
			"les documents mentionnent\u00A0: AAH et handicap\u00A0: catégorie particulière de données (art.\u00A09 du RGPD)"},
		{table, scanner.Why{Code: "minors", Args: map[string]any{"minors": int64(9831), "persons": int64(24627)}},
			"9\u202F831\u00A0personnes sur 24\u202F627 étaient mineures quand les données ont été produites"},
		{f, scanner.Why{Code: "mdph_documents", Args: map[string]any{"documents": int64(314)}}, "314\u00A0documents de MDPH sur 308 à 314\u00A0personnes"},
		{table, scanner.Why{Code: "persons_with", Args: map[string]any{"persons": int64(1), "kinds": kinds}}, "1\u00A0personne avec\u00A0: NIR, nom et date de naissance"},
		{table, scanner.Why{Code: "amount_on_scale", Args: map[string]any{"rate": 0.4581, "weight": 2.1, "scale": "2020-04"}},
			"45,8\u00A0% des montants de prestations sont, au centime près, des montants du barème officiel d’avril 2020"},
		{table, scanner.Why{Code: "nir_sex", Args: map[string]any{"rate": 0.5, "weight": -4.0}},
			"le NIR et le sexe concordent dans 50\u00A0% des lignes, comme dans des colonnes tirées indépendamment l’une de l’autre"},
		{table, scanner.Why{Code: "exposure", Args: map[string]any{"state": "network", "how": "anonymous GET answered 206"}},
			"n’importe qui sur ce réseau peut le lire sans authentification\u00A0: la gravité compte en entier (une requête GET anonyme a reçu la réponse 206)"},
		{table, scanner.Why{Code: "severity", Args: map[string]any{"because": "benefits of single households", "content": "high", "raised": []string{"minors", "many"}}},
			"Critique\u00A0: les prestations de foyers, un par un\u202F; un degré de plus, car il y a des mineurs parmi elles et elles sont 10\u202F000 ou plus"},
		{table, scanner.Why{Code: "of_another_build", Text: "something new"}, "something new"},
	}
	for _, tt := range tests {
		if got := fr.why(tt.w, tt.f); got != tt.want {
			t.Errorf("%s: %q\nwant %q", tt.w.Code, got, tt.want)
		}
		b, err := json.Marshal(tt.w)
		if err != nil {
			t.Fatal(err)
		}
		var again scanner.Why
		if err := json.NewDecoder(bytes.NewReader(b)).Decode(&again); err != nil {
			t.Fatal(err)
		}
		if got := fr.why(again, tt.f); got != tt.want {
			t.Errorf("%s from JSON: %q\nwant %q", tt.w.Code, got, tt.want)
		}
		if en.why(tt.w, tt.f) != tt.w.Text {
			t.Errorf("%s in English: %q", tt.w.Code, en.why(tt.w, tt.f))
		}
	}
	for code, sentence := range sentences { // whatever the arguments
		for _, f := range []*scanner.Finding{f, table, {}} {
			if s := sentence(given{map[string]any{}, f}); s == "" || strings.Contains(s, "%!") {
				t.Errorf("%s without arguments: %q", code, s)
			}
		}
	}
}

// A headline says what, about how many, who can read it, and since when.
func TestLead(t *testing.T) {
	day := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	open := caf()
	open.Exposure.SeenOpenSince = day
	april := mdph()
	april.Exposure.FileDated, april.Exposure.State = time.Date(2021, 4, 1, 0, 0, 0, 0, time.UTC), scanner.Network
	sealed := &scanner.Finding{Profile: "caf-beneficiaries", Why: []scanner.Why{{Code: "sealed"}}, Exposure: scanner.Exposure{State: scanner.Local}}
	tests := []struct {
		f      *scanner.Finding
		now    time.Time
		en, fr string
	}{
		{open, day, "CAF benefits export, 10,204 households, readable by anybody; file dated March 2021, seen open since today",
			"Export de prestations de la CAF, 10\u202F204\u00A0foyers, en accès libre sur Internet\u202F; fichier de mars\u00A02021, vu ouvert depuis aujourd’hui"},
		{open, time.Time{}, "CAF benefits export, 10,204 households, readable by anybody; file dated March 2021, seen open since 2026-11-22",
			"Export de prestations de la CAF, 10\u202F204\u00A0foyers, en accès libre sur Internet\u202F; fichier de mars\u00A02021, vu ouvert depuis le\u00A022\u00A0novembre\u00A02026"},
		{april, day, "Disability documents (MDPH), about 314 persons, readable by anybody on the network; file dated April 2021, seen open since 2022-11-14",
			"Documents sur le handicap (MDPH), environ 314\u00A0personnes, en accès libre sur le réseau\u202F; fichier d’avril\u00A02021, vu ouvert depuis le\u00A014\u00A0novembre\u00A02022"},
		{sealed, day, "Encrypted file, perhaps: CAF benefits export, in a file of this machine",
			"Fichier chiffré, peut-être\u00A0: export de prestations de la CAF, dans un fichier de cette machine"},
	}
	for _, tt := range tests {
		if got := en.lead(tt.f, tt.now); got != tt.en {
			t.Errorf("%q\nwant %q", got, tt.en)
		}
		if got := fr.lead(tt.f, tt.now); got != tt.fr {
			t.Errorf("%q\nwant %q", got, tt.fr)
		}
	}
}

func TestSizesInFrench(t *testing.T) {
	for n, want := range map[int64]string{1: "1\u00A0octet", 999: "999\u00A0octets", 3_412_004: "3,4\u00A0Mo", 5_400: "5,4\u00A0ko", 16_000_000_000: "16\u00A0Go"} {
		if got := fr.size(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

// A new detail without French would be told in English. Names and numbers in it
// are nobody's sentence.
func TestEveryDetailHasFrench(t *testing.T) {
	said, literals := saidDetails(t)
	if len(said) < 250 {
		t.Fatalf("only %d details read from the source", len(said))
	}
	hasForm := func(s string) bool {
		return slices.ContainsFunc(detailForms, func(f detailForm) bool { _, ok := filled(f.english, s); return ok })
	}
	for s := range said {
		if details[s] == "" && !hasForm(s) {
			t.Errorf("no French for the detail %q: details in frenchdetails.go want it", s)
		}
	}
	for s := range details {
		if !literals[s] {
			t.Errorf("nobody says the detail %q", s)
		}
	}
	for _, f := range detailForms {
		if strings.Count(f.english, "%s") != strings.Count(f.inFrench, "%s") {
			t.Errorf("%q has other places in French: %q", f.english, f.inFrench)
		}
	}
}

func TestDetailsInFrench(t *testing.T) {
	for said, want := range map[string]string{
		"ends in the middle":                                 "finit au milieu",
		"ORC table; only the sieve looked at it":             "table ORC\u202F; seul le tamis l’a examiné",
		"2 of 3 pages are images":                            "2 pages sur 3 sont des images",
		"1 of 1 page is an image (no picture)":               "1 page sur 1 est une image (no picture)",
		"RAR AES: no password fits, or the data are damaged": "RAR AES\u00A0: aucun mot de passe ne convient, ou les données sont abîmées",
		"members overlap: 12 members not read":               "des membres se chevauchent\u00A0: 12 n’ont pas été lus",
		"connection refused":                                 "connection refused",
	} {
		if got := fr.detail(said); got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
		if got := en.detail(said); got != said {
			t.Errorf("%q in English: %q", said, got)
		}
	}
}

// saidDetails reads from the source of the readers and the stores what they say
// of an object that was not looked at, in parts, and all the literals that such
// a detail may be put together of.
func saidDetails(t *testing.T) (said, literals map[string]bool) {
	said, literals = map[string]bool{}, map[string]bool{}
	add := func(to map[string]bool, e ast.Expr) {
		if s, ok := quoted(e); ok && s != "" {
			for _, part := range strings.Split(s, "; ") {
				to[part] = true
			}
		}
	}
	for _, folder := range []string{"..", "../format", "../format/codec", "../source", "../../cmd/vigie"} {
		parsed(t, folder, func(n ast.Node) {
			switch n := n.(type) {
			case *ast.CallExpr:
				switch recv(n.Fun) {
				case "malformed", "truncated", "unsupported", "DataError", "UnsupportedError":
					add(said, n.Args[0])
				case "trouble": // path, reason, detail
					add(said, n.Args[2])
				}
			case *ast.KeyValueExpr:
				if recv(n.Key) == "Detail" {
					add(said, n.Value)
				}
			case *ast.AssignStmt:
				for i, left := range n.Lhs {
					if sel, ok := left.(*ast.SelectorExpr); ok && sel.Sel.Name == "Detail" && len(n.Rhs) == len(n.Lhs) {
						add(said, n.Rhs[i])
					}
				}
			case *ast.BasicLit:
				add(literals, n)
			}
		})
	}
	return said, literals
}
