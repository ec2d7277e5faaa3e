package format

import (
	"encoding/binary"
	"time"
	"unicode/utf16"
)

// files reads the members, and gives those that have data their parts, in order.
func (r *sevenReader) files(folds []sevenFold) []sevenMember {
	members := make([]sevenMember, r.count(sevenMany))
	var without, files, anti []bool
	empty := 0
	for what := r.number(); what != sevenEnd && !r.bad; what = r.number() {
		p := sevenReader{b: r.bytes(r.number())}
		switch what {
		case sevenEmptyStream:
			without = p.bits(len(members))
			for _, e := range without {
				if e {
					empty++
				}
			}
		case sevenEmptyFile:
			files = p.bits(empty)
		case sevenAnti:
			anti = p.bits(empty)
		case sevenNames:
			p.names(members)
		case sevenModified:
			p.times(members)
		case sevenAttributes:
			set := p.defined(len(members))
			external := p.byte()
			for i, have := range set {
				if have && external == 0 {
					members[i].attributes = p.uint32()
				}
			}
		}
		r.bad = r.bad || p.bad
	}
	fold, part, at, nth := 0, 0, int64(0), 0
	for i := range members {
		m := &members[i]
		if i < len(without) && without[i] {
			m.fold = -1
			m.directory = nth >= len(files) || !files[nth]
			m.anti = nth < len(anti) && anti[nth]
			nth++
			continue
		}
		for fold < len(folds) && part == len(folds[fold].parts) {
			fold, part, at = fold+1, 0, 0
		}
		if fold == len(folds) {
			r.bad = true
			return nil
		}
		m.fold, m.part, m.at = fold, part, at
		at += folds[fold].parts[part].size
		part++
	}
	return members
}

// names reads the names, in UTF-16 with a zero behind each.
func (r *sevenReader) names(members []sevenMember) {
	if r.byte() != 0 {
		r.bad = true
		return
	}
	var units []uint16
	for i := range members {
		units = units[:0]
		for {
			b := r.bytes(2)
			if b == nil {
				return
			}
			u := binary.LittleEndian.Uint16(b)
			if u == 0 {
				break
			}
			units = append(units, u)
		}
		members[i].name = string(utf16.Decode(units))
	}
}

// times reads units of 100 ns since 1601.
func (r *sevenReader) times(members []sevenMember) {
	set := r.defined(len(members))
	external := r.byte()
	for i, have := range set {
		if !have || external != 0 {
			continue
		}
		if b := r.bytes(8); b != nil {
			t := int64(binary.LittleEndian.Uint64(b)>>1) - 116444736000000000/2 // in units of 200 ns, which fit
			members[i].modified = time.Unix(t/5000000, t%5000000*200).UTC()
		}
	}
}

// header reads the header proper, behind its first byte.
func (r *sevenReader) header() (folds []sevenFold, members []sevenMember) {
	for !r.bad {
		switch r.number() {
		case sevenEnd:
			return folds, members
		case sevenProperties:
			for r.number() != sevenEnd && !r.bad {
				r.bytes(r.number())
			}
		case sevenAdditional:
			r.streams()
		case sevenStreams:
			folds = r.streams()
		case sevenFiles:
			members = r.files(folds)
		default:
			r.bad = true
		}
	}
	return nil, nil
}
