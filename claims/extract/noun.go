package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/secondsource/secondsource/claims"
)

// apposition tells "Bata, the largest city": Bata is the largest city.
func (r *reader) apposition(head, app int, who speech) {
	t := r.t
	a, b := r.phrase(head), r.phrase(app)
	inApp := map[int]bool{}
	for _, i := range b.toks {
		inApp[i] = true
	}
	a.toks = trimMarks(t, keep(a.toks, func(i int) bool { return !inApp[i] }))
	if len(a.toks) == 0 || len(b.toks) < 2 || t.Tokens[head].UPOS == "PRON" {
		return
	}
	if t.Tokens[app].UPOS == "PROPN" && t.Tokens[head].UPOS != "PROPN" {
		a, b = b, a // "its director, Ivo Lenk"
	}
	if b.head >= 0 && len(b.toks) < 2 && startsLarge(t.Word(b.head)) || strings.EqualFold(r.say(a.toks), r.say(b.toks)) {
		return // a heading ("Correction: Ana Dorn"), or one name twice
	}
	if isEvent(t.Tokens[head].Lemma) || isEvent(t.Tokens[app].Lemma) || r.entityAt(head) < 0 && r.entityAt(app) < 0 {
		return // an enumeration read as an apposition
	}
	if t.Tokens[b.head].UPOS != "NOUN" && t.Tokens[b.head].UPOS != "PROPN" || t.Tokens[a.head].UPOS == "NUM" {
		return
	}
	if t.Tokens[app].UPOS == "PROPN" && t.Tokens[head].UPOS == "PROPN" && t.Child(app, "det") < 0 {
		return // two names side by side: places, headings, bylines
	}
	verb := "is"
	if t.Tokens[a.head].XPOS == "NNS" || t.Tokens[a.head].XPOS == "NNPS" {
		verb = "are"
	}
	text := r.say(a.toks) + " " + verb + " " + lowerFirst(r.say(b.toks))
	c := claims.Claim{Text: text, Evidence: r.evidence(append(append([]int(nil), a.toks...), b.toks...)), Kind: claims.Event}
	c.Frame.Predicate = claims.Predicate{Lemma: "be"}
	c.Frame.Arguments = []claims.Argument{r.argument(claims.Agent, a, ""), r.argument(claims.Attribute, b, "")}
	c.Polarity, c.Modality = claims.Positive, claims.Asserted
	r.emit(c, who, 0.6)
}

func startsLarge(w string) bool {
	c, _ := utf8.DecodeRuneInString(w)
	return unicode.IsUpper(c)
}

// nominal tells an event that a noun names: "the killing of X" says that X was
// killed, in the voice of whoever uses it.
func (r *reader) nominal(i, clause int, who speech, subj np) {
	t := r.t
	lemma := t.Tokens[i].Lemma
	verb, ok := eventNouns[lemma]
	if !ok || r.done[i] || t.Tokens[i].Rel == "compound" {
		return
	}
	if t.Child(i, "mark", "cop") >= 0 || r.denying(i) || verb == "" && standing[lemma] {
		return
	}
	// Indefinite or counted, the noun presupposes nothing by itself.
	definite := false
	var of, by, with, poss = -1, -1, -1, -1
	for _, c := range t.Children(i) {
		w := t.Tokens[c].Lower
		switch t.Tokens[c].Rel {
		case "det":
			definite = definite || w == "the" || w == "this" || w == "that"
			if w == "no" || w == "any" || w == "every" {
				return
			}
		case "nmod:poss":
			definite, poss = true, c
		case "nmod":
			if k := t.Child(c, "case"); k >= 0 {
				switch t.Tokens[k].Lower {
				case "of":
					of = c
				case "by":
					by = c
				case "with":
					with = c
				case "on", "in", "against", "at":
				}
			}
		}
	}
	light := clause >= 0 && t.Tokens[i].Head == clause && t.Tokens[i].Rel == "obj" && lightVerbs[t.Tokens[clause].Lemma]
	subject := t.Tokens[i].Rel == "nsubj" || t.Tokens[i].Rel == "nsubj:pass" || t.Tokens[i].Rel == "obl:agent"
	if light || (!definite && !subject && of < 0 && poss < 0) {
		return
	}
	p := r.phrase(i)
	if len(p.toks) < 2 || subject && of < 0 && by < 0 && poss < 0 && with < 0 {
		return // the clause that it is the subject of says what there is to say
	}
	if patient := verb != "" && (of >= 0 || poss >= 0); !patient && t.Child(i, "nmod", "nmod:poss") < 0 {
		return // "the vote": nothing is said of it
	}
	r.done[i] = true
	c := claims.Claim{Kind: claims.Event, Polarity: claims.Positive, Modality: claims.Asserted, Evidence: r.evidence(p.toks)}
	c.Frame.Predicate = claims.Predicate{Lemma: lemma, Span: t.Tokens[i].Span, Nominal: true}
	patient := of
	if patient < 0 && poss >= 0 && verb != "" {
		patient = poss
	}
	switch {
	case verb != "" && patient >= 0:
		who2 := r.phrase(patient)
		rest := r.without(p.toks, patient, i)
		be := "was "
		if t.Tokens[patient].XPOS == "NNS" || t.Tokens[patient].XPOS == "NNPS" || t.Child(patient, "conj") >= 0 {
			be = "were "
		}
		v, role := be+verb, claims.Patient
		if verb[0] == '^' {
			v, role = verb[1:], claims.Agent
		}
		c.Text = unpossessed(r.say(who2.toks)) + " " + v
		if len(rest) > 0 {
			c.Text += " " + r.say(rest)
		}
		c.Frame.Arguments = append(c.Frame.Arguments, r.argument(role, who2, ""))
		if by >= 0 {
			c.Frame.Arguments = append(c.Frame.Arguments, r.argument(claims.Agent, r.phrase(by), ""))
		}
	case with >= 0 && subj.ok() && t.Tokens[i].Rel != "nsubj":
		c.Text = r.say(subj.toks) + " had " + r.indefinite(p.toks)
		c.Frame.Arguments = append(c.Frame.Arguments, r.argument(claims.Agent, subj, ""), r.argument(claims.Partner, r.phrase(with), "with"))
	default:
		// The modifiers of the phrase stay arguments: on what, where, by whom.
		c.Text = r.say(p.toks) + " took place"
		if poss >= 0 {
			c.Frame.Arguments = append(c.Frame.Arguments, r.argument(claims.Agent, r.phrase(poss), ""))
		}
		for _, k := range t.Children(i) {
			if t.Tokens[k].Rel == "nmod" {
				if cs := t.Child(k, "case"); cs >= 0 && !r.inTime(k) {
					role := claims.Oblique
					if t.Tokens[cs].Lower == "of" {
						role = claims.Patient
					}
					c.Frame.Arguments = append(c.Frame.Arguments, r.argument(role, r.phrase(k), t.Tokens[cs].Lower))
				}
			}
			if t.Tokens[k].Rel == "amod" || t.Tokens[k].Rel == "compound" {
				c.Frame.Arguments = append(c.Frame.Arguments, r.argument(claims.Oblique, r.phrase(k), ""))
			}
		}
	}
	r.circumstances(&c, p.toks)
	r.emit(c, who, 0.55)
}

// standing are nouns of events that last or are agreed on: to name one says not
// that it took place.
var standing = words("truce ceasefire merger takeover talk talks call vote")

// denying: the noun is what somebody denies, or what did not happen.
func (r *reader) denying(i int) bool {
	h := r.t.Tokens[i].Head
	if h < 0 {
		return false
	}
	l := r.t.Tokens[h].Lemma
	if rel := r.t.Tokens[i].Rel; (rel == "nmod" || rel == "acl") && unreal[l] {
		return true
	}
	if cueVerbs[l] == denies || cueVerbs[l] == demands || cueVerbs[l] == plans || l == "avoid" || l == "prevent" || l == "avert" || l == "lack" || l == "call" {
		return r.t.Tokens[i].Rel == "obj" || r.t.Tokens[i].Rel == "obl" || r.t.Tokens[i].Rel == "xcomp"
	}
	return r.negated(h)
}

// unpossessed is a name without the mark of the possessive.
func unpossessed(s string) string {
	for _, mark := range [...]string{"'s", "’s", "'", "’"} {
		if cut, ok := strings.CutSuffix(s, mark); ok {
			return cut
		}
	}
	return s
}

// unreal nouns speak of what has not come about, or what nobody vouches for:
// "calls for her resignation", "reports of his death".
var unreal = words("call demand request plea appeal plan proposal bid attempt threat fear risk danger possibility prospect chance likelihood hope offer allegation accusation claim report rumour rumor " +
	"suggestion denial ban lack absence prevention option deadline petition motion campaign question discussion")

// without is the phrase less the subtree under drop, its preposition, the head
// noun and the articles before it.
func (r *reader) without(toks []int, drop, head int) []int {
	cut := map[int]bool{head: true}
	for _, i := range append(r.t.Subtree(drop, nil), r.phrase(drop).toks...) {
		cut[i] = true
	}
	var out []int
	for _, i := range toks {
		tok := &r.t.Tokens[i]
		if cut[i] || i < head && (tok.Head == head || tok.Rel == "det") || tok.Rel == "case" && cut[tok.Head] {
			continue
		}
		out = append(out, i)
	}
	return out
}
