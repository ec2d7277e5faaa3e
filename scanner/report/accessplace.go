package report

import (
	"bytes"
	"net/url"
	"path"
	"strings"
	"time"

	"vigie/scanner"
)

// A spot is a stored object with findings, or a folder of such objects.
type spot struct {
	path     string // as the findings have it, up to the first container
	ids      []string
	severity scanner.Severity
	what     string    // the worst finding, in words
	dated    time.Time // oldest date of the object
	vague    bool      // parts of its name are masked
	visits   *visits

	bucket, host string   // one of them; neither for a local file
	key          string   // path on the host or in the bucket, decoded, with a slash before it
	elements     []string // of a vague key
	names        []string // of the parameters of its query, each with its =
}

// A match is a spot that a request is for. elsewhere: the path is that of the
// place, but the name of the host is another.
type match struct {
	spot      *spot
	elsewhere bool
}

// An index finds the places of a path.
type index struct {
	all     map[string]*spot   // by path of the findings
	exact   map[string][]*spot // by key, and by bucket and key
	folders map[string][]*spot // the same, of folders
	files   map[string][]*spot // local files, by the last element
	local   map[string][]*spot // local folders, by the last element
	vague   []*spot
	key     []byte
	found   []match
}

func newIndex() index {
	return index{all: map[string]*spot{}, exact: map[string][]*spot{}, folders: map[string][]*spot{},
		files: map[string][]*spot{}, local: map[string][]*spot{}}
}

// add takes the place of a finding. Findings in one archive have one place.
func (a *Access) add(f *scanner.Finding) {
	at, _, inside := strings.Cut(f.Path, "!/")
	folder := !inside && f.Documents > 0 && strings.HasSuffix(at, "/")
	p := a.index.all[at]
	if p == nil {
		p = &spot{path: at}
		a.index.all[at] = p
		a.spots = append(a.spots, p)
		a.index.enter(p, folder)
	}
	if f.ID != "" && len(p.ids) < maxPlaces {
		p.ids = append(p.ids, f.ID)
	}
	if f.Severity > p.severity {
		p.severity, p.what = f.Severity, show(a.lang.what(f))
	}
	p.dated = earlier(p.dated, fileDate(f))
}

// enter puts a place where requests for it are looked up.
func (x *index) enter(p *spot, folder bool) {
	scheme, rest, remote := strings.Cut(p.path, "://")
	switch {
	case !remote:
		p.key = string(cleaned([]byte(strings.ReplaceAll(p.path, `\`, "/"))))
		p.key = strings.TrimPrefix(p.key, "./")
	case scheme == "http" || scheme == "https":
		host, key, _ := strings.Cut(rest, "/")
		key, query, _ := strings.Cut("/"+key, "?")
		if _, after, ok := strings.Cut(host, "@"); ok {
			host = after
		}
		p.host, p.key = bareHost(strings.ToLower(host)), string(cleaned(decoded(nil, []byte(key), false)))
		for _, parameter := range strings.Split(query, "&") {
			if name, _, ok := strings.Cut(parameter, "="); ok {
				p.names = append(p.names, name+"=")
			}
		}
	default:
		bucket, key, _ := strings.Cut(rest, "/")
		p.bucket, p.key = bucket, string(cleaned([]byte("/"+key)))
	}
	keys := []string{p.key}
	if p.bucket != "" {
		keys = append(keys, "/"+p.bucket+p.key)
	}
	last := path.Base(p.key)
	switch {
	case strings.Contains(p.key, "•"):
		p.vague = true
		p.elements = strings.Split(p.key, "/")
		x.vague = append(x.vague, p)
	case !remote && folder:
		x.local[last] = append(x.local[last], p)
	case !remote:
		x.files[last] = append(x.files[last], p)
	default:
		table := x.exact
		if folder {
			table = x.folders
		}
		for _, k := range keys {
			table[k] = append(table[k], p)
		}
	}
}

// match returns the places that r is for, valid until the next call.
func (x *index) match(r *request) []match {
	x.found = x.found[:0]
	if len(r.path) == 0 {
		return nil
	}
	if r.plain {
		x.key = cleaned(append(x.key[:0], r.path...))
	} else {
		x.key = cleaned(decoded(x.key[:0], r.path, r.escaped))
	}
	x.look(r)
	// Keys in the logs of S3 are encoded twice.
	if len(x.found) == 0 && r.bucket != nil && !r.plain && bytes.IndexByte(x.key, '%') >= 0 {
		x.key = decoded(x.key[:0], append([]byte(nil), x.key...), false)
		x.look(r)
	}
	return x.found
}

func (x *index) look(r *request) {
	x.take(r, x.exact[string(x.key)])
	if len(x.folders) > 0 || len(x.local) > 0 {
		for i, depth := 0, 0; i < len(x.key)-1 && depth < 64; i, depth = i+1, depth+1 {
			n := bytes.IndexByte(x.key[i:], '/')
			if n < 0 {
				break
			}
			i += n
			if i == len(x.key)-1 {
				break // the listing of the folder itself
			}
			dir := x.key[:i+1]
			x.take(r, x.folders[string(dir)])
			for _, p := range x.local[path.Base(string(dir))] {
				if i > 0 && p.under(string(dir)) {
					x.found = append(x.found, match{spot: p})
				}
			}
		}
	}
	if len(x.files) > 0 && r.bucket == nil {
		for _, p := range x.files[string(x.key[bytes.LastIndexByte(x.key, '/')+1:])] {
			if p.under(string(x.key)) {
				x.found = append(x.found, match{spot: p})
			}
		}
	}
	if len(x.vague) > 0 {
		elements := strings.Split(string(x.key), "/")
		for i, p := range x.vague {
			if p.resembles(elements) {
				x.take(r, x.vague[i:i+1])
			}
		}
	}
}

// under reports whether the key of a request may be that of a local file: its
// end, and of a relative path also what ends in it.
func (p *spot) under(key string) bool {
	own := "/" + strings.TrimPrefix(p.key, "/")
	return strings.HasSuffix(own, key) || !strings.HasPrefix(p.key, "/") && strings.HasSuffix(key, own)
}

// take keeps those places whose host, bucket and query are those of r.
func (x *index) take(r *request, spots []*spot) {
	for _, p := range spots {
		if !p.asked(r.query) {
			continue
		}
		here, same := p.at(r, string(x.key))
		if here {
			x.found = append(x.found, match{p, !same})
		}
	}
}

// asked reports whether a query has the parameters that the place has. Their
// values are masked in findings.
func (p *spot) asked(query []byte) bool {
	for _, name := range p.names {
		at := bytes.Index(query, []byte(name))
		if at < 0 || at > 0 && query[at-1] != '&' {
			return false
		}
	}
	return true
}

// at reports whether the path of r may be that of the place, and whether it is
// on the same host or in the same bucket as far as the log says.
func (p *spot) at(r *request, key string) (here, same bool) {
	bucketed := p.bucket != "" && len(key) == len(p.bucket)+1+len(p.key) && strings.HasPrefix(key[1:], p.bucket+"/")
	if r.bucket != nil {
		bucket := string(r.bucket)
		switch {
		case p.bucket != "":
			return p.bucket == bucket, true
		case strings.HasPrefix(p.host, bucket+"."):
			return true, true
		}
		return false, false
	}
	host := bareHost(strings.ToLower(string(r.host)))
	switch {
	case bucketed:
		return true, true
	case host == "" || r.front:
		return true, true
	case p.bucket != "":
		return true, host == p.bucket || strings.HasPrefix(host, p.bucket+".")
	}
	return true, host == p.host || p.host == "" || strings.TrimPrefix(host, "www.") == strings.TrimPrefix(p.host, "www.")
}

// bareHost returns a host without its port.
func bareHost(host string) string {
	u := url.URL{Host: host}
	return u.Hostname()
}

// resembles reports whether the elements of a key could be those of a place of
// which parts are masked: a masked one could be any that has its ending.
func (p *spot) resembles(all []string) bool {
	own := p.elements
	if p.host == "" && p.bucket == "" && len(own) > len(all) && len(all) > 1 {
		own = own[len(own)-len(all)+1:] // a local path is known by its end
		all = all[1:]
	}
	if p.bucket != "" && len(all) == len(own)+1 && all[1] == p.bucket {
		own, all = own[1:], all[2:]
	}
	if len(own) != len(all) {
		return false
	}
	for i, e := range own {
		switch {
		case !strings.Contains(e, "•"):
			if e != all[i] {
				return false
			}
		case !strings.HasSuffix(all[i], e[strings.LastIndex(e, "•")+len("•"):]):
			return false
		}
	}
	return true
}
