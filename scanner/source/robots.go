package source

import (
	"context"
	"errors"
	"io"
	"net/url"
	"strings"

	"github.com/temoto/robotstxt"

	"vigie/scanner"
)

// maxRobots is how much of robots.txt is read, in bytes (RFC 9309 §2.5).
const maxRobots = 500 << 10

// robots is what the server asks of those who crawl it (RFC 9309). The zero
// value allows everything.
type robots struct {
	group    *robotstxt.Group
	sitemaps []string
}

// loadRobots reads robots.txt. Where there is none everything is allowed;
// where the server cannot say, nothing is.
func (s *site) loadRobots(ctx context.Context) (robots, error) {
	body, err := s.robotsText(ctx)
	var p *scanner.Problem
	if errors.As(err, &p) {
		switch code := p.Detail[:min(3, len(p.Detail))]; {
		case code == "429" || strings.HasPrefix(code, "5"):
			return robots{}, &scanner.Problem{Reason: scanner.Robots, Detail: "robots.txt answers " + p.Detail + ", which disallows everything"}
		case strings.HasPrefix(code, "4"):
			return robots{}, nil
		}
	}
	if err != nil {
		return robots{}, err
	}
	data, err := robotstxt.FromBytes(body)
	if err != nil {
		return robots{}, nil // lines that cannot be understood ask for nothing
	}
	return robots{data.FindGroup(s.agent), data.Sitemaps}, nil
}

func (s *site) robotsText(ctx context.Context) ([]byte, error) {
	rc, err := s.text(ctx, s.start.ResolveReference(&url.URL{Path: "/robots.txt"}), anywhere)
	if err != nil {
		return nil, err
	}
	defer rc.Close()
	body, err := io.ReadAll(io.LimitReader(rc, maxRobots))
	if err != nil {
		return nil, netProblem(ctx, err)
	}
	return body, nil
}

// allow reports whether u may be fetched.
func (r robots) allow(u *url.URL) bool {
	return r.group == nil || r.group.Test(u.RequestURI()) && r.group.Test(u.Path)
}

// text requests a file of the site, to be read as it comes.
func (s *site) text(ctx context.Context, u *url.URL, allow func(*url.URL) error) (io.ReadCloser, error) {
	return watched(ctx, s.stalled, func(ctx context.Context) (io.ReadCloser, error) {
		resp, _, err := s.fetch(ctx, "GET", u, "", allow)
		if err != nil {
			return nil, err
		}
		return resp.Body, nil
	})
}
