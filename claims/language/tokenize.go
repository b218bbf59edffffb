package language

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"

	"github.com/secondsource/secondsource/claims"
)

// maxToken bounds one token in bytes; a longer run of letters is cut, so that
// hostile input cannot make one feature string of a megabyte.
const maxToken = 256

// tokenize splits raw[at.Start:at.End] into tokens as Universal Dependencies
// English does: clitics apart ("do" "n't", "Dorn" "'s"), hyphens apart, links,
// handles, hashtags, numbers and abbreviations whole. Word boundaries start from
// Unicode's UAX #29. The spans of the tokens are in order, apart, and leave out
// nothing but white space.
func tokenize(raw string, at claims.Span, out []Token) []Token {
	s := raw[at.Start:at.End]
	pos := 0
	glued := false
	emit := func(a, b int) {
		for b-a > maxToken {
			cut := a + maxToken
			for cut > a && !utf8.RuneStart(s[cut]) {
				cut--
			}
			out = append(out, makeToken(raw, at.Start+a, at.Start+cut, glued))
			glued = true
			a = cut
		}
		out = append(out, makeToken(raw, at.Start+a, at.Start+b, glued))
		glued = true
	}
	for pos < len(s) {
		r, size := utf8.DecodeRuneInString(s[pos:])
		if unicode.IsSpace(r) || unicode.IsControl(r) || r == '\u200b' || r == '\ufeff' {
			pos += size
			glued = false
			continue
		}
		if n := atom(s, pos); n > 0 {
			emit(pos, pos+n)
			pos += n
			continue
		}
		if rest := s[pos:]; strings.HasPrefix(rest, "''") || strings.HasPrefix(rest, "``") {
			emit(pos, pos+2) // a quotation mark, as typewriters and TeX make it
			pos += 2
			continue
		}
		if n := loneClitic(s, pos); n > 0 {
			emit(pos, pos+n)
			pos += n
			continue
		}
		end := pos + firstWord(s[pos:])
		if affixes[strings.ToLower(s[pos:end])] && end+1 < len(s) && s[end] == '-' && isLetter(s[end+1]) {
			end += 1 + firstWord(s[end+1:])
		}
		for _, cut := range splitWord(s[pos:end]) {
			emit(pos, pos+cut)
			pos += cut
		}
	}
	return out
}

func makeToken(raw string, a, b int, glued bool) Token {
	text := plain(raw[a:b])
	return Token{Span: claims.Span{Start: a, End: b}, Text: text, Lower: strings.ToLower(text), Head: -1, Sentence: -1, Glued: glued}
}

var plainMarks = strings.NewReplacer("’", "'", "‘", "'", "“", "\"", "”", "\"", "„", "\"", "«", "\"", "»", "\"", "–", "-", "‑", "-", "‐", "-")

// plain folds typographic marks to the ASCII ones the treebanks use. The token's
// span still points at the original.
func plain(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return plainMarks.Replace(s)
		}
	}
	return s
}

// firstWord is the length of the first UAX #29 word of s.
func firstWord(s string) int {
	// A window is enough to find one boundary, and keeps the cost of a long text
	// linear: the segmenter would otherwise be set up over the whole rest.
	if len(s) > 2*maxToken {
		cut := 2 * maxToken
		for cut > maxToken && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut]
	}
	it := words.FromString(s)
	if it.Next() {
		return max(1, len(it.Value()))
	}
	return len(s)
}

// atom is the length of a link, address, handle, hashtag, number or
// abbreviation that starts at s[i], or 0.
func atom(s string, i int) int {
	rest := s[i:]
	switch c := rest[0]; {
	case c == '@' || c == '#':
		n := 1
		for n < len(rest) {
			r, size := utf8.DecodeRuneInString(rest[n:])
			if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				break
			}
			n += size
		}
		if n > 1 {
			return n
		}
	case c >= '0' && c <= '9':
		return number(rest)
	case isLetter(c):
		if n := link(rest); n > 0 {
			return n
		}
		if n := abbreviation(s, i); n > 0 {
			return n
		}
	case c == '.' && strings.HasPrefix(rest, "..."):
		n := 3
		for n < len(rest) && rest[n] == '.' {
			n++
		}
		return min(n, maxToken)
	}
	return 0
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }

// number is the length of a number with its separators: 3,000 · 12.5 · 04:20.
// A letter suffix ("34m", "152-mm", "21st") stays in the word for ordinals and
// magnitudes, as the treebanks have it.
func number(s string) int {
	n := 0
	for n < len(s) && (isDigit(s[n]) || ((s[n] == ',' || s[n] == '.' || s[n] == ':') && n+1 < len(s) && isDigit(s[n+1]))) {
		n++
	}
	for n < len(s) && isLetter(s[n]) {
		n++
	}
	return min(n, maxToken)
}

// link is the length of a URL, bare domain link or e-mail address.
func link(s string) int {
	low := s
	if len(low) > 64 {
		low = low[:64]
	}
	low = strings.ToLower(low)
	is := strings.HasPrefix(low, "http://") || strings.HasPrefix(low, "https://") || strings.HasPrefix(low, "www.") ||
		strings.HasPrefix(low, "pic.twitter.com/") || strings.HasPrefix(low, "t.co/") || strings.HasPrefix(low, "t.me/")
	n := 0
	at := false
	for n < len(s) && s[n] > ' ' && s[n] != '"' && s[n] != '<' && s[n] != '>' && s[n] != ')' && s[n] != ']' {
		if s[n] >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[n:])
			if unicode.IsSpace(r) || unicode.IsPunct(r) {
				break
			}
			n += size
			continue
		}
		if s[n] == '@' && n > 0 && n+1 < len(s) && isLetter(s[n+1]) {
			at = true
		}
		if !is && !at && n > 64 {
			return 0
		}
		n++
	}
	for n > 0 && strings.IndexByte(".,;:!?'", s[n-1]) >= 0 {
		n--
	}
	if is || (at && strings.Contains(s[:n], ".")) {
		return n
	}
	return 0
}

// abbreviations that keep their full stop and do not end a sentence by it.
var abbreviations = set("mr mrs ms dr prof gen col lt sgt capt cmdr maj adm sen rep gov st jr sr rev hon pres " +
	"vs etc inc ltd co cos corp bros no jan feb mar apr jun jul aug sep sept oct nov dec a.m p.m e.g i.e approx dept est fig ave blvd rd mt ft")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// abbreviation is the length of "Mr.", "U.S.", "J.", "a.m." at s[i], or 0.
func abbreviation(s string, i int) int {
	if i > 0 && (isLetter(s[i-1]) || isDigit(s[i-1])) {
		return 0
	}
	rest := s[i:]
	n := 0
	for n < len(rest) && isLetter(rest[n]) && n < 8 {
		n++
	}
	if n == 0 || n >= len(rest) || rest[n] != '.' {
		return 0
	}
	// Letters each with its stop: U.S., R.K., a.m.
	if n == 1 {
		k := 0
		for k+1 < len(rest) && isLetter(rest[k]) && rest[k+1] == '.' && (k+2 >= len(rest) || !isLetter(rest[k+2]) || (k+3 < len(rest) && rest[k+3] == '.') || isUpper(rest[k+2])) {
			k += 2
			if k < len(rest) && !isLetter(rest[k]) {
				break
			}
			if k+1 < len(rest) && rest[k+1] != '.' {
				break
			}
		}
		if k >= 4 {
			return k
		}
		if k == 2 && isUpper(rest[0]) && rest[0] != 'I' {
			// One initial: "J. Halm" is a name, "plan B. Then" ends a sentence; a
			// name follows when the next word is capitalised and a name came before
			// or the sentence has just begun. The splitter decides: here it is kept
			// whole when another capital follows.
			if len(rest) > 3 && rest[2] == ' ' && isUpper(rest[3]) {
				return 2
			}
		}
		return 0
	}
	w := strings.ToLower(rest[:n])
	if !abbreviations[w] {
		return 0
	}
	switch w {
	case "no", "mar", "sep", "dec", "jan", "est", "fig", "co", "ft", "st", "rep", "hon", "sen", "gen", "col", "sun":
		// Also ordinary words: an abbreviation only when something that can follow
		// one does.
		k := n + 1
		for k < len(rest) && rest[k] == ' ' {
			k++
		}
		if k >= len(rest) || (!isDigit(rest[k]) && !isUpper(rest[k])) || (w == "no" && !isDigit(rest[k])) || !isUpper(rest[0]) {
			return 0
		}
	}
	return n + 1
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }

// affixes make one word with what follows their hyphen, as the treebanks have
// it: "re-elected", "non-profit".
var affixes = set("anti co counter e ex mid mini multi neo non post pre pro pseudo quasi re semi socio sub super ultra")

// loneClitic is the length of a clitic that stands apart from its word, as in a
// text that is already cut into tokens ("they 're late"), or 0.
func loneClitic(s string, i int) int {
	if s[i] != '\'' && s[i] != 'n' || i == 0 || s[i-1] != ' ' {
		return 0
	}
	for _, c := range [...]string{"'s", "'re", "'ve", "'ll", "'d", "'m", "n't"} {
		if n := len(c); strings.HasPrefix(s[i:], c) && (i+n == len(s) || s[i+n] == ' ') {
			return n
		}
	}
	return 0
}

// splitWord cuts clitics off a UAX #29 word and returns the lengths of its parts.
func splitWord(w string) []int {
	p := plain(w)
	low := strings.ToLower(p)
	switch {
	case low == "cannot":
		return []int{3, len(w) - 3}
	case strings.HasSuffix(low, "n't") && len(low) > 3:
		tail := clitic(w, 3)
		return []int{len(w) - tail, tail}
	}
	for _, c := range [...]string{"'s", "'re", "'ve", "'ll", "'d", "'m"} {
		if strings.HasSuffix(low, c) && len(low) > len(c) {
			tail := clitic(w, len(c))
			return []int{len(w) - tail, tail}
		}
	}
	return []int{len(w)}
}

// clitic is the byte length of the last n characters of w.
func clitic(w string, n int) int {
	k := len(w)
	for range n {
		_, size := utf8.DecodeLastRuneInString(w[:k])
		k -= size
	}
	return len(w) - k
}
