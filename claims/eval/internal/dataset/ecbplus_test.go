package dataset

import "testing"

func TestUntokenised(t *testing.T) {
	t.Parallel()
	text := "`` We do n't know , '' the port 's Zoë Ilk said ( twice ) ."
	out, places := untokenised(text)
	if want := `"We don't know," the port's Zoë Ilk said (twice).`; out != want {
		t.Errorf("%q, want %q", out, want)
	}
	rs := []rune(text)
	for _, w := range []string{"know", "Zoë", "said", "twice", "We"} {
		for i := range rs {
			if n := len([]rune(w)); i+n <= len(rs) && string(rs[i:i+n]) == w {
				if got := out[places[i]:places[i+n]]; got != w {
					t.Errorf("%q came to stand at %q", w, got)
				}
			}
		}
	}
	for i := 1; i < len(places); i++ {
		if places[i] < places[i-1] {
			t.Fatalf("places go back at %d", i)
		}
	}
}

func FuzzUntokenised(f *testing.F) {
	for _, s := range []string{"", "`` a '' b", "'''", "$ 5 %", "( ``", "a\n, b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out, places := untokenised(s)
		if n := len([]rune(s)); len(places) != n+1 || places[n] != len(out) {
			t.Fatalf("%d places of %d, the last %d of %d", len(places), n+1, places[len(places)-1], len(out))
		}
	})
}
