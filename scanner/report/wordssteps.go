package report

import (
	"slices"

	"vigie/scanner"
)

// steps say what to do first, in order, at most four.
func (l language) steps(f *scanner.Finding) []string {
	if f.Profile == "public-register" {
		return []string{l.say("Check that it is the published edition and holds nothing more.")}
	}
	var steps []string
	if slices.ContainsFunc(f.Fields, func(x scanner.Field) bool { return x.Kind == "credential" }) {
		steps = append(steps, l.say("Change the passwords and keys in it today: whoever has read them keeps them."))
	}
	switch f.Exposure.State {
	case scanner.Local:
		steps = append(steps, l.say("Do not hand it over or put it on line as it is: leave out what the purpose does not need."))
	case scanner.Private:
		steps = append(steps, l.say("Keep it closed, and delete it if nobody needs it any more: one wrong setting would open it."))
	default:
		steps = append(steps, l.say("Close the access today, at the store or the server. Keep a copy in a safe place: it is evidence."),
			l.logs(f))
	}
	if sealed(f) {
		return append(steps, l.say("Ask its owner what is in it: whoever has the password can read it."))
	}
	if open(f.Exposure.State) && f.Severity >= scanner.Medium {
		steps = append(steps, l.say("Tell the data protection officer today: the CNIL must be notified within 72 hours, unless there is no risk for the people (Art. 33 GDPR)."))
	}
	if f.Authenticity.Verdict == "fictitious" {
		steps = append(steps, l.say("If the people are said to be invented, have that confirmed in writing before you set it aside."))
	}
	return steps
}

// logs says from when on the logs of accesses are worth keeping.
func (l language) logs(f *scanner.Finding) string {
	if since := f.Exposure.FileDated; !since.IsZero() {
		return l.say("Keep the access logs since %s: they tell who fetched it, and how often.", l.on(since))
	}
	return l.say("Keep the access logs: they tell who fetched it, and how often.")
}

// open reports whether somebody without credentials may have read an object.
func open(s scanner.State) bool { return s != scanner.Local && s != scanner.Private }
