package detectors

import "bytes"

// A labelTree holds lists of folded labels, word by word, so that all labels
// that begin at a word are found at once. It is safe for concurrent use.
type labelTree struct {
	root   labelNode
	begins [256]uint64 // hashes of the first words: 14 bits, of which few are set
}

// A labelNode is the beginning of labels up to the end of a word.
type labelNode struct {
	next map[string]*labelNode // by the next word
	ends []int                 // the lists of which it is a whole label
}

// labelWord is the length of the longest word of a label, in bytes of the text.
const labelWord = 24

func newLabelTree(lists ...[]string) *labelTree {
	x := new(labelTree)
	for i, list := range lists {
		for _, l := range list {
			x.add(i, []byte(l))
		}
	}
	return x
}

func (x *labelTree) add(list int, label []byte) {
	h := openerHash(label, Span{0, len(label)})
	x.begins[h>>6] |= 1 << (h & 63)
	node := &x.root
	for word := range bytes.SplitSeq(label, []byte(" ")) {
		to := node.next[string(word)]
		if to == nil {
			if node.next == nil {
				node.next = make(map[string]*labelNode)
			}
			to = new(labelNode)
			node.next[string(word)] = to
		}
		node = to
	}
	node.ends = append(node.ends, list)
}

// mayBegin reports whether a word can be the first one of a label. It lets some
// through that cannot.
func (x *labelTree) mayBegin(b []byte, w Span) bool {
	h := openerHash(b, w)
	return x.begins[h>>6]>>(h&63)&1 == 1
}

// follow returns what the labels up to a node go on to with a word of the text,
// which may fold into several; nil where none goes on with it.
func (n *labelNode) follow(word []byte) *labelNode {
	for n != nil && len(word) > 0 {
		one := word
		if i := bytes.IndexByte(word, ' '); i >= 0 {
			one, word = word[:i], word[i+1:]
		} else {
			word = nil
		}
		n = n.next[string(one)]
	}
	return n
}

// appendLabels appends the labels that begin with word i to dst, the shorter
// ones first.
func (x *labelTree) appendLabels(dst []label, t *Text, i int) []label {
	var buf [2 * labelWord]byte
	node, words := &x.root, t.Words()
	for j := i; j < len(words) && node.next != nil; j++ {
		w := words[j]
		if j == i {
			w = t.bare(w)
		} else if w.Start-words[j-1].End > 3 {
			break
		}
		if w.End-w.Start > labelWord {
			break
		}
		f := Fold(buf[:0], t.Bytes[w.Start:w.End])
		if len(f) == 0 {
			break
		}
		if node = node.follow(f); node == nil {
			break
		}
		for _, list := range node.ends {
			dst = append(dst, label{list, j})
		}
	}
	return dst
}

// openerHash returns a hash of the first eight letters and digits, folded, of a
// word or of the first of several with a space, a hyphen or an apostrophe between
// them.
func openerHash(b []byte, w Span) uint64 {
	v, mask := word(b, w.Start), ^uint64(0)
	if n := w.End - w.Start; n < 8 {
		mask = 1<<(8*n) - 1
	}
	v = v&mask | '0'*eachByte&^mask
	if (v|(v-'0'*eachByte))&highBits != 0 { // an accent or a joint
		var buf [2 * labelWord]byte
		f := Fold(buf[:0], b[w.Start:min(w.End, w.Start+labelWord)])
		if i := bytes.IndexByte(f, ' '); i >= 0 {
			f = f[:i]
		}
		if v, mask = word(f, 0), ^uint64(0); len(f) < 8 {
			mask = 1<<(8*len(f)) - 1
		}
	}
	return (v | ' '*eachByte) & mask * 0x9E3779B97F4A7C15 >> 50
}
