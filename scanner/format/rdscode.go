package format

import (
	"strings"

	"vigie/scanner"
)

// alternative walks a vector in another representation: a sequence, or one that
// wraps another.
func (r *rdsReader) alternative(depth int) (rNode, error) {
	var how string
	flags, err := r.int()
	if err != nil {
		return rNode{}, err
	}
	if byte(flags) != rPairs {
		return rNode{}, malformed("alternative representation")
	}
	before := len(r.refs)
	first := true
	// The name of the class is a symbol, the first of the list.
	if b, perr := r.peek(4); perr == nil && byte(r.order.Uint32(b)) == rRef {
		how, _ = r.tag(depth + 1)
		first = false
		flags, err = r.int()
		if err != nil {
			return rNode{}, err
		}
	}
	if err := r.pairs(flags&0x200 != 0, flags&0x400 != 0, depth, func(string, *rNode) {
		if first && len(r.refs) > before {
			how, first = r.refs[before], false
		}
	}); err != nil {
		return rNode{}, err
	}
	var state rNode
	var parts []rNode
	if b, perr := r.peek(4); perr == nil && byte(r.order.Uint32(b)) == rPairs {
		flags, _ := r.int()
		err = r.pairs(flags&0x200 != 0, flags&0x400 != 0, depth, func(_ string, v *rNode) { parts = append(parts, *v) })
	} else {
		state, err = r.item(depth + 1)
		if parts = state.kids; state.kind != rList {
			parts = []rNode{state}
		}
	}
	if err != nil {
		return rNode{}, err
	}
	n := rNode{}
	switch {
	case how == "compact_intseq" || how == "compact_realseq":
		n = r.sequenceOf(&state)
	case how == "deferred_string" || strings.HasPrefix(how, "wrap_"):
		if len(parts) > 0 {
			n = parts[0]
		}
	default:
		for i := range parts {
			r.emit("", &parts[i])
		}
		r.fail(unsupported("a vector in a representation that is not known"))
	}
	attributes, err := r.peek(4)
	if err != nil {
		return n, err
	}
	if byte(r.order.Uint32(attributes)) == rPairs {
		return n, r.attributes(&n, depth+1)
	}
	_, err = r.item(depth + 1)
	return n, err
}

// bytecode walks compiled code: it holds constants.
func (r *rdsReader) bytecode(depth int) error {
	if depth > rdsDepth {
		return &scanner.Problem{Reason: scanner.TooDeep, Detail: "code within code"}
	}
	if _, err := r.item(depth); err != nil {
		return err
	}
	n, err := r.length()
	for ; err == nil && n > 0; n-- {
		var kind int64
		if kind, err = r.int(); err != nil {
			break
		}
		switch kind {
		case rBytecode:
			err = r.bytecode(depth + 1)
		case rCall, rPairs, rBCDef, rBCRef, rAttrCall, rAttrList:
			err = r.code(kind, depth+1)
		default:
			err = r.constant(depth + 1)
		}
	}
	return err
}

// constant walks a value in compiled code, and hands it over.
func (r *rdsReader) constant(depth int) error {
	before := r.kept
	v, err := r.item(depth)
	r.give("", &v, before)
	return err
}

// code walks a call in compiled code: a list of pairs whose ends need no type of
// their own.
func (r *rdsReader) code(kind int64, depth int) error {
	if depth > rdsDepth {
		return &scanner.Problem{Reason: scanner.TooDeep, Detail: "code within code"}
	}
	for {
		var err error
		if kind == rBCRef {
			return r.skip(4)
		}
		if kind == rBCDef {
			if err = r.skip(4); err == nil {
				kind, err = r.int()
			}
		}
		switch {
		case err != nil:
			return err
		case kind == rAttrCall || kind == rAttrList:
			_, err = r.item(depth + 1)
		case kind != rCall && kind != rPairs:
			return r.constant(depth + 1)
		}
		if err == nil {
			_, err = r.item(depth + 1) // its tag
		}
		if err == nil {
			kind, err = r.int()
		}
		if err == nil {
			err = r.code(kind, depth+1)
		}
		if err == nil {
			kind, err = r.int()
		}
		if err != nil {
			return err
		}
	}
}
