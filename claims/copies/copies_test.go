package copies

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/secondsource/secondsource/claims"
)

// The agency item that the other texts copy, or do not.
var (
	agency = []string{
		`Port Halden, 4 May (NRA) - Engineers closed the eastern lock of the Halden canal on Monday after divers found cracks in two of the six steel gates, the waterways office told a news briefing.`,
		`Forty cargo vessels were waiting at anchor by nightfall, and the office does not expect the lock to open again before Thursday, when a floating crane from Marrow Bay is due to lift out the damaged leaves.`,
		`"We saw no sign of sabotage and we have no reason to look for one, these gates are sixty years old and nobody has paid for new ones," said Ilse Varga, who heads the office.`,
		`Grain prices at the port rose four percent in afternoon trading. Two thirds of the wheat that the province sells abroad passes through the canal, according to the chamber of commerce.`,
		`A ferry line that links the islands with the mainland said its boats would sail around the northern cape until further notice, which adds five hours to every crossing.`,
	}
	story = strings.Join(agency, "\n\n")

	// Another outlet's own report of the same briefing, with the same quotation.
	rewrite = `Cracked gates shut down Halden lock

Shipping through one of the country's busiest waterways came to a halt at the start of the week. Inspectors diving at the eastern lock discovered damage to a pair of gates, officials confirmed, and ordered it shut at once.

The head of the waterways office, Ilse Varga, ruled out foul play. "We saw no sign of sabotage and we have no reason to look for one, these gates are sixty years old and nobody has paid for new ones," she told reporters.

Some forty ships have dropped anchor outside the harbour. Repairs hinge on a crane that must be towed in from Marrow Bay. Traders reacted quickly, pushing up the price of wheat, while islanders face much longer ferry trips.`

	otherStory = `The city council of Ostrava Heights voted seven to four to sell the old tram depot. Residents who had hoped for a library left the hall in protest, and the mayor called the sale painful but right.`

	disclaimer = "\n\nDisclaimer: This story has not been edited by our staff and is auto-generated from a syndicated feed. Subscribe to our newsletter and follow us on all platforms for the latest news, analysis and opinion from around the world."
)

// misread replaces a letter in one word of n, as a scanner would.
func misread(text string, n int) string {
	words := strings.Split(text, " ")
	for i := n / 2; i < len(words); i += n {
		w := []byte(words[i])
		w[len(w)/2] = 'c'
		words[i] = string(w)
	}
	return strings.Join(words, " ")
}

var examples = []struct {
	name string
	a, b string
	want claims.CopyKind
}{
	{"the text itself", story, story, claims.CopyExact},
	{"other white space", story, "  " + strings.ReplaceAll(story, "\n\n", "\r\n") + "\n", claims.CopyExact},
	{"two paragraphs of five", story, agency[0] + "\n" + agency[1], claims.CopyNear},
	{"one paragraph of five", story, agency[3], claims.CopyNear},
	{"the last paragraphs cut and a new headline", story, "Canal shut: what we know so far\n\n" + strings.Join(agency[:3], "\n\n"), claims.CopyNear},
	{"a changed dateline", story, strings.Replace(story, "Port Halden, 4 May (NRA) -", "HALDEN (North Wire):", 1), claims.CopyNear},
	{"boilerplate between the paragraphs", story, agency[0] + "\nAlso read: Ten quiet beaches that the guidebooks forgot\n" + agency[1] + "\n" + agency[3] + disclaimer, claims.CopyNear},
	{"paragraphs in another order", story, agency[3] + "\n" + agency[0] + "\n" + agency[4] + "\n" + agency[1], claims.CopyNear},
	{"capitals, accents and typographic marks", story, strings.NewReplacer(`"`, "”", "e", "é", " - ", " – ").Replace(strings.ToUpper(story[:200])) + story[200:], claims.CopyNear},
	{"a word in twenty misread", story, misread(story, 20), claims.CopyNear},
	{"a paragraph in two long texts", otherStory + "\n" + agency[1], story, claims.CopyPartial},
	{"a short post with another end", "Explosion heard near the grain terminal in Port Halden, no injuries reported so far", "Explosion heard near the grain terminal in Port Halden, no injuries reported so far!!", claims.CopyNear},
	{"a post of three words", "Power is back", "Power is back", claims.CopyExact},
	{"symbols only", "🔥🔥", "🔥🔥", claims.CopyExact},

	{"a rewrite that shares a quotation", story, rewrite, ""},
	{"a quotation alone", agency[2], "Varga: " + agency[2][:strings.LastIndex(agency[2], `"`)+1], ""},
	{"a post that the article quotes", "we have found cracks in two of the gates and have closed the lock until Thursday",
		`The office wrote: “We have found cracks in two of the gates and have closed the lock until Thursday”. Ships are waiting.`, ""},
	{"the same disclaimer", story + disclaimer, otherStory + disclaimer, ""},
	{"only a disclaimer and another end", disclaimer + " One.", disclaimer + " Two.", ""},
	{"another story", story, otherStory, ""},
	{"a post of three words in other letters", "Power is back", "POWER IS BACK", ""},
	{"a stock phrase", "Two people were killed when a bus left the road near Arden, police said in a statement on Monday.",
		"The factory will close in June, police said in a statement on Monday.", ""},
	{"nothing and nothing", "", " \n", ""},
	{"nothing and something", "", story, ""},
}

func TestKind(t *testing.T) {
	for _, tt := range examples {
		t.Run(tt.name, func(t *testing.T) {
			o := Compare(tt.a, tt.b)
			if got := Kind(o); got != tt.want {
				t.Errorf("kind %q, want %q: %+v", got, tt.want, o)
			}
			checkOverlap(t, tt.a, tt.b, o)
		})
	}
}

// TestCopiesAreFound: what Kind calls a copy, the detector finds among other
// texts, and first.
func TestCopiesAreFound(t *testing.T) {
	for _, tt := range examples {
		if tt.want == "" {
			continue
		}
		t.Run(tt.name, func(t *testing.T) {
			for _, pair := range [][2]string{{tt.a, tt.b}, {tt.b, tt.a}} {
				d := NewDetector()
				for i := range 500 {
					d.Add(int64(i), Sign(report(uint64(i), 120)))
				}
				d.Add(1000, Sign(pair[0]))
				if got := d.Similar(Sign(pair[1]), 3); len(got) == 0 || got[0] != 1000 {
					t.Errorf("found %v", got)
				}
			}
		})
	}
}

func TestContainmentOutlivesACut(t *testing.T) {
	o := Compare(story, agency[1])
	if o.Containment != 1 || o.Resemblance > 0.3 {
		t.Errorf("containment %v, resemblance %v", o.Containment, o.Resemblance)
	}
	if o.A.Of(story) != strings.TrimSuffix(agency[1], ".") || o.Shared != len(strings.Fields(agency[1])) {
		t.Errorf("%d words: %q", o.Shared, o.A.Of(story))
	}
}

func TestASharedQuotationIsNotOwn(t *testing.T) {
	o := Compare(story, rewrite)
	if o.Own > 0.05 || o.OwnShared >= NearWords || o.Containment < 0.15 {
		t.Errorf("%+v", o)
	}
	if got := o.A.Of(story); !strings.HasPrefix(got, "We saw no sign") || !strings.HasSuffix(got, "paid for new ones") {
		t.Errorf("the passage is %q", got)
	}
}

func TestQuotations(t *testing.T) {
	for text, want := range map[string][]string{
		`He said "yes" and "no".`:                       {`"yes"`, `"no"`},
		`“One.”` + "\n" + `two`:                         {`“One.”`},
		`“It's the ‘end’ of it,” she said`:              {`“It's the ‘end’ of it,”`},
		`«Oui», puis « non »`:                           {`«Oui»`, `« non »`},
		`„Ja“, sagte er`:                                {`„Ja“`},
		`'Done,' he said; the dogs' bowl isn't here`:    {`'Done,'`},
		`a stray " mark` + "\n\n" + `and more`:          {},
		`“A first part.` + "\n\n" + `“A last,” he said`: {`“A first part.`, `“A last,”`},
		`the 5" pipe`: {},
		`"`:           {},
		"“\xff\xfe”":  {"“\xff\xfe”"},
	} {
		got := []string{}
		for _, s := range quotations(text) {
			got = append(got, s.Of(text))
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestWordsAreFolded(t *testing.T) {
	for _, pair := range [][2]string{
		{"Café’s", "CAFES"}, {"ﬁre", "fire"}, {"U.S.", "us"}, {"1,200", "1200"}, {"Ｐｏｒｔ", "port"}, {"co\u00adop", "coop"},
	} {
		a, b := split(pair[0], nil), split(pair[1], nil)
		if len(a) != 1 || len(b) != 1 || a[0].hash != b[0].hash {
			t.Errorf("%q and %q: %v, %v", pair[0], pair[1], a, b)
		}
	}
	if ws := split("— … 🔥 \xff\xfe", nil); len(ws) != 0 {
		t.Errorf("words of symbols: %v", ws)
	}
}

// checkOverlap checks what holds for any two texts.
func checkOverlap(t *testing.T, a, b string, o Overlap) {
	t.Helper()
	swapped := o
	swapped.A, swapped.B = o.B, o.A
	if back := Compare(b, a); back != swapped && a != b {
		t.Errorf("not symmetric: %+v and %+v", o, back)
	}
	for _, share := range []float64{o.Containment, o.Resemblance, o.Own} {
		if !(share >= 0 && share <= 1) {
			t.Errorf("a share out of 0..1: %+v", o)
		}
	}
	if o.Resemblance > o.Containment || o.OwnShared > o.Shared || o.Containment > 0 != (o.Resemblance > 0) {
		t.Errorf("measures at odds: %+v", o)
	}
	if !o.A.In(len(a)) || !o.B.In(len(b)) {
		t.Fatalf("a passage outside its text: %+v", o)
	}
	pa, pb := split(o.A.Of(a), nil), split(o.B.Of(b), nil)
	if len(pa) != o.Shared || len(pb) != o.Shared {
		t.Fatalf("passages of %d and %d words, want %d: %q, %q", len(pa), len(pb), o.Shared, o.A.Of(a), o.B.Of(b))
	}
	for i := range pa {
		if pa[i].hash != pb[i].hash {
			t.Fatalf("the passages differ: %q, %q", o.A.Of(a), o.B.Of(b))
		}
	}
	if o.Containment > 0 && !o.Same && o.Shared < min(ShingleSize, len(split(a, nil)), len(split(b, nil))) {
		t.Errorf("shared shingles and a passage of %d words", o.Shared)
	}
}

// report makes a text of n words, drawn as English draws them.
func report(seed uint64, n int) string {
	r := rand.New(rand.NewPCG(seed, 99))
	z := rand.NewZipf(r, 1.1, 10, 30_000)
	var b strings.Builder
	for i := range n {
		switch {
		case i == 0:
		case i%60 == 0:
			b.WriteString(".\n\n")
		case i%14 == 0:
			b.WriteString(". ")
		default:
			b.WriteByte(' ')
		}
		b.WriteString(syllables(z.Uint64()))
	}
	return b.String()
}

// syllables writes a number as a word that can be spoken.
func syllables(n uint64) string {
	w := ""
	for n++; n > 0; n /= 60 {
		w += string("bdfgklmnprst"[n%12]) + string("aeiou"[n/12%5])
	}
	return w
}

// TestLongestPassage compares the automaton with the table of all pairs.
func TestLongestPassage(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for range 3000 {
		alphabet := 1 + r.IntN(6)
		draw := func() []uint64 {
			s := make([]uint64, r.IntN(40))
			for i := range s {
				s[i] = scramble(uint64(r.IntN(alphabet)))
			}
			return s
		}
		a, b := draw(), draw()
		var want passage
		runs := make([]int, len(a)+1)
		for j := range b {
			for i, w := range slices.Backward(a) {
				if runs[i+1] = 0; w == b[j] {
					runs[i+1] = runs[i] + 1
				}
			}
			for i := range a {
				if n := runs[i+1]; n > want.n {
					want = passage{i + 1 - n, j + 1 - n, n}
				}
			}
		}
		if got := longestPassage(a, b); got != want {
			t.Fatalf("%v and %v: %+v, want %+v", a, b, got, want)
		}
	}
}

func TestOverlapsOfRandomTexts(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 2))
	bits := []string{"the lock", " opened ", "\n", `"`, "“", "”", "'", "Subscribe to our list. ", "grain ", "Ärger ", "\xff", "‘a b’ ", ". ", "one two three four five six. ", "🔥", "北京"}
	draw := func() string {
		var b strings.Builder
		for range r.IntN(30) {
			b.WriteString(bits[r.IntN(len(bits))])
		}
		return b.String()
	}
	for range 3000 {
		a, b := draw(), draw()
		checkOverlap(t, a, b, Compare(a, b))
		if o := Compare(a, a); strings.TrimSpace(a) != "" && (Kind(o) != claims.CopyExact || strings.TrimSpace(a) != o.A.Of(a)) {
			t.Fatalf("%q is no copy of itself: %+v", a, o)
		}
	}
}

func FuzzCompare(f *testing.F) {
	for _, tt := range examples {
		f.Add(tt.a, tt.b)
	}
	f.Add("\xf0\x28 \xed\xa0\x80 '\xff'", "“\u0301\u200d”")
	f.Fuzz(func(t *testing.T, a, b string) {
		checkOverlap(t, a, b, Compare(a, b))
		checkOverlap(t, a, a+b, Compare(a, a+b))
		s := Sign(a)
		if back, err := Parse(s.Marshal()); err != nil || string(back.Marshal()) != string(s.Marshal()) {
			t.Errorf("a signature does not come back: %v", err)
		}
	})
}

func BenchmarkCompare(b *testing.B) {
	x, y := report(1, 150), report(2, 75)
	y += "\n" + x[:len(x)/2]
	for b.Loop() {
		Compare(x, y)
	}
}
