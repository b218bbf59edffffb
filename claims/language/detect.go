package language

import (
	"strings"
	"unicode"

	"github.com/secondsource/secondsource/claims"
)

// function words of languages that newsrooms meet in the Latin script. Enough of
// them in a text tell the language; the lists are short because they only have
// to part English from what is not English.
var functionWords = map[string]map[string]bool{
	"en": set("the of and to in that is was for on with he as at by from his they this which it be are were has had have an not but said who will been after its their i we you my our so if no out up there what when"),
	"es": set("el la los las de del que y en un una por con para se su al es como más pero sus este sobre entre ha fue también no lo le"),
	"fr": set("le la les des du de et en un une que qui dans pour par sur au aux est pas ce il elle son ses avec plus ont été cette ne se"),
	"de": set("der die das den dem des und in zu von mit ist im auf für nicht ein eine einen einem auch sich als wird nach bei aus er sie hat"),
	"it": set("il lo la i gli le di che e un una per con del della dei in non è si sono da al alla nel anche ha più come"),
	"pt": set("o a os as de do da dos das que e em um uma por com para se não no na ao é mais foi como pelo pela sua seu"),
	"nl": set("de het een van en in is dat op te zijn met voor niet aan er ook als bij door maar naar heeft over uit worden"),
	"pl": set("w i na z do się nie że jest o to po jak za od przez dla ma są który była oraz"),
	"tr": set("ve bir bu da de için ile olarak olan daha çok en gibi sonra kadar ne değil dedi olduğunu"),
	"sv": set("och i att det som en på är av för med den till har de inte om ett han var från"),
}

var scripts = []struct {
	name string
	in   *unicode.RangeTable
	lang string
}{
	{"Cyrillic", unicode.Cyrillic, "ru"}, {"Arabic", unicode.Arabic, "ar"}, {"Han", unicode.Han, "zh"}, {"Hebrew", unicode.Hebrew, "he"},
	{"Devanagari", unicode.Devanagari, "hi"}, {"Greek", unicode.Greek, "el"}, {"Hangul", unicode.Hangul, "ko"}, {"Hiragana", unicode.Hiragana, "ja"},
	{"Katakana", unicode.Katakana, "ja"}, {"Thai", unicode.Thai, "th"}, {"Georgian", unicode.Georgian, "ka"}, {"Armenian", unicode.Armenian, "hy"},
	{"Bengali", unicode.Bengali, "bn"}, {"Tamil", unicode.Tamil, "ta"},
}

// detect tells the language of a text from its script and, in the Latin script,
// from function words. "und" means nothing could be told: too short, or a
// language it does not know. It reads at most the first 20,000 bytes.
func detect(t *Text) {
	if t.meta.Language != "" {
		t.Lang = strings.ToLower(t.meta.Language)
	} else {
		t.Lang = detectLanguage(t.Raw)
	}
	base, _, _ := strings.Cut(t.Lang, "-")
	if base != "en" && base != "und" {
		t.Unsplit = claims.UnsplitLanguage
	}
}

// Of tells the language of a text as BCP 47: "en", or another that is not read, or
// "und" when nothing can be told, as of most texts of fewer than six words in the
// Latin script.
func Of(text string) string { return detectLanguage(text) }

func detectLanguage(s string) string {
	if len(s) > 20000 {
		s = s[:20000]
	}
	latin, letters := 0, 0
	counts := make([]int, len(scripts))
	for _, r := range s {
		if !unicode.IsLetter(r) {
			continue
		}
		letters++
		if unicode.Is(unicode.Latin, r) {
			latin++
			continue
		}
		for k := range scripts {
			if unicode.Is(scripts[k].in, r) {
				counts[k]++
				break
			}
		}
	}
	if letters == 0 {
		return "und"
	}
	for k, c := range counts {
		if c*2 > letters {
			return scripts[k].lang
		}
	}
	if latin*2 < letters {
		return "und"
	}
	hits := map[string]int{}
	total := 0
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' }) {
		total++
		for lang, ws := range functionWords {
			if ws[w] {
				hits[lang]++
			}
		}
	}
	best, n := "und", 0
	for _, lang := range [...]string{"en", "es", "fr", "de", "it", "pt", "nl", "pl", "tr", "sv"} {
		if hits[lang] > n {
			best, n = lang, hits[lang]
		}
	}
	switch {
	case total < 4:
		return "und"
	case best != "en" && (n*100 < total*18 || n < hits["en"]*3/2 || total < 6):
		// Names and a borrowed line do not make a text foreign.
		if hits["en"]*100 >= total*8 || total < 6 {
			return "en"
		}
		return "und"
	}
	return best
}
