package format

import (
	"strings"
	"testing"
)

// Texts of memo files are seen, in whatever layout and character set.
func TestMemosAreText(t *testing.T) {
	pad := func(s string, n int) string { return s + strings.Repeat("\x00", n-len(s)) }
	for name, b := range map[string]string{
		"dossier.dbt": pad("\x03\x00\x00\x00", 512) + pad("R\x82gine Dupr\x82, 2 12 11 62 160 068 27\x1a\x1a", 512),
		"quatre.dbt":  pad(pad("\x03\x00\x00\x00\x00\x00\x00\x00QUATRE", 20)+"\x00\x02", 512) + pad("\xff\xff\x08\x00\x2e\x00\x00\x00R\xe9gine Dupr\xe9, 2 12 11 62 160 068 27", 512),
		"fox.fpt":     pad("\x00\x00\x00\x09\x00\x00\x00\x40", 512) + pad("\x00\x00\x00\x01\x00\x00\x00\x26R\xc3\xa9gine Dupr\xc3\xa9, 2 12 11 62 160 068 27", 64),
	} {
		if f := formatOf(name, []byte(b)); f == nil || f.Name != "dbf memo" {
			t.Errorf("%s: is %v", name, f)
		}
		var text string
		for _, x := range must(readNamed(t, memoFormat, name, []byte(b))) {
			text += string(x.Text)
		}
		if !strings.Contains(text, "Régine Dupré, 2 12 11 62 160 068 27") {
			t.Errorf("%s: %q", name, text)
		}
	}
	if isMemo("note.dbt", []byte(strings.Repeat("un texte ", 100))) {
		t.Error("a text is a memo file")
	}
}

// Names of values are seen, in the character set of the catalog.
func TestCatalogsAreText(t *testing.T) {
	b := []byte(sasMagic[:15] + "\x63" + sasMagic[16:] + strings.Repeat("\x00", 1000) + "D\xe9c\xe9d\xe9\x00\x00\x00Vivant")
	b[70] = 62
	blocks, err := readFormat(t, catalogFormat, b)
	if text := allText(blocks); err != nil || !strings.Contains(text, "Décédé") || !strings.Contains(text, "Vivant") {
		t.Errorf("%v: %q", err, text)
	}
}
