package language

import (
	"strconv"
	"strings"

	"github.com/secondsource/secondsource/claims"
)

var numberWords = map[string]float64{
	"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
	"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
	"nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
	"dozen": 12, "half-dozen": 6,
}

var magnitudes = map[string]float64{
	"hundred": 100, "thousand": 1e3, "lakh": 1e5, "lakhs": 1e5, "million": 1e6, "millions": 1e6, "crore": 1e7, "crores": 1e7,
	"billion": 1e9, "trillion": 1e12, "m": 1e6, "mn": 1e6, "bn": 1e9, "k": 1e3, "tn": 1e12,
}

var currencies = map[string]string{"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "us$": "USD"}

var units = map[string]string{
	"%": "%", "percent": "%", "per": "", "km": "km", "kilometre": "km", "kilometres": "km", "kilometer": "km", "kilometers": "km",
	"mile": "mile", "miles": "mile", "metre": "m", "metres": "m", "meters": "m", "mm": "mm", "kg": "kg", "tonnes": "t", "tons": "t", "dollars": "USD",
	"euros": "EUR", "pounds": "GBP", "degrees": "deg",
}

// numbers finds quantities with their bounds, approximations and units.
func numbers(t *Text) {
	inTime := map[int]bool{}
	for _, tm := range t.Times {
		for i := tm.Tokens[0]; i < tm.Tokens[1]; i++ {
			inTime[i] = true
		}
	}
	for s := range t.Sentences {
		toks := t.Sentences[s].Tokens
		for k := 0; k < len(toks); {
			n, q, head := numberAt(t, toks, k, inTime)
			if n == 0 {
				k++
				continue
			}
			q.Span = t.TokenSpan(toks[k], toks[k+n-1])
			first := bounds(t, toks, k, n, &q)
			q.Text = t.TokenSpan(toks[first], toks[k+n-1]).Of(t.Raw)
			q.Of = countedNoun(t, head)
			t.Numbers = append(t.Numbers, Number{Tokens: [2]int{toks[k], toks[k+n-1] + 1}, Head: head, Quantity: q})
			k += n
		}
	}
}

func numberAt(t *Text, toks []int, k int, inTime map[int]bool) (n int, q claims.Quantity, head int) {
	val, ok := 0.0, false
	unit := ""
	j := k
	if c, is := currencies[t.Tokens[toks[j]].Lower]; is && j+1 < len(toks) {
		unit = c
		j++
	}
	group := 0.0
	for ; j < len(toks); j++ {
		i := toks[j]
		w := t.Tokens[i].Lower
		if inTime[i] {
			break
		}
		if v, suffix, is := digits(w); is && !ok {
			group, ok = v*suffix, true
			head = i
			continue
		}
		if v, is := numberWords[w]; is && (t.Tokens[i].UPOS == "NUM" || w == "dozen" || t.Tokens[i].Rel == "nummod") {
			if w == "one" && t.Tokens[i].UPOS != "NUM" {
				break
			}
			if w == "dozen" && group > 0 {
				group *= 12
			} else {
				group += v
			}
			ok, head = true, i
			continue
		}
		if v, is := magnitudes[w]; is && (ok || w == "hundred" || w == "thousand" || w == "million") && len(w) > 2 {
			if !ok && (j <= 0 || t.Tokens[toks[j-1]].Lower != "a") {
				break
			}
			if group == 0 {
				group = 1
			}
			if v == 100 {
				group *= 100
			} else {
				val += group * v
				group = 0
			}
			ok, head = true, i
			continue
		}
		if ok && (w == "-" || w == "and") && j+1 < len(toks) {
			if _, is := numberWords[t.Tokens[toks[j+1]].Lower]; is && (w == "-" || group >= 100) && t.Tokens[i].Glued == (w == "-") {
				continue
			}
		}
		break
	}
	if !ok {
		return 0, q, 0
	}
	used := j - k
	val += group
	if j < len(toks) {
		w := t.Tokens[toks[j]].Lower
		if u, is := units[w]; is && u != "" {
			unit = u
			used++
		} else if w == "per" && j+1 < len(toks) && strings.HasPrefix(t.Tokens[toks[j+1]].Lower, "cent") {
			unit = "%"
			used += 2
		}
	}
	return used, claims.Quantity{Min: val, Max: val, Unit: unit}, head
}

// digits reads "3,000", "12.5", "34m"; the suffix is its magnitude.
func digits(w string) (v, suffix float64, ok bool) {
	if w == "" || !isDigit(w[0]) || len(w) > 24 {
		return 0, 0, false
	}
	n := len(w)
	for n > 0 && isLetter(w[n-1]) {
		n--
	}
	suffix = 1
	if n < len(w) {
		var is bool
		if suffix, is = magnitudes[w[n:]]; !is {
			return 0, 0, false
		}
	}
	num := strings.ReplaceAll(w[:n], ",", "")
	if strings.Contains(num, ":") {
		return 0, 0, false
	}
	v, err := strconv.ParseFloat(num, 64)
	return v, suffix, err == nil
}

// bounds reads what stands before and after a number: "at least", "more than",
// "up to", "about", "or more". It returns the position of the first token that
// belongs to the quantity.
func bounds(t *Text, toks []int, k, n int, q *claims.Quantity) int {
	w := func(j int) string {
		if j >= 0 && j < len(toks) {
			return t.Tokens[toks[j]].Lower
		}
		return ""
	}
	first := k
	if w(k-1) == "a" && (w(k) == "hundred" || w(k) == "thousand" || w(k) == "million" || w(k) == "dozen") {
		first = k - 1
	}
	switch p, pp := w(first-1), w(first-2); {
	case p == "least" && pp == "at", p == "than" && pp == "more", p == "than" && pp == "less", p == "than" && pp == "fewer", p == "to" && pp == "up", p == "most" && pp == "at":
		first -= 2
		switch p + pp {
		case "leastat":
			q.Open, q.Max = true, 0
		case "thanmore":
			q.Open, q.Max = true, 0
			q.Min++
			if q.Unit != "" || q.Min-1 >= 100 {
				q.Min--
			}
		default:
			q.Min = 0
		}
	case p == "over" || p == "exceeding" || p == "above":
		first--
		q.Open, q.Max = true, 0
	case p == "under" || p == "below":
		first--
		q.Min = 0
	case p == "about" || p == "around" || p == "some" || p == "roughly" || p == "approximately" || p == "nearly" || p == "almost" || p == "estimated" || p == "circa" || p == "~":
		first--
		q.Approx = true
	}
	if end := k + n; w(end) == "or" && (w(end+1) == "more" || w(end+1) == "so") {
		if w(end+1) == "more" {
			q.Open, q.Max = true, 0
		} else {
			q.Approx = true
		}
	}
	return first
}

// countedNoun is the lemma of what a number counts: the noun it modifies.
func countedNoun(t *Text, i int) string {
	tok := t.Tokens[i]
	if (tok.Rel == "nummod" || tok.Rel == "compound" || tok.Rel == "nummod:unit" || tok.Rel == "advmod") && tok.Head >= 0 {
		h := t.Tokens[tok.Head]
		if h.UPOS == "NUM" && h.Head >= 0 && h.Rel == "nummod" {
			h = t.Tokens[h.Head]
		}
		return strings.ToLower(h.Lemma)
	}
	// "nine of the soldiers"
	for _, c := range t.Children(i) {
		if t.Tokens[c].Rel == "nmod" && t.Tokens[c].UPOS == "NOUN" {
			return strings.ToLower(t.Tokens[c].Lemma)
		}
	}
	// A number the parse hung elsewhere: the plural noun right behind it.
	for k := i + 1; k < len(t.Tokens) && k <= i+3; k++ {
		if x := &t.Tokens[k]; x.Sentence != tok.Sentence || x.UPOS != "NOUN" && x.UPOS != "ADJ" {
			break
		} else if x.XPOS == "NNS" {
			return strings.ToLower(x.Lemma)
		}
	}
	return ""
}
