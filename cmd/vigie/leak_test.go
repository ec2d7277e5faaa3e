package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"vigie/fixtures"
)

// written writes a table in several formats, by their ends.
func written(table fixtures.Table) map[string][]byte {
	var lines, array, elements bytes.Buffer
	title := func(i int) string { return strings.ReplaceAll(table.Columns[i].Title, " ", "_") }
	escaped := strings.NewReplacer("&", "&amp;", "<", "&lt;")
	for n, row := range table.Rows {
		lines.WriteByte('{')
		elements.WriteString("<ligne>")
		for i, cell := range row {
			value, _ := json.Marshal(cell)
			if cell == "" {
				value = []byte("null")
			}
			fmt.Fprintf(&lines, "%s%q:%s", []string{"", ","}[min(i, 1)], title(i), value)
			fmt.Fprintf(&elements, "<%s>%s</%s>", title(i), escaped.Replace(cell), title(i))
		}
		lines.WriteString("}\n")
		elements.WriteString("</ligne>\n")
		array.WriteString([]string{"[", ","}[min(n, 1)])
		array.Write(lines.Bytes()[bytes.LastIndexByte(lines.Bytes()[:lines.Len()-1], '\n')+1:])
	}
	array.WriteByte(']')
	for i := range table.Columns {
		table.Columns[i].Title = title(i)
	}
	return map[string][]byte{
		"csv": table.CSV(';'), "tsv": table.CSV('\t'), "sql": table.SQL(),
		"ndjson": lines.Bytes(), "json": array.Bytes(), "xml": []byte("<export>\n" + elements.String() + "</export>\n"),
	}
}

// The same table in another format is the same leak; other people are not.
func TestOneLeakInManyFormats(t *testing.T) {
	const rows = 9000
	for name, make := range map[string]func(uint64, int) fixtures.Table{
		"childminders": fixtures.Childminders, "third party": fixtures.ThirdParty,
		"jobseekers": fixtures.Jobseekers, "members": fixtures.Members,
	} {
		dir := t.TempDir()
		late := make(1, rows)
		late.Columns = append(late.Columns, fixtures.Column{Title: "observation"}, fixtures.Column{Title: "rsa"}, fixtures.Column{Title: "situation_familiale"})
		for i := range late.Rows {
			cells := []string{"", "", []string{"", "Marié; pacsé"}[min(i%3*i/3900, 1)]}
			if i > 5000 && i < 7000 {
				cells = []string{"Mme Martin, née le 03/04/1961 à Bordeaux, bénéficie de l'AAH", "512,40", "Veuve"}
			}
			late.Rows[i] = append(late.Rows[i], cells...)
		}
		formats := written(late)
		for end, b := range formats {
			put(t, dir, end+"/export."+end, b)
		}
		other := make(2, rows)
		put(t, dir, "other/export.csv", other.CSV(';'))
		leaks := map[string][]string{}
		for _, f := range scanned(t, dir).findings {
			leaks[f.Leak] = append(leaks[f.Leak], strings.TrimPrefix(f.Path, dir))
		}
		var sizes []int
		for _, paths := range leaks {
			sizes = append(sizes, len(paths))
		}
		slices.Sort(sizes)
		if !slices.Equal(sizes, []int{1, len(formats)}) {
			t.Errorf("%s: %v", name, leaks)
		}
	}
}
