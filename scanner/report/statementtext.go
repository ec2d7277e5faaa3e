package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"vigie/scanner"
)

// maxDifferences are named; the others are counted.
const maxDifferences = 50

// An objection is a contradiction in words.
type objection struct {
	Place string
	Why   []string
	Do    []string // what to leave out or to make coarser
}

func (l language) objections(s *Statement) (all []objection) {
	for _, c := range s.Contradictions {
		o := objection{Place: Plain(c.Path)}
		if c.Table != "" {
			o.Place += ", " + l.say("table %s", show(c.Table))
		}
		var f *scanner.Finding
		if i := slices.IndexFunc(s.Findings, func(f *scanner.Finding) bool { return f.ID == c.Finding }); i >= 0 {
			f = s.Findings[i]
		}
		for _, why := range c.Why {
			o.Why = append(o.Why, l.why(why, f))
		}
		if len(c.Drop) > 0 {
			o.Do = append(o.Do, l.say("leave out: %s", columns(c.Drop)))
		}
		if some := coarser(c, "year"); some != "" {
			o.Do = append(o.Do, l.say("keep only the year, and of a year the decade: %s", some))
		}
		if some := coarser(c, "department"); some != "" {
			o.Do = append(o.Do, l.say("keep only the department: %s", some))
		}
		all = append(all, o)
	}
	return all
}

// coarser lists the columns of which only one thing may be left.
func coarser(c scanner.Contradiction, to string) string {
	var some []string
	for _, one := range c.Coarsen {
		if one.To == to {
			some = append(some, one.Column)
		}
	}
	return columns(some)
}

func columns(names []string) string {
	shown := make([]string, len(names))
	for i, n := range names {
		shown[i] = Plain(n)
	}
	return strings.Join(shown, ", ")
}

// claim says what was declared.
func (l language) claim(claim string) string {
	switch claim {
	case scanner.Fictitious:
		return l.say("nobody in the data exists")
	case scanner.Pseudonymised:
		return l.say("nobody can be told from the data alone")
	}
	return l.say("only these fields")
}

// Objections writes in plain lines how data contradict what was declared of
// them, and what to do about it.
func Objections(w io.Writer, s *Statement, o Options) {
	if s.Declared == nil {
		return
	}
	l := o.language()
	said := l.say("Declared: %s.", l.claim(s.Declared.Claim))
	all := l.objections(s)
	if len(all) == 0 {
		fmt.Fprintln(w, said, l.say("Nothing that was found contradicts it."))
		return
	}
	fmt.Fprintln(w, said, l.say("Contradicted by %s:", l.count(int64(len(all)), "finding")))
	again := false
	for _, one := range all {
		fmt.Fprintf(w, "\n  %s\n", one.Place)
		for _, line := range slices.Concat(one.Why, one.Do) {
			fmt.Fprintf(w, "    %s\n", line)
		}
		again = again || len(one.Do) > 0
	}
	if again {
		fmt.Fprintf(w, "\n%s\n", l.say("Run it again on what is left."))
	}
}

// Differences writes whether files are those of a statement; signed: its
// signature was verified.
func Differences(w io.Writer, s *Statement, differ []Difference, signed bool, o Options) {
	l := o.language()
	of := l.say("Statement of %s, by vigie %s.", l.day(s.Made)+s.Made.UTC().Format(" 15:04 UTC"), Plain(s.Version))
	if signed {
		of += " " + l.say("Its signature is good.")
	}
	fmt.Fprintln(w, of)
	files := l.count(int64(len(s.Files)), "file")
	if len(differ) == 0 {
		fmt.Fprintln(w, l.say("The same: %s.", files))
	} else {
		fmt.Fprintln(w, l.say("Not the same: %s, of %s.", l.count(int64(len(differ)), "difference"), files))
	}
	for i, d := range differ {
		if i == maxDifferences {
			fmt.Fprintln(w, " ", l.say("and %s more", l.number(int64(len(differ)-i))))
			break
		}
		fmt.Fprintf(w, "  %-10s  %s\n", l.difference(d.What), Plain(d.Path))
	}
	fmt.Fprintln(w, l.say("It says: %s", l.stated(s)))
}

func (l language) difference(what string) string {
	switch what {
	case "missing":
		return l.say("missing")
	case "added":
		return l.say("added")
	case "unreadable":
		return l.say("unreadable")
	}
	return l.say("changed")
}

// stated says what a statement comes to.
func (l language) stated(s *Statement) string {
	switch s.Verdict {
	case StatesPeople:
		text := l.say("people's data are in the files (%s).", l.count(int64(len(s.Findings)), "finding"))
		if s.Summary == nil || !s.Summary.Complete {
			text += " " + l.say("Not everything could be read.")
		}
		return text
	case StatesIncomplete:
		return l.say("no people's data were found, but not everything could be read.")
	}
	return l.say("everything was read, and no people's data were found.")
}
