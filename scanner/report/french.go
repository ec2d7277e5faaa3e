package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// spaced puts the no-break spaces of French typography where the source has
// plain ones: thin ones before ; ! ?, wide ones before : and %% (it is for
// formats) and inside « ».
var spaced = strings.NewReplacer(" :", "\u00A0:", " ;", "\u202F;", " ?", "\u202F?", " !", "\u202F!",
	"« ", "«\u00A0", " »", "\u00A0»", " %%", "\u00A0%%")

var mois = [...]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
	"septembre", "octobre", "novembre", "décembre"}

// jour writes a date: 1er mars 2021.
func jour(t time.Time) string {
	d := strconv.Itoa(t.Day())
	if t.Day() == 1 {
		d = "1er"
	}
	return fmt.Sprintf("%s\u00A0%s\u00A0%d", d, mois[t.Month()-1], t.Year())
}

// instant writes a moment in the zone it was given in: 1er mars 2021 à 9 h 05
// (UTC+01:00).
func instant(t time.Time) string {
	zone := "UTC"
	if _, offset := t.Zone(); offset != 0 {
		zone += t.Format("-07:00")
	}
	return fmt.Sprintf("%s à %d\u00A0h\u00A0%02d (%s)", jour(t), t.Hour(), t.Minute(), zone)
}
