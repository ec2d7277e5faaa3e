package main

import (
	"os"
	"testing"
)

// TestMain is the program itself where a scan of a test starts a child process.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "child" {
		main()
	}
	os.Exit(m.Run())
}
