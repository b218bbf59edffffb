package language

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// titles stand before a person's name.
var titles = set("president minister premier chancellor king queen prince princess emperor sheikh emir sultan pope archbishop bishop cardinal imam ayatollah " +
	"rabbi reverend father sister mr mr. mrs mrs. ms ms. dr dr. prof prof. professor sir lord lady dame general gen gen. colonel col col. captain capt capt. major maj maj. " +
	"lieutenant lt lt. sergeant sgt sgt. admiral adm adm. commander cmdr cmdr. governor gov gov. senator sen sen. representative rep rep. congressman congresswoman " +
	"mayor councillor deputy vice-minister secretary spokesman spokeswoman spokesperson director chief chairman chairwoman chairperson chair head leader " +
	"ambassador envoy judge justice attorney prosecutor sheriff inspector superintendent constable officer commissioner marshal coach captain actor actress singer " +
	"author professor pastor speaker vice prime foreign interior defence defense finance justice grand supreme former acting press union secretary-general general-secretary mp " +
	"fisherman teacher lawyer reporter correspondent analyst economist researcher scientist striker winger midfielder goalkeeper manager owner founder ceo executive investigator engineer astronomer scholar lecturer curator consultant strategist prosecutor detective")

// bodyRoles are titles by which a person speaks for a body named beside them.
var bodyRoles = set("spokesman spokeswoman spokesperson minister secretary director chief head chairman chairwoman chairperson chair president " +
	"commissioner ceo vice-minister governor mayor commander superintendent secretary-general manager officer")

// names finds the names of people, bodies and places with their titles, and
// files each under an entity.
func names(t *Text) {
	for s := range t.Sentences {
		toks := t.Sentences[s].Tokens
		for k := 0; k < len(toks); {
			n := nameRun(t, toks, k)
			if n == 0 {
				k++
				continue
			}
			fileName(t, toks, k, n)
			k += n
		}
	}
}

func capital(t *Text, i int) bool {
	w := t.Tokens[i].Text
	return startsUpper(w) || (w[0] == '@' && len(w) > 1)
}

// nameRun is the length in tokens of a name that starts at toks[k], titles
// included, or 0.
func nameRun(t *Text, toks []int, k int) int {
	if !nameToken(t, toks, k) {
		return 0
	}
	n := 1
	for k+n < len(toks) {
		i := toks[k+n]
		w := t.Tokens[i].Lower
		switch {
		case nameToken(t, toks, k+n) && !newNameAfter(t, toks, k, n):
			n++
		case (w == "-" || w == "/") && t.Tokens[i].Glued && k+n+1 < len(toks) && t.Tokens[toks[k+n+1]].Glued && capital(t, toks[k+n+1]):
			n += 2
		case w == "of" || w == "for":
			j := k + n + 1
			if j < len(toks) && t.Tokens[toks[j]].Lower == "the" {
				j++
			}
			prev := t.Tokens[toks[k+n-1]].Lower
			if j < len(toks) && nameToken(t, toks, j) && (bodyWords[prev] || titles[prev] || ofNames[prev]) && (w != "for" || !titles[prev]) {
				n = j - k + 1
				continue
			}
			return n
		case w == "and" && k+n+1 < len(toks) && nameToken(t, toks, k+n+1) && joinedBody(t, toks, k, n):
			n += 2
		case w == "'" && t.Tokens[i].Glued && k+n+1 < len(toks) && bodyWords[t.Tokens[toks[k+n+1]].Lower] && capital(t, toks[k+n+1]) && strings.HasSuffix(t.Tokens[toks[k+n-1]].Lower, "s"):
			n += 2 // "the Teachers' Union"
		case w == "'s" && k+n+1 < len(toks) && capital(t, toks[k+n+1]) && bodyAhead(t, toks, k+n+1) && (CountryOf(t.Tokens[toks[k+n-1]].Text) != "" || t.Tokens[toks[k+n-1]].Lower == "minister" || t.Tokens[toks[k+n-1]].UPOS == "PROPN"):
			// "Russia's Foreign Ministry", "the Prime Minister's Office"
			n += 2
		default:
			return n
		}
	}
	return n
}

var ofNames = set("republic kingdom gulf bay isle state states city university house port province institute bank church lake mount leader " +
	"board chamber college union federation secretary grace army people's democratic")

// joinedBody: "Foreign and Commonwealth Office".
func joinedBody(t *Text, toks []int, k, n int) bool {
	for j := k + n + 1; j < len(toks) && j < k+n+4; j++ {
		if !capital(t, toks[j]) {
			return false
		}
		if bodyWords[t.Tokens[toks[j]].Lower] {
			return t.Tokens[toks[k]].Lower != "the" && !bodyWords[t.Tokens[toks[k+n-1]].Lower] && t.Tokens[toks[k+n-1]].UPOS != "PROPN"
		}
	}
	return false
}

func bodyAhead(t *Text, toks []int, j int) bool {
	for k := j; k < len(toks) && k < j+4 && capital(t, toks[k]); k++ {
		if bodyWords[t.Tokens[toks[k]].Lower] {
			return true
		}
	}
	return false
}

// nameToken tells whether toks[k] can be part of a name.
func nameToken(t *Text, toks []int, k int) bool {
	tok := &t.Tokens[toks[k]]
	if !capital(t, toks[k]) || k == 0 && opensName(t, toks) {
		return false
	}
	switch tok.UPOS {
	case "PROPN":
		_, day := weekdays[tok.Lower]
		return !day && monthFullName(tok.Lower) == 0
	case "PRON", "DET", "ADP", "CCONJ", "SCONJ", "AUX", "PUNCT", "INTJ", "PART", "NUM", "ADV":
		return false
	case "VERB":
		return k > 0 && k+1 < len(toks) && t.Tokens[toks[k-1]].UPOS == "PROPN" && capital(t, toks[k-1])
	}
	if isDemonym(tok.Text) {
		return true
	}
	// A capitalised common word inside a sentence, or at its start before
	// another capital ("Foreign Ministry", "Police Commissioner Lee").
	if k == 0 && toks[0] > 0 && t.Tokens[toks[0]-1].Text == "," {
		return true // the front of a clause that was cut out of its sentence
	}
	if k > 0 {
		p := t.Tokens[toks[k-1]].Text
		return p != ":" && p != "-" && p != "—"
	}
	return k+1 < len(toks) && capital(t, toks[k+1]) && (titles[tok.Lower] || bodyWords[tok.Lower] || bodyWords[t.Tokens[toks[k+1]].Lower])
}

func monthFullName(w string) int {
	if len(w) < 4 {
		return 0
	}
	return monthOf(w)
}

// newNameAfter: a run ends where a new name begins: after a possessive, or when
// an all-new titled name follows a finished one.
func newNameAfter(t *Text, toks []int, k, n int) bool {
	return t.Tokens[toks[k+n]].Text[0] == '@'
}

// fileName splits a run into titles and name and files the mention.
func fileName(t *Text, toks []int, k, n int) {
	if i := toks[k]; n == 1 && isDemonym(t.Tokens[i].Text) {
		// "Iranian territory" is no participant, but "its" may mean Iran.
		e := t.entity(CountryOf(t.Tokens[i].Text), Place)
		adj := t.Tokens[i].Rel == "amod" || t.Tokens[i].UPOS == "ADJ"
		t.Mentions = append(t.Mentions, Mention{Tokens: [2]int{i, i + 1}, Run: [2]int{i, i + 1}, Head: i, Entity: e, Adjective: adj})
		return
	}
	// Titles and adjectives of countries first, then the name.
	nameAt := 0
	var ts []string
	body := false
	for j := range n {
		body = body || bodyWords[t.Tokens[toks[k+j]].Lower]
	}
	last := t.Tokens[toks[k+n-1]].Lower
	country, bodyOf := "", ""
	if !body || titledPerson(t, toks, k, n) {
		nameAt = nameStart(t, toks, k, n)
		for j := range nameAt {
			w := t.Word(toks[k+j])
			if c := CountryOf(w); c != "" {
				country = c
			}
			ts = append(ts, w)
		}
	}
	// Lower-case roles before the run: "union secretary Eva Lind",
	// "spokesman Capt. Jon Halm".
	lead := 0
	for lead < 4 && k-lead-1 >= 0 && nameAt < n {
		tok := &t.Tokens[toks[k-lead-1]]
		if tok.UPOS != "NOUN" && tok.UPOS != "ADJ" && (lead <= 0 || tok.UPOS != "PROPN") || capital(t, toks[k-lead-1]) {
			break
		}
		if lead == 0 && (!titles[tok.Lower] || body && nameAt == 0) {
			break
		}
		ts = append([]string{tok.Text}, ts...)
		lead++
	}
	if nameAt >= n { // nothing but titles: "the Foreign Minister", "the President of Russia"
		if !bodyWords[last] {
			describe(t, toks, k, n, country)
			return
		}
		nameAt = 0
	}
	first, end := toks[k+nameAt], toks[k+n-1]
	name := t.TokenSpan(first, end).Of(t.Raw)
	name = strings.Join(strings.Fields(plain(name)), " ")
	kind := kindOf(t, toks, k, n, nameAt, len(ts) > 0, name)
	if len(ts) > 0 && kind == Person {
		bodyOf = bodyOfTitle(t, toks, k, lead, ts, country)
	}
	run := [2]int{toks[k-lead], end + 1}
	head := headOf(t, toks[k-lead], end)
	e := t.entity(name, kind)
	ent := &t.Entities[e]
	if len(ts) > 0 {
		title := strings.Join(ts, " ")
		if !contains(ent.Titles, title) {
			ent.Titles = append(ent.Titles, title)
		}
	}
	if ent.Country == "" {
		ent.Country = country
	}
	if ent.Body == "" {
		ent.Body = bodyOf
	}
	if t.Tokens[first].Text[0] == '@' {
		ent.Handle = name
	}
	// "African Union (AU)", "Orta News (@OrtaNews_)"
	if k+n+1 < len(toks) && t.Tokens[toks[k+n]].Text == "(" {
		in := t.Tokens[toks[k+n+1]].Text
		if in[0] == '@' && ent.Handle == "" {
			ent.Handle = in
		} else if len(in) >= 2 && strings.ToUpper(in) == in && acronymOf(in, name) {
			ent.Acronym = in
		}
	}
	t.Mentions = append(t.Mentions, Mention{Tokens: [2]int{first, end + 1}, Run: run, Head: head, Entity: e, Possess: possessive(t, toks, k+n)})
}

func possessive(t *Text, toks []int, k int) bool {
	return k < len(toks) && (t.Tokens[toks[k]].Lower == "'s" || t.Tokens[toks[k]].Lower == "'") && t.Tokens[toks[k]].Glued
}

// titledPerson: the run holds body words, but a title follows them and a name
// follows the title: "Coast Guard Captain Jon Halm".
func titledPerson(t *Text, toks []int, k, n int) bool {
	at := nameStart(t, toks, k, n)
	if at == 0 || at >= n {
		return false
	}
	for j := at; j < n; j++ {
		if bodyWords[t.Tokens[toks[k+j]].Lower] {
			return false
		}
	}
	prev := t.Tokens[toks[k+at-1]].Lower
	return titles[prev] && !titleDomains[prev]
}

// titleDomains are parts of titles that no name can follow directly: "Foreign
// Affairs" is no person called Affairs.
var titleDomains = set("foreign interior defence defense finance justice prime vice grand supreme former acting press union deputy")

// nameStart is the position behind the last title (and the country that belongs
// to it) in a run.
func nameStart(t *Text, toks []int, k, n int) int {
	at := 0
	titled := false
	for j := range n {
		w := t.Tokens[toks[k+j]].Lower
		switch {
		case titles[w]:
			at, titled = j+1, true
		case isDemonym(w) && j == at:
			at = j + 1
		case titled && j > at && CountryOf(w) != "" && ofBetween(t, toks, k+at, k+j):
			at = j + 1
		case titled && (w == "of" || w == "the"):
			// "Vice-Minister of Defence Ivo Lenk": the title's domain is one
			// word, the name what follows.
			if w == "of" && j+1 < n && n-j >= 4 && CountryOf(t.Tokens[toks[k+n-1]].Text) == "" && !ofNames[t.Tokens[toks[k+j+1]].Lower] && t.Tokens[toks[k+j+1]].Lower != "the" {
				at = j + 2
			}
		}
	}
	if !titled && at > 0 && at < n {
		// An adjective alone is no title: "Ruritanian Railways".
		return 0
	}
	return at
}

func ofBetween(t *Text, toks []int, a, b int) bool {
	for j := a; j < b; j++ {
		if t.Tokens[toks[j]].Lower == "of" {
			return true
		}
	}
	return false
}

// kindOf guesses what a name names.
func kindOf(t *Text, toks []int, k, n, nameAt int, titled bool, name string) EntityKind {
	for j := nameAt; j < n; j++ {
		if bodyWords[t.Tokens[toks[k+j]].Lower] {
			return Body
		}
	}
	if w := t.Tokens[toks[k+n-1]].Lower; n-nameAt > 1 && !titled && (descriptors[w] || descriptors[strings.TrimSuffix(w, "s")]) {
		return Body // "Orta Shipyards"
	}
	if CountryOf(name) != "" {
		return Place
	}
	if titled {
		return Person
	}
	words := n - nameAt
	prev := ""
	if k > 0 {
		prev = t.Tokens[toks[k-1]].Lower
	}
	if words == 1 && strings.ToUpper(name) == name && utf8.RuneCountInString(name) <= 6 {
		return Body
	}
	switch prev {
	case "in", "near", "at", "from", "to", "across", "over":
		return Place
	case "the":
		return Thing
	}
	if words >= 2 && words <= 4 {
		for j := nameAt; j < n; j++ {
			w := t.Tokens[toks[k+j]].Text
			for _, r := range w {
				if !unicode.IsLetter(r) && r != '.' && r != '-' && r != '\'' {
					return Unknown
				}
			}
		}
		return Person
	}
	return Unknown
}

// bodyOfTitle reads which body a title speaks for: "Foreign Minister" the
// Foreign Ministry, "Coast Guard spokesman" the Coast Guard, "union secretary"
// the union; "" when the title names none.
func bodyOfTitle(t *Text, toks []int, k, lead int, ts []string, country string) string {
	low := strings.ToLower(strings.Join(ts, " "))
	role := ""
	for _, t := range slices.Backward(ts) {
		if bodyRoles[strings.ToLower(t)] {
			role = strings.ToLower(t)
			break
		}
	}
	if role == "" {
		if lead > 0 {
			return affiliated(t, toks, k-lead) // "Orta scientist Ivo Lenk"
		}
		return ""
	}
	adj := ""
	for _, w := range ts {
		if isDemonym(w) {
			adj = w + " "
		}
	}
	if found := strings.Contains(low, "minister"); found && !strings.Contains(low, "prime minister") && !strings.Contains(low, "chief minister") && !strings.Contains(low, "first minister") {
		if j := strings.Index(low, "minister of "); j >= 0 {
			return adj + "Ministry of " + strings.Join(ts[wordIndex(low, j)+2:], " ")
		}
		var domain []string
		for _, w := range ts {
			l := strings.ToLower(w)
			if l == "minister" || l == "vice-minister" {
				break
			}
			if !isDemonym(w) && l != "deputy" && l != "former" && l != "acting" && l != "vice" && l != "'s" && CountryOf(w) == "" {
				domain = append(domain, upperFirst(w))
			}
		}
		if strings.Contains(low, "former") || len(domain) == 0 {
			return ""
		}
		if adj == "" && country != "" {
			adj = country + " "
		}
		return adj + strings.Join(domain, " ") + " Ministry"
	}
	if role == "president" || role == "governor" || role == "mayor" || strings.Contains(low, "prime minister") {
		return ""
	}
	// What stands before the role is the body.
	var before []string
	for _, w := range ts {
		if l := strings.ToLower(w); l == "chief" || l == "deputy" || l == "senior" || l == "acting" || l == "vice" || l == "assistant" {
			break // "chief officer": no body's name
		}
		if strings.EqualFold(w, role) || strings.EqualFold(w, "press") || strings.EqualFold(w, "general") && role == "secretary" {
			break
		}
		before = append(before, w)
	}
	if len(before) > 0 && (len(before) != 1 || !isDemonym(before[0])) {
		return strings.Join(before, " ")
	}
	return affiliated(t, toks, k-lead)
}

// affiliated is the body whose name stands right before a lower-case role at
// toks[k]: "Coast Guard spokesman"; "" when none does, or it is a place.
func affiliated(t *Text, toks []int, k int) string {
	if k < 1 {
		return ""
	}
	for j := len(t.Mentions) - 1; j >= 0 && j >= len(t.Mentions)-2; j-- {
		m := t.Mentions[j]
		if e := &t.Entities[m.Entity]; m.Tokens[1] == toks[k-1]+1 && e.Kind != Person && e.Kind != Place && !m.Adjective {
			return e.Name
		}
	}
	return ""
}

func wordIndex(s string, at int) int { return strings.Count(s[:at], " ") }

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

func contains(l []string, s string) bool {
	return slices.Contains(l, s)
}

// headOf is the token of [a, b] whose head lies outside it.
func headOf(t *Text, a, b int) int {
	for i := b; i >= a; i-- {
		if h := t.Tokens[i].Head; t.Tokens[i].Sentence >= 0 && (h < a || h > b) && t.Tokens[i].UPOS != "PUNCT" {
			return i
		}
	}
	return b
}

// IsAcronymOf tells whether a short name in capitals abbreviates a longer one.
func IsAcronymOf(short, name string) bool {
	return len(short) <= 8 && strings.ToUpper(short) == short && acronymOf(short, name)
}

// acronymOf tells whether the letters are the initials of the name's words.
func acronymOf(ac, name string) bool {
	var all, big []rune
	for _, w := range strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '-' || r == '\'' }) {
		r, _ := utf8.DecodeRuneInString(w)
		all = append(all, unicode.ToUpper(r))
		if unicode.IsUpper(r) {
			big = append(big, r)
		}
	}
	ac = strings.ToUpper(strings.ReplaceAll(ac, ".", ""))
	return len(ac) >= 2 && (string(all) == ac || string(big) == ac)
}
