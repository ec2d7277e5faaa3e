package report

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"vigie/scanner"
)

// JSON writes a line a place, then one for the logs. Names of fields are a
// contract: they are added, never renamed.
func (a *Access) JSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	var visited int64
	for _, p := range a.stands() {
		if p.fetched() > 0 {
			visited++
		}
		if err := e.Encode(p.told()); err != nil {
			return fmt.Errorf("write access: %w", err)
		}
	}
	logs := []accessLog{}
	for _, s := range a.strange {
		logs = append(logs, accessLog{show(s.name), s.count, s.first})
	}
	err := e.Encode(accessSummary{Type: "summary", Logs: a.logs, Lines: a.lines, Strange: a.unread, Broken: a.broke, From: a.from, To: a.to,
		Places: int64(len(a.spots)), Fetched: visited, In: logs})
	if err != nil {
		return fmt.Errorf("write access: %w", err)
	}
	return nil
}

type accessSummary struct {
	Type    string      `json:"type"`
	Logs    int64       `json:"logs"`
	Lines   int64       `json:"lines"`
	Strange int64       `json:"not_understood"`
	Broken  int64       `json:"not_read_to_the_end"` // logs
	From    time.Time   `json:"from,omitzero"`
	To      time.Time   `json:"to,omitzero"`
	Places  int64       `json:"places"`
	Fetched int64       `json:"fetched"` // of these
	In      []accessLog `json:"not_understood_in"`
}

type accessLog struct {
	Log   string `json:"log"`
	Lines int64  `json:"lines"`
	First int64  `json:"first"`
}

type accessPlace struct {
	Type      string           `json:"type"`
	Path      string           `json:"path"`
	Findings  []string         `json:"findings"`
	Severity  scanner.Severity `json:"severity"`
	Fetched   int64            `json:"fetched"`
	Whole     int64            `json:"whole"`
	Parts     int64            `json:"parts"`
	Unchanged int64            `json:"unchanged"`
	Bytes     int64            `json:"bytes"`
	First     time.Time        `json:"first,omitzero"`
	Last      time.Time        `json:"last,omitzero"`
	Addresses int64            `json:"addresses"`
	Certainty certainty        `json:"addresses_are"` // exact, about, or more than that
	Visitors  []accessVisitor  `json:"visitors"`
	Agents    []accessAgent    `json:"agents"`
	Heads     int64            `json:"heads"`
	Refused   int64            `json:"refused"`
	Others    int64            `json:"other_methods"`
	Own       int64            `json:"by_vigie"`
	Elsewhere int64            `json:"other_hosts"`
	Hosts     []string         `json:"hosts,omitempty"`
	Masked    bool             `json:"path_masked,omitempty"`
}

type accessVisitor struct {
	Address string    `json:"address"`
	Fetched int64     `json:"fetched"`
	Bytes   int64     `json:"bytes"`
	First   time.Time `json:"first,omitzero"`
	Last    time.Time `json:"last,omitzero"`
	Agent   string    `json:"agent"`
}

type accessAgent struct {
	Name    string `json:"name"`
	Fetched int64  `json:"fetched"`
}

// told says all about a spot.
func (p *spot) told() *accessPlace {
	t := &accessPlace{Type: "access", Path: p.path, Findings: append([]string{}, p.ids...), Severity: p.severity,
		Certainty: exactly, Visitors: []accessVisitor{}, Agents: []accessAgent{}, Masked: p.vague || len(p.names) > 0}
	v := p.visits
	if v == nil {
		return t
	}
	t.Fetched, t.Whole, t.Parts, t.Unchanged, t.Bytes, t.First, t.Last = v.fetched(), v.whole, v.parts, v.unchanged, v.bytes, v.first, v.last
	t.Heads, t.Refused, t.Others, t.Own, t.Elsewhere, t.Hosts = v.heads, v.refused, v.others, v.own, v.elsewhere, v.hosts
	t.Addresses, t.Certainty = v.addresses()
	for _, w := range v.visitors() {
		t.Visitors = append(t.Visitors, accessVisitor{w.address, w.fetched, w.bytes, w.first, w.last, w.agent})
	}
	for _, name := range v.agentNames() {
		t.Agents = append(t.Agents, accessAgent{name, v.agents[name]})
	}
	return t
}

var accessTitles = []string{"path", "severity", "address", "agent", "fetched", "bytes", "first", "last"}

// CSV writes a row for each address that fetched a place, and one for each
// place that nobody did.
func (a *Access) CSV(w io.Writer) error {
	c := csv.NewWriter(w)
	c.UseCRLF = true
	c.Write(accessTitles)
	for _, p := range a.stands() {
		if p.fetched() == 0 {
			c.Write(disarmed(p.path, p.severity.String(), "", "", "0", "0", "", ""))
			continue
		}
		rest := visitor{fetched: p.visits.fetched(), bytes: p.visits.bytes}
		for _, v := range p.visits.visitors() {
			c.Write(disarmed(p.path, p.severity.String(), v.address, v.agent, whole(v.fetched), whole(v.bytes), stamp(v.first), stamp(v.last)))
			rest.fetched -= v.fetched
			rest.bytes -= v.bytes
		}
		if rest.fetched > 0 {
			c.Write(disarmed(p.path, p.severity.String(), "others", "", whole(rest.fetched), whole(rest.bytes), "", ""))
		}
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return fmt.Errorf("write access: %w", err)
	}
	return nil
}

func disarmed(cells ...string) []string {
	for i := range cells {
		cells[i] = disarm(cells[i])
	}
	return cells
}
