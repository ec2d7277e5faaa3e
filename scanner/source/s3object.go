package source

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"vigie/scanner"
)

// object is a key as it was listed.
func (b *bucket) object(key string, listed types.Object) scanner.Object {
	o := scanner.Object{
		Path:     "s3://" + b.name + "/" + key,
		Size:     aws.ToInt64(listed.Size),
		Modified: aws.ToTime(listed.LastModified),
		Version:  strings.Trim(aws.ToString(listed.ETag), `"`),
	}
	o.Open = b.patience.resumed(o.Size, b.opener(key, o.Size, aws.ToString(listed.ETag), string(listed.StorageClass)))
	o.Exposure = func(ctx context.Context) scanner.Exposure {
		a, err := b.transport.anonymous(ctx, b.address(key))
		e := a.exposure(err, o.Modified)
		if b.open(ctx) {
			e.How += "; anonymous listing works"
		}
		return e
	}
	return o
}

// opener reads a key, as long as it is what was listed.
func (b *bucket) opener(key string, size int64, etag, class string) opener {
	return func(ctx context.Context, off, n int64) (io.ReadCloser, error) {
		if n == 0 || off > 0 && off >= size {
			return io.NopCloser(bytes.NewReader(nil)), nil
		}
		in := &s3.GetObjectInput{Bucket: &b.name, Key: &key}
		if etag != "" {
			in.IfMatch = &etag
		}
		switch {
		case size == 0:
		case n > 0:
			in.Range = aws.String(fmt.Sprintf("bytes=%d-%d", off, off+n-1))
		case off > 0:
			in.Range = aws.String(fmt.Sprintf("bytes=%d-", off))
		}
		out, err := b.client.GetObject(ctx, in)
		if err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			p := s3Problem(ctx, err)
			if strings.HasPrefix(p.Detail, "archived") {
				p.Detail = "archived (" + class + ")"
			}
			return nil, p
		}
		if off > 0 && out.ContentRange == nil {
			out.Body.Close()
			return nil, scanner.ErrUnranged
		}
		var body io.Reader = out.Body
		if n >= 0 {
			body = io.LimitReader(body, n)
		}
		return limited{body, out.Body}, nil
	}
}
