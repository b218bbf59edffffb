package language

import (
	"fmt"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
)

var weekdays = map[string]time.Weekday{
	"monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6, "sunday": 0,
	"mon": 1, "tue": 2, "tues": 2, "wed": 3, "thu": 4, "thurs": 4, "fri": 5, "sat": 6,
}

// parts of a day, as hours from midnight [from, to).
var dayParts = map[string][2]int{
	"morning": {5, 12}, "afternoon": {12, 18}, "evening": {17, 24}, "night": {18, 30},
	"noon": {11, 13}, "midday": {11, 14}, "midnight": {23, 25}, "dawn": {4, 8}, "dusk": {17, 21}, "lunchtime": {11, 14},
}

var smallNumbers = map[string]int{
	"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
	"eleven": 11, "twelve": 12,
}

// times finds time expressions and resolves them to intervals against the day
// of publication: news says "Friday" for the Friday nearest before (or, of
// things to come, after) the day it is printed.
func times(t *Text) {
	for s := range t.Sentences {
		toks := t.Sentences[s].Tokens
		future := futureSentence(t, toks)
		for k := 0; k < len(toks); {
			n, tm := timeAt(t, toks, k, ahead(t, toks, k, future))
			if n == 0 {
				k++
				continue
			}
			tm.Tokens = [2]int{toks[k], toks[k+n-1] + 1}
			tm.Span = t.TokenSpan(toks[k], toks[k+n-1])
			tm.Interval.Span = tm.Span
			tm.Interval.Text = tm.Span.Of(t.Raw)
			t.Times = append(t.Times, tm)
			k += n
		}
	}
}

func futureSentence(t *Text, toks []int) bool {
	for _, i := range toks {
		switch t.Tokens[i].Lower {
		case "will", "'ll", "shall", "due", "expected", "scheduled", "next":
			return true
		}
	}
	return false
}

// scheduled are verbs whose present tense tells what is going to happen.
var scheduled = set("start begin open resume meet play vote arrive leave depart return take face expire end close travel visit")

// ahead: the verb in front of the time at toks[k] speaks of what is to come;
// without a verb in front, whether the sentence does.
func ahead(t *Text, toks []int, k int, future bool) bool {
	for j := k - 1; j >= 0 && j > k-maxSpeech; j-- {
		x := &t.Tokens[toks[j]]
		switch {
		case x.XPOS == "MD":
			// "could last until June", but "could have been open since June"
			return j+1 >= k || t.Tokens[toks[j+1]].Lower != "have"
		case x.Lower == "due" || x.Lower == "expected" || x.Lower == "scheduled":
			return future
		case x.XPOS == "VBD" || x.UPOS == "NOUN" && x.XPOS == "NN" && pastForm(x.Lower):
			return false
		case x.XPOS == "VBZ" && x.UPOS == "VERB" && scheduled[x.Lemma]:
			return true
		case x.UPOS == "VERB" && x.XPOS != "VBN" && x.XPOS != "VBG":
			return future
		}
	}
	return future
}

// timeAt reads a time expression that starts at toks[k]; n is its length in
// tokens, 0 when there is none.
func timeAt(t *Text, toks []int, k int, future bool) (n int, tm Time) {
	w := func(j int) string {
		if k+j < len(toks) && k+j >= 0 {
			return t.Tokens[toks[k+j]].Lower
		}
		return ""
	}
	anchor := t.meta.Published
	day := midnight(anchor)
	known := !anchor.IsZero()
	iv := func(a, b time.Time) claims.TimeSpan {
		if !known {
			return claims.TimeSpan{}
		}
		return claims.TimeSpan{Start: a, End: b}
	}

	if d, y, n := calendar(t, toks, k, anchor); n > 0 {
		text := wordDay(d)
		end := d.AddDate(0, 0, 1)
		// "Friday, 6 March": the weekday before belongs to it; handled below.
		numeric := n == 1 // "21.08.2025": in words it reads the same everywhere
		return n, Time{Interval: claims.TimeSpan{Start: d, End: end}, Text: text, Relative: !y || numeric}
	}
	if wd, ok := weekdays[w(0)]; ok && startsUpper(t.Tokens[toks[k]].Text) {
		// A full date may follow: "Friday, March 6".
		j := 1
		if w(j) == "," {
			j++
		}
		if d, y, n := calendar(t, toks, k+j, anchor); n > 0 {
			return j + n, Time{Interval: claims.TimeSpan{Start: d, End: d.AddDate(0, 0, 1)}, Text: wordDay(d), Relative: !y}
		}
		if !known {
			return 1, Time{Text: t.Tokens[toks[k]].Text, Relative: true}
		}
		back := (int(day.Weekday()) - int(wd) + 7) % 7
		d := day.AddDate(0, 0, -back)
		if future || w(-1) == "next" || w(-1) == "by" || w(-1) == "until" {
			d = day.AddDate(0, 0, (int(wd)-int(day.Weekday())+7)%7)
			if w(-1) == "next" && d.Equal(day) {
				d = d.AddDate(0, 0, 7)
			}
		} else if w(-1) == "last" && back == 0 {
			d = d.AddDate(0, 0, -7)
		}
		tm := Time{Interval: iv(d, d.AddDate(0, 0, 1)), Text: d.Weekday().String() + " " + wordDay(d), Relative: true}
		n := 1
		if p, ok := dayParts[w(1)]; ok {
			n = 2
			tm.Interval = iv(d.Add(time.Duration(p[0])*time.Hour), d.Add(time.Duration(p[1])*time.Hour))
			tm.Text = d.Weekday().String() + " " + w(1) + " " + wordDay(d)
		}
		return n, tm
	}
	rel := func(n int, a, b time.Time, text string) (int, Time) {
		if !known {
			return n, Time{Relative: true, Vague: true}
		}
		return n, Time{Interval: iv(a, b), Text: text, Relative: true}
	}
	switch w(0) {
	case "today":
		return rel(1, day, day.AddDate(0, 0, 1), "on "+wordDay(day))
	case "yesterday":
		d := day.AddDate(0, 0, -1)
		if p, ok := dayParts[w(1)]; ok {
			return rel(2, d.Add(time.Duration(p[0])*time.Hour), d.Add(time.Duration(p[1])*time.Hour), "on the "+w(1)+" of "+wordDay(d))
		}
		return rel(1, d, day, "on "+wordDay(d))
	case "tomorrow":
		d := day.AddDate(0, 0, 1)
		return rel(1, d, d.AddDate(0, 0, 1), "on "+wordDay(d))
	case "tonight":
		return rel(1, day.Add(17*time.Hour), day.Add(30*time.Hour), "on the night of "+wordDay(day))
	case "overnight":
		return rel(1, day.Add(-6*time.Hour), day.Add(9*time.Hour), "in the night to "+wordDay(day))
	case "this":
		if p, ok := dayParts[w(1)]; ok {
			return rel(2, day.Add(time.Duration(p[0])*time.Hour), day.Add(time.Duration(p[1])*time.Hour), "on the "+w(1)+" of "+wordDay(day))
		}
		switch w(1) {
		case "week":
			a := day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
			return rel(2, a, a.AddDate(0, 0, 7), "in the week of "+wordDay(a))
		case "month":
			a := monthStart(day)
			return rel(2, a, a.AddDate(0, 1, 0), "in "+a.Format("January 2006"))
		case "year":
			a := time.Date(day.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
			return rel(2, a, a.AddDate(1, 0, 0), "in "+a.Format("2006"))
		}
	case "last", "next", "past":
		sign := -1
		if w(0) == "next" {
			sign = 1
		}
		switch w(1) {
		case "night":
			if sign < 0 {
				return rel(2, day.Add(-6*time.Hour), day.Add(7*time.Hour), "on the night of "+wordDay(day.AddDate(0, 0, -1)))
			}
		case "week":
			a := day.AddDate(0, 0, -(int(day.Weekday())+6)%7+7*sign)
			return rel(2, a, a.AddDate(0, 0, 7), "in the week of "+wordDay(a))
		case "month":
			a := monthStart(day).AddDate(0, sign, 0)
			return rel(2, a, a.AddDate(0, 1, 0), "in "+a.Format("January 2006"))
		case "year":
			if w(0) == "past" {
				return 0, Time{} // the twelve months before, not a calendar year
			}
			a := time.Date(day.Year()+sign, 1, 1, 0, 0, 0, 0, time.UTC)
			return rel(2, a, a.AddDate(1, 0, 0), "in "+a.Format("2006"))
		}
		if m := monthOf(w(1)); m > 0 && len(w(1)) > 3 && w(0) != "past" {
			y := day.Year()
			if sign < 0 && m >= int(day.Month()) {
				y--
			} else if sign > 0 && m <= int(day.Month()) {
				y++
			}
			a := time.Date(y, time.Month(m), 1, 0, 0, 0, 0, time.UTC)
			return rel(2, a, a.AddDate(0, 1, 0), a.Format("January 2006"))
		}
	}
	// "three days ago", "two weeks earlier"
	if c, ok := smallNumbers[w(0)]; ok || smallDigits(w(0), &c) {
		if w(2) == "ago" || (w(2) == "earlier" && known) {
			var d time.Time
			switch strings.TrimSuffix(w(1), "s") {
			case "hour", "minute":
				if w(2) == "earlier" {
					break // than something, not than the day of print
				}
				return rel(3, day, day.AddDate(0, 0, 1), "on "+wordDay(day))
			case "day":
				d = day.AddDate(0, 0, -c)
				return rel(3, d, d.AddDate(0, 0, 1), "on "+wordDay(d))
			case "week":
				d = day.AddDate(0, 0, -7*c)
				return rel(3, d.AddDate(0, 0, -3), d.AddDate(0, 0, 4), "around "+wordDay(d))
			case "month":
				d = monthStart(day).AddDate(0, -c, 0)
				return rel(3, d, d.AddDate(0, 1, 0), "in "+d.Format("January 2006"))
			case "year":
				d = time.Date(day.Year()-c, 1, 1, 0, 0, 0, 0, time.UTC)
				return rel(3, d, d.AddDate(1, 0, 0), "in "+d.Format("2006"))
			}
		}
	}
	// A month with or without a year: "in October", "January 2026".
	if m := monthOf(w(0)); m > 0 && startsUpper(t.Tokens[toks[k]].Text) && (len(w(0)) > 3 || w(0) != "may") && (w(0) != "may" && w(0) != "march" || prepOf(w(-1))) {
		if y, ok := year(w(1)); ok {
			a := time.Date(y, time.Month(m), 1, 0, 0, 0, 0, time.UTC)
			return 2, Time{Interval: claims.TimeSpan{Start: a, End: a.AddDate(0, 1, 0)}, Text: a.Format("January 2006")}
		}
		if prepOf(w(-1)) && known {
			y := day.Year()
			if !future && m > int(day.Month()) {
				y--
			} else if future && m < int(day.Month()) {
				y++
			}
			n := 1
			if w(1) == "this" && w(2) == "year" {
				y, n = day.Year(), 3
			}
			a := time.Date(y, time.Month(m), 1, 0, 0, 0, 0, time.UTC)
			return rel(n, a, a.AddDate(0, 1, 0), a.Format("January 2006"))
		}
	}
	// A year after a preposition: "in 2009".
	if y, ok := year(w(0)); ok && (w(-1) == "in" || w(-1) == "since" || w(-1) == "until" || w(-1) == "of" || w(-1) == "by" || w(-1) == "from") {
		a := time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC)
		return 1, Time{Interval: claims.TimeSpan{Start: a, End: a.AddDate(1, 0, 0)}, Text: fmt.Sprint(y)}
	}
	return 0, Time{}
}

func prepOf(w string) bool {
	switch w {
	case "in", "since", "until", "by", "from", "of", "during", "early", "late", "mid", "before", "after":
		return true
	}
	return false
}

func smallDigits(w string, c *int) bool {
	n, ok := smallInt(w)
	if ok && n < 1000 {
		*c = n
	}
	return ok && n < 1000
}

func year(w string) (int, bool) {
	n, ok := smallInt(w)
	return n, ok && len(w) == 4 && n >= 1500 && n < 2200
}

// calendar reads a day with its month at toks[k]: "March 6, 2026", "6 March",
// "the 6th of March". hasYear tells whether the year was written; otherwise it
// is the one that puts the day nearest to the anchor.
func calendar(t *Text, toks []int, k int, anchor time.Time) (d time.Time, hasYear bool, n int) {
	w := func(j int) string {
		if k+j < len(toks) {
			return t.Tokens[toks[k+j]].Lower
		}
		return ""
	}
	dayNumber := func(s string) int {
		v, ok := smallInt(strings.TrimRight(s, "stndrh"))
		if !ok || v < 1 || v > 31 || len(s) > 4 {
			return 0
		}
		return v
	}
	var dd int
	m := monthOf(w(0))
	if m > 0 && startsUpper(t.Tokens[toks[k]].Text) {
		if dd = dayNumber(w(1)); dd == 0 {
			return d, false, 0
		}
		n = 2
	} else if dd = dayNumber(w(0)); dd > 0 {
		j := 1
		if w(1) == "of" {
			j = 2
		}
		// "2-3 March": the later day of a night or a span
		if w(1) == "-" && dayNumber(w(2)) > 0 && monthOf(w(3)) > 0 {
			dd, j = dayNumber(w(2)), 3
		}
		if m = monthOf(w(j)); m == 0 {
			return isoDay(w(0))
		}
		n = j + 1
	} else {
		return isoDay(w(0))
	}
	j := n
	if w(j) == "," {
		j++
	}
	if y, ok := year(w(j)); ok {
		if d, ok = date(y, m, dd); !ok {
			return d, false, 0
		}
		return d, true, j + 1
	}
	if anchor.IsZero() {
		return d, false, 0
	}
	best := time.Duration(1 << 62)
	for y := anchor.Year() - 1; y <= anchor.Year()+1; y++ {
		if x, ok := date(y, m, dd); ok {
			if gap := anchor.Sub(x).Abs(); gap < best {
				best, d = gap, x
			}
		}
	}
	if d.IsZero() {
		return d, false, 0
	}
	return d, false, n
}

func isoDay(w string) (time.Time, bool, int) {
	if len(w) == 10 {
		if d, err := time.Parse("2006-01-02", w); err == nil {
			return d, true, 1
		}
		// Day, month and year with full stops are written in this order only.
		if d, err := time.Parse("02.01.2006", w); err == nil {
			return d, true, 1
		}
	}
	return time.Time{}, false, 0
}

func midnight(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	t = t.UTC()
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

func monthStart(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// wordDay is a day in words: "6 March 2026".
func wordDay(t time.Time) string { return t.Format("2 January 2006") }
