package language

// maxSpeech bounds the words on either side of the verb in a clause that only
// names who said the rest.
const maxSpeech = 14

// cueLemmas are verbs that make a short clause at the edge of a sentence one
// that only names who said the rest.
var cueLemmas = set("say tell add note state announce report claim confirm declare explain insist argue warn write tweet post reveal reply respond recall stress " +
	"reiterate repeat testify comment remark observe concede admit acknowledge allege maintain conclude caution estimate believe suggest show find indicate predict learn")

// cutSpeech takes ", NP said …" off the end or out of the middle of a sentence
// and parses what is left again. ok is false when there is none.
func (p *parser) cutSpeech(s *Sentence) (cut Sentence, ok bool) {
	t := p.t
	toks := s.Tokens
	at := func(k int) *Token { return &t.Tokens[toks[k]] }
	for v := len(toks) - 1; v >= 2; v-- {
		x := at(v)
		if outletsReport(t, toks, v) {
			x.UPOS, x.XPOS, x.Lemma = "VERB", "VBP", x.Lower
		}
		if !cueLemmas[x.Lemma] || (x.UPOS != "VERB" && x.UPOS != "AUX") || x.XPOS == "VBG" || x.XPOS == "VB" {
			continue
		}
		lo, hi, fits := speechClause(t, toks, v)
		if !fits || leadsIn(t, s, lo, toks[hi-1]) {
			continue
		}
		rest := append(append([]int(nil), toks[:lo]...), toks[hi:]...)
		content := false
		for _, i := range rest {
			u := t.Tokens[i].UPOS
			content = content || u == "VERB" || u == "AUX"
		}
		if len(rest) < 3 || !content && (len(rest) < 7 || hi < len(toks)-1) {
			continue
		}
		cut = Sentence{Root: -1, Block: s.Block, Quote: s.Quote, Host: -1, End: s.End}
		for _, i := range toks[lo:hi] {
			if len(cut.Tokens) == 0 && t.Tokens[i].Text == "," {
				continue
			}
			cut.Tokens = append(cut.Tokens, i)
		}
		if n := len(cut.Tokens); n > 0 && t.Tokens[cut.Tokens[n-1]].Text == "," {
			cut.Tokens = cut.Tokens[:n-1]
		}
		cut.Cue = [2]int{toks[v], toks[v] + 1}
		cut.Span = t.TokenSpan(cut.Tokens[0], cut.Tokens[len(cut.Tokens)-1])
		s.Tokens = rest
		s.Root = -1
		p.sentence(s)
		return cut, true
	}
	return cut, false
}

// spokenAfter: all that a sentence has beside a quotation is a verb of saying and
// who says it: "said the mayor". Its Cue is set.
func (p *parser) spokenAfter(s *Sentence) bool {
	t := p.t
	if len(s.Holes) == 0 || len(s.Tokens) < 2 || len(s.Tokens) > maxSpeech {
		return false
	}
	first := s.Tokens[0]
	if !cueLemmas[t.Tokens[first].Lemma] || t.Tokens[first].XPOS != "VBD" && t.Tokens[first].XPOS != "VBZ" || t.Tokens[first].Lower == "according" {
		return false
	}
	noun := false
	for _, i := range s.Tokens[1:] {
		x := &t.Tokens[i]
		if x.UPOS == "VERB" || x.UPOS == "AUX" || x.UPOS == "SCONJ" || x.Text == "," || x.Text == ":" {
			return false
		}
		noun = noun || nounTag(x.UPOS)
	}
	s.Cue = [2]int{first, first + 1}
	return noun
}

// speech parses a clause that was cut out for its verb of saying and holds the
// parse to what is known: the verb is the root and the noun before it, or behind
// it where nothing stands before, its subject.
func (p *parser) speech(cut *Sentence) {
	t := p.t
	verb := cut.Cue[0]
	lemma, xpos := t.Tokens[verb].Lemma, t.Tokens[verb].XPOS
	p.sentence(cut)
	v := &t.Tokens[verb]
	if cut.Root != verb {
		if old := &t.Tokens[cut.Root]; v.Head >= 0 {
			old.Head, old.Rel = verb, "dep"
		}
		cut.Root = verb
	}
	v.UPOS, v.XPOS, v.Lemma, v.Head, v.Rel = "VERB", xpos, lemma, -1, "root"
	subj := -1
	for _, i := range cut.Tokens {
		if x := &t.Tokens[i]; x.Head == verb && x.Rel == "nsubj" && nounTag(x.UPOS) {
			// A number read as a second subject counts the first.
			for _, k := range cut.Tokens {
				if k < i && t.Tokens[k].Head == verb && t.Tokens[k].Rel == "nsubj" {
					t.Tokens[k].Head, t.Tokens[k].Rel = i, "nummod"
				}
			}
			return
		}
		if i < verb && nounTag(t.Tokens[i].UPOS) && (subj < 0 || t.Tokens[subj].Rel != "nmod") && t.Tokens[i].Rel != "nmod" && t.Tokens[i].Rel != "flat" && t.Tokens[i].Rel != "compound" && t.Tokens[i].Rel != "nmod:poss" && t.Tokens[i].Rel != "appos" {
			subj = i
		}
	}
	for _, i := range cut.Tokens {
		if subj < 0 && nounTag(t.Tokens[i].UPOS) && i != verb {
			subj = i
		}
	}
	if subj < 0 {
		// A name read as a verb: "Norrow Shipping denies".
		for _, i := range cut.Tokens {
			if i < verb && startsUpper(t.Tokens[i].Text) {
				subj = i
			}
		}
		if subj < 0 {
			return
		}
		t.Tokens[subj].UPOS, t.Tokens[subj].XPOS = "PROPN", "NNP"
	}
	// No loop: whatever stood above the noun below the verb now hangs on the verb.
	for i, n := t.Tokens[subj].Head, 0; i >= 0 && i != verb && n < len(cut.Tokens); n++ {
		next := t.Tokens[i].Head
		t.Tokens[i].Head = subj
		if t.Tokens[i].Rel == "nsubj" || t.Tokens[i].Rel == "root" || t.Tokens[i].Rel == "dep" {
			t.Tokens[i].Rel = "compound"
		}
		i = next
	}
	t.Tokens[subj].Head, t.Tokens[subj].Rel = verb, "nsubj"
}

// speechClause finds the bounds [lo, hi) of the clause round the verb at toks[v]:
// its comma in front, its subject, what belongs to the verb, up to the full stop
// or the comma behind.
func speechClause(t *Text, toks []int, v int) (lo, hi int, ok bool) {
	at := func(k int) *Token { return &t.Tokens[toks[k]] }
	// Behind the verb: no clause of its own.
	hi = v + 1
	inverted := at(v-1).Text == "," && hi < len(toks) && nominalTag(at(hi).UPOS) && at(hi).Lower != "that"
	for hi < len(toks) && hi-v <= maxSpeech {
		x := at(hi)
		if x.Text == "." || x.Text == "!" || x.Text == "," || x.Text == ";" {
			break
		}
		if hangs(t, toks, hi) {
			hi++
			continue
		}
		if x.UPOS == "VERB" || x.UPOS == "AUX" || x.UPOS == "SCONJ" || x.Text == ":" || x.Lower == "that" || x.UPOS == "CCONJ" {
			return 0, 0, false
		}
		hi++
	}
	if hi-v > maxSpeech {
		return 0, 0, false
	}
	if hi < len(toks) && at(hi).Text == "," {
		hi++ // in the middle of the sentence: the comma behind goes too
		if hi >= len(toks) {
			return 0, 0, false
		}
	}
	if lo, ok := subjectBefore(t, toks, v); ok {
		return lo, hi, true
	}
	if inverted {
		hi = apposedEnd(t, toks, hi)
	}
	return v - 1, hi, inverted && v-1 >= 3 && at(v).Lemma != "tell"
}

// subjectBefore finds the comma in front of the subject of the verb at toks[v].
func subjectBefore(t *Text, toks []int, v int) (comma int, ok bool) {
	at := func(k int) *Token { return &t.Tokens[toks[k]] }
	// Before it: adverbs, then one noun phrase, or two set off by commas.
	k := v - 1
	for k > 0 && (at(k).UPOS == "ADV" || at(k).UPOS == "AUX" && at(k).Lower != "is" && at(k).Lower != "was") {
		k--
	}
	phrases := 1
	if at(k).Text == "," {
		phrases = 2
		k--
	}
	for n := 0; k >= 0 && n < maxSpeech; k, n = k-1, n+1 {
		x := at(k)
		if x.Text == "," {
			if phrases--; phrases == 0 {
				break
			}
			continue
		}
		if hangs(t, toks, k) {
			continue
		}
		if !nominalTag(x.UPOS) && x.UPOS != "ADP" && x.UPOS != "PART" && x.Text != "-" && x.Text != "(" && x.Text != ")" && x.Text != "." || relativeTag(x.XPOS) {
			return 0, false
		}
	}
	least := 3
	if v+1 < len(toks) && at(v+1).Text == "," {
		least = 1 // "Still, Marlo said, …": commas on both sides
	}
	return k, k >= least && at(k).Text == "," && k < v-1
}

// apposedEnd moves the end of "…, said Ana Moss," over an apposition that goes on
// to the end of the sentence: "…, the head of the port, who was there".
func apposedEnd(t *Text, toks []int, hi int) int {
	if hi >= len(toks) || t.Tokens[toks[hi-1]].Text != "," || !nominalTag(t.Tokens[toks[hi]].UPOS) {
		return hi
	}
	for k := hi; k < len(toks); k++ {
		x := &t.Tokens[toks[k]]
		if relativeTag(x.XPOS) {
			return len(toks) // whatever follows is about the noun
		}
		if (x.UPOS == "VERB" && x.XPOS != "VBG" && x.XPOS != "VBN") || x.UPOS == "AUX" {
			return hi
		}
	}
	return len(toks)
}

// hangs: toks[k] is a participle that only tells more of the noun before it:
// "people briefed on the matter", "a note seen by the agency".
func hangs(t *Text, toks []int, k int) bool {
	if k < 1 || k+1 >= len(toks) || t.Tokens[toks[k]].XPOS != "VBN" && t.Tokens[toks[k]].XPOS != "VBD" || t.Tokens[toks[k+1]].UPOS != "ADP" {
		return false
	}
	u := t.Tokens[toks[k-1]].UPOS
	return (u == "NOUN" || u == "PROPN") && !cueLemmas[t.Tokens[toks[k]].Lemma]
}

// leadsIn: a quotation follows right behind a clause that ends with token last,
// and what stands before it is no statement: "In an interview, she said, “…”"
// reports the quotation only.
func leadsIn(t *Text, s *Sentence, lo, last int) bool {
	next := false
	for _, q := range s.Holes {
		if mark := t.Quotes[q].First - 1; mark > last && mark <= last+2 {
			next = true
		}
	}
	if !next {
		return false
	}
	if x := &t.Tokens[s.Tokens[0]]; x.UPOS == "SCONJ" || x.UPOS == "ADP" || x.XPOS == "WRB" || x.XPOS == "VBN" || x.XPOS == "VBG" {
		return true
	}
	for _, i := range s.Tokens[:lo] {
		switch t.Tokens[i].XPOS {
		case "VBD", "VBZ", "VBP", "MD":
			return false
		}
	}
	return true
}

// outletsReport: "…, Gazzetta Orta report, …": a body takes a plural verb, which
// the tagger takes for a noun behind the name.
func outletsReport(t *Text, toks []int, v int) bool {
	if w := t.Tokens[toks[v]].Lower; w != "report" && w != "claim" && w != "say" || t.Tokens[toks[v]].UPOS != "NOUN" || v+1 >= len(toks) || t.Tokens[toks[v-1]].UPOS != "PROPN" {
		return false
	}
	if next := t.Tokens[toks[v+1]].Text; next != "," && next != "." {
		return false
	}
	k := v - 1
	for k > 0 && v-k < 5 && t.Tokens[toks[k]].UPOS == "PROPN" {
		k--
	}
	return t.Tokens[toks[k]].Text == "," && k > 2
}
