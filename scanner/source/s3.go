package source

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go/logging"

	"vigie/scanner"
)

// s3Store reads buckets of Amazon S3 and of what speaks its language.
var s3Store = Store{
	Name: "s3",
	Doc: `Bucket of S3 or of a compatible server

The target is s3://bucket/prefix, or s3:// for every bucket of the account.
Credentials come from the usual places (environment, shared files, the machine's
role); without any, or with --anonymous, the bucket is read without. A server
other than Amazon's (MinIO, Ceph, OVHcloud, Scaleway, Outscale, Cellar, Google's
interoperable address) is named by --s3-endpoint.`,
	Match: func(target string) bool { return scheme(target) == "s3" },
	Open:  openS3,
}

// An account is what one set of credentials sees of an S3 server.
type account struct {
	transport *transport
	patience  patience
	options   s3.Options // without region
	region    string     // "" is asked for
	endpoint  string     // "" for AWS; no slash at its end
	bucket    string     // "" for all
	prefix    string
}

// fallback is the region that AWS asks first and others take for theirs.
const fallback = "us-east-1"

func openS3(ctx context.Context, target string, o Options) (scanner.Source, error) {
	_, rest, _ := strings.Cut(target, "://")
	bucket, prefix, _ := strings.Cut(rest, "/")
	if bucket == "" && prefix != "" {
		return nil, errors.New("no bucket before the prefix")
	}
	if strings.ContainsAny(bucket, "?#@%\\ ") {
		return nil, errors.New("malformed name of a bucket")
	}
	if u, err := url.Parse(o.S3Endpoint); err != nil || o.S3Endpoint != "" && (u.Host == "" || u.User != nil || u.RawQuery != "") {
		return nil, errors.New("the endpoint must read http://host or https://host")
	}
	a := &account{transport: newTransport(o), patience: o.patience.withDefaults(), bucket: bucket, prefix: prefix}
	load := []func(*config.LoadOptions) error{
		config.WithLogger(logging.Nop{}),
		config.WithRequestChecksumCalculation(aws.RequestChecksumCalculationWhenRequired),
		config.WithResponseChecksumValidation(aws.ResponseChecksumValidationWhenRequired),
	}
	if o.S3Endpoint != "" { // no role of this machine is meant for it
		load = append(load, config.WithEC2IMDSClientEnableState(imds.ClientDisabled))
	}
	if o.Anonymous {
		load = append(load, config.WithCredentialsProvider(aws.AnonymousCredentials{}))
	}
	cfg, err := config.LoadDefaultConfig(ctx, load...)
	if err != nil {
		return nil, errors.New("read the configuration of AWS: malformed") // the error may show what is in it
	}
	if !o.Anonymous && !hasCredentials(ctx, cfg) {
		cfg.Credentials = aws.AnonymousCredentials{}
	}
	if c, ok := cfg.HTTPClient.(*awshttp.BuildableClient); ok && o.HTTP == nil {
		a.transport.TLSClientConfig = c.GetTransport().TLSClientConfig // AWS_CA_BUNDLE
	}
	cfg.HTTPClient = &http.Client{
		Transport:     a.transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	if o.S3Endpoint != "" {
		cfg.BaseEndpoint = aws.String(strings.TrimRight(o.S3Endpoint, "/"))
	}
	a.options = s3.NewFromConfig(cfg).Options()
	if a.options.BaseEndpoint != nil {
		a.endpoint = strings.TrimRight(*a.options.BaseEndpoint, "/")
		a.options.UsePathStyle = true
	}
	if a.region = o.S3Region; a.region == "" && a.endpoint != "" {
		a.region = cfg.Region
	}
	return a, nil
}

// hasCredentials reports whether there are any. A machine that is not in a
// cloud is not asked for its role for long.
func hasCredentials(ctx context.Context, cfg aws.Config) bool {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if cfg.Credentials == nil {
		return false
	}
	_, err := cfg.Credentials.Retrieve(ctx)
	return err == nil
}

// client speaks to the server in a region.
func (a *account) client(region string) *s3.Client {
	o := a.options.Copy()
	o.Region = region
	return s3.New(o)
}

// List yields the objects in the order of their keys; with every bucket of the
// account, keys begin with the name of the bucket and a slash.
func (a *account) List(ctx context.Context, from, to string) iter.Seq2[scanner.Object, error] {
	return func(yield func(scanner.Object, error) bool) {
		if a.bucket != "" {
			a.newBucket(ctx, a.bucket).list(ctx, from, to, yield)
			return
		}
		region := a.region
		if region == "" {
			region = a.regionOf(ctx, "")
		}
		for pages := s3.NewListBucketsPaginator(a.client(region), &s3.ListBucketsInput{}); pages.HasMorePages(); {
			page, err := pages.NextPage(ctx)
			if err != nil {
				failS3(ctx, "s3://", err, yield)
				return
			}
			for _, b := range page.Buckets {
				name := aws.ToString(b.Name) + "/"
				if !overlaps(name, from, to) {
					continue
				}
				first, _ := strings.CutPrefix(from, name)
				if first == from {
					first = ""
				}
				last, inside := strings.CutPrefix(to, name)
				if !inside {
					last = ""
				}
				if !a.newBucket(ctx, aws.ToString(b.Name)).list(ctx, first, last, yield) {
					return
				}
			}
		}
	}
}

// failS3 yields a problem, unless the listing was to stop.
func failS3(ctx context.Context, path string, err error, yield func(scanner.Object, error) bool) bool {
	p := s3Problem(ctx, err)
	return ctx.Err() == nil && yield(trouble(path, p.Reason, p.Detail))
}

// A bucket is listed and read in its own region.
type bucket struct {
	*account
	name   string
	region string
	client *s3.Client
	open   func(ctx context.Context) bool // answers anonymous listing; asked once
}

func (a *account) newBucket(ctx context.Context, name string) *bucket {
	b := &bucket{account: a, name: name, region: a.region}
	if b.region == "" {
		b.region = a.regionOf(ctx, name)
	}
	b.client = a.client(b.region)
	var once sync.Once
	var open bool
	b.open = func(ctx context.Context) bool {
		once.Do(func() {
			u := b.address("")
			u.RawQuery = url.Values{"list-type": {"2"}, "max-keys": {"1"}, "prefix": {a.prefix}}.Encode()
			got, err := a.transport.anonymous(ctx, u)
			open = err == nil && got.status == http.StatusOK
		})
		return open
	}
	return b
}

// regionOf asks the server for the region of a bucket, or of itself: every
// answer names it, also one that refuses. Some servers have it in their name.
func (a *account) regionOf(ctx context.Context, bucketName string) string {
	b := &bucket{account: a, name: bucketName, region: fallback}
	u := b.address("")
	if req, err := http.NewRequestWithContext(ctx, http.MethodHead, u.String(), nil); err == nil {
		if resp, err := a.transport.RoundTrip(req); err == nil {
			resp.Body.Close()
			if region := resp.Header.Get("X-Amz-Bucket-Region"); region != "" && len(region) < 64 {
				return region
			}
		}
	}
	labels := strings.Split(u.Hostname(), ".")
	for _, named := range []string{".scw.cloud", ".ovh.net", ".outscale.com", ".backblazeb2.com"} {
		if strings.HasSuffix(u.Hostname(), named) && len(labels) > 3 {
			return labels[1]
		}
	}
	return fallback
}

// address is where a key lies, in path style, for requests without credentials.
func (b *bucket) address(key string) *url.URL {
	base := b.endpoint
	if base == "" {
		base = "https://s3." + b.region + ".amazonaws.com"
		if strings.HasPrefix(b.region, "cn-") {
			base += ".cn"
		}
	}
	u, err := url.Parse(base)
	if err != nil {
		return &url.URL{}
	}
	u.Path = strings.TrimRight(u.Path, "/") + "/" + b.name
	if key != "" {
		u.Path += "/" + key
		u.RawPath = strings.NewReplacer("+", "%2B").Replace(u.EscapedPath())
	}
	return u
}

// list lists the bucket in pages.
func (b *bucket) list(ctx context.Context, from, to string, yield func(scanner.Object, error) bool) bool {
	in := &s3.ListObjectsV2Input{Bucket: &b.name, EncodingType: types.EncodingTypeUrl}
	if b.prefix != "" {
		in.Prefix = &b.prefix
	}
	if before := justBefore(from); before != "" && before > b.prefix {
		in.StartAfter = &before
	}
	place := "s3://" + b.name + "/" + b.prefix
	for ctx.Err() == nil {
		page, err := b.client.ListObjectsV2(ctx, in)
		if err != nil {
			return failS3(ctx, place, err, yield)
		}
		for _, o := range page.Contents {
			key := aws.ToString(o.Key)
			if page.EncodingType == types.EncodingTypeUrl {
				if plain, err := url.QueryUnescape(key); err == nil {
					key = plain
				}
			}
			if to != "" && key >= to {
				return true
			}
			if key < from || strings.HasSuffix(key, "/") && aws.ToInt64(o.Size) == 0 {
				continue
			}
			if ctx.Err() != nil || !yield(b.object(key, o), nil) {
				return false
			}
		}
		next := aws.ToString(page.NextContinuationToken)
		if !aws.ToBool(page.IsTruncated) {
			return true
		}
		if next == "" || next == aws.ToString(in.ContinuationToken) {
			return yield(trouble(place, scanner.Partial, "server does not say where its listing goes on"))
		}
		in.ContinuationToken = &next
	}
	return false
}

// justBefore returns a key that is close before the given one: StartAfter
// leaves out the key that it names. It returns "" where it knows none.
func justBefore(key string) string {
	if key == "" || !utf8.ValidString(key) {
		return ""
	}
	runes := []rune(key)
	last := runes[len(runes)-1]
	head := string(runes[:len(runes)-1])
	switch {
	case last == 0:
		return head
	case last == 0xE000:
		return head + "\uD7FF\uFFFD"
	}
	return head + string(last-1) + "\uFFFD"
}

// s3Problem is the reason behind an error of the SDK, in the server's codes:
// its messages may show names and addresses.
func s3Problem(ctx context.Context, err error) *scanner.Problem {
	var p *scanner.Problem
	if errors.As(err, &p) {
		return p
	}
	status, code := statusOf(err)
	switch {
	case status == 0:
		if errors.As(netProblem(ctx, rootCause(err)), &p) {
			return p
		}
		return &scanner.Problem{Reason: scanner.Unreachable, Detail: "interrupted"}
	case status == http.StatusPreconditionFailed:
		return changed().(*scanner.Problem)
	}
	if status/100 == 2 {
		return &scanner.Problem{Reason: scanner.Unreachable, Detail: "answer is cut short, or not that of an S3 server"}
	}
	p = &scanner.Problem{Reason: scanner.Unreachable, Detail: fmt.Sprintf("%d %s", status, code)}
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		p.Reason = scanner.Denied
	case http.StatusRequestedRangeNotSatisfiable:
		p.Reason = scanner.Truncated
	}
	if code == "InvalidObjectState" {
		p.Reason, p.Detail = scanner.Skipped, "archived (GLACIER)"
	}
	return p
}
