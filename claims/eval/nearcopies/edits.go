package main

import (
	"hash/fnv"
	"math/rand/v2"
	"regexp"
	"strings"
)

// edit is one way in which newsrooms change copy.
type edit struct {
	name string
	make func(text string, r *rand.Rand) string
}

var edits = []edit{
	{"trimmed", trim},
	{"reordered", reorder},
	{"new headline", headline},
	{"inserted boilerplate", boilerplate},
	{"lightly rewritten", rewrite},
	{"misread characters", misread},
	{"several at once", func(t string, r *rand.Rand) string { return headline(boilerplate(rewrite(trim(t, r), r), r), r) }},
}

// seed makes the chance of one edit of one article.
func seed(article int, name string) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name))
	return rand.New(rand.NewPCG(h.Sum64(), uint64(article)))
}

var sentenceEnd = regexp.MustCompile(`[.!?]["”']?\s+`)

func sentences(text string) []string {
	var out []string
	from := 0
	for _, m := range sentenceEnd.FindAllStringIndex(text, -1) {
		out = append(out, strings.TrimSpace(text[from:m[1]]))
		from = m[1]
	}
	if s := strings.TrimSpace(text[from:]); s != "" {
		out = append(out, s)
	}
	return out
}

// trim keeps the first 45 to 75 % of the sentences, and drops one in ten of these.
func trim(text string, r *rand.Rand) string {
	ss := sentences(text)
	n := max(3, int(float64(len(ss))*(0.45+0.3*r.Float64())))
	var out []string
	for i, s := range ss[:min(n, len(ss))] {
		if i == 0 || r.Float64() > 0.1 {
			out = append(out, s)
		}
	}
	return strings.Join(out, " ")
}

// reorder moves groups of one to three sentences about.
func reorder(text string, r *rand.Rand) string {
	ss := sentences(text)
	var groups [][]string
	for len(ss) > 0 {
		n := min(1+r.IntN(3), len(ss))
		groups, ss = append(groups, ss[:n]), ss[n:]
	}
	r.Shuffle(len(groups), func(i, j int) { groups[i], groups[j] = groups[j], groups[i] })
	var out []string
	for _, g := range groups {
		out = append(out, g...)
	}
	return strings.Join(out, " ")
}

func headline(text string, r *rand.Rand) string {
	heads := []string{"What we know so far", "Here is the latest on the story everyone talks about", "Officials respond as questions grow", "Live: the day's developments"}
	return heads[r.IntN(len(heads))] + "\nBy our staff writers and agencies\nUpdated at 10:42\n\n" + text
}

var standing = []string{
	"Sign up for our newsletter and never miss a story.", "Read more: the ten pictures of the week.", "Follow us on social media for updates.",
	"This story is developing and will be updated.", "The article first appeared on our partner's site.", "Subscribe to support independent journalism.",
	"Download our app for breaking news alerts.", "Also watch: the video report.",
}

func boilerplate(text string, r *rand.Rand) string {
	var out []string
	for i, s := range sentences(text) {
		out = append(out, s)
		if i%5 == 2 {
			out = append(out, standing[r.IntN(len(standing))])
		}
	}
	return strings.Join(out, " ")
}

// swaps are words that an editor changes for house style.
var swaps = map[string]string{
	"said": "stated", "told": "informed", "also": "additionally", "but": "however", "about": "around", "because": "since", "man": "male", "woman": "female",
	"after": "following", "before": "prior to", "many": "numerous", "big": "large", "says": "states", "began": "started", "get": "obtain", "use": "utilise",
	"show": "demonstrate", "help": "assist", "need": "require", "buy": "purchase", "people": "persons", "more than": "over", "can't": "cannot", "don't": "do not",
	"while": "whereas", "until": "till", "often": "frequently", "now": "currently", "later": "afterwards", "children": "kids", "near": "close to",
}

// rewrite changes words for house style and drops or doubles one in forty.
func rewrite(text string, r *rand.Rand) string {
	ws := strings.Fields(text)
	out := make([]string, 0, len(ws))
	for _, w := range ws {
		if s, ok := swaps[strings.ToLower(w)]; ok && r.Float64() < 0.7 {
			w = s
		}
		switch x := r.Float64(); {
		case x < 0.0125:
			continue
		case x < 0.025:
			out = append(out, "reportedly")
		}
		out = append(out, w)
	}
	return strings.Join(out, " ")
}

// misread changes a character in one word of twenty-five as scanners do.
func misread(text string, r *rand.Rand) string {
	pairs := []string{"rn", "m", "l", "1", "o", "0", "cl", "d", "e", "c", "i", "l", "h", "b"}
	ws := strings.Fields(text)
	for i, w := range ws {
		if r.Float64() > 0.04 {
			continue
		}
		k := 2 * r.IntN(len(pairs)/2)
		if strings.Contains(w, pairs[k]) {
			ws[i] = strings.Replace(w, pairs[k], pairs[k+1], 1)
		} else if len(w) > 3 {
			ws[i] = w[:1] + w[2:]
		}
	}
	return strings.ToValidUTF8(strings.Join(ws, " "), "")
}
