package detectors

import "testing"

// AAH at its full rate was another amount in each year.
func TestScaleDates(t *testing.T) {
	aah := map[string]string{
		"amount_on_scale_2020_04": "902,70", "amount_on_scale_2021_04": "903,60", "amount_on_scale_2022_04": "919,86",
		"amount_on_scale_2022_07": "956,65", "amount_on_scale_2023_04": "971,37", "amount_on_scale_2024_04": "1 016,05",
		"amount_on_scale_2025_04": "1033.32", "amount_on_scale_2026_04": "1041.59",
	}
	tried := 0
	for _, r := range Relations() {
		own, dated := aah[r.Name]
		if !dated {
			continue
		}
		tried++
		for _, amount := range aah {
			if agree, known := r.Agree([]byte(amount), nil); agree != (amount == own) || !known {
				t.Errorf("%s with %s: %t, %t", r.Name, amount, agree, known)
			}
		}
		for _, amount := range []string{"", "0,00", "903", "-903,60", "99999,99"} {
			if _, known := r.Agree([]byte(amount), nil); known {
				t.Errorf("%s knows of %q", r.Name, amount)
			}
		}
	}
	if tried != len(scales) {
		t.Errorf("%d relations of %d scales", tried, len(scales))
	}
}
