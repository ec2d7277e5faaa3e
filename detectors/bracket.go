package detectors

import "bytes"

// latestInBrackets is the last year of a birth in brackets: behind it they are
// rather those of remarks, "DUPONT Jean (12/05/2024): rappelé".
const latestInBrackets = 2015

// eachBracketed calls found for each name with a birth date in brackets behind
// it, "DUPONT Jean (12/05/1985)", as lists of participants have them: surname and
// first names, one of them in capitals.
func (t *Text) eachBracketed(found func(name, date Span)) {
	b := t.Bytes
	for i := 0; ; i++ {
		k := bytes.IndexByte(b[i:], '(')
		if k < 0 {
			return
		}
		if i += k; i+9 >= len(b) || !isDigit(b[i+1]) {
			continue
		}
		year, _, _, n := dateAt(b[i+1 : t.cellEnd(i+1, i+40)])
		if n < 8 || year > latestInBrackets || i+1+n >= len(b) || b[i+1+n] != ')' {
			continue
		}
		end := i
		for end > 0 && b[end-1] == ' ' {
			end--
		}
		if start := t.nameUpTo(end); start < end {
			found(Span{start, end}, Span{i + 1, i + 1 + n})
		}
	}
}

// nameUpTo returns where the full name begins that ends at end, in its cell and
// on its line, at most 48 bytes before; end where there is none.
func (t *Text) nameUpTo(end int) int {
	b, from := t.Bytes, end
	for from > 0 && end-from < 48 && b[from-1] != '\n' && !t.delimited(b[from-1]) {
		from--
	}
	for from < end {
		name := b[from:end]
		first := wordEnd(name)
		last := name[bytes.LastIndexByte(name, ' ')+1:]
		if first > 0 && isCapital(name) && (isUpper(name[:first]) || isUpper(last)) && isNamelike(name) && fullName(name) > 0 {
			return from
		}
		k := bytes.IndexByte(name, ' ')
		if k < 0 {
			break
		}
		from += k + 1
	}
	return end
}
