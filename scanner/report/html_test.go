package report

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	xhtml "golang.org/x/net/html"

	"vigie/detectors"
	"vigie/scanner"
)

var (
	built = regexp.MustCompile(`(?s)<style>.*?</style>|<script>.*?</script>|(style|script)-src 'sha256-[^']*'`)
	kinds = regexp.MustCompile(`</summary><p>[^<]*</p></details>\n<p class="soft">[^<]*</p>`)
)

// bare takes from a page what its golden file does not hold: style, script, and
// the list of detectors.
func bare(page string) string {
	return kinds.ReplaceAllString(built.ReplaceAllString(page, ""), "")
}

// A page is well formed, says which language it is in, names everything that a
// screen reader asks for, and has no markup from outside.
func TestPageIsWellFormed(t *testing.T) {
	for name, records := range stories() {
		for _, lang := range []string{"en", "fr"} {
			text := write(t, html, Options{Lang: lang, Now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}, records)
			checkPage(t, name+" "+lang, text)
			if !strings.Contains(text, `<html lang="`+lang+`">`) {
				t.Errorf("%s: does not say that it is in %s", name, lang)
			}
		}
	}
}

// checkPage looks at the tags of a page: every one is closed, ids are there
// once, links lead somewhere on the page, controls have labels, pictures have a
// name or are hidden.
func checkPage(t *testing.T, name, text string) {
	t.Helper()
	ids, links, labels := map[string]int{}, map[string]bool{}, map[string]bool{}
	var open []string
	void := []string{"meta", "br", "input", "hr", "link", "img"}
	z := xhtml.NewTokenizer(strings.NewReader(text))
	for {
		kind := z.Next()
		if kind == xhtml.ErrorToken {
			if z.Err() != io.EOF {
				t.Fatal(z.Err())
			}
			break
		}
		tok := z.Token()
		attr := map[string]string{}
		for _, a := range tok.Attr {
			attr[a.Key] = a.Val
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "src" {
				t.Errorf("%s: <%s> has %s", name, tok.Data, a.Key)
			}
		}
		switch kind {
		case xhtml.StartTagToken:
			if !slices.Contains(void, tok.Data) {
				open = append(open, tok.Data)
			}
			if id := attr["id"]; id != "" {
				ids[id]++
			}
			if href, ok := attr["href"]; ok {
				if !strings.HasPrefix(href, "#") {
					t.Errorf("%s: a link leads to %s", name, href)
				}
				links[strings.TrimPrefix(href, "#")] = true
			}
			for _, ref := range strings.Fields(attr["aria-labelledby"]) {
				links[ref] = true
			}
			if tok.Data == "label" {
				labels[attr["for"]] = true
			}
			if (tok.Data == "select" || tok.Data == "input" && attr["type"] != "checkbox") && !labels[attr["id"]] {
				t.Errorf("%s: %s has no label before it", name, attr["id"])
			}
			if tok.Data == "svg" && attr["aria-hidden"] != "true" && attr["aria-label"] == "" && !hiddenAbove(text, tok) {
				t.Errorf("%s: a picture has neither a name nor is hidden: %v", name, tok)
			}
		case xhtml.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != tok.Data {
				t.Fatalf("%s: </%s> closes %v", name, tok.Data, open)
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("%s: not closed: %v", name, open)
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("%s: the id %s is there %d times", name, id, n)
		}
	}
	for id := range links {
		if ids[id] == 0 {
			t.Errorf("%s: nothing has the id %s", name, id)
		}
	}
}

// hiddenAbove: the legend of the timeline is hidden as a whole.
func hiddenAbove(_ string, tok xhtml.Token) bool {
	return len(tok.Attr) == 1 && tok.Attr[0].Key == "viewbox"
}

// The policy lets run exactly the style and the script that are in the page.
func TestPolicyOfThePage(t *testing.T) {
	text := write(t, html, Options{}, stories()["caf"])
	policy := regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(text)
	if policy == nil || !strings.HasPrefix(policy[1], "default-src 'none'; ") || strings.Contains(policy[1], "unsafe") {
		t.Fatalf("policy %q", policy)
	}
	for _, tag := range []string{"style", "script"} {
		_, rest, _ := strings.Cut(text, "<"+tag+">")
		body, after, _ := strings.Cut(rest, "</"+tag+">")
		if !strings.Contains(policy[1], tag+"-src '"+hash([]byte(body))+"'") {
			t.Errorf("the policy does not name the %s", tag)
		}
		if strings.Contains(after, "<"+tag) {
			t.Errorf("there is a second %s", tag)
		}
	}
}

// Nothing from outside becomes markup, and nothing invisible is shown.
func TestPageObeysNobody(t *testing.T) {
	evil := `"><script>alert(1)</script><img src=x onerror=alert(2)>'{{.}}` + "\u202Egpj.exe\x1b[2J\x00\u2028javascript:alert(3)"
	f := hostile()
	f.Path, f.Target, f.Table, f.Profile, f.Leak = "https://"+evil+"/"+evil+"!/"+evil, evil, evil, evil, evil
	f.Fields[0].Column, f.Fields[0].Kind, f.Fields[0].Samples = evil, detectors.Kind(evil), []string{evil}
	f.Why[0], f.Authenticity.Verdict = scanner.Why{Code: evil, Text: evil}, evil
	f.People.Unit, f.Exposure = evil, scanner.Exposure{State: scanner.State(evil), How: evil, Vantage: evil}
	records := []scanner.Record{f, f, &scanner.Problem{Path: evil, Reason: scanner.Reason(evil), Detail: evil}, &scanner.Summary{Objects: 1}}
	for _, lang := range []string{"en", "fr"} {
		text := write(t, html, Options{Lang: lang, Version: evil}, records)
		checkPage(t, lang, text)
		_, body, _ := strings.Cut(text, "</head>")
		body, _, _ = strings.Cut(body, "<script>\"use strict\"")
		for _, bad := range []string{"<script", "<img", "\u202E", "\x1b", "\x00", "\u2028"} {
			if i := strings.Index(body, bad); i >= 0 {
				t.Errorf("%s: %q stands on the page: %q", lang, bad, body[max(0, i-60):i+40])
			}
		}
	}
}

// counting is a writer that keeps how much it was given, and whether in lines.
type counting struct {
	n     int64
	whole bool
}

func (c *counting) Write(b []byte) (int, error) {
	c.n += int64(len(b))
	c.whole = c.whole && bytes.HasSuffix(b, []byte("\n"))
	return len(b), nil
}

// A hundred thousand findings become a page in little memory: the worst are told
// in full, the others counted, and the page says so.
func TestPageOfManyFindings(t *testing.T) {
	many := 100_000
	if testing.Short() { // with the race detector
		many = 40_000
	}
	c := &counting{whole: true}
	s := html.Open(c, Options{})
	ctx := context.Background()
	var most uint64
	like := caf()
	for i := range many {
		f := new(scanner.Finding)
		*f = *like
		f.Fields = slices.Clone(like.Fields)
		f.ID, f.Leak = fmt.Sprint("f", i), fmt.Sprint("leak", i)
		f.Severity, f.Path = scanner.Severity(1+i%4), fmt.Sprintf("s3://bucket%d/folder%d/file%d.csv", i%50, i%7000, i)
		f.People.Estimate = int64(i)
		if err := s.Write(ctx, f); err != nil {
			t.Fatal(err)
		}
		if i%20_000 == 0 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
	}
	for i := range 5000 {
		if err := s.Write(ctx, &scanner.Problem{Path: fmt.Sprint("s3://b/", i), Reason: scanner.Encrypted}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d findings: a page of %d bytes, at most %d bytes in use", many, c.n, most)
	if most > 120<<20 || c.n > 40<<20 || !c.whole {
		t.Errorf("%d bytes in use, a page of %d bytes, in whole lines: %v", most, c.n, c.whole)
	}
	h := s.(*web)
	if len(h.kept) != maxKept || h.kept[0].People.Estimate != int64(many-1) || h.kept[maxKept-1].Severity != scanner.Critical || h.findings != int64(many) {
		t.Errorf("kept %d, the first about %d", len(h.kept), h.kept[0].People.Estimate)
	}
	if v := h.filter(); !strings.Contains(v.Hidden, en.number(int64(many-maxKept))) {
		t.Errorf("the page does not say how many it leaves out: %q", v.Hidden)
	}
	if v := h.untold(); v[0].More != "and 4,000 more, which --format jsonl lists" {
		t.Errorf("the page does not say how many problems it leaves out: %q", v[0].More)
	}
	for rank, want := range map[int]string{0: "", maxWide: "+ 174 more CNAF variables", maxNarrow: "+ 175 more CNAF variables"} {
		if got := en.others(h.kept[rank].left); got != want {
			t.Errorf("rank %d: %d columns kept, left out %q, want %q", rank, len(h.kept[rank].Fields), got, want)
		}
	}
}

// The worst comes first in whatever order the findings came.
func TestPageDoesNotDependOnOrder(t *testing.T) {
	records := stories()["several"]
	want := write(t, html, Options{}, records)
	var back []scanner.Record
	for i := range records[:6] {
		back = append(back, records[5-i])
	}
	if got := write(t, html, Options{}, append(back, records[6:]...)); got != want {
		t.Error("the page of the same findings in another order is another one")
	}
}

// People of a leak in several places count once, at its worst place.
func TestPeopleOfCopiesCountOnce(t *testing.T) {
	h := openHTML(io.Discard, Options{}).(*web)
	for _, r := range stories()["caf"] {
		if err := h.Write(context.Background(), r); err != nil {
			t.Fatal(err)
		}
	}
	v := h.overview()
	if v.Title != "1 leak of personal data, 27,950 persons at most" || v.Severities[0].People != "27,950" || v.Severities[2].People != "0" {
		t.Errorf("%q, %+v", v.Title, v.Severities)
	}
	if n := len(v.Timeline.Lines); n != 1 {
		t.Errorf("%d lines in the timeline", n)
	}
}

func TestPlaces(t *testing.T) {
	p := newPlaces()
	for _, path := range []string{
		"s3://bucket/2021/a.zip!/x/a.csv", "s3://bucket/2021/a.zip!/x/b.csv", "s3://bucket/2022/c.csv", "s3://bucket/top.csv",
		"/srv/data/x.csv", "export/x.csv", "alone.csv", "https://h/", "",
	} {
		p.add(path, affected{severity: scanner.High, people: 10})
	}
	var got []string
	for _, v := range flat(nil, p.view(en)) {
		got = append(got, fmt.Sprintf("%d %s (%s) %s", v.Depth, v.Name, v.Prefix, v.Findings))
	}
	want := []string{"1 s3://bucket/ (s3://bucket/) 4 findings", "2 2021/a.zip!/x/ (s3://bucket/2021/a.zip!/x/) 2 findings",
		"2 2022/ (s3://bucket/2022/) 1 finding", "1 /srv/data/ (/srv/data/) 1 finding", "1 export/ (export/) 1 finding", "1 https://h/ (https://h/) 1 finding"}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
}

func BenchmarkPage(b *testing.B) {
	c := new(counting)
	for b.Loop() {
		s := html.Open(c, Options{})
		for i := range 2000 {
			f := caf()
			f.Leak = fmt.Sprint(i)
			if err := s.Write(context.Background(), f); err != nil {
				b.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(c.n / int64(b.N))
}
