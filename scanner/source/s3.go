package source

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	"github.com/aws/aws-sdk-go-v2/service/s3"
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
	if id, secret, ok := strings.Cut(o.Credentials, ":"); ok && !o.Anonymous {
		load = append(load, config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(id, secret, "")))
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
			page, err := nextBuckets(ctx, pages)
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

// answerTime is how long one page of a listing may take, with all tries.
const answerTime = 3 * time.Minute

func nextBuckets(ctx context.Context, pages *s3.ListBucketsPaginator) (*s3.ListBucketsOutput, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	return pages.NextPage(ctx)
}
