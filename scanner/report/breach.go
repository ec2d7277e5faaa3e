package report

import (
	"slices"
	"strings"
	"time"
	"unique"

	"vigie/detectors"
	"vigie/scanner"
)

// maxPlaces are named of a breach; the others are counted.
const maxPlaces = 30

// breaches are what the findings of a scan come to in law.
type breaches struct {
	all      []*breach
	at       map[string]int              // of a leak, in all
	kinds    map[string][]detectors.Kind // lists that breaches share
	lawful   int64                       // findings of published registers
	accepted int64                       // findings that somebody accepted
	unread   int64                       // problems not accepted
	summary  *scanner.Summary
}

// take gathers a record, and reports whether it was a finding.
func (s *breaches) take(r scanner.Record) bool {
	switch r := r.(type) {
	case *scanner.Finding:
		s.gather(r)
		return true
	case *scanner.Problem:
		if !r.Accepted {
			s.unread++
		}
	case *scanner.Summary:
		c := *r
		s.summary = &c
	}
	return false
}

// sort brings the worst to the front.
func (s *breaches) sort() {
	slices.SortStableFunc(s.all, func(a, b *breach) int { return int(b.severity) - int(a.severity) })
}

// A breach is what all findings of one leak say together.
type breach struct {
	leak, id  string // of its first finding
	profile   string
	severity  scanner.Severity
	places    []breachPlace
	more      int64 // places not named
	people    scanner.People
	rows      int64
	documents int64
	kinds     []detectors.Kind
	special   []string // benefits that tell of a disability
	diagnoses bool
	unique    float64
	quasi     []detectors.Kind
	dated     time.Time // of the oldest file
	since     time.Time // seen open
	seen      time.Time // found first
	verdict   string
	real      float64
	states    states
	sealed    bool // in all places
}

// states are those that were seen, as few words as there are of them.
type states []scanner.State

func (s states) has(one scanner.State) bool { return slices.Contains(s, one) }

type breachPlace struct {
	path, table string
	state       scanner.State
}

func (s *breaches) gather(f *scanner.Finding) {
	switch {
	case f.Profile == "public-register":
		s.lawful++
		return
	case f.Suppressed != nil:
		s.accepted++
		return
	}
	if s.at == nil {
		s.at = map[string]int{}
	}
	key := "leak " + f.Leak
	if f.Leak == "" {
		key = "id " + f.ID
	}
	i, known := s.at[key]
	if !known || f.Leak == "" && f.ID == "" {
		i = len(s.all)
		s.at[key] = i
		s.all = append(s.all, &breach{leak: f.Leak, id: f.ID, sealed: true})
	}
	b := s.all[i]
	b.add(f)
	b.kinds = s.shared(b.kinds)
}

// shared returns a list of kinds that is shared with the breaches that have the
// same, as most have. It is full: to append to it is to copy it.
func (s *breaches) shared(kinds []detectors.Kind) []detectors.Kind {
	var key strings.Builder
	for _, k := range kinds {
		key.WriteString(string(k) + "\x00")
	}
	if s.kinds == nil {
		s.kinds = map[string][]detectors.Kind{}
	}
	same, ok := s.kinds[key.String()]
	if !ok {
		same = slices.Clip(kinds)
		s.kinds[key.String()] = same
	}
	return same
}

func (b *breach) add(f *scanner.Finding) {
	if f.Severity > b.severity {
		b.severity, b.profile = f.Severity, once(f.Profile)
	}
	if len(b.places) < maxPlaces {
		b.places = append(b.places, breachPlace{f.Path, f.Table, scanner.State(once(string(f.Exposure.State)))})
	} else {
		b.more++
	}
	if f.People.Estimate >= b.people.Estimate {
		b.people = f.People
		b.people.Unit, b.people.Basis = once(f.People.Unit), once(f.People.Basis)
	}
	b.rows, b.documents = max(b.rows, f.Rows), max(b.documents, f.Documents)
	for _, field := range f.Fields {
		if !slices.Contains(b.kinds, field.Kind) {
			b.kinds = append(b.kinds, detectors.Kind(once(string(field.Kind))))
		}
	}
	for _, w := range f.Why {
		switch w.Code {
		case "special_category":
			b.note(w.Args["codes"])
		case "diagnoses":
			b.diagnoses = true
		}
	}
	if r := f.Reidentification; r != nil && r.UniqueShare >= b.unique {
		b.unique, b.quasi = r.UniqueShare, slices.Clone(r.QuasiIdentifiers)
		for i, k := range b.quasi {
			b.quasi[i] = detectors.Kind(once(string(k)))
		}
	}
	x := f.Exposure
	b.dated, b.since, b.seen = earlier(b.dated, fileDate(f)), earlier(b.since, x.SeenOpenSince), earlier(b.seen, f.FirstSeen)
	// The verdict that takes the data for real holds.
	if a := f.Authenticity; b.verdict == "" || a.ProbabilityReal > b.real {
		b.verdict, b.real = once(a.Verdict), a.ProbabilityReal
	}
	if !b.states.has(x.State) {
		b.states = append(b.states, x.State)
	}
	b.sealed = b.sealed && sealed(f)
}

// once returns a string that all breaches share: a hundred thousand of them name
// the same few kinds.
func once(s string) string { return unique.Make(s).Value() }

// note keeps the benefits and terms that tell of a disability. In a scan they
// are strings, read back from JSON any.
func (b *breach) note(codes any) {
	var all []string
	switch c := codes.(type) {
	case []string:
		all = c
	case []any:
		for _, v := range c {
			if s, ok := v.(string); ok {
				all = append(all, s)
			}
		}
	}
	for _, c := range all {
		switch c {
		case "disability", "health", "icd10":
			continue // kinds of their own
		}
		if !slices.Contains(b.special, c) {
			b.special = append(b.special, once(c))
		}
	}
}

func (b *breach) has(kinds ...detectors.Kind) bool {
	return slices.ContainsFunc(kinds, func(k detectors.Kind) bool { return slices.Contains(b.kinds, k) })
}

func (b *breach) named() bool { return b.has("full_name", "last_name", "first_name") }

func (b *breach) nir() bool { return b.has("nir", "nir_without_key") }

// health reports whether there are data of Art. 9.
func (b *breach) health() bool {
	return b.profile == "mdph-documents" || b.diagnoses || len(b.special) > 0 || b.has("disability", "health", "icd10", "snds_variable")
}

// minors reports whether children are among the people.
func (b *breach) minors() bool {
	return b.people.Minors > 0 || b.has("child_birth_date") || slices.Contains(b.special, "AEEH")
}

// seenOpen reports whether somebody without credentials could read it.
func (b *breach) seenOpen() bool {
	return b.states.has(scanner.Public) || b.states.has(scanner.Network)
}
