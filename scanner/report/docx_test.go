package report

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

// unpacked returns the parts of a document as text.
func unpacked(t *testing.T, file string) string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString("== " + f.Name + "\n" + strings.ReplaceAll(string(text), "<w:p>", "\n<w:p>") + "\n")
	}
	return b.String()
}

// plainText returns the paragraphs of a document, and fails where a part is no
// XML.
func plainText(t *testing.T, file string) string {
	t.Helper()
	var b strings.Builder
	for _, part := range strings.Split(unpacked(t, file), "== ")[1:] {
		name, text, _ := strings.Cut(part, "\n")
		d := xml.NewDecoder(strings.NewReader(text))
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			switch token := token.(type) {
			case xml.CharData:
				if name == "word/document.xml" && strings.TrimSpace(string(token)) != "" {
					b.Write(token)
				}
			case xml.EndElement:
				if token.Name.Local == "p" {
					b.WriteByte('\n')
				}
			}
		}
	}
	return b.String()
}

// The document says what the Markdown says, whatever names hold.
func TestDocumentSaysWhatTheDraftsSay(t *testing.T) {
	o := Options{AwareAt: time.Date(2026, 2, 27, 9, 5, 0, 0, time.UTC)}
	for name, records := range stories() {
		var want strings.Builder
		for line := range strings.Lines(write(t, cnil, o, records)) {
			for _, mark := range []string{"### ", "## ", "# ", "  - ", "- "} {
				if rest, ok := strings.CutPrefix(line, mark); ok {
					line = rest
					break
				}
			}
			if line != "\n" {
				want.WriteString(line)
			}
		}
		bare := strings.NewReplacer("**", "", "`", "", " ", "", "\u00A0", "", "\u202F", "")
		if got := plainText(t, write(t, docx, o, records)); bare.Replace(got) != bare.Replace(want.String()) {
			t.Errorf("%s: %s\nwant\n%s", name, got, want.String())
		}
	}
}

func TestRunsOfALine(t *testing.T) {
	for line, want := range map[string]string{
		"a **à compléter**.":           "a |[à compléter]|.",
		"`` a`**b** `` et **c**":       "{a`**b**}| et |[c]",
		"a ` b":                        "a |` b",
		"a ** b":                       "a |** b",
		"``` `` ``` x":                 "{``}| x",
		"<w:t>&\x1b\uFFFE":             "&lt;w:t&gt;&amp;\uFFFD\uFFFD",
		"**à compléter** (patients…).": "[à compléter]| (patients…).",
	} {
		var got []string
		for line != "" {
			text, format, rest := run(line)
			switch format {
			case codeRun:
				text = "{" + text + "}"
			case boldRun, todoRun:
				text = "[" + text + "]"
			}
			var escaped bytes.Buffer
			xmlText(&escaped, text)
			got = append(got, escaped.String())
			line = rest
		}
		if s := strings.Join(got, "|"); s != want {
			t.Errorf("%q, want %q", s, want)
		}
	}
}
