package core

import "unicode/utf8"

// maxWord is how many bytes of a word are looked at: past it a word is a URL or
// noise, and only its beginning and end tell anything.
const maxWord = 64

// Token is what the feature templates know of one word. All fields are
// scattered hashes; zero is never a meaningful value.
type Token struct {
	Low    uint64    // lower-cased form, digits as 0, quotes and dashes straightened
	Form   uint64    // the same, case kept
	Suf    [5]uint64 // last 1..5 bytes of the lower-cased form (0 when shorter)
	Pre    [4]uint64 // first 1..4 bytes
	Shape  uint64    // classes of the characters, runs shortened
	Flags  uint64    // upper, digit, hyphen, sentence-initial and the like
	Title  bool      // begins with an upper-case letter
	letter bool
	lower  bool
}

// straighten writes w to buf with typographic quotes and dashes in ASCII, so
// that text from any newsroom system looks like the training text.
func straighten(buf []byte, w string) []byte {
	if len(w) > maxWord {
		w = w[:maxWord/2] + w[len(w)-maxWord/2:]
	}
	for i := 0; i < len(w); {
		c := w[i]
		if c < utf8.RuneSelf {
			buf = append(buf, c)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(w[i:])
		switch r {
		case '‘', '’', '‛', '`', '´', 'ʼ':
			buf = append(buf, '\'')
		case '“', '”', '„', '‟', '«', '»':
			buf = append(buf, '"')
		case '—', '―':
			buf = append(buf, '-', '-')
		case '‐', '‑':
			buf = append(buf, '-')
		case '…':
			buf = append(buf, '.', '.', '.')
		default:
			buf = append(buf, w[i:i+n]...)
		}
		i += n
	}
	return buf
}

// describe fills t from the straightened form; low is scratch of any size, its
// grown form is returned.
func (t *Token) describe(form, low []byte, first, shout bool) []byte {
	*t = Token{}
	low = low[:0]
	var shape [maxWord]byte
	ns := 0
	var upper, digit, hyphen, dot, other, letters uint64
	for i, c := range form {
		var cls byte
		switch {
		case c >= 'A' && c <= 'Z':
			upper++
			letters++
			cls = 'X'
			c |= 0x20
		case c >= 'a' && c <= 'z':
			letters++
			t.lower = true
			cls = 'x'
		case c >= '0' && c <= '9':
			digit++
			cls = '0'
			form[i] = '0'
			c = '0'
		case c >= utf8.RuneSelf:
			letters++
			t.lower = true
			cls = 'u'
		case c == '-':
			hyphen = 1
			cls = '-'
		case c == '.':
			dot = 1
			cls = '.'
		default:
			other = 1
			cls = c
		}
		low = append(low, c)
		if ns < len(shape) && (ns < 2 || shape[ns-1] != cls || shape[ns-2] != cls) { //nolint:gosec // G602: ns is 2 or more where it looks back
			shape[ns] = cls
			ns++
		}
	}
	t.letter = letters > 0
	t.Title = len(form) > 0 && form[0] >= 'A' && form[0] <= 'Z'
	var caps uint64
	switch {
	case shout && letters > 0:
		caps = 4
	case upper > 1 && upper == letters:
		caps = 3
	case t.Title:
		caps = 2
	case upper > 0:
		caps = 1
	}
	t.Low = hashBytes(low)
	t.Form = hashBytes(form)
	t.Shape = hashBytes(shape[:ns])
	if shout {
		t.Form, t.Shape = t.Low, mulC
	}
	for k := range t.Suf {
		if len(low) > k+1 {
			t.Suf[k] = hashBytes(low[len(low)-k-1:]) + uint64(k)
		}
	}
	for k := range t.Pre {
		if len(low) > k+1 {
			t.Pre[k] = hashBytes(low[:k+1]) - uint64(k)
		}
	}
	f := uint64(0)
	if first {
		f = 1
	}
	t.Flags = mix(1 + f + caps<<1 + min(digit, 1)<<4 + hyphen<<5 + dot<<6 + other<<7 + min(letters, 1)<<8)
	return low
}

// describeAll fills s.tok for words. A headline in capitals ("shout") is read
// in lower case, with the flag saying so.
func (s *Scratch) describeAll(words []string) {
	s.tok = grow(s.tok, len(words))
	alpha, small := 0, 0
	for _, w := range words {
		letter, lower := false, false
		for i := 0; i < len(w) && i < maxWord; i++ {
			c := w[i]
			if c >= 'A' && c <= 'Z' {
				letter = true
			} else if c >= 'a' && c <= 'z' || c >= utf8.RuneSelf {
				letter, lower = true, true
			}
		}
		if letter {
			alpha++
			if lower {
				small++
			}
		}
	}
	shout := alpha >= 3 && small*5 <= alpha
	first := true
	for i, w := range words {
		s.form = straighten(s.form[:0], w)
		s.low = s.tok[i].describe(s.form, s.low, first, shout)
		if s.tok[i].letter {
			first = false
		}
	}
}

// grow returns a slice of length n, reusing s's memory when it is enough.
func grow[T any](s []T, n int) []T {
	if cap(s) >= n {
		return s[:n]
	}
	return make([]T, n, n+n/2+8)
}
