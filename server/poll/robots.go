package poll

import (
	"strconv"
	"strings"
	"time"
)

// robots are the rules of a robots.txt (RFC 9309) that hold for this poller.
type robots struct {
	rules []rule
	delay time.Duration // Crawl-delay, which the RFC does not know and hosts write
}

type rule struct {
	allow   bool
	pattern string // of the path and query: "*" for any run of characters, "$" at the end
}

// Limits of a robots.txt: what stands beyond them is left out.
const (
	maxRobots = 500 << 10 // bytes, as the RFC asks at least
	maxRules  = 5_000
	maxDelay  = time.Hour
)

// closed refuses everything: what a host that cannot tell its rules is taken to
// want.
var closed = &robots{rules: []rule{{pattern: "/"}}}

// parseRobots reads the groups that name the agent, or those for all where none
// does. Lines that it does not know say nothing.
func parseRobots(text, agent string) *robots {
	own, all := &robots{}, &robots{}
	named := false // a group for the agent was there
	var current []*robots
	listing := false // the lines before were user-agents
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		line, _, _ = strings.Cut(line, "#")
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
		if key == "user-agent" {
			if !listing {
				current = nil
			}
			listing = true
			switch {
			case value == "*":
				current = append(current, all)
			case strings.EqualFold(product(value), agent):
				current = append(current, own)
				named = true
			}
			continue
		}
		for _, r := range current {
			r.add(key, value)
		}
		if key == "allow" || key == "disallow" || key == "crawl-delay" {
			listing = false
		}
	}
	if named {
		return own
	}
	return all
}

// product is the name in "Name/1.0 (comment)".
func product(agent string) string {
	if i := strings.IndexAny(agent, "/ ("); i >= 0 {
		return agent[:i]
	}
	return agent
}

func (r *robots) add(key, value string) {
	switch key {
	case "allow", "disallow":
		if value != "" && len(r.rules) < maxRules {
			r.rules = append(r.rules, rule{allow: key == "allow", pattern: value})
		}
	case "crawl-delay":
		if s, err := strconv.ParseFloat(value, 64); err == nil && s > 0 {
			r.delay = min(time.Duration(min(s, maxDelay.Seconds())*float64(time.Second)), maxDelay)
		}
	}
}

// allows tells whether a path with its query may be asked: the longest rule that
// matches decides, and of two as long the one that allows.
func (r *robots) allows(path string) bool {
	allowed, longest := true, -1
	for _, x := range r.rules {
		if n := len(x.pattern); (n > longest || n == longest && x.allow) && matches(x.pattern, path) {
			allowed, longest = x.allow, n
		}
	}
	return allowed || path == "/robots.txt"
}

// matches compares without going back: each piece between two "*" is looked for
// behind the one before, which is enough since what follows may be anything.
func matches(pattern, path string) bool {
	pattern, anchored := strings.CutSuffix(pattern, "$")
	pieces := strings.Split(pattern, "*")
	rest, ok := strings.CutPrefix(path, pieces[0])
	if !ok {
		return false
	}
	pieces = pieces[1:]
	if len(pieces) == 0 {
		return !anchored || rest == ""
	}
	last := pieces[len(pieces)-1]
	for _, p := range pieces[:len(pieces)-1] {
		i := strings.Index(rest, p)
		if i < 0 {
			return false
		}
		rest = rest[i+len(p):]
	}
	if anchored {
		return strings.HasSuffix(rest, last)
	}
	return strings.Contains(rest, last)
}
