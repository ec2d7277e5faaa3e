package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain is the program itself where a story runs it, and where a scan of a
// test starts a child process.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "child" {
		main()
	}
	os.Setenv("LC_ALL", "C") // reports speak English here, whatever who runs the tests speaks
	testscript.Main(m, map[string]func(){"vigie": main})
}
