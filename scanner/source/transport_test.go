package source

import (
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"testing"
	"time"

	"vigie/scanner"
)

func TestReach(t *testing.T) {
	for addr, want := range map[string]scanner.State{
		"127.0.0.1": scanner.Network, "10.1.2.3": scanner.Network, "172.31.0.1": scanner.Network, "192.168.1.1": scanner.Network,
		"169.254.0.1": scanner.Network, "100.64.0.1": scanner.Network, "::1": scanner.Network, "fd00::1": scanner.Network,
		"fe80::1": scanner.Network, "::ffff:10.0.0.1": scanner.Network, "0.0.0.0": scanner.Network,
		"8.8.8.8": scanner.Public, "100.128.0.1": scanner.Public, "2001:4860::1": scanner.Public, "::ffff:8.8.8.8": scanner.Public,
	} {
		if got := reach(netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s: %s, want %s", addr, got, want)
		}
	}
	if got := reach(netip.Addr{}); got != scanner.Unknown {
		t.Errorf("no address: %s", got)
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2024, 3, 4, 5, 6, 7, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, "-1": 0, "99999999": time.Hour, "soon": 0, "99999999999999999999": 0,
		"Mon, 04 Mar 2024 05:06:17 GMT": 10 * time.Second, "Mon, 04 Mar 2024 05:00:00 GMT": 0,
	} {
		if got := retryAfter(value, now); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}

func TestNetProblem(t *testing.T) {
	late := &url.Error{Op: "Get", URL: "https://h/?token=s3cret", Err: errTimeout{}}
	if err := netProblem(t.Context(), late); err.Error() != "timeout: too late" {
		t.Error(err)
	}
	refused := &url.Error{Op: "Get", URL: "https://h/?token=s3cret", Err: errors.New("refused")}
	if err := netProblem(t.Context(), refused); err.Error() != "unreachable: refused" {
		t.Error(err)
	}
}

type errTimeout struct{}

func (errTimeout) Error() string   { return "too late" }
func (errTimeout) Timeout() bool   { return true }
func (errTimeout) Temporary() bool { return true }

// Every request bears the name, and waits for its turn.
func TestTransport(t *testing.T) {
	var agents []string
	host := serve(t, func(w http.ResponseWriter, r *http.Request) {
		agents = append(agents, r.UserAgent()+" "+r.Method+" "+r.URL.Path)
		siteMap{"/a.csv": "abc;"}.ServeHTTP(w, r)
	})
	paths, _ := listed(t, openWith(t, host+"/a.csv", Options{UserAgent: "lookout", Rate: 1000}), host, "", "")
	equal(t, "paths", paths, []string{"/a.csv"})
	equal(t, "requests", agents, []string{"lookout GET /robots.txt", "lookout HEAD /a.csv"})

	tr := newTransport(Options{Rate: 2})
	if r := tr.limit.Limit(); r != 2 || tr.limit.Burst() != 1 {
		t.Errorf("rate %v", r)
	}
	if newTransport(Options{}).limit != nil {
		t.Error("a limit where none was asked for")
	}
}

func TestShown(t *testing.T) {
	for target, want := range map[string]string{
		"https://u:p@h/a?b=c&d=e#f":   "https://h/a?b=•••&d=•••",
		"https://u:p@w@h":             "https://h",
		"https://h/a@b?x":             "https://h/a@b?•••",
		"https://h/?a=b;c":            "https://h/?a=•••&•••",
		"s3://b/k?x=@y":               "s3://b/k?x=@y",
		"a/b?c":                       "a/b?c",
		"sftp://u:p@h/x":              "sftp://h/x",
		"1x://u@h":                    "1x://u@h",
		"HTTP://u@h/?":                "HTTP://h/?",
		"https://h?token=x/y@z&t=u/v": "https://h?token=•••&t=•••",
	} {
		if got := Shown(target); got != want {
			t.Errorf("%s: %s, want %s", target, got, want)
		}
	}
	for u, want := range map[string]string{
		"https://h/a%20b/%C3%A9.csv": "https://h/a b/é.csv",
		"https://h/%E9.csv":          "https://h/%E9.csv",
		"https://h/a%0Ab%1B.csv":     "https://h/a%0Ab%1B.csv",
		"https://h/%253F%3F":         "https://h/%253F%3F",
		"https://h/x?k=v":            "https://h/x?k=•••",
		"https://h/a%E2%80%AEb":      "https://h/a%E2%80%AEb",
	} {
		parsed, err := url.Parse(u)
		if err != nil {
			t.Fatal(err)
		}
		if got := showURL(parsed); got != want {
			t.Errorf("%s: %s, want %s", u, got, want)
		}
	}
}
