package format

import "vigie/scanner"

// item walks one object. After an error the node holds what came before.
func (r *rdsReader) item(depth int) (rNode, error) {
	if r.stop != nil {
		return rNode{}, r.stop
	}
	if depth > rdsDepth {
		return rNode{}, &scanner.Problem{Reason: scanner.TooDeep, Detail: "lists within lists"}
	}
	flags, err := r.int()
	if err != nil {
		return rNode{}, err
	}
	kind := byte(flags)
	hasAttributes, hasTag := flags&0x200 != 0, flags&0x400 != 0
	n := rNode{kind: kind, off: r.pos()}
	switch kind {
	case rPairs, rClosure, rPromise, rCall, rDots, rAttrList, rAttrCall:
		return n, r.pairs(hasAttributes, hasTag, depth, r.emit)
	case rSymbol:
		return n, r.symbol()
	case rRef:
		if flags>>8 == 0 {
			_, err = r.int()
		}
		return n, err
	case rEnv:
		return n, r.environment(depth)
	case rPersist, rPackage, rSpace:
		if err = r.skip(4); err != nil {
			return n, err
		}
		if n.n, err = r.length(); err == nil {
			n.n, err = r.strings(n.n)
		}
		r.refer("")
		return n, err
	case rAltrep:
		return r.alternative(depth)
	case rPointer:
		r.refer("")
		for i := 0; i < 2 && err == nil; i++ {
			_, err = r.item(depth + 1)
		}
	case rWeak:
		r.refer("")
	case rSpecial, rBuiltin:
		if n.n, err = r.length(); err == nil {
			err = r.skip(n.n)
		}
	case rChar:
		if n.n, err = r.int(); err == nil && n.n > 0 {
			err = r.skip(n.n)
		}
	case rBytecode:
		if err = r.skip(4); err == nil {
			err = r.bytecode(depth + 1)
		}
	case rList, rExpr:
		if err = r.list(&n, depth); err != nil {
			return n, err
		}
	default:
		err = r.vector(&n)
	}
	if err == nil && hasAttributes {
		err = r.attributes(&n, depth+1)
	}
	return n, err
}

// vector walks an atomic vector.
func (r *rdsReader) vector(n *rNode) (err error) {
	width := int64(0)
	switch n.kind {
	case rLogical, rInteger:
		width = 4
	case rReal:
		width = 8
	case rComplex:
		width = 16
	case rRaw:
		width = 1
	case rString:
	case rS4, 0, 241, 242, 250, 251, 252, 253, 254: // nothing follows
		return nil
	default:
		return malformed("type of an R object")
	}
	if n.n, err = r.length(); err != nil {
		return err
	}
	n.off = r.pos()
	if n.kind == rString {
		n.n, err = r.strings(n.n)
		return err
	}
	if err = r.skip(n.n * width); err != nil {
		n.n = (r.size - n.off) / width
	}
	return err
}

// strings walks n strings, and returns how many there are.
func (r *rdsReader) strings(n int64) (int64, error) {
	for i := range n {
		b, err := r.take(8)
		if err != nil {
			return i, err
		}
		if byte(r.order.Uint32(b)) != rChar {
			return i, malformed("string of R")
		}
		if size := int32(r.order.Uint32(b[4:])); size > 0 {
			if err := r.skip(int64(size)); err != nil {
				return i, err
			}
		}
	}
	return n, nil
}

// give hands over an object that nobody refers to any more.
func (r *rdsReader) give(name string, n *rNode, before int) {
	r.emit(name, n)
	r.kept = before
}

// list walks the elements of a list. What follows the first thousands is handed
// over as it comes.
func (r *rdsReader) list(n *rNode, depth int) (err error) {
	if n.n, err = r.length(); err != nil {
		return err
	}
	for i := range n.n {
		before := r.kept
		k, err := r.item(depth + 1)
		if i < rdsKids && r.kept < rdsKept {
			r.kept++
			n.kids = append(n.kids, k)
		} else {
			r.give("", &k, before)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// pairs walks a list of pairs and hands its values over with their tags.
func (r *rdsReader) pairs(hasAttributes, hasTag bool, depth int, take func(string, *rNode)) error {
	for {
		if hasAttributes {
			if _, err := r.item(depth + 1); err != nil {
				return err
			}
		}
		tag := ""
		if hasTag {
			var err error
			if tag, err = r.tag(depth + 1); err != nil {
				return err
			}
		}
		before := r.kept
		v, err := r.item(depth + 1)
		take(tag, &v)
		r.kept = before
		if err != nil {
			return err
		}
		flags, err := r.int()
		if err != nil {
			return err
		}
		switch kind := byte(flags); kind {
		case rPairs, rClosure, rPromise, rCall, rDots, rAttrList, rAttrCall:
			hasAttributes, hasTag = flags&0x200 != 0 || kind == rAttrList || kind == rAttrCall, flags&0x400 != 0
		default:
			r.seek(r.pos() - 4)
			return r.constant(depth + 1)
		}
	}
}

// tag reads the name of a value: a symbol, new or referred to.
func (r *rdsReader) tag(depth int) (string, error) {
	b, err := r.peek(4)
	if err != nil {
		return "", err
	}
	flags := int(r.order.Uint32(b))
	if byte(flags) == rRef {
		i := flags >> 8 & 0xFFFFFF
		if r.skip(4); i == 0 {
			var k int64
			if k, err = r.int(); err != nil {
				return "", err
			}
			i = int(k)
		}
		if i < 1 || i > len(r.refs) {
			return "", nil
		}
		return r.refs[i-1], nil
	}
	before := len(r.refs)
	if _, err := r.item(depth); err != nil || len(r.refs) == before {
		return "", err
	}
	return r.refs[len(r.refs)-1], nil
}

// symbol walks a symbol and remembers it.
func (r *rdsReader) symbol() error {
	b, err := r.take(8)
	if err != nil {
		return err
	}
	size := int(int32(r.order.Uint32(b[4:])))
	if byte(r.order.Uint32(b)) != rChar || size < 0 || size > 1<<16 {
		return malformed("symbol of R")
	}
	if b, err = r.take(size); err != nil {
		return err
	}
	r.refer(string(b))
	return nil
}

func (r *rdsReader) refer(name string) {
	if r.room += int64(len(name)); r.room > 4<<20 || len(r.refs) >= rdsSymbols {
		name = ""
	}
	if len(r.refs) < 16*rdsSymbols {
		r.refs = append(r.refs, name)
	}
}

// environment walks what is defined in one.
func (r *rdsReader) environment(depth int) error {
	r.refer("")
	if err := r.skip(4); err != nil {
		return err
	}
	for range 4 { // what encloses it, its frame, its table, its attributes
		before := r.kept
		v, err := r.item(depth + 1)
		r.give("", &v, before)
		if err != nil {
			return err
		}
	}
	return nil
}

// attributes walks the attributes of n.
func (r *rdsReader) attributes(n *rNode, depth int) error {
	flags, err := r.int()
	if err != nil {
		return err
	}
	if byte(flags) != rPairs {
		r.seek(r.pos() - 4)
		_, err := r.item(depth)
		return err
	}
	return r.pairs(flags&0x200 != 0, flags&0x400 != 0, depth, func(tag string, v *rNode) {
		k := *v
		switch tag {
		case "names":
			n.names = &k
		case "row.names":
			n.rowNames = &k
		case "levels":
			n.levels = &k
		case "labels":
			n.labels = &k
		case "label":
			n.label = r.first(v)
		case "class":
			n.class = r.joined(v)
		case "dim":
			n.dim = r.extents(v)
		case "dimnames":
			n.dimNames = &k
		case "tzone":
		default: // the slots of an S4 object, say
			r.emit(tag, v)
		}
	})
}
