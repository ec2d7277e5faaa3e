package detectors

import "bytes"

var geolocationDetector = Detector{
	Kind: "geolocation",
	Doc: `Coordinates of a home

Lambert 93 (GEOX93, GEOY93), extended Lambert II, or degrees of latitude and
longitude with three decimals and more, within metropolitan France or overseas,
in a column that says so; in running text a pair behind "latitude" or "GPS". A
point for each person is an address; numbers of that size are many other things, so
they never count alone. IGN, RGF93 and NTF.`,
	Class: Quasi,
	Scope: Titled,
	Titles: []string{
		"geox93", "geoy93", "geoxl2e", "geoyl2e", "x", "y", "lat", "lon", "lng", "latitude", "longitude", "coordonnees gps",
		"gps", "coord x", "coord y", "x lambert", "y lambert", "x lambert93", "y lambert93", "x l93", "y l93", "coordonnees",
		"geolocalisation", "geo point", "geo point 2d", "adresse latitude", "adresse longitude", "lambert x", "lambert y",
	},
	Find: findPlaces,
	Fits: fitsCoordinate,
	Mask: maskAmount,
	Yes:  []string{"latitude : 44.8378", "Coordonnées GPS : 44.837789, -0.57918", "longitude = -0.5792"},
	No:   []string{"44.8378", "latitude : nord", "longitude: 151.2093", "version 44.8378.1", "lat 3"},
}

var placeLabels = []string{"latitude", "longitude", "coordonnees gps", "position gps"}

func findPlaces(dst []Match, t *Text) []Match {
	return findLabelled(dst, t, placeLabels, func(b []byte) (int, bool) {
		v, n, decimals := degrees(b)
		if n == 0 || decimals < 3 || !isFrench(v) || n < len(b) && (b[n] == '.' || isLetter(b[n])) {
			return 0, false
		}
		i := n
		for i < len(b) && i-n < 3 && (b[i] == ' ' || b[i] == ',' || b[i] == ';') {
			i++
		}
		if i > n {
			if _, m, decimals := degrees(b[i:]); m > 0 && decimals >= 3 {
				n = i + m
			}
		}
		return n, true
	})
}

// degrees reads a number with decimals and returns it in thousandths, its
// length, and how many decimals it has.
func degrees(b []byte) (thousandths, n, decimals int) {
	sign := 1
	if len(b) > 0 && b[0] == '-' {
		sign, n = -1, 1
	}
	e := digitsEnd(b, n)
	if e == n || e-n > 8 {
		return 0, 0, 0
	}
	for _, c := range b[n:e] {
		thousandths = thousandths*10 + int(c-'0')
	}
	n = e
	thousandths *= 1000
	if n+1 < len(b) && (b[n] == '.' || b[n] == ',') && isDigit(b[n+1]) {
		e = digitsEnd(b, n+1)
		decimals = e - n - 1
		for unit, i := 100, n+1; i < e && unit > 0; unit, i = unit/10, i+1 {
			thousandths += unit * int(b[i]-'0')
		}
		n = e
	}
	return sign * thousandths, n, decimals
}

// isFrench reports whether a number of degrees is a latitude or a longitude of
// metropolitan France or of a department overseas.
func isFrench(v int) bool {
	for _, r := range [...][2]int{
		{41000, 51200}, {-5200, 9700}, // metropolitan: latitude, longitude
		{14300, 18200}, {-63200, -60700}, // Antilles
		{-54700, -51500},                 // Guyane (its latitude lies within the metropolitan longitudes)
		{-21500, -20800}, {55200, 55900}, // La Réunion
		{-13100, -12600}, {44900, 45400}, // Mayotte
	} {
		if v >= r[0] && v <= r[1] {
			return true
		}
	}
	return false
}

func fitsCoordinate(cell []byte) (fits, valid bool) {
	cell = bytes.Trim(cell, "()[] ")
	v, n, decimals := degrees(cell)
	if n == 0 {
		return false, false
	}
	if n < len(cell) { // a pair
		i := n
		for i < len(cell) && (cell[i] == ',' || cell[i] == ';' || cell[i] == ' ') {
			i++
		}
		v2, n2, decimals2 := degrees(cell[i:])
		ok := i > n && n2 > 0 && i+n2 == len(cell) && decimals >= 3 && decimals2 >= 3 && isFrench(v) && isFrench(v2)
		return ok, ok
	}
	metres := v / 1000
	switch {
	case decimals >= 3 && isFrench(v):
	case metres >= 30_000 && metres < 1_310_000: // X, Lambert 93 and extended II
	case metres >= 1_600_000 && metres < 2_700_000: // Y, extended Lambert II
	case metres >= 6_000_000 && metres < 7_200_000: // Y, Lambert 93
	default:
		return false, false
	}
	return true, true
}
