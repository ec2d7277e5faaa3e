package codec

import "io"

// A delta adds to each byte the one that many bytes before it.
type delta struct {
	r    io.Reader
	far  byte
	past [256]byte
	at   byte
}

// NewDelta reads r through the filter; far is the distance, 256 is 0.
func NewDelta(r io.Reader, far byte) io.Reader { return &delta{r: r, far: far} }

func (d *delta) Read(p []byte) (int, error) {
	n, err := d.r.Read(p)
	for i := range p[:n] {
		p[i] += d.past[d.at-d.far]
		d.past[d.at] = p[i]
		d.at++
	}
	return n, err
}
