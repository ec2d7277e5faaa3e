package report

import (
	"fmt"
	"io"
	"strings"

	"vigie/scanner"
)

// maxDifferences are named; the others are counted.
const maxDifferences = 50

// Objections writes in plain lines how data contradict what was declared of
// them, and what to do about it; nothing where they do not.
func Objections(w io.Writer, s *Statement) {
	if s.Declared == nil {
		return
	}
	if len(s.Contradictions) == 0 {
		fmt.Fprintf(w, "Declared %s: nothing that was found contradicts it.\n", s.Declared.Claim)
		return
	}
	fmt.Fprintf(w, "Declared %s, and contradicted by %s:\n", s.Declared.Claim, count(int64(len(s.Contradictions)), "finding"))
	again := false
	for _, c := range s.Contradictions {
		again = again || len(c.Drop)+len(c.Coarsen) > 0
		fmt.Fprintf(w, "\n  %s\n", contradicted(c))
		for _, why := range c.Why {
			fmt.Fprintf(w, "    %s\n", Plain(why.Text))
		}
		if len(c.Drop) > 0 {
			fmt.Fprintf(w, "    leave out: %s\n", columns(c.Drop))
		}
		for _, to := range []string{"year", "department"} {
			var some []string
			for _, one := range c.Coarsen {
				if one.To == to {
					some = append(some, one.Column)
				}
			}
			if len(some) > 0 {
				fmt.Fprintf(w, "    keep only the %s: %s\n", rough(to), columns(some))
			}
		}
	}
	if again {
		fmt.Fprintln(w, "\nRun it again on what is left.")
	}
}

// rough says what may be left of a column.
func rough(to string) string {
	if to == "year" {
		return "year, and of a year the decade"
	}
	return to
}

func contradicted(c scanner.Contradiction) string {
	if c.Table == "" {
		return Plain(c.Path)
	}
	return Plain(c.Path) + ", table " + Plain(c.Table)
}

func columns(names []string) string {
	shown := make([]string, len(names))
	for i, n := range names {
		shown[i] = Plain(n)
	}
	return strings.Join(shown, ", ")
}

// Differences writes whether files are those of a statement; signed: its
// signature was verified.
func Differences(w io.Writer, s *Statement, differ []Difference, signed bool) {
	fmt.Fprintf(w, "Statement of %s, by vigie %s%s.\n", s.Made.Format("2006-01-02 15:04 MST"), Plain(s.Version),
		map[bool]string{true: ", its signature verified"}[signed])
	if len(differ) == 0 {
		fmt.Fprintf(w, "The same: %s.\n", count(int64(len(s.Files)), "file"))
	} else {
		fmt.Fprintf(w, "Not the same, %s of %s:\n", count(int64(len(differ)), "difference"), count(int64(len(s.Files)), "file"))
	}
	for i, d := range differ {
		if i == maxDifferences {
			fmt.Fprintf(w, "  and %s more\n", number(int64(len(differ)-i)))
			break
		}
		fmt.Fprintf(w, "  %-10s  %s\n", d.What, Plain(d.Path))
	}
	switch s.Verdict {
	case StatesPeople:
		fmt.Fprintf(w, "It says that people's data are in them: %s.\n", count(int64(len(s.Findings)), "finding"))
	case StatesIncomplete:
		fmt.Fprintf(w, "It says that not everything could be read: %s.\n", count(int64(len(s.Problems)), "problem"))
	default:
		fmt.Fprintln(w, "It says that all was read and no people's data were found.")
	}
}
