package copies

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/secondsource/secondsource/claims"
)

// maxQuotes bounds the open quotations that are followed in one paragraph.
const maxQuotes = 8

// closers gives the mark that closes each opening quotation mark. Straight
// marks close themselves.
var closers = map[rune]rune{
	'"': '"', '“': '”', '„': '“', '«': '»', '‘': '’', '\'': '\'', '「': '」', '『': '』', '‹': '›', '＂': '＂',
}

// quotationMarks are all that open or close.
const quotationMarks = `"'“”„«»‘’「」『』‹›＂`

// quotations returns the ranges in quotation marks, ascending and apart. A
// quotation ends in its paragraph (line); one that is still open there runs to
// the end of the line if the next line with text opens with a mark again, as
// quotations of several paragraphs are set, and is none otherwise: a stray mark
// quotes nothing. Single marks count only at the edges of words, where they are
// no apostrophes.
func quotations(text string) []claims.Span {
	var out []claims.Span
	type open struct {
		closer rune
		at     int
	}
	var opened []open // the outermost first
	lineEnd := func(end int) {
		if len(opened) > 0 && continues(text[end:]) && opened[0].closer != '\'' && opened[0].closer != '’' {
			out = append(out, claims.Span{Start: opened[0].at, End: end})
		}
		opened = opened[:0]
	}
	before := ' '
	for i, r := range text {
		if r == '\n' {
			lineEnd(i)
		} else if strings.ContainsRune(quotationMarks, r) {
			end := i + utf8.RuneLen(r)
			next, _ := utf8.DecodeRuneInString(text[end:]) // U+FFFD at the end
			straight, single := r == '"' || r == '\'', r == '‘' || r == '\''
			j := closes(len(opened), func(j int) bool { return opened[j].closer == r })
			closer := closers[r]
			switch {
			case j >= 0 && (!isWordRune(before) || !isWordRune(next)) && (!straight || !unicode.IsSpace(before)):
				if j == 0 {
					out = append(out, claims.Span{Start: opened[0].at, End: end})
				}
				opened = opened[:j]
			case closer != 0 && len(opened) < maxQuotes && (!single || !isWordRune(before) && isWordRune(next)):
				opened = append(opened, open{closer, i})
			}
		}
		before = r
	}
	lineEnd(len(text))
	return out
}

// closes is the innermost of n open quotations that match, or -1.
func closes(n int, match func(int) bool) int {
	for j := n - 1; j >= 0; j-- {
		if match(j) {
			return j
		}
	}
	return -1
}

// continues tells whether the text goes on, after blank lines, with an opening
// quotation mark.
func continues(text string) bool {
	for i, r := range text {
		if unicode.IsSpace(r) {
			if i > 256 { // keeps a file of blank lines linear
				return false
			}
			continue
		}
		return r == '"' || r == '“' || r == '„' || r == '«' || r == '»' || r == '「'
	}
	return false
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// boilerplate are phrases that betray a sentence that belongs to the outlet and
// not to the story. They are matched as folded words.
var boilerplate = phrases(
	"subscribe to our", "subscribe to the", "subscribe now", "subscribe for", "please subscribe", "click here", "tap here",
	"sign up for our", "sign up to our", "sign up now", "sign up here", "sign up for the", "our newsletter", "newsletters", "our newsletters",
	"all rights reserved", "follow us on", "like us on", "find us on", "share this article", "share this story",
	"this is a disclaimer", "disclaimer", "not been edited by", "auto generated from", "from a syndicated feed", "published from a syndicated",
	"download our app", "download the app", "get the app", "also read", "read also", "read more", "read next", "watch also",
	"cookie policy", "privacy policy", "terms of use", "terms of service", "terms and conditions",
	"may not be reproduced", "may not be published", "without prior written permission", "rewritten or redistributed",
	"views expressed in this", "do not necessarily reflect", "do not necessarily represent", "does not necessarily reflect",
	"join our whatsapp", "join our telegram", "join us on", "our whatsapp channel", "our telegram channel", "our youtube channel",
	"support our journalism", "support independent journalism", "advertisement", "breaking news alerts",
	"get the latest news", "get all the latest", "for the latest news", "for more news", "stay up to date with",
	"catch all the", "contact us at", "copyright",
)

// phrases maps the hash of a first word to the phrases that begin with it.
func phrases(all ...string) map[uint64][][]word {
	m := make(map[uint64][][]word)
	for _, p := range all {
		ws := split(p, nil)
		m[ws[0].hash] = append(m[ws[0].hash], ws)
	}
	return m
}

// beginsWithBoilerplate tells whether one of the phrases begins the words.
func beginsWithBoilerplate(ws []word) bool {
next:
	for _, p := range boilerplate[ws[0].hash] {
		if len(p) > len(ws) {
			continue
		}
		for i := range p {
			if p[i].hash != ws[i].hash {
				continue next
			}
		}
		return true
	}
	return false
}

// ownWords tells of each word whether it is the text's own: it stands outside
// quotation marks and in no sentence of boilerplate.
func ownWords(text string, ws []word) []bool {
	own := make([]bool, len(ws))
	quoted := quotations(text)
	begin, spoilt := 0, false // of the sentence
	for i, w := range ws {
		if i > 0 && endsSentence(text[ws[i-1].span.End:w.span.Start]) {
			begin, spoilt = i, false
		}
		if !spoilt && beginsWithBoilerplate(ws[i:]) {
			spoilt = true
			clear(own[begin:i])
		}
		for len(quoted) > 0 && quoted[0].End <= w.span.Start {
			quoted = quoted[1:]
		}
		own[i] = !spoilt && (len(quoted) == 0 || quoted[0].Overlap(w.span) == 0)
	}
	return own
}

// endsSentence tells whether a sentence ends between two words: at a line break,
// or at a mark of its end before a space.
func endsSentence(between string) bool {
	return strings.Contains(between, "\n") || strings.ContainsAny(between, ".!?") && strings.ContainsAny(between, " \t")
}
