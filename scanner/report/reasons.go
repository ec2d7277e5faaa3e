package report

import (
	"cmp"
	"slices"
	"strings"

	"vigie/scanner"
)

// A reason counts the problems that have it.
type reason struct {
	name     string
	count    int64
	accepted int64 // of these
	examples []string
}

// reasons are those that came up, in that order.
type reasons []reason

// add counts a problem and returns its reason, valid until the next call.
func (rs *reasons) add(p *scanner.Problem) *reason {
	at := slices.IndexFunc(*rs, func(r reason) bool { return r.name == string(p.Reason) })
	if at < 0 {
		at = len(*rs)
		*rs = append(*rs, reason{name: string(p.Reason)})
	}
	r := &(*rs)[at]
	r.count++
	if p.Accepted {
		r.accepted++
	}
	return r
}

// ordered returns the most frequent first, equal counts in the order in which
// they came.
func (rs reasons) ordered() reasons {
	rs = slices.Clone(rs)
	slices.SortStableFunc(rs, func(a, b reason) int { return cmp.Compare(b.count, a.count) })
	return rs
}

// sum returns how many there are of all reasons, and of each in English.
func (rs reasons) sum() (total int64, parts string) {
	var each []string
	for _, r := range rs {
		total += r.count
		each = append(each, en.say("%s %s", en.number(r.count), en.reason(r.name)))
	}
	return total, strings.Join(each, ", ")
}

// reason writes the reason of a problem in words: image only.
func (l language) reason(name string) string {
	if l == fr {
		if said, ok := phrases[name]; ok {
			return said
		}
	}
	return clip(strings.ReplaceAll(Plain(name), "_", " "), 12)
}

// example writes a problem in a line, without its reason.
func (l language) example(p *scanner.Problem) string {
	s := show(p.Path)
	if p.Detail != "" {
		s = l.say("%s: %s", s, show(l.detail(p.Detail)))
	}
	if p.Accepted {
		s += " " + l.say("(accepted)")
	}
	return s
}
