package report

import (
	"context"
	"hash/maphash"
	"time"

	"vigie/scanner"
)

// An Access tells from access logs who fetched the objects of findings. The
// findings come first, by Write; then the logs, by Read; then Text, JSON or CSV.
// It belongs to one goroutine. Its memory grows with the findings, not with the logs.
type Access struct {
	o     AccessOptions
	lang  language
	spots []*spot
	index index
	seed  maphash.Seed

	logs, lines, passed int64 // passed: lines without a request, such as comments
	unread              int64 // lines not understood
	strange             []*strangeLog
	broken              []string // logs not read to their end, the first of them
	broke               int64
	from, to            time.Time
	kept                int               // addresses, of all places
	crowds              int               // places with a sketch
	names               map[string]string // of agents, each once
}

// AccessOptions say how visitors are told.
type AccessOptions struct {
	Lang string              // "fr" or "en"; "" is English
	Mask bool                // of addresses show the network alone: /24, /48
	Hide func(string) string // masks personal values in what clients sent; nil: nothing is
}

// What is kept of visitors. Beyond, they are counted all the same.
const (
	maxVisitors   = 1000    // addresses of a place
	maxVisits     = 200_000 // of all places
	maxCrowds     = 500     // places whose distinct addresses are estimated
	maxAgents     = 40      // names of agents of a place
	maxAgentNames = 10_000  // of all places
	maxStrange    = 5       // logs with lines not understood that are named
)

// A strangeLog is a log with lines that were not understood.
type strangeLog struct {
	name  string
	count int64
	first int64 // line; 0 in a log without lines
}

// Visits are the requests for one place.
type visits struct {
	whole, parts, unchanged int64 // 200, 206, 304: what was fetched
	heads                   int64 // HEAD, no content
	refused                 int64 // any other status
	others                  int64 // any other method
	own                     int64 // of vigie itself
	elsewhere               int64 // fetched under another host name
	hosts                   []string
	bytes                   int64
	first, last             time.Time
	seen                    map[uint64]struct{} // hashes of addresses
	who                     map[string]*visitor // by address as it is shown
	crowd                   *scanner.BottomK    // of all hashes, once there are more than are kept
	more                    bool                // there are addresses that are in neither
	agents                  map[string]int64
}

func (v *visits) fetched() int64 { return v.whole + v.parts + v.unchanged }

// A visitor is an address, or a network where these are masked.
type visitor struct {
	address     string
	fetched     int64
	bytes       int64
	first, last time.Time
	agent       string // named last
	changed     bool   // and others before
}

// OpenAccess returns an Access without findings.
func OpenAccess(o AccessOptions) *Access {
	if o.Hide == nil {
		o.Hide = func(s string) string { return s }
	}
	return &Access{o: o, lang: Options{Lang: o.Lang}.language(), seed: maphash.MakeSeed(), names: map[string]string{}, index: newIndex()}
}

// Write takes the place of a finding; other records say nothing of places.
func (a *Access) Write(_ context.Context, r scanner.Record) error {
	if f, ok := r.(*scanner.Finding); ok {
		a.add(f)
	}
	return nil
}

// Close does nothing: an Access is told, not closed.
func (a *Access) Close() error { return nil }

// Fetched reports whether somebody else than vigie fetched one of the places.
func (a *Access) Fetched() bool {
	for _, p := range a.spots {
		if p.visits != nil && p.visits.fetched() > 0 {
			return true
		}
	}
	return false
}

// Broke notes that a log was not read to its end.
func (a *Access) Broke(name string) {
	if a.broke++; len(a.broken) < maxStrange {
		a.broken = append(a.broken, name)
	}
}

// Understood reports whether every log was read to its end, and every line
// understood.
func (a *Access) Understood() bool { return a.unread == 0 && a.broke == 0 }

// count counts a request for each place that it is for.
func (a *Access) count(r *request) {
	for _, m := range a.index.match(r) {
		p := m.spot
		if p.visits == nil {
			p.visits = &visits{seen: map[uint64]struct{}{}, who: map[string]*visitor{}, agents: map[string]int64{}}
		}
		v := p.visits
		agent := a.agent(r.agent)
		good := r.status == 200 || r.status == 206 || r.status == 304
		switch {
		case agent == ownAgent:
			v.own++
		case m.elsewhere:
			if good && r.verb == get {
				v.elsewhere++
				v.host(a.o.Hide(show(string(r.host))))
			}
		case r.verb == other:
			v.others++
		case !good:
			v.refused++
		case r.verb == head:
			v.heads++
		default:
			a.fetch(v, r, agent)
		}
	}
}

func (v *visits) host(name string) {
	for _, h := range v.hosts {
		if h == name {
			return
		}
	}
	if len(v.hosts) < 3 {
		v.hosts = append(v.hosts, name)
	}
}

// fetch counts content that was sent.
func (a *Access) fetch(v *visits, r *request, agent string) {
	switch r.status {
	case 206:
		v.parts++
	case 304:
		v.unchanged++
	default:
		v.whole++
	}
	v.bytes += r.bytes
	t := r.time()
	v.first, v.last = earlier(v.first, t), later(v.last, t)
	if _, ok := v.agents[agent]; !ok && len(v.agents) >= maxAgents {
		agent = ""
	}
	v.agents[agent]++
	fresh := a.distinct(v, maphash.Bytes(a.seed, r.address))
	address := a.address(r.address)
	w := v.who[address]
	if w == nil && fresh {
		w = &visitor{address: address, agent: agent}
		v.who[address] = w
	}
	if w != nil {
		w.fetched++
		w.bytes += r.bytes
		w.first, w.last = earlier(w.first, t), later(w.last, t)
		w.changed = w.changed || w.agent != agent
		w.agent = agent
	}
}

// distinct counts an address by its hash, and reports whether it is a new one
// that there is room for.
func (a *Access) distinct(v *visits, hash uint64) bool {
	if _, ok := v.seen[hash]; ok {
		return false
	}
	if v.crowd == nil && len(v.seen) < maxVisitors && a.kept < maxVisits {
		v.seen[hash] = struct{}{}
		a.kept++
		return true
	}
	if v.crowd == nil {
		if a.crowds == maxCrowds {
			v.more = true
			return false
		}
		a.crowds++
		v.crowd = new(scanner.BottomK)
		for h := range v.seen {
			v.crowd.Add(h, 1)
		}
	}
	v.crowd.Add(hash, 1)
	return false
}

// addresses returns how many addresses there are: exactly, about, or more than
// that many.
func (v *visits) addresses() (n int64, sure certainty) {
	switch {
	case v.crowd != nil && !v.crowd.Exact():
		return int64(v.crowd.Distinct()), estimated
	case v.crowd != nil:
		return int64(v.crowd.Len()), exactly
	case v.more:
		return int64(len(v.seen)), moreThan
	}
	return int64(len(v.seen)), exactly
}

// A certainty says how sure a number of addresses is.
type certainty string

const (
	exactly   certainty = "exact"
	estimated certainty = "about"
	moreThan  certainty = "more"
)
