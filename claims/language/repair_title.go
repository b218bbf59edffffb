package language

import (
	"sort"
	"strings"
)

// trades are common nouns, beside titles, that stand right before a person's name
// and say who it is.
var trades = set("worker owner resident neighbour neighbor student pupil farmer driver nurse doctor surgeon pilot sailor fisherman soldier veteran campaigner activist organiser organizer " +
	"volunteer witness survivor victim defendant suspect candidate lawmaker politician diplomat negotiator mediator rival colleague teammate captain coach referee " +
	"shopkeeper trader broker banker investor billionaire businessman businesswoman entrepreneur developer designer architect artist painter novelist poet journalist editor " +
	"columnist blogger photographer presenter historian biologist chemist physicist geologist seismologist meteorologist epidemiologist psychologist")

// concerns are such nouns for bodies, beside descriptors; makers those that begin no
// body's name.
var (
	concerns = set("giant conglomerate subsidiary bank startup multinational refinery clinic theatre theater festival foundation fund trust federation association coalition council society league")
	makers   = set("airline carrier manufacturer company firm operator retailer brewer lender insurer broadcaster supplier conglomerate startup")
)

// calling tells whether a common noun right before a name says what it names: "the
// airline Nordwind", "hospital operator MediPlus", "student Mia Lund".
func calling(w string) bool {
	return titles[w] || trades[w] || kindOfBody(w)
}

// making: "carmaker", "shipbuilder".
func making(w string) bool {
	return strings.HasSuffix(w, "maker") && len(w) > 5 || strings.HasSuffix(w, "builder") && len(w) > 7
}

// opening: the word begins no body's name, so that at the front of a sentence it says
// what the name behind it is.
func opening(w string) bool { return trades[w] || makers[w] || making(w) }

// opensName tells whether a sentence's first word, whose capital means nothing, only
// says what the name behind it is: "Carmaker Brandt", "Witness Ana Berg".
func opensName(t *Text, toks []int) bool {
	return opening(t.Tokens[toks[0]].Lower) && len(toks) > 1 && toks[1] == toks[0]+1 && capital(t, toks[1]) && nameToken(t, toks, 1)
}

// called mends "airline | Nordwind said": a noun that says what the name right
// behind it is, and the name, were given two places where they have one. The name
// takes the noun's.
func called(t *Text, s *Sentence) {
	for k := 0; k+1 < len(s.Tokens); k++ {
		n, first := s.Tokens[k], s.Tokens[k+1]
		x := &t.Tokens[n]
		if k == 0 && x.UPOS == "PROPN" && opening(x.Lower) {
			x.UPOS, x.XPOS, x.Lemma = "NOUN", "NN", x.Lower
		}
		if x.UPOS != "NOUN" || x.XPOS == "NNS" || !calling(x.Lower) || first != n+1 || t.Tokens[first].UPOS != "PROPN" && t.Tokens[first].XPOS != "NNP" || !capital(t, first) {
			continue
		}
		end := k + 1
		for end+1 < len(s.Tokens) && s.Tokens[end+1] == s.Tokens[end]+1 && t.Tokens[s.Tokens[end+1]].UPOS == "PROPN" && capital(t, s.Tokens[end+1]) {
			end++
		}
		name := runHead(t, first, s.Tokens[end])
		if name < 0 || t.Child(n, "nmod:poss") > n {
			continue
		}
		asVerb(t, s, k)
		y := &t.Tokens[name]
		bare := t.Child(n, "det") < 0 && t.Child(n, "nummod") < 0
		if v := y.Head; bare && x.Head < 0 && v > name && t.Tokens[v].Head == n && t.Tokens[v].Rel == "acl:relcl" && strings.HasPrefix(y.Rel, "nsubj") {
			// "Airline | Nordwind has cancelled": no noun that a clause tells of.
			t.Tokens[v].Head, t.Tokens[v].Rel = -1, x.Rel
			x.Head, x.Rel, s.Root = v, y.Rel, v
			for _, c := range t.Children(n) {
				if c > v {
					t.Tokens[c].Head = v
				}
			}
		}
		switch {
		case y.Head == n && (y.Rel == "flat" || y.Rel == "appos"):
		case y.Head == n || x.Head == name || y.Head < 0 || x.Head < 0:
			continue
		case y.Head == x.Head && (y.Rel == x.Rel || bare):
		case bare && t.below(x.Head, y.Head) && x.Head < n:
			// "a spokesman for hospital operator | MediPlus said": what hangs between
			// them and the verb becomes its subject.
			if y.Rel == "nsubj" || y.Rel == "nsubj:pass" {
				top := n
				for t.Tokens[top].Head != y.Head {
					top = t.Tokens[top].Head
				}
				if t.Tokens[top].UPOS == "VERB" {
					continue
				}
				t.Tokens[top].Rel = y.Rel
			}
		default:
			continue
		}
		if t.below(x.Head, name) {
			continue
		}
		rel := x.Rel
		if y.Head == x.Head && strings.HasPrefix(y.Rel, "nsubj") {
			rel = y.Rel
		}
		y.Head, y.Rel = x.Head, rel
		x.Head, x.Rel = name, "compound"
		opened(t, s, n, name)
		for _, c := range t.Children(n) {
			// What tells of the noun stays with it but for what binds both to the rest.
			if rel := t.Tokens[c].Rel; rel == "case" || rel == "det" || rel == "punct" || rel == "cc" || rel == "nmod:poss" || rel == "conj" || rel == "appos" || strings.HasPrefix(rel, "acl") {
				t.Tokens[c].Head = name
			}
		}
		if s.Root == n {
			s.Root = name
		}
	}
}

// opened gives a name its preposition, where the phrase that the name now heads was
// read as one more name of what comes before: "Maria Lopez | of | shipping group
// Maersund".
func opened(t *Text, s *Sentence, n, name int) {
	y := &t.Tokens[name]
	k := sort.SearchInts(s.Tokens, t.Subtree(n, nil)[0])
	for ; y.Rel == "appos" && k < len(s.Tokens) && s.Tokens[k] < n; k++ {
		if p := &t.Tokens[s.Tokens[k]]; p.Lower == "of" || p.Lower == "at" || p.Lower == "from" || p.Lower == "for" {
			if t.below(name, s.Tokens[k]) {
				return
			}
			p.UPOS, p.XPOS, p.Head, p.Rel = "ADP", "IN", name, "case"
			y.Rel = "nmod"
		}
	}
}

// asVerb mends a first word that was read as a verb because of its capital: "Mining
// group Kallax", "Shop manager Rita Cole". It belongs to the noun behind it.
func asVerb(t *Text, s *Sentence, k int) {
	if k != 1 {
		return
	}
	v, n := s.Tokens[0], s.Tokens[1]
	x := &t.Tokens[v]
	if x.UPOS != "VERB" || x.XPOS != "VBG" && x.XPOS != "VB" || t.Tokens[n].Head != v || x.Head < 0 || t.Tokens[x.Head].UPOS != "VERB" {
		return
	}
	main := x.Head
	subject := t.Child(main, "nsubj", "nsubj:pass")
	for _, c := range t.Children(v) {
		if c != n {
			t.Tokens[c].Head = main
			if rel := t.Tokens[c].Rel; rel == "obj" || rel == "obl" || rel == "obl:unmarked" || rel == "xcomp" {
				t.Tokens[c].Rel = "nsubj"
			}
		}
	}
	x.UPOS, x.XPOS, x.Lemma, x.Rel, x.Head = "NOUN", "NN", x.Lower, "compound", n
	t.Tokens[n].Head, t.Tokens[n].Rel = main, "nsubj"
	if subject >= 0 {
		t.Tokens[n].Rel = t.Tokens[subject].Rel
	}
}

// runHead is the token of [a, b] that hangs on none other of them, -1 where several
// do.
func runHead(t *Text, a, b int) int {
	out := -1
	for i := a; i <= b; i++ {
		if h := t.Tokens[i].Head; h >= a && h <= b {
			continue
		}
		if out >= 0 {
			return -1
		}
		out = i
	}
	return out
}

// ofSubject mends "the mayor | of | Port Elsen resigned": two subjects of one verb
// with a preposition between them are a noun and what tells of it.
func ofSubject(t *Text, s *Sentence) {
	for k, i := range s.Tokens {
		p := &t.Tokens[i]
		if k == 0 || p.UPOS != "ADP" || p.Rel != "mark" && p.Rel != "case" || p.Head < i {
			continue
		}
		noun := s.Tokens[k-1]
		if k+1 < len(s.Tokens) && p.Head > i {
			// "on | Tuesday sentenced": a day does nothing.
			if y := &t.Tokens[s.Tokens[k+1]]; timeWords[y.Lower] && y.Head == p.Head && y.Rel == "nsubj" {
				p.Head, p.Rel, y.Rel = s.Tokens[k+1], "case", "obl"
				continue
			}
		}
		verb := t.Tokens[noun].Head
		if verb < i || !strings.HasPrefix(t.Tokens[noun].Rel, "nsubj") || p.Head != verb {
			continue
		}
		for _, c := range t.Children(verb) {
			if y := &t.Tokens[c]; c > i && c < verb && y.Rel == t.Tokens[noun].Rel && (nounTag(y.UPOS) || y.UPOS == "ADJ") {
				p.Head, p.Rel = c, "case"
				y.Head, y.Rel = noun, "nmod"
				break
			}
		}
	}
}

// knowing are adjectives that tell of a source how it knows: "people familiar with
// the matter".
var knowing = set("familiar close knowledgeable aware privy")

// knowers mends "two people | familiar with the matter | said": who knows is who
// says it.
func knowers(t *Text, s *Sentence) {
	for k := 1; k+3 < len(s.Tokens); k++ {
		adj, noun := s.Tokens[k], s.Tokens[k-1]
		if !knowing[t.Tokens[adj].Lower] || t.Tokens[noun].UPOS != "NOUN" || adj != noun+1 {
			continue
		}
		p := s.Tokens[k+1]
		switch t.Tokens[p].Lower {
		case "with", "to", "about", "of":
		default:
			continue
		}
		verb, last := -1, -1
		for n := k + 2; n < len(s.Tokens) && n < k+12; n++ {
			y := &t.Tokens[s.Tokens[n]]
			if y.Text == "," || s.Tokens[n] != s.Tokens[n-1]+1 {
				break
			}
			if y.UPOS == "VERB" && leadLemmas[y.Lemma] && (y.XPOS == "VBD" || y.XPOS == "VBZ" || y.XPOS == "VBP") {
				verb = n
				break
			}
			if nounTag(y.UPOS) {
				last = s.Tokens[n]
			}
		}
		if verb < 0 || last < 0 {
			continue
		}
		v := s.Tokens[verb]
		first := noun
		for _, c := range t.Children(noun) {
			first = min(first, c)
		}
		top := -1 // of the words before it that the verb hangs below
		for a, n := t.Tokens[v].Head, 0; a >= 0 && n < maxSentence; a, n = t.Tokens[a].Head, n+1 {
			if a >= first && a < v {
				top = a
			}
		}
		if top >= 0 {
			t.Tokens[v].Head, t.Tokens[v].Rel = t.Tokens[top].Head, t.Tokens[top].Rel
			if s.Root == top {
				s.Root = v
			}
		}
		t.Tokens[noun].Head, t.Tokens[noun].Rel = v, "nsubj"
		t.Tokens[adj].Head, t.Tokens[adj].Rel = noun, "amod"
		t.Tokens[p].Head, t.Tokens[p].Rel = last, "case"
		t.Tokens[last].Head, t.Tokens[last].Rel = adj, "obl"
		for n := k + 2; n < verb; n++ {
			i := s.Tokens[n]
			if h := t.Tokens[i].Head; i != last && (h < first || h >= v || h == noun || h == adj) {
				t.Tokens[i].Head = last
			}
		}
	}
}

// bareSubject gives a verb of saying without a subject the name before it that was
// read as its circumstance, though no preposition stands by it: "Chief executive
// Maria Lopez of Maersund | told Reuters".
func bareSubject(t *Text, s *Sentence) {
	for _, v := range s.Tokens {
		x := &t.Tokens[v]
		if x.UPOS != "VERB" || !leadLemmas[x.Lemma] || t.Child(v, "nsubj", "nsubj:pass", "nsubj:outer", "csubj", "expl") >= 0 {
			continue
		}
		for _, c := range t.Children(v) {
			if y := &t.Tokens[c]; c < v && (y.Rel == "obl" || y.Rel == "obl:unmarked" || y.Rel == "dislocated" || y.Rel == "vocative") && y.UPOS == "PROPN" && t.Child(c, "case") < 0 && !timeWords[y.Lower] {
				y.Rel = "nsubj"
				break
			}
		}
	}
}
