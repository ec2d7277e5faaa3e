package config

import "reflect"

// settings returns what a file says for flags, in the order of its keys.
func settings(f *file) (all []Setting) {
	v := reflect.ValueOf(f).Elem()
	for i := range v.NumField() {
		flag := v.Type().Field(i).Tag.Get("flag")
		if flag == "" {
			continue
		}
		words, ok := v.Field(i).Interface().([]word)
		if w, single := v.Field(i).Interface().(word); single {
			words, ok = []word{w}, w != word{}
		}
		if ok && len(words) > 0 {
			all = append(all, Setting{Flag: flag, Values: texts(words), Line: words[0].line})
		}
	}
	return all
}
