package report

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"vigie/scanner"
)

var notice = Report{
	Name: "notice",
	Doc: `messages to those who must take the data down

One message a web host or bucket: what lies where and how it can be read, to take
it down, to keep the access logs and versions, and whom to answer. In French or
English (--lang). It holds no value and no sample; what vigie cannot know is
marked. What is private, lies on this machine, is published lawfully or was
accepted has no message.`,
	Open: openNotice,
}

// What is named in a message; the rest is counted.
const (
	maxNoticed = 100 // objects
	maxInside  = 10  // members or tables of one
	maxHosts   = 100_000
)

func openNotice(w io.Writer, o Options) scanner.Sink {
	return &noticeSink{w: w, l: o.language(), aware: o.AwareAt, at: map[string]*letter{}}
}

// A noticeSink keeps what lies at each host, and writes when it is closed.
type noticeSink struct {
	w       io.Writer
	l       language
	aware   time.Time
	begun   bool
	at      map[string]*letter
	letters []*letter
	silent  int64 // findings without a message
	beyond  int64 // findings at hosts that are too many
}

// A letter is what one addressee is told.
type letter struct {
	scheme, host string
	severity     scanner.Severity
	objects      []*noticed
	more         int64 // findings in objects that are not named
	oldest       time.Time
	since        time.Time // seen open
	special      bool
}

// A noticed is an object with findings.
type noticed struct {
	path     string
	inside   []string
	more     int64
	what     string
	object   scanner.Stored
	exposure scanner.Exposure
	people   int64
	ids      []string
}

func (s *noticeSink) Write(_ context.Context, r scanner.Record) error {
	f, ok := r.(*scanner.Finding)
	if !ok {
		return nil
	}
	scheme, rest, remote := strings.Cut(f.Path, "://")
	host, _, _ := strings.Cut(rest, "/")
	if _, after, ok := strings.Cut(host, "@"); ok {
		host = after
	}
	if !remote || f.Exposure.State == scanner.Private || f.Profile == "public-register" || f.Suppressed != nil {
		s.silent++
		return s.begin()
	}
	at := s.at[scheme+"://"+host]
	if at == nil {
		if len(s.letters) == maxHosts {
			s.beyond++
			return nil
		}
		at = &letter{scheme: scheme, host: Plain(host)}
		s.at[scheme+"://"+host] = at
		s.letters = append(s.letters, at)
	}
	at.add(f, s.l)
	return s.begin()
}

func (t *letter) add(f *scanner.Finding, l language) {
	t.severity = max(t.severity, f.Severity)
	t.oldest, t.since = earlier(t.oldest, fileDate(f)), earlier(t.since, f.Exposure.SeenOpenSince)
	t.special = t.special || slices.ContainsFunc(f.Why, func(w scanner.Why) bool { return w.Code == "special_category" })
	stored, inside, _ := strings.Cut(f.Path, "!/")
	if f.Table != "" {
		inside = strings.TrimPrefix(inside+", "+l.or("table ", "table ")+f.Table, ", ")
	}
	i := slices.IndexFunc(t.objects, func(o *noticed) bool { return o.path == stored })
	if i < 0 {
		if len(t.objects) == maxNoticed {
			t.more++
			return
		}
		i = len(t.objects)
		t.objects = append(t.objects, &noticed{path: stored, object: f.Object, exposure: f.Exposure})
	}
	o := t.objects[i]
	if o.what == "" || f.People.Estimate > o.people {
		o.people, o.what = f.People.Estimate, show(l.what(f))
	}
	if len(o.inside)+len(o.ids) >= 2*maxInside {
		o.more++
		return
	}
	if inside != "" {
		o.inside = append(o.inside, show(inside))
	}
	if f.ID != "" {
		o.ids = append(o.ids, show(f.ID))
	}
}

func (s *noticeSink) begin() error {
	if s.begun {
		return nil
	}
	s.begun = true
	return s.put(s.l.or(`Drafts of messages, made by vigie. Read them, complete what stands in
[brackets], and send each over a channel that its addressee watches (abuse or
security contact, security.txt, the support of the store). They hold no
personal data: do not attach any.
`, `Projets de messages préparés par vigie. Relisez-les, complétez ce qui est
entre [crochets] et envoyez chacun par un canal que son destinataire surveille
(contact « abuse » ou sécurité, security.txt, assistance du service de
stockage). Ils ne contiennent aucune donnée personnelle : n’en joignez pas.
`))
}

func (s *noticeSink) put(text string) error {
	if _, err := io.WriteString(s.w, text); err != nil {
		return fmt.Errorf("write notice: %w", err)
	}
	return nil
}

// Close writes the messages, the worst first.
func (s *noticeSink) Close() error {
	if err := s.begin(); err != nil {
		return err
	}
	slices.SortStableFunc(s.letters, func(a, b *letter) int { return int(b.severity) - int(a.severity) })
	for _, t := range s.letters {
		if err := s.put(t.text(s.l, s.aware)); err != nil {
			return err
		}
	}
	p := page{width: 76}
	p.row("", "", 0, strings.Repeat("=", 76))
	if len(s.letters) == 0 {
		p.row("", "", 0, s.l.or("There is nobody to write to.", "Il n’y a personne à qui écrire."))
	}
	if s.silent > 0 {
		p.row("", "", 0, s.l.or("Without a message, because they lie on this machine, are not open, are published lawfully or were accepted: "+s.l.count(s.silent, "finding")+".",
			"Sans message, parce qu’ils sont sur ce poste, ne sont pas ouverts, sont publiés légalement ou ont été acceptés : "+s.l.count(s.silent, "finding")+"."))
	}
	if s.beyond > 0 {
		p.row("", "", 0, s.l.or("At further hosts: "+s.l.count(s.beyond, "finding")+".", "Chez d’autres hôtes : "+s.l.count(s.beyond, "finding")+"."))
	}
	return s.put("\n" + p.take())
}
