package match

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode"
)

func TestAMemoIsBounded(t *testing.T) {
	var m memo[int]
	worked := 0
	get := func(key string) int {
		return m.get(key, func(s string) int { worked++; return len(s) })
	}
	get("twice")
	if get("twice"); worked != 1 {
		t.Errorf("what was asked twice was worked out %d times", worked)
	}
	const many = 3 * memoPlaces
	for range 2 {
		for i := range many {
			if key := strconv.Itoa(i); get(key) != len(key) {
				t.Fatalf("the value of %q is another's", key)
			}
		}
	}
	if worked < 2*many-memoPlaces {
		t.Errorf("of %d strings asked twice %d were worked out: more are kept than there are places", many, worked)
	}
	long := strings.Repeat("x", memoKey+1)
	worked = 0
	get(long)
	if get(long); worked != 2 {
		t.Errorf("a key of %d bytes is kept", len(long))
	}
}

func TestAMemoServesManyAtOnce(t *testing.T) {
	var m memo[string]
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 2 * memoPlaces {
				if key := strconv.Itoa(i); m.get(key, strings.ToUpper) != key {
					t.Errorf("the value of %q is another's", key)
					return
				}
			}
		})
	}
	wg.Wait()
}

// A word's reading does not depend on whether it was read before.
func TestTokensAreTheSameWhenReadAgain(t *testing.T) {
	const text = "South Korea's President, the U.S. and “Saudi Arabia” stepped down. New Zealand: South, Korea; Sri Lanka"
	first := tokens(text)
	again := tokens(text)
	if len(first) != len(again) {
		t.Fatalf("%d tokens, then %d", len(first), len(again))
	}
	for i := range first {
		if first[i] != again[i] {
			t.Errorf("%+v, then %+v", first[i], again[i])
		}
	}
	var countries []string
	for _, x := range first {
		if strings.Contains(x.lower, " ") {
			countries = append(countries, x.lower)
		}
	}
	if got := strings.Join(countries, "|"); got != "south korea|saudi arabia|new zealand|sri lanka" {
		t.Errorf("names of two words: %s", got)
	}
}

// The short cut before the pattern never says no where the pattern says yes.
func TestTheShortCutForWhatIsUnderWay(t *testing.T) {
	for _, text := range []string{"", "The bridge IS Closing", "It is", "They Were due home", "It will rain", "He decided to go", "This island",
		"Será: el puente iſ closing", "Are being moved", "wILl", "the was\tset"} {
		if got, want := isUnderWay(text), underWay.MatchString(text); got != want {
			t.Errorf("%q: %v, the pattern says %v", text, got, want)
		}
	}
}

func TestATextIsCutAsByFields(t *testing.T) {
	for _, text := range []string{"", " ", "a", "a-b/c", "The  bridge\tfell\nat 5 – or 6… o’clock\u00a0today\u2028x", "\xff\xfe a\xff", "é è", strings.Repeat("x", 300)} {
		want := strings.FieldsFunc(text, func(r rune) bool {
			return unicode.IsSpace(r) || r == '-' || r == '/' || r == '–' || r == '—' || r == '…'
		})
		if got := cut(text); !slices.Equal(got, want) {
			t.Errorf("%q is cut into %q, want %q", text, got, want)
		}
	}
}
