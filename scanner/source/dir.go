package source

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"

	"vigie/scanner"
)

// dir reads a folder, or a single file. Keys are paths below the folder, with
// slashes, in the order of their bytes.
var dir = Store{
	Name: "dir",
	Doc: `Folder or file of this machine

The target is a path. Symbolic links are not followed: what they lead to inside
of the folder is read where it lies, what lies outside is reported as skipped.
Devices, pipes and sockets are never opened.`,
	Match: func(target string) bool { return target != "" && scheme(target) == "" },
	Open: func(_ context.Context, target string, _ Options) (scanner.Source, error) {
		info, err := os.Stat(target)
		if err != nil {
			return nil, cause(err)
		}
		shown := filepath.ToSlash(target)
		switch {
		case info.Mode().IsRegular():
			return file{target, shown}, nil
		case !info.IsDir():
			return nil, errors.New("neither a folder nor a regular file")
		}
		root, err := os.OpenRoot(target)
		if err != nil {
			return nil, cause(err)
		}
		return &folder{root, target, strings.TrimRight(shown, "/") + "/"}, nil
	},
}

// A file is a target that is one object.
type file struct{ name, shown string }

func (f file) List(ctx context.Context, from, to string) iter.Seq2[scanner.Object, error] {
	return func(yield func(scanner.Object, error) bool) {
		if ctx.Err() != nil || !within(path.Base(f.shown), from, to) {
			return
		}
		info, err := os.Stat(f.name)
		if err != nil {
			yield(local(f.shown, err))
			return
		}
		yield(stored(f.shown, info, func() (*os.File, error) {
			return os.OpenFile(f.name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
		}), nil)
	}
}

// A folder confines every access to its root, so that no link that appears
// while it is read leads out of it. The root is closed when the last object is
// gone.
type folder struct {
	root   *os.Root
	name   string // as given
	prefix string // of paths, ends in a slash
}

func (d *folder) List(ctx context.Context, from, to string) iter.Seq2[scanner.Object, error] {
	return func(yield func(scanner.Object, error) bool) {
		w := walk{folder: d, ctx: ctx, from: from, to: to, yield: yield}
		w.below("")
	}
}

// A walk is one listing of a folder.
type walk struct {
	*folder
	ctx      context.Context
	from, to string
	yield    func(scanner.Object, error) bool
}

// below lists what lies below a folder; rel is "" or ends in a slash. It
// returns false when the listing is over.
func (w *walk) below(rel string) bool {
	all, err := w.read(rel)
	if err != nil && !w.yield(local(w.prefix+strings.TrimSuffix(rel, "/"), err)) {
		return false
	}
	for i := range all.len() {
		if w.ctx.Err() != nil {
			return false
		}
		key := rel + all.at(i)
		if strings.HasSuffix(key, "/") {
			if overlaps(key, w.from, w.to) && !w.below(key) {
				return false
			}
		} else if within(key, w.from, w.to) && !w.object(key) {
			return false
		}
	}
	return true
}

// read returns the names in a folder, also those before an error. Names of
// folders end in a slash: so their order is that of the keys below them.
func (w *walk) read(rel string) (names, error) {
	var all names
	f, err := w.root.Open(path.Clean("./" + rel))
	if err != nil {
		return all, err
	}
	defer f.Close()
	for w.ctx.Err() == nil {
		some, err := f.ReadDir(1024)
		for _, e := range some {
			name := e.Name()
			if e.IsDir() {
				name += "/"
			}
			all.add(name)
		}
		if err != nil {
			all.sort()
			if err == io.EOF {
				err = nil
			}
			return all, err
		}
	}
	return all, nil
}

// object yields what is neither a folder nor of no interest.
func (w *walk) object(key string) bool {
	shown := w.prefix + key
	info, err := w.root.Lstat(key)
	switch {
	case err != nil:
		return w.yield(local(shown, err))
	case info.Mode()&fs.ModeSymlink != 0:
		if w.leadsOut(key) {
			return w.yield(trouble(shown, scanner.Skipped, "link leads out of the target"))
		}
		return true
	case !info.Mode().IsRegular():
		return true
	}
	return w.yield(stored(shown, info, func() (*os.File, error) {
		return w.root.OpenFile(key, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	}), nil)
}

// leadsOut reports whether a link leads to something outside of the target. A
// link that leads nowhere, or in a circle, does not.
func (w *walk) leadsOut(key string) bool {
	if _, err := w.root.Stat(key); err == nil {
		return false
	}
	end, err := filepath.EvalSymlinks(filepath.Join(w.name, filepath.FromSlash(key)))
	if err != nil {
		return errors.Is(err, fs.ErrPermission)
	}
	root, err := filepath.EvalSymlinks(w.name)
	if err != nil {
		return true
	}
	if end, err = filepath.Abs(end); err != nil {
		return true
	}
	if root, err = filepath.Abs(root); err != nil {
		return true
	}
	rel, err := filepath.Rel(root, end)
	return err != nil || !filepath.IsLocal(rel)
}

// stored is a regular file as an object. The file is opened without waiting
// for a writer and looked at again, since it may have become a pipe.
func stored(shown string, info fs.FileInfo, open func() (*os.File, error)) scanner.Object {
	o := scanner.Object{Path: shown, Size: info.Size(), Modified: info.ModTime()}
	o.Open = func(ctx context.Context, off, n int64) (io.ReadCloser, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		f, err := open()
		if err != nil {
			return nil, problem(err)
		}
		if now, err := f.Stat(); err != nil || !now.Mode().IsRegular() {
			f.Close()
			return nil, &scanner.Problem{Reason: scanner.Skipped, Detail: "no longer a regular file"}
		}
		if off > 0 {
			if _, err := f.Seek(off, io.SeekStart); err != nil {
				f.Close()
				return nil, problem(err)
			}
		}
		if n < 0 {
			return f, nil
		}
		return limited{io.LimitReader(f, n), f}, nil
	}
	o.Exposure = func(context.Context) scanner.Exposure {
		return scanner.Exposure{State: scanner.Local, How: "file of this machine", Vantage: vantage, FileDated: o.Modified}
	}
	return o
}

// limited closes more than it reads.
type limited struct {
	io.Reader
	io.Closer
}

// vantage is where exposure is tried from.
const vantage = "this machine"

// local is trouble with a file or folder.
func local(shown string, err error) (scanner.Object, error) {
	p := problem(err)
	return trouble(shown, p.Reason, p.Detail)
}

// problem is the reason behind an error of the file system.
func problem(err error) *scanner.Problem {
	reason := scanner.Unreachable
	if errors.Is(err, fs.ErrPermission) {
		reason = scanner.Denied
	}
	return &scanner.Problem{Reason: reason, Detail: cause(err).Error()}
}

// cause strips operation and path from an error of the file system.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
