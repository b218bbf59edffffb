package language

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/secondsource/secondsource/claims"
)

// adjunctCue is the length of a phrase at toks[k] that brings in a source beside
// the clause: "according to", "as per", "citing", or 0.
func adjunctCue(t *Text, toks []int, k int) int {
	w := func(j int) string {
		if k+j >= 0 && k+j < len(toks) {
			return t.Tokens[toks[k+j]].Lower
		}
		return ""
	}
	name := func(j int) bool {
		return k+j < len(toks) && (capital(t, toks[k+j]) || w(j) == "the")
	}
	switch w(0) {
	case "according":
		if w(1) == "to" {
			return 2
		}
	case "as":
		if w(1) == "per" {
			return 2
		}
		if (w(1) == "reported" || w(1) == "told" || w(1) == "quoted" || w(1) == "stated") && w(2) == "by" {
			return 3
		}
	case "per", "via":
		if name(1) && (w(-1) == "," || w(-1) == "." || w(-1) == "(" || k == 0 || w(0) == "via" && w(1) != "" && t.Tokens[toks[k+1]].Text[0] == '@') {
			return 1
		}
	case "citing", "quoting":
		return 1
	case "in":
		if w(1) == "the" && w(2) == "words" && w(3) == "of" {
			return 4
		}
	}
	return 0
}

// turnOf is the position of the colon in "NAME: what he says", the way transcripts
// and terse headlines name who speaks; 0 when the sentence does not open so.
func turnOf(t *Text, toks []int) int {
	for k := 0; k < len(toks) && k < 6; k++ {
		x := &t.Tokens[toks[k]]
		if x.Text == ":" {
			if k == 0 || k+2 > len(toks) || k+5 > len(toks) && !manyTurns(t) || isDigit(t.Tokens[toks[k+1]].Text[0]) || k == 1 && (loud(t.Tokens[toks[0]].Text) && !manyTurns(t) || post(t)) || toks[k+1] != toks[k]+1 || t.Tokens[toks[k+1]].Glued {
				return 0
			}
			return k
		}
		if !capital(t, toks[k]) || labels[x.Lower] || !isName(x.Text) {
			return 0
		}
	}
	return 0
}

// post: channels put the place of the news before a colon.
func post(t *Text) bool {
	return t.meta.Kind == claims.KindTelegramPost || t.meta.Kind == claims.KindXPost
}

// loud: a word in capitals, which before a colon is a label ("URGENT:") as often
// as a name.
func loud(w string) bool { return strings.ToUpper(w) == w && w[0] != '@' }

// manyTurns: the text is a transcript, or has two paragraphs that open like one's.
func manyTurns(t *Text) bool {
	if t.turns < 0 {
		t.turns = 0
		for i := range t.Blocks {
			if turnRx.MatchString(t.Blocks[i].Span.Of(t.Raw)) {
				t.turns++
			}
		}
	}
	return t.turns > 1 || t.meta.Kind == claims.KindTranscript
}

var turnRx = regexp.MustCompile(`^[\p{Lu}][\p{Lu} .'-]{1,30}: \p{Lu}?\p{Ll}`)

func isName(w string) bool {
	for _, r := range w {
		if !unicode.IsLetter(r) && r != '.' && r != '-' && r != '\'' && r != '@' && r != '_' {
			return false
		}
	}
	return true
}

// labels stand before a colon and name nobody.
var labels = set("breaking new update updated updates watch read also note notes correction corrections clarification exclusive opinion analysis live video photo photos picture " +
	"editor's disclaimer more related tags topics location date time when where what who why how question answer background context summary the latest developing just this " +
	"first second third finally result results arrests deaths injured dead caption image file byline story contact media today yesterday tomorrow monday tuesday wednesday thursday friday saturday sunday")

// afterDash is the position of a dash behind which the sentence only names its
// source, the way of headlines and channels ("Three dead in blast - police"); 0
// when there is none.
func afterDash(t *Text, toks []int) int {
	end := len(toks)
	for end > 0 && (t.Tokens[toks[end-1]].Text == "." || t.Tokens[toks[end-1]].Text == "!") {
		end--
	}
	for k := end - 2; k >= 3 && k >= end-6; k-- {
		x := &t.Tokens[toks[k]]
		switch x.Text {
		case "-", "–", "—", "--":
		default:
			if !isName(x.Text) {
				return 0
			}
			continue
		}
		if x.Glued || toks[k+1] != toks[k]+1 || t.Tokens[toks[k+1]].Glued || !isName(t.Tokens[toks[end-1]].Text) {
			return 0
		}
		last := t.Tokens[toks[end-1]].Lower
		if dashSources[last] || bodyWords[last] {
			return k
		}
		return 0
	}
	return 0
}

// dashSources are who a dash at the end of a headline names, besides bodies.
var dashSources = set("officials official reports report sources source services mayor governor minister president spokesman spokeswoman spokesperson witnesses witness doctors medics " +
	"residents locals prosecutors lawyer lawyers union rescuers authorities militants rebels premier chief ceo survey poll study statement")

// maxAdjunct bounds the words of a source phrase.
const maxAdjunct = 18

// cutAdjuncts takes the phrases that only name a source out of a sentence: a
// parser that sees "As per the ministry, X thanked" tends to tie the ministry to
// X. What is cut becomes a sentence of its own, so that it is parsed too.
func cutAdjuncts(t *Text, s *Sentence) []Sentence {
	var out []Sentence
	toks := s.Tokens
	if colon := turnOf(t, toks); colon > 0 {
		a := Sentence{Root: -1, Block: s.Block, Quote: s.Quote, Host: -1, Cue: [2]int{toks[colon], toks[colon] + 1}, Tokens: toks[:colon:colon]}
		a.Span = t.TokenSpan(toks[0], toks[colon])
		out = append(out, a)
		toks = toks[colon+1:]
	}
	if dash := afterDash(t, toks); dash > 0 {
		a := Sentence{Root: -1, Block: s.Block, Quote: s.Quote, Host: -1, Cue: [2]int{toks[dash], toks[dash] + 1}}
		end := len(toks)
		for end > dash+1 && t.Tokens[toks[end-1]].Text == "." {
			end--
		}
		a.Tokens = append(a.Tokens, toks[dash+1:end]...)
		a.Span = t.TokenSpan(toks[dash], toks[end-1])
		out = append(out, a)
		toks = append(append([]int(nil), toks[:dash]...), toks[end:]...)
	}
	for k := 0; k < len(toks); k++ {
		n := adjunctCue(t, toks, k)
		if n == 0 || k+n >= len(toks) {
			continue
		}
		end := k + n
		for end < len(toks) && end-k < maxAdjunct {
			w := t.Tokens[toks[end]].Lower
			if w == "," || w == "." || w == ";" || w == "!" || w == "?" || w == "-" && !t.Tokens[toks[end]].Glued || w == ")" || w == "and" && end+1 < len(toks) && !capital(t, toks[end+1]) || w == "that" || w == "which" {
				break
			}
			if end > k+n && toks[end]-toks[end-1] > 3 {
				break // a quotation was cut out here
			}
			end++
		}
		if end == k+n || end-k >= maxAdjunct {
			continue
		}
		a := Sentence{Root: -1, Block: s.Block, Quote: s.Quote, Host: -1, Cue: [2]int{toks[k], toks[k+n-1] + 1}}
		a.Tokens = append(a.Tokens, toks[k+n:end]...)
		a.Span = t.TokenSpan(toks[k], toks[end-1])
		out = append(out, a)
		lo, hi := k, end
		// The comma that set it off goes with it.
		switch {
		case lo > 0 && t.Tokens[toks[lo-1]].Text == "," && (hi >= len(toks) || t.Tokens[toks[hi]].Text == "," || t.Tokens[toks[hi]].Text == "."):
			lo--
		case lo == 0 && hi < len(toks) && t.Tokens[toks[hi]].Text == ",":
			hi++
		}
		toks = append(append([]int(nil), toks[:lo]...), toks[hi:]...)
		k = lo - 1
	}
	s.Tokens = toks
	return out
}
