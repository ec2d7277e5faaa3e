package source

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"vigie/scanner"
)

// text of which the bad servers serve parts.
var text = strings.Repeat("0123456789abcdef", 20_000)

// cut sends the answer to a request for a range, says that it is whole, and
// breaks the connection after n bytes.
func cut(w http.ResponseWriter, r *http.Request, n int, version string) {
	var start int
	fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &start)
	w.Header().Set("ETag", version)
	w.Header().Set("Content-Length", strconv.Itoa(len(text)-start))
	if r.Header.Get("Range") != "" {
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", start, len(text)-1, len(text)))
		w.WriteHeader(http.StatusPartialContent)
	}
	if r.Method == http.MethodHead {
		return
	}
	w.Write([]byte(text[start:min(start+n, len(text))]))
	if start+n < len(text) {
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
}

// A bad server answers the n-th GET (from 1) for its one file; HEAD says the
// truth.
func TestBadServers(t *testing.T) {
	packed := func(s string) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write([]byte(s))
		z.Close()
		return b.Bytes()
	}
	stop := make(chan struct{})
	defer close(stop)
	for _, c := range []struct {
		name    string
		head    func(w http.ResponseWriter) bool // true: answered
		get     func(w http.ResponseWriter, r *http.Request, n int)
		want    string // content
		problem string
	}{
		{"reset in the middle, three times", nil, func(w http.ResponseWriter, r *http.Request, n int) { cut(w, r, 100_000, `"1"`) }, text, ""},
		{"reset at once, always", nil, func(w http.ResponseWriter, r *http.Request, n int) {
			if n == 1 {
				cut(w, r, 1000, `"1"`)
			}
			panic(http.ErrAbortHandler)
		}, text[:1000], "truncated: ends after 1000 of 320000 bytes"},
		{"reset, then no ranges", nil, func(w http.ResponseWriter, r *http.Request, n int) {
			r.Header.Del("Range")
			cut(w, r, 1000, `"1"`)
		}, text[:1000], "truncated: ends after 1000 of 320000 bytes"},
		{"reset, then another version", nil, func(w http.ResponseWriter, r *http.Request, n int) {
			cut(w, r, 1000, fmt.Sprintf(`"%d"`, n))
		}, text[:1000], "skipped: changed while being read"},
		{"reset, then another range", nil, func(w http.ResponseWriter, r *http.Request, n int) {
			if n > 1 {
				r.Header.Set("Range", "bytes=0-")
			}
			cut(w, r, 1000, `"1"`)
		}, text[:1000], "truncated: ends after 1000 of 320000 bytes"},
		{"shorter than listed", nil, func(w http.ResponseWriter, r *http.Request, n int) {
			if r.Header.Get("Range") != "" {
				w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
				return
			}
			w.Write([]byte(text[:500]))
		}, text[:500], "truncated: ends after 500 of 320000 bytes"},
		{"longer than listed", func(w http.ResponseWriter) bool { w.Header().Set("Content-Length", "7"); return true },
			func(w http.ResponseWriter, r *http.Request, n int) { w.Write([]byte(text)) }, text, ""},
		{"stall", nil, func(w http.ResponseWriter, r *http.Request, n int) {
			w.Header().Set("Content-Length", strconv.Itoa(len(text)))
			w.Write([]byte(text[:300]))
			w.(http.Flusher).Flush()
			select {
			case <-stop:
			case <-r.Context().Done():
			}
		}, text[:300], "timeout: no byte for 200ms"},
		{"busy twice", nil, func(w http.ResponseWriter, r *http.Request, n int) {
			if n < 3 {
				w.Header().Set("Retry-After", "120")
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			cut(w, r, len(text), `"1"`)
		}, text, ""},
		{"busy always", nil, func(w http.ResponseWriter, r *http.Request, n int) { w.WriteHeader(429) }, "", "unreachable: 429 Too Many Requests"},
		{"error always", nil, func(w http.ResponseWriter, r *http.Request, n int) { w.WriteHeader(500) }, "", "unreachable: 500 Internal Server Error"},
		{"forbidden", nil, func(w http.ResponseWriter, r *http.Request, n int) { w.WriteHeader(403) }, "", "denied: 403 Forbidden"},
		{"gone", nil, func(w http.ResponseWriter, r *http.Request, n int) { w.WriteHeader(410) }, "", "unreachable: 410 Gone"},
		{"redirect off the site", nil, func(w http.ResponseWriter, r *http.Request, n int) {
			http.Redirect(w, r, "https://elsewhere.example/?token=s3cret", http.StatusFound)
		}, "", "skipped: redirects to elsewhere.example"},
		{"packed for the way", nil, func(w http.ResponseWriter, r *http.Request, n int) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(packed(text))
		}, text, ""},
		{"said to be packed", nil, func(w http.ResponseWriter, r *http.Request, n int) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write([]byte(text))
		}, "", "truncated: ends after 0 of 320000 bytes"},
		{"packed where it is kept", func(w http.ResponseWriter) bool { w.Header().Set("Content-Encoding", "x-gzip"); return true },
			func(w http.ResponseWriter, r *http.Request, n int) {
				w.Header().Set("Content-Encoding", "x-gzip")
				w.Write(packed("kept"))
			}, string(packed("kept")), ""},
		{"packed as nobody asked", nil, func(w http.ResponseWriter, r *http.Request, n int) {
			w.Header().Set("Content-Encoding", "br")
			w.Write([]byte("x"))
		}, "", `unsupported: content encoding "br"`},
		{"no HEAD", func(w http.ResponseWriter) bool { w.WriteHeader(http.StatusMethodNotAllowed); return true },
			func(w http.ResponseWriter, r *http.Request, n int) { cut(w, r, len(text), `"1"`) }, text, ""},
		{"HEAD of length 0", func(w http.ResponseWriter) bool { w.Header().Set("Content-Length", "0"); return true },
			func(w http.ResponseWriter, r *http.Request, n int) { cut(w, r, len(text), `"1"`) }, text, ""},
		{"breaks off HEAD", func(w http.ResponseWriter) bool { panic(http.ErrAbortHandler) }, nil, "", "unreachable: connection closed without an answer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var gets atomic.Int32
			host := serve(t, func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Path == "/d/":
					w.Header().Set("Content-Type", "text/html")
					fmt.Fprint(w, `<title>Index of /d/</title><a href="bad.csv"></a><a href="good.csv"></a>`)
				case r.URL.Path == "/d/good.csv":
					serveFile(w, r, "", "good;")
				case r.URL.Path != "/d/bad.csv":
					http.NotFound(w, r)
				case r.Method != http.MethodHead:
					c.get(w, r, int(gets.Add(1)))
				case c.head == nil || !c.head(w):
					cut(w, r, 0, `"1"`)
				}
			})
			var got, problem string
			good := false
			for o, err := range openWith(t, host+"/d/", Options{}).List(t.Context(), "", "") {
				bad := strings.HasSuffix(o.Path, "bad.csv")
				var body string
				if err == nil {
					body, err = content(t, o, 0, -1)
				}
				if !bad {
					good = err == nil && body == "good;"
					continue
				}
				got = body
				if err != nil {
					if problem = err.Error(); !errors.As(err, new(*scanner.Problem)) {
						t.Errorf("%v is no problem", err)
					}
				}
			}
			if !good {
				t.Error("the next object is not read")
			}
			if got != c.want || problem != c.problem {
				t.Errorf("%d bytes, %q; want %d, %q", len(got), problem, len(c.want), c.problem)
			}
		})
	}
}

// A page that breaks is requested again; one that never comes whole is a
// problem, and its first links are followed.
func TestBadPages(t *testing.T) {
	for _, c := range []struct {
		name            string
		whole           int32 // the request that is answered whole; 0: none
		paths, problems []string
	}{
		{"whole at last", 3, []string{"", "a.csv", "b.csv"}, nil},
		{"never whole", 0, []string{"", "a.csv"}, []string{": partial: page ends early: not all of its links are followed"}},
	} {
		var gets atomic.Int32
		host := serve(t, func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/d/":
				w.Header().Set("Content-Type", "text/html")
				fmt.Fprint(w, `<a href="a.csv">a</a>`)
				w.(http.Flusher).Flush()
				if gets.Add(1) != c.whole {
					panic(http.ErrAbortHandler)
				}
				fmt.Fprint(w, `<a href="b.csv">b</a>`)
			case "/d/a.csv", "/d/b.csv":
				serveFile(w, r, "", "csv;")
			default:
				http.NotFound(w, r)
			}
		})
		paths, problems := listed(t, openWith(t, host+"/d/", Options{}), host+"/d/", "", "")
		equal(t, c.name, paths, c.paths)
		equal(t, c.name+" problems", problems, c.problems)
	}
}

// A server that packs its pages although nobody asked is understood.
func TestPackedPage(t *testing.T) {
	host := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/d/" {
			siteMap{"/d/a.csv": "abc;"}.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		fmt.Fprint(z, `<p>packed <a href="a.csv">`)
		z.Close()
	})
	for o, err := range openWith(t, host+"/d/", Options{}).List(t.Context(), "", "") {
		if err != nil {
			t.Errorf("%s: %v", o.Path, err)
			continue
		}
		if got, err := content(t, o, 0, -1); err != nil || got != "abc;" && got != `<p>packed <a href="a.csv">` {
			t.Errorf("%s: %q, %v", o.Path, got, err)
		}
	}
}

// A server without ranges is read from the beginning only, and asked once.
func TestUnranged(t *testing.T) {
	var gets atomic.Int32
	host := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.URL.Path == "/a.bin" {
			gets.Add(1)
		}
		w.Write([]byte("0123456789"))
	})
	for o, err := range openWith(t, host+"/a.bin", Options{IgnoreRobots: true}).List(t.Context(), "", "") {
		if err != nil {
			t.Fatal(err)
		}
		before := gets.Load()
		for range 2 {
			if _, err := content(t, o, 5, 2); !errors.Is(err, scanner.ErrUnranged) {
				t.Errorf("from the middle: %v", err)
			}
		}
		if n := gets.Load() - before; n != 1 {
			t.Errorf("asked %d times", n)
		}
		if got, err := content(t, o, 0, 4); got != "0123" || err != nil {
			t.Errorf("from the beginning: %q, %v", got, err)
		}
	}
}
