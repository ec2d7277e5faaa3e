package report

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// What is shown of a spot, and how many that nobody fetched.
const (
	shownVisitors  = 10
	shownAgents    = 8
	shownUnvisited = 20
)

// stands returns the spots in the order of the reports: those that somebody
// fetched before the others, the worst first.
func (a *Access) stands() []*spot {
	all := slices.Clone(a.spots)
	slices.SortStableFunc(all, func(x, y *spot) int {
		return cmp.Or(cmp.Compare(min(y.fetched(), 1), min(x.fetched(), 1)), cmp.Compare(y.severity, x.severity),
			cmp.Compare(y.fetched(), x.fetched()), cmp.Compare(x.path, y.path))
	})
	return all
}

func (p *spot) fetched() int64 {
	if p.visits == nil {
		return 0
	}
	return p.visits.fetched()
}

// visitors returns who fetched, the most frequent first.
func (v *visits) visitors() []*visitor {
	return slices.SortedFunc(maps.Values(v.who), func(x, y *visitor) int {
		return cmp.Or(cmp.Compare(y.fetched, x.fetched), x.first.Compare(y.first), cmp.Compare(x.address, y.address))
	})
}

// agentNames returns the names of agents, the most frequent first, and "" for
// those that were not kept last.
func (v *visits) agentNames() []string {
	return slices.SortedFunc(maps.Keys(v.agents), func(x, y string) int {
		if x == "" || y == "" {
			return cmp.Compare(y, x)
		}
		return cmp.Or(cmp.Compare(v.agents[y], v.agents[x]), cmp.Compare(x, y))
	})
}

// Text writes for people, in lines of at most width cells; 0 is 80.
func (a *Access) Text(w io.Writer, width int) error {
	if width == 0 {
		width = 80
	}
	t := accessText{a: a, l: a.lang, page: page{width: max(width, 60)}}
	unvisited := 0
	for _, p := range a.stands() {
		if p.fetched() == 0 {
			if unvisited++; unvisited > shownUnvisited {
				continue
			}
		}
		t.spot(p)
	}
	if more := unvisited - shownUnvisited; more > 0 {
		t.page.row("", "", 0, fmt.Sprintf(t.l.or("and %s more that nobody fetched", "et %s de plus que personne n’a téléchargés"), t.l.count(int64(more), "place")))
		t.page.gap()
	}
	t.verdict()
	if _, err := io.WriteString(w, t.page.take()); err != nil {
		return fmt.Errorf("write access: %w", err)
	}
	return nil
}

type accessText struct {
	a    *Access
	l    language
	page page
}

const accessIndent = 12

func (t *accessText) row(label, text string) {
	if text != "" {
		t.page.row(label, "", accessIndent, text)
	}
}

func (t *accessText) spot(p *spot) {
	l := t.l
	t.page.row("", "", 0, show(p.path))
	t.row(l.or("finding", "constat"), l.severity(p.severity)+" — "+p.what)
	v := p.visits
	if p.fetched() == 0 {
		t.row(l.or("fetched", "téléchargé"), l.or("by nobody, as far as the logs go", "par personne, d’après ces journaux"))
	} else {
		t.row(l.or("fetched", "téléchargé"), t.fetched(v))
		t.row(l.or("when", "quand"), t.between(v.first, v.last))
		t.row(l.or("by", "par"), t.addresses(v))
		t.visitors(v)
		t.row(l.or("with", "avec"), t.agents(v))
	}
	if v != nil {
		t.row(l.or("besides", "autres"), t.besides(v))
	}
	if p.vague {
		t.row(l.or("note", "note"), l.or("parts of this path are masked: all requests are counted that could be for it",
			"une partie de ce chemin est masquée : toutes les requêtes qui peuvent le concerner sont comptées"))
	}
	if len(p.names) > 0 {
		t.row(l.or("note", "note"), l.or("the query of this address is masked: requests with any values are counted",
			"les paramètres de cette adresse sont masqués : les requêtes sont comptées quelles que soient leurs valeurs"))
	}
	if !p.dated.IsZero() && !t.a.from.IsZero() && en.day(p.dated) < en.day(t.a.from) {
		t.row(l.or("note", "note"), l.or(fmt.Sprintf("the file is of %s, the logs begin on %s: what was fetched before is not known", l.day(p.dated), l.day(t.a.from)),
			fmt.Sprintf("le fichier est daté du %s et les journaux commencent le %s : les téléchargements antérieurs ne sont pas connus", l.day(p.dated), l.day(t.a.from))))
	}
	t.page.gap()
}

func (t *accessText) times(n int64) string {
	return t.l.count(n, "time")
}

func (t *accessText) fetched(v *visits) string {
	l := t.l
	var how []string
	add := func(n int64, english, french string) {
		if n > 0 {
			how = append(how, l.number(n)+" "+l.or(english, french))
		}
	}
	add(v.whole, "in full (200)", "en entier (200)")
	add(v.parts, "in part (206)", "en partie (206)")
	add(v.unchanged, "unchanged since the time before (304)", "sans changement depuis la fois précédente (304)")
	return t.times(v.fetched()) + l.or(": ", " : ") + strings.Join(how, ", ") + l.or("; ", " ; ") + l.size(v.bytes) + l.or(" sent", " envoyés")
}

func (t *accessText) between(first, last time.Time) string {
	switch {
	case first.IsZero():
		return t.l.or("at times that the logs do not say", "à des dates que les journaux ne disent pas")
	case first.Equal(last):
		return t.moment(first)
	}
	return t.l.or(t.moment(first)+" to "+t.moment(last), "du "+t.moment(first)+" au "+t.moment(last))
}

// moment writes a time to the second, in UTC.
func (t *accessText) moment(at time.Time) string {
	return t.l.or(at.UTC().Format("2006-01-02 15:04:05 UTC"), fr.day(at)+at.UTC().Format(" à 15:04:05 UTC"))
}

func (t *accessText) addresses(v *visits) string {
	n, sure := v.addresses()
	s := t.l.count(n, "address")
	switch sure {
	case estimated:
		return t.l.or("about ", "environ ") + s
	case moreThan:
		return t.l.or("more than ", "plus de ") + s
	}
	return s
}

func (t *accessText) visitors(v *visits) {
	all := v.visitors()
	for i, w := range all {
		if i == shownVisitors {
			t.row("", t.l.or("and "+t.l.number(int64(len(all)-i))+" more", "et "+t.l.number(int64(len(all)-i))+" de plus"))
			break
		}
		when := t.l.day(w.first)
		if en.day(w.first) != en.day(w.last) {
			when += t.l.or(" to ", " au ") + t.l.day(w.last)
		}
		agent := t.agentName(w.agent)
		if w.changed {
			agent += t.l.or(" and others", " et d’autres")
		}
		t.row("", w.address+", "+t.times(w.fetched)+", "+when+", "+t.l.size(w.bytes)+", "+agent)
	}
}

func (t *accessText) agentName(name string) string {
	switch name {
	case "-":
		return t.l.or("no name", "sans nom")
	case "":
		return t.l.or("other names", "autres noms")
	}
	return name
}

func (t *accessText) agents(v *visits) string {
	var parts []string
	names := v.agentNames()
	for i, name := range names {
		if i == shownAgents {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, t.agentName(name)+" "+t.l.number(v.agents[name])+"×")
	}
	return strings.Join(parts, ", ")
}

// besides counts the requests that are no fetches of the content.
func (t *accessText) besides(v *visits) string {
	l := t.l
	var parts []string
	add := func(n int64, english, french string) {
		if n > 0 {
			parts = append(parts, l.or(english+": ", french+" : ")+l.number(n))
		}
	}
	hosts := strings.Join(v.hosts, ", ")
	add(v.heads, "HEAD, without content", "HEAD, sans contenu")
	add(v.refused, "refused, redirected or not found", "refusées, redirigées ou introuvables")
	add(v.others, "with another method", "avec une autre méthode")
	add(v.own, "by vigie itself", "par vigie")
	add(v.elsewhere, "the same path under another host name ("+hosts+")", "le même chemin sous un autre nom d’hôte ("+hosts+")")
	return strings.Join(parts, "; ")
}

// verdict says what the logs come to, and what was not understood.
func (t *accessText) verdict() {
	a, l := t.a, t.l
	var visited, times int64
	for _, p := range a.spots {
		if n := p.fetched(); n > 0 {
			visited++
			times += n
		}
	}
	spots := int64(len(a.spots))
	read := l.or("Read ", "Lu : ") + l.count(a.logs, "log") + ", " + l.count(a.lines, "line")
	if !a.from.IsZero() {
		read += l.or(", from ", ", du ") + t.moment(a.from) + l.or(" to ", " au ") + t.moment(a.to)
	}
	t.page.row("", "", 0, read+".")
	switch {
	case spots == 0:
		t.page.row("", "", 0, l.or("There is no finding: nothing was looked for.", "Il n’y a pas de constat : rien n’a été recherché."))
	case visited == 0:
		t.page.row("", "", 0, l.or("Fetched: none of "+l.count(spots, "place")+", as far as these logs go.",
			"Téléchargé : aucun, sur "+l.count(spots, "place")+", d’après ces journaux."))
	default:
		t.page.row("", "", 0, l.or(fmt.Sprintf("Fetched: %s of %s, %s.", l.number(visited), l.count(spots, "place"), l.count(times, "time")),
			fmt.Sprintf("Téléchargé : %s sur %s, %s fois.", l.number(visited), l.count(spots, "place"), l.number(times))))
	}
	if a.broke > 0 {
		var names []string
		for _, name := range a.broken {
			names = append(names, show(name))
		}
		if a.broke > int64(len(names)) {
			names = append(names, "…")
		}
		t.page.row("", "", 0, l.or("Not read to the end: "+l.count(a.broke, "log")+" ("+strings.Join(names, ", ")+").",
			"Sans être lu jusqu’à la fin : "+l.number(a.broke)+" ("+strings.Join(names, ", ")+")."))
	}
	if a.unread > 0 {
		t.page.row("", "", 0, l.or("Not understood: "+l.count(a.unread, "line")+"; who is in them is not known.",
			"Sans être comprises : "+l.count(a.unread, "line")+" ; ce qui s’y trouve n’est pas connu."))
		for _, s := range a.strange {
			t.page.row("", "", 2, l.or(fmt.Sprintf("%s: %s, the first is line %s", show(s.name), l.count(s.count, "line"), l.number(s.first)),
				fmt.Sprintf("%s : %s, la première est la ligne %s", show(s.name), l.count(s.count, "line"), l.number(s.first))))
		}
	}
}
