package language

import (
	"sort"
	"strings"
	"sync"

	xlang "golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// demonyms are the adjectives of countries that no rule of suffixes gives, and
// short names that CLDR does not list. Country: adjective, adjective; ….
const demonymTable = `Afghanistan:Afghan;Albania:Albanian;Algeria:Algerian;Argentina:Argentine,Argentinian;Armenia:Armenian;Australia:Australian;` +
	`Austria:Austrian;Azerbaijan:Azerbaijani;Bahrain:Bahraini;Bangladesh:Bangladeshi;Belarus:Belarusian;Belgium:Belgian;Bolivia:Bolivian;` +
	`Bosnia:Bosnian;Botswana:Botswanan;Brazil:Brazilian;Britain:British;Bulgaria:Bulgarian;Burundi:Burundian;Cambodia:Cambodian;Cameroon:Cameroonian;` +
	`Canada:Canadian;Chad:Chadian;Chile:Chilean;China:Chinese;Colombia:Colombian;Congo:Congolese;Croatia:Croatian;Cuba:Cuban;Cyprus:Cypriot;` +
	`Czechia:Czech;Denmark:Danish;Ecuador:Ecuadorian;Egypt:Egyptian;England:English;Eritrea:Eritrean;Estonia:Estonian;Ethiopia:Ethiopian;` +
	`Finland:Finnish;France:French;Gabon:Gabonese;Gambia:Gambian;Georgia:Georgian;Germany:German;Ghana:Ghanaian;Greece:Greek;Guatemala:Guatemalan;` +
	`Guinea:Guinean;Guyana:Guyanese;Haiti:Haitian;Honduras:Honduran;Hungary:Hungarian;Iceland:Icelandic;India:Indian;Indonesia:Indonesian;` +
	`Iran:Iranian;Iraq:Iraqi;Ireland:Irish;Israel:Israeli;Italy:Italian;Jamaica:Jamaican;Japan:Japanese;Jordan:Jordanian;Kazakhstan:Kazakh;` +
	`Kenya:Kenyan;Kosovo:Kosovar;Kuwait:Kuwaiti;Kyrgyzstan:Kyrgyz;Laos:Laotian,Lao;Latvia:Latvian;Lebanon:Lebanese;Liberia:Liberian;Libya:Libyan;` +
	`Lithuania:Lithuanian;Luxembourg:Luxembourgish;Malawi:Malawian;Malaysia:Malaysian;Mali:Malian;Malta:Maltese;Mauritania:Mauritanian;Mexico:Mexican;` +
	`Moldova:Moldovan;Mongolia:Mongolian;Montenegro:Montenegrin;Morocco:Moroccan;Mozambique:Mozambican;Myanmar:Burmese;Namibia:Namibian;Nepal:Nepalese,Nepali;` +
	`Netherlands:Dutch;New Zealand:New Zealander;Nicaragua:Nicaraguan;Niger:Nigerien;Nigeria:Nigerian;North Korea:North Korean;North Macedonia:Macedonian;` +
	`Norway:Norwegian;Oman:Omani;Pakistan:Pakistani;Palestine:Palestinian;Panama:Panamanian;Paraguay:Paraguayan;Peru:Peruvian;Philippines:Philippine,Filipino;` +
	`Poland:Polish;Portugal:Portuguese;Qatar:Qatari;Romania:Romanian;Russia:Russian;Rwanda:Rwandan;Saudi Arabia:Saudi;Scotland:Scottish;Senegal:Senegalese;` +
	`Serbia:Serbian;Singapore:Singaporean;Slovakia:Slovak;Slovenia:Slovenian;Somalia:Somali;South Africa:South African;South Korea:South Korean;` +
	`South Sudan:South Sudanese;Spain:Spanish;Sri Lanka:Sri Lankan;Sudan:Sudanese;Sweden:Swedish;Switzerland:Swiss;Syria:Syrian;Taiwan:Taiwanese;` +
	`Tajikistan:Tajik;Tanzania:Tanzanian;Thailand:Thai;Togo:Togolese;Tunisia:Tunisian;Turkey:Turkish;Turkmenistan:Turkmen;Uganda:Ugandan;` +
	`Ukraine:Ukrainian;United Arab Emirates:Emirati;United Kingdom:UK,U.K.;United States:American,US,U.S.,USA;Uruguay:Uruguayan;Uzbekistan:Uzbek;` +
	`Venezuela:Venezuelan;Vietnam:Vietnamese;Wales:Welsh;Yemen:Yemeni;Zambia:Zambian;Zimbabwe:Zimbabwean`

type placeTables struct {
	country map[string]string // lower-case name or adjective -> country
	adj     map[string]bool   // lower-case adjectives
	opens   map[string]bool   // first words of names of several words, lower case
}

// places is built on first use: CLDR's country names, and the adjectives above.
var places = sync.OnceValue(func() placeTables {
	p := placeTables{map[string]string{}, map[string]bool{}, map[string]bool{}}
	names := display.English.Regions()
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			r, err := xlang.ParseRegion(string([]rune{a, b}))
			if err != nil || !r.IsCountry() {
				continue
			}
			if n := names.Name(r); n != "" && !strings.Contains(n, "Unknown") {
				p.country[strings.ToLower(n)] = n
			}
		}
	}
	for row := range strings.SplitSeq(demonymTable, ";") {
		name, adjs, _ := strings.Cut(row, ":")
		p.country[strings.ToLower(name)] = name
		for a := range strings.SplitSeq(adjs, ",") {
			p.country[strings.ToLower(a)] = name
			p.adj[strings.ToLower(a)] = true
		}
	}
	for name := range p.country {
		if first, _, several := strings.Cut(name, " "); several {
			p.opens[first] = true
		}
	}
	return p
})

// CountryOf maps a country's name or adjective ("Iranian", "U.S.") to the
// country's name, or "".
func CountryOf(w string) string { return places().country[strings.ToLower(w)] }

// OpensCountry tells whether a word opens a country's name of several words, or
// an adjective of it: "South", "Sri".
func OpensCountry(w string) bool { return places().opens[strings.ToLower(w)] }

// isDemonym tells whether the word is the adjective of a country.
func isDemonym(w string) bool { return places().adj[strings.ToLower(w)] }

// bodyWords make a name the name of a body, each with the class it belongs to.
var bodyWords = set("ministry department office agency service council commission committee court parliament senate congress assembly " +
	"government administration authority authorities police army navy force forces guard guards staff command bank university institute college " +
	"school hospital company corporation inc ltd plc llc group party union association federation league club fc foundation centre center society " +
	"organisation organization press news times post herald daily tribune gazette radio television tv telegraph observer courier channel media agency " +
	"bureau board chamber secretariat embassy consulate mission junta cabinet kremlin pentagon house treasury reserve airlines airways railways " +
	"brigade fund trust network alliance coalition front movement lines energy steel motors pharma oil gas holdings industries partners systems solutions technologies works observers monitors watch rescue observatory academy museum clinic")

// IsBodyWord tells whether a lower-case word makes a name the name of a body.
func IsBodyWord(w string) bool { return bodyWords[w] }

// VariantKey folds the wordings of one body's name to one key: "Russian Foreign
// Ministry", "Russia's Foreign Ministry" and "Russian Ministry of Foreign
// Affairs" share it. Words are put in order, adjectives of countries become the
// country, and filler falls away. Names of people keep their order.
func VariantKey(name string) string {
	name = plain(name)
	var ws []string
	body := false
	f := strings.FieldsFunc(name, func(r rune) bool {
		return r == ' ' || r == ',' || r == '-' || r == '.' || r == '(' || r == ')' || r == '\n' || r == '\t'
	})
	for i := 0; i < len(f); i++ {
		w := strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(f[i]), "'s"), "'")
		if i+1 < len(f) {
			if c := CountryOf(w + " " + strings.TrimSuffix(strings.ToLower(f[i+1]), "'s")); c != "" {
				ws = append(ws, stemName(c))
				i++
				continue
			}
		}
		switch w {
		case "the", "of", "for", "and", "a", "an", "affairs", "":
			continue
		case "defense":
			w = "defence"
		case "organization":
			w = "organisation"
		case "center":
			w = "centre"
		}
		body = body || bodyWords[w]
		if c := CountryOf(w); c != "" {
			w = strings.ToLower(c)
		}
		ws = append(ws, stemName(w))
	}
	if body {
		sort.Strings(ws)
	}
	return strings.Join(ws, " ")
}

// stemName cuts the endings by which names of places and their adjectives
// differ, also of places no table lists: Ruritania, Ruritanian.
func stemName(w string) string {
	w = strings.ToLower(w)
	if bodyWords[w] || len(w) < 5 {
		return w
	}
	for _, suffix := range [...]string{"ians", "ian", "ans", "ese", "ish", "ean", "an", "ia", "i", "a", "e", "y", "s"} {
		if strings.HasSuffix(w, suffix) && len(w)-len(suffix) >= 4 {
			return w[:len(w)-len(suffix)]
		}
	}
	return w
}
