package assess

import (
	"path"
	"slices"
	"strings"

	"vigie/scanner"
)

// keyless: text that announces NIRs and leaves out their keys, beside persons or
// in a social declaration: the words before a number stand for its key.
func keyless(e *evidence) (verdict, bool) {
	n := e.most(nirWithoutKey)
	if !e.running || e.code || n < 3 || n < e.distinctNIRs() {
		return verdict{}, false
	}
	if e.most(fullName, lastName, birthDate, streetAddress) < 3 && !e.declared() {
		return verdict{}, false
	}
	v := verdict{base: scanner.Medium, reason: "nir", because: "several NIRs", persons: n}
	if n >= 20 {
		v.base, v.because = scanner.High, "NIRs of many persons"
	}
	v.weigh(true, 0.8)
	v.weigh(e.declared(), 0.6)
	v.why = []scanner.Why{{Code: "nirs", Args: map[string]any{"count": n, "key": false},
		Text: counted(n, "NIR", "NIRs") + " without the key, announced as such"}}
	if e.declared() {
		v.why = append(v.why, dsnWhy())
	}
	return v, true
}

// declared reports whether the data are those of a nominative social
// declaration (DSN), which an employer sends every month about each employee: by
// its rubrics, or by its name.
func (e *evidence) declared() bool {
	if slices.ContainsFunc(e.titles, func(title string) bool { return strings.HasPrefix(strings.ToUpper(title), "S21.G00.") }) {
		return true
	}
	name := padded(path.Base(strings.ReplaceAll(e.path, "!", "/")))
	return strings.Contains(name, " dsn ")
}

func dsnWhy() scanner.Why {
	return scanner.Why{Code: "dsn", Text: "it is a nominative social declaration (DSN): what an employer declares of each employee, with identity, street and pay"}
}
