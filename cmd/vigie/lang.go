package main

import (
	"cmp"
	"fmt"
	"os"
	"strings"
)

// languageOf returns the language of a report for people: that of --lang, or of
// the environment as POSIX has it (LC_ALL before LC_MESSAGES before LANG), which
// is English unless it says French.
func languageOf(flag string) (string, error) {
	switch flag {
	case "en", "fr":
		return flag, nil
	case "":
		name := cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG"))
		if name == "fr" || strings.HasPrefix(name, "fr_") || strings.HasPrefix(name, "fr.") {
			return "fr", nil
		}
		return "en", nil
	}
	return "", fmt.Errorf("read --lang %s: want en or fr", flag)
}
