package match

// Misspelt tells whether a word in small letters is most likely a mistake: neither
// the background nor the lexicon knows it, but they know a word one slip away (a
// letter left out, added, changed, or two swapped; Damerau 1964). A word of fewer
// than six letters is never taken for one: too many are one slip apart.
func Misspelt(word string) bool {
	if len(word) < 6 || len(word) > 32 || known(word) {
		return false
	}
	for i := range word {
		if c := word[i]; c < 'a' || c > 'z' {
			return false
		}
	}
	b := []byte(word)
	for i := range b {
		if known(word[:i] + word[i+1:]) {
			return true
		}
		if i+1 < len(b) && b[i] != b[i+1] {
			b[i], b[i+1] = b[i+1], b[i]
			swapped := known(string(b))
			b[i], b[i+1] = b[i+1], b[i]
			if swapped {
				return true
			}
		}
		was := b[i]
		for c := byte('a'); c <= 'z'; c++ {
			b[i] = c
			if c != was && known(string(b)) || known(word[:i]+string(c)+word[i:]) {
				return true
			}
		}
		b[i] = was
	}
	return false
}

// known: the stem of a word stands in the background or in the lexicon.
func known(word string) bool {
	s := Stem(word)
	return s == "" || table().count[s] > 0 || len(wordnet().find(s)) > 0
}
