package report

import (
	"cmp"
	"slices"
	"strings"

	"vigie/scanner"
)

// How much of the tree of places is kept, and how much of it is shown.
const (
	maxBranches = 5000 // kept; what lies below counts where the tree ends
	maxDepth    = 12   // folders and containers below a root
	shownPlaces = 150
	shownBeside = 12 // places beside each other
)

// places is the tree of where findings lie: hosts, buckets and folders of this
// machine, and in them folders and containers.
type places struct {
	root branch
	size int
}

// A branch is a place with all that lies below it.
type branch struct {
	name     string // its part of the path, with what ends it
	prefix   string // the path to here
	findings int64
	people   int64
	worst    scanner.Severity
	own      int64 // findings right here
	below    map[string]*branch
}

func newPlaces() *places { return &places{root: branch{below: map[string]*branch{}}} }

// add counts a finding at every place on its path.
func (p *places) add(path string, a affected) {
	at := &p.root
	at.count(a)
	rest := path
	for depth := 0; depth < maxDepth; depth++ {
		part := first(rest)
		if part == "" {
			break
		}
		next := at.below[part]
		if next == nil {
			if p.size >= maxBranches {
				break
			}
			p.size++
			next = &branch{name: part, prefix: path[:len(path)-len(rest)+len(part)], below: map[string]*branch{}}
			at.below[part] = next
		}
		at, rest = next, rest[len(part):]
		at.count(a)
	}
	at.own++
}

func (s *branch) count(a affected) {
	s.findings++
	s.people += a.people
	s.worst = max(s.worst, a.severity)
}

// first returns the first folder, container or host of a path with what ends
// it, "" where only the name of an object is left.
func first(path string) string {
	from := 0
	if i := strings.Index(path, "://"); i > 0 && !strings.Contains(path[:i], "/") {
		from = i + 3
	}
	i := strings.IndexAny(path[from:], `/\`)
	if i < 0 {
		return ""
	}
	if i == 0 && from == 0 { // a path of this machine: its root with the first folder
		j := strings.IndexAny(path[1:], `/\`)
		if j < 0 {
			return ""
		}
		return path[:j+2]
	}
	return path[:from+i+1]
}

// A placeView is a place on the page.
type placeView struct {
	Name, Prefix     string
	Findings, People string
	Worst            string // "critical"
	WorstName        string
	Bar              int64 // of 100: people here, of all
	Below            []placeView
	More             string // what of Below is not shown
	Depth            int
}

// view returns the places as the page shows them: a place with nothing in it
// but one other is shown together with it.
func (p *places) view(l language) []placeView {
	left := shownPlaces
	v := p.root.view(l, max(p.root.people, 1), &left, 0)
	return v.Below
}

func (s *branch) view(l language, all int64, left *int, depth int) placeView {
	name := s.name
	for s.own == 0 && len(s.below) == 1 && name != "" {
		for _, only := range s.below {
			s = only
		}
		name += s.name
	}
	v := placeView{Name: show(name), Prefix: Plain(s.prefix), Findings: l.count(s.findings, "finding"),
		Worst: s.worst.String(), WorstName: l.severity(s.worst), Bar: 100 * s.people / all, Depth: depth}
	if s.people > 0 {
		v.People = l.count(s.people, "person")
	}
	var below []*branch
	for _, b := range s.below {
		below = append(below, b)
	}
	slices.SortFunc(below, func(a, b *branch) int {
		return cmp.Or(cmp.Compare(b.worst, a.worst), cmp.Compare(b.people, a.people), cmp.Compare(a.name, b.name))
	})
	var others, findings int64
	for i, b := range below {
		if i >= shownBeside || *left <= 0 {
			others, findings = others+1, findings+b.findings
			continue
		}
		*left--
		v.Below = append(v.Below, b.view(l, all, left, depth+1))
	}
	if others > 0 {
		v.More = l.say("and %s with %s", l.count(others, "other place"), l.count(findings, "finding"))
	}
	return v
}

// flat returns the places in their order, for a list to choose from.
func flat(dst, views []placeView) []placeView {
	for _, v := range views {
		dst = flat(append(dst, v), v.Below)
	}
	return dst
}
