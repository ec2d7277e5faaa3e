package format

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"iter"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"runtime/metrics"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"vigie/scanner"
)

// The longer run: go test ./scanner/format -run TestDamage -damage 20 -timeout 2h -v
var damage = flag.Int("damage", 1, "how many times 50 cuts and 200 flips to each fixture; of the one time, fixtures of the same format have a fifth each at least")

// share returns how many cuts, and four times as many flips, a fixture gets in
// one round, where peers of its format are k.
func share(k int) int {
	switch {
	case *damage > 1:
		return 50
	case testing.Short(): // under the race detector
		return 2
	}
	return 50 / max(1, min(k, 5))
}

// Those whose format has no checksum over all of it (the types of Snappy's frames
// have none): what is damaged in them may read as something else, and nobody can
// tell.
var unchecked = append([]string{"snappy", "cab/", "cab-", "tar", "cpio", "ar-", "ar/", "iso9660", "brotli", "lzma", "compress", "lz4-legacy", "lz4/legacy",
	"xz/unchecked", "zstd/long", "gzip/", "deb-", "rpm", "image"}, zips...)

// Those that are not read from the beginning to the end, so that damage may
// also hide what lies before it.
var unstreamed = append([]string{"cab"}, zips...)

// Those that are zip archives, whatever they are called.
var zips = []string{"zip", "ods", "odt", "xlsx", "docx", "pptx"}

// lost is how much of what lies before the damage a decoder may lose of text.
const lost = 256

// TestDamage: every fixture cut at 50 places, and with up to four bytes changed
// 200 times, goes through the engine. There is no panic; nothing hangs;
// trouble is a problem with a reason; what is missing is never
// missing in silence, where the format lets one know; and in formats that are
// streams, what lies before the damage comes out.
func TestDamage(t *testing.T) {
	sum := &damages{problems: map[scanner.Reason]int{}}
	defer sum.watch()()
	t.Run("fixtures", func(t *testing.T) {
		names, peers := containers(t)
		for _, name := range names {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				for n := range *damage {
					sum.round(t, name, n, share(peers[name]))
				}
			})
		}
	})
	t.Log(sum)
}

// containers are the fixtures that are opened, and how many of each one's format
// there are. Parsers of others work in this process too: none may need its child.
func containers(t testing.TB) (names []string, peers map[string]int) {
	all, err := filepath.Glob("../../fixtures/formats/*/*")
	if err != nil {
		t.Fatal(err)
	}
	of := make(map[string][]string)
	for _, a := range all {
		name := filepath.Base(filepath.Dir(a)) + "/" + filepath.Base(a)
		if f := formatOf(name, fixture(t, name)); f != nil && f.Unpack != nil {
			names = append(names, name)
			of[f.Name] = append(of[f.Name], name)
		}
	}
	peers = make(map[string]int)
	for _, all := range of {
		for _, name := range all {
			peers[name] = len(all)
		}
	}
	if len(names) < 100 {
		t.Fatalf("only %d fixtures", len(names))
	}
	return names, peers
}

func formatOf(name string, b []byte) *scanner.Format {
	for _, f := range All() {
		if f.Match(strings.ToLower(name), b[:min(len(b), 64<<10)]) {
			return &f
		}
	}
	return nil
}

// A spoilt is what was done to a fixture.
type spoilt struct {
	b  []byte
	at int // where it was cut, or damaged first
}

// round makes cuts and four times as many flips, looks at them, and says what is
// wrong.
func (d *damages) round(t *testing.T, name string, n, share int) {
	whole := fixture(t, name)
	variants := []spoilt{{whole, len(whole)}}
	for i := range share {
		at := len(whole) * (1 + i**damage + n) / (share**damage + 1)
		if f := formatOf(name, whole[:at]); f != nil && f.Unpack != nil { // otherwise too little is left to tell
			variants = append(variants, spoilt{whole[:at], at})
		}
	}
	cuts := len(variants)
	r := rand.New(rand.NewPCG(uint64(n), uint64(len(whole))))
	for i := range 4 * share {
		v := spoilt{slices.Clone(whole), len(whole)}
		for range 1 + r.IntN(4) {
			p := r.IntN(len(whole))
			v.b[p] ^= byte(1 + r.IntN(255))
			v.at = min(v.at, p)
		}
		variants = append(variants, v)
		if i%4 == 0 {
			variants = append(variants, spoilt{whole[:v.at], -1}) // to compare the one before with
		}
	}
	looks := d.look(t, name, variants)
	for i, v := range variants[:cuts] {
		looks[i].cut(t, name, v.at, looks[0])
	}
	for i := cuts; i < len(variants); i++ {
		switch v := variants[i]; {
		case v.at >= 0:
			if looks[i].less(looks[0]) && len(looks[i].problems) == 0 {
				d.silent(t, name, v.at)
			}
		case !oneOf(name, unstreamed):
			looks[i-1].flipped(t, variants[i-1].at, looks[i], looks[0])
		}
	}
}

// looked is what the engine makes of an object: the bytes of what is no
// container, and the problems.
type looked struct {
	leaves   map[string]string
	problems []*scanner.Problem
}

// cut checks what became of a fixture that was cut.
func (l looked) cut(t *testing.T, name string, at int, full looked) {
	for path, data := range l.leaves {
		if want, ok := full.leaves[path]; ok && !strings.HasPrefix(want, data) {
			t.Errorf("cut at %d: %s has %d bytes that are not those of the beginning", at, path, len(data))
		}
	}
	if !l.less(full) || len(l.problems) > 0 || oneOf(name, ofParts) {
		return
	}
	for path, data := range l.leaves { // without a mark, lines that are whole look whole, and so does a part of the first
		if !oneOf(name, markless) || data != full.leaves[path] && strings.Contains(data, "\n") && !strings.HasSuffix(data, "\n") {
			t.Errorf("cut at %d: something is missing, in silence", at)
		}
	}
}

// flipped checks that what comes out before the damage is what comes out of a
// fixture that was cut there.
func (l looked) flipped(t *testing.T, at int, cut, full looked) {
	for path, before := range cut.leaves {
		before = before[:max(0, len(before)-lost)]
		if _, ok := full.leaves[path]; ok && !strings.HasPrefix(l.leaves[path], before) {
			t.Errorf("damage at %d: %s has %d bytes, not the %d before it", at, path, len(l.leaves[path]), len(before))
		}
	}
}

// less reports whether l lacks something that full has.
func (l looked) less(full looked) bool {
	have := slices.Collect(maps.Values(l.leaves))
	for _, data := range full.leaves {
		if !slices.Contains(have, data) {
			return true
		}
	}
	return false
}

// look scans the variants under tight limits, and returns what became of each.
func (d *damages) look(t *testing.T, name string, variants []spoilt) []looked {
	k := &keeper{looked: make([]looked, len(variants))}
	var formats []scanner.Format
	for _, f := range All() {
		if f.Unpack != nil {
			formats = append(formats, f)
		}
	}
	formats = append(formats, scanner.Format{Name: "keeper", Match: func(string, []byte) bool { return true }, Read: k.read})
	const limit = 3 * time.Minute // of a machine that may do other things too
	alarm := time.AfterFunc(limit, func() { panic(name + " hangs") })
	defer alarm.Stop()
	begun := time.Now()
	_, err := scanner.Run(context.Background(), scanner.Config{
		Formats: formats, Assessor: k, Sink: k, Workers: 1,
		Limits: scanner.Limits{Memory: 4 << 20, Spool: 64 << 20},
		Done: func(scanner.Object, scanner.Outcome) {
			d.took(name, time.Since(begun))
			alarm.Reset(limit)
			begun = time.Now()
		},
	}, []scanner.Target{{Name: "damaged", Source: damaged{name, variants}}})
	if err != nil {
		t.Error(err)
	}
	for _, l := range k.looked {
		d.count(t, l.problems)
	}
	return k.looked
}

// damaged is a source of variants.
type damaged struct {
	name     string
	variants []spoilt
}

func (s damaged) List(context.Context, string, string) iter.Seq2[scanner.Object, error] {
	return func(yield func(scanner.Object, error) bool) {
		for i, v := range s.variants {
			if !yield(stored(fmt.Sprintf("%d/%s", i, s.name), v.b), nil) {
				return
			}
		}
	}
}

// A keeper takes what is no container, and what goes wrong, by variant.
type keeper struct {
	mu     sync.Mutex
	looked []looked
}

// of returns where things of a path are kept, and the path without the variant.
func (k *keeper) of(path string) (*looked, string) {
	number, path, _ := strings.Cut(path, "/")
	i, _ := strconv.Atoi(number)
	return &k.looked[i], path
}

func (k *keeper) read(_ context.Context, c *scanner.Content, _ func(*scanner.Block) error) error {
	b, err := io.ReadAll(io.LimitReader(c.Stream(), 32<<20))
	k.mu.Lock()
	defer k.mu.Unlock()
	l, path := k.of(c.Path())
	if l.leaves == nil {
		l.leaves = make(map[string]string)
	}
	for _, twice := l.leaves[path]; twice; _, twice = l.leaves[path] { // in archives that were joined
		path += " again"
	}
	l.leaves[path] = string(b)
	if f := formatOf(c.Path(), c.Head()); err == nil && (f == nil || f.Name == "binary" || f.Name == "unsupported") {
		return unsupported("as it would be told")
	}
	return err
}

func (k *keeper) Write(_ context.Context, r scanner.Record) error {
	if p, ok := r.(*scanner.Problem); ok {
		k.mu.Lock()
		defer k.mu.Unlock()
		l, _ := k.of(p.Path)
		l.problems = append(l.problems, p)
	}
	return nil
}

func (k *keeper) Group(*scanner.Tally) string                                { return "" }
func (k *keeper) Judge([]*scanner.Tally, scanner.Exposure) []scanner.Finding { return nil }
func (k *keeper) Close() error                                               { return nil }

// Forty streams one after another, of which the thirtieth is damaged: what 29 hold
// comes out.
func TestDamageFarIn(t *testing.T) {
	people := string(fixture(t, "people/people.csv"))
	for _, name := range []string{"gzip.csv.gz", "bzip2.csv.bz2", "xz.csv.xz", "zstd.csv.zst", "lz4.csv.lz4", "snappy.csv.sz"} {
		one := fixture(t, "people/"+name)
		all := bytes.Repeat(one, 40)
		at := 29*len(one) + len(one)/2
		for i := range 20 {
			all[at+i] ^= 0xa5
		}
		got := openArchive(t, name, all)
		if len(got.Problems) == 0 {
			t.Errorf("%s: no problem", name)
		}
		for _, data := range got.Members {
			if !strings.HasPrefix(data, strings.Repeat(people, 29)) {
				t.Errorf("%s: %d bytes come out, of %d before the damage", name, len(data), 29*len(people))
			}
		}
	}
}

// damages adds up a run.
type damages struct {
	mu       sync.Mutex
	cases    int
	quiet    int // differ without a checksum that could tell
	slowest  time.Duration
	which    string
	memory   uint64
	problems map[scanner.Reason]int
}

func (d *damages) took(name string, took time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cases++
	if took > d.slowest {
		d.slowest, d.which = took, name
	}
}

func (d *damages) count(t *testing.T, problems []*scanner.Problem) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, p := range problems {
		d.problems[p.Reason]++
		if p.Reason == scanner.Crashed {
			t.Errorf("%s: %v", p.Path, p)
		}
	}
}

// silent notes that something is missing and nothing said so.
func (d *damages) silent(t *testing.T, name string, at int) {
	if !oneOf(name, unchecked) {
		t.Errorf("damage at %d passes in silence", at)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.quiet++
}

// watch measures the memory of the process until the function it returns is
// called.
func (d *damages) watch() func() {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
		for {
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
			}
			metrics.Read(s)
			d.mu.Lock()
			d.memory = max(d.memory, s[0].Value.Uint64()-s[1].Value.Uint64())
			d.mu.Unlock()
		}
	}()
	return func() { close(done); <-ended }
}

func (d *damages) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return fmt.Sprintf("%d cases; slowest %v (%s); %d MB at most; %d differ and no checksum could tell; problems %v",
		d.cases, d.slowest.Round(time.Millisecond), d.which, d.memory>>20, d.quiet, d.problems)
}
