package report

import "strings"

// A page collects lines of at most width cells. What it is given is plain.
type page struct {
	b     strings.Builder
	width int
}

// row writes the label, then text from cell indent on, wrapped: the lines that
// follow begin at the same cell. paint is the colour of the label, "" for none.
func (p *page) row(label, paint string, indent int, text string) {
	head := pad(label, indent)
	if paint != "" {
		head = "\x1b[" + paint + "m" + label + "\x1b[0m" + head[len(label):]
	}
	for _, line := range wrap(text, p.width-indent) {
		p.b.WriteString(strings.TrimRight(head+line, " "))
		p.b.WriteByte('\n')
		head = strings.Repeat(" ", indent)
	}
}

// rows writes a row with several lines of text, each wrapped by itself.
func (p *page) rows(label string, indent int, texts []string) {
	for _, text := range texts {
		p.row(label, "", indent, text)
		label = ""
	}
}

func (p *page) gap() { p.b.WriteByte('\n') }

// take returns what was collected and starts anew.
func (p *page) take() string {
	s := p.b.String()
	p.b.Reset()
	return s
}

// wrap breaks s into lines of at most n cells: at spaces, and words that are
// longer than a line, such as paths, after a slash or wherever it must be. At
// least one line, n at least 2.
func wrap(s string, n int) []string {
	var lines []string
	line, used := "", 0
	for _, word := range strings.Split(s, " ") {
		size := cells(word)
		if used > 0 && used+1+size <= n {
			line, used = line+" "+word, used+1+size
			continue
		}
		if used > 0 {
			lines = append(lines, line)
		}
		for size > n {
			head, rest := cut(word, n)
			if at := strings.LastIndexAny(head, "/!?&") + 1; at >= len(head)/2 && at > 0 {
				head, rest = word[:at], word[at:]
			}
			lines, word = append(lines, head), rest
			size = cells(word)
		}
		line, used = word, size
	}
	return append(lines, line)
}
