package main

import (
	"strings"
	"testing"
)

// Reports for people speak the language of --lang, or of the environment.
func TestLanguage(t *testing.T) {
	const finding = `{"type":"finding","id":"a","severity":"high","profile":"people-register","path":"/x","rows":3}` + "\n"
	tests := []struct {
		all, messages, lang string
		flag                []string
		french              bool
	}{
		{"", "", "", nil, false},
		{"", "", "fr_FR.UTF-8", nil, true},
		{"", "en_GB.UTF-8", "fr_FR.UTF-8", nil, false},
		{"fr", "en_GB.UTF-8", "C", nil, true},
		{"C.UTF-8", "fr_FR", "fr_FR", nil, false},
		{"frr_DE", "", "", nil, false},
		{"fr_CA", "", "", []string{"--lang", "en"}, false},
		{"", "", "en_GB", []string{"--lang", "fr"}, true},
	}
	for _, tt := range tests {
		t.Setenv("LC_ALL", tt.all)
		t.Setenv("LC_MESSAGES", tt.messages)
		t.Setenv("LANG", tt.lang)
		for format, mark := range map[string]string{"text": "Fichier de personnes", "html": `<html lang="fr">`} {
			o := turned(t, finding, append([]string{"-", "--format", format}, tt.flag...)...)
			if o.status != clean || strings.Contains(o.stdout, mark) != tt.french {
				t.Errorf("%+v: status %d, in French: %v\n%s", tt, o.status, !tt.french, o.stderr)
			}
		}
	}
	if o := turned(t, finding, "-", "--lang", "de"); o.status != usage || !strings.Contains(o.stderr, "read --lang de: want en or fr") {
		t.Errorf("status %d, %q", o.status, o.stderr)
	}
	if o := vigie(t, "scan", t.TempDir(), "--lang", "de"); o.status != usage || !strings.Contains(o.stderr, "read --lang de: want en or fr") {
		t.Errorf("status %d, %q", o.status, o.stderr)
	}
}
