package match

import (
	_ "embed"
	"strings"
	"sync"
)

// classTable holds groups of words that news uses for one another, a line each.
// A word may stand in several; one not listed stands for itself alone.
//
//go:embed classes.txt
var classTable string

// oppositeTable holds pairs that cannot both be said of one thing at one time.
const oppositeTable = `rise fall;rise drop;increase drop;higher lower;up down;win lose;open close;alive die;free arrest;convict acquit;accept reject;begin end;begin halt;buy sell;agree disagree;resign sack;permanent loan;true false;deny confirm;increase decrease;join leave;live die;safe danger;calm riot;north south;east west;left right;first second;die alive;die survive;kill survive;perish survive;safe break;safe collapse;calm coup;calm unrest;calm gunfire;dismiss resign;voluntarily dismiss;voluntarily force;accident arson;fault arson;defect arson;sale loan;permanent interim;plaintiff defendant;victim attacker;buyer target;intact destroy;intact damage;undisturbed stop;undisturbed halt;unaffected stop;vaccinated unvaccinated;proceed cancel;proceed postpone;pass fail;approve reject;approve veto;lift impose;arrive leave;victory defeat;majority minority;innocent guilty;lose gain;peak low;ease worsen;hire layoff;public secret;cease continue;continue halt;remain leave;remain change;change unchanged;rise unchanged;unchanged fall;support oppose;legal illegal;temporary permanent`

type lexicon struct {
	class    map[string][]int    // stem -> classes
	opposite map[[2]string]bool  // stems
	against  map[string][]string // the same by the first
}

var words = sync.OnceValue(func() lexicon {
	l := lexicon{map[string][]int{}, map[[2]string]bool{}, map[string][]string{}}
	for n, row := range strings.Split(strings.TrimSpace(classTable), "\n") {
		if strings.HasPrefix(row, "#") {
			continue
		}
		for w := range strings.FieldsSeq(row) {
			s := Stem(w)
			if verb, particle, ok := strings.Cut(w, "_"); ok {
				s = Stem(verb) + "_" + particle
			}
			if s != "" {
				l.class[s] = append(l.class[s], n)
			}
		}
	}
	for row := range strings.SplitSeq(oppositeTable, ";") {
		a, b, _ := strings.Cut(row, " ")
		x, y := Stem(a), Stem(b)
		l.opposite[[2]string{x, y}], l.opposite[[2]string{y, x}] = true, true
		l.against[x], l.against[y] = append(l.against[x], y), append(l.against[y], x)
	}
	return l
})

// opposite tells whether two stems cannot both be said of one thing: antonyms
// in their common senses, and the table's pairs.
func opposite(a, b string) bool {
	if words().opposite[[2]string{a, b}] {
		return true
	}
	f, found := wordnet(), false
	for _, x := range f.find(a) {
		for _, y := range f.find(b) {
			if x.rank <= 1 && y.rank <= 1 {
				f.relation(f.againstEnds, f.against, x.synset, func(k int) { found = found || k == y.synset })
				f.relation(f.againstEnds, f.against, y.synset, func(k int) { found = found || k == x.synset })
			}
		}
	}
	return found
}
