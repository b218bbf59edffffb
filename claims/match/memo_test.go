package match

import (
	"strconv"
	"strings"
	"sync"
	"testing"
)

func TestAMemoForgetsTheOldest(t *testing.T) {
	var m memo[int]
	worked := map[string]int{}
	get := func(key string) int {
		return m.get(key, func(s string) int { worked[s]++; return len(s) })
	}
	for i := range 3 * memoSize {
		if key := strconv.Itoa(i); get(key) != len(key) {
			t.Fatalf("the value of %q is another's", key)
		}
		get("often")
	}
	if worked["often"] != 1 {
		t.Errorf("what is asked all the time was worked out %d times", worked["often"])
	}
	if get("0"); worked["0"] != 2 {
		t.Errorf("what was asked long ago was worked out %d times, want 2: the memo keeps everything", worked["0"])
	}
	long := strings.Repeat("x", memoKey+1)
	get(long)
	if get(long); worked[long] != 2 {
		t.Errorf("a key of %d bytes is kept", len(long))
	}
}

func TestAMemoServesManyAtOnce(t *testing.T) {
	var m memo[string]
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 2 * memoSize {
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
