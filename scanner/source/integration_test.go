//go:build integration

package source

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"vigie/scanner"
)

// The integration tests run against real servers, told by the environment:
//
//	VIGIE_WEBROOT     folder that the web servers serve, and this test writes to
//	VIGIE_NGINX       address of that folder at nginx with autoindex
//	VIGIE_NGINX_JSON  the same with autoindex_format json
//	VIGIE_APACHE      address of that folder at Apache with Options Indexes
//	VIGIE_S3          address of an S3 server on this machine
//	AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY  may make buckets and policies there
func setting(t *testing.T, name string) string {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		t.Fatalf("%s is not set", name)
	}
	return strings.TrimRight(value, "/")
}

func TestRealWebServers(t *testing.T) {
	root := setting(t, "VIGIE_WEBROOT")
	sub, err := os.MkdirTemp(root, "source")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(sub) })
	files := conforming()
	for key, text := range files {
		name := filepath.Join(sub, key)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(sub, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, server := range []string{"VIGIE_NGINX", "VIGIE_NGINX_JSON", "VIGIE_APACHE"} {
		t.Run(server, func(t *testing.T) {
			real := trial{server, func(t *testing.T, added map[string]string) *opened {
				for key, text := range added {
					if text == broken { // a link to nowhere is listed, and answers 403 or 404
						if err := os.Symlink("nowhere", filepath.Join(sub, key)); err != nil {
							t.Fatal(err)
						}
						t.Cleanup(func() { os.Remove(filepath.Join(sub, key)) })
					}
				}
				return openWith(t, setting(t, server)+"/"+filepath.Base(sub)+"/", Options{})
			}, webPath, false}
			t.Run("lists all", real.listsAll)
			t.Run("stops early", real.stopsEarly)
			t.Run("honours the context", real.honoursContext)
			t.Run("reads ranges", real.readsRanges)
			t.Run("keeps to keys", real.keepsToKeys)
			src := real.open(t, nil)
			for o, err := range src.List(t.Context(), "a.csv", "a.csvx") {
				if err != nil {
					t.Fatal(err)
				}
				if e := o.Exposure(t.Context()); e.State != scanner.Network || e.How != "anonymous GET answered 206" {
					t.Errorf("exposure %+v", e)
				}
			}
		})
	}
}

func TestRealS3(t *testing.T) {
	endpoint := setting(t, "VIGIE_S3")
	setting(t, "AWS_ACCESS_KEY_ID")
	cfg, err := config.LoadDefaultConfig(t.Context(), config.WithRegion("us-east-1"))
	if err != nil {
		t.Fatal(err)
	}
	client := s3.NewFromConfig(cfg, func(o *s3.Options) { o.BaseEndpoint, o.UsePathStyle = &endpoint, true })
	run := fmt.Sprintf("vigie-%d-", time.Now().UnixNano())
	files := conforming()
	for _, name := range []string{"open", "closed"} {
		bucket := aws.String(run + name)
		if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: bucket}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { // t.Context() is over
			ctx := context.Background()
			for key := range files {
				client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: bucket, Key: &key})
			}
			client.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: bucket})
		})
		for key, text := range files {
			if _, err := client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: bucket, Key: &key, Body: strings.NewReader(text)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	policy := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::%[1]s","arn:aws:s3:::%[1]s/*"]}]}`, run+"open")
	if _, err := client.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String(run + "open"), Policy: &policy}); err != nil {
		t.Fatal(err)
	}
	plain := func(key string) string { return key }
	for _, c := range []struct {
		name, bucket string
		anonymous    bool
		state        scanner.State
		how          string
	}{
		{"signed", "closed", false, scanner.Private, "anonymous GET answered 403"},
		{"signed, open", "open", false, scanner.Network, "anonymous GET answered 206; anonymous listing works"},
		{"anonymous", "open", true, scanner.Network, "anonymous GET answered 206; anonymous listing works"},
	} {
		t.Run(c.name, func(t *testing.T) {
			real := trial{c.name, func(t *testing.T, _ map[string]string) *opened {
				return openWith(t, "s3://"+run+c.bucket+"/", Options{S3Endpoint: endpoint, Anonymous: c.anonymous})
			}, plain, true}
			t.Run("lists all", real.listsAll)
			t.Run("stops early", real.stopsEarly)
			t.Run("honours the context", real.honoursContext)
			t.Run("reads ranges", real.readsRanges)
			t.Run("keeps to keys", real.keepsToKeys)
			for o, err := range real.open(t, nil).List(t.Context(), "plus", "q") {
				if err != nil {
					t.Fatal(err)
				}
				if e := o.Exposure(t.Context()); e.State != c.state || e.How != c.how {
					t.Errorf("%s: exposure %+v", o.Path, e)
				}
			}
		})
	}
	_, problems := listed(t, openWith(t, "s3://"+run+"closed", Options{S3Endpoint: endpoint, Anonymous: true}), "", "", "")
	equal(t, "anonymous, closed", problems, []string{"s3://" + run + "closed/: denied: 403 AccessDenied"})
	_, problems = listed(t, openWith(t, "s3://"+run+"none", Options{S3Endpoint: endpoint}), "", "", "")
	equal(t, "no such bucket", problems, []string{"s3://" + run + "none/: unreachable: 404 NoSuchBucket"})

	paths, _ := listed(t, openWith(t, "s3://", Options{S3Endpoint: endpoint}), "s3://"+run, run, run+"~")
	if i := slices.Index(paths, "closed/a.csv"); i < 0 || !slices.Contains(paths, "open/a.csv") || len(paths) != 2*len(files) {
		t.Errorf("every bucket: %q", paths)
	}
}
