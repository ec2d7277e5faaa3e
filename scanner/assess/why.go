package assess

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"vigie/detectors"
	"vigie/scanner"
)

// The sentences of Why are for a security officer to repeat. They hold counts,
// kinds and column titles, never a value.

func benefitsWhy(households int64, columns int, codes []string) scanner.Why {
	text := fmt.Sprintf("%s, one a row; %s which benefits each draws", counted(households, "household", "households"),
		counted(int64(columns), "column says", "columns say"))
	if len(codes) > 0 {
		shown := strings.Join(codes[:min(len(codes), 4)], ", ")
		if len(codes) > 4 {
			shown += " …"
		}
		text += " (" + shown + ")"
	}
	return scanner.Why{Code: "benefits_per_household", Args: map[string]any{"households": households, "columns": columns, "codes": codes}, Text: text}
}

func benefitLettersWhy(e *evidence, n int64) scanner.Why {
	return scanner.Why{Code: "benefit_documents", Args: map[string]any{"documents": e.documents, "mentions": n},
		Text: fmt.Sprintf("%s about %s: names and birth dates beside benefits, family or income",
			counted(e.documents, "document", "documents"), counted(n, "person", "persons"))}
}

func cnafWhy(v *variables) scanner.Why {
	shown := v.names[:min(len(v.names), 4)]
	more := ""
	if len(v.names) > len(shown) {
		more = " …"
	}
	return scanner.Why{Code: "cnaf_variables", Args: map[string]any{"count": v.strong, "names": shown},
		Text: fmt.Sprintf("%s of files of the family benefits fund CNAF (%s%s)",
			counted(int64(v.strong), "column has the name", "columns have the names"), strings.Join(shown, ", "), more)}
}

func specialWhy(what []string, e *evidence) scanner.Why {
	var said, columns []string
	for _, w := range what {
		switch w {
		case string(disability), string(health), string(icd10):
			columns = append(columns, word(detectors.Kind(w)))
		default:
			said = append(said, w)
		}
	}
	var text string
	switch {
	case e.running && e.documents > 1:
		text = "the documents speak of " + list(append(said, columns...))
	case e.running:
		text = "the text speaks of " + list(append(said, columns...))
	case len(columns) > 0:
		text = list(append(said, "the columns of "+list(columns))) + " reveal a disability or an illness"
	case len(said) == 1:
		text = said[0] + " reveals a disability or an illness"
	default:
		text = list(said) + " reveal a disability or an illness"
	}
	return scanner.Why{Code: "special_category", Args: map[string]any{"codes": what},
		Text: text + ": a special category of data (Art. 9 GDPR)"}
}

func minorsWhy(p scanner.People) scanner.Why {
	text := counted(p.Minors, "person was a minor", "persons were minors")
	if p.Persons > 0 {
		text = fmt.Sprintf("%s of the %s persons were minors", thousands(p.Minors), thousands(p.Persons))
	}
	return scanner.Why{Code: "minors", Args: map[string]any{"minors": p.Minors, "persons": max(p.Persons, p.Estimate)},
		Text: text + " when the data were made"}
}

func exposureWhy(x scanner.Exposure) scanner.Why {
	text := "who can read it is unknown: it counts in full"
	switch x.State {
	case scanner.Public:
		text = "anybody on the internet can read it without credentials"
	case scanner.Network:
		text = "anybody on this network can read it without credentials: it counts in full"
	case scanner.Private:
		text = "it is not readable without credentials: it counts two steps less"
	case scanner.Local:
		text = "it lies on this machine and may be about to be handed over: it counts in full"
	}
	args := map[string]any{"state": string(x.State)}
	if x.How != "" {
		args["how"] = x.How
		if x.State != scanner.Local {
			text += " (" + x.How + ")"
		}
	}
	return scanner.Why{Code: "exposure", Args: args, Text: text}
}

// whoWhy says how many of whom there are, and what is known of them.
func whoWhy(code string, n int64, one, many string, kinds []detectors.Kind) scanner.Why {
	return scanner.Why{Code: code, Args: map[string]any{"persons": n, "kinds": kinds},
		Text: counted(n, one, many) + " with " + list(words(kinds))}
}

// alikeWhy says that kinds of data, not titles, told what a table is.
func alikeWhy(whose string) scanner.Why {
	return scanner.Why{Code: "alike", Args: map[string]any{"whose": whose},
		Text: "no column has a title, but what stands in them is what files of " + whose + " hold"}
}

// rowsWithWhy says how many rows have all of the kinds.
func rowsWithWhy(e *evidence, n int64, kinds []detectors.Kind) scanner.Why {
	one, many := "row has", "rows have"
	if e.running {
		one, many = "mention of", "mentions of"
	}
	return scanner.Why{Code: "rows_with", Args: map[string]any{"rows": n, "kinds": kinds},
		Text: counted(n, one, many) + " " + list(words(kinds))}
}

// titlesWhy says which titles told what a table is.
func titlesWhy(titles []string, what string) scanner.Why {
	shown := titles[:min(len(titles), 4)]
	more := ""
	if len(titles) > len(shown) {
		more = " …"
	}
	return scanner.Why{Code: "titles", Args: map[string]any{"titles": shown},
		Text: fmt.Sprintf("%s %s (%s%s)", counted(int64(len(titles)), "column has a title", "columns have titles"), what, strings.Join(shown, ", "), more)}
}

// words returns the names of kinds in sentences, each once.
func words(kinds []detectors.Kind) []string {
	var said []string
	for _, k := range kinds {
		if w := word(k); !slices.Contains(said, w) {
			said = append(said, w)
		}
	}
	return said
}

// list joins words: a, b and c.
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// counted writes a number with its noun.
func counted(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + many
}

// thousands writes a number with commas.
func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
