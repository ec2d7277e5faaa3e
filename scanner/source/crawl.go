package source

import (
	"context"
	"errors"
	"hash/maphash"
	"io"
	"net/url"
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
	p, err := c.first()
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
	if err := c.scope.allow(p.at); err != nil {
		p.Close()
		c.fail(c.start, err)
		return
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

// first opens what the target leads to. What does not look like a page is
// asked for first: the body of a large file is not requested to be thrown
// away.
func (c *crawl) first() (*page, error) {
	at := c.start
	if !looksLikePage(at.Path) {
		known, found, err := c.ask(c.ctx, at, c.allowStart)
		if err != nil {
			return nil, err
		}
		found = canonical(found)
		p := &page{io.NopCloser(strings.NewReader("")), found, known}
		if !p.links() {
			return p, nil
		}
		at = found
	}
	return c.open(at, c.allowStart)
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
