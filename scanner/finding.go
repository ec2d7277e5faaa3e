package scanner

import (
	"time"

	"vigie/detectors"
)

// A Finding is about one data set: a table, a text, or a set of like documents
// that lie together, whose Path is then their common folder. Its JSON form is
// a contract: fields are added, never renamed.
type Finding struct {
	ID               string            `json:"id"` // the same for the same data set in the same place
	Severity         Severity          `json:"severity"`
	Profile          string            `json:"profile"`
	Confidence       float64           `json:"confidence"` // 0 to 1
	Target           string            `json:"target"`
	Path             string            `json:"path"`
	Table            string            `json:"table"`
	Rows             int64             `json:"rows"`
	Documents        int64             `json:"documents,omitempty"`
	Studied          int64             `json:"studied,omitempty"` // rows (bytes of running text) that every detector saw
	Object           Stored            `json:"object"`
	Leak             string            `json:"leak"` // shared by the same data set found in several places
	Exposure         Exposure          `json:"exposure"`
	People           People            `json:"people"`
	Fields           []Field           `json:"fields"`
	Reidentification *Reidentification `json:"reidentification,omitempty"`
	Authenticity     Authenticity      `json:"authenticity"`
	Why              []Why             `json:"why"`
	FirstSeen        time.Time         `json:"first_seen"`
	Baseline         string            `json:"baseline,omitempty"`   // new or worse than in an earlier scan; "": there was none to compare with
	Suppressed       *Suppressed       `json:"suppressed,omitempty"` // a person has accepted it; nil: nobody has
}

// Suppressed says why a person has accepted a finding, and until when. It is
// reported all the same, and raises no alert.
type Suppressed struct {
	Reason string `json:"reason"`
	Until  string `json:"until"` // last day: 2026-12-31
}

// Stored describes the stored object a finding lies in.
type Stored struct {
	Size     int64     `json:"size"` // -1 when unknown
	Modified time.Time `json:"modified,omitzero"`
	ETag     string    `json:"etag,omitempty"`
}

// People is how many persons a finding is about. Estimate counts Unit;
// Persons counts everybody in them (the members of a household), 0 when that
// is the same or unknown.
type People struct {
	Estimate int64  `json:"estimate"`
	Unit     string `json:"unit"` // household, person or document
	Low      int64  `json:"low"`
	High     int64  `json:"high"`
	Persons  int64  `json:"persons,omitempty"`
	Minors   int64  `json:"minors"`
	Basis    string `json:"basis"` // nir, name_birth, rows or documents
}

// A Field is a kind seen in a column, or in running text (Index -1).
type Field struct {
	Kind    detectors.Kind  `json:"kind"`
	Class   detectors.Class `json:"class"`
	Column  string          `json:"column"`
	Index   int             `json:"index"`
	Matches int64           `json:"matches"`
	Valid   int64           `json:"valid"`
	Share   float64         `json:"share"` // of the rows
	Samples []string        `json:"samples,omitempty"`
}

// Reidentification says how many are alone with their quasi-identifiers.
type Reidentification struct {
	UniqueShare      float64          `json:"unique_share"` // of the rows, 0 to 1
	KMin             int64            `json:"k_min"`        // rows in the smallest class seen
	QuasiIdentifiers []detectors.Kind `json:"quasi_identifiers"`
}

// Authenticity is the judgement whether the data are real: real,
// partly_anonymised, fictitious or unknown.
type Authenticity struct {
	Verdict         string  `json:"verdict"`
	ProbabilityReal float64 `json:"probability_real"`
	Evidence        []Why   `json:"evidence,omitempty"`
}

// Why is a reason in words. Code and Args say the same for other languages.
type Why struct {
	Code string         `json:"code"`
	Args map[string]any `json:"args,omitempty"`
	Text string         `json:"text"`
}

// Severity orders findings; Low is the least.
type Severity uint8

// The severities.
const (
	Low Severity = iota + 1
	Medium
	High
	Critical
)

var severities = [...]string{"", "low", "medium", "high", "critical"}

// String returns the name in reports and flags.
func (s Severity) String() string { return severities[min(int(s), len(severities)-1)] }

// MarshalText writes the name.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (s *Severity) UnmarshalText(b []byte) error {
	for i, name := range severities {
		if i > 0 && name == string(b) {
			*s = Severity(i)
			return nil
		}
	}
	return &Problem{Reason: Malformed, Detail: "severity is low, medium, high or critical"}
}

// A Summary closes a scan.
type Summary struct {
	Objects    int64 `json:"objects"`       // stored objects looked at
	Members    int64 `json:"members"`       // members of containers
	LeftOut    int64 `json:"left_out"`      // not looked at because --include or --exclude said so
	Media      int64 `json:"media"`         // pictures, sound, programs: known to hold no text
	BytesRead  int64 `json:"bytes_read"`    // from the stores
	Scanned    int64 `json:"bytes_scanned"` // of text that the sieve saw
	Studied    int64 `json:"bytes_studied"` // of text that every detector saw
	Findings   int64 `json:"findings"`
	Known      int64 `json:"known,omitempty"` // findings not reported, because an earlier scan had them
	Problems   int64 `json:"problems"`
	DurationMS int64 `json:"duration_ms"`
	Complete   bool  `json:"complete"` // everything was looked at

	Interrupted bool `json:"interrupted,omitempty"` // it ended before its end; otherwise problems are why it is not complete
}
