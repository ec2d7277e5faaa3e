package source

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/time/rate"

	"vigie/scanner"
)

// A transport carries every request of a source: as slowly as asked, under one
// name, and never unpacked on the way.
type transport struct {
	*http.Transport
	limit *rate.Limiter // nil: none
	agent string
}

func newTransport(o Options) *transport {
	t := &transport{Transport: o.HTTP, agent: o.UserAgent}
	if t.agent == "" {
		t.agent = "vigie"
	}
	if o.Rate > 0 {
		t.limit = rate.NewLimiter(rate.Limit(o.Rate), 1)
	}
	if t.Transport == nil {
		t.Transport = &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: 15 * time.Second}).DialContext,
			TLSHandshakeTimeout:   15 * time.Second,
			ResponseHeaderTimeout: 30 * time.Second,
			IdleConnTimeout:       30 * time.Second,
			MaxIdleConnsPerHost:   8,
			ForceAttemptHTTP2:     true,
			DisableCompression:    true,
		}
	}
	return t
}

// RoundTrip sends one request when its turn has come.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if t.limit != nil {
		if err := t.limit.Wait(req.Context()); err != nil {
			return nil, err
		}
	}
	req = req.Clone(req.Context())
	req.Header.Set("User-Agent", t.agent)
	return t.Transport.RoundTrip(req)
}

// proxied reports whether a proxy stands between here and u.
func (t *transport) proxied(u *url.URL) bool {
	if t.Proxy == nil {
		return false
	}
	p, err := t.Proxy(&http.Request{URL: u})
	return err != nil || p != nil
}

// patience is how long one waits. A zero field is the real one; tests have
// less of it.
type patience struct {
	stalled time.Duration // without a byte: 30 s
	pause   time.Duration // before the second try, doubled before the next: 500 ms
	asked   time.Duration // at most, where the server says how long: 30 s
}

func (p patience) withDefaults() patience {
	set := func(d *time.Duration, real time.Duration) {
		if *d == 0 {
			*d = real
		}
	}
	set(&p.stalled, 30*time.Second)
	set(&p.pause, 500*time.Millisecond)
	set(&p.asked, 30*time.Second)
	return p
}

// tries is how often a request is made, and a broken body resumed without
// getting further.
const tries = 3

// wait pauses before try number n (1 is the second), or as long as asked.
func (p patience) wait(ctx context.Context, n int, asked time.Duration) error {
	d := p.pause << (n - 1)
	if asked > 0 {
		d = min(asked, p.asked)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// netProblem is the reason behind an error of the network. It names no address
// with a query in it. The end of ctx stays what it is.
func netProblem(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	var n net.Error
	if errors.As(err, &n) && n.Timeout() {
		return &scanner.Problem{Reason: scanner.Timeout, Detail: err.Error()}
	}
	if errors.Is(err, io.EOF) {
		err = errors.New("connection closed without an answer")
	}
	return scanner.Because(scanner.Unreachable, err)
}
