package source

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"vigie/scanner"
)

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
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
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
		page, err := b.page(ctx, in)
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

func (b *bucket) page(ctx context.Context, in *s3.ListObjectsV2Input) (*s3.ListObjectsV2Output, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	return b.client.ListObjectsV2(ctx, in)
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
