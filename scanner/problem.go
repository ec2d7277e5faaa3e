package scanner

import (
	"errors"
	"fmt"
)

// A Problem says why something was not looked at, or not to its end. It is an
// error, so that sources and formats return it with the reason they know; the
// engine fills in the Path.
type Problem struct {
	Path   string `json:"path"`
	Reason Reason `json:"reason"`
	Detail string `json:"detail,omitempty"`

	Accepted bool `json:"accepted,omitempty"` // known: it does not make the look incomplete
}

// Error returns reason and detail, without the path: the outermost place that
// knows it adds it, once.
func (p *Problem) Error() string {
	if p.Detail == "" {
		return string(p.Reason)
	}
	return fmt.Sprintf("%s: %s", p.Reason, p.Detail)
}

// Reason is why something was not looked at.
type Reason string

// The reasons.
const (
	Encrypted   Reason = "encrypted"
	Truncated   Reason = "truncated"
	Malformed   Reason = "malformed"
	Unsupported Reason = "unsupported"
	ImageOnly   Reason = "image_only"
	TooLarge    Reason = "too_large"
	TooDeep     Reason = "too_deep"
	TooMany     Reason = "too_many"
	Ratio       Reason = "ratio"
	Timeout     Reason = "timeout"
	Denied      Reason = "denied"
	Unreachable Reason = "unreachable"
	Robots      Reason = "robots"
	Skipped     Reason = "skipped"
	Partial     Reason = "partial"
	Crashed     Reason = "crashed"
)

// ErrUnranged is returned by Object.Open where the object can only be read from
// its beginning.
var ErrUnranged = errors.New("object is only readable from its beginning")

// Because returns err as a Problem with the given reason, unless it is one
// already.
func Because(reason Reason, err error) error {
	var p *Problem
	if err == nil || errors.As(err, &p) {
		return err
	}
	return &Problem{Reason: reason, Detail: err.Error()}
}
