package assess

import (
	"strings"

	"vigie/detectors"
	"vigie/scanner"
)

// A col describes a column of a made-up table: what share of the rows is
// filled, and what share of these is valid (1 when left out).
type col struct {
	title  string
	kind   detectors.Kind // "" undecided
	filled float64        // 0: every row
	valid  float64        // 0: all
	extra  []scanner.Count
	sample string
}

// table makes the tally of a table, as if every row had been studied.
func table(rows int64, cols ...col) *scanner.Tally {
	t := &scanner.Tally{Object: "s3://bucket/dir/file.csv", Rows: rows, Studied: rows, Study: &scanner.Study{}}
	for _, c := range cols {
		filled := rows
		if c.filled > 0 {
			filled = int64(c.filled * float64(rows))
		}
		valid := filled
		if c.valid > 0 {
			valid = int64(c.valid * float64(filled))
		}
		x := scanner.Column{Title: c.title, Filled: filled, Seen: rows, Studied: filled, Named: c.title != ""}
		if c.kind == "" {
			x.Filled, x.Seen, x.Studied, x.Named = 0, 0, 0, false
		} else if c.kind != cnafVariable {
			n := scanner.Count{Kind: c.kind, Matches: filled, Valid: valid, Whole: filled}
			if c.sample != "" {
				n.Samples = []string{c.sample}
			}
			x.Counts = append(x.Counts, n)
		}
		x.Counts = append(x.Counts, c.extra...)
		t.Columns = append(t.Columns, x)
		t.Study.Kinds = append(t.Study.Kinds, c.kind)
		if c.kind == birthDate {
			born(t, 1970, 5, uint32(filled))
		}
		if c.kind == nir || c.kind == nirWithoutKey {
			t.Study.People = append(t.Study.People, len(t.Study.Kinds)-1)
			persons(t, filled)
		}
	}
	return t
}

// cols makes columns of one kind from titles.
func cols(kind detectors.Kind, titles string) []col {
	var all []col
	for title := range strings.FieldsSeq(titles) {
		all = append(all, col{title: title, kind: kind})
	}
	return all
}

func join(parts ...[]col) []col {
	var all []col
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

// persons adds n distinct persons to a tally.
func persons(t *scanner.Tally, n int64) *scanner.Tally {
	for i := range n {
		t.People.Add(hash(i), 1)
	}
	return t
}

// unique adds a quasi-identifier set of which a share of the rows is alone; the
// others are two by two.
func unique(t *scanner.Tally, alone float64, columns ...int) *scanner.Tally {
	var b scanner.BottomK
	single := int64(alone * float64(t.Rows))
	for i := range single {
		b.Add(hash(i), 1)
	}
	for i := single; i < t.Rows; i += 2 {
		b.Add(hash(i), 2)
	}
	t.Study.Sets = append(t.Study.Sets, columns)
	t.Unique = append(t.Unique, b)
	return t
}

// born adds births in a month.
func born(t *scanner.Tally, year, month int, n uint32) *scanner.Tally {
	if t.Births == nil {
		t.Births = make([]uint32, 150*12)
	}
	t.Births[(year-1900)*12+month-1] += n
	return t
}

// text makes the tally of a text.
func text(object string, counts ...scanner.Count) *scanner.Tally {
	t := &scanner.Tally{Object: object, Documents: 1, Bytes: 1000, Studied: 1000, Columns: []scanner.Column{{Counts: counts}}}
	return t
}

func seen(k detectors.Kind, matches, valid int64) scanner.Count {
	return scanner.Count{Kind: k, Matches: matches, Valid: valid}
}

// hash spreads numbers over all of 64 bits (the finaliser of SplitMix64).
func hash(i int64) uint64 {
	x := uint64(i+1) * 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// cafZip is the leak of the Gironde: 10,204 households, no name, no NIR, no
// postcode. Half have a spouse, and there are 15,306 children, one in five of
// age.
func cafZip() *scanner.Tally {
	const rows = 10_204
	t := table(rows, join(
		cols(cafNumber, "NORDALLC"),
		[]col{{title: "DTNAIRES", kind: birthDate}, {title: "DTNAICON", kind: birthDate, filled: 0.5}},
		[]col{{title: "DATNAIEN1", kind: childBirthDate, filled: 0.75}, {title: "DATNAIEN2", kind: childBirthDate, filled: 0.5}, {title: "DATNAIEN3", kind: childBirthDate, filled: 0.25}},
		cols(familySituation, "SITFAM"), cols(children, "NBENLEFA"), cols(streetAddress, "LILI4ADR"),
		cols(income, "MTREVBRU RUCDERRE"), cols(benefitAmount, "MTRSAVER MTAAHVER MTAFVERS MTPPAVER"),
		cols("", "RSAVERS AAHVERS APLVERS ACTRESPD NATIFAM PERSCOUV"),
	)...)
	unique(t, 0.99, 1, 8)
	unique(t, 0.7, 8)
	born(t, 1980, 3, 15_306)
	born(t, 2002, 2, 3_061) // of age in March 2021
	born(t, 2015, 6, 12_000)
	born(t, 2021, 3, 245)
	return t
}

// aggregate is what CAF publishes of each commune.
func aggregate() *scanner.Tally {
	return table(36_000, join(
		cols("", "DTREFFRE"), cols("", "NUMCOMDO"), cols(commune, "NOMCOM"),
		cols("", "indfoy_rsa indnbp_rsa indfoy_af indnbp_af indfoy_aah"),
		cols(benefit, "indfoy_ppa indnbp_ppa"),
	)...)
}
