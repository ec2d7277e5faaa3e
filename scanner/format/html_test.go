package format

import (
	"strings"
	"testing"
)

func htmlTable(rows ...string) string {
	return "<table><tr><td>" + strings.ReplaceAll(strings.Join(rows, "</td></tr>\n<tr><td>"), "|", "</td> <td>") + "</td></tr></table>"
}

func TestHTML(t *testing.T) {
	ten := tenRows(10)
	for _, test := range []struct{ name, body, want string }{
		{"lines", "<p>2 69 0<b>5 49</b>\n 588</p><div>caf&eacute; &#233;&nbsp;!<br>fin</div>", "2 69 05 49 588\ncafé é\u00a0!\nfin\n"},
		{"attributes", `<p>a<img alt="Mme Petit"><input value="12 rue"><a href="mailto:a@example.org">b</a></p>`, "ab\nMme Petit\n12 rue\nmailto:a@example.org\n"},
		{"a script", `<script>var d = {"nom": "DUPONT"};</script><p>x</p>`, "var d = {\"nom\": \"DUPONT\"};x\n"},
		{"a comment", `<p>a<!-- DUPONT--></p>`, "a\n DUPONT\n"},
		{"a form", htmlTable("Nom :|DUPONT", "Ville|Pau"), "Nom: DUPONT\nVille: Pau\n"},
		{"a table", "<p>avant</p>" + htmlTable(append([]string{"Nom|Prénom|Date de naissance"}, ten...)...), "avant\n[table 1: Nom|Prénom|Date de naissance]\n" + strings.Join(ten, "\n") + "\n"},
		{"a CSV in pre", "<h1>Liste</h1><pre>Nom;Prénom;Date de naissance\n<b>" + strings.ReplaceAll(strings.Join(ten, "\n"), "|", ";") + "</b>\n</pre><p>fin",
			"Liste\nfin\n[pre 1: Nom|Prénom|Date de naissance]\n" + strings.ReplaceAll(strings.Join(ten, "\n"), "|", ";") + "\n"},
		{"a letter in pre", "<pre>MDPH\nMonsieur Paul\n\n  n&eacute; le 07/01/1992</pre>fin", "MDPH\nMonsieur Paul\n\n  né le 07/01/1992fin\n"},
		{"JSON in a script", `<script id="__NEXT_DATA__" type="application/json">{"props":{"users":[` + strings.Repeat(`{"nom":"DUPONT","ville":"Pau"},`, 9) + `{"nom":"DUPONT","ville":"Pau"}]}}</script><p>fin`,
			"fin\n[script 1, props.users: nom|ville]\n" + strings.Repeat("DUPONT|Pau\n", 10)},
		{"a pre in a cell", htmlTable("<pre>un\ndeux</pre>|b 2"), "un\ndeux\nb 2\n"},
		{"no end of pre", "<pre>un\ndeux", "un\ndeux\n"},
		{"a tag in a tag", `<pre>a<pre>b</pre>c</pre>d`, "abcd\n"},
		{"data", `<div data-nir="285057800608491" title="née le 12/05/1985">x</div><!-- <td>Mme Petit</td> -->`, "285057800608491\nnée le 12/05/1985\nx\n <td>Mme Petit</td> \n"},
		{"no ends", "<table><tr><td>Nom<td>DUPONT<tr><td>Ville<td>Pau</table><p>a", "Nom: DUPONT\nVille: Pau\na\n"},
		{"a page laid out", "<table><tr><td>gauche" + htmlTable("Nom|DUPONT", "Ville|Pau") + "</td><td>droite</td></tr></table>", "gauche\nNom: DUPONT\nVille: Pau\ndroite\n"},
	} {
		for _, page := range []string{"<!DOCTYPE html><html><body>" + test.body + "</body></html>", "<?xml version=\"1.0\"?>\n<html><body>" + test.body} {
			if got := laid(t, "x", []byte(page), "html"); strings.TrimSpace(got) != strings.TrimSpace(test.want) {
				t.Errorf("%s: %q, want %q", test.name, got, test.want)
			}
		}
	}
}

func TestHTMLCharset(t *testing.T) {
	for _, page := range []string{
		"<html><meta charset=\"iso-8859-1\"><p>n\xe9e \xe0 P\xe2querette",
		"<html><meta charset=\"utf-8\"><p>n\xe9e \xe0 P\xe2querette",
		"<html><meta http-equiv=\"Content-Type\" content=\"text/html; charset=macintosh\"><p>n\x8ee \x88 P\x89querette",
		"<html><p>née à Pâquerette",
		string(utf16Of("<html><p>née à Pâquerette")),
	} {
		if got := laid(t, "x", []byte(page), "html"); !strings.Contains(got, "née à Pâquerette") {
			t.Errorf("%q", got)
		}
	}
}

func FuzzHTML(f *testing.F) {
	f.Add([]byte("<!DOCTYPE html><table><tr><td>a<td>b<tr><td><table><tr><td>c</table></table><p>d<br>e<script>f</script><pre>g\nh</pre>"))
	f.Add([]byte("<html>" + htmlTable(tenRows(60)...) + "<!-- a --><textarea>b</textarea><select><option>c"))
	f.Fuzz(func(t *testing.T, b []byte) { readFuzzed(t, htmlFormat, "x.html", b) })
}

// A script that is longer than what is looked at in one piece is read all the same,
// and so is what follows it.
func TestHTMLLongScript(t *testing.T) {
	_, blocks, err := readObject(t, "x", []byte("<html><p>avant</p><script>"+strings.Repeat("var a = 1;\n", htmlToken/10)+"</script><p>fin du texte"))
	text := runningText(blocks)
	if err != nil || !strings.HasPrefix(text, "avant") || len(text) < htmlToken || !strings.Contains(text, "fin du texte") {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}
