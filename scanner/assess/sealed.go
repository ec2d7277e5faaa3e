package assess

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"vigie/detectors"
	"vigie/scanner"
)

// A hint is what the names in an encrypted archive say of a profile. Words are
// compared folded, without the s of a plural, and whole: caf is not in décaf.
type hint struct {
	holds string   // what such an archive holds, in a sentence
	clear []string // one of these is enough
	vague []string // one of these, with one of with
	with  []string
}

// Words that make a vague one a hint: people, and what people are kept in. year
// stands for any number that is a year, or a year with its month.
var (
	crowds = []string{"allocataires", "bénéficiaires", "assurés", "adhérents", "salariés", "agents", "patients", "personnes",
		"individus", "usagers", "familles", "foyers", "ménages", "enfants", "inscrits", "ayants droit"}
	heaps = append([]string{"export", "exports", "extraction", "extract", "extrait", "liste", "listing", "fichier", "base", "bdd",
		"données", "data", "dump", "sauvegarde", "backup", "year"}, crowds...)
)

// leaflets are words of names that are about nobody: forms, guides, what one
// person prints for himself.
var leaflets = []string{"formulaire", "cerfa", "guide", "notice", "modèle", "template", "plaquette", "brochure", "dépliant",
	"documentation", "tutoriel", "manuel", "readme", "procédure", "attestation", "affiche", "logo", "photo", "vierge"}

// silent are the endings of members that hold no data about persons, besides
// those of source code.
const silent = `aac apk avi bmp bin caf class css dll dmg eot exe flac gif html htm ico iso jar jpeg jpg lnk m4a mid mkv mov mp3 mp4
mpeg mpg msi ogg otf png psd so svg tga tif tiff ttf wasm wav webm webp wma wmv woff woff2`

// sealed judges an encrypted archive by the only thing that can be read of it:
// its own name, and those of its members. Where these are encrypted, too, or it
// is no archive, its own name stands for them. It is low, whatever the names
// say, because names prove nothing, and how many people are in it stays
// unknown: the estimate is 0.
func (a assessor) sealed(t *scanner.Tally, exposure scanner.Exposure) (scanner.Finding, bool) {
	name := t.Object[strings.LastIndexByte(t.Object, '/')+1:]
	var inside, outside string
	alone := len(t.Sealed) == 1 && t.Sealed[0] == name
	for _, member := range t.Sealed {
		inside += spoken(member)
		if !dataless(member) && outside == "" {
			outside = spoken(name)
		}
	}
	for _, p := range a.profiles {
		clues, weight := p.names.in(inside + outside)
		if len(clues) == 0 && alone {
			clues, weight = p.names.whole(name), 0.2
		}
		if len(clues) == 0 {
			continue
		}
		f := scanner.Finding{
			Profile:      p.Name,
			Confidence:   weight,
			Path:         t.Object,
			Exposure:     exposure,
			People:       scanner.People{Unit: "document", Basis: "documents"},
			Fields:       []scanner.Field{},
			Authenticity: authenticity(&evidence{}),
			Why:          []scanner.Why{sealedWhy(p.names.holds, clues, int64(len(t.Sealed)), alone, said(inside, clues))},
		}
		severity(&f, &evidence{}, verdict{base: scanner.Low, fixed: true, reason: "sealed", because: "only names could be read"})
		return f, true
	}
	return scanner.Finding{}, false
}

// in returns the words of the hint that stand in names, and how sure they make
// it: never as sure as data.
func (h hint) in(names string) (clues []string, weight float64) {
	for _, w := range h.clear {
		if stands(names, w) {
			clues = append(clues, w)
		}
	}
	sure := len(clues)
	for _, w := range h.vague {
		with := slices.IndexFunc(h.with, func(x string) bool { return stands(names, x) })
		if with >= 0 && stands(names, w) {
			clues = append(clues, w)
		}
	}
	switch {
	case sure > 0 && len(clues) > 1:
		return clues, 0.4
	case sure > 0:
		return clues, 0.3
	}
	return clues, 0.2
}

// whole returns the vague word that is all of the name of an archive: CAF.7z.
func (h hint) whole(archive string) []string {
	ending := path.Ext(archive)
	i := slices.IndexFunc(h.vague, func(w string) bool { return folded(w) == folded(strings.TrimSuffix(archive, ending)) })
	if i < 0 || !slices.Contains([]string{".7z", ".rar", ".zip"}, strings.ToLower(ending)) {
		return nil
	}
	return h.vague[i : i+1]
}

func sealedWhy(holds string, clues []string, members int64, alone, inside bool) scanner.Why {
	shown := clues[:min(len(clues), 4)]
	text := "an encrypted archive whose "
	switch {
	case alone:
		text = "an encrypted file whose name says"
	case inside:
		text += "member names say"
	default:
		text += "name says"
	}
	text += " that it holds " + holds + " (" + strings.Join(shown, ", ") + "): "
	if alone {
		text += "it could not be read"
	} else {
		text += counted(members, "member", "members") + " could not be read"
	}
	return scanner.Why{Code: "sealed", Args: map[string]any{"words": shown, "members": members}, Text: text + ", and whoever has the password can"}
}

// called reports whether the names of the object, of its folders and containers
// or of the table say one of the words.
func (e *evidence) called(words ...string) bool {
	names := spoken(e.path) + spoken(e.table)
	return slices.ContainsFunc(words, func(w string) bool { return stands(names, w) })
}

// said reports whether one of the clues stands in the names.
func said(names string, clues []string) bool {
	return slices.ContainsFunc(clues, func(w string) bool { return stands(names, w) })
}

// stands reports whether words stand in what spoken returned, one after the other.
func stands(names, words string) bool {
	return strings.Contains(names, " "+singular(folded(words))+" ")
}

// spoken returns the words of a name, "" where it is about nobody.
func spoken(name string) string {
	if dataless(name) {
		return ""
	}
	words := " " + singular(folded(apart(name))) + " "
	if slices.ContainsFunc(leaflets, func(w string) bool { return stands(words, w) }) {
		return ""
	}
	for w := range strings.FieldsSeq(words) {
		if n, err := strconv.Atoi(w); err == nil && (len(w) == 4 && n/100 == 20 || len(w) == 6 && n/10000 == 20 && n%100 > 0 && n%100 <= 12) {
			return words + "year "
		}
	}
	return words
}

// dataless reports whether an object of this name holds nothing about persons:
// pictures, programs, source code, a folder.
func dataless(name string) bool {
	ext := strings.TrimPrefix(path.Ext(strings.ToLower(name)), ".")
	return code(name) || strings.HasSuffix(name, "/") || ext != "" && slices.Contains(strings.Fields(silent), ext)
}

// apart parts words that are written together: CafAllocataires2021.
func apart(name string) string {
	var b strings.Builder
	last := byte(0)
	for i := range len(name) {
		c := name[i]
		if last >= 'a' && last <= 'z' && c >= 'A' && c <= 'Z' || isDigit(last) && isLetter(c) || isLetter(last) && isDigit(c) {
			b.WriteByte(' ')
		}
		b.WriteByte(c)
		last = c
	}
	return b.String()
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func folded(s string) string { return string(detectors.Fold(nil, []byte(s))) }

// singular takes the s of the plural from folded words of five letters or more.
func singular(words string) string {
	all := strings.Fields(words)
	for i, w := range all {
		if len(w) > 4 {
			all[i] = strings.TrimSuffix(w, "s")
		}
	}
	return strings.Join(all, " ")
}
