package match

// Misspelt tells whether a word in small letters is most likely a slip: neither
// the background nor the lexicon knows it, but the background knows a word that
// it becomes when two letters are swapped, one that is left out is put in, or one
// of a double letter is taken away (the commonest errors of Damerau 1964). A word
// of fewer than seven letters is never taken for one: too many are one slip apart.
func Misspelt(word string) bool {
	if len(word) < 7 || len(word) > 32 {
		return false
	}
	for i := range word {
		if c := word[i]; c < 'a' || c > 'z' {
			return false
		}
	}
	if s := Stem(word); s == "" || table().count[s] > 0 || len(wordnet().find(s)) > 0 {
		return false
	}
	// Endings come and go with inflection: slips are looked for before them.
	for i := 1; i+2 < len(word); i++ {
		if word[i] == word[i+1] {
			if everyday(word[:i] + word[i+1:]) {
				return true
			}
		} else if everyday(word[:i] + word[i+1:i+2] + word[i:i+1] + word[i+2:]) {
			return true
		}
		for c := byte('a'); c <= 'z'; c++ {
			if everyday(word[:i] + string(c) + word[i:]) {
				return true
			}
		}
	}
	return false
}

// everyday: the background knows the word.
func everyday(word string) bool { return table().count[Stem(word)] >= everydayIn }

const everydayIn = 4 // sentences of the background
