package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// vocabulary draws words with the frequencies that language has: nouns as the
// background table counts them, names, which are made up, by Zipf's law.
type vocabulary struct {
	nouns                       []string
	upTo                        []float64 // sums of the nouns' counts
	first, family, towns, kinds []string
	verbs                       [][]verb // groups of verbs that news uses for one another
}

type verb struct {
	lemma, past string
	group       int
}

var prepositions = []string{"after", "over", "despite", "before", "during", "against"}

const verbTable = `reject:rejected refuse:refused;approve:approved back:backed support:supported;announce:announced unveil:unveiled;visit:visited;
cancel:cancelled scrap:scrapped;attack:attacked strike:struck;close:closed shut:shut;open:opened;buy:bought purchase:purchased;sell:sold;
arrest:arrested detain:detained;release:released free:freed;damage:damaged;destroy:destroyed;build:built construct:constructed;halt:halted stop:stopped;
delay:delayed postpone:postponed;sign:signed;join:joined;leave:left quit:quit;win:won;lose:lost;name:named appoint:appointed;sack:sacked dismiss:dismissed;
kill:killed;injure:injured wound:wounded;rescue:rescued save:saved;block:blocked;fund:funded finance:financed;raise:raised increase:increased;
cut:cut reduce:reduced;ban:banned prohibit:prohibited;investigate:investigated probe:probed;accuse:accused;defend:defended;criticise:criticised;
praise:praised;host:hosted;send:sent dispatch:dispatched;seize:seized;evacuate:evacuated;inspect:inspected;review:reviewed;lead:led;
replace:replaced;repair:repaired fix:fixed;publish:published;launch:launched;suspend:suspended;resume:resumed;find:found discover:discovered;
lift:lifted;extend:extended;warn:warned;question:questioned;protest:protested;welcome:welcomed;order:ordered;demand:demanded`

// Of which there are, and how many words of the background table are used.
const (
	firstNames, familyNames, townNames = 1500, 30000, 6000
)

func newVocabulary(table string) (*vocabulary, error) {
	raw, err := os.ReadFile(table)
	if err != nil {
		return nil, fmt.Errorf("the table of word frequencies: %w", err)
	}
	v := &vocabulary{kinds: strings.Fields("Council Ministry Bank Union Agency Commission Group Institute Court Company Party Police Committee Hospital University")}
	for row := range strings.SplitSeq(strings.ReplaceAll(verbTable, "\n", ""), ";") {
		var group []verb
		for pair := range strings.FieldsSeq(row) {
			lemma, past, _ := strings.Cut(pair, ":")
			group = append(group, verb{lemma, past, len(v.verbs)})
		}
		v.verbs = append(v.verbs, group)
	}
	_, rows, _ := strings.Cut(string(raw), "\n")
	sum := 0.0
	for row := range strings.Lines(rows) {
		word, count, _ := strings.Cut(strings.TrimSpace(row), " ")
		n, err := strconv.ParseFloat(count, 64)
		if err != nil || len(word) < 3 || strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLower(r) }) {
			continue
		}
		sum += n
		v.nouns, v.upTo = append(v.nouns, word), append(v.upTo, sum)
	}
	if len(v.nouns) < 1000 {
		return nil, fmt.Errorf("the table of word frequencies %q has %d words", table, len(v.nouns))
	}
	r := rand.New(rand.NewPCG(7, 7))
	seen := map[string]bool{}
	v.first, v.family, v.towns = coined(r, firstNames, 2, seen), coined(r, familyNames, 3, seen), coined(r, townNames, 3, seen)
	return v, nil
}

// coined makes up names of so many syllables, none of which was seen.
func coined(r *rand.Rand, n, syllables int, seen map[string]bool) []string {
	const on, vowels, off = "bdfghjklmnprstvz", "aeiou", "lnrst"
	out := make([]string, 0, n)
	for len(out) < n {
		var b strings.Builder
		for range syllables {
			b.WriteByte(on[r.IntN(len(on))])
			b.WriteByte(vowels[r.IntN(len(vowels))])
			if r.IntN(3) == 0 {
				b.WriteByte(off[r.IntN(len(off))])
			}
		}
		if s := capital(b.String()); !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// zipf draws 0 to n-1 with a chance of about 1/(rank+1).
func zipf(r *rand.Rand, n int) int {
	return min(n-1, int(math.Exp(r.Float64()*math.Log(float64(n)+1)))-1)
}

func (v *vocabulary) noun(r *rand.Rand) string {
	at := r.Float64() * v.upTo[len(v.upTo)-1]
	return v.nouns[sort.SearchFloat64s(v.upTo, at)]
}

func (v *vocabulary) verb(r *rand.Rand) verb {
	group := v.verbs[zipf(r, len(v.verbs))]
	return group[r.IntN(len(group))]
}

// another is a verb of the same group, which may have but one.
func (v *vocabulary) another(r *rand.Rand, like verb) verb {
	group := v.verbs[like.group]
	return group[r.IntN(len(group))]
}

func (v *vocabulary) person(r *rand.Rand) string {
	return v.first[zipf(r, len(v.first))] + " " + v.family[zipf(r, len(v.family))]
}

func (v *vocabulary) place(r *rand.Rand) string { return v.towns[zipf(r, len(v.towns))] }

func (v *vocabulary) body(r *rand.Rand) string {
	return v.place(r) + " " + v.kinds[r.IntN(len(v.kinds))]
}

func (v *vocabulary) outlet(r *rand.Rand) string {
	return v.towns[zipf(r, 600)] + " " + []string{"Herald", "Daily", "Post", "Wire"}[r.IntN(4)]
}

func capital(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[n:]
}
