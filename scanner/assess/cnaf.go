package assess

import (
	"slices"
	"strings"

	"vigie/detectors"
)

// variables is what the titles of a table say about a file of the family
// benefits fund: CNAF's exports carry documented names of eight letters
// (DTNAIRES, SITFAM, LILI4ADR, RSAVERS …), three to five of which identify such
// a file with every person's name removed.
type variables struct {
	strong     int            // distinct names that only CNAF uses
	names      []string       // of these, as written
	categories map[string]int // how many of these in each category
	byTitle    map[string]string
	aggregate  bool // counts of households per commune, as CNAF publishes them
}

// see takes notice of a title and returns the category of the variable that it
// names, "" for none.
func (v *variables) see(title string) string {
	low := strings.ToLower(title)
	for _, counted := range []string{"indfoy", "indnbp", "nbfoy", "nb_foy", "nballoc", "nb_alloc", "nombre_foyers", "nombre foyers"} {
		v.aggregate = v.aggregate || strings.HasPrefix(low, counted)
	}
	if title == "" {
		return ""
	}
	category, strong, ok := detectors.CNAFVariable([]byte(title))
	if !ok {
		return ""
	}
	if v.byTitle == nil {
		v.byTitle, v.categories = make(map[string]string), make(map[string]int)
	}
	if _, again := v.byTitle[title]; !again && strong {
		v.strong++
		v.names = append(v.names, title)
		v.categories[category]++
	}
	v.byTitle[title] = category
	return category
}

// telling reports whether the titles alone make a CNAF file with a row a
// household or person: five names, or three of three categories, and at least
// two of what only a benefits file has together. Names of address and contact
// columns (NUMVOIE, CODEPOS, NUMTEL …) occur in every administration and prove
// nothing by themselves.
func (v *variables) telling() bool {
	core := v.among("birth", "birth-child", "family", "benefit", "income")
	if v.strong >= 5 && v.categories["child"] >= 4 {
		return true
	}
	return core >= 2 && (v.strong >= 5 ||
		v.strong >= 3 && core+v.among("id", "nir", "address") >= 3)
}

// among returns how many of the categories are there; benefit-health counts as
// benefit.
func (v *variables) among(categories ...string) int {
	n := 0
	for _, c := range categories {
		if v.categories[c] > 0 || c == "benefit" && v.categories["benefit-health"] > 0 {
			n++
		}
	}
	return n
}

// benefits returns the columns that say which benefits a household draws, by
// index, and the benefits that their titles name.
func (e *evidence) benefits() (columns int, codes []string) {
	last := -2
	for _, f := range e.fields {
		if !e.benefit(f.Kind, f.Column) {
			continue
		}
		if f.Index != last || e.running {
			columns, last = columns+1, f.Index
		}
		if code := benefitCode(f.Column); code != "" && !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	return columns, codes
}

func (e *evidence) benefit(k detectors.Kind, title string) bool {
	switch k {
	case benefit, benefitAmount:
		return true
	case cnafVariable, disability:
		return strings.HasPrefix(e.cnaf.byTitle[title], "benefit")
	}
	return false
}

// special returns what of the data falls under Art. 9 GDPR, because it tells of
// disability or health: kinds, or the benefits that only disabled people draw.
func (e *evidence) special() []string {
	var what []string
	add := func(s string) {
		if s != "" && !slices.Contains(what, s) {
			what = append(what, s)
		}
	}
	for _, title := range e.titles {
		add(disabilityCode(title))
	}
	for _, f := range e.fields {
		switch {
		case f.Kind == disability || f.Kind == health || f.Kind == icd10:
			if disabilityCode(f.Column) == "" {
				add(string(f.Kind))
			}
		case e.cnaf.byTitle[f.Column] == "benefit-health":
			add(benefitCode(f.Column))
		case f.Kind == benefit:
			for _, s := range f.Samples {
				add(disabilityCode(s))
			}
		}
	}
	return what
}

// disabilityCode returns the benefit or body for disabled people that a title
// names as a word of its own or as a CNAF name does (AAHVERS).
func disabilityCode(title string) string {
	for _, w := range tokens(title) {
		switch w = strings.TrimPrefix(w, "MT"); {
		case w == "RQTH", w == "MDPH", w == "CDAPH", w == "AEEH", w == "DAEEH", w == "AAH", w == "CAAH", w == "ACTP":
			return strings.TrimPrefix(w, "D")
		case strings.HasPrefix(w, "AAHVER"), w == "AAHPERE", w == "COMPLAAH":
			return "AAH"
		case strings.HasPrefix(w, "AEEHVER"), strings.HasPrefix(w, "AEEHV"):
			return "AEEH"
		}
	}
	return ""
}

// benefitCodes are the benefits in the titles of columns, the longer before
// what they begin with. Those of two letters must be followed by VER(S)é.
var benefitCodes = []string{
	"RSA", "PPA", "AAH", "AEEH", "AJPP", "AJPA", "APL", "ALF", "ALS", "ARS", "ASF", "PAJE", "PAJ",
	"CMG", "AVPF", "RMI", "API", "PCH", "CAAH", "MVA", "AF", "CF", "AL",
}

// benefitCode returns the benefit that the title of a benefits column names.
func benefitCode(title string) string {
	for _, w := range tokens(title) {
		if strings.HasSuffix(w, "AAH") {
			return "AAH"
		}
		for _, code := range benefitCodes {
			rest, ok := strings.CutPrefix(strings.TrimPrefix(w, "MT"), code)
			switch {
			case !ok && (len(code) < 4 || !strings.Contains(w, code)):
			case len(code) == 2 && rest != "" && !strings.HasPrefix(rest, "VER"):
			case code == "PAJ":
				return "PAJE"
			default:
				return code
			}
		}
	}
	return ""
}

// tokens returns the words of a title in upper case.
func tokens(title string) []string {
	return strings.FieldsFunc(strings.ToUpper(title), func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r < 0x80
	})
}
