package source

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"vigie/scanner"
)

func TestS3Listing(t *testing.T) {
	setCredentials(t, "id")
	keys := map[string]string{"p/": "", "p/full/": "not empty", "p/a": "1", "p/b/c": "2", "p/\x01\x1f": "3", "p/é 漢": "4", "p/\U0001F600": "5", "q": "6"}
	f := &fakeS3{buckets: map[string]map[string]string{"b": keys, "a": {"1": "", "2": ""}, "c": {"3": ""}}, page: 2, region: "fr-par"}
	endpoint := serve(t, f.ServeHTTP)
	for _, c := range []struct {
		target, from, to string
		want             []string
	}{
		{"s3://b/p/", "", "", []string{"b/p/\x01\x1f", "b/p/a", "b/p/b/c", "b/p/full/", "b/p/é 漢", "b/p/\U0001F600"}},
		{"s3://b/p", "p/a", "p/é 漢", []string{"b/p/a", "b/p/b/c", "b/p/full/"}},
		{"s3://b", "p/é 漢", "", []string{"b/p/é 漢", "b/p/\U0001F600", "b/q"}},
		{"s3://b/q", "", "", []string{"b/q"}},
		{"s3://b/none", "", "", nil},
		{"s3://", "", "", []string{"a/1", "a/2", "b/p/\x01\x1f", "b/p/a", "b/p/b/c", "b/p/full/", "b/p/é 漢", "b/p/\U0001F600", "b/q", "c/3"}},
		{"s3://", "a/2", "b/p/b/", []string{"a/2", "b/p/\x01\x1f", "b/p/a"}},
		{"s3:///", "b/q", "", []string{"b/q", "c/3"}},
	} {
		paths, problems := listed(t, openWith(t, c.target, Options{S3Endpoint: endpoint + "/"}), "s3://", c.from, c.to)
		equal(t, fmt.Sprintf("%s %q to %q", c.target, c.from, c.to), paths, c.want)
		equal(t, c.target+" problems", problems, nil)
	}
}

// A range of keys is asked for where it begins, not from the first key on.
func TestS3StartAfter(t *testing.T) {
	setCredentials(t, "")
	keys := map[string]string{}
	for i := range 1000 {
		keys[fmt.Sprintf("%04d", i)] = "x"
	}
	f := &fakeS3{buckets: map[string]map[string]string{"b": keys}, page: 10}
	paths, _ := listed(t, openWith(t, "s3://b", Options{S3Endpoint: serve(t, f.ServeHTTP)}), "s3://b/", "0995", "0997")
	equal(t, "paths", paths, []string{"0995", "0996"})
	if len(f.asked) != 1 {
		t.Errorf("%d requests: %q", len(f.asked), f.asked)
	}
	for key, want := range map[string]string{"": "", "b": "a\uFFFD", "a/0": "a//\uFFFD", "a\x00": "a", "é": "è\uFFFD", "\uE000": "\uD7FF\uFFFD", "\xff": ""} {
		if got := justBefore(key); got != want || got >= key && key != "" {
			t.Errorf("just before %q: %q, want %q", key, got, want)
		}
	}
}

func TestS3Problems(t *testing.T) {
	endless := func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Query().Get("list-type") == "" {
			return false
		}
		fmt.Fprint(w, "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>same</NextContinuationToken><Contents><Key>k</Key><Size>1</Size></Contents></ListBucketResult>")
		return true
	}
	garbage := func(w http.ResponseWriter, r *http.Request) bool {
		fmt.Fprint(w, "<html>captive portal")
		return true
	}
	for _, c := range []struct {
		name, target, id string
		fake             fakeS3
		paths, problems  []string
	}{
		{"no such bucket", "s3://none/x", "", fakeS3{}, nil, []string{"s3://none/x: unreachable: 404 NoSuchBucket"}},
		{"closed", "s3://b", "", fakeS3{signed: true}, nil, []string{"s3://b/: denied: 403 AccessDenied"}},
		{"closed, all buckets", "s3://", "", fakeS3{signed: true}, nil, []string{"s3://: denied: 403 AccessDenied"}},
		{"signed", "s3://b", "id", fakeS3{signed: true, region: "eu-west-3"}, []string{"s3://b/k"}, nil},
		{"endless", "s3://b", "", fakeS3{before: endless}, []string{"s3://b/k", "s3://b/k"}, []string{"s3://b/: partial: server does not say where its listing goes on"}},
		{"no S3", "s3://b", "", fakeS3{before: garbage}, nil, []string{"s3://b/: unreachable: answer is cut short, or not that of an S3 server"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			setCredentials(t, c.id)
			c.fake.buckets, c.fake.page = map[string]map[string]string{"b": {"k": "v"}}, 10
			paths, problems := listed(t, openWith(t, c.target, Options{S3Endpoint: serve(t, c.fake.ServeHTTP)}), "", "", "")
			equal(t, "paths", paths, c.paths)
			equal(t, "problems", problems, c.problems)
		})
	}
	setCredentials(t, "")
	for _, c := range []struct{ target, endpoint, want string }{
		{"s3:///k", "", "no bucket before the prefix"},
		{"s3://b?x", "", "malformed name of a bucket"},
		{"s3://b", "minio:9000", "the endpoint must read http://host or https://host"},
		{"s3://b", "http://user:s3cret@h", "the endpoint must read http://host or https://host"},
	} {
		_, err := Open(t.Context(), c.target, Options{S3Endpoint: c.endpoint})
		if want := "open " + c.target + ": " + c.want; err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestS3BadObjects(t *testing.T) {
	setCredentials(t, "")
	for _, c := range []struct {
		name    string
		cold    bool
		before  func(w http.ResponseWriter, r *http.Request) bool
		want    string
		problem string
	}{
		{"archived", true, nil, "", "skipped: archived (GLACIER)"},
		{"changed", false, func(w http.ResponseWriter, r *http.Request) bool {
			if r.Header.Get("If-Match") == "" {
				t.Error("no condition")
			}
			w.WriteHeader(http.StatusPreconditionFailed)
			return true
		}, "", "skipped: changed while being read"},
		{"gone", false, func(w http.ResponseWriter, r *http.Request) bool {
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, "<Error><Code>NoSuchKey</Code><Message>secret token abc</Message></Error>")
			return true
		}, "", "unreachable: 404 NoSuchKey"},
		{"broken in the middle", false, func(w http.ResponseWriter, r *http.Request) bool {
			cut(w, r, 150_000, etagOf(text))
			return true
		}, text, ""},
		{"broken and changed", false, func(w http.ResponseWriter, r *http.Request) bool {
			if r.Header.Get("Range") != "" {
				w.WriteHeader(http.StatusPreconditionFailed)
				return true
			}
			cut(w, r, 100, etagOf(text))
			return true
		}, text[:100], "skipped: changed while being read"},
		{"without ranges, broken", false, func(w http.ResponseWriter, r *http.Request) bool {
			r.Header.Del("Range")
			cut(w, r, 100, etagOf(text))
			return true
		}, text[:100], "truncated: ends after 100 of 320000 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &fakeS3{buckets: map[string]map[string]string{"b": {"bad": text, "good": "g"}}, page: 10, cold: map[string]bool{"bad": c.cold}}
			f.before = func(w http.ResponseWriter, r *http.Request) bool {
				return c.before != nil && r.Method == http.MethodGet && r.URL.Path == "/b/bad" && c.before(w, r)
			}
			for o, err := range openWith(t, "s3://b", Options{S3Endpoint: serve(t, f.ServeHTTP)}).List(t.Context(), "", "") {
				if err != nil {
					t.Fatal(err)
				}
				got, err := content(t, o, 0, -1)
				if strings.HasSuffix(o.Path, "good") {
					if got != "g" || err != nil {
						t.Errorf("good: %q, %v", got, err)
					}
					continue
				}
				problem := ""
				if err != nil {
					problem = err.Error()
				}
				if got != c.want || problem != c.problem {
					t.Errorf("%d bytes, %q; want %d, %q", len(got), problem, len(c.want), c.problem)
				}
				if err != nil && !errors.As(err, new(*scanner.Problem)) {
					t.Errorf("%v is no problem", err)
				}
			}
		})
	}
}

func TestS3Exposure(t *testing.T) {
	for _, c := range []struct {
		name  string
		fake  fakeS3
		state scanner.State
		how   string
	}{
		{"closed", fakeS3{signed: true}, scanner.Private, "anonymous GET answered 403"},
		{"open", fakeS3{}, scanner.Network, "anonymous GET answered 206; anonymous listing works"},
		{"only listed", fakeS3{signed: true, listing: true}, scanner.Private, "anonymous GET answered 403; anonymous listing works"},
		{"only read", fakeS3{signed: true, objects: true}, scanner.Network, "anonymous GET answered 206"},
	} {
		t.Run(c.name, func(t *testing.T) {
			setCredentials(t, "id")
			c.fake.buckets, c.fake.page = map[string]map[string]string{"b": {"a b+c/é%41?#.csv": "v"}}, 10
			for o, err := range openWith(t, "s3://b", Options{S3Endpoint: serve(t, c.fake.ServeHTTP)}).List(t.Context(), "", "") {
				if err != nil {
					t.Fatal(err)
				}
				if e := o.Exposure(t.Context()); e.State != c.state || e.How != c.how || !e.FileDated.Equal(dated) {
					t.Errorf("%+v", e)
				}
			}
		})
	}
}

func TestS3Region(t *testing.T) {
	closed := &http.Transport{Proxy: func(*http.Request) (*url.URL, error) { return nil, errors.New("no network in tests") }}
	for endpoint, want := range map[string]string{
		"https://s3.fr-par.scw.cloud": "fr-par", "https://s3.gra.io.cloud.ovh.net": "gra", "https://oos.eu-west-2.outscale.com": "eu-west-2",
		"https://s3.example.org": "us-east-1", "https://ovh.net": "us-east-1", "": "us-east-1",
	} {
		a := &account{transport: newTransport(Options{HTTP: closed}), endpoint: endpoint}
		if got := a.regionOf(t.Context(), "b"); got != want {
			t.Errorf("%s: %s, want %s", endpoint, got, want)
		}
	}
	b := &bucket{account: &account{}, name: "b.c", region: "eu-west-3"}
	if got := b.address("a b+c/é%41?#.csv").String(); got != "https://s3.eu-west-3.amazonaws.com/b.c/a%20b%2Bc/%C3%A9%2541%3F%23.csv" {
		t.Error(got)
	}
}
