package main

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"vigie/fixtures"
)

// TestReadmeCommandsRun runs every command of vigie that stands in a block of
// the README, in its order, in a folder that has what they name. The places on
// the net are servers of this test.
func TestReadmeCommandsRun(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	people, err := os.ReadFile("../../fixtures/formats/people/people.csv")
	if err != nil {
		t.Fatal(err)
	}
	archive, _, err := fixtures.CAFZip(fixtures.CAF{Seed: 33, Households: 300})
	if err != nil {
		t.Fatal(err)
	}
	bucket := new(fixtures.S3)
	bucket.Put("bucket", "prefix/CAF.zip", fixtures.Bytes(archive))
	s3 := serveHere(t, bucket)
	site := serveHere(t, fixtures.Site{"/files/index.html": fixtures.Bytes([]byte(`<a href="CAF.zip">CAF.zip</a>`)),
		"/files/CAF.zip": fixtures.Bytes(archive), "/big.zip": fixtures.Bytes(archive)})
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": s3,
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_EC2_METADATA_DISABLED": "true", "BACKUPS_KEY": "id:secret",
	} {
		t.Setenv(name, value)
	}
	t.Chdir(t.TempDir())
	here := strings.NewReplacer("https://www.example.org", site, "https://s3.gra.io.cloud.ovh.net", s3, "/data", "export")
	put(t, ".", "export/export.csv", people)
	put(t, ".", "export.csv", people)
	put(t, ".", "backup.tar.gz", archive)
	put(t, ".", "access.log", []byte(logLine))

	ran := 0
	for _, block := range blocks(string(readme)) {
		if block.language == "yaml" {
			args := jobArgs(t, block.text)
			if args == nil {
				put(t, ".", "vigie.yaml", []byte(here.Replace(block.text)))
				continue
			}
			runs(t, args, people)
			ran++
			continue
		}
		for line := range strings.Lines(block.text) {
			if block.language == "" && strings.Contains(line, "vigie ") && !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "$") {
				if args := argsOf(here.Replace(line)); args != nil {
					runs(t, args, people)
					ran++
				}
			}
		}
	}
	if ran < 15 {
		t.Errorf("%d commands ran", ran)
	}
}

// logLine is what a web server writes of a fetch.
const logLine = `192.0.2.7 - - [23/Nov/2026:09:30:00 +0100] "GET /files/CAF.zip HTTP/1.1" 200 12345 "-" "curl/8.5"` + "\n"

func serveHere(t *testing.T, h http.Handler) string {
	t.Helper()
	url, stop, err := fixtures.Serve(h)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return url
}

// runs fails where a command is wrong, or vigie is.
func runs(t *testing.T, args []string, in []byte) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if args[0] == "config" && args[1] == "init" {
		os.Remove("vigie.yaml")
	}
	status := run(context.Background(), args, bytes.NewReader(in), &stdout, &stderr)
	if status == usage || status == internal {
		t.Errorf("vigie %s: exit status %d: %s", strings.Join(args, " "), status, stderr.String())
	}
}

// fenced is what stands between two fences.
type fenced struct{ language, text string }

func blocks(text string) (all []fenced) {
	for _, m := range regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```$").FindAllStringSubmatch(text, -1) {
		all = append(all, fenced{m[1], m[2]})
	}
	return all
}

// argsOf returns the arguments of vigie in a line: up to two spaces, behind which
// the line says what the command does.
func argsOf(line string) []string {
	_, line, _ = strings.Cut(line, "vigie ")
	line, _, _ = strings.Cut(strings.TrimSpace(line), "  ")
	var args []string
	for _, w := range strings.Fields(line) {
		args = append(args, strings.Trim(w, `'"`))
	}
	if len(args) == 0 || strings.HasPrefix(args[0], "-t") || filepath.Ext(args[0]) != "" || args[0] == "." {
		return nil
	}
	return args
}

// jobArgs returns the arguments of the program in a manifest; nil where it is
// none.
func jobArgs(t *testing.T, text string) []string {
	t.Helper()
	if !strings.Contains(text, "kind: CronJob") {
		return nil
	}
	var job struct {
		Spec struct {
			JobTemplate struct {
				Spec struct {
					Template struct {
						Spec struct {
							Containers []struct{ Args []string }
						}
					}
				}
			} `yaml:"jobTemplate"`
		}
	}
	if err := yaml.Unmarshal([]byte(text), &job); err != nil {
		t.Fatal(err)
	}
	return job.Spec.JobTemplate.Spec.Template.Spec.Containers[0].Args
}
