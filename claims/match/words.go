// Package match finds stored claims that bear on another claim and judges how
// the two stand to each other: candidate keys, the in-memory index, and the
// relation with its reason. It works on claims alone: no store, no registry.
package match

import (
	_ "embed"
	"hash/maphash"
	"math"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"

	"github.com/secondsource/secondsource/claims/language"
)

//go:embed background.txt
var backgroundTable string

type background struct {
	sentences float64
	count     map[string]float64
}

// table is the frozen background frequency of stems, counted by the command in
// background from the training treebanks.
var table = sync.OnceValue(func() background {
	head, rest, _ := strings.Cut(backgroundTable, "\n")
	n, _ := strconv.ParseFloat(head, 64)
	b := background{n, make(map[string]float64, 8192)}
	for line := range strings.Lines(rest) {
		stem, c, ok := strings.Cut(strings.TrimSpace(line), " ")
		if v, err := strconv.ParseFloat(c, 64); ok && err == nil {
			b.count[stem] = v
		}
	}
	return b
})

// Rarity is the weight of a stem, 0 (in every sentence) to 1 (never seen): its
// inverse sentence frequency in the background, scaled.
func Rarity(stem string) float64 {
	b := table()
	stem, _, _ = strings.Cut(stem, "_") // a phrasal verb is as rare as its verb
	c := b.count[stem]
	if c == 0 {
		c = 2
	}
	return min(1, max(0, math.Log(b.sentences/c)/math.Log(b.sentences/2)))
}

// wordSet is a set of words given apart by white space.
func wordSet(ws string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(ws) {
		m[w] = true
	}
	return m
}

// content is what a word counts for beside others of its text, .25 to 1.
func content(stem string) float64 { return 0.25 + 0.75*Rarity(stem) }

// function words carry no content of a claim.
var stopWords = wordSet("a an the of and or to in on at by for with from as that this these those it its he she his her him they them their who whom whose which what " +
	"is are was were be been being am has have had having do does did done will would shall should can could may might must not n't no 's ' than then there here " +
	"also into onto over about after before during until since between through against within without upon up down out off again once more most some any each other " +
	"such only own same so too very just i we you me us my our your said say says told tell mr mrs ms dr according per while when where if but nor both either one " +
	"took place take taken")

// irregularForms map inflected forms that no stemmer knows to their lemma.
var irregularForms = func() map[string]string {
	m := map[string]string{}
	for r := range strings.SplitSeq("shot shoot;fell fall;fallen fall;began begin;begun begin;broke break;broken break;brought bring;built build;bought buy;caught catch;chose choose;chosen choose;"+
		"came come;drew draw;drawn draw;drove drive;driven drive;fought fight;found find;flew fly;flown fly;gave give;given give;went go;gone go;grew grow;grown grow;heard hear;held hold;kept keep;"+
		"knew know;known know;led lead;left leave;lost lose;made make;met meet;paid pay;ran run;rose rise;risen rise;saw see;seen see;sought seek;sold sell;sent send;shook shake;sank sink;sunk sink;"+
		"spoke speak;spoken speak;spent spend;stood stand;stole steal;stolen steal;struck strike;swore swear;sworn swear;thought think;threw throw;thrown throw;understood understand;won win;"+
		"withdrew withdraw;withdrawn withdraw;wrote write;written write;died die;dying die;dead die;death die;deaths die;people person;men man;women woman;children child;killed kill;"+
		"overturned overturn;blew blow;blown blow;froze freeze;frozen freeze;hid hide;laid lay;bore bear;born bear;taught teach;tore tear;torn tear;woke wake;freed free", ";") {
		a, b, _ := strings.Cut(r, " ")
		m[a] = b
	}
	return m
}()

// Stem folds a word to the form under which words are compared: lower case,
// adjectives of countries as the country, irregular forms regular, then
// Porter's second English stemmer (snowball). "" for what carries no content.
func Stem(word string) string { return stems.get(word, stem) }

var stems memo[string]

func stem(word string) string {
	w := strings.ToLower(strings.Trim(word, ".,;:!?\"'()[]“”‘’«»…-—–*"))
	if w == "" || stopWords[w] || !strings.ContainsFunc(w, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return ""
	}
	if c := language.CountryOf(w); c != "" {
		return strings.ToLower(strings.ReplaceAll(c, " ", ""))
	}
	if l, ok := irregularForms[w]; ok {
		w = l
	}
	if len(w) > 64 {
		w = strings.ToValidUTF8(w[:64], "")
	}
	return english.Stem(w, false)
}

// Stems are the stems of a text's words in order, without those that carry no
// content. Names of countries of two words are one stem, so are phrasal verbs
// ("step_down"); set phrases stand as the word they mean ("lost their lives":
// "die").
func Stems(text string) []string {
	var out []string
	for _, t := range tokens(text) {
		if t.stem != "" {
			out = append(out, t.stem)
		}
	}
	return out
}

// token is one word of a text: how it is written and what its stem means, which it
// shares with other tokens, and how it stands in the text.
type token struct {
	*spelling
	*sense // noSense for what carries no content

	first    bool // opens a sentence, where a capital means nothing
	folded   bool // stands for a set phrase
	negation bool // a set phrase took in a "not" or "no"
	phrase   bool // belongs with the word before it: no mark between them
}

// spelling is how a word is written. It is shared: nobody changes it. By its mark
// what was worked out for it is found again.
type spelling struct {
	lower    string // without marks and possessive, lower case
	mark     uint64 // of the word, with a capital or without
	small    uint64 // of lower
	capital  bool   // written with a capital
	heads    bool   // a set phrase, perhaps: its stem or the word itself does
	particle bool   // makes a verb before it another one
	denying  bool   // it negates
}

// marked completes a spelling.
func (s spelling) marked() *spelling {
	s.small, s.denying = mark(s.lower), negating[s.lower] || strings.HasSuffix(s.lower, "n't")
	if s.mark = s.small; s.capital {
		s.mark = max(1, mix(s.small))
	}
	return &s
}

// mark stands for a word in sets: 64 bits, not all 0, that nobody outside can
// foresee.
func mark(word string) uint64 { return max(1, maphash.String(memoSeed, word)) }

const wordMarks = ".,;:!?\"'()[]“”‘’«»…-—–*"

// tokens cuts a text into words and folds set phrases.
func tokens(text string) []token {
	f := cut(text)
	out := make([]token, 0, len(f))
	first, broken := true, true
	for i := 0; i < len(f); i++ {
		w := fieldOf(f[i])
		ends, parts, possessive := w.ends, w.parts, w.possessive
		if w.bare == "" {
			continue
		}
		t := token{spelling: w.spelling, sense: w.sense, first: first, phrase: !broken}
		if i+1 < len(f) && w.opens && !w.ends && !w.parts {
			next := fieldOf(f[i+1])
			if c := countries.get(w.bare+" "+next.bare, readCountry); c != nil {
				t.sense, t.spelling = c.sense, c.spelling
				i++
				ends, parts, possessive = next.ends, next.parts, next.possessive
			}
		}
		out = append(out, t)
		first = ends && len(w.bare) > 2
		broken = first || parts || possessive
	}
	return foldPhrases(out)
}

// cut cuts a text at white space, hyphens, dashes, slashes and ellipses.
func cut(text string) []string {
	out := make([]string, 0, len(text)/5)
	from := -1 // of the field that is open
	for i := 0; i < len(text); {
		at := i
		var parts bool
		if c := text[i]; c < utf8.RuneSelf {
			i++
			parts = c == ' ' || c == '-' || c == '/' || '\t' <= c && c <= '\r'
		} else {
			r, size := utf8.DecodeRuneInString(text[i:])
			i += size
			parts = unicode.IsSpace(r) || r == '–' || r == '—' || r == '…'
		}
		switch {
		case parts && from >= 0:
			out = append(out, text[from:at])
			from = -1
		case !parts && from < 0:
			from = at
		}
	}
	if from >= 0 {
		out = append(out, text[from:])
	}
	return out
}

// field is what stands between two spaces, marks and all. It is shared: nobody
// changes it.
type field struct {
	*spelling
	*sense

	bare       string
	opens      bool // a country's name of two words
	ends       bool // in a mark that may end a sentence
	parts      bool // in another mark
	possessive bool
}

var fields memo[*field]

func fieldOf(s string) *field { return fields.get(s, readField) }

func readField(s string) *field {
	w := bare(s)
	if w == "" {
		return &field{}
	}
	initial, _ := utf8.DecodeRuneInString(w)
	end, lower, stem := s[len(s)-1:], strings.ToLower(w), stem(w)
	meant := noSense
	if stem != "" {
		meant = senseOf(stem)
	}
	spelt := spelling{lower: lower, heads: phrases()[lower] != nil || phrases()[stem] != nil, particle: particles[lower], capital: unicode.IsUpper(initial)}
	return &field{spelling: spelt.marked(), sense: meant, bare: w, opens: language.OpensCountry(w),
		ends: strings.ContainsAny(end, ".!?"), parts: strings.ContainsAny(end, ",;:"), possessive: strings.HasSuffix(s, "'s") || strings.HasSuffix(s, "’s")}
}

// countries are those of two words, as they are written; nil for what is none.
var countries memo[*field]

func readCountry(bare string) *field {
	c := language.CountryOf(bare)
	if c == "" {
		return nil
	}
	initial, _ := utf8.DecodeRuneInString(bare)
	spelt := spelling{lower: strings.ToLower(bare), capital: unicode.IsUpper(initial), heads: true}
	return &field{spelling: spelt.marked(), sense: senseOf(strings.ToLower(strings.ReplaceAll(c, " ", "")))}
}

// bare strips marks and the possessive.
func bare(w string) string {
	w = strings.Trim(strings.ReplaceAll(w, "’", "'"), wordMarks)
	return strings.Trim(strings.TrimSuffix(w, "'s"), wordMarks)
}

// phraseTable holds set phrases of news English by their stems, "*" for one word
// between, and the word each means.
//
//go:embed phrases.txt
var phraseTable string

type phrase struct {
	words []string
	means string
}

// phrases are filed by the stem of their first word.
var phrases = sync.OnceValue(func() map[string][]phrase {
	m := map[string][]phrase{}
	for row := range strings.Lines(phraseTable) {
		words, means, ok := strings.Cut(strings.TrimSpace(row), ":")
		if !ok || strings.HasPrefix(row, "#") {
			continue
		}
		add := func(words string) {
			p := phrase{means: Stem(means)}
			for w := range strings.FieldsSeq(words) {
				p.words = append(p.words, plain(w))
			}
			m[p.words[0]] = append(m[p.words[0]], p)
		}
		add(words)
		if strings.HasSuffix(words, " life") {
			add(strings.TrimSuffix(words, "life") + "live") // the stemmer takes "lives" for the verb
		}
	}
	return m
})

// plain is a word's stem, stop words as they are.
func plain(w string) string {
	if s := Stem(w); s != "" {
		return s
	}
	return w
}

// foldPhrases gives each set phrase and phrasal verb one stem, at its first word.
func foldPhrases(ts []token) []token {
	for i := range ts {
		head := ts[i].stem
		if head == "" {
			head = ts[i].lower
		}
		if means, n := phraseAt(ts[i:], head); n > 0 {
			for k := i; k < i+n; k++ {
				ts[i].negation = ts[i].negation || ts[k].lower == "not" || ts[k].lower == "no"
				if k == i || !isNumberWord(ts[k].lower) {
					ts[k].sense = noSense
				}
			}
			ts[i].sense, ts[i].folded = senseOf(means), true
			continue
		}
		if ts[i].stem != "" && i+1 < len(ts) && ts[i+1].particle {
			if k := ts[i].stem + "_" + ts[i+1].lower; wordnet().find(k) != nil {
				ts[i].sense = senseOf(k)
			}
		}
	}
	return ts
}

// phraseAt finds the set phrase that begins a list of words.
func phraseAt(ts []token, head string) (means string, n int) {
	if !ts[0].heads {
		return "", 0
	}
	for _, p := range phrases()[head] {
		if len(p.words) > len(ts) {
			continue
		}
		ok := true
		for k, w := range p.words {
			have := ts[k].stem
			if have == "" {
				have = ts[k].lower
			}
			ok = ok && (w == "*" && k > 0 || w == have)
		}
		if ok && len(p.words) > n {
			means, n = p.means, len(p.words)
		}
	}
	return means, n
}
