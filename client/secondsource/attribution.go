package main

import (
	"strings"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// relayed is the sign between the one who relays and the one relayed.
const relayed = " ← "

// chain is who relays whom: the publisher first, the deepest asserter last.
func chain(a *secondsourcev1.Attribution) string {
	names := make([]string, len(a.GetHops()))
	for i, hop := range a.GetHops() {
		names[i] = hopName(hop)
	}
	return strings.Join(names, relayed)
}

// hopName is what a person calls a hop: its name, its mention, or what is known.
func hopName(h *secondsourcev1.Hop) string {
	name := ""
	switch {
	case h.GetMedium() == secondsourcev1.Medium_MEDIUM_FEED && h.GetCanonicalName() == "" && h.GetHandle() == "":
		return "an unnamed feed" // whatever the words are that credit it
	case h.GetNobody():
		name = "nobody named"
	case h.GetUnnamed() && h.GetMention() != "":
		name = "an unnamed source"
	case h.GetCanonicalName() != "":
		name = h.GetCanonicalName()
	case h.GetHandle() != "":
		return h.GetHandle()
	case h.GetMention() == "":
		return "not identified"
	}
	if (h.GetNobody() || h.GetUnnamed() || name == "") && h.GetMention() != "" {
		name = strings.TrimSpace(name + " “" + h.GetMention() + "”")
	}
	if handle := h.GetHandle(); handle != "" && handle != name {
		name += " (" + handle + ")"
	}
	return name
}

// said is how and where the deepest asserter said it: "direct quote, telegram".
func said(a *secondsourcev1.Attribution) string {
	hops := a.GetHops()
	words := word(a.GetDirectness(), "MANNER_")
	if len(hops) == 0 {
		return words
	}
	if medium := hops[len(hops)-1].GetMedium(); medium != 0 {
		words += ", " + word(medium, "MEDIUM_")
	}
	return words
}
