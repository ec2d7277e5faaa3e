package source

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// dated is when all files of the fakes were last modified.
var dated = time.Date(2024, 3, 4, 5, 6, 7, 0, time.UTC)

// A dialect writes the listing of a folder: names, those of folders with a
// slash at their end.
type dialect struct {
	name    string
	kind    string // media type
	listing func(at string, names []string) string
}

// rows writes one line a name; %[1]s is the escaped, %[2]s the shown name.
func rows(names []string, line string) string {
	var b strings.Builder
	for _, name := range names {
		ref := html.EscapeString((&url.URL{Path: name}).EscapedPath())
		fmt.Fprintf(&b, line, ref, html.EscapeString(name))
	}
	return b.String()
}

const htmlPage = "text/html;charset=utf-8"

var dialects = []dialect{
	{"apache plain", htmlPage, func(at string, names []string) string {
		return "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 3.2 Final//EN\">\n<html>\n <head>\n  <title>Index of " + at + "</title>\n </head>\n <body>\n<h1>Index of " + at +
			"</h1>\n<ul><li><a href=\"/\"> Parent Directory</a></li>\n" + rows(names, "<li><a href=\"%[1]s\"> %[2]s</a></li>\n") + "</ul>\n</body></html>\n"
	}},
	{"apache fancy", htmlPage, func(at string, names []string) string {
		return "<html><head><title>Index of " + at + "</title></head><body><h1>Index of " + at + "</h1>\n<pre>" +
			`<img src="/icons/blank.gif" alt="Icon "> <a href="?C=N;O=D">Name</a> <a href="?C=M;O=A">Last modified</a> <a href="?C=S;O=A">Size</a> <a href="?C=D;O=A">Description</a><hr>` +
			`<img src="/icons/back.gif" alt="[PARENTDIR]"> <a href="/">Parent Directory</a>   -` + "\n" +
			rows(names, `<img src="/icons/unknown.gif" alt="[   ]"> <a href="%[1]s">%[2]s</a> 2024-03-04 05:06  1.2K`+"\n") + "<hr></pre></body></html>"
	}},
	{"apache table", htmlPage, func(at string, names []string) string {
		return "<html><head><title>Index of " + at + "</title></head><body><h1>Index of " + at + "</h1>\n<table>" +
			`<tr><th valign="top"><img src="/icons/blank.gif"></th><th><a href="?C=N;O=D">Name</a></th><th><a href="?C=M;O=A">Last modified</a></th></tr>` +
			`<tr><td></td><td><a href="/">Parent Directory</a></td></tr>` +
			rows(names, `<tr><td valign="top"></td><td><a href="%[1]s">%[2]s</a></td><td align="right">2024-03-04 05:06  </td><td align="right">1.2K</td></tr>`+"\n") +
			"</table>\n<address>Apache/2.4.62 (Debian) Server</address></body></html>"
	}},
	{"nginx", htmlPage, func(at string, names []string) string {
		return "<html>\r\n<head><title>Index of " + at + "</title></head>\r\n<body>\r\n<h1>Index of " + at + "</h1><hr><pre><a href=\"../\">../</a>\r\n" +
			rows(names, `<a href="%[1]s">%[2]s</a>      04-Mar-2024 05:06     1234`+"\r\n") + "</pre><hr></body>\r\n</html>\r\n"
	}},
	{"nginx json", "application/json", func(at string, names []string) string {
		var list []map[string]any
		for _, name := range names {
			kind := "file"
			if strings.HasSuffix(name, "/") {
				kind = "directory"
			}
			list = append(list, map[string]any{"name": strings.TrimSuffix(name, "/"), "type": kind, "mtime": "Mon, 04 Mar 2024 05:06:07 GMT", "size": 1234})
		}
		b, _ := json.Marshal(list)
		return string(b)
	}},
	{"iis", htmlPage, func(at string, names []string) string {
		var b strings.Builder
		for _, name := range names {
			full := html.EscapeString((&url.URL{Path: at + name}).EscapedPath())
			fmt.Fprintf(&b, ` 3/4/2024  5:06 AM         1234 <A HREF="%s">%s</A><br>`, full, html.EscapeString(strings.TrimSuffix(name, "/")))
		}
		return `<html><head><title>127.0.0.1 - ` + at + `</title></head><body><H1>127.0.0.1 - ` + at + `</H1><hr><pre><A HREF="/">[To Parent Directory]</A><br><br>` +
			b.String() + "</pre><hr></body></html>"
	}},
	{"lighttpd", htmlPage, func(at string, names []string) string {
		return "<!DOCTYPE html>\n<html>\n<head>\n<title>Index of " + at + "</title>\n</head>\n<body>\n<h2>Index of " + at + "</h2>\n<div class=\"list\"><table><tbody>" +
			`<tr class="d"><td class="n"><a href="../">..</a>/</td></tr>` +
			rows(names, `<tr><td class="n"><a href="%[1]s">%[2]s</a></td><td class="m">2024-Mar-04 05:06:07</td><td class="s">1.2K</td></tr>`+"\n") +
			"</tbody></table></div>\n<div class=\"foot\">lighttpd/1.4.79</div></body></html>"
	}},
	{"caddy", htmlPage, func(at string, names []string) string {
		return "<!DOCTYPE html><html><head><title>" + at + `</title></head><body><h1><a href="../">/</a>d/</h1><a href="./?layout=grid">Grid</a>` +
			`<table><tr><th><a href="./?sort=name&amp;order=desc">Name</a><a href="./?sort=size&amp;order=asc">Size</a></th></tr>` +
			rows(names, `<tr class="file"><td><a href="./%[1]s"><span class="name">%[2]s</span></a></td></tr>`+"\n") +
			`</table><footer>Served with <a rel="noopener noreferrer" href="https://caddyserver.com">Caddy</a></footer></body></html>`
	}},
	{"python", htmlPage, func(at string, names []string) string {
		return "<!DOCTYPE HTML>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Directory listing for " + at + "</title>\n</head>\n<body>\n<h1>Directory listing for " + at +
			"</h1>\n<hr>\n<ul>\n" + rows(names, "<li><a href=\"%[1]s\">%[2]s</a></li>\n") + "</ul>\n<hr>\n</body>\n</html>\n"
	}},
}

// children returns the names right below a folder, those of folders with a
// slash, in order.
func children(files map[string]string, at string) (names []string) {
	for name := range files {
		if rest, below := strings.CutPrefix(name, at); below {
			if i := strings.IndexByte(rest, '/'); i >= 0 {
				rest = rest[:i+1]
			}
			names = append(names, rest)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// serveFile serves one file as good servers do: ranges, ETag, date.
func serveFile(w http.ResponseWriter, r *http.Request, name, text string) {
	w.Header().Set("ETag", fmt.Sprintf(`"%x"`, len(text)))
	w.Header().Set("Content-Type", "application/octet-stream")
	http.ServeContent(w, r, "", dated, strings.NewReader(text))
}

// listingServer serves files below /d/ with listings of a dialect.
func (d dialect) server(t *testing.T, files map[string]string) string {
	t.Helper()
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		at, below := strings.CutPrefix(r.URL.Path, "/d/")
		text, isFile := files[at]
		switch {
		case below && isFile && text == broken:
			w.Header().Set("Content-Length", "1000")
			w.WriteHeader(500)
		case below && isFile:
			serveFile(w, r, at, text)
		case below && (at == "" || strings.HasSuffix(at, "/")) && len(children(files, at)) > 0:
			w.Header().Set("Content-Type", d.kind)
			w.Write([]byte(d.listing(r.URL.Path, children(files, at))))
		default:
			http.NotFound(w, r)
		}
	}) + "/d/"
}

// serve starts a server and returns its address.
func serve(t *testing.T, f http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	return s.URL
}

// hasty has less patience than the real world needs.
var hasty = patience{stalled: 200 * time.Millisecond, pause: time.Millisecond, asked: 5 * time.Millisecond}

// openWith opens a target without waiting for anything.
func openWith(t *testing.T, target string, o Options) *opened {
	t.Helper()
	o.patience = hasty
	if o.HTTP == nil {
		o.HTTP = &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 8, ResponseHeaderTimeout: 5 * time.Second}
		t.Cleanup(o.HTTP.CloseIdleConnections)
	}
	src, err := Open(t.Context(), target, o)
	if err != nil {
		t.Fatal(err)
	}
	return &opened{src, target}
}
