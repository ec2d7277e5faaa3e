package report

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"vigie/scanner"
)

// asked reads logs for findings at the paths.
func asked(t *testing.T, o AccessOptions, paths []string, logs ...string) *Access {
	t.Helper()
	a := OpenAccess(o)
	for i, p := range paths {
		f := &scanner.Finding{ID: fmt.Sprint(i), Severity: scanner.High, Profile: "people-register", Path: p, Rows: 1}
		if strings.HasSuffix(p, "/") {
			f.Documents = 3
		}
		if err := a.Write(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	for i, log := range logs {
		if err := a.Read(t.Context(), fmt.Sprint("log", i), strings.NewReader(log)); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

// told returns what the JSON says of the only place.
func told(t *testing.T, a *Access) (p accessPlace) {
	t.Helper()
	var b bytes.Buffer
	if err := a.JSON(&b); err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(&b).Decode(&p); err != nil || p.Type != "access" {
		t.Fatal(p.Type, err)
	}
	return p
}

const at = "[10/Oct/2025:13:55:36 +0200]"

func TestAccessKnowsLogsByTheirLook(t *testing.T) {
	const web, bucket = "https://cours.example/r/CAF.zip!/CAF/allocataires.csv", "s3://formation/r/CAF.zip!/CAF/allocataires.csv"
	const owner = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
	tests := []struct {
		name, path, line string
		agent            string
		bytes            int64
	}{
		{"common", web, `203.0.113.7 - - ` + at + ` "GET /r/CAF.zip HTTP/1.1" 200 3412`, "-", 3412},
		{"combined", web, `203.0.113.7 - - ` + at + ` "GET /r/CAF.zip?x=1 HTTP/1.1" 200 3412 "-" "curl/8.5.0"`, "curl", 3412},
		{"user with a space", web, `203.0.113.7 - jean [x] dupont ` + at + ` "GET /r/CAF.zip HTTP/1.1" 200 3412 "-" "curl/8.5.0"`, "curl", 3412},
		{"virtual host", web, `cours.example:443 203.0.113.7 - - ` + at + ` "GET /r/CAF.zip HTTP/2.0" 200 3412 "http://a/\"b" "Wget/1.21"`, "Wget", 3412},
		{"more fields", web, `203.0.113.7 - - ` + at + ` "GET /r/CAF.zip HTTP/1.1" 200 3412 "-" "python-requests/2.31" "10.0.0.1" 0.003`, "python-requests", 3412},
		{"no bytes", web, `203.0.113.7 - - ` + at + ` "GET /r/CAF.zip HTTP/1.1" 304 -`, "-", 0},
		{"absolute address", web, `203.0.113.7 - - ` + at + ` "GET http://cours.example:80/r/CAF.zip HTTP/1.1" 200 5 "-" "-"`, "-", 5},
		{"without a version", web, `203.0.113.7 - - ` + at + ` "GET /r/CAF.zip" 200 5`, "-", 5},
		{"encoded", web, `203.0.113.7 - - ` + at + ` "GET /r/%43AF%2Ezip HTTP/1.1" 200 5`, "-", 5},
		{"escaped by nginx", web, `203.0.113.7 - - ` + at + ` "GET /r/\x43AF.zip HTTP/1.1" 206 5 "-" "\x22Googlebot/2.1"`, `Googlebot`, 5},
		{"slashes and dots", web, `203.0.113.7 - - ` + at + ` "GET //x/..//r/./CAF.zip HTTP/1.1" 200 5`, "-", 5},
		{"nginx JSON", web, `{"time_iso8601":"2025-10-10T13:55:36+02:00","remote_addr":"203.0.113.7","http_host":"cours.example","request":"GET /r/CAF.zip?a=\"b HTTP/1.1","status":200,"body_bytes_sent":3412,"http_user_agent":"Mozilla/5.0 (X11; Linux) Gecko/20100101 Firefox/128.0"}`, "Firefox", 3412},
		{"nginx JSON, variables", web, `{ "msec" : "1760097336.000", "remote_addr":"203.0.113.7", "request_method":"GET", "request_uri":"/r/CAF.zip", "status":"206", "bytes_sent":"9", "upstream":{"a":[1,"}"]} }`, "-", 9},
		{"CloudFront", web, "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query x-host-header\n" +
			"2025-10-10\t11:55:36\tCDG50-C1\t3500\t203.0.113.7\tGET\td111.cloudfront.net\t/r/CAF.zip\t200\t-\tMozilla/5.0%20(compatible;%20bingbot/2.0;%20+http://www.bing.com/bingbot.htm)\t-\tcours.example", "bingbot", 3500},
		{"CloudFront before a bucket", bucket, "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(User-Agent)\n" +
			"2025-10-10\t11:55:36\tCDG50-C1\t3500\t203.0.113.7\tGET\td111.cloudfront.net\t/r/CAF.zip\t200\tcurl/8.0", "curl", 3500},
		{"IIS", web, "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status sc-bytes\n" +
			"2025-10-10 11:55:36 10.0.0.1 GET /r/CAF.zip - 443 - 203.0.113.7 Mozilla/5.0+(Windows+NT+10.0)+Chrome/120.0+Safari/537.36 200 77", "Chrome", 77},
		{"S3", bucket, owner + ` formation ` + at + ` 203.0.113.7 - 3E57427F3EXAMPLE REST.GET.OBJECT r/CAF.zip "GET /formation/r/CAF.zip?x HTTP/1.1" 200 - 3412 3412 70 10 "-" "aws-cli/2.0" - hostid SigV4 x y z TLSv1.2 - -`, "aws-cli", 3412},
		{"S3, encoded twice", "s3://formation/r/dossier été.zip", owner + ` formation ` + at + ` 203.0.113.7 - 3E5 REST.GET.OBJECT r/dossier%2520%25C3%25A9t%25C3%25A9.zip "GET /r/x HTTP/1.1" 206 - 12 3412 70 10 "-" "curl/8" -`, "curl", 12},
		{"S3 of a web address", "https://formation.s3.eu-west-3.amazonaws.com/r/CAF.zip", owner + ` formation ` + at + ` 203.0.113.7 - 3E5 REST.GET.OBJECT r/CAF.zip "GET /r/CAF.zip HTTP/1.1" 200 - 12 3412 70 10 "-" "curl/8" -`, "curl", 12},
		{"path style", bucket, `203.0.113.7 - - ` + at + ` "GET /formation/r/CAF.zip HTTP/1.1" 200 5 "-" "curl/8"`, "curl", 5},
		{"CloudTrail", bucket, `{"Records":[{"eventTime":"2025-10-10T11:55:36Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","sourceIPAddress":"203.0.113.7","userAgent":"[Boto3/1.2]","requestParameters":{"bucketName":"formation","key":"r/CAF.zip"},"additionalEventData":{"bytesTransferredOut":3412.0},"errorCode":null}]}`, "Boto3", 3412},
		{"CloudTrail, copied away", bucket, `{"eventTime":"2025-10-10T11:55:36Z","eventSource":"s3.amazonaws.com","eventName":"CopyObject","sourceIPAddress":"203.0.113.7","userAgent":"x","requestParameters":{"bucketName":"theirs","key":"k","x-amz-copy-source":"formation/r/CAF.zip"}}`, "x", 0},
		{"file of this machine", "/srv/www/cours/r/CAF.zip!/a.csv", `203.0.113.7 - - ` + at + ` "GET /r/CAF.zip HTTP/1.1" 200 5 "-" "curl/8"`, "curl", 5},
		{"file named from here", "./r/CAF.zip", `203.0.113.7 - - ` + at + ` "GET /cours/r/CAF.zip HTTP/1.1" 200 5 "-" "curl/8"`, "curl", 5},
		{"folder named from here", "pieces/", `203.0.113.7 - - ` + at + ` "GET /cours/pieces/a.pdf HTTP/1.1" 200 5 "-" "curl/8"`, "curl", 5},
		{"file of Windows", `C:\inetpub\wwwroot\r\CAF.zip`, `203.0.113.7 - - ` + at + ` "GET /r/CAF.zip HTTP/1.1" 200 5 "-" "curl/8"`, "curl", 5},
		{"folder", "s3://formation/pieces/", `203.0.113.7 - - ` + at + ` "GET /formation/pieces/2022/a.pdf HTTP/1.1" 200 5 "-" "curl/8"`, "curl", 5},
		{"folder of the web", "https://cours.example/pieces/", `203.0.113.7 - - ` + at + ` "GET /pieces/a.pdf HTTP/1.1" 200 5 "-" "curl/8"`, "curl", 5},
		{"folder of this machine", "/srv/www/pieces/", `203.0.113.7 - - ` + at + ` "GET /pieces/a.pdf HTTP/1.1" 200 5 "-" "curl/8"`, "curl", 5},
		{"masked name", "https://cours.example/r/dossier 1 00 •• •• ••• ••• ••.csv", `203.0.113.7 - - ` + at + ` "GET /r/dossier%201000000000000.csv HTTP/1.1" 200 5 "-" "curl/8"`, "curl", 5},
		{"masked local name", "/srv/www/r/a•••.csv", `203.0.113.7 - - ` + at + ` "GET /r/allocataires.csv HTTP/1.1" 200 5 "-" "curl/8"`, "curl", 5},
		{"masked key, path style", "s3://formation/a•••/b•••.csv", `203.0.113.7 - - ` + at + ` "GET /formation/annexe/base.csv HTTP/1.1" 200 5 "-" "curl/8"`, "curl", 5},
		{"masked query", "https://cours.example/get?id=•••&f=•••", `203.0.113.7 - - ` + at + ` "GET /get?f=csv&id=3 HTTP/1.1" 200 5 "-" "curl/8"`, "curl", 5},
	}
	for _, tt := range tests {
		a := asked(t, AccessOptions{}, []string{tt.path}, tt.line+"\n")
		p := told(t, a)
		when := time.Date(2025, 10, 10, 11, 55, 36, 0, time.UTC)
		if p.Fetched != 1 || p.Bytes != tt.bytes || len(p.Visitors) != 1 || !p.First.Equal(when) || !p.Last.Equal(when) || p.Addresses != 1 {
			t.Errorf("%s: %+v, %d lines not understood", tt.name, p, a.unread)
			continue
		}
		if v := p.Visitors[0]; v.Address != "203.0.113.7" || v.Agent != tt.agent {
			t.Errorf("%s: %+v, want %s", tt.name, v, tt.agent)
		}
		if !a.Fetched() || !a.Understood() || !a.from.Equal(when) || !a.to.Equal(when) {
			t.Errorf("%s: %v, %v, %v to %v", tt.name, a.Fetched(), a.Understood(), a.from, a.to)
		}
	}
}

// Requests for something else, and what sends no content.
func TestAccessTellsApart(t *testing.T) {
	const web = "https://cours.example/r/CAF.zip"
	line := func(request string, status int, agent string) string {
		return fmt.Sprintf("203.0.113.7 - - %s \"%s HTTP/1.1\" %d 5 \"-\" \"%s\"\n", at, request, status, agent)
	}
	tests := []struct {
		name, path, line string
		want             accessPlace
	}{
		{"another path", web, line("GET /r/CAF.zip.txt", 200, "curl"), accessPlace{}},
		{"the folder", web, line("GET /r/", 200, "curl"), accessPlace{}},
		{"head", web, line("HEAD /r/CAF.zip", 200, "curl"), accessPlace{Heads: 1}},
		{"refused", web, line("GET /r/CAF.zip", 403, "curl"), accessPlace{Refused: 1}},
		{"redirected", web, line("GET /r/CAF.zip", 301, "curl"), accessPlace{Refused: 1}},
		{"posted", web, line("POST /r/CAF.zip", 200, "curl"), accessPlace{Others: 1}},
		{"vigie", web, line("GET /r/CAF.zip", 206, "vigie"), accessPlace{Own: 1}},
		{"vigie with its version", web, line("GET /r/CAF.zip", 206, "vigie/1.2"), accessPlace{Own: 1}},
		{"another host", web, "other.example:80 203.0.113.7 - - " + at + " \"GET /r/CAF.zip HTTP/1.1\" 200 5\n", accessPlace{Elsewhere: 1, Hosts: []string{"other.example:80"}}},
		{"another bucket", "s3://formation/a", "x other " + at + ` 203.0.113.7 - 3E5 REST.GET.OBJECT a "GET /a HTTP/1.1" 200 - 12 3412 70 10 "-" "curl/8" -`, accessPlace{}},
		{"its rights", "s3://formation/a", "x formation " + at + ` 203.0.113.7 - 3E5 REST.GET.ACL a "GET /a?acl HTTP/1.1" 200 - 12 3412 70 10 "-" "curl/8" -`, accessPlace{Others: 1}},
		{"denied by AWS", "s3://formation/a", `{"eventTime":"2025-10-10T11:55:36Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","sourceIPAddress":"1.2.3.4","errorCode":"AccessDenied","requestParameters":{"bucketName":"formation","key":"a"}}`, accessPlace{Refused: 1}},
		{"a parameter is missing", "https://cours.example/get?id=•••", line("GET /get?f=3", 200, "curl"), accessPlace{Masked: true}},
		{"another ending", "https://cours.example/•••.csv", line("GET /a.txt", 200, "curl"), accessPlace{Masked: true}},
		{"no request", web, "203.0.113.7 - - " + at + ` "-" 408 0` + "\n203.0.113.7 - - " + at + ` "\x16\x03\x01" 400 0` + "\n", accessPlace{}},
		{"the listing of the folder", "https://cours.example/pieces/", line("GET /pieces/", 200, "curl"), accessPlace{}},
	}
	for _, tt := range tests {
		a := asked(t, AccessOptions{}, []string{tt.path}, tt.line)
		p := told(t, a)
		got := accessPlace{Fetched: p.Fetched, Heads: p.Heads, Refused: p.Refused, Others: p.Others, Own: p.Own, Elsewhere: p.Elsewhere, Hosts: p.Hosts, Masked: p.Masked}
		if fmt.Sprint(got) != fmt.Sprint(tt.want) || a.Fetched() || !a.Understood() {
			t.Errorf("%s: %+v, want %+v; %d not understood", tt.name, got, tt.want, a.unread)
		}
	}
}

// Lines that are no requests are counted, and said to be.
func TestAccessCountsWhatItDoesNotUnderstand(t *testing.T) {
	lines := []string{
		"2025/10/10 13:55:36 [error] 12#12: *1 open() failed", `203.0.113.7 - - ` + at + ` "GET /a HTTP/1.1`,
		`203.0.113.7 - - ` + at + ` "GET /a HTTP/1.1" abc 5`, `{"a":1`, `{"msg":"started","time":"2025-10-10T11:55:36Z"}`, strings.Repeat("x", 2<<20), "\x00\xff", "[10/Oct/2025",
		`{"time":"x","remote_addr":"1.2.3.4","status":200}`,
	}
	a := asked(t, AccessOptions{}, []string{"https://h/a"}, "# a comment\n\n"+strings.Join(lines, "\n"))
	if err := a.Read(t.Context(), "trail", strings.NewReader(`{"Records":[{"eventTime":"2025-10`)); err == nil || a.unread != int64(len(lines))+1 {
		t.Errorf("a broken trail: %v, %d not understood", err, a.unread)
	}
	a.unread--
	a.lines--
	if a.unread != int64(len(lines)) || a.Understood() || a.Fetched() || a.lines != int64(len(lines)+2) {
		t.Errorf("%d of %d lines not understood, want %d", a.unread, a.lines, len(lines))
	}
	var b strings.Builder
	if err := a.Text(&b, 0); err != nil || !strings.Contains(b.String(), "log0: 9 lines, the first is line 3") || strings.Contains(b.String(), "started") {
		t.Error(b.String(), err)
	}
}

// Names from clients and logs are hostile, and queries hold what they like.
func TestAccessTellsNothingHostile(t *testing.T) {
	const nir = "253072A07300443"
	hide := func(s string) string { return strings.ReplaceAll(s, nir, "•••") }
	a := asked(t, AccessOptions{Hide: hide}, []string{"https://h/a\x1b[31m.zip"},
		"\x1b]0;x\a - - "+at+` "GET /a%1B[31m.zip?nir=`+nir+` HTTP/1.1" 200 5 "`+nir+`" "`+"\x1b[2J\u202E"+nir+`/1.0 =cmd"`+"\n"+
			"=HYPERLINK - - "+at+` "GET /a%1B[31m.zip HTTP/1.1" 200 5 "-" "=cmd|' /C calc'!A0"`+"\n")
	a.strange = append(a.strange, &strangeLog{name: "/var/log/\x1b[2Jx", count: 1, first: 1})
	a.unread = 1
	for name, write := range map[string]func(io.Writer) error{"text": func(w io.Writer) error { return a.Text(w, 0) }, "json": a.JSON, "csv": a.CSV} {
		var b strings.Builder
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		if s := b.String(); strings.ContainsAny(s, "\x1b\a\u202E") || strings.Contains(s, nir) || strings.Contains(s, "\n=") || strings.Contains(s, ",=") {
			t.Errorf("%s: %q", name, s)
		}
	}
}

func TestAccessMasksAddresses(t *testing.T) {
	var log strings.Builder
	for _, address := range []string{"203.0.113.7", "203.0.113.9", "203.0.113.9", "2001:db8:1:2::5", "2001:db8:1:3::5", "::ffff:198.51.100.3", "dhcp-7.lan.example.org", "printer"} {
		fmt.Fprintf(&log, "%s - - %s \"GET /a HTTP/1.1\" 200 5 \"-\" \"curl/8\"\n", address, at)
	}
	a := asked(t, AccessOptions{Mask: true}, []string{"https://h/a"}, log.String())
	p := told(t, a)
	var got []string
	for _, v := range p.Visitors {
		got = append(got, fmt.Sprint(v.Address, " ", v.Fetched))
	}
	want := "203.0.113.0/24 3, 2001:db8:1::/48 2, 198.51.100.0/24 1, •••.example.org 1, ••• 1"
	if p.Addresses != 7 || p.Certainty != exactly || !sameElements(got, strings.Split(want, ", ")) {
		t.Errorf("%d addresses: %v", p.Addresses, got)
	}
}

func sameElements(a, b []string) bool {
	seen := map[string]int{}
	for _, s := range a {
		seen[s]++
	}
	for _, s := range b {
		seen[s]--
	}
	for _, n := range seen {
		if n != 0 {
			return false
		}
	}
	return len(a) == len(b)
}

func TestAgentsAreNamedAsTheyNameThemselves(t *testing.T) {
	for header, want := range map[string]string{
		"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)":                                                 "Googlebot",
		"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116": "bingbot",
		"Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)":                                                   "Mozilla",
		"facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)":                                                "facebookexternalhit",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 Edg/120.0":    "Edge",
		"Mozilla/5.0 (Macintosh) AppleWebKit/605 (KHTML, like Gecko) Version/17 Safari/605":                                        "Safari",
		"curl/8.5.0": "curl", "python-requests/2.31": "python-requests", "Go-http-client/2.0": "Go-http-client", "vigie": "vigie",
		"ia_archiver (+http://www.alexa.com)": "ia_archiver", "": "-", "-": "-", "()": "-",
	} {
		if got := agentName(header); got != want {
			t.Errorf("%q: %q, want %q", header, got, want)
		}
	}
}

// A million addresses, agents and hosts leave little behind.
func TestAccessKeepsLittle(t *testing.T) {
	a := OpenAccess(AccessOptions{})
	for i := range 2000 {
		f := &scanner.Finding{ID: fmt.Sprint(i), Severity: scanner.High, Path: fmt.Sprintf("https://h/%d", i), Rows: 1}
		if err := a.Write(context.Background(), f); err != nil {
			t.Fatal(err)
		}
	}
	const lines = 400_000
	pr, pw := io.Pipe()
	go func() {
		var b bytes.Buffer
		for i := range lines {
			fmt.Fprintf(&b, "v%d %d.%d.%d.1 - - %s \"GET /%d HTTP/1.1\" 200 5 \"-\" \"agent%d/1\"\n", i%3, i>>16&255, i>>8&255, i&255, at, i%1000*(i%2), i)
			if b.Len() > 64<<10 {
				b.WriteTo(pw)
			}
		}
		b.WriteTo(pw)
		pw.Close()
	}()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	a.index.all["https://h/0"].host = ""
	if err := a.Read(context.Background(), "log", pr); err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if kept := int64(after.HeapAlloc) - int64(before.HeapAlloc); kept > 60<<20 {
		t.Errorf("keeps %d kB", kept>>10)
	}
	p := a.index.all["https://h/0"].visits
	if n, sure := p.addresses(); sure != estimated || n < lines*45/100 || n > lines*55/100 || p.fetched() != lines/2 || len(p.who) > maxVisitors {
		t.Errorf("%s %d addresses of %d fetches, %d kept", sure, n, p.fetched(), len(p.who))
	}
}

func FuzzAccess(f *testing.F) {
	f.Add([]byte(`203.0.113.7 - - ` + at + ` "GET /r/%43AF.zip?x=\"1 HTTP/1.1" 200 3412 "-" "curl/8.5.0"`))
	f.Add([]byte("#Fields: date time c-ip cs-method cs-uri-stem sc-status\n2025-10-10\t11:55:36\t1.2.3.4\tGET\t/a\t200\n"))
	f.Add([]byte(`x formation ` + at + ` 203.0.113.7 - 3E5 REST.GET.OBJECT r/CAF.zip "GET /r/CAF.zip HTTP/1.1" 200 - 12 3412 70 10 "-" "curl/8" -`))
	f.Add([]byte(`{"Records":[{"eventTime":"2025-10-10T11:55:36Z","eventName":"GetObject","sourceIPAddress":"1.2.3.4","requestParameters":{"bucketName":"b","key":"k"}}]}`))
	f.Add([]byte(`{"time_local":"10/Oct/2025:13:55:36 +0200","remote_addr":"::1","request":"GET /a\u00e9\x41 HTTP/1.1","status":200}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		a := OpenAccess(AccessOptions{})
		for _, p := range []string{"https://h/a", "s3://formation/r/CAF.zip!/x", "/srv/a", "s3://b/", "/srv/•••.x"} {
			a.Write(context.Background(), &scanner.Finding{ID: p, Path: p, Severity: scanner.Low, Documents: 2})
		}
		if err := a.Read(context.Background(), "x", bytes.NewReader(b)); err != nil && !strings.HasPrefix(err.Error(), "read x: ") {
			t.Error(err)
		}
		if a.Text(io.Discard, 0) != nil || a.JSON(io.Discard) != nil || a.CSV(io.Discard) != nil {
			t.Error("writes no more")
		}
	})
}

func BenchmarkAccess(b *testing.B) {
	for name, line := range map[string]string{
		"combined": `203.0.113.7 - - ` + at + ` "GET /some/page/of/the/site.html?utm=1 HTTP/1.1" 200 34120 "https://www.example.org/" "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"` + "\n",
		"json":     `{"time_iso8601":"2025-10-10T13:55:36+02:00","remote_addr":"203.0.113.7","host":"cours.example","request":"GET /some/page HTTP/1.1","status":200,"body_bytes_sent":3412,"http_user_agent":"Mozilla/5.0 (X11; Linux) Firefox/128.0"}` + "\n",
	} {
		b.Run(name, func(b *testing.B) {
			log := strings.Repeat(line, 10_000)
			a := OpenAccess(AccessOptions{})
			a.Write(context.Background(), &scanner.Finding{Path: "https://cours.example/r/CAF.zip", Severity: scanner.High})
			b.SetBytes(int64(len(log)))
			for b.Loop() {
				if err := a.Read(context.Background(), "log", strings.NewReader(log)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
