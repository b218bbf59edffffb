package core

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// LemmaKey is the key of a lower-cased form and its Penn tag in Model.Lemmas.
func LemmaKey(low []byte, xpos string, key []byte) []byte {
	key = append(key[:0], low...)
	key = append(key, '\t')
	return append(key, xpos...)
}

// LowerForm appends the straightened form of w, lower-cased.
func LowerForm(w string, buf []byte) []byte {
	start := len(buf)
	buf = straighten(buf, w)
	ascii := true
	for i := start; i < len(buf); i++ {
		if c := buf[i]; c >= 'A' && c <= 'Z' {
			buf[i] = c | 0x20
		} else if c >= utf8.RuneSelf {
			ascii = false
		}
	}
	if ascii {
		return buf
	}
	return append(buf[:start], bytes.ToLower(buf[start:])...)
}

// RuleLemma writes the lemma of a lower-cased form by suffix rules alone.
func RuleLemma(low []byte, upos, xpos string) []byte {
	switch xpos {
	case "NNS", "NNPS":
		return stripS(low)
	case "VBZ":
		if upos == "VERB" || upos == "AUX" {
			return stripS(low)
		}
	case "VBD", "VBN":
		if ends(low, "ied") && len(low) > 4 {
			return append(low[:len(low)-3], 'y')
		}
		if ends(low, "eed") {
			return low
		}
		if ends(low, "ed") && len(low) > 3 {
			return restore(low[:len(low)-2])
		}
	case "VBG":
		if ends(low, "ying") && len(low) == 5 { // dying, lying, tying
			return append(low[:1], "ie"...)
		}
		if ends(low, "ing") && len(low) > 4 {
			return restore(low[:len(low)-3])
		}
	case "JJR", "RBR":
		if ends(low, "er") && len(low) > 4 {
			return restoreAdj(low[:len(low)-2])
		}
	case "JJS", "RBS":
		if ends(low, "est") && len(low) > 5 {
			return restoreAdj(low[:len(low)-3])
		}
	}
	return low
}

func ends(b []byte, s string) bool { return len(b) >= len(s) && string(b[len(b)-len(s):]) == s }

func endsAny(b []byte, ss ...string) bool {
	for _, s := range ss {
		if ends(b, s) {
			return true
		}
	}
	return false
}

func stripS(w []byte) []byte {
	n := len(w)
	switch {
	case n < 3 || w[n-1] != 's' && !ends(w, "men"):
		return w
	case ends(w, "men"):
		w[n-2] = 'a'
		return w
	case ends(w, "ss") || ends(w, "'s"):
		return w
	case ends(w, "ies") && n > 4:
		return append(w[:n-3], 'y')
	case endsAny(w, "ches", "shes", "sses", "xes", "zzes", "oes"):
		return w[:n-2]
	}
	return w[:n-1]
}

func vowel(c byte) bool { return strings.IndexByte("aeiouy", c) >= 0 }

// restore repairs a verb stem whose -ed or -ing was cut off: halves a doubled
// consonant, or puts a dropped e back.
func restore(w []byte) []byte {
	n := len(w)
	if n < 2 {
		return w
	}
	c, p := w[n-1], w[n-2]
	groups, single := 0, false
	for i, x := range w {
		if vowel(x) && (i > 0 || x != 'y') {
			if i > 0 && vowel(w[i-1]) {
				single = false
				continue
			}
			groups++
			single = true
		}
	}
	if groups == 0 {
		return w
	}
	if c == p && !vowel(c) {
		if c == 's' || c == 'z' || c == 'f' || c == 'l' && groups == 1 {
			return w
		}
		return w[:n-1]
	}
	e := false
	long := n > 2 && vowel(w[n-3]) // two vowels before the last consonant
	switch {
	case vowel(c):
		e = c == 'u' || c == 'e' && p != 'e'
	case c == 'w' || c == 'x' || c == 'h' && p != 't':
	case endsAny(w, "v", "c", "dg", "rg", "lg"):
		e = true
	case c == 's':
		e = !endsAny(w, "ous", "cus", "ias") || long
	case c == 'z':
		e = p != 't'
	case c == 'g':
		e = p == 'n' && groups > 1 || vowel(p)
	case c == 'l' && !vowel(p):
		e = !endsAny(w, "rl", "wl")
	case vowel(p) && groups == 1 && single:
		e = true
	case vowel(p) && !long:
		e = endsAny(w, "at", "ut", "ir", "ur", "ar", "in", "un", "id", "ud", "od", "ad", "ik", "ak", "ok",
			"ul", "um", "uc", "ib", "os", "us", "ot", "og", "ag", "ap", "am")
	}
	if e {
		return append(w, 'e')
	}
	return w
}

func restoreAdj(w []byte) []byte {
	n := len(w)
	switch {
	case w[n-1] == 'i':
		w[n-1] = 'y'
	case w[n-1] == w[n-2] && strings.IndexByte("dgmnpt", w[n-1]) >= 0:
		return w[:n-1]
	case endsAny(w, "c", "g", "s", "v", "r", "dl", "bl", "pl", "tl", "id", "ad", "ut", "at", "af") && !endsAny(w, "ear", "oor", "ng", "er", "ss", "ir", "eat", "ead", "aid"):
		return append(w, 'e')
	}
	return w
}

// Lemma appends the lemma of a word to buf and returns buf. low and key are
// scratch.
func (m *Model) Lemma(word, upos, xpos string, buf, low, key []byte) (lemma, low2, key2 []byte) {
	low = LowerForm(word, low[:0])
	if len(word) > maxWord {
		return append(buf, word...), low, key
	}
	key = LemmaKey(low, xpos, key)
	if l, ok := m.Lemmas[string(key)]; ok {
		if upos == "PROPN" {
			return appendTitle(buf, l, word), low, key
		}
		return append(buf, l...), low, key
	}
	switch {
	case upos == "PROPN" && xpos == "NNPS":
		l := stripS(straighten(key[:0], word))
		return append(buf, l...), low, l
	case upos == "PROPN" || upos == "X" || upos == "SYM" || upos == "PUNCT" || xpos == "ADD":
		return append(buf, word...), low, key
	}
	l := RuleLemma(low, upos, xpos)
	return append(buf, l...), low, key
}

// appendTitle gives a lower-cased lemma the capitals of the word.
func appendTitle(buf []byte, lemma, word string) []byte {
	r, _ := utf8.DecodeRuneInString(word)
	if !unicode.IsUpper(r) || lemma == "" || lemma[0] < 'a' || lemma[0] > 'z' {
		return append(buf, lemma...)
	}
	buf = append(buf, lemma[0]-32)
	return append(buf, lemma[1:]...)
}
