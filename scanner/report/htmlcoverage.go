package report

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"vigie/detectors"
)

// An untold is a reason why objects were not looked at, with those objects.
type untold struct {
	Reason, Count, Accepted, More string
	Listed                        []string
}

// untold returns the reasons, the most frequent first.
func (h *web) untold() []untold {
	var all []untold
	for _, r := range h.reasons.ordered() {
		v := untold{Reason: h.l.reason(r.name), Count: h.l.count(r.count, "object"), Listed: r.examples}
		if r.accepted > 0 {
			v.Accepted = h.l.say("%s of them accepted", h.l.number(r.accepted))
		}
		if more := r.count - int64(len(r.examples)); more > 0 {
			v.More = h.l.say("and %s more, which --format jsonl lists", h.l.number(more))
		}
		all = append(all, v)
	}
	return all
}

// A coverageView says what was looked at.
type coverageView struct {
	Status     string
	Incomplete bool
	Facts      []option
	Kinds      string
	Version    string
}

func (h *web) coverage() coverageView {
	l := h.l
	v := coverageView{}
	v.Status, v.Incomplete = h.status()
	var kinds []string
	for _, d := range detectors.All() {
		kinds = append(kinds, l.kind(d.Kind))
	}
	v.Kinds = strings.Join(kinds, ", ")
	v.Version = l.say("Page written by vigie %s, which knows %s of data.", cmp.Or(Plain(h.o.Version), "?"), l.count(int64(len(kinds)), "kind"))
	s := h.summary
	if s == nil {
		return v
	}
	fact := func(name, value string) { v.Facts = append(v.Facts, option{name, value}) }
	fact(l.say("Stored objects"), l.number(s.Objects))
	fact(l.say("Members of containers"), l.number(s.Members))
	fact(l.say("Read"), l.size(s.BytesRead))
	fact(l.say("Text scanned"), l.size(s.Scanned))
	if s.Scanned > 0 {
		fact(l.say("Of it seen by every detector"), l.percent(min(1, float64(s.Studied)/float64(s.Scanned))))
	}
	if s.LeftOut > 0 {
		fact(l.say("Left out by --include and --exclude"), l.number(s.LeftOut))
	}
	if s.Media > 0 {
		fact(l.say("Passed over as pictures, sound or programs"), l.number(s.Media))
	}
	fact(l.say("Duration"), l.duration(time.Duration(s.DurationMS)*time.Millisecond))
	return v
}

// duration writes how long something took: 640 ms, 12 s, 3 min 20 s, 2 h 5 min.
func (l language) duration(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d\u00A0ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%d\u00A0s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d\u00A0min %d\u00A0s", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%s\u00A0h %d\u00A0min", l.number(int64(d.Hours())), int(d.Minutes())%60)
}
