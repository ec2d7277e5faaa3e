package report

import "fmt"

// A language is what a report is written in: reports for people in the one that
// the options ask for, those for programs in English, drafts for the CNIL in
// French.
type language string

const (
	en language = "en"
	fr language = "fr"
)

// language returns the language of the options: English unless they say French.
func (o Options) language() language {
	if o.Lang == string(fr) {
		return fr
	}
	return en
}

// say writes a sentence, which is a format. The source has it in English,
// phrases in French.
func (l language) say(format string, args ...any) string {
	return fmt.Sprintf(l.word(format), args...)
}

// word returns what a text of the source is in the language. What has no French
// stays English; a test sees to it that there is none.
func (l language) word(text string) string {
	if l == fr {
		if said, ok := phrases[text]; ok {
			return spaced.Replace(said)
		}
	}
	return text
}

// or returns one text of two, for letters that are no use in pieces.
func (l language) or(english, inFrench string) string {
	if l == fr {
		return spaced.Replace(inFrench)
	}
	return english
}
