package assess

import (
	"path"
	"slices"
	"strings"
)

// examples reports whether the NIRs of a text, or of a table of fewer than a
// hundred rows, are rather examples: they stand in source code or its documentation, fewer than a hundred, and fewer than ten of
// them beside names and birth dates.
func (e *evidence) examples() bool {
	return e.code && (e.running || e.rows < 100) && e.distinctNIRs() < 100 && min(e.distinctNIRs(), e.names(), e.most(birthDate)) < 10
}

// code reports whether the name of an object is one of source code or of the
// documentation beside it.
func code(object string) bool {
	low := strings.ToLower(object)
	if strings.Contains(low, "swagger") || strings.Contains(low, "openapi") { // the description of an interface, with examples
		return true
	}
	ext := strings.TrimPrefix(path.Ext(low), ".")
	return ext != "" && slices.Contains(strings.Fields(sources), ext)
}

// sources are the endings of source code and its documentation. Those of data
// that programs read (json, yml, xml, csv, sql) are not among them.
const sources = `adoc bash bat c cc clj cob cpp cs cxx dart ex exs erl f90 feature fs go gradle groovy h hh hpp hs ipynb java jl
js jsx kt kts lisp lua m4 markdown md mjs ml pas php pl pm po pot ps1 py pyi r rb rs rst sas scala scss sh snap swift tcl
tex ts tsx vb vue zig`
