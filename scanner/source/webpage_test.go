package source

import (
	"io"
	"net/url"
	"strings"
	"testing"
)

func TestReference(t *testing.T) {
	base, err := url.Parse("https://h/d/page.html?q")
	if err != nil {
		t.Fatal(err)
	}
	for ref, want := range map[string]string{
		"a.csv": "https://h/d/a.csv", "/x": "https://h/x", "../x": "https://h/x", "?y": "https://h/d/page.html?y",
		"//o/x": "https://o/x", "100%.csv": "https://h/d/100%25.csv", "%zz%20": "https://h/d/%25zz%20",
		"12:30.csv": "https://h/d/12:30.csv", "a b.csv": "https://h/d/a%20b.csv", "a\n\tb": "https://h/d/ab", "\xe9.csv": "https://h/d/%E9.csv",
	} {
		got, err := reference(base, ref)
		if err != nil || got.String() != want {
			t.Errorf("%q: %v, want %s: %v", ref, got, want, err)
		}
	}
}

func TestIsListing(t *testing.T) {
	for _, c := range []struct {
		at, page string
		want     bool
	}{
		{"http://h/d/", "<title>Index of /d</title>", true},
		{"http://h/d/", "<h1> Index of /d/ </h1>", true},
		{"http://h/", "<h1>Directory listing for /</h1>", true},
		{"http://h/d/", "<title>h - /d/</title>", true},
		{"http://h/d/", "<title>Directory Listing For [/d/]</title>", true},
		{"http://h/d/x.html", "<title>Index of /d</title>", false},
		{"http://h/d/", "<title>Index des cours</title>", false},
		{"http://h/d/", "<p>Index of /d</p>", false},
	} {
		at, err := url.Parse(c.at)
		if err != nil {
			t.Fatal(err)
		}
		var s said
		if err := s.parse(strings.NewReader(c.page), at, 1<<20); err != nil || s.listing != c.want {
			t.Errorf("%s %s: %v, %v", c.at, c.page, s.listing, err)
		}
	}
}

func TestPageLimits(t *testing.T) {
	at := &url.URL{Scheme: "http", Host: "h", Path: "/"}
	for name, c := range map[string]struct {
		page  string
		room  int
		links int
	}{
		"no room":     {strings.Repeat(`<a href="x">`, 100), 500, 51},
		"a large tag": {`<a href="x"><!--` + strings.Repeat("x", maxTag+1), 500, 1},
	} {
		var s said
		err := s.parse(strings.NewReader(c.page), at, c.room)
		if err == nil || err.Error() != "partial: page is too large: not all of its links are followed" || s.links.len() != c.links {
			t.Errorf("%s: %d links, %v", name, s.links.len(), err)
		}
	}
}

func TestJSONListing(t *testing.T) {
	for text, want := range map[string]string{
		`[{"name":"a b","type":"directory"},{"name":"c?","type":"file","size":3}]`:             "./a%20b/ ./c%3F listing",
		`[{"name":"a","size":0,"url":"./a/","is_dir":true},{"name":"b","url":"./b","size":1}]`: "./a/ ./b listing",
		`[]`:                             "listing",
		`[{"name":"a"}]`:                 "",
		`[{"type":"file"}]`:              "",
		`{"name":"a"}`:                   "",
		`[{"name":"a","type":"file"},3]`: "",
		`nothing`:                        "",
	} {
		var s said
		if err := s.parseJSON(strings.NewReader(text), 1<<20); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		var got []string
		for i := range s.links.len() {
			got = append(got, s.links.at(i))
		}
		if s.listing {
			got = append(got, "listing")
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %q, want %s", text, got, want)
		}
	}
}

// No page makes the crawler panic, or leave its scope by a link.
func FuzzPage(f *testing.F) {
	for _, d := range dialects {
		f.Add(d.listing("/d/", []string{"a.csv", "b/", "é?#%.csv"}))
	}
	f.Add(`<base href="//x/"><a href="%2e%2e/../\..//y">`)
	at := &url.URL{Scheme: "http", Host: "h", Path: "/d/"}
	scope := scopeOf(at)
	f.Fuzz(func(t *testing.T, text string) {
		for _, kind := range []string{"text/html", "application/json"} {
			p := &page{io.NopCloser(strings.NewReader(text)), at, facts{kind: kind}}
			s, err := p.read(1 << 20)
			if err == nil && len(text) < maxText && string(s.text) != text {
				t.Errorf("kept %d of %d bytes", len(s.text), len(text))
			}
			for i := range s.links.len() {
				u, err := reference(at, s.links.at(i))
				if err != nil {
					continue
				}
				u = canonical(u)
				if _, in := scope.key(u); in && (u.Host != "h" || !strings.HasPrefix(u.Path+"/", "/d/")) {
					t.Errorf("%q leads to %s", s.links.at(i), u)
				}
				if _, err := url.Parse(u.String()); err != nil {
					t.Errorf("%q: %v", u, err)
				}
			}
		}
	})
}

func FuzzSitemap(f *testing.F) {
	f.Add(`<?xml version="1.0" encoding="UTF-8"?><urlset><url><loc>http://h/a&amp;b</loc></url></urlset>`)
	f.Add(`<sitemapindex><sitemap><loc><![CDATA[http://h/x.xml]]></loc></sitemap>`)
	f.Add("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03")
	f.Fuzz(func(t *testing.T, text string) {
		pages, maps, _ := readSitemap(strings.NewReader(text))
		if len(maps) > maxSitemaps || pages.len() > len(text) && text[0] == '<' {
			t.Errorf("%d sitemaps and %d pages in %d bytes", len(maps), pages.len(), len(text))
		}
		for i := range pages.len() {
			if !follows(pages.at(i)) {
				t.Errorf("%q is not to be followed", pages.at(i))
			}
		}
	})
}
