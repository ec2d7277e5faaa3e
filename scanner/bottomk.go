package scanner

// A BottomK keeps the K smallest of the distinct hashes it has seen, each with
// the number of rows that had it. From these follow the number of distinct
// values, the share of rows whose value occurs once, and the overlap of two
// data sets. It is KHyperLogLog (Chia et al., IEEE S&P 2019) with rows as ids:
// every row is seen once, so the little HyperLogLog of each value is a count.
//
// A hash among the K smallest at the end was among them at every moment since
// its first row, so its count is exact, in any order of adding.
type BottomK struct {
	counts map[uint64]int64
	top    uint64 // hashes at or above it are not kept
}
