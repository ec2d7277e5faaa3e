package scanner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// strangers are foreign formats, well-behaved and not; what they do is in the
// name of the object.
var strangers = []Format{{
	Name: "stranger", Foreign: true,
	Unpack: func(ctx context.Context, c *Content, yield func(Object) error) error {
		switch c.Path() {
		case "exits":
			os.Exit(7)
		case "panics":
			panic("at the disco")
		case "dies":
			go func() { panic("where nobody recovers") }()
			select {}
		case "loops":
			time.Sleep(time.Hour)
		case "hoards":
			var held [][]byte
			for {
				held = append(held, make([]byte, 16<<20))
				for i := 0; i < 16<<20; i += 4096 {
					held[len(held)-1][i] = 1
				}
			}
		case "bad":
			if err := yield(Object{Path: "first", Size: 3, Open: piece(strings.NewReader("abc"))}); err != nil {
				return err
			}
			return &Problem{Reason: Malformed, Detail: "as it stands"}
		case "passwords":
			return yield(Object{Path: strings.Join(c.Passwords(), "|")})
		}
		return unpackThirds(ctx, c, yield)
	},
	Read: func(_ context.Context, c *Content, yield func(*Block) error) error {
		for i := range 3 {
			b := &Block{Table: "t\xff", Titles: []string{"a\xfe", "b"}, Text: bytes.Repeat([]byte{'0' + byte(i)}, 70<<10), At: int64(i), Rows: 5, Ruler: Ruler{';', '\n', '"'}}
			if err := yield(b); err != nil {
				return err
			}
		}
		return io.ErrUnexpectedEOF
	},
}}

// unpackThirds gives the object's stream and two ranges of it as members, a
// name that is no UTF-8 among them.
func unpackThirds(ctx context.Context, c *Content, yield func(Object) error) error {
	if c.Path() != "spooled" {
		if err := yield(Object{Path: "all\xff", Size: -1, Modified: time.Unix(1e9, 0).UTC(), Open: piece(c.Stream())}); err != nil {
			return err
		}
	}
	at, size, err := c.At(ctx)
	if err != nil {
		return err
	}
	if err := yield(Object{Path: "end", Size: 9, Open: piece(io.NewSectionReader(at, size-9, 9))}); err != nil {
		return err
	}
	rc, err := c.Open(ctx, 5, size-5)
	if err != nil {
		return err
	}
	return yield(Object{Path: "rest", Size: size - 5, Open: piece(rc)})
}

func piece(r io.Reader) func(context.Context, int64, int64) (io.ReadCloser, error) {
	return func(context.Context, int64, int64) (io.ReadCloser, error) { return io.NopCloser(r), nil }
}

// withChildren gives a test the foreign format as it works in children.
func withChildren(t *testing.T, patience time.Duration) (*children, Format) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cs := &children{patience: patience, command: func() *exec.Cmd {
		cmd := exec.Command(self, "child")
		cmd.Env = []string{}
		return cmd
	}}
	t.Cleanup(cs.close)
	return cs, cs.wrap(strangers)[0]
}

// Bytes and names come through the child as they are, whether an object has
// ranges or not, and whatever the engine leaves unread.
func TestChildGivesTheSame(t *testing.T) {
	cs, f := withChildren(t, time.Minute)
	for _, size := range []int{20, headSize, headSize + 1, 3<<20 + 11} {
		bytes := noise(size)
		for _, left := range []string{"", "all\xff", "end", "rest"} {
			want := map[string]string{"all\xff": string(bytes), "end": string(bytes[size-9:]), "rest": string(bytes[5:])}
			o := stored(bytes, new([]int64))
			o.Apart = true
			checkMembers(t, f, o, left, want)
			delete(want, "all\xff")
			checkMembers(t, f, Object{Path: "spooled", Size: -1, Open: piece(strings.NewReader(string(bytes)))}, left, want)
		}
	}
	if len(cs.idle) != 1 {
		t.Errorf("%d children were started for one at a time", len(cs.idle))
	}
}

// checkMembers unpacks o and reads all members but one.
func checkMembers(t *testing.T, f Format, o Object, left string, want map[string]string) {
	t.Helper()
	ctx := context.Background()
	c, err := NewContent(ctx, o, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	got := map[string]string{}
	err = f.Unpack(ctx, c, func(m Object) error {
		if m.Path == left {
			got[left] = want[left]
			return nil
		}
		rc, err := m.Open(ctx, 0, -1)
		if err != nil {
			return err
		}
		b, err := io.ReadAll(rc)
		got[m.Path] = string(b)
		if _, again := m.Open(ctx, 0, -1); again != ErrUnranged {
			t.Errorf("%q opened twice: %v", m.Path, again)
		}
		return err
	})
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("%s of %d bytes, %q left: %v", o.Path, len(want["rest"])+5, left, err)
	}
}

func TestChildGivesBlocks(t *testing.T) {
	_, f := withChildren(t, time.Minute)
	c, err := NewContent(context.Background(), stored([]byte("x"), new([]int64)), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var got []string
	err = f.Read(context.Background(), c, func(b *Block) error {
		got = append(got, fmt.Sprintf("%q %q %d %d %d %v %c", b.Table, b.Titles, len(b.Text), b.At, b.Rows, b.Ruler, b.Text[0]))
		return nil
	})
	var p *Problem
	if !errors.As(err, &p) || p.Reason != Truncated {
		t.Errorf("error is %v", err)
	}
	want := []string{
		`"t\xff" ["a\xfe" "b"] 71680 0 5 {59 10 34} 0`,
		`"t\xff" ["a\xfe" "b"] 71680 1 5 {59 10 34} 1`,
		`"t\xff" ["a\xfe" "b"] 71680 2 5 {59 10 34} 2`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("blocks\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Whatever a parser does, it ends as a problem, and the next object is read.
func TestChildEndsBadly(t *testing.T) {
	cs, f := withChildren(t, time.Minute)
	for name, want := range map[string]Problem{
		"exits":  {Reason: Crashed, Detail: "the parser of stranger ended with status 7"},
		"panics": {Reason: Crashed, Detail: "string while reading"},
		"dies":   {Reason: Crashed, Detail: "the parser of stranger ended with status 2"},
		"loops":  {Reason: Timeout, Detail: "the parser of stranger said nothing for too long"},
		"hoards": {Reason: Crashed, Detail: "the parser of stranger ran out of its memory"},
		"bad":    {Reason: Malformed, Detail: "as it stands"},
	} {
		if name == "hoards" && !limitsMemory {
			t.Log("this system bounds no child's memory")
			continue
		}
		cs.patience = time.Minute
		if name == "loops" {
			cs.patience = time.Second
		}
		o := stored([]byte("bytes"), new([]int64))
		o.Path = name
		c, err := NewContent(context.Background(), o, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		err = f.Unpack(context.Background(), c, func(Object) error { return nil })
		c.Close()
		var p *Problem
		if !errors.As(err, &p) || *p != want {
			t.Errorf("%s: %v, want %v", name, err, &want)
		}
	}
	c, err := NewContent(context.Background(), stored(noise(100), new([]int64)), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := f.Unpack(context.Background(), c, func(Object) error { return nil }); err != nil {
		t.Errorf("after the bad ones: %v", err)
	}
	stop := errors.New("enough")
	if err := f.Unpack(context.Background(), c, func(Object) error { return stop }); err != stop {
		t.Errorf("the engine's own error comes back as %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	if err := f.Unpack(ctx, c, func(Object) error { cancel(); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	if len(cs.idle) > 1 {
		t.Errorf("%d children are kept", len(cs.idle))
	}
}
