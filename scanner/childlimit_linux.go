package scanner

import "syscall"

// limitsMemory says whether limitMemory does.
const limitsMemory = true

// limitMemory bounds the data of this process, in bytes. A system that does not
// take it leaves the bound of Go's own heap.
func limitMemory(n uint64) {
	syscall.Setrlimit(syscall.RLIMIT_DATA, &syscall.Rlimit{Cur: n, Max: n})
}
