package detectors

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
	"unicode"
)

func textOf(s string) *Text {
	var t Text
	t.Reset([]byte(s), 0, 0, 0)
	return &t
}

func TestDetectorsAreWhole(t *testing.T) {
	seen := map[Kind]bool{}
	for _, d := range All() {
		if seen[d.Kind] {
			t.Errorf("%s: listed twice", d.Kind)
		}
		seen[d.Kind] = true
		title, rest, ok := strings.Cut(d.Doc, "\n\n")
		if !ok || title == "" || rest == "" || strings.Contains(title, "\n") {
			t.Errorf("%s: Doc is not a title, a blank line and an explanation", d.Kind)
		}
		if d.Class == 0 {
			t.Errorf("%s: no class", d.Kind)
		}
		if d.Sieve && d.Find == nil {
			t.Errorf("%s: a sieve finds", d.Kind)
		}
		if d.Scope != Anywhere && d.Sieve {
			t.Errorf("%s: what proves nothing alone is no sieve", d.Kind)
		}
		for _, title := range d.Titles {
			if got := string(Fold(nil, []byte(title))); got != title {
				t.Errorf("%s: title %q is not folded: %q", d.Kind, title, got)
			}
		}
	}
}

func TestExamples(t *testing.T) {
	for _, d := range All() {
		if d.Find == nil {
			continue
		}
		for _, s := range d.Yes {
			ms := d.Find(nil, textOf(s))
			if len(ms) == 0 {
				t.Errorf("%s: nothing found in %q", d.Kind, s)
			}
			for _, m := range ms {
				checkMask(t, d, s[m.Start:m.End])
			}
		}
		for _, s := range d.No {
			for _, m := range d.Find(nil, textOf(s)) {
				t.Errorf("%s: found %q in %q", d.Kind, s[m.Start:m.End], s)
			}
		}
	}
}

// open are the kinds whose values many people share: they may be shown.
var open = map[Kind]bool{
	"benefit": true, "family_situation": true, "sex": true, "children": true, "cnaf_variable": true, "joint_custody": true,
	"disability": true,
}

// checkMask fails when the mask has four letters or digits in a row of the
// value. The type of a street ("avenue") is no part of what identifies.
func checkMask(t *testing.T, d Detector, value string) {
	t.Helper()
	if open[d.Kind] || d.Mask == nil {
		return
	}
	mask := string(d.Mask(nil, []byte(value)))
	least := 4
	switch d.Kind {
	case "iban": // country, check digits and bank are nobody's, in groups of four
		least = 5
	case "phone":
		mask = strings.TrimPrefix(mask, "0033")
	case "email":
		mask = mask[:strings.LastIndexByte(mask, '.')+1]
	}
	runs := strings.FieldsFunc(strings.ToLower(mask), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, run := range runs {
		if d.Kind == "street_address" && (streetWord([]byte(run)) != notStreet || run == "lieu") {
			continue
		}
		for i := 0; i+least <= len(run); i++ {
			if strings.Contains(strings.ToLower(value), run[i:i+least]) {
				t.Errorf("%s: mask %q shows %q of %q", d.Kind, mask, run[i:i+least], value)
				break
			}
		}
	}
}

// TestAllAreListed reads the package's source for detectors that All forgets.
func TestAllAreListed(t *testing.T) {
	list, err := os.ReadFile("all.go")
	if err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			for i, v := range spec.Values {
				lit, ok := v.(*ast.CompositeLit)
				if !ok {
					continue
				}
				if typ, ok := lit.Type.(*ast.Ident); ok && (typ.Name == "Detector" || typ.Name == "Relation") {
					found++
					if !strings.Contains(string(list), "\t"+spec.Names[i].Name+",\n") {
						t.Errorf("%s: %s is not listed in all.go", f.Name(), spec.Names[i].Name)
					}
				}
			}
			return true
		})
	}
	if want := len(All()) + len(Relations()); found != want {
		t.Errorf("%d values in the source, %d listed", found, want)
	}
}

// FuzzFind holds every Find to its contract on any bytes, however delimited.
func FuzzFind(f *testing.F) {
	for _, d := range All() {
		for _, s := range d.Yes {
			f.Add([]byte(s), byte(0), byte(0), byte(0))
		}
	}
	f.Add([]byte("a;né le 12/05/1985;\"Nom : DUPONT\"\n12 rue des Lilas;33000 BORDEAUX;"), byte(';'), byte('\n'), byte('"'))
	all := All()
	titles := NewTitles(all)
	f.Fuzz(func(t *testing.T, b []byte, cell, row, quote byte) {
		if isAlnum(cell) || isAlnum(row) || isAlnum(quote) {
			t.Skip("a delimiter is neither letter nor digit")
		}
		var text Text
		text.Reset(b, cell, row, quote)
		for _, d := range all {
			if d.Fits != nil {
				d.Fits(b)
			}
			if d.Norm != nil {
				d.Norm(nil, b)
			}
			if d.Mask != nil {
				d.Mask(nil, b)
			}
			if d.Find == nil {
				continue
			}
			end := 0
			for _, m := range d.Find(nil, &text) {
				if m.Start < end || m.End <= m.Start || m.End > len(b) {
					t.Fatalf("%s: match [%d, %d) after %d in %d bytes", d.Kind, m.Start, m.End, end, len(b))
				}
				end = m.End
			}
		}
		for _, r := range Relations() {
			r.Agree(b, b)
		}
		titles.Kinds(nil, b)
	})
}
