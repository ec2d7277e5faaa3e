package detectors

// Amounts of one scale tell from when they are: each of scales by its date, as
// "amount_on_scale_2021_04". What is drawn under several counts for each.
var (
	relationScale202004 = Relation{Name: "amount_on_scale_2020_04", A: "benefit_amount", Agree: onScale(scales[0])}
	relationScale202104 = Relation{Name: "amount_on_scale_2021_04", A: "benefit_amount", Agree: onScale(scales[1])}
	relationScale202204 = Relation{Name: "amount_on_scale_2022_04", A: "benefit_amount", Agree: onScale(scales[2])}
	relationScale202207 = Relation{Name: "amount_on_scale_2022_07", A: "benefit_amount", Agree: onScale(scales[3])}
	relationScale202304 = Relation{Name: "amount_on_scale_2023_04", A: "benefit_amount", Agree: onScale(scales[4])}
	relationScale202404 = Relation{Name: "amount_on_scale_2024_04", A: "benefit_amount", Agree: onScale(scales[5])}
	relationScale202504 = Relation{Name: "amount_on_scale_2025_04", A: "benefit_amount", Agree: onScale(scales[6])}
	relationScale202604 = Relation{Name: "amount_on_scale_2026_04", A: "benefit_amount", Agree: onScale(scales[7])}
)

func onScale(s scale) func(cell, _ []byte) (agree, known bool) {
	return func(cell, _ []byte) (agree, known bool) {
		c, ok := cents(cell)
		if !ok || c <= 0 {
			return false, false
		}
		return s.drawn(c), true
	}
}
