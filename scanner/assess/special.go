package assess

import (
	"path"
	"slices"
	"strings"

	"vigie/detectors"
	"vigie/scanner"
)

// healthRecords: a file of the national health data system (SNDS). Its people
// have pseudonyms, but year and month of birth, commune, dates and diagnoses
// are theirs: health data of people who can be found again.
func healthRecords(e *evidence) (verdict, bool) {
	var names []string
	for _, title := range e.titles {
		if detectors.SNDSVariable([]byte(title)) && !slices.Contains(names, title) {
			names = append(names, title)
		}
	}
	if e.running || len(names) < 3 || e.rows < 3 {
		return verdict{}, false
	}
	v := verdict{base: scanner.High, reason: "health", because: "health data of a few people, although pseudonymised", persons: e.rows}
	if e.rows >= 20 {
		v.base, v.because = scanner.Critical, "health data of many people, although pseudonymised"
	}
	v.weigh(true, 0.9)
	v.weigh(len(names) >= 5, 0.6)
	why := titlesWhy(names, "of the national health data system SNDS")
	why.Code, why.Args["count"] = "snds_variables", len(names)
	why.Text += ": health records of single persons, although pseudonymised"
	v.why = []scanner.Why{why}
	return v, true
}

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

// examples reports whether the NIRs of a text are rather examples: they stand in
// source code or its documentation, fewer than a hundred, and fewer than three
// of them beside names and birth dates.
func (e *evidence) examples() bool {
	return e.code && e.distinctNIRs() < 100 && min(e.distinctNIRs(), e.names(), e.most(birthDate)) < 3
}

// code reports whether the name of an object is one of source code or of the
// documentation beside it.
func code(object string) bool {
	ext := strings.TrimPrefix(path.Ext(strings.ToLower(object)), ".")
	return ext != "" && slices.Contains(strings.Fields(sources), ext)
}

// sources are the endings of source code and its documentation. Those of data
// that programs read (json, yml, xml, csv, sql) are not among them.
const sources = `adoc bash bat c cc clj cob cpp cs cxx dart ex exs erl f90 feature fs go gradle groovy h hh hpp hs ipynb java jl
js jsx kt kts lisp lua m4 markdown md mjs ml pas php pl pm po pot ps1 py pyi r rb rs rst sas scala scss sh snap swift tcl
tex ts tsx vb vue zig`
