package source

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"vigie/scanner"
)

// maxRedirects is how many redirects one request may follow.
const maxRedirects = 10

// A fetcher makes requests of a web server: again where the server is busy,
// and elsewhere where it says so and the caller lets it.
type fetcher struct {
	*transport
	patience
	user *url.Userinfo // sent to the host below; nil: none
	host string
}

// fetch requests u and follows redirects to addresses that allow does not
// refuse. It returns a response of status 200, 206 or 416, and the address
// that gave it; anything else is a problem. The caller closes the body.
func (f *fetcher) fetch(ctx context.Context, method string, u *url.URL, ranged string, allow func(*url.URL) error) (*http.Response, *url.URL, error) {
	for range maxRedirects {
		resp, err := f.try(ctx, method, u, ranged)
		if err != nil {
			return nil, u, err
		}
		if resp.StatusCode/100 != 3 {
			return resp, u, nil
		}
		resp.Body.Close()
		next, err := u.Parse(resp.Header.Get("Location"))
		if err != nil || resp.Header.Get("Location") == "" {
			return nil, u, &scanner.Problem{Reason: scanner.Unreachable, Detail: status(resp) + ", to nowhere"}
		}
		if next.Fragment = ""; next.Path == "" {
			next.Path = "/"
		}
		if err := allow(next); err != nil {
			return nil, u, err
		}
		u = next
	}
	return nil, u, &scanner.Problem{Reason: scanner.Skipped, Detail: "redirects without end"}
}

// try requests u, up to three times. A response other than 200, 206, 3xx and
// 416 becomes a problem.
func (f *fetcher) try(ctx context.Context, method string, u *url.URL, ranged string) (*http.Response, error) {
	for n := 1; ; n++ {
		resp, err := f.once(ctx, method, u, ranged)
		var asked time.Duration
		switch {
		case err != nil:
			err = netProblem(ctx, err)
			var p *scanner.Problem
			if !errors.As(err, &p) || p.Reason == scanner.Timeout {
				return nil, err
			}
		case resp.StatusCode == 200, resp.StatusCode == 206, resp.StatusCode == 416, resp.StatusCode/100 == 3:
			return resp, nil
		default:
			resp.Body.Close()
			err = statusProblem(resp)
			if again := resp.StatusCode; again < 500 && again != 429 || again == 501 || again == 505 {
				return nil, err
			}
			asked = retryAfter(resp.Header.Get("Retry-After"), time.Now())
		}
		if n == tries {
			return nil, err
		}
		if err := f.wait(ctx, n, asked); err != nil {
			return nil, err
		}
	}
}

// once makes one request.
func (f *fetcher) once(ctx context.Context, method string, u *url.URL, ranged string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Encoding", "identity")
	if ranged != "" {
		req.Header.Set("Range", ranged)
	}
	if f.user != nil && strings.EqualFold(u.Host, f.host) {
		password, _ := f.user.Password()
		req.SetBasicAuth(f.user.Username(), password)
	}
	return f.RoundTrip(req)
}

// statusProblem is the problem behind a status that brings no data.
func statusProblem(resp *http.Response) *scanner.Problem {
	reason := scanner.Unreachable
	switch resp.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusProxyAuthRequired, http.StatusUnavailableForLegalReasons:
		reason = scanner.Denied
	}
	return &scanner.Problem{Reason: reason, Detail: status(resp)}
}

// status returns the status in standard words: the server's own say nothing
// that must be shown.
func status(resp *http.Response) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", resp.StatusCode, http.StatusText(resp.StatusCode)))
}

// retryAfter reads the header of RFC 9110 §10.2.3: seconds, or a date.
func retryAfter(value string, now time.Time) time.Duration {
	if s, err := strconv.Atoi(value); err == nil && s >= 0 {
		return time.Duration(min(s, 3600)) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
