package report

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"vigie/detectors"
	"vigie/scanner"
)

// why writes a reason. French is made of the code and its arguments; a code
// that is not known, from another build, keeps its English words.
func (l language) why(w scanner.Why, f *scanner.Finding) string {
	if l == fr {
		if sentence, ok := sentences[w.Code]; ok {
			return show(spaced.Replace(sentence(given{w.Args, f})))
		}
	}
	return show(w.Text)
}

// given is what a reason says: the arguments as the assessment made them, or as
// they come back from JSON, and the finding.
type given struct {
	args map[string]any
	f    *scanner.Finding
}

// n returns a number, 0 where there is none.
func (g given) n(name string) int64 {
	switch v := g.args[name].(type) {
	case int:
		return int64(v)
	case int64:
		return v
	case float64:
		return int64(v)
	case json.Number:
		n, _ := v.Int64()
		return n
	}
	return 0
}

// share returns a share of one.
func (g given) share(name string) float64 {
	v, _ := g.args[name].(float64)
	return v
}

func (g given) word(name string) string {
	v, _ := g.args[name].(string)
	return v
}

// words returns a list, of words or kinds.
func (g given) words(name string) []string {
	var words []string
	switch v := g.args[name].(type) {
	case []string:
		words = v
	case []detectors.Kind:
		for _, k := range v {
			words = append(words, string(k))
		}
	case []any:
		for _, w := range v {
			words = append(words, fmt.Sprint(w))
		}
	}
	return words
}

// kinds writes kinds in French, each once: un nom, un NIR sans clé.
func (g given) kinds(name string) string {
	var said []string
	for _, k := range g.words(name) {
		w := fr.kind(detectors.Kind(k))
		switch k {
		case "full_name", "first_name", "last_name":
			w = "nom"
		case "nir_without_key":
			w = "NIR"
		}
		if !slices.Contains(said, w) {
			said = append(said, w)
		}
	}
	return fr.list(said)
}

// has reports whether the finding has one of the kinds.
func (g given) has(kinds ...detectors.Kind) bool {
	return slices.ContainsFunc(g.f.Fields, func(f scanner.Field) bool { return slices.Contains(kinds, f.Kind) })
}

// some writes the first four of a list in brackets.
func (g given) some(name string) string {
	words := g.words(name)
	if len(words) == 0 {
		return ""
	}
	s := strings.Join(words[:min(len(words), 4)], ", ")
	if len(words) > 4 || g.n("count") > int64(len(words)) {
		s += " …"
	}
	return " (" + s + ")"
}

// counted writes a number with its noun.
func (g given) counted(name, one, many string) string { return accorde(g.n(name), one, many) }

// accorde writes n and the noun: the plural from two on.
func accorde(n int64, one, many string) string {
	if n < 2 {
		return fr.number(n) + "\u00A0" + one
	}
	return fr.number(n) + "\u00A0" + many
}

// dixieme writes a share to a tenth of a percent; nearly all is not all.
func dixieme(share float64) string {
	t := math.Round(1000 * share)
	switch {
	case t >= 1000 && share < 1:
		return "plus de 99,9\u00A0%"
	case t <= 0 && share > 0:
		return "moins de 0,1\u00A0%"
	}
	return strings.Replace(strings.TrimSuffix(fmt.Sprintf("%.1f", t/10), ".0"), ".", ",", 1) + "\u00A0%"
}

// A rateSentence is the French of a rate among the evidence: the share stands
// for %s; as is what such data are like where it speaks against real ones.
type rateSentence struct{ text, as string }

func (r rateSentence) say(g given) string {
	s := fmt.Sprintf(r.text, dixieme(g.share("rate")))
	if g.share("weight") <= -1 && r.as != "" {
		s += ", " + r.as
	}
	return s
}

const (
	atRandom = "comme dans des nombres tirés au hasard"
	apart    = "comme dans des colonnes tirées indépendamment l’une de l’autre"
)

// rateSentences say in French what assess says of its rates.
var rateSentences = map[string]rateSentence{
	"nir_keys":             {"la clé est exacte pour %s des NIR", atRandom},
	"nir_key":              {"la clé donnée à côté est exacte pour %s des NIR", atRandom},
	"nir_place_exists":     {"%s des lieux de naissance inscrits dans les NIR existent", atRandom},
	"nir_place_prefecture": {"%s des lieux de naissance inscrits dans les NIR sont des préfectures", ""},
	"nir_order_plausible":  {"le numéro d’ordre s’accorde à la taille du lieu de naissance dans %s des NIR", "comme s’il était tiré entre 1 et 999"},
	"nir_birth_date":       {"le NIR et la date de naissance concordent dans %s des lignes", apart},
	"nir_sex":              {"le NIR et le sexe concordent dans %s des lignes", apart},
	"nir_birth_place":      {"le NIR et le lieu de naissance concordent dans %s des lignes", apart},
	"postcode_commune":     {"le code postal et la commune concordent dans %s des lignes", apart},
	"postcode_exists":      {"%s des codes postaux existent", atRandom},
	"iban_generated":       {"%s des IBAN n’ont pas la clé du compte qu’ils contiennent", "comme ceux que fabriquent les générateurs"},
	"amount_on_scale":      {"%s des montants de prestations sont, au centime près, des montants du barème officiel", "comme dans des montants tirés au hasard"},
	"day_over_28":          {"%s des naissances sont du 29, du 30 ou du 31 d’un mois", "comme si le jour était tiré entre 1 et 28"},
	"birth_first_january":  {"%s des naissances sont du 1er janvier", "comme si les jours étaient tirés également"},
	"first_name_sex":       {"le prénom et le sexe concordent dans %s des lignes", apart},
	"first_name_decade":    {"le prénom était usuel dans la décennie de naissance dans %s des lignes", "comme si les noms étaient tirés sans égard à l’âge"},
	"email_example":        {"%s des adresses électroniques sont dans des domaines réservés aux exemples", ""},
	"phone_fiction":        {"%s des numéros de téléphone sont dans des tranches réservées à la fiction", ""},
}
