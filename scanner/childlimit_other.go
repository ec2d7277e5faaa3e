//go:build !linux

package scanner

// limitsMemory says whether limitMemory does.
const limitsMemory = false

// limitMemory does nothing: only Linux bounds what a process holds without
// bounding what it reserves.
func limitMemory(uint64) {}
