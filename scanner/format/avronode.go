package format

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"vigie/scanner"
)

const avroDepth = 64 // of types within types, and of values

// An avroNode is a type of the schema, at one place in the record.
type avroNode struct {
	kind    string
	logical string
	scale   int
	size    int64 // of a fixed
	column  int   // of a value; those within an array or map share one
	symbols []string
	below   []*avroNode
}

// avroCompiler makes nodes of a schema.
type avroCompiler struct {
	titles []string
	named  map[string]any // definitions by name
	nodes  int
}

// compileAvro returns the root of a schema and the titles of its columns.
func compileAvro(schema []byte) (*avroNode, []string, error) {
	var v any
	if err := json.Unmarshal(schema, &v); err != nil {
		return nil, nil, malformed("schema of Avro")
	}
	c := avroCompiler{named: make(map[string]any)}
	root, err := c.node(v, "", -1, 0)
	return root, c.titles, err
}

// node compiles the type v. Its values go to their own column, or to that of the
// array they are in.
func (c *avroCompiler) node(v any, path string, column, depth int) (*avroNode, error) {
	if c.nodes++; depth > avroDepth || c.nodes > 1<<14 {
		return nil, malformed("types within types")
	}
	switch t := v.(type) {
	case string:
		if d, ok := c.named[t]; ok {
			return c.node(d, path, column, depth+8) // a type may hold itself
		}
		return c.leaf(&avroNode{kind: t}, path, column)
	case []any:
		n := &avroNode{kind: "union"}
		own := column
		for _, branch := range t {
			if s, ok := branch.(string); own < 0 && (!ok || c.named[s] == nil) && !isAvroRecord(branch) {
				own = c.columnOf(path)
			}
			b, err := c.node(branch, path, own, depth+1)
			if err != nil {
				return nil, err
			}
			n.below = append(n.below, b)
		}
		return n, nil
	case map[string]any:
		return c.complex(t, path, column, depth)
	}
	return nil, malformed("schema of Avro")
}

func isAvroRecord(v any) bool {
	m, ok := v.(map[string]any)
	return ok && m["type"] == "record"
}

func (c *avroCompiler) complex(t map[string]any, path string, column, depth int) (*avroNode, error) {
	kind, simple := t["type"].(string)
	if !simple {
		return c.node(t["type"], path, column, depth+1)
	}
	if name, ok := t["name"].(string); ok {
		c.named[name] = t
		if space, ok := t["namespace"].(string); ok {
			c.named[space+"."+name] = t
		}
	}
	n := &avroNode{kind: kind}
	n.logical, _ = t["logicalType"].(string)
	if s, ok := t["scale"].(float64); ok && s >= 0 && s < 64 {
		n.scale = int(s)
	}
	var below []any
	switch kind {
	case "record":
		fields, _ := t["fields"].([]any)
		for _, f := range fields {
			m, _ := f.(map[string]any)
			name, _ := m["name"].(string)
			under := name
			if path != "" {
				under = path + "." + name
			}
			b, err := c.node(m["type"], under, column, depth+1)
			if err != nil {
				return nil, err
			}
			n.below = append(n.below, b)
		}
		return n, nil
	case "array":
		below = []any{t["items"]}
	case "map":
		below = []any{t["values"]}
	case "enum":
		symbols, _ := t["symbols"].([]any)
		for _, s := range symbols {
			name := fmt.Sprint(s)
			n.symbols = append(n.symbols, name[:min(len(name), rdsLevel)])
		}
	case "fixed":
		size, _ := t["size"].(float64)
		if size < 0 || size > 1<<30 {
			return nil, malformed("schema of Avro")
		}
		n.size = int64(size)
	}
	if _, err := c.leaf(n, path, column); err != nil {
		return nil, err
	}
	for _, v := range below {
		b, err := c.node(v, path, n.column, depth+1)
		if err != nil {
			return nil, err
		}
		n.below = append(n.below, b)
	}
	return n, nil
}

// leaf gives n its column.
func (c *avroCompiler) leaf(n *avroNode, path string, column int) (*avroNode, error) {
	switch n.kind {
	case "null", "boolean", "int", "long", "float", "double", "bytes", "string", "array", "map", "enum", "fixed":
	default:
		return nil, malformed("schema of Avro")
	}
	if n.column = column; column < 0 && n.kind != "null" {
		n.column = c.columnOf(path)
	}
	return n, nil
}

func (c *avroCompiler) columnOf(path string) int {
	if len(c.titles) < scanner.MaxColumns {
		c.titles = append(c.titles, path)
	}
	return len(c.titles) - 1
}

// node reads a value of type n into its cell.
func (a *avroReader) node(n *avroNode, depth int) error {
	if depth > avroDepth {
		return malformed("values within values")
	}
	switch n.kind {
	case "record":
		for _, b := range n.below {
			if err := a.node(b, depth+1); err != nil {
				return err
			}
		}
		return nil
	case "union":
		i, err := a.long()
		if err != nil {
			return err
		}
		if i < 0 || i >= int64(len(n.below)) {
			return malformed("branch of a union")
		}
		return a.node(n.below[i], depth+1)
	case "array", "map":
		return a.elements(n, depth)
	case "null":
		return nil
	}
	text, err := a.scalar(n)
	a.put(n.column, "; ", text)
	return err
}

// put adds a value to its cell; to the running text where that is full.
func (a *avroReader) put(column int, between string, text []byte) {
	cell := &a.cells[column]
	switch {
	case len(*cell) == 0:
		*cell = append(*cell, text...)
	case len(*cell)+len(text) < avroValue:
		if (*cell)[len(*cell)-1] == ':' { // the key of a map
			between = " "
		}
		*cell = append(append(*cell, between...), text...)
	default:
		a.aside("", text)
	}
}

// elements reads an array or a map.
func (a *avroReader) elements(n *avroNode, depth int) error {
	for {
		count, err := a.count()
		if err != nil || count == 0 {
			return err
		}
		for range count {
			if n.kind == "map" {
				key, err := a.bytes(avroValue)
				if err != nil {
					return err
				}
				a.put(n.column, "; ", append(key, ':'))
			}
			before := a.taken()
			if err := a.node(n.below[0], depth+1); err != nil {
				return err
			}
			if n.kind == "array" && a.taken() == before {
				break // they take no bytes, however many
			}
		}
	}
}

// scalar reads a value as text.
func (a *avroReader) scalar(n *avroNode) ([]byte, error) {
	switch n.kind {
	case "boolean":
		b, err := a.in.ReadByte()
		return strconv.AppendBool(nil, b != 0), err
	case "int", "long":
		v, err := a.long()
		return avroNumber(n, v), err
	case "float":
		b, err := a.fixed(4, 4)
		if err != nil {
			return nil, err
		}
		return avroFloat(float64(math.Float32frombits(binary.LittleEndian.Uint32(b))), 32), nil
	case "double":
		b, err := a.fixed(8, 8)
		if err != nil {
			return nil, err
		}
		return avroFloat(math.Float64frombits(binary.LittleEndian.Uint64(b)), 64), nil
	case "enum":
		i, err := a.long()
		if err == nil && (i < 0 || i >= int64(len(n.symbols))) {
			err = malformed("symbol of an enumeration")
		}
		if err != nil {
			return nil, err
		}
		return []byte(n.symbols[i]), nil
	}
	var b []byte
	var err error
	if n.kind == "fixed" {
		b, err = a.fixed(n.size, avroValue)
	} else {
		b, err = a.bytes(avroValue)
	}
	if n.logical == "decimal" && len(b) <= 64 {
		return avroDecimal(b, n.scale), err
	}
	return b, err
}

// avroNumber writes a whole number as its logical type says.
func avroNumber(n *avroNode, v int64) []byte {
	var t time.Time
	switch n.logical {
	case "date":
		if v > -1e6 && v < 3e6 {
			return time.Unix(v*86400, 0).UTC().AppendFormat(nil, time.DateOnly)
		}
	case "timestamp-millis", "local-timestamp-millis":
		t = time.UnixMilli(v)
	case "timestamp-micros", "local-timestamp-micros":
		t = time.UnixMicro(v)
	}
	if !t.IsZero() && t.Year() > 0 && t.Year() < 10000 {
		if t = t.UTC(); t.Equal(t.Truncate(24 * time.Hour)) {
			return t.AppendFormat(nil, time.DateOnly)
		}
		return t.AppendFormat(nil, time.DateTime)
	}
	return strconv.AppendInt(nil, v, 10)
}

func avroFloat(v float64, bits int) []byte {
	if v == math.Trunc(v) && math.Abs(v) < 1e18 {
		return strconv.AppendInt(nil, int64(v), 10)
	}
	return strconv.AppendFloat(nil, v, 'g', -1, bits)
}

// avroDecimal writes a two's-complement number with its point.
func avroDecimal(b []byte, scale int) []byte {
	v := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0] >= 0x80 {
		v.Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	s := v.String()
	minus := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	if scale > 0 {
		for len(s) <= scale {
			s = "0" + s
		}
		s = s[:len(s)-scale] + "." + s[len(s)-scale:]
	}
	if minus {
		s = "-" + s
	}
	return []byte(s)
}
