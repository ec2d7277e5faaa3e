package source

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"

	"vigie/scanner"
)

// failS3 yields a problem, unless the listing was to stop.
func failS3(ctx context.Context, path string, err error, yield func(scanner.Object, error) bool) bool {
	p := s3Problem(ctx, err)
	return ctx.Err() == nil && yield(trouble(path, p.Reason, p.Detail))
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

// statusOf returns the status of the answer behind an error of the SDK, 0
// where there was none, and the server's code for it.
func statusOf(err error) (status int, code string) {
	var answer *awshttp.ResponseError
	if errors.As(err, &answer) && answer.Response != nil {
		status = answer.HTTPStatusCode()
	}
	var api smithy.APIError
	if errors.As(err, &api) {
		code = api.ErrorCode()
	}
	if code == "" || strings.ContainsFunc(code, func(r rune) bool { return r <= ' ' || r > '~' }) || len(code) > 64 {
		code = http.StatusText(status)
	}
	return status, code
}

// rootCause returns the error of the network behind an error of the SDK, which
// names the request and its signature.
func rootCause(err error) error {
	var dial *net.OpError
	if errors.As(err, &dial) {
		return dial
	}
	var name *net.DNSError
	if errors.As(err, &name) {
		return name
	}
	for errors.Unwrap(err) != nil {
		err = errors.Unwrap(err)
	}
	return err
}
