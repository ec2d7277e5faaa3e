package source

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"net/url"
	"path"
	"strings"

	"vigie/scanner"
)

// Limits of one crawl, each reported once when met. A server that invents
// pages without end meets one of them.
const (
	maxSeen    = 4 << 20   // addresses, some 20 bytes each
	maxAsking  = 10_000    // addresses with a query
	maxDepth   = 64        // folders below the target
	maxChain   = 10_000    // pages from page to page
	maxAddress = 4 << 10   // bytes of an address
	maxWaiting = 128 << 20 // bytes of links not followed yet
)

// A crawl is one listing of a site. Its methods return false when the listing
// is over.
type crawl struct {
	*site
	ctx      context.Context
	from, to string
	yield    func(scanner.Object, error) bool
	scope    scope
	robots   robots
	seed     maphash.Seed
	seen     map[uint64]struct{}
	asking   int // addresses with a query
	waiting  int // bytes of links
	reported map[string]bool
}

func (c *crawl) run() {
	c.seed, c.reported = maphash.MakeSeed(), map[string]bool{}
	if c.ctx.Err() != nil {
		return
	}
	c.scope = scopeOf(c.start)
	if !c.ignoreRobots {
		var err error
		if c.robots, err = c.loadRobots(c.ctx); err != nil {
			c.fail(c.start, err)
			return
		}
		if !c.robots.allow(c.start) {
			c.fail(c.start, disallowed())
			return
		}
	}
	c.isNew(c.start)
	p, err := c.open(c.start, c.allowStart)
	if err != nil {
		if c.fail(c.start, err) && absent(err) {
			c.sitemaps()
		}
		return
	}
	// The scope is where the target is after it has named its scheme and its
	// slash; a redirect deeper into the site does not narrow it.
	c.scope.scheme, c.scope.host = p.at.Scheme, p.at.Host
	if p.at.Path == c.start.Path+"/" {
		c.scope = scopeOf(p.at)
	}
	c.isNew(p.at)
	if !p.links() {
		p.Close()
		c.object(p.at, p.facts)
		return
	}
	if c.page(p, 0) {
		c.sitemaps()
	}
}

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

// moved reports whether what u led to is new, or u itself.
func (c *crawl) moved(u, at *url.URL) bool {
	return *u == *at || c.isNew(at)
}

// isNew marks an address as seen. Two addresses share a mark with a
// probability of 1 in 10^12 for a site of a million.
func (c *crawl) isNew(u *url.URL) bool {
	h := maphash.String(c.seed, u.Host+u.EscapedPath()+"?"+u.RawQuery)
	if _, old := c.seen[h]; old {
		return false
	}
	c.seen[h] = struct{}{}
	return true
}

// page yields a page as an object, unless it is a listing, and then follows
// its links, in their order.
func (c *crawl) page(p *page, depth int) bool {
	p, all, err := c.read(p)
	if err != nil && !c.fail(p.at, err) {
		return false
	}
	if !all.listing && !c.object(p.at, p.facts, all.text...) {
		return false
	}
	all.text = nil
	base := p.at
	if all.base != "" {
		if b, err := reference(base, all.base); err == nil {
			base = b
		}
	}
	size := all.links.size()
	c.waiting += size
	defer func() { c.waiting -= size }()
	return c.followAll(base, all.links, depth+1)
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

// read reads a page and closes it; again from its beginning where the
// connection breaks.
func (c *crawl) read(p *page) (*page, said, error) {
	for n := 1; ; n++ {
		all, err := p.read(maxWaiting - c.waiting)
		p.Close()
		if err == nil || errors.As(err, new(*scanner.Problem)) {
			return p, all, err
		}
		if n == tries || c.wait(c.ctx, n, 0) != nil {
			return p, all, cutShort()
		}
		again, err := c.open(p.at, c.scope.allow)
		if err != nil || !again.links() {
			if err == nil {
				again.Close()
			}
			return p, all, cutShort()
		}
		p = again
	}
}

// open requests what may be a page.
func (c *crawl) open(u *url.URL, allow func(*url.URL) error) (*page, error) {
	p := &page{}
	rc, err := watched(c.ctx, c.stalled, func(ctx context.Context) (io.ReadCloser, error) {
		resp, at, err := c.fetch(ctx, "GET", u, "", allow)
		if err != nil {
			return nil, err
		}
		p.at, p.facts = canonical(at), factsOf(resp)
		return resp.Body, nil
	})
	p.ReadCloser = rc
	return p, err
}

// object yields the object at u, if its key is asked for. Text that was read
// already is not read again.
func (c *crawl) object(u *url.URL, known facts, text ...byte) bool {
	if key, _ := c.scope.key(u); !within(key, c.from, c.to) {
		return true
	}
	if len(text) > 0 {
		known.size, known.packed = int64(len(text)), ""
	}
	o := c.site.object(u, known, c.scope.allow)
	if len(text) > 0 {
		o.Open = held(text)
	}
	return c.yield(o, nil)
}

// fail yields a problem at u. What is said of ctx is left to the caller.
func (c *crawl) fail(u *url.URL, err error) bool {
	if c.ctx.Err() != nil {
		return false
	}
	p := &scanner.Problem{Reason: scanner.Unreachable, Detail: "cannot be read"}
	errors.As(err, &p)
	return c.yield(trouble(showURL(u), p.Reason, p.Detail))
}

// tell yields a problem of the whole crawl, once.
func (c *crawl) tell(reason scanner.Reason, detail string) bool {
	if c.reported[detail] {
		return true
	}
	c.reported[detail] = true
	return c.fail(c.start, &scanner.Problem{Reason: reason, Detail: detail})
}

func disallowed() error {
	return &scanner.Problem{Reason: scanner.Robots, Detail: "robots.txt disallows it"}
}

// looksLikePage guesses from a path whether a page lies there, which saves a
// request. What lies there is known from the answer.
func looksLikePage(p string) bool {
	switch strings.ToLower(path.Ext(path.Base(p))) {
	case "", ".", ".html", ".htm", ".xhtml", ".shtml", ".php", ".asp", ".aspx", ".jsp", ".cgi", ".cfm", ".do":
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
