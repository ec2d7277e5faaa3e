package source

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

// withoutRoot takes the right to read everything from the test's thread.
func withoutRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	runtime.LockOSThread()
	if err := syscall.Setfsuid(65534); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Setfsuid(0); err != nil {
			t.Fatal(err)
		}
		runtime.UnlockOSThread()
	})
}

func TestDirDenied(t *testing.T) {
	root := tree(t, map[string]string{"a": "1", "closed/b": "2", "c": "3", "d": "4"})
	closed, c := filepath.Join(root, "closed"), filepath.Join(root, "c")
	for _, name := range []string{closed, c} {
		if err := os.Chmod(name, 0); err != nil {
			t.Fatal(err)
		}
	}
	defer os.Chmod(closed, 0o755)
	src := openDir(t, root)
	withoutRoot(t)
	paths, problems := listed(t, src, root+"/", "", "")
	equal(t, "paths", paths, []string{"a", "c", "d"})
	equal(t, "problems", problems, []string{"closed: denied: permission denied"})
	for o, err := range src.List(t.Context(), "c", "d") {
		if err != nil {
			continue
		}
		if _, err := content(t, o, 0, -1); err == nil || err.Error() != "denied: permission denied" {
			t.Errorf("%s: %v", o.Path, err)
		}
	}
}
