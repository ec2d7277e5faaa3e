package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestStories runs what testdata/story tells: a story a command, for anybody to
// read. Each has the register of 500 invented people as people.csv, a damaged
// archive as cut.gz, and the
// address of a server that never answers as $SILENT. Beside the commands of
// testscript:
//
//	status N command…    the command ends with the exit status N
//	interrupt command…   the command is interrupted when it has asked the server
func TestStories(t *testing.T) {
	asked := make(chan struct{}, 100)
	over := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		select {
		case <-over:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(func() { close(over); server.Close() })
	register, err := filepath.Abs("../../fixtures/formats/people/people.csv")
	if err != nil {
		t.Fatal(err)
	}
	archive, err := filepath.Abs("../../fixtures/formats/gzip/alloc.csv.gz")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/story",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("SILENT", server.URL+"/")
			people, err := os.ReadFile(register)
			if err != nil {
				return err
			}
			cut, err := os.ReadFile(archive)
			if err != nil {
				return err
			}
			return errors.Join(os.WriteFile(e.Getenv("WORK")+"/people.csv", people, 0o600),
				os.WriteFile(e.Getenv("WORK")+"/cut.gz", cut[:40], 0o600))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status": func(ts *testscript.TestScript, _ bool, args []string) {
				want, err := strconv.Atoi(args[0])
				ts.Check(err)
				if got := statusOf(ts.Exec(args[1], args[2:]...)); got != want {
					ts.Fatalf("exit status %d, want %d", got, want)
				}
			},
			"interrupt": func(ts *testscript.TestScript, _ bool, args []string) {
				bin, _, _ := strings.Cut(ts.Getenv("PATH"), string(os.PathListSeparator))
				cmd := exec.Command(filepath.Join(bin, args[0]), args[1:]...)
				cmd.Dir = ts.Getenv("WORK")
				ts.Check(cmd.Start())
				<-asked
				ts.Check(cmd.Process.Signal(os.Interrupt))
				if got := statusOf(cmd.Wait()); got != interrupted {
					ts.Fatalf("exit status %d, want %d", got, interrupted)
				}
			},
		},
	})
}

func statusOf(err error) int {
	var e *exec.ExitError
	if errors.As(err, &e) {
		return e.ExitCode()
	}
	if err != nil {
		return -1
	}
	return 0
}
