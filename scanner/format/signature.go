package format

import (
	"bytes"
	"encoding/binary"
	"path"
	"strings"
)

// A signature is what a kind of object begins with.
type signature struct {
	name   string // what it is, in words
	at     int    // offset of magic
	magic  string
	exts   string                 // extensions, each in spaces, where magic tells too little; "" for any
	also   func(head []byte) bool // what else must hold; nil for nothing
	plain  bool                   // keeps its text uncompressed: worth the sieve
	locked bool                   // encrypted, whatever is in it
}

func (s *signature) match(name string, head []byte) bool {
	if len(head) < s.at+len(s.magic) || string(head[s.at:s.at+len(s.magic)]) != s.magic {
		return false
	}
	if s.exts != "" && !strings.Contains(s.exts, " "+path.Ext(name)+" ") {
		return false
	}
	return s.also == nil || s.also(head)
}

// find returns the first of the signatures that matches, nil when none does.
func find(list []signature, name string, head []byte) *signature {
	for i := range list {
		if list[i].match(name, head) {
			return &list[i]
		}
	}
	return nil
}

// binaryHead guards magics that are letters: text has no NUL.
func binaryHead(head []byte) bool {
	return bytes.IndexByte(head[:min(len(head), 4096)], 0) >= 0
}

// word asks for more letters further on.
func word(at int, w string) func([]byte) bool {
	return func(head []byte) bool { return len(head) >= at && bytes.HasPrefix(head[at:], []byte(w)) }
}

// windowsProgram follows the pointer of the DOS stub.
func windowsProgram(head []byte) bool {
	if len(head) < 64 || !binaryHead(head) {
		return false
	}
	at := int(binary.LittleEndian.Uint32(head[60:]))
	return at > len(head)-4 || word(at, "PE\x00\x00")(head) || word(at, "NE")(head) || word(at, "LE")(head)
}

// bitmap checks the fields of a BMP header that are fixed.
func bitmap(head []byte) bool {
	return len(head) > 18 && string(head[6:10]) == "\x00\x00\x00\x00" && head[15] == 0 && head[16] == 0 && head[17] == 0
}

// soundFrame checks the first frame header of MPEG layer III without a tag:
// bit rate and sampling rate must be ones that exist, and the next frame must
// follow where they say.
func soundFrame(head []byte) bool {
	if len(head) < 4 || head[2]>>4 == 15 || head[2]>>4 == 0 || head[2]>>2&3 == 3 {
		return false
	}
	one := head[1]&8 != 0 // MPEG-1
	rate := [...]int{44100, 48000, 32000}[head[2]>>2&3]
	kbits, samples := [...]int{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}[head[2]>>4], 144
	if !one {
		rate, samples = rate/2, 72
		kbits = [...]int{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}[head[2]>>4]
	}
	next := samples*kbits*1000/rate + int(head[2]>>1&1)
	return len(head) > next+1 && head[next] == head[0] && head[next+1] == head[1]
}
