package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// decode reads one YAML document into v, a pointer to a struct of structs, lists,
// words and numbers. The decoder of the library could refuse unknown keys too, but would
// say neither what was meant nor, later, where a value stands.
func decode(b []byte, v any) error {
	d := yaml.NewDecoder(bytes.NewReader(b))
	var n yaml.Node
	if err := d.Decode(&n); errors.Is(err, io.EOF) {
		return nil // nothing but comments
	} else if err != nil {
		return plain(err)
	}
	if err := d.Decode(new(yaml.Node)); err == nil {
		return errors.New("more than one document")
	} else if !errors.Is(err, io.EOF) {
		return plain(err)
	}
	return into(reflect.ValueOf(v).Elem(), n.Content[0], "the file")
}

// plain takes the library's name off its errors.
func plain(err error) error { return errors.New(strings.TrimPrefix(err.Error(), "yaml: ")) }

// into reads n into v; key is what n is the value of.
func into(v reflect.Value, n *yaml.Node, key string) error {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return nil
	}
	wrong := func(want string) error { return fmt.Errorf("line %d: %s is %s", n.Line, key, want) }
	switch {
	case v.Type() == reflect.TypeFor[word]():
		if n.Kind != yaml.ScalarNode {
			return wrong("a text")
		}
		v.Set(reflect.ValueOf(word{n.Value, n.Line}))
	case v.Kind() == reflect.Int64:
		i, err := strconv.ParseInt(n.Value, 10, 64)
		if n.Kind != yaml.ScalarNode || err != nil {
			return wrong("a whole number")
		}
		v.SetInt(i)
	case v.Kind() == reflect.Slice:
		if n.Kind != yaml.SequenceNode {
			return wrong("a list")
		}
		v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
		for i, c := range n.Content {
			if err := into(v.Index(i), c, fmt.Sprintf("%d of %s", i+1, key)); err != nil {
				return err
			}
		}
	default:
		if one, ok := v.Addr().Interface().(interface{ scalar(word) }); ok && n.Kind == yaml.ScalarNode {
			one.scalar(word{n.Value, n.Line})
			return nil
		}
		if n.Kind != yaml.MappingNode {
			return wrong("a list of keys with their values")
		}
		return intoStruct(v, n)
	}
	return nil
}

func intoStruct(v reflect.Value, n *yaml.Node) error {
	if line := v.FieldByName("Line"); line.IsValid() {
		line.SetInt(int64(n.Line))
	}
	var keys []string
	for i := range v.NumField() {
		if key := v.Type().Field(i).Tag.Get("yaml"); key != "-" {
			keys = append(keys, key)
		}
	}
	seen := make(map[string]bool)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, at := n.Content[i].Value, n.Content[i].Line
		if seen[key] {
			return fmt.Errorf("line %d: a second %q", at, key)
		}
		seen[key] = true
		known := false
		for j := range v.NumField() {
			if v.Type().Field(j).Tag.Get("yaml") == key && key != "-" {
				known = true
				if err := into(v.Field(j), n.Content[i+1], strconv.Quote(key)); err != nil {
					return err
				}
			}
		}
		if !known {
			return fmt.Errorf("line %d: unknown key %q%s", at, key, Meant(key, keys))
		}
	}
	return nil
}

// Meant asks for the one of the known words that is nearest to a word; it is
// empty where none is near.
func Meant(w string, known []string) string {
	best, least := "", 1+max(1, len(w)/3)
	for _, k := range known {
		if d := distance(w, k); d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// distance returns how many bytes must be put in, taken out or changed to make b
// of a (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
