package config

import (
	"encoding/json"
	"reflect"
)

// Schema returns the JSON Schema (draft 2020-12) of vigie.yaml, for editors.
func Schema() []byte {
	s := schemaOf(reflect.TypeFor[file]())
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"] = "vigie.yaml"
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		panic(err) // maps of strings have a form
	}
	return append(b, '\n')
}

func schemaOf(t reflect.Type) map[string]any {
	switch {
	case t == reflect.TypeFor[word]():
		return map[string]any{"type": []string{"string", "number", "boolean"}}
	case t.Kind() == reflect.Int64:
		return map[string]any{"type": "integer"}
	case t.Kind() == reflect.Slice:
		return map[string]any{"type": []string{"array", "null"}, "items": schemaOf(t.Elem())}
	}
	keys := map[string]any{}
	for i := range t.NumField() {
		f := t.Field(i)
		if key := f.Tag.Get("yaml"); key != "-" {
			of := schemaOf(f.Type)
			of["description"] = f.Tag.Get("doc")
			keys[key] = of
		}
	}
	s := map[string]any{"type": "object", "properties": keys, "additionalProperties": false}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[interface{ scalar(word) }]()) {
		return map[string]any{"anyOf": []any{map[string]any{"type": "string"}, s}}
	}
	return s
}
