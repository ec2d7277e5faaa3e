package source

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"time"

	"vigie/scanner"
)

// An answer is what an anonymous request for the first byte got.
type answer struct {
	status int
	addr   netip.Addr // of the server; not valid where unknown
	size   int64      // of the whole object, -1 when unknown
}

// anonymous requests the first byte of u without credentials. It follows no
// redirect and does not try again.
func (t *transport) anonymous(ctx context.Context, u *url.URL) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	a := answer{size: -1}
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(c httptrace.GotConnInfo) {
		if at, err := netip.ParseAddrPort(c.Conn.RemoteAddr().String()); err == nil {
			a.addr = at.Addr()
		}
	}})
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return a, err
	}
	req.Header.Set("Range", "bytes=0-0")
	req.Header.Set("Accept-Encoding", "identity")
	resp, err := t.RoundTrip(req)
	if err != nil {
		return a, netProblem(ctx, err)
	}
	resp.Body.Close()
	a.status, a.size = resp.StatusCode, total(resp)
	if t.proxied(u) {
		a.addr = resolve(ctx, u.Hostname())
	}
	return a, nil
}

// resolve returns the address of a host, an invalid one where it has none.
func resolve(ctx context.Context, host string) netip.Addr {
	all, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil || len(all) == 0 {
		return netip.Addr{}
	}
	return all[0]
}

// exposure judges the answer.
func (a answer) exposure(err error, dated time.Time) scanner.Exposure {
	e := scanner.Exposure{State: scanner.Unknown, Vantage: vantage, FileDated: dated}
	switch {
	case err != nil:
		e.How = "anonymous GET: " + err.Error()
		return e
	case a.status == http.StatusOK, a.status == http.StatusPartialContent, a.status == http.StatusRequestedRangeNotSatisfiable:
		e.State = reach(a.addr)
	case a.status == http.StatusUnauthorized, a.status == http.StatusForbidden, a.status/100 == 3:
		e.State = scanner.Private
	}
	e.How = fmt.Sprintf("anonymous GET answered %d", a.status)
	return e
}

// shared is 100.64.0.0/10 (RFC 6598), which no machine outside of its network
// can reach.
var shared = netip.MustParsePrefix("100.64.0.0/10")

// reach says from where an address can be reached.
func reach(a netip.Addr) scanner.State {
	a = a.Unmap()
	switch {
	case !a.IsValid():
		return scanner.Unknown
	case a.IsPrivate(), a.IsLoopback(), a.IsLinkLocalUnicast(), a.IsUnspecified(), shared.Contains(a):
		return scanner.Network
	}
	return scanner.Public
}
