// Package match finds stored claims that bear on another claim and judges how
// the two stand to each other: candidate keys, the in-memory index, and the
// relation with its reason. It works on claims alone: no store, no registry.
package match

import (
	_ "embed"
	"math"
	"strconv"
	"strings"
	"sync"
	"unicode"

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
	c := b.count[stem]
	if c == 0 {
		c = 2
	}
	return min(1, max(0, math.Log(b.sentences/c)/math.Log(b.sentences/2)))
}

// function words carry no content of a claim.
var stopWords = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields("a an the of and or to in on at by for with from as that this these those it its he she his her him they them their who whom whose which what " +
		"is are was were be been being am has have had having do does did done will would shall should can could may might must not n't no 's ' than then there here " +
		"also into onto over about after before during until since between through against within without upon up down out off again once more most some any each other " +
		"such only own same so too very just i we you me us my our your said say says told tell mr mrs ms dr according per while when where if but nor both either one " +
		"took place take taken") {
		m[w] = true
	}
	return m
}()

// irregularForms map inflected forms that no stemmer knows to their lemma.
var irregularForms = func() map[string]string {
	m := map[string]string{}
	for _, r := range strings.Split("shot shoot;fell fall;fallen fall;began begin;begun begin;broke break;broken break;brought bring;built build;bought buy;caught catch;chose choose;chosen choose;"+
		"came come;drew draw;drawn draw;drove drive;driven drive;fought fight;found find;flew fly;flown fly;gave give;given give;went go;gone go;grew grow;grown grow;heard hear;held hold;kept keep;"+
		"knew know;known know;led lead;left leave;lost lose;made make;met meet;paid pay;ran run;rose rise;risen rise;saw see;seen see;sought seek;sold sell;sent send;shook shake;sank sink;sunk sink;"+
		"spoke speak;spoken speak;spent spend;stood stand;stole steal;stolen steal;struck strike;swore swear;sworn swear;thought think;threw throw;thrown throw;understood understand;won win;"+
		"withdrew withdraw;withdrawn withdraw;wrote write;written write;died die;dying die;dead die;death die;deaths die;people person;men man;women woman;children child;killed kill;"+
		"overturned overturn;blew blow;blown blow;froze freeze;frozen freeze;hid hide;laid lay;bore bear;born bear;taught teach;tore tear;torn tear;woke wake", ";") {
		a, b, _ := strings.Cut(r, " ")
		m[a] = b
	}
	return m
}()

// Stem folds a word to the form under which words are compared: lower case,
// adjectives of countries as the country, irregular forms regular, then
// Porter's second English stemmer (snowball). "" for what carries no content.
func Stem(word string) string {
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
// content. Names of countries of two words are one stem.
func Stems(text string) []string {
	f := strings.FieldsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || r == '-' || r == '/' || r == '–' || r == '—' || r == '…'
	})
	var out []string
	for i := 0; i < len(f); i++ {
		w := strings.TrimSuffix(strings.TrimSuffix(strings.ReplaceAll(f[i], "’", "'"), "'s"), "'")
		if i+1 < len(f) {
			two := strings.Trim(w+" "+strings.TrimSuffix(strings.ReplaceAll(f[i+1], "’", "'"), "'s"), ".,;:!?\"")
			if c := language.CountryOf(two); c != "" {
				out = append(out, strings.ToLower(strings.ReplaceAll(c, " ", "")))
				i++
				continue
			}
		}
		if s := Stem(w); s != "" {
			out = append(out, s)
		}
	}
	return out
}
