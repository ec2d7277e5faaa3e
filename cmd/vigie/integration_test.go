//go:build integration

package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"vigie/fixtures"
	"vigie/scanner"
)

// setting is a variable that .ci/run sets: where the real servers are.
func setting(t *testing.T, name string) string {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		t.Fatalf("%s is not set: run .ci/run", name)
	}
	return strings.TrimRight(value, "/")
}

// served makes a folder below the one that nginx and Apache serve.
func served(t *testing.T) (dir, name string) {
	t.Helper()
	dir, err := os.MkdirTemp(setting(t, "VIGIE_FOLDER"), "cmd")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir, filepath.Base(dir)
}

// upload puts an object into a bucket of the real S3 server.
func upload(t *testing.T, bucket, key string, body io.ReadSeeker) {
	t.Helper()
	cfg, err := awsconfig.LoadDefaultConfig(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	client := s3.NewFromConfig(cfg, func(o *s3.Options) {
		o.BaseEndpoint, o.UsePathStyle = aws.String(setting(t, "VIGIE_S3")), true
	})
	if _, err := client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: body}); err != nil {
		t.Fatal(err)
	}
}

// TestSameFindingOnRealServers: one file in a folder, on nginx and Apache
// listings, in buckets that anybody or only the key opens.
func TestSameFindingOnRealServers(t *testing.T) {
	archive, truth, err := fixtures.CAFZip(fixtures.CAF{Seed: 33, Households: 1500})
	if err != nil {
		t.Fatal(err)
	}
	dir, name := served(t)
	put(t, dir, "formation/CAF.zip", archive)
	put(t, dir, "formation/communes_rsa.csv", []byte(fixtures.Aggregates(1)))
	public, private := setting(t, "VIGIE_S3_PUBLIC"), setting(t, "VIGIE_S3_PRIVATE")
	for _, bucket := range []string{public, private} {
		upload(t, bucket, name+"/formation/CAF.zip", bytes.NewReader(archive))
	}
	endpoint := []string{"--s3-endpoint", setting(t, "VIGIE_S3"), "--s3-region", "us-east-1"}
	want := ""
	for _, c := range []struct {
		args  []string
		state scanner.State
	}{
		{[]string{dir}, scanner.Local},
		{[]string{setting(t, "VIGIE_NGINX") + "/" + name + "/"}, scanner.Network},
		{[]string{setting(t, "VIGIE_NGINX_JSON") + "/" + name + "/"}, scanner.Network},
		{[]string{setting(t, "VIGIE_APACHE") + "/" + name + "/"}, scanner.Network},
		{append([]string{"s3://" + public + "/" + name, "--anonymous"}, endpoint...), scanner.Network},
		{append([]string{"s3://" + public + "/" + name}, endpoint...), scanner.Network},
		{append([]string{"s3://" + private + "/" + name}, endpoint...), scanner.Private},
	} {
		o := scanned(t, c.args...)
		if len(o.findings) != 1 || len(o.problems) != 0 {
			t.Errorf("%v: %d findings, problems %v\n%s", c.args, len(o.findings), o.problems, o.stderr)
			continue
		}
		f := o.findings[0]
		if f.Exposure.State != c.state {
			t.Errorf("%v: exposure %s, want %s", c.args, f.Exposure.State, c.state)
		}
		if c.state == scanner.Private { // lowers by two steps, and is told
			f.Severity += 2
		}
		if want == "" {
			checkCAF(t, fixed(f, truth), truth, false)
			want = portrait(f)
		}
		if got := portrait(f); got != want {
			t.Errorf("%v:\n%s\nwant\n%s", c.args, got, want)
		}
	}
	refused := scanned(t, append([]string{"s3://" + private + "/" + name, "--anonymous"}, endpoint...)...)
	if refused.status != incomplete || len(refused.problems) != 1 || refused.problems[0].Reason != scanner.Denied {
		t.Errorf("a stranger at the private bucket: status %d, problems %v", refused.status, refused.problems)
	}
}

// TestRemoteArchiveIsReadInPlaces scans a zip of 1 GB behind a real server for
// its one small member. What nginx sent is in its log.
func TestRemoteArchiveIsReadInPlaces(t *testing.T) {
	var leak bytes.Buffer
	if _, err := (fixtures.CAF{Seed: 1, Households: 300}).Write(&leak); err != nil {
		t.Fatal(err)
	}
	dir, name := served(t)
	out, err := os.Create(filepath.Join(dir, "films.zip"))
	if err != nil {
		t.Fatal(err)
	}
	err = fixtures.NoiseZip(out, 1<<30, "cours/alloc.csv", leak.Bytes(), 0.6)
	if cerr := out.Close(); err != nil || cerr != nil {
		t.Fatal(err, cerr)
	}
	if err := os.Chmod(out.Name(), 0o644); err != nil {
		t.Fatal(err)
	}
	o := scanned(t, setting(t, "VIGIE_NGINX")+"/"+name+"/", "--include", "*.csv")
	if len(o.findings) != 1 || len(o.problems) != 0 {
		t.Fatalf("%d findings, problems %v", len(o.findings), o.problems)
	}
	sent := sentBytes(t, "/"+name+"/")
	t.Logf("nginx sent %d bytes for a member of %d", sent, leak.Len())
	if sent == 0 || sent > int64(leak.Len())+1<<20 {
		t.Errorf("nginx sent %d bytes for a member of %d, deflated less", sent, leak.Len())
	}
}

// sentBytes adds up what nginx's log says of requests below a path.
func sentBytes(t *testing.T, path string) (sum int64) {
	t.Helper()
	log, err := os.ReadFile(setting(t, "VIGIE_NGINX_LOG"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(log)) {
		fields := strings.Fields(line)
		if len(fields) == 4 && strings.HasPrefix(fields[1], path) {
			n, err := strconv.ParseInt(fields[3], 10, 64)
			if err != nil {
				t.Fatal(fmt.Errorf("read the log of nginx: %w", err))
			}
			sum += n
		}
	}
	return sum
}
