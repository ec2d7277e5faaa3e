package report

import (
	"fmt"
	"strings"
)

// detail writes what a reader or a store says: closer than the reason why an
// object was not looked at, or how it is known who can read it. Their sentences
// are English; what is none of them, such as what a system says, stays as it is.
func (l language) detail(said string) string {
	if l != fr {
		return said
	}
	if inFrench, ok := details[said]; ok {
		return spaced.Replace(inFrench)
	}
	if one, more, ok := strings.Cut(said, "; "); ok {
		return l.detail(one) + spaced.Replace(" ; ") + l.detail(more)
	}
	for _, form := range detailForms {
		if parts, ok := filled(form.english, said); ok {
			return fmt.Sprintf(spaced.Replace(form.inFrench), parts...)
		}
	}
	return said
}

// filled returns what stands in the places of a form; ok: s has the form.
func filled(form, s string) (parts []any, ok bool) {
	fixed := strings.Split(form, "%s")
	s, ok = strings.CutPrefix(s, fixed[0])
	for i := 1; i < len(fixed) && ok; i++ {
		part := ""
		if last := i == len(fixed)-1; last {
			part, ok = strings.CutSuffix(s, fixed[i])
		} else {
			part, s, ok = strings.Cut(s, fixed[i])
		}
		parts = append(parts, part)
	}
	return parts, ok
}

// A detailForm has a %s for each part that is of the object.
type detailForm struct{ english, inFrench string }

// detailForms are sentences with something of the object in them; the first that
// fits holds.
var detailForms = []detailForm{
	{"anonymous GET answered %s with something else", "une requête GET anonyme a reçu la réponse %s avec un autre contenu"},
	{"anonymous GET answered %s", "une requête GET anonyme a reçu la réponse %s"},
	{"anonymous GET: %s", "requête GET anonyme : %s"},
	{"%s of %s page is an image", "%s page sur %s est une image"},
	{"%s of %s pages is an image", "%s page sur %s est une image"},
	{"%s of %s pages are images", "%s pages sur %s sont des images"},
	{"%s of %s page is an image (%s)", "%s page sur %s est une image (%s)"},
	{"%s of %s pages is an image (%s)", "%s page sur %s est une image (%s)"},
	{"%s of %s pages are images (%s)", "%s pages sur %s sont des images (%s)"},
	{"%s of %s page has text whose font does not say what it means", "%s page sur %s a un texte dont la police ne dit pas le sens"},
	{"%s of %s pages has text whose font does not say what it means", "%s page sur %s a un texte dont la police ne dit pas le sens"},
	{"%s of %s pages have text whose font does not say what it means", "%s pages sur %s ont un texte dont la police ne dit pas le sens"},
	{"%s: no password fits", "%s : aucun mot de passe ne convient"},
	{"%s: no password fits, or the data are damaged", "%s : aucun mot de passe ne convient, ou les données sont abîmées"},
	{"%s, or the data are damaged", "%s, ou les données sont abîmées"},
	{"%s password tried", "%s mot de passe essayé"},
	{"%s passwords tried", "%s mots de passe essayés"},
	{"members overlap: %s member not read", "des membres se chevauchent : %s n’a pas été lu"},
	{"members overlap: %s members not read", "des membres se chevauchent : %s n’ont pas été lus"},
	{"only the first %s members read", "seuls les %s premiers membres ont été lus"},
	{"more than %s containers in one another", "plus de %s conteneurs imbriqués"},
	{"the parser of %s ran out of its memory", "l’analyseur de %s a épuisé sa mémoire"},
	{"the parser of %s ended with status %s", "l’analyseur de %s a fini avec le statut %s"},
	{"the parser of %s ended", "l’analyseur de %s a fini"},
	{"the parser of %s said nothing for too long", "l’analyseur de %s s’est tu trop longtemps"},
	{"no child process: %s", "pas de processus fils : %s"},
	{"something that is not %s follows the end mark", "autre chose que du %s suit la marque de fin"},
	{"something that is not %s follows the end", "autre chose que du %s suit la fin"},
	{"%s has no end mark, so it may have been cut", "%s n’a pas de marque de fin, il peut donc avoir été coupé"},
	{"%s window larger than the limit", "fenêtre %s au-delà de la limite"},
	{"%s decoder", "décodeur %s"},
	{"zip method %s", "méthode zip %s"},
	{"7z method %s", "méthode 7z %s"},
	{"cab method %s", "méthode cab %s"},
	{"Stata data set of version %s", "fichier Stata de version %s"},
	{"PostgreSQL dump of version %s", "sauvegarde PostgreSQL de version %s"},
	{"large objects of a PostgreSQL dump: %s", "grands objets d’une sauvegarde PostgreSQL : %s"},
	{"a picture compressed as %s", "image compressée en %s"},
	{"column %s: values in another order than the rows", "colonne %s : valeurs dans un autre ordre que les lignes"},
	{"dictionary of lists in Arrow: column %s", "dictionnaire de listes d’Arrow : colonne %s"},
	{"row group %s says it has %s rows and has %s", "le groupe de lignes %s annonce %s lignes et en a %s"},
	{"redirects to %s", "redirige vers %s"},
	{"%s, to nowhere", "%s, vers nulle part"},
	{"content encoding %s", "codage de contenu %s"},
	{"server has no byte %s", "le serveur n’a pas l’octet %s"},
	{"no byte for %s", "aucun octet pendant %s"},
	{"robots.txt answers %s, which disallows everything", "robots.txt répond %s, ce qui ne permet rien"},
	{"archived (%s)", "archivé (%s)"},
}
