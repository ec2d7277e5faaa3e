package format

import (
	"encoding/binary"
	"maps"
	"slices"

	"vigie/scanner"
)

// isSQLiteLog recognises a write-ahead log.
func isSQLiteLog(head []byte) bool {
	return len(head) > 32 && binary.BigEndian.Uint32(head)&^1 == 0x377f0682 && binary.BigEndian.Uint32(head[4:]) == 3007000 &&
		sqliteLogPage(head) > 0
}

func sqliteLogPage(head []byte) int {
	n := binary.BigEndian.Uint32(head[8:])
	if n < 512 || n > 1<<16 || n&(n-1) != 0 {
		return 0
	}
	return int(n)
}

// log reads a write-ahead log: the latest copy of each page, those of tables that
// are known by the schema in it first. Frames of an earlier round of the log, which
// have other salts, lie behind and are pages too.
func (s *sqliteReader) log(head []byte) error {
	s.pageSize = sqliteLogPage(head)
	s.usable = s.pageSize
	s.leaf, s.over = make([]byte, s.pageSize), make([]byte, s.pageSize)
	s.frames = make(map[uint32]int64)
	var frame [24]byte
	round := string(head[16:24])
	for off := int64(32); off < s.size; off += int64(24 + s.pageSize) {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		if off+int64(24+s.pageSize) > s.size {
			s.spoilt = truncated("ends in the middle")
			break
		}
		if _, err := s.from.ReadAt(frame[:], off); err != nil {
			return err
		}
		n := binary.BigEndian.Uint32(frame[:])
		if _, known := s.frames[n]; n == 0 || known && string(frame[8:16]) != round {
			continue
		}
		if s.frames[n] = off + 24; len(s.frames) > sqliteFrames {
			return &scanner.Problem{Reason: scanner.TooLarge, Detail: "pages of a log"}
		}
	}
	if _, ok := s.frames[1]; ok {
		if err := s.page(1, s.leaf); err != nil {
			return err
		}
		s.open(s.leaf)
		if err := s.tables(); err != nil {
			return err
		}
	}
	t := &sqliteTable{grid: grid{ctx: s.ctx, yield: s.yield}, deleted: make(map[int]int64)}
	for _, n := range slices.Sorted(maps.Keys(s.frames)) {
		if err := s.orphan(t, n); err != nil {
			return err
		}
	}
	if err := t.flush(); err != nil {
		return err
	}
	return s.flushRest()
}
