package codec

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// An lzxWriter writes LZX with blocks of every kind, runs across frames, and
// offsets used again. cabextract reads what it writes.
type lzxWriter struct {
	window  uint
	calls   uint32
	out     []byte // of this frame
	bits    uint64
	n       uint
	frames  [][]byte
	sizes   []int
	recent  [3]int
	lengths [lzxMain + lzxLong]uint8
	done    int // bytes
}

func (w *lzxWriter) put(v, k int) {
	w.bits = w.bits<<k | uint64(v)
	for w.n += uint(k); w.n >= 16; w.n -= 16 {
		w.out = binary.LittleEndian.AppendUint16(w.out, uint16(w.bits>>(w.n-16)))
	}
}

func (w *lzxWriter) pad() {
	if w.n > 0 {
		w.put(0, int(16-w.n))
	}
}

// step counts n bytes, and ends the frame.
func (w *lzxWriter) step(n int, last bool) {
	w.done += n
	if rest := w.done % lzxFrame; rest == 0 || last {
		w.pad()
		w.frames, w.out = append(w.frames, w.out), nil
		w.sizes = append(w.sizes, (rest+lzxFrame-1)%lzxFrame+1)
	}
}

// A token is a symbol of the main code, one of the code for lengths (-1:
// none), and the bits of an offset.
type token struct{ main, long, slot, extra, n int }

func (w *lzxWriter) tokens(data []byte, from, to int, seen map[[4]byte]int) (all []token) {
	for i := from; i < to; {
		end := min(to, i-i%lzxFrame+lzxFrame)
		var at, n int
		if i+4 <= end {
			k := [4]byte(data[i:])
			if p, has := seen[k]; has && i-p <= 1<<w.window-3 {
				at = p
				for n = 4; i+n < end && n < 257 && data[p+n] == data[i+n]; n++ {
				}
			}
			seen[k] = i
		}
		if n == 0 {
			all = append(all, token{main: int(data[i]), long: -1, slot: -1, n: 1})
			i++
			continue
		}
		t := token{main: 256 + min(n-2, 7), long: n - 9, slot: slices.Index(w.recent[:], i-at), n: n}
		switch far := i - at; {
		case t.slot >= 0:
			w.recent[0], w.recent[t.slot] = w.recent[t.slot], w.recent[0]
		default:
			for t.slot = 3; lzxBase[t.slot+1]-2 <= far; t.slot++ {
			}
			t.extra = far - (lzxBase[t.slot] - 2)
			w.recent = [3]int{far, w.recent[0], w.recent[1]}
		}
		t.main += t.slot << 3
		all = append(all, t)
		i += n
	}
	return all
}

// huffman gives code lengths of limit bits at most.
func huffman(counts []int, limit int) []uint8 {
	type node struct{ weight, left, right, sym int }
	lengths := make([]uint8, len(counts))
	for scale := 1; ; scale *= 2 {
		var nodes []node
		var open []int
		for sym, c := range counts {
			if c > 0 || len(counts)-sym+len(open) <= 2 {
				open = append(open, len(nodes))
				nodes = append(nodes, node{c/scale + 1, -1, -1, sym})
			}
		}
		for len(open) > 1 {
			slices.SortStableFunc(open, func(a, b int) int { return cmp.Compare(nodes[a].weight, nodes[b].weight) })
			nodes = append(nodes, node{nodes[open[0]].weight + nodes[open[1]].weight, open[0], open[1], -1})
			open = append(open[2:], len(nodes)-1)
		}
		deepest := 0
		var walk func(i, depth int)
		walk = func(i, depth int) {
			if nodes[i].sym >= 0 {
				lengths[nodes[i].sym] = uint8(depth)
				deepest = max(deepest, depth)
				return
			}
			walk(nodes[i].left, depth+1)
			walk(nodes[i].right, depth+1)
		}
		walk(open[0], 0)
		if deepest <= limit {
			return lengths
		}
	}
}

// symbols gives the code of each symbol.
func canonical(lengths []uint8) []int {
	codes, next := make([]int, len(lengths)), 0
	for l := uint8(1); l <= 16; l++ {
		for sym, have := range lengths {
			if have == l {
				codes[sym] = next
				next++
			}
		}
		next <<= 1
	}
	return codes
}

func (w *lzxWriter) putLengths(was, now []uint8) {
	pre := bytes.Repeat([]byte{4, 4, 4, 5, 5}, 4)
	codes := canonical(pre)
	for _, l := range pre {
		w.put(int(l), 4)
	}
	put := func(sym int) { w.put(codes[sym], int(pre[sym])) }
	for i := 0; i < len(now); {
		run := 1
		for i+run < len(now) && now[i+run] == now[i] && run < 51 {
			run++
		}
		delta := (int(was[i]) - int(now[i]) + 17) % 17
		switch {
		case now[i] == 0 && run >= 20:
			put(18)
			w.put(run-20, 5)
		case now[i] == 0 && run >= 4:
			run = min(run, 19)
			put(17)
			w.put(run-4, 4)
		case run >= 4:
			run = min(run, 5)
			put(19)
			w.put(run-4, 1)
			put(delta)
		default:
			run = 1
			put(delta)
		}
		i += run
	}
	copy(was, now)
}

func (w *lzxWriter) block(kind int, data []byte, from, to int, seen map[[4]byte]int) {
	w.put(kind, 3)
	w.put((to-from)>>8, 16)
	w.put((to-from)&255, 8)
	if kind == lzxPlain {
		if w.n == 0 {
			w.put(0, 16)
		}
		w.pad()
		for _, r := range w.recent {
			w.out = binary.LittleEndian.AppendUint32(w.out, uint32(r))
		}
		for i := from; i < to; i++ {
			w.out = append(w.out, data[i])
			w.step(1, i == len(data)-1)
		}
		if (to-from)&1 != 0 {
			w.out = append(w.out, 0)
		}
		return
	}
	all := w.tokens(data, from, to, seen)
	end := 256 + 8*lzxSlots[w.window-15]
	main, long, low := make([]int, end), make([]int, lzxLong), make([]int, 8)
	for _, t := range all {
		main[t.main]++
		if t.long >= 0 {
			long[t.long]++
		}
		low[t.extra&7]++
	}
	mainLen, longLen, lowLen := huffman(main, 16), huffman(long, 16), huffman(low, 7)
	if kind == lzxAligned {
		for _, l := range lowLen {
			w.put(int(l), 3)
		}
	}
	w.putLengths(w.lengths[:256], mainLen[:256])
	w.putLengths(w.lengths[256:end], mainLen[256:])
	w.putLengths(w.lengths[lzxMain:], longLen)
	mainCode, longCode, lowCode := canonical(mainLen), canonical(longLen), canonical(lowLen)
	for _, t := range all {
		w.put(mainCode[t.main], int(mainLen[t.main]))
		if t.long >= 0 {
			w.put(longCode[t.long], int(longLen[t.long]))
		}
		if t.slot > 2 {
			k := int(lzxExtra[t.slot])
			if kind == lzxAligned && k >= 3 {
				w.put(t.extra>>3, k-3)
				w.put(lowCode[t.extra&7], int(lowLen[t.extra&7]))
			} else {
				w.put(t.extra, k)
			}
		}
		w.step(t.n, w.done+t.n == len(data))
	}
}

// lzxBlock is a block to write.
type lzxBlock struct{ kind, size int }

// lzxOf compresses data in blocks of the given kinds and sizes, over and over.
func lzxOf(data []byte, window uint, calls uint32, blocks ...lzxBlock) *lzxWriter {
	w := &lzxWriter{window: window, calls: calls, recent: [3]int{1, 1, 1}}
	if calls > 0 {
		w.put(1, 1)
		w.put(int(calls>>16), 16)
		w.put(int(calls&0xffff), 16)
	} else {
		w.put(0, 1)
	}
	seen := map[[4]byte]int{}
	for i, at := 0, 0; at < len(data); i++ {
		b := blocks[i%len(blocks)]
		to := min(at+b.size, len(data))
		w.block(b.kind, data, at, to, seen)
		at = to
	}
	return w
}

func TestLZX(t *testing.T) {
	table := rows(300_000)
	r := rand.New(rand.NewPCG(2, 2))
	noise := make([]byte, 100_000)
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	calls := bytes.Repeat([]byte("call\xe8\x00\x01\x00\x00;\xe8\xf0\xff\xff\xff.......\xe8"), 5000)
	mixed := []lzxBlock{{lzxVerbatim, 20_001}, {lzxPlain, 5001}, {lzxAligned, 70_000}, {lzxPlain, 32_768}, {lzxVerbatim, 300}}
	for _, test := range []struct {
		name   string
		data   []byte
		window uint
		calls  uint32
		blocks []lzxBlock
	}{
		{"verbatim", table, 15, 0, []lzxBlock{{lzxVerbatim, 40_000}}},
		{"aligned", table, 21, 0, []lzxBlock{{lzxAligned, 100_000}}},
		{"plain", noise, 15, 0, []lzxBlock{{lzxPlain, 33_333}}},
		{"mixed", table, 16, 0, mixed},
		{"mixed noise", noise, 18, 0, mixed},
		{"calls", calls, 15, 1 << 20, mixed},
		{"one byte", []byte("x"), 15, 0, mixed},
		{"one run", bytes.Repeat([]byte("0"), 100_000), 20, 0, []lzxBlock{{lzxVerbatim, 100_000}}},
	} {
		w := lzxOf(test.data, test.window, test.calls, test.blocks...)
		var d LZX
		if err := d.Reset(test.window); err != nil {
			t.Fatal(err)
		}
		var got []byte
		for i, f := range w.frames {
			frame, err := d.Block(f, w.sizes[i])
			if err != nil {
				t.Fatalf("%s: frame %d: %v", test.name, i, err)
			}
			got = append(got, frame...)
		}
		want := test.data
		if test.calls > 0 {
			want = translated(want, test.calls)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes, want %d, or others", test.name, len(got), len(want))
		}
	}
}

// translated is what the decoder makes of calls, said once more and plainly.
func translated(data []byte, size uint32) []byte {
	out := bytes.Clone(data)
	for from := 0; from < len(out); from += lzxFrame {
		frame := out[from:min(from+lzxFrame, len(out))]
		for i := 0; i < len(frame)-10; {
			if frame[i] != 0xe8 {
				i++
				continue
			}
			here, to := int32(from+i), int32(binary.LittleEndian.Uint32(frame[i+1:]))
			if to >= 0 && to < int32(size) {
				binary.LittleEndian.PutUint32(frame[i+1:], uint32(to-here))
			} else if to < 0 && to >= -here {
				binary.LittleEndian.PutUint32(frame[i+1:], uint32(to+int32(size)))
			}
			i += 5
		}
	}
	return out
}

func FuzzLZX(f *testing.F) {
	data := []byte(strings.Repeat("nom;prénom;naissance\n", 300))
	for _, b := range []lzxBlock{{lzxVerbatim, 1000}, {lzxAligned, 5000}, {lzxPlain, 333}} {
		w := lzxOf(data, 15, 0, b)
		f.Add(w.frames[0], uint16(w.sizes[0]))
	}
	f.Fuzz(func(t *testing.T, b []byte, size uint16) {
		var d LZX
		if err := d.Reset(15 + uint(len(b))%7); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			n := int(size)%lzxFrame + 1
			out, err := d.Block(b, n)
			if err != nil {
				if err = surprise(err); err != nil {
					t.Error(err)
				}
				return
			}
			if len(out) != n {
				t.Errorf("%d bytes, want %d", len(out), n)
			}
		}
	})
}

func BenchmarkLZX(b *testing.B) {
	doc := rows(2 << 20)
	w := lzxOf(doc, 21, 0, lzxBlock{lzxVerbatim, 1 << 18})
	var d LZX
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		d.Reset(21)
		for i, f := range w.frames {
			if _, err := d.Block(f, w.sizes[i]); err != nil {
				b.Fatal(err)
			}
		}
	}
}
