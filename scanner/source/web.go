package source

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"net/url"
	"path"
	"strings"

	"vigie/scanner"
)

// web reads what a web server shows of a folder: its listings, and the files
// that its pages link to.
var web = Store{
	Name: "web",
	Doc: `Web directory, page or file

The target is an address, https://host/dir/ or http://…; a name and a password
in it are sent as basic authentication. Listings of Apache, nginx (HTML and
JSON), IIS, lighttpd, Caddy and Python, the links of pages, and sitemap.xml are
followed as long as they stay on the host and below the folder of the target.
Pages are read as text too. What robots.txt disallows is not fetched.`,
	Match: func(target string) bool { return scheme(target) == "http" || scheme(target) == "https" },
	Open:  openWeb,
}

// A site is a web server, seen from one address on.
type site struct {
	fetcher
	start        *url.URL
	ignoreRobots bool
}

func openWeb(_ context.Context, target string, o Options) (scanner.Source, error) {
	u, err := url.Parse(target)
	if err != nil {
		return nil, errors.New("malformed address") // the error of url.Parse shows a password
	}
	if u.Hostname() == "" {
		return nil, errors.New("no host in the address")
	}
	s := &site{
		fetcher:      fetcher{transport: newTransport(o), patience: o.patience.withDefaults(), user: u.User},
		ignoreRobots: o.IgnoreRobots,
	}
	if name, password, ok := strings.Cut(o.Credentials, ":"); ok {
		s.user = url.UserPassword(name, password)
	}
	if o.Anonymous {
		s.user = nil
	}
	s.start = canonical(u)
	s.host = s.start.Host
	return s, nil
}

// List crawls, depth first. There is no order of keys; a key is the path below
// the folder.
func (s *site) List(ctx context.Context, from, to string) iter.Seq2[scanner.Object, error] {
	return func(yield func(scanner.Object, error) bool) {
		c := &crawl{site: s, ctx: ctx, from: from, to: to, yield: yield, seen: map[uint64]struct{}{}}
		c.run()
	}
}

// canonical returns an address in the form in which equal ones are equal
// (RFC 3986 §6.2): the host in lower case, escapes in upper case, no port where
// it is the scheme's own, no user, no fragment.
func canonical(u *url.URL) *url.URL {
	c := *u
	c.User = nil
	c.Scheme = strings.ToLower(c.Scheme)
	c.Host = strings.ToLower(c.Host)
	if own := map[string]string{"http": ":80", "https": ":443"}[c.Scheme]; own != "" {
		c.Host = strings.TrimSuffix(c.Host, own)
	}
	if c.RawPath != "" {
		raw := []byte(c.RawPath)
		for i := 0; i+2 < len(raw); i++ {
			if raw[i] == '%' {
				copy(raw[i:], bytes.ToUpper(raw[i:i+3]))
			}
		}
		c.RawPath = string(raw)
	}
	c.Fragment, c.RawFragment, c.ForceQuery = "", "", false
	if c.Path == "" {
		c.Path = "/"
	}
	return &c
}

// A scope is the part of a site that is looked at.
type scope struct {
	scheme, host string
	prefix       string // of the unescaped path; ends in a slash
}

// scopeOf returns the folder of a page.
func scopeOf(u *url.URL) scope {
	return scope{u.Scheme, u.Host, u.Path[:strings.LastIndexByte(u.Path, '/')+1]}
}

// key returns the path of u below the folder. in is false where u lies
// elsewhere, also by way of escaped dots.
func (s scope) key(u *url.URL) (key string, in bool) {
	clean := path.Clean(u.Path)
	if strings.HasSuffix(u.Path, "/") && clean != "/" {
		clean += "/"
	}
	if u.Scheme != s.scheme || u.Host != s.host {
		return "", false
	}
	if clean+"/" == s.prefix {
		return "", true
	}
	return strings.CutPrefix(clean, s.prefix)
}

// allow refuses redirects that lead out of the scope. One from http to https
// on the same host does not.
func (s scope) allow(next *url.URL) error {
	next = canonical(next)
	if upgraded(s.scheme, s.host, next) {
		next.Scheme = s.scheme
	}
	if _, in := s.key(next); in {
		return nil
	}
	if next.Host != s.host {
		return &scanner.Problem{Reason: scanner.Skipped, Detail: "redirects to " + next.Host}
	}
	return &scanner.Problem{Reason: scanner.Skipped, Detail: "redirects out of the target"}
}

// upgraded reports whether u is https on the same host, both at their own
// ports.
func upgraded(scheme, host string, u *url.URL) bool {
	return scheme == "http" && u.Scheme == "https" && u.Host == host && u.Port() == ""
}

// allowStart follows the first redirects: on the same host only.
func (s *site) allowStart(next *url.URL) error {
	next = canonical(next)
	if next.Host == s.start.Host && (next.Scheme == s.start.Scheme || upgraded(s.start.Scheme, s.start.Host, next)) {
		return nil
	}
	return &scanner.Problem{Reason: scanner.Skipped, Detail: "redirects to " + next.Scheme + "://" + next.Host}
}

// anywhere follows every redirect.
func anywhere(*url.URL) error { return nil }

// absent reports whether a server that answers has nothing to show at an
// address.
func absent(err error) bool {
	var p *scanner.Problem
	return errors.As(err, &p) && (p.Reason == scanner.Denied ||
		strings.HasPrefix(p.Detail, "404") || strings.HasPrefix(p.Detail, "410"))
}
