package source

import (
	"bufio"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"

	"vigie/scanner"
)

// Limits of sitemaps (sitemaps.org/protocol: 50 MB, 50,000 addresses each).
const (
	maxSitemap  = 50 << 20
	maxSitemaps = 200
)

// sitemaps visits what the sitemaps of the host name below the target: those
// that robots.txt tells of, and /sitemap.xml.
func (c *crawl) sitemaps() bool {
	usual := c.start.ResolveReference(&url.URL{Path: "/sitemap.xml"})
	usual.Scheme = c.scope.scheme
	waiting := []string{usual.String()}
	for _, told := range c.robots.sitemaps {
		if !slices.Contains(waiting, told) {
			waiting = append(waiting, told)
		}
	}
	for i := 0; i < len(waiting) && c.ctx.Err() == nil; i++ {
		if i == maxSitemaps {
			return c.tell(scanner.TooMany, "more than 200 sitemaps")
		}
		u, err := c.start.Parse(waiting[i])
		if err != nil || u.Host != c.scope.host || !c.robots.allow(u) {
			continue
		}
		pages, maps, err := c.sitemap(canonical(u))
		if err != nil && i > 0 && !c.fail(u, err) { // nobody said that the usual one is there
			return false
		}
		for _, m := range maps {
			if !slices.Contains(waiting, m) && len(waiting) <= maxSitemaps {
				waiting = append(waiting, m)
			}
		}
		for j := range pages.len() {
			if u, err := c.start.Parse(pages.at(j)); err == nil && !c.visit(u, 1) {
				return false
			}
		}
	}
	return c.ctx.Err() == nil
}

// sitemap requests one sitemap. It also returns what came before an error.
func (c *crawl) sitemap(u *url.URL) (pages names, maps []string, err error) {
	rc, err := c.text(c.ctx, u, c.allowStart)
	if err != nil {
		return pages, nil, err
	}
	defer rc.Close()
	pages, maps, err = readSitemap(rc)
	if err != nil {
		err = netProblem(c.ctx, err)
	}
	return pages, maps, err
}

// readSitemap returns the pages that a sitemap names, or further sitemaps.
// What is no sitemap names nothing.
func readSitemap(in io.Reader) (pages names, maps []string, err error) {
	buffered := bufio.NewReader(in)
	in = buffered
	if head, _ := buffered.Peek(2); string(head) == "\x1f\x8b" {
		if in, err = gzip.NewReader(buffered); err != nil {
			return pages, nil, err
		}
	}
	d := xml.NewDecoder(io.LimitReader(in, maxSitemap))
	d.Strict = false
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	var open []string // tags
	for {
		t, err := d.RawToken()
		if err != nil {
			var syntax *xml.SyntaxError
			if err == io.EOF || errors.As(err, &syntax) {
				err = nil
			}
			return pages, maps, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if len(open) == maxDepth {
				return pages, maps, nil
			}
			open = append(open, t.Name.Local)
		case xml.EndElement:
			open = open[:max(0, len(open)-1)]
		case xml.CharData:
			loc := strings.TrimSpace(string(t))
			if len(open) < 2 || open[len(open)-1] != "loc" || !follows(loc) {
				continue
			}
			if in := open[len(open)-2]; in == "sitemap" && len(maps) < maxSitemaps {
				maps = append(maps, loc)
			} else if in == "url" {
				pages.add(loc)
			}
		}
	}
}
