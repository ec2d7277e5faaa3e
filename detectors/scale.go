package detectors

// A scale is what AAH, RSA for one person and the base of family benefits (BMAF)
// amounted to from some date on, in cents.
type scale struct{ aah, rsa, bmaf int }

// scales are those of April 2020 to April 2026, with that of July 2022.
var scales = [...]scale{
	{90270, 56478, 41440}, {90360, 56534, 41481}, {91986, 57552, 42228}, {95665, 59854, 43917},
	{97137, 60775, 44593}, {101605, 63571, 46644}, {103332, 64652, 47437}, {104159, 65169, 47816},
}

// drawn reports whether many households draw the amount, in cents, under s; how
// it is rounded makes a cent.
func (s scale) drawn(cents int) bool {
	is := func(amount int) bool { return uint(cents-amount+1) <= 2 }
	if is(s.aah) || is(s.rsa) || is(s.bmaf) {
		return true
	}
	for _, share := range [...]int{1000, 1500, 1800, 2100} { // RSA of one to four people
		rsa := s.rsa * share / 1000
		// Less what is taken off for housing.
		if is(rsa) || is(rsa-s.rsa*120/1000) || is(rsa-s.rsa*240/1000) || is(rsa-s.rsa*297/1000) {
			return true
		}
	}
	// Family allowances for two and three children and family support, with the
	// contribution of 0.5 % and without.
	for _, share := range [...]int{3200, 7300, 2813, 3750, 4220, 4170} {
		if gross := s.bmaf * share / 10000; is(gross) || is(gross*995/1000) {
			return true
		}
	}
	return false
}

// An amount drawn by many is one of the scale; invented ones hardly ever are.
var relationAmountOnScale = Relation{
	Name: "amount_on_scale",
	A:    "benefit_amount",
	Agree: func(cell, _ []byte) (agree, known bool) {
		c, ok := cents(cell)
		return onAnyScale(cell), ok && c > 0
	},
}

// onAnyScale reports whether a cell is an amount that many draw, or drew.
func onAnyScale(cell []byte) bool {
	c, ok := cents(cell)
	if !ok || c <= 0 {
		return false
	}
	for _, s := range scales {
		if s.drawn(c) {
			return true
		}
	}
	return false
}

// cents reads an amount in euros and cents; ok is false where it has no cents.
func cents(cell []byte) (cents int, ok bool) {
	if fits, _ := fitsAmount(cell); !fits || cell[0] == '-' {
		return 0, false
	}
	units, n := amount(cell)
	point := n
	for point > 0 && isDigit(cell[point-1]) {
		point--
	}
	if point == 0 || cell[point-1] != ',' && cell[point-1] != '.' || n-point > 2 {
		return 0, false
	}
	cents = int(cell[point]-'0') * 10
	if n-point == 2 {
		cents += int(cell[point+1] - '0')
	}
	return units*100 + cents, true
}
