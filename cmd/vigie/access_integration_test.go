//go:build integration

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"vigie/fixtures"
)

// fetch asks for an address as some client does, and returns the status.
func fetch(t *testing.T, method, address string, header ...string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode
}

// TestAccessOnRealServers: what a scan found is fetched from nginx and Apache,
// and their logs tell exactly that. (The S3 server of these tests writes no log
// of the form that AWS has.)
func TestAccessOnRealServers(t *testing.T) {
	archive, _, err := fixtures.CAFZip(fixtures.CAF{Seed: 33, Households: 1500})
	if err != nil {
		t.Fatal(err)
	}
	dir, name := served(t)
	put(t, dir, "dépôt 2/CAF.zip", archive)
	const where = "/d%C3%A9p%C3%B4t%202/CAF.zip"
	for _, c := range []struct {
		name, address string
		scan          []string
		logs          []string
		own           bool // vigie names itself in these logs
		agents        bool // they tell of agents
	}{
		{"nginx", setting(t, "VIGIE_NGINX") + "/" + name, []string{setting(t, "VIGIE_NGINX") + "/" + name + "/"},
			[]string{setting(t, "VIGIE_NGINX_COMBINED"), setting(t, "VIGIE_NGINX_JSON_LOG")}, true, true},
		{"Apache", setting(t, "VIGIE_APACHE") + "/" + name, []string{setting(t, "VIGIE_APACHE") + "/" + name + "/"},
			[]string{setting(t, "VIGIE_APACHE_COMBINED")}, true, true},
		{"Apache, hosts", setting(t, "VIGIE_APACHE") + "/" + name, []string{dir}, []string{setting(t, "VIGIE_APACHE_HOSTS")}, false, false},
	} {
		findings := filepath.Join(t.TempDir(), "findings.jsonl")
		if o := vigie(t, append([]string{"scan", "--format", "jsonl", "-o", findings}, c.scan...)...); o.status != found {
			t.Fatalf("%s: status %d, %s", c.name, o.status, o.stderr)
		}
		for _, log := range c.logs {
			before := accessed(t, findings, log)
			begun := time.Now().Truncate(time.Second)
			address := c.address + where
			statuses := []int{
				fetch(t, "GET", address, "User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"),
				fetch(t, "GET", address, "User-Agent", "curl/8.5.0", "Range", "bytes=0-99"),
				fetch(t, "HEAD", address, "User-Agent", "curl/8.5.0"),
				fetch(t, "GET", c.address+"/d%C3%A9p%C3%B4t%202/nothing.zip", "User-Agent", "curl/8.5.0"),
			}
			if fmt.Sprint(statuses[:3]) != "[200 206 200]" || statuses[3] < 400 {
				t.Fatalf("%s: statuses %v", c.name, statuses)
			}
			after := before
			for range 1000 { // a server writes its line after its answer
				if after = accessed(t, findings, log); after.Heads > before.Heads {
					break
				}
			}
			if after.Whole != before.Whole+1 || after.Parts != before.Parts+1 || after.Heads != before.Heads+1 || after.Refused != before.Refused ||
				after.Bytes-before.Bytes < int64(len(archive))+100 || after.Bytes-before.Bytes > int64(len(archive))+2000 {
				t.Errorf("%s: %+v, before %+v", log, after, before)
			}
			if after.Last.Before(begun) || after.Last.After(time.Now().Add(time.Second)) || after.Addresses != 1 || after.Visitors[0].Address != "127.0.0.1" {
				t.Errorf("%s: %+v", log, after)
			}
			if c.own && (before.Own == 0 || after.Own != before.Own) {
				t.Errorf("%s: fetched %d times by vigie, then %d", log, before.Own, after.Own)
			}
			names := map[string]int64{}
			for _, a := range after.Agents {
				names[a.Name] = a.Fetched
			}
			if c.agents && (names["Googlebot"] == 0 || names["curl"] == 0) {
				t.Errorf("%s: agents %v", log, after.Agents)
			}
		}
	}
}

type accessedPlace struct {
	Fetched, Whole, Parts, Heads, Refused, Own, Bytes, Addresses int64
	Last                                                         time.Time
	Visitors                                                     []struct{ Address string }
	Agents                                                       []struct {
		Name    string
		Fetched int64
	}
}

// accessed returns what vigie access says of the only place of findings.
func accessed(t *testing.T, findings, log string) (p accessedPlace) {
	t.Helper()
	if _, err := os.Stat(log); err != nil {
		t.Fatal(err)
	}
	o := asked(t, "", findings, log, "--format", "jsonl")
	line, _, _ := bytes.Cut([]byte(o.stdout), []byte("\n"))
	var told struct {
		accessedPlace
		ByVigie int64 `json:"by_vigie"`
	}
	if err := json.Unmarshal(line, &told); err != nil || o.status != clean && o.status != found {
		t.Fatalf("status %d, %v: %s%s", o.status, err, o.stdout, o.stderr)
	}
	told.Own = told.ByVigie
	return told.accessedPlace
}
