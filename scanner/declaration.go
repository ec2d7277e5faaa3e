package scanner

// A Declaration is what the sender of data believes them to be.
type Declaration struct {
	Claim  string   `json:"claim"`            // Fictitious, Pseudonymised or Fields
	Fields []string `json:"fields,omitempty"` // kinds, or titles of columns, that may be there; without, any may
	People int64    `json:"people,omitempty"` // that a data set may be about; 0: any number
}

// The claims of a Declaration: that nobody in the data exists, that nobody can
// be told from the data alone, that they hold no other fields.
const (
	Fictitious    = "fictitious"
	Pseudonymised = "pseudonymised"
	Fields        = "fields"
)

// A Contradiction says how a finding speaks against a Declaration, and which
// columns to leave out or to make coarser.
type Contradiction struct {
	Finding string    `json:"finding"` // its ID
	Path    string    `json:"path"`
	Table   string    `json:"table,omitempty"`
	Why     []Why     `json:"why"`
	Drop    []string  `json:"drop,omitempty"` // columns, as they may be shown
	Coarsen []Coarser `json:"coarsen,omitempty"`
}

// Coarser is a column and what may be left of its values.
type Coarser struct {
	Column string `json:"column"`
	To     string `json:"to"` // year (of a year the decade) or department
}
