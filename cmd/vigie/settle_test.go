package main

import (
	"encoding/json"
	"testing"

	"vigie/cmd/vigie/config"
)

// TestSettingsAreFlags: every key of vigie.yaml that stands for a flag stands
// for one that scan has.
func TestSettingsAreFlags(t *testing.T) {
	var schema struct{ Properties map[string]any }
	if err := json.Unmarshal(config.Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	flags, known := scanCommand().Flags(), 0
	for key := range schema.Properties {
		for _, value := range []string{": one\n", ": [one]\n"} {
			c, err := config.Parse([]byte(key + value))
			if err != nil {
				continue
			}
			for _, s := range c.Settings {
				if known++; flags.Lookup(s.Flag) == nil {
					t.Errorf("%s stands for --%s, which scan does not have", key, s.Flag)
				}
			}
		}
	}
	if known < 15 {
		t.Errorf("%d settings", known)
	}
}
