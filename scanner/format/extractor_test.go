package format

import (
	"encoding/binary"
	"strings"
	"testing"
)

// programOf is an .exe of one section, with b behind it.
func programOf(b []byte) []byte {
	exe := make([]byte, 1024)
	copy(exe, "MZ")
	exe[60] = 64
	copy(exe[64:], "PE\x00\x00")
	exe[64+6] = 1
	binary.LittleEndian.PutUint32(exe[64+24+16:], 512)
	binary.LittleEndian.PutUint32(exe[64+24+20:], 512)
	return append(exe, b...)
}

func TestSelfExtractors(t *testing.T) {
	people := fixture(t, "people/people.csv")
	settings := []byte(";!@Install@!UTF-8!\nTitle=\"Export\"\n;!@InstallEnd@!")
	for _, test := range []struct {
		what, member string
		archive      []byte
	}{
		{"7z", "export.7z!people.csv", fixture(t, "sevenzip/lzma2.7z")},
		{"7z behind settings", "export.7z!people.csv", append(settings, fixture(t, "sevenzip/bcj2.7z")...)},
		{"rar 4", "export.rar!people.csv", rar4Of("people.csv", people)},
		{"rar 5", "export.rar!people.csv", rar5Of("people.csv", people)},
		{"zip", "people.csv", zipOf("people.csv", people)},
	} {
		exe := programOf(test.archive)
		got := leaves(t, "x/export.exe", exe)
		if got.Members[test.member] != string(people) || len(got.Problems) > 0 {
			t.Errorf("%s: members %q, problems %v", test.what, keys(got.Members), got.Problems)
		}
		for i := 2; i < 50; i++ {
			n := len(exe) * i / 50
			cut := leaves(t, "x/export.exe", exe[:n])
			if n > 1200 && len(cut.Problems) == 0 {
				t.Errorf("%s cut at %d: in silence", test.what, n)
			}
		}
	}
	if got := leaves(t, "x/setup.exe", programOf(nil)); len(got.Members) > 0 || len(got.Problems) > 0 {
		t.Errorf("a program alone: members %q, problems %v", keys(got.Members), got.Problems)
	}
}

func FuzzSelfExtractor(f *testing.F) {
	f.Add(programOf(rar5Of("a", []byte("b"))))
	f.Add(programOf([]byte(strings.Repeat("x", 100))))
	f.Fuzz(func(t *testing.T, b []byte) { walkFuzzed(t, extractorFormat, "x.exe", b, 1) })
}
