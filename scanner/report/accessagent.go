package report

import (
	"bytes"
	"net/netip"
	"strings"
)

// ownAgent is the name that vigie gives itself when it fetches.
const ownAgent = "vigie"

// agent names a client as it names itself: a robot by its name, a browser by its
// family, anything else by the first word. The name is short and plain.
func (a *Access) agent(header []byte) string {
	if len(header) > 400 {
		header = header[:400]
	}
	if name, ok := a.names[string(header)]; ok {
		return name
	}
	name := clip(a.o.Hide(show(agentName(string(decoded(nil, header, true))))), 40)
	if len(a.names) < maxAgentNames {
		a.names[string(header)] = name
	}
	return name
}

// robots are parts of words by which robots are told.
var robots = []string{"bot", "crawl", "spider", "slurp", "scan", "fetch", "archiv", "preview", "externalhit", "monitor"}

// browsers in the order in which they are told apart: each also says the names
// of those behind it.
var browsers = []struct{ mark, name string }{
	{"Edg/", "Edge"}, {"EdgA/", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Firefox/", "Firefox"},
	{"FxiOS/", "Firefox"}, {"HeadlessChrome/", "HeadlessChrome"}, {"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	{"MSIE ", "Internet Explorer"}, {"Trident/", "Internet Explorer"},
}

func agentName(header string) string {
	if header == "" || header == "-" {
		return "-"
	}
	words := strings.FieldsFunc(header, func(r rune) bool { return strings.ContainsRune(" ;,()[]\"'", r) })
	for _, w := range words {
		name, _, _ := strings.Cut(w, "/")
		low := strings.ToLower(name)
		if strings.Contains(low, "://") || strings.HasPrefix(low, "+") || strings.HasPrefix(low, "http:") || strings.HasPrefix(low, "https:") {
			continue
		}
		for _, r := range robots {
			if strings.Contains(low, r) {
				return name
			}
		}
	}
	for _, b := range browsers {
		if strings.HasPrefix(header, "Mozilla/") && strings.Contains(header, b.mark) {
			return b.name
		}
	}
	if len(words) == 0 {
		return "-"
	}
	name, _, _ := strings.Cut(words[0], "/")
	return name
}

// address shows an address: as it is, or the network it is in: /24, /48. Of a
// name of a machine the domain is left.
func (a *Access) address(s []byte) string {
	if len(s) > 100 {
		s = s[:100]
	}
	s = bytes.TrimSuffix(bytes.TrimPrefix(s, []byte("[")), []byte("]"))
	ip, err := netip.ParseAddr(string(s))
	if err != nil {
		name := a.o.Hide(show(string(s)))
		if !a.o.Mask {
			return name
		}
		labels := strings.Split(name, ".")
		if len(labels) < 3 {
			return "•••"
		}
		return "•••." + strings.Join(labels[len(labels)-2:], ".")
	}
	ip = ip.Unmap().WithZone("")
	if !a.o.Mask {
		return ip.String()
	}
	bits := 24
	if ip.Is6() {
		bits = 48
	}
	p, err := ip.Prefix(bits)
	if err != nil {
		return "•••"
	}
	return p.String()
}
