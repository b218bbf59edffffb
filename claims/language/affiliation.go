package language

import (
	"slices"
	"strings"
)

// descriptors are the common nouns that tell what kind of body a name beside
// them names: "the brewer Orta Group", "Orta Systems, a supplier".
var descriptors = set("maker manufacturer firm company supplier lessor lender operator airline carrier airport blog site website magazine newspaper broadcaster portal " +
	"weekly daily charity club team index pollster retailer brewer builder shipbuilder yard shipyard contractor insurer hospital museum university regulator " +
	"watchdog union ngo agency institute laboratory startup start-up group collective crew gang militia bank consultancy publisher developer producer refiner " +
	"port utility railway brokerage exchange exporter importer network platform outlet wire party nonprofit organisation organization chain studio label")

// anyBody are the nouns that can stand for whatever body was spoken of last.
var anyBody = set("company firm group organisation organization body mission maker operator")

// kindOfBody: the common noun tells what kind of body something is.
func kindOfBody(w string) bool {
	return descriptors[w] || concerns[w] || anyBody[w] || making(w)
}

// GenericBody tells whether a source's name is a common noun for a body and nothing
// that tells which one: "the company", "airline".
func GenericBody(name string) bool {
	w, more, _ := strings.Cut(strings.TrimPrefix(strings.ToLower(name), "the "), " ")
	return more == "" && kindOfBody(w) && name == strings.ToLower(name)
}

// kinds mends what a name was taken for by what stands beside it, and notes what
// a body is called.
func kinds(t *Text) {
	for m := range t.Mentions {
		x := &t.Mentions[m]
		e := &t.Entities[x.Entity]
		if x.Pronoun || x.Adjective || e.Kind == Person && len(e.Titles) > 0 || e.Kind == Place && CountryOf(e.Name) != "" {
			continue
		}
		call, body := t.calledBeside(x)
		if call != "" && !contains(e.Titles, call) {
			e.Titles = append(e.Titles, call)
		}
		if body || innerCapital(e.Name) {
			e.Kind = Body
		}
	}
}

// calledBeside is the descriptor that stands right before a name or in
// apposition to it, and whether what stands there makes it a body's name.
func (t *Text) calledBeside(m *Mention) (call string, body bool) {
	s := t.Tokens[m.Head].Sentence
	at := func(i int) string {
		if i < 0 || i >= len(t.Tokens) || t.Tokens[i].Sentence != s {
			return ""
		}
		return t.Tokens[i].Lower
	}
	if w := at(m.Run[0] - 1); descriptors[w] || concerns[w] || making(w) {
		return w, true
	}
	// "a supplier, Orta Systems"
	if w := at(m.Run[0] - 2); at(m.Run[0]-1) == "," && descriptors[w] && t.Tokens[m.Head].Rel == "appos" && t.Tokens[m.Head].Head == m.Run[0]-2 {
		return w, true
	}
	i := m.Run[1]
	if at(i) != "," {
		return "", false
	}
	switch at(i + 1) {
	case "which":
		return "", true
	case "a", "an", "the", "its", "their", "another":
		for k := i + 2; k < i+8 && at(k) != "" && at(k) != "," && at(k) != "of" && at(k) != "who"; k++ {
			if descriptors[at(k)] && !descriptors[at(k+1)] && at(k+1) != "'s" && t.Tokens[k].UPOS == "NOUN" && (k+1 >= len(t.Tokens) || t.Tokens[k+1].UPOS != "NOUN") {
				return at(k), true
			}
		}
	}
	return "", false
}

// innerCapital: "OrtaSoft" is no person's name; "McKay" and "DeLong" may be.
func innerCapital(name string) bool {
	for w := range strings.FieldsSeq(name) {
		for i := 3; i < len(w); i++ {
			if w[i] >= 'A' && w[i] <= 'Z' && w[i-1] >= 'a' && w[i-1] <= 'z' && i > 3 || i == 3 && w[i] >= 'A' && w[i] <= 'Z' && w[i-1] >= 'a' && w[i-1] <= 'z' && !strings.HasPrefix(w, "Mac") {
				return true
			}
		}
	}
	return false
}

// affiliation reads the body that a name or a title ties a person to: "Colonel
// Verik of the Zenda Police", and for roles that always are somebody's ("chief
// executive Mira Sund") the body last spoken of.
func affiliation(t *Text) {
	last := -1 // the last body mentioned
	spoken := t.spoken()
	for m := range t.Mentions {
		x := &t.Mentions[m]
		e := &t.Entities[x.Entity]
		if e.Kind == Body || (e.Kind == Unknown || e.Kind == Thing) && !x.Pronoun && (last < 0 || t.Entities[last].Kind != Body) {
			last = x.Entity // a name of unknown kind only while no body was named
		}
		if e.Kind != Person || e.Body != "" || x.Pronoun || x.Described {
			continue
		}
		if m+1 < len(t.Mentions) {
			next := &t.Mentions[m+1]
			if b := &t.Entities[next.Entity]; b.Kind == Body && tied(t, x.Run[1], next.Run[0]) {
				e.Body = b.Name
				continue
			}
		}
		if b := t.roleBefore(m); b != "" {
			e.Body = b
			continue
		}
		if b := t.commonBody(x); b != "" {
			e.Body = b
			continue
		}
		for _, title := range e.Titles {
			if e.Body == "" {
				e.Body = t.bodyOfOffice(strings.ToLower(title), x, spoken)
			}
			if last >= 0 && e.Body == "" && ownRole(strings.ToLower(title)) {
				e.Body = t.Entities[last].Name
			}
		}
	}
	for e := range t.Entities {
		t.nameBody(&t.Entities[e])
	}
}

// commonBody reads the body that a common noun behind a name ties it to:
// "Colonel Verik of the district police".
func (t *Text) commonBody(m *Mention) string {
	i := m.Run[1]
	s := t.Tokens[m.Head].Sentence
	if i+1 >= len(t.Tokens) || s < 0 || t.Tokens[i].Sentence != s {
		return ""
	}
	switch t.Tokens[i].Lower {
	case "of", "from", "at", "for", "with":
	default:
		return ""
	}
	lo := i + 1
	if t.Tokens[lo].Lower == "the" {
		lo++
	}
	for k := lo; k < lo+4 && k < len(t.Tokens) && t.Tokens[k].Sentence == s; k++ {
		u := t.Tokens[k].UPOS
		if u != "NOUN" && u != "ADJ" || capital(t, k) {
			return ""
		}
		if bodyWords[t.Tokens[k].Lower] && (k+1 >= len(t.Tokens) || t.Tokens[k+1].UPOS != "NOUN") {
			return t.TokenSpan(lo, k).Of(t.Raw)
		}
	}
	return ""
}

// roleBefore reads the body in the role that a name explains: "the head of Orta
// Rescue, Ana Moss", "the port's spokesman, Jon Halm", "its secretary, Eva Lind".
func (t *Text) roleBefore(m int) string {
	x := &t.Mentions[m]
	comma := x.Run[0] - 1
	if comma < 2 || t.Tokens[comma].Text != "," || t.Tokens[comma].Sentence != t.Tokens[x.Head].Sentence {
		return ""
	}
	role := -1
	for i := comma - 1; i >= 0 && i > comma-10 && t.Tokens[i].Sentence == t.Tokens[comma].Sentence && t.Tokens[i].Text != ","; i-- {
		if w := t.Tokens[i].Lower; (bodyRoles[w] || w == "executive") && t.Tokens[i].UPOS != "VERB" && role < 0 && w != "president" {
			role = i
		}
	}
	if role < 0 {
		return ""
	}
	if w := t.Tokens[role+1].Lower; role+1 < comma && (w == "of" || w == "for" || w == "at") {
		return t.bodyIn(m, role+2, comma)
	}
	if role+1 < comma {
		return ""
	}
	// Before it: "the port's chief", "its secretary".
	for i := role - 1; i >= 0 && i > role-6 && t.Tokens[i].Sentence == t.Tokens[comma].Sentence; i-- {
		switch t.Tokens[i].Lower {
		case "'s", "'":
			lo := i
			for lo > 0 && lo > i-5 && (t.Tokens[lo-1].UPOS == "PROPN" || t.Tokens[lo-1].UPOS == "NOUN" || t.Tokens[lo-1].UPOS == "ADJ") && t.Tokens[lo-1].Sentence == t.Tokens[comma].Sentence {
				lo--
			}
			return t.bodyIn(m, lo, i)
		case "its", "their":
			for k := m - 1; k >= 0 && k > m-maxLookup; k-- {
				if t.Entities[t.Mentions[k].Entity].Kind == Body && t.Tokens[t.Mentions[k].Head].Sentence >= t.Tokens[comma].Sentence-2 && t.Mentions[k].Head < i {
					return t.Entities[t.Mentions[k].Entity].Name
				}
			}
			return ""
		}
		if t.Tokens[i].UPOS == "VERB" || t.Tokens[i].UPOS == "ADP" {
			break
		}
	}
	return ""
}

// bodyIn is the body that the tokens [lo, hi) right before mention m name or
// describe; "" where they name a person or a place.
func (t *Text) bodyIn(m, lo, hi int) string {
	for lo < hi && (t.Tokens[lo].Lower == "the" || t.Tokens[lo].Lower == "a") {
		lo++
	}
	if lo >= hi {
		return ""
	}
	for k := m - 1; k >= 0 && k > m-6; k-- {
		x := &t.Mentions[k]
		if x.Tokens[0] >= lo && x.Tokens[1] <= hi && x.Tokens[1]-x.Tokens[0] >= (hi-lo+1)/2 && !x.Adjective {
			if e := &t.Entities[x.Entity]; e.Kind != Place && (e.Kind != Person || len(e.Titles) == 0) {
				return e.Name
			}
		}
	}
	if w := t.Tokens[hi-1].Lower; (bodyWords[w] || descriptors[w]) && hi-lo <= 4 {
		return t.TokenSpan(lo, hi-1).Of(t.Raw)
	}
	return ""
}

// offices are the offices whose bearer speaks for a body that the text names or
// describes elsewhere: a judge for the court, an inspector for the police.
var offices = []struct {
	titles map[string]bool
	body   []string // words that the body's name holds
	alone  bool     // they name it by themselves: "the police"
}{
	{set("judge justice magistrate"), []string{"court"}, false},
	{set("detective inspector superintendent constable sergeant"), []string{"police"}, true},
	{set("minister"), []string{"ministry"}, false},
	{set("governor"), []string{"central", "bank"}, true},
	{set("chancellor"), []string{"chancellery"}, true},
	{set("president"), []string{"presidency"}, true},
	{set("commissioner"), []string{"office"}, false},
}

// bodyOfOffice is the body that an office names without naming it.
func (t *Text) bodyOfOffice(title string, m *Mention, spoken []bool) string {
	f := strings.Fields(title)
	for n := range offices {
		o := &offices[n]
		held := false
		for _, w := range f {
			held = held || o.titles[w]
		}
		if !held || contains(f, "prime") || contains(f, "former") || contains(f, "vice") {
			continue
		}
		// The body last named before, else the first after.
		for e := m.Entity; e >= 0 && e > m.Entity-maxLookup; e-- {
			if t.Entities[e].Kind != Person && holdsAll(t.Entities[e].Name, o.body) {
				return t.Entities[e].Name
			}
		}
		for e := m.Entity + 1; e < len(t.Entities) && e < m.Entity+maxLookup; e++ {
			if t.Entities[e].Kind != Person && holdsAll(t.Entities[e].Name, o.body) {
				return t.Entities[e].Name
			}
		}
		if o.alone && spoken[n] {
			return strings.Join(o.body, " ")
		}
	}
	return ""
}

func holdsAll(name string, ws []string) bool {
	f := strings.Fields(strings.ToLower(name))
	for _, w := range ws {
		if !contains(f, w) {
			return false
		}
	}
	return true
}

// spoken are the offices' bodies that the text speaks of in common nouns.
func (t *Text) spoken() []bool {
	out := make([]bool, len(offices))
	for i := range t.Tokens {
		for o := range offices {
			ws := offices[o].body
			if i+len(ws) <= len(t.Tokens) && t.Tokens[i].Lower == ws[0] && t.Tokens[i+len(ws)-1].Lower == ws[len(ws)-1] {
				out[o] = true
			}
		}
	}
	return out
}

// nameBody puts the name of a body for the common noun that a person was said to
// speak for: "commission chair" for the commission named before.
func (t *Text) nameBody(p *Entity) {
	if p.Kind != Person || p.Body == "" || p.First >= len(t.Mentions) {
		return
	}
	f := strings.Fields(p.Body)
	if slices.ContainsFunc(f, startsUpper) {
		return
	}
	noun := strings.ToLower(f[len(f)-1])
	fallback := ""
	for m := p.First; m >= 0 && m > p.First-maxLookup; m-- {
		e := &t.Entities[t.Mentions[m].Entity]
		if e.Kind == Person {
			continue
		}
		if e.is(noun) {
			p.Body = e.Name
			return
		}
		if fallback == "" && e.Kind == Body {
			fallback = e.Name
		}
	}
	if anyBody[noun] && fallback != "" {
		p.Body = fallback
	}
}

// tied: only "of", "from", "at" or "for" and an article stand between two names.
func tied(t *Text, a, b int) bool {
	if b-a < 1 || b-a > 2 {
		return false
	}
	switch t.Tokens[a].Lower {
	case "of", "from", "at", "for", "with":
		return b-a == 1 || t.Tokens[a+1].Lower == "the"
	}
	return false
}

// ownRole: a title that says whose voice its bearer is without naming it.
func ownRole(title string) bool {
	for _, w := range [...]string{"spokesman", "spokeswoman", "spokesperson", "chief executive", "ceo", "general secretary", "secretary-general",
		"managing director", "chief prosecutor", "press secretary", "chairman", "chairwoman"} {
		if strings.HasSuffix(title, w) {
			return true
		}
	}
	return false
}

// apposition reads what stands beside a name: "Mira Sund, the player's agent",
// "its director, Ivo Lenk", "his Ruritanian counterpart, Ana Dorn",
// "Eva Lind, secretary of the union".
func apposition(t *Text) {
	head := map[int]int{} // head token -> mention
	for m := range t.Mentions {
		head[t.Mentions[m].Head] = m
	}
	for i := range t.Tokens {
		tok := &t.Tokens[i]
		if tok.Rel != "appos" || tok.Head < 0 {
			continue
		}
		m, ok := head[i]
		noun := tok.Head
		if !ok {
			if m, ok = head[tok.Head]; !ok {
				continue
			}
			noun = i
		}
		e := &t.Entities[t.Mentions[m].Entity]
		if e.Kind != Person || t.Tokens[noun].UPOS == "PROPN" && !titles[t.Tokens[noun].Lower] {
			continue
		}
		role := t.Tokens[noun].Lower
		for _, c := range t.Children(noun) {
			w := t.Tokens[c].Text
			if (t.Tokens[c].Rel == "amod" || t.Tokens[c].Rel == "compound") && isDemonym(w) && e.Country == "" {
				e.Country = CountryOf(w)
				if role == "counterpart" {
					e.Titles = append(e.Titles, w+" counterpart")
				}
			}
		}
		if !contains(e.Titles, role) && (titles[role] || bodyRoles[role]) {
			e.Titles = append(e.Titles, role)
		}
		if e.Body == "" && bodyRoles[role] && role != "president" {
			if c := t.Child(noun, "nmod", "nmod:poss"); c >= 0 {
				if hm, ok := head[c]; ok && t.Entities[t.Mentions[hm].Entity].Kind != Person && (t.Entities[t.Mentions[hm].Entity].Kind != Place || t.Mentions[hm].Described) {
					e.Body = t.Entities[t.Mentions[hm].Entity].Name
				} else if w := t.Tokens[c].Lower; !ok && (bodyWords[w] || descriptors[w]) {
					e.Body = t.TokenSpan(c, c).Of(t.Raw)
					if k := t.Child(c, "compound", "nmod:poss", "amod"); k >= 0 && k < c && capital(t, k) {
						e.Body = t.TokenSpan(k, c).Of(t.Raw) // "Orta airport's chief executive"
					}
				}
			}
		}
	}
}
