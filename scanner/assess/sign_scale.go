package assess

import (
	"strings"

	"vigie/scanner"
)

// onScale weighs the share of benefit amounts that are of an official scale, and
// says of which where most of them are of one: that dates the data.
func onScale(e *evidence) (float64, scanner.Why, bool) {
	weight, why, ok := rated("amount_on_scale")(e)
	if !ok || weight <= 0 {
		return weight, why, ok
	}
	var all, top int64
	var dated string
	for _, a := range e.agree {
		if a.Relation == "amount_on_scale" {
			all += a.Held
		}
		if date, of := strings.CutPrefix(a.Relation, "amount_on_scale_"); of && a.Held > top {
			top, dated = a.Held, date
		}
	}
	year, month, _ := strings.Cut(dated, "_")
	name := map[string]string{"04": "April", "07": "July"}[month]
	if 2*top <= all || name == "" {
		return weight, why, ok
	}
	why.Args["scale"] = year + "-" + month
	why.Text = strings.Replace(why.Text, "amounts of the official scale", "amounts of the official scale of "+name+" "+year, 1)
	return weight, why, ok
}
