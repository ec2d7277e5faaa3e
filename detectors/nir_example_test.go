package detectors

import "testing"

// TestExampleNIRs checks that numbers printed as examples are valid, have no
// normal form, and therefore count as nobody.
func TestExampleNIRs(t *testing.T) {
	for _, v := range []string{
		"2 69 05 49 588 157 80", "269054958815780", "2690549588157", "2 55 08 14 168 025 38", "2 95 10 99 126 111 93",
		"1 37 04 76 243 484 15", "1 85 05 78 006 084 91", "185057800608436",
	} {
		if n := nirDetector.Norm(nil, []byte(v)); len(n) != 0 {
			t.Errorf("%s is %s", v, n)
		}
		if fits, _ := nirDetector.Fits([]byte(v)); !fits && len(v) > 13 {
			t.Errorf("%s is no NIR", v)
		}
	}
	for _, v := range []string{"253072A07300443", "2 69 05 49 588 158 79", "2690549588158", "x", ""} {
		if n := nirDetector.Norm(nil, []byte(v)); len(n) == 0 && v != "" {
			t.Errorf("%s is nothing", v)
		}
	}
}
