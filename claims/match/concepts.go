package match

import (
	"strings"
	"sync"
)

// classTable holds groups of words that news uses for one another, a line each.
// A word may stand in several; one not listed stands for itself alone.
const classTable = `
speak talk converse conversation telecon chat discussion discuss hold-talks
call telephone phone ring telephonic telecon
kill slay murder assassinate assassination killing murder
die perish fatality toll casualty kill
sack dismiss fire oust relieve remove lose-job
resign quit step-down
arrest detain custody detention hold jail imprison
free release liberate
shell bombard artillery gun
attack strike assault raid hit airstrike offensive
shoot shooting gunfire shot fire
explode explosion blast detonation detonate
collapse fall cave
capsize overturn sink roll
injure wound hurt injury
meet meeting summit
urge call demand appeal press
halt stop cease cessation end ceasefire truce suspend
deny reject refute dismiss dispute
confirm verify
announce declare proclaim
say tell state
buy purchase acquire acquisition
sell sale
sign ink
agree agreement accord deal pact settle
close shut closure
open reopen
damage destroy wreck ruin smash
rise increase climb grow jump
fall drop decline decrease slip
win victory beat defeat
lose loss defeat
elect election vote
appoint name nominate
protest demonstration march rally demonstrator protester
fire blaze burn ablaze
flee escape run
withdraw retract pull
condolence sympathy
thank gratitude appreciation
soldier troop serviceman
police officer
minister secretary
president leader
bridge crossing
railway rail train
ship vessel boat ferry
plane aircraft jet airliner
doctor physician medic
hospital clinic
company firm business
worker employee staff
student pupil
house home
money fund cash
prison jail
border frontier
post outpost
person people individual
area region zone
city town
road highway street
begin start launch commence
recover find retrieve
rescue save
evacuate evacuation
ban prohibit forbid outlaw
sue lawsuit suit
charge accuse indict
convict guilty conviction
acquit clear acquittal
warn warning caution
threaten threat
plan intend
hack breach cyberattack intrusion
leak spill
sanction embargo
recall withdraw
`

// oppositeTable holds pairs that cannot both be said of one thing at one time.
const oppositeTable = `rise fall;win lose;open close;alive die;free arrest;convict acquit;accept reject;begin end;begin halt;buy sell;agree disagree;resign sack;permanent loan;true false;deny confirm;increase decrease;join leave;live die;safe danger;calm riot;north south;east west;support oppose;legal illegal;temporary permanent`

type lexicon struct {
	class    map[string][]int   // stem -> classes
	opposite map[[2]string]bool // stems
}

var words = sync.OnceValue(func() lexicon {
	l := lexicon{map[string][]int{}, map[[2]string]bool{}}
	for n, row := range strings.Split(strings.TrimSpace(classTable), "\n") {
		for w := range strings.FieldsSeq(row) {
			s := Stem(w)
			if s != "" {
				l.class[s] = append(l.class[s], n)
			}
		}
	}
	for row := range strings.SplitSeq(oppositeTable, ";") {
		a, b, _ := strings.Cut(row, " ")
		x, y := Stem(a), Stem(b)
		l.opposite[[2]string{x, y}], l.opposite[[2]string{y, x}] = true, true
	}
	return l
})

// Opposite tells whether two stems cannot both be said of one thing: antonyms
// in their common senses, and the table's pairs.
func Opposite(a, b string) bool {
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
