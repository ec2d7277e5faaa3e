package codec

import "encoding/binary"

// ppmdUnits is the memory of a PPMd model, in units of 12 bytes: contexts and
// lists of states, and at its beginning the text, to which states point that
// have no context yet. How free units are kept and joined decides when the
// model is full, so it is part of the format.
type ppmdUnits struct {
	mem       []byte
	size      int
	text      int // where the text ends
	start     int // where the units begin
	low, high int // between them nothing was used yet
	glue      int // failures until free units are joined
	free      [ppmdSizes]uint32

	// How free units are joined.
	patience int  // failures from one time to the next
	longest  int  // units in a run
	backward bool // from the last of the longest, not from the first of the shortest
}

const (
	ppmdUnit  = 12
	ppmdSizes = 38 // of runs of units: 1, 2, 3, 4, 6 … 12, 15 … 24, 28 … 128
	ppmdEmpty = 1<<32 - 1
	ppmdBase  = ppmdUnit // offset of the text; 0 stands for nothing
)

// ppmdRun is how many units a run of each size has, ppmdSize the smallest size
// that has so many.
var ppmdRun, ppmdSize = ppmdRuns()

func ppmdRuns() (run [ppmdSizes]int, size [129]int) {
	n := 0
	for i := range run {
		step := 4
		if i < 12 {
			step = i/4 + 1
		}
		for range step {
			n++
			size[n] = i
		}
		run[i] = n
	}
	return run, size
}

func (u *ppmdUnits) u16(at int) int      { return int(binary.LittleEndian.Uint16(u.mem[at:])) }
func (u *ppmdUnits) put16(at, v int)     { binary.LittleEndian.PutUint16(u.mem[at:], uint16(v)) }
func (u *ppmdUnits) u32(at int) int      { return int(binary.LittleEndian.Uint32(u.mem[at:])) }
func (u *ppmdUnits) put32(at int, v int) { binary.LittleEndian.PutUint32(u.mem[at:], uint32(v)) }

// empty forgets everything.
func (u *ppmdUnits) empty() {
	u.free = [ppmdSizes]uint32{}
	u.text = ppmdBase
	u.high = u.text + u.size
	u.start = u.high - u.size/8/ppmdUnit*7*ppmdUnit
	u.low = u.start
	u.glue = 0
}

// A free run begins with a mark, the next one of its size, and its length.
func (u *ppmdUnits) insert(at, size int) {
	u.put32(at, ppmdEmpty)
	u.put32(at+4, int(u.free[size]))
	u.put32(at+8, ppmdRun[size])
	u.free[size] = uint32(at)
}

func (u *ppmdUnits) remove(size int) int {
	at := int(u.free[size])
	u.free[size] = uint32(u.u32(at + 4))
	return at
}

// rest makes free runs of n units.
func (u *ppmdUnits) rest(at, n int) {
	size := ppmdSize[n]
	if ppmdRun[size] != n {
		size--
		k := ppmdRun[size]
		u.insert(at+k*ppmdUnit, n-k-1)
	}
	u.insert(at, size)
}

// alloc returns a run of a size; 0 when there is none.
func (u *ppmdUnits) alloc(size int) int {
	if u.free[size] != 0 {
		return u.remove(size)
	}
	if n := ppmdRun[size] * ppmdUnit; n <= u.high-u.low {
		at := u.low
		u.low += n
		return at
	}
	return u.rare(size)
}

// context returns one unit, from the other end; 0 when there is none.
func (u *ppmdUnits) context() int {
	switch {
	case u.high != u.low:
		u.high -= ppmdUnit
		return u.high
	case u.free[0] != 0:
		return u.remove(0)
	}
	return u.rare(0)
}

func (u *ppmdUnits) rare(size int) int {
	if u.glue == 0 {
		u.join()
		if u.free[size] != 0 {
			return u.remove(size)
		}
	}
	for i := size + 1; i < ppmdSizes; i++ {
		if u.free[i] != 0 {
			at := u.remove(i)
			u.rest(at+ppmdRun[size]*ppmdUnit, ppmdRun[i]-ppmdRun[size])
			return at
		}
	}
	u.glue--
	if n := ppmdRun[size] * ppmdUnit; u.start-u.text > n {
		u.start -= n
		return u.start
	}
	return 0
}

// join makes one run of free runs that lie side by side. Their list begins in the
// unit before the text.
func (u *ppmdUnits) join() {
	u.glue = u.patience
	if u.low != u.high {
		u.put32(u.low, 0)
	}
	u.put32(4, 0)
	last := 0
	for i := range u.free {
		for u.free[i] != 0 {
			at := u.remove(i)
			if u.backward {
				last = 0
			}
			u.put32(at+4, u.u32(last+4))
			u.put32(last+4, at)
			last = at
		}
	}
	last = 0
	for at := u.u32(4); at != 0; at = u.u32(at + 4) {
		n := u.u32(at + 8)
		if n == 0 {
			u.put32(last+4, u.u32(at+4))
			continue
		}
		for {
			behind := at + n*ppmdUnit
			if u.u32(behind) != ppmdEmpty || n+u.u32(behind+8) > u.longest {
				break
			}
			n += u.u32(behind + 8)
			u.put32(behind+8, 0)
		}
		u.put32(at+8, n)
		last = at
	}
	for at := u.u32(4); at != 0; {
		next, n := u.u32(at+4), u.u32(at+8)
		for ; n > 128; n -= 128 {
			u.insert(at, ppmdSizes-1)
			at += 128 * ppmdUnit
		}
		if n > 0 {
			u.rest(at, n)
		}
		at = next
	}
}

// shrink makes a run of n units out of one of was, and returns where it lies.
func (u *ppmdUnits) shrink(at, was, n int) int {
	from, to := ppmdSize[was], ppmdSize[n]
	if from == to {
		return at
	}
	if u.free[to] != 0 {
		other := u.remove(to)
		copy(u.mem[other:other+n*ppmdUnit], u.mem[at:])
		u.insert(at, from)
		return other
	}
	u.rest(at+ppmdRun[to]*ppmdUnit, ppmdRun[from]-ppmdRun[to])
	return at
}
