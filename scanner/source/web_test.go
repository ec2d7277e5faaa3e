package source

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"vigie/scanner"
)

// A siteMap is what a fake site answers, by path and query. Text that begins
// with "<" is a page, "→" a redirect, a number a status; the rest are files.
type siteMap map[string]string

func (m siteMap) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, exists := m[r.URL.RequestURI()]
	var code int
	switch {
	case !exists:
		http.NotFound(w, r)
	case strings.HasPrefix(text, "→"):
		w.Header().Set("Location", strings.ReplaceAll(text[len("→"):], "HOST", r.Host))
		w.WriteHeader(http.StatusMovedPermanently)
	case strings.HasPrefix(text, "<"):
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write([]byte(strings.ReplaceAll(text, "HOST", r.Host)))
	case len(text) == 3:
		fmt.Sscan(text, &code)
		w.WriteHeader(code)
	default:
		serveFile(w, r, "", strings.ReplaceAll(text, "HOST", r.Host))
	}
}

func TestWebScope(t *testing.T) {
	site := siteMap{
		"/course/page.html": `<title>Cours</title><A HREF=" CAF.zip ">exercice</A> <a href="/course/sub/">sub</a>
			<a href="//HOST/course/abs.csv#part">abs</a> <a href="../other/no.zip">no</a> <a href="https://elsewhere.example/x.zip">no</a>
			<a href="mailto:a@b.fr">no</a> <a href="javascript:void(0)">no</a> <a href="%2e%2e/other/no.zip">no</a> <a href="">no</a>
			<map><area href="area.csv"></map> <iframe src="frame.htm"></iframe> <object data="object.pdf"></object>
			<img src="picture.png"><a name="x">no</a> <a href="gone.csv">gone</a> <a href="moved.csv">moved</a> <a href="away.csv">away</a> <a href="up.csv">up</a>`,
		"/course/CAF.zip":             "PK zip",
		"/course/abs.csv":             "abs;",
		"/course/area.csv":            "area;",
		"/course/frame.htm":           `<base href="/course/sub/"><a href="based.csv">`,
		"/course/object.pdf":          "%PDF",
		"/course/moved.csv":           "→/course/sub/target.csv",
		"/course/away.csv":            "→http://elsewhere.example/away.csv?token=s3cret",
		"/course/up.csv":              "→/other/no.zip",
		"/course/sub":                 "→/course/sub/",
		"/course/sub/":                `<a href="../page.html">back</a> <a href="?id=7">seven</a> <a href="target.csv">t</a> <a href="./">self</a>`,
		"/course/sub/?id=7":           `<a href="/course/sub/?id=8&token=abc">eight</a>`,
		"/course/sub/?id=8&token=abc": `<p>end`,
		"/course/sub/based.csv":       "based;",
		"/course/sub/target.csv":      "target;",
		"/other/no.zip":               "out of scope",
	}
	host := serve(t, site.ServeHTTP)
	for _, c := range []struct {
		target          string
		paths, problems []string
	}{
		{"/course/page.html", []string{"CAF.zip", "abs.csv", "area.csv", "frame.htm", "object.pdf", "page.html", "sub/", "sub/?id=•••", "sub/?id=•••&token=•••", "sub/based.csv", "sub/target.csv"}, []string{
			"away.csv: skipped: redirects to elsewhere.example",
			"gone.csv: unreachable: 404 Not Found",
			"up.csv: skipped: redirects out of the target",
		}},
		{"/course/CAF.zip", []string{"CAF.zip"}, nil},
		{"/course/sub", []string{"sub/", "sub/?id=•••", "sub/?id=•••&token=•••", "sub/target.csv"}, nil},
		{"/course/away.csv", nil, []string{"away.csv: skipped: redirects to http://elsewhere.example"}},
		{"/course/up.csv", nil, []string{"up.csv: skipped: redirects out of the target"}},
		{"/course/none", nil, []string{"none: unreachable: 404 Not Found"}},
	} {
		src := openWith(t, strings.ToUpper(host[:4])+host[4:]+c.target, Options{})
		paths, problems := listed(t, src, host+"/course/", "", "")
		slices.Sort(paths)
		slices.Sort(problems)
		equal(t, c.target, paths, c.paths)
		equal(t, c.target+" problems", problems, c.problems)
	}
}

func TestWebRobots(t *testing.T) {
	pages := func(robots string) siteMap {
		return siteMap{
			"/robots.txt": robots,
			"/d/":         `<a href="open.csv"> <a href="closed/"> <a href="closed/"> <a href="shut.csv">`,
			"/d/open.csv": "open;",
			"/d/shut.csv": "shut;",
			"/d/closed/":  `<p>closed`,
		}
	}
	for _, c := range []struct {
		name, robots    string
		ignore          bool
		paths, problems []string
	}{
		{"rules", "User-agent: *\nDisallow: /d/closed/\nDisallow: /*.csv$\nAllow: /d/open.csv\n", false, []string{"", "open.csv"}, []string{
			"closed/: robots: robots.txt disallows it", "shut.csv: robots: robots.txt disallows it",
		}},
		{"ignored", "User-agent: *\nDisallow: /\n", true, []string{"", "open.csv", "closed/", "shut.csv"}, nil},
		{"all", "User-agent: *\nDisallow: /\n", false, nil, []string{": robots: robots.txt disallows it"}},
		{"others", "User-agent: greedy\nDisallow: /\n", false, []string{"", "open.csv", "closed/", "shut.csv"}, nil},
		{"by name", "User-agent: *\nDisallow:\n\nUser-agent: vigie\nDisallow: /\n", false, nil, []string{": robots: robots.txt disallows it"}},
		{"refused", "403", false, []string{"", "open.csv", "closed/", "shut.csv"}, nil},
		{"broken", "500", false, nil, []string{": robots: robots.txt answers 500 Internal Server Error, which disallows everything"}},
	} {
		host := serve(t, pages(c.robots).ServeHTTP)
		src := openWith(t, host+"/d/", Options{IgnoreRobots: c.ignore})
		paths, problems := listed(t, src, host+"/d/", "", "")
		equal(t, c.name, paths, c.paths)
		equal(t, c.name+" problems", problems, c.problems)
	}
}

func TestWebSitemap(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	fmt.Fprint(z, `<urlset><url><loc>http://HOST/d/packed.csv</loc></url></urlset>`)
	z.Close()
	site := siteMap{
		"/robots.txt":       "Sitemap: http://HOST/maps/index.xml\nSitemap: http://elsewhere.example/map.xml\n",
		"/sitemap.xml":      `?<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><lastmod>2024</lastmod><loc> http://HOST/d/usual.csv </loc><image:image><image:loc>http://HOST/d/image.csv</image:loc></image:image></url><url><loc>http://HOST/e/outside.csv</loc></url></urlset>`,
		"/maps/index.xml":   `?<sitemapindex><sitemap><loc>http://HOST/maps/1.xml</loc></sitemap><sitemap><loc>http://HOST/maps/index.xml</loc></sitemap><sitemap><loc>http://HOST/maps/none.xml</loc></sitemap></sitemapindex>`,
		"/maps/1.xml":       `?<urlset><url><loc>http://HOST/d/a&amp;b.csv</loc></url><url><loc><![CDATA[http://HOST/d/page.html]]></loc></url><url><loc>`,
		"/d/":               `<p>no link`,
		"/d/usual.csv":      "usual;",
		"/d/a&b.csv":        "a;b;",
		"/d/page.html":      `<a href="linked.csv">`,
		"/d/linked.csv":     "linked;",
		"/d/packed.csv":     "packed;",
		"/e/outside.csv":    "outside;",
		"/maps/unlinked.gz": packed.String(),
	}
	host := serve(t, site.ServeHTTP)
	paths, problems := listed(t, openWith(t, host+"/d/", Options{}), host, "", "")
	equal(t, "paths", paths, []string{"/d/", "/d/usual.csv", "/d/a&b.csv", "/d/page.html", "/d/linked.csv"})
	equal(t, "problems", problems, []string{"/maps/none.xml: unreachable: 404 Not Found"})

	delete(site, "/d/") // no index: the sitemap says what is there
	paths, problems = listed(t, openWith(t, host+"/d/", Options{}), host, "", "")
	equal(t, "paths", paths, []string{"/d/usual.csv", "/d/a&b.csv", "/d/page.html", "/d/linked.csv"})
	equal(t, "problems", problems, []string{"/d/: unreachable: 404 Not Found", "/maps/none.xml: unreachable: 404 Not Found"})
}

func TestSitemapPacked(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	fmt.Fprint(z, `<urlset><url><loc>/d/packed.csv</loc></url></urlset>`)
	z.Close()
	host := serve(t, siteMap{"/d/": "<p>", "/sitemap.xml": packed.String(), "/d/packed.csv": "packed;"}.ServeHTTP)
	paths, problems := listed(t, openWith(t, host+"/d/", Options{}), host+"/d/", "", "")
	equal(t, "paths", paths, []string{"", "packed.csv"})
	equal(t, "problems", problems, nil)
}

// Links without end, and in circles, come to an end.
func TestWebCircles(t *testing.T) {
	site := siteMap{"/d/": `<a href="a.html">`, "/d/a.html": `<a href="b.html">`, "/d/b.html": `<a href="./"> <a href="a.html">`, "/d/r1": "→r2", "/d/r2": "→r1"}
	host := serve(t, site.ServeHTTP)
	paths, _ := listed(t, openWith(t, host+"/d/", Options{}), host+"/d/", "", "")
	equal(t, "circle", paths, []string{"", "a.html", "b.html"})
	_, problems := listed(t, openWith(t, host+"/d/r1", Options{}), host+"/d/", "", "")
	equal(t, "redirects", problems, []string{"r1: skipped: redirects without end"})

	host = serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" || r.URL.Path == "/sitemap.xml" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, `<p>soft 404 <a href="deeper/">`)
	})
	paths, problems = listed(t, openWith(t, host+"/d/", Options{}), host, "", "")
	if len(paths) != maxDepth+1 {
		t.Errorf("%d pages of an endless site, want %d", len(paths), maxDepth+1)
	}
	equal(t, "endless", problems, []string{"/d/: too_deep: links that lead ever deeper are not followed"})
}

func TestWebManyLinks(t *testing.T) {
	const many = 100_000
	heads := 0
	host := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/d/":
			w.Header().Set("Content-Type", "text/html")
			for i := range many {
				fmt.Fprintf(w, "<a href=\"../out/%d.csv\">x</a>\n", i)
			}
			fmt.Fprint(w, `<a href="last.csv">`)
		case r.URL.Path == "/d/last.csv":
			heads++
			serveFile(w, r, "", "last;")
		default:
			http.NotFound(w, r)
		}
	})
	paths, problems := listed(t, openWith(t, host+"/d/", Options{}), host+"/d/", "", "")
	equal(t, "paths", paths, []string{"", "last.csv"})
	equal(t, "problems", problems, nil)
	if heads != 1 {
		t.Errorf("%d requests for a file", heads)
	}
}

// No credential is shown; each is sent where it belongs.
func TestWebCredentials(t *testing.T) {
	var other []string
	away := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		other = append(other, r.Header.Get("Authorization"))
	}))
	defer away.Close()
	host := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if name, password, _ := r.BasicAuth(); name != "jeanne" || password != "s3cret" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		siteMap{"/robots.txt": "→" + away.URL + "/robots.txt", "/d/?key=s3cret": `<a href="a.csv?sig=s3cret;s3cret">`, "/d/a.csv?sig=s3cret;s3cret": "abc;"}.ServeHTTP(w, r)
	})
	target := strings.Replace(host, "://", "://jeanne:s3cret@", 1) + "/d/?key=s3cret"
	src := openWith(t, target, Options{})
	paths, problems := listed(t, src, host, "", "")
	equal(t, "paths", paths, []string{"/d/?key=•••", "/d/a.csv?sig=•••&•••"})
	equal(t, "problems", problems, nil)
	equal(t, "sent elsewhere", other, []string{""})
	for o := range src.List(t.Context(), "", "") {
		if e := o.Exposure(t.Context()); e.State != scanner.Private || e.How != "anonymous GET answered 401" {
			t.Errorf("%s: exposure %+v", o.Path, e)
		}
	}
	_, problems = listed(t, openWith(t, target, Options{Anonymous: true}), host, "", "")
	equal(t, "anonymous", problems, []string{"/d/?key=•••: denied: 401 Unauthorized"})

	for target, want := range map[string]string{
		"http://jeanne:s3cret@h:port/?s3cret": "open http://h:port/?•••: malformed address",
		"http://jeanne:s3cret@/x":             "open http:///x: no host in the address",
		"sftp://jeanne:s3cret@h/x":            "open sftp://h/x: a target is a path, http://, https:// or s3://",
	} {
		if _, err := Open(t.Context(), target, Options{}); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", target, err, want)
		}
	}
	closed := httptest.NewServer(nil)
	closed.Close()
	gone := openWith(t, strings.Replace(closed.URL, "://", "://jeanne:s3cret@", 1)+"/?key=s3cret", Options{})
	_, problems = listed(t, gone, "", "", "")
	if len(problems) != 1 || strings.Contains(problems[0], "s3cret") {
		t.Errorf("unreachable: %q", problems)
	}
}

func TestWebExposure(t *testing.T) {
	for _, c := range []struct {
		answer string // to the anonymous request
		state  scanner.State
		how    string
	}{
		{"200", scanner.Private, "anonymous GET answered 200 with something else"},
		{"403", scanner.Private, "anonymous GET answered 403"},
		{"→/login", scanner.Private, "anonymous GET answered 301"},
		{"503", scanner.Unknown, "anonymous GET answered 503"},
		{"another page", scanner.Private, "anonymous GET answered 206 with something else"},
		{"abc;", scanner.Network, "anonymous GET answered 206"},
	} {
		host := serve(t, func(w http.ResponseWriter, r *http.Request) {
			text := "abc;"
			if r.Header.Get("Authorization") == "" {
				text = c.answer
			}
			siteMap{"/a.csv": text}.ServeHTTP(w, r)
		})
		src := openWith(t, strings.Replace(host, "://", "://u:p@", 1)+"/a.csv", Options{IgnoreRobots: true})
		for o, err := range src.List(t.Context(), "", "") {
			if err != nil {
				t.Fatal(err)
			}
			e := o.Exposure(t.Context())
			if e.State != c.state || e.How != c.how || e.Vantage != "this machine" || !e.FileDated.Equal(dated) {
				t.Errorf("%s: %+v", c.answer, e)
			}
		}
	}
}

// A site that answers on http with the way to https is one site.
func TestWebUpgrade(t *testing.T) {
	site := siteMap{"/d/": `<a href="http://site.example/d/a.csv"></a><a href="https://site.example:443/d/b.csv"></a><a href="http://site.example:8080/d/c.csv"></a>`, "/d/a.csv": "a;", "/d/b.csv": "b;", "/e/": `<a href="c.csv">`, "/e/c.csv": "c;"}
	secure := httptest.NewTLSServer(site)
	defer secure.Close()
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/e/" {
			site.ServeHTTP(w, r)
			return
		}
		http.Redirect(w, r, "https://"+r.Host+r.URL.Path, http.StatusPermanentRedirect)
	}))
	defer plain.Close()
	tr := secure.Client().Transport.(*http.Transport).Clone()
	tr.TLSClientConfig.InsecureSkipVerify = true // the name is another's
	tr.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		to := map[string]*httptest.Server{"site.example:80": plain, "site.example:443": secure}[addr]
		if to == nil {
			return nil, fmt.Errorf("%s was not to be dialled", addr)
		}
		return new(net.Dialer).DialContext(ctx, network, to.Listener.Addr().String())
	}
	defer tr.CloseIdleConnections()
	src := openWith(t, "http://site.example/d", Options{HTTP: tr})
	site["/d"] = "→/d/"
	paths, problems := listed(t, src, "", "", "")
	equal(t, "paths", paths, []string{"https://site.example/d/", "https://site.example/d/a.csv", "https://site.example/d/b.csv"})
	equal(t, "problems", problems, nil)
	paths, problems = listed(t, openWith(t, "http://site.example/e/", Options{HTTP: tr}), "", "", "")
	equal(t, "paths", paths, []string{"http://site.example/e/", "https://site.example/e/c.csv"})
	equal(t, "problems", problems, nil)
}
