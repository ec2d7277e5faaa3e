package format

import "encoding/hex"

// step does one of what the last task says.
func (t *rdsText) step() {
	last := &t.tasks[len(t.tasks)-1]
	task := *last
	if last.n--; last.n == 0 || task.what == rdsString || task.what == rdsCall {
		t.tasks = t.tasks[:len(t.tasks)-1]
	}
	switch task.what {
	case rdsItem:
		t.item()
	case rdsInts:
		t.int()
	case rdsReals:
		t.real()
	case rdsBytes:
		b, err := hex.DecodeString(string(t.word()))
		if (err != nil || len(b) != 1) && t.fault == nil {
			t.fault = malformed("raw bytes of R")
		}
		t.out = append(t.out, b...)
	case rdsString:
		t.more(task.n)
	case rdsCode:
		t.push(rdsConst, t.int())
	case rdsConst:
		switch kind := t.int(); kind {
		case rBytecode:
			t.push(rdsCode, 1)
			t.push(rdsItem, 1)
		case rCall, rPairs, rBCDef, rBCRef, rAttrCall, rAttrList:
			t.push(rdsCall, kind)
		default:
			t.push(rdsItem, 1)
		}
	case rdsNext:
		t.push(rdsCall, t.int())
	case rdsCall:
		t.call(task.n)
	}
}

// item copies the head of an object, and says what follows.
func (t *rdsText) item() {
	flags := t.int()
	attributes := func() {
		if flags&0x200 != 0 {
			t.push(rdsItem, 1)
		}
	}
	switch kind := byte(flags); kind {
	case rRef:
		if flags>>8 == 0 {
			t.int()
		}
	case rSymbol:
		t.push(rdsItem, 1)
	case rPairs, rClosure, rPromise, rCall, rDots, rAttrList, rAttrCall:
		n := int64(2)
		if flags&0x200 != 0 || kind == rAttrList || kind == rAttrCall {
			n++
		}
		if flags&0x400 != 0 {
			n++
		}
		t.push(rdsItem, n)
	case rEnv:
		t.int()
		t.push(rdsItem, 4)
	case rPersist, rPackage, rSpace:
		t.int()
		t.push(rdsItem, t.int())
	case rAltrep:
		t.push(rdsItem, 3)
	case rPointer:
		attributes()
		t.push(rdsItem, 2)
	case rWeak, rS4:
		attributes()
	case rSpecial, rBuiltin, rChar:
		attributes()
		if n := t.int(); n > 0 {
			t.text(n)
		}
	case rBytecode:
		attributes()
		t.int()
		t.push(rdsCode, 1)
		t.push(rdsItem, 1)
	case 0, 241, 242, 250, 251, 252, 253, 254:
		attributes()
	default:
		attributes()
		t.vector(kind)
	}
}

func (t *rdsText) vector(kind byte) {
	what, width := rdsItem, int64(1)
	switch kind {
	case rLogical, rInteger:
		what = rdsInts
	case rReal:
		what = rdsReals
	case rComplex:
		what, width = rdsReals, 2
	case rRaw:
		what = rdsBytes
	case rString, rList, rExpr:
	default:
		if t.fault == nil {
			t.fault = malformed("type of an R object")
		}
		return
	}
	t.push(what, width*t.length())
}

// call copies what follows the type of a call among constants.
func (t *rdsText) call(kind int64) {
	switch kind {
	case rBCRef:
		t.int()
	case rBCDef:
		t.int()
		t.push(rdsNext, 1)
	case rCall, rPairs, rAttrCall, rAttrList:
		t.push(rdsNext, 2)
		t.push(rdsItem, 1) // its tag
		if kind == rAttrCall || kind == rAttrList {
			t.push(rdsItem, 1)
		}
	default:
		t.push(rdsItem, 1)
	}
}
