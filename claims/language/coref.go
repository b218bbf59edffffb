package language

import "strings"

// entity finds the entity that a name means or makes a new one: the same name,
// a surname after the full name, an acronym, another wording of a body's name,
// or a shorter one ("the Foreign Ministry" after "Russian Foreign Ministry").
func (t *Text) entity(name string, kind EntityKind) int {
	if c := CountryOf(name); c != "" && kind == Place {
		name = c // "the United States", "U.S." and "American" name one country
	}
	key := VariantKey(name)
	// Only the latest entities are compared: a text full of new names must not
	// cost the square of its length.
	for e := len(t.Entities) - 1; e >= 0 && e >= len(t.Entities)-maxLookup; e-- {
		x := &t.Entities[e]
		if t.sameEntity(x, name, key, kind) {
			switch {
			case strings.Contains(x.Name, "'s ") && !strings.Contains(name, "'s ") && x.key == key:
				x.also(x.Name)
				x.Name = name // "Russian Foreign Ministry" reads better than "Russia's Foreign Ministry"
			case fuller(name, x, kind):
				x.also(x.Name)
				x.Name, x.key = name, key
			case !strings.EqualFold(name, x.Name):
				x.also(name)
			}
			if x.Kind == Unknown || x.Kind == Thing && kind == Person {
				x.Kind = kind
			}
			return e
		}
	}
	t.Entities = append(t.Entities, Entity{Name: name, Kind: kind, First: len(t.Mentions), key: key})
	return len(t.Entities) - 1
}

// fuller: a longer form of a name takes its place, but a body's longer wording
// only where it says more.
func fuller(name string, x *Entity, kind EntityKind) bool {
	if len(name) <= len(x.Name) || x.Kind == Place || !acronymFree(name) {
		return false
	}
	sameWords := len(strings.Fields(name)) <= len(strings.Fields(x.Name))
	return x.Kind != Body || kind != Body || CountryOf(name) != "" || !sameWords
}

// maxLookup is how many of the latest entities a new name is compared with.
const maxLookup = 400

func acronymFree(name string) bool { return strings.ToUpper(name) != name || len(name) > 8 }

func (e *Entity) also(n string) {
	if n != e.Name && !contains(e.Also, n) {
		e.Also = append(e.Also, n)
	}
}

func (t *Text) sameEntity(x *Entity, name, key string, kind EntityKind) bool {
	if x.key == key || strings.EqualFold(x.Name, name) {
		return true
	}
	if x.Acronym != "" && strings.EqualFold(x.Acronym, name) {
		return true
	}
	xs, ns := strings.Fields(strings.ToLower(x.Name)), strings.Fields(strings.ToLower(name))
	if len(xs) == 0 || len(ns) == 0 {
		return false
	}
	person := func(k EntityKind) bool { return k == Person || k == Unknown }
	switch {
	case person(x.Kind) && person(kind) && (x.Kind == Person || kind == Person) && CountryOf(x.Name) == "" && CountryOf(name) == "":
		// Surname or first name alone, or a longer form of the same name.
		if len(ns) == 1 && len(xs) > 1 && (xs[len(xs)-1] == ns[0] || (xs[0] == ns[0] && len(ns[0]) > 3)) {
			return true
		}
		if len(xs) == 1 && len(ns) > 1 && ns[len(ns)-1] == xs[0] {
			return true
		}
		if len(ns) > 1 && len(xs) > 1 && xs[len(xs)-1] == ns[len(ns)-1] && (subset(ns, xs) || subset(xs, ns) || initials(xs, ns) || initials(ns, xs)) {
			return true
		}
	case x.Kind == Body && kind == Body:
		xk, nk := strings.Fields(x.key), strings.Fields(key)
		// "the Foreign Ministry" after "Russian Foreign Ministry": the shorter
		// name must keep the word that says what it is.
		if len(nk) >= 2 && len(nk) < len(xk) && subset(nk, xk) && hasBodyWord(nk) {
			return true
		}
		if acronymOf(name, x.Name) {
			return true
		}
	case (x.Kind == Body || x.Kind == Unknown || x.Kind == Thing) && acronymOf(name, x.Name):
		return true
	}
	return false
}

func hasBodyWord(ws []string) bool {
	for _, w := range ws {
		if bodyWords[w] {
			return true
		}
	}
	return false
}

func subset(a, b []string) bool {
	for _, w := range a {
		if !contains(b, w) {
			return false
		}
	}
	return true
}

// initials: "J.P. Halm" and "Jon Paul Halm".
func initials(a, b []string) bool {
	s := strings.ReplaceAll(strings.Join(a[:len(a)-1], ""), ".", "")
	if len(s) == 0 || len(s) > 3 {
		return false
	}
	for i := range len(s) {
		if i >= len(b)-1 || b[i][0] != s[i] {
			return false
		}
	}
	return true
}

// describe files a definite description that is all titles ("the Foreign
// Minister", "the President of Russia"): it means the last person under that
// title, of that country if one is named. Without one it is an entity of its
// own, so that it can be a source.
func describe(t *Text, toks []int, k, n int, country string) {
	words := strings.Fields(strings.ToLower(t.TokenSpan(toks[k], toks[k+n-1]).Of(t.Raw)))
	title := ""
	for _, w := range words {
		if titles[w] {
			title = w
		}
	}
	run := [2]int{toks[k], toks[k+n-1] + 1}
	file := func(e int, described bool) {
		m := Mention{Tokens: run, Run: run, Head: headOf(t, run[0], run[1]-1), Entity: e, Described: described}
		if described && k > 0 {
			// The article or possessive goes when the name takes its place.
			switch t.Tokens[toks[k-1]].Lower {
			case "the", "its", "his", "her", "their", "this":
				m.Tokens[0] = toks[k-1]
			}
		}
		t.Mentions = append(t.Mentions, m)
	}
	for e := len(t.Entities) - 1; e >= 0 && e >= len(t.Entities)-maxLookup; e-- {
		x := &t.Entities[e]
		if x.Kind != Person || country != "" && x.Country != country {
			continue
		}
		for _, have := range x.Titles {
			if f := strings.Fields(strings.ToLower(have)); contains(f, title) && (country != "" || len(words) == 1 || subset(words, f)) {
				file(e, true)
				return
			}
		}
	}
	name := t.TokenSpan(toks[k], toks[k+n-1]).Of(t.Raw)
	e := t.entity(name, Person)
	if !contains(t.Entities[e].Titles, name) {
		t.Entities[e].Titles = append(t.Entities[e].Titles, name)
	}
	t.Entities[e].Country = country
	file(e, false)
}

// lookback bounds how many sentences back an antecedent is looked for.
const lookback = 6

// coreference resolves pronouns and definite descriptions to entities. The
// nearest fitting mention wins; subjects before objects, the same sentence's
// subject before the sentence before (Hobbs 1978, much simplified).
func coreference(t *Text) {
	bySentence := make([][]int, len(t.Sentences))
	for m := range t.Mentions {
		if s := t.Tokens[t.Mentions[m].Head].Sentence; s >= 0 {
			bySentence[s] = append(bySentence[s], m)
		}
	}
	for s := range t.Sentences {
		for _, i := range t.Sentences[s].Tokens {
			tok := &t.Tokens[i]
			switch {
			case tok.UPOS == "PRON":
				if e := t.pronoun(i, s, bySentence); e >= 0 {
					poss := tok.XPOS == "PRP$" || tok.Rel == "nmod:poss"
					t.Mentions = append(t.Mentions, Mention{Tokens: [2]int{i, i + 1}, Run: [2]int{i, i + 1}, Head: i, Entity: e, Pronoun: true, Possess: poss})
					bySentence[s] = append(bySentence[s], len(t.Mentions)-1)
				}
			case tok.UPOS == "NOUN" && t.definite(i):
				if e := t.description(i, s, bySentence); e >= 0 {
					a := i
					for _, c := range t.Children(i) {
						if c < a && (t.Tokens[c].Rel == "det" || t.Tokens[c].Rel == "amod" || t.Tokens[c].Rel == "compound") {
							a = c
						}
					}
					t.Mentions = append(t.Mentions, Mention{Tokens: [2]int{a, i + 1}, Run: [2]int{a, i + 1}, Head: i, Entity: e, Described: true})
					bySentence[s] = append(bySentence[s], len(t.Mentions)-1)
				}
			}
		}
	}
}

func (t *Text) definite(i int) bool {
	for _, c := range t.Children(i) {
		if w := t.Tokens[c].Lower; w == "the" || w == "this" || w == "that" {
			return true
		}
	}
	return false
}

// pronoun finds who a pronoun at token i means, or -1.
func (t *Text) pronoun(i, s int, by [][]int) int {
	var fits func(e *Entity) bool
	switch t.Tokens[i].Lower {
	case "he", "him", "his", "himself":
		fits = func(e *Entity) bool { return e.Kind == Person && e.Gender != 'f' }
	case "she", "her", "hers", "herself":
		fits = func(e *Entity) bool { return e.Kind == Person && e.Gender != 'm' }
	case "it", "its", "itself":
		if t.expletive(i) {
			return -1
		}
		if e := t.tellerOf(i, s, by); e >= 0 {
			return e
		}
		fits = func(e *Entity) bool {
			return e.Kind == Body || e.Kind == Thing || (e.Kind == Place || e.Kind == Unknown) && t.Tokens[i].Lower == "its"
		}
	case "they", "them", "their", "themselves":
		return t.tellerOf(i, s, by)
	default:
		return -1
	}
	e := t.antecedent(i, s, by, fits)
	if e < 0 {
		return t.tellerOf(i, s, by)
	}
	// "him" and "her" as objects are too often misread to tell a gender.
	if sure := strings.HasPrefix(t.Tokens[i].Rel, "nsubj") || t.Tokens[i].Rel == "nmod:poss"; e >= 0 && sure && t.Entities[e].Kind == Person && t.Entities[e].Gender == 0 {
		switch t.Tokens[i].Lower {
		case "he", "him", "his", "himself":
			t.Entities[e].Gender = 'm'
		default:
			t.Entities[e].Gender = 'f'
		}
	}
	return e
}

// expletive: "it was agreed that", "it is raining" name nobody.
func (t *Text) expletive(i int) bool {
	if t.Tokens[i].Rel == "expl" {
		return true
	}
	h := t.Tokens[i].Head
	if h >= 0 && weather[t.Tokens[h].Lemma] {
		return true
	}
	return h >= 0 && (t.Tokens[i].Rel == "nsubj" || t.Tokens[i].Rel == "nsubj:pass") && (t.Child(h, "csubj", "csubj:pass", "csubj:outer") >= 0 ||
		(t.Tokens[i].Rel == "nsubj:pass" && t.Child(h, "ccomp") >= 0))
}

// weather verbs: nobody rains.
var weather = map[string]bool{"rain": true, "snow": true, "hail": true, "drizzle": true, "thunder": true, "sleet": true}

// antecedent picks the best earlier mention.
func (t *Text) antecedent(i, s int, by [][]int, fits func(*Entity) bool) int {
	best, bestScore, bestBack := -1, -1<<30, 0
	quote := t.Sentences[s].Quote
	reach := lookback
	if w := t.Tokens[i].Lower; w == "it" || w == "its" || w == "itself" {
		reach = 4 // what is no person is seldom meant from further away
		if t.thingBefore(i, s) {
			reach = 0
		}
	}
	for back := 0; back <= reach && s-back >= 0; back++ {
		for _, m := range by[s-back] {
			x := &t.Mentions[m]
			if x.Head >= i || !fits(&t.Entities[x.Entity]) {
				continue
			}
			// What a speaker says inside a quotation seldom means the speaker.
			score := -10 * back
			switch rel := t.Tokens[x.Head].Rel; {
			case x.Possess || rel == "nmod:poss":
				score -= 4
			case strings.HasPrefix(rel, "nsubj"):
				score += 8
			case rel == "obj" || rel == "iobj":
				score += 2
			case rel == "nmod" || rel == "compound":
				score -= 3
			}
			if x.Pronoun {
				score++
			}
			if x.Adjective {
				score -= 2
			}
			if back == 0 && t.Tokens[x.Head].Head == t.Tokens[i].Head && !x.Possess && t.Tokens[i].Rel != "nmod:poss" {
				score -= 12 // two arguments of one verb are two participants
			}
			if (t.Sentences[s-back].Quote >= 0) != (quote >= 0) {
				score -= 3
			}
			if score > bestScore || score == bestScore && back == bestBack { // of equals, the nearest
				best, bestScore, bestBack = x.Entity, score, back
			}
		}
	}
	return best
}

// thingBefore: a thing without a name is what the sentence of the pronoun at i
// speaks of ("an inquiry found that its radar …"), so that no name of an earlier
// sentence is meant.
func (t *Text) thingBefore(i, s int) bool {
	for _, k := range t.Sentences[s].Tokens {
		if k >= i {
			break
		}
		x := &t.Tokens[k]
		if x.UPOS == "NOUN" && strings.HasPrefix(x.Rel, "nsubj") && (x.XPOS == "NN") && !messages[x.Lemma] {
			return true
		}
	}
	return false
}

// messages are what somebody says something in: "the statement said it would".
var messages = map[string]bool{"statement": true, "post": true, "message": true, "letter": true, "notice": true, "spokesman": true, "spokeswoman": true, "spokesperson": true, "official": true,
	"report": true, "release": true, "filing": true, "tweet": true, "note": true, "minister": true, "director": true, "chief": true, "president": true, "head": true}

// description finds what "the ministry", "the president" means: the last
// entity whose name or title carries the noun.
func (t *Text) description(i, s int, by [][]int) int {
	noun := t.Tokens[i].Lower
	if !bodyWords[noun] && !titles[noun] && !descriptors[noun] && !making(noun) || t.Child(i, "nmod", "acl:relcl") >= 0 || t.Tokens[i].XPOS != "NN" {
		return -1
	}
	if e := t.antecedent(i, s, by, func(e *Entity) bool { return e.is(noun) }); e >= 0 || !strings.HasPrefix(t.Tokens[i].Rel, "nsubj") {
		return e
	}
	if !anyBody[noun] {
		return t.onlyBody(i, s, by, noun)
	}
	if e := t.antecedent(i, s, by, func(e *Entity) bool { return e.Kind == Body }); e >= 0 {
		return e
	}
	// "Nordwind will cut 300 jobs, the company said": what it is, the text says here.
	e := t.antecedent(i, s, by, func(e *Entity) bool { return e.Kind == Unknown && !e.Common })
	if e >= 0 {
		t.Entities[e].Kind = Body
		t.Entities[e].Titles = append(t.Entities[e].Titles, noun)
	}
	return e
}

// onlyBody is the one body named in the sentences before that a noun which says
// something may be of ("Brandt is recalling cars. The carmaker said"), -1 where there
// are none or several.
func (t *Text) onlyBody(i, s int, by [][]int, noun string) int {
	h := t.Tokens[i].Head
	if !making(noun) && !makers[noun] || h < 0 || !cueLemmas[t.Tokens[h].Lemma] {
		return -1
	}
	only := -1
	for back := 0; back <= lookback && s-back >= 0; back++ {
		for _, m := range by[s-back] {
			x := &t.Mentions[m]
			e := &t.Entities[x.Entity]
			if x.Head >= i || x.Entity == only || e.Common || e.Kind != Body && e.Kind != Unknown {
				continue
			}
			if only >= 0 {
				return -1
			}
			only = x.Entity
		}
	}
	if only >= 0 {
		t.Entities[only].Kind = Body
		t.Entities[only].Titles = append(t.Entities[only].Titles, noun)
	}
	return only
}

// is: the common noun is a word of the body's name ("the yard" for "Orta
// Shipyards"), or what it or the person was called.
func (e *Entity) is(noun string) bool {
	for _, x := range e.Titles {
		if f := strings.Fields(strings.ToLower(x)); len(f) > 0 && f[len(f)-1] == noun {
			return true
		}
	}
	if e.Kind == Person {
		return false
	}
	for w := range strings.FieldsSeq(strings.ToLower(e.Name)) {
		one := strings.TrimSuffix(w, "s")
		if w == noun || one == noun || noun != "port" && descriptors[one] && strings.HasSuffix(one, noun) {
			return true
		}
	}
	return false
}
