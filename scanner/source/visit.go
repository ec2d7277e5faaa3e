package source

import (
	"context"
	"fmt"
	"hash/maphash"
	"net/url"
	"path"
	"strings"

	"vigie/scanner"
)

// A visit is an address to be looked at.
type visit struct {
	u     *url.URL
	depth int
	known chan told // nil for what looks like a page
}

// told is what the server says of an object.
type told struct {
	facts facts
	at    *url.URL
	err   error
}

// visit looks at an address right away.
func (c *crawl) visit(u *url.URL, depth int) bool {
	v, goOn := c.plan(c.ctx, u, depth)
	return goOn && (v == nil || c.follow(v))
}

// plan decides whether an address is to be visited; nil: it is not. Of what
// looks like an object the server is asked meanwhile.
func (c *crawl) plan(ctx context.Context, u *url.URL, depth int) (v *visit, goOn bool) {
	if c.ctx.Err() != nil {
		return nil, false
	}
	u = canonical(u)
	if (u.Scheme == "http" || u.Scheme == "https") && u.Port() == "" {
		u.Scheme = c.scope.scheme
	}
	key, in := c.scope.key(u)
	if !in || sorts(u) || !c.isNew(u) {
		return nil, true
	}
	switch {
	case len(c.seen) > maxSeen:
		return nil, c.tell(scanner.TooMany, fmt.Sprintf("more than %d addresses", maxSeen))
	case depth > maxChain, strings.Count(key, "/") > maxDepth, len(u.Path)+len(u.RawQuery) > maxAddress:
		return nil, c.tell(scanner.TooDeep, "links that lead ever deeper are not followed")
	}
	if u.RawQuery != "" {
		if c.asking++; c.asking > maxAsking {
			return nil, c.tell(scanner.TooMany, fmt.Sprintf("more than %d addresses with a query", maxAsking))
		}
	}
	if !c.robots.allow(u) {
		return nil, c.fail(u, disallowed())
	}
	v = &visit{u: u, depth: depth}
	if !looksLikePage(u.Path) {
		v.known = make(chan told, 1)
		go func() {
			var t told
			t.facts, t.at, t.err = c.ask(ctx, u, c.scope.allow)
			v.known <- t
		}()
	}
	return v, true
}

// follow visits a page, whose links it follows, or an object.
func (c *crawl) follow(v *visit) bool {
	if c.ctx.Err() != nil {
		return false
	}
	u := v.u
	if v.known != nil {
		t := <-v.known
		if t.err != nil {
			return c.fail(u, t.err)
		}
		if !c.moved(u, t.at) {
			return true
		}
		if !t.facts.html() {
			return c.object(t.at, t.facts)
		}
		u = t.at
	}
	p, err := c.open(u, c.scope.allow)
	if err != nil {
		return c.fail(u, err)
	}
	if !c.moved(u, p.at) {
		p.Close()
		return true
	}
	if !p.links() {
		p.Close()
		return c.object(p.at, p.facts)
	}
	return c.page(p, v.depth)
}

// moved reports whether what u led to is u itself, or new.
func (c *crawl) moved(u, at *url.URL) bool {
	return c.mark(u) == c.mark(canonical(at)) || c.isNew(canonical(at))
}

// isNew marks an address as seen. Two addresses share a mark with a
// probability of 1 in 10^7 for a site of a million.
func (c *crawl) isNew(u *url.URL) bool {
	h := c.mark(u)
	if _, old := c.seen[h]; old {
		return false
	}
	c.seen[h] = struct{}{}
	return true
}

// mark is the same for http and https.
func (c *crawl) mark(u *url.URL) uint64 {
	return maphash.String(c.seed, u.Host+u.EscapedPath()+"?"+u.RawQuery)
}

// followAll visits the links of a page in their order, and asks a few
// objects ahead, so that the way to the server and back is not waited for
// each time.
func (c *crawl) followAll(base *url.URL, links names, depth int) bool {
	const most = 4
	ctx, cancel := context.WithCancel(c.ctx)
	var ahead []*visit
	defer func() {
		cancel()
		for _, v := range ahead { // nobody is left behind
			if v.known != nil {
				<-v.known
			}
		}
	}()
	for i := range links.len() {
		u, err := reference(base, links.at(i))
		if err != nil {
			continue
		}
		v, goOn := c.plan(ctx, u, depth)
		if !goOn {
			return false
		}
		if v == nil {
			continue
		}
		if ahead = append(ahead, v); len(ahead) == most {
			v, ahead = ahead[0], ahead[1:]
			if !c.follow(v) {
				return false
			}
		}
	}
	for len(ahead) > 0 {
		v := ahead[0]
		ahead = ahead[1:]
		if !c.follow(v) {
			return false
		}
	}
	return true
}

// looksLikePage guesses from a path whether a page lies there, which saves a
// request. What lies there is known from the answer.
func looksLikePage(p string) bool {
	switch strings.ToLower(path.Ext(p)) {
	case ".html", ".htm", ".xhtml", ".shtml", ".php", ".asp", ".aspx", ".jsp":
		return true
	}
	return strings.HasSuffix(p, "/")
}

// sorts reports whether an address is a listing in another order: Apache's
// ?C=N;O=D, Caddy's ?sort=name&order=desc, and their likes.
func sorts(u *url.URL) bool {
	if u.RawQuery == "" || !strings.HasSuffix(u.Path, "/") {
		return false
	}
	for _, part := range strings.FieldsFunc(u.RawQuery, func(r rune) bool { return r == '&' || r == ';' }) {
		name, _, _ := strings.Cut(part, "=")
		switch name {
		case "C", "O", "F", "V", "P", "N", "M", "S", "D", "sort", "order", "layout":
		default:
			return false
		}
	}
	return true
}
