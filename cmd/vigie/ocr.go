package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"vigie/scanner"
)

const (
	ocrTime = 2 * time.Minute // for one picture; a page takes a second or two
	ocrText = 4 << 20         // bytes of text in one
)

// ocrLimits has a shell bound the memory (2 GiB) and the CPU time of what it then
// becomes.
const ocrLimits = `ulimit -v 2097152; ulimit -t 120; exec "$0" "$@"`

// openOCR finds the tesseract of this machine; nil where it is not wanted.
func openOCR(ctx context.Context, wanted bool) (scanner.OCR, error) {
	if !wanted {
		return nil, nil
	}
	const remedy = "install tesseract and its French, on Debian: apt-get install tesseract-ocr tesseract-ocr-fra"
	path, err := exec.LookPath("tesseract")
	if err != nil {
		return nil, fmt.Errorf("find tesseract for --ocr: %w; %s", err, remedy)
	}
	cmd := exec.CommandContext(ctx, path, "--list-langs")
	cmd.Env = ocrEnv()
	list, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("ask tesseract for its languages: %w", err)
	}
	known := strings.Fields(string(list))
	layout := "3"
	french := false
	for _, l := range known {
		french = french || l == "fra"
		if l == "osd" {
			layout = "1" // it can tell which way a page is turned
		}
	}
	if !french {
		return nil, fmt.Errorf("find French for --ocr: tesseract has none; %s", remedy)
	}
	t := tesseract{path, []string{"stdin", "stdout", "-l", "fra", "--psm", layout}}
	return t.read, nil
}

// ocrEnv is all of the environment that tesseract gets: where its languages are,
// and that it is to work in one thread, as there is a worker a CPU.
func ocrEnv() []string {
	env := []string{"OMP_THREAD_LIMIT=1"}
	if dir, ok := os.LookupEnv("TESSDATA_PREFIX"); ok {
		env = append(env, "TESSDATA_PREFIX="+dir)
	}
	return env
}

type tesseract struct {
	path string
	args []string
}

// read is a scanner.OCR. The picture goes through a pipe: it is in no file, and
// nothing of what tesseract says about it is told.
func (t tesseract) read(ctx context.Context, picture []byte) ([]byte, error) {
	timed, cancel := context.WithTimeout(ctx, ocrTime)
	defer cancel()
	cmd := exec.CommandContext(timed, "/bin/sh", append([]string{"-c", ocrLimits, t.path}, t.args...)...)
	if runtime.GOOS == "windows" {
		cmd = exec.CommandContext(timed, t.path, t.args...)
	}
	out := &ocrOutput{left: ocrText}
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.WaitDelay = ocrEnv(), bytes.NewReader(picture), out, time.Second
	err := cmd.Run()
	text := bytes.TrimSpace(bytes.ReplaceAll(out.Bytes(), []byte("\f"), []byte("\n")))
	status := (*exec.ExitError)(nil)
	switch {
	case err == nil:
		return text, nil
	case ctx.Err() != nil:
		return text, ctx.Err()
	case timed.Err() != nil:
		return text, &scanner.Problem{Reason: scanner.Timeout, Detail: "tesseract took too long over a picture"}
	case errors.As(err, &status) && status.ExitCode() == 1:
		return text, &scanner.Problem{Reason: scanner.Malformed, Detail: "a picture that tesseract cannot read"}
	}
	return text, &scanner.Problem{Reason: scanner.Crashed, Detail: "tesseract did not end well over a picture"}
}

// An ocrOutput keeps the first bytes.
type ocrOutput struct {
	bytes.Buffer
	left int
}

func (o *ocrOutput) Write(p []byte) (int, error) {
	n := min(len(p), o.left)
	o.left -= n
	o.Buffer.Write(p[:n])
	return len(p), nil
}
