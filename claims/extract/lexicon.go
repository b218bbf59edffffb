package extract

import "strings"

// cueClass says what a reporting verb does with what it reports.
type cueClass int

const (
	notCue   cueClass = iota
	asserts           // says that P
	denies            // says that not P
	demands           // wants P
	plans             // will do P
	supposes          // holds P possible
	asks              // asks whether P
)

// cueVerbs are the verbs that bring in what somebody says, by lemma. The
// classes follow the factuality lexica of FactBank (Saurí & Pustejovsky 2009);
// the list itself is ours.
var cueVerbs = func() map[string]cueClass {
	m := map[string]cueClass{}
	for _, row := range []struct {
		class cueClass
		words string
	}{
		{asserts, "say tell add note state announce report claim confirm declare explain insist argue warn write tweet post reveal disclose maintain allege " +
			"assert acknowledge admit concede observe remark reply respond recall stress emphasise emphasize reiterate reaffirm affirm repeat testify comment " +
			"continue mention underline underscore outline conclude find determine show indicate estimate read quote cite publish broadcast relay recount " +
			"inform notify brief relate describe complain boast joke shout whisper understand learn hear signal clarify specify detail accuse blame release " +
			"put count record register document charge contend counter swear certify verify attest assure remind caution cry point"},
		{denies, "deny reject dismiss refute rebut dispute disavow repudiate rubbish debunk"},
		{demands, "urge demand request order ask call appeal insist recommend propose advise instruct implore require press"},
		{plans, "plan intend promise pledge vow threaten offer agree decide aim seek prepare consider refuse decline want hope"},
		{supposes, "believe think suspect expect predict forecast suggest imply assume speculate fear doubt guess suppose"},
		{asks, "wonder question inquire"},
	} {
		for w := range strings.FieldsSeq(row.words) {
			m[w] = row.class
		}
	}
	return m
}()

// mere are the intentions that nobody need have uttered: who tells of them says
// so in its own name.
var mere = words("plan intend decide aim seek prepare consider refuse decline want hope")

// strongSpeech are the verbs that are speech even with nothing but a subject
// beside them, as in a clause after the quotation: "Marlo said".
var strongSpeech = words("say tell add note state announce report claim confirm declare explain insist argue warn write tweet post reveal reply respond recall stress " +
	"reiterate repeat testify comment continue remark observe concede admit acknowledge allege maintain shout complain joke conclude caution assert affirm contend counter cry boast agree")

// sayings are the acts that are utterances even without a clause beside them:
// "expressed condolences", "condemned the attack".
var sayings = words("express condemn welcome praise criticise criticize thank apologise apologize reaffirm reiterate urge demand call convey voice slam hail " +
	"denounce deplore congratulate mourn accuse blame deny reject dismiss announce declare state warn threaten promise pledge vow say tell claim propose")

// speechNouns hold what was said: "in a statement", "the post added".
var speechNouns = words("statement post tweet message report interview letter briefing release communique communiqué bulletin note memo address speech remarks " +
	"comment announcement notice video thread document filing")

// hedgeWords make what they stand beside uncertain.
var hedgeWords = words("reportedly allegedly purportedly supposedly apparently possibly perhaps maybe probably likely presumably seemingly rumoured rumored unconfirmed suspected alleged")

// nobodyNouns name no source at all.
var nobodyNouns = words("report reports rumour rumours rumor rumors speculation claim claims word talk")

// unnamedNouns are sources that are known only to whoever spoke to them.
var unnamedNouns = words("official officials source sources person people resident residents witness witnesses eyewitness eyewitnesses diplomat diplomats insider insiders aide aides " +
	"employee employees worker workers soldier soldiers villager villagers neighbour neighbours neighbor neighbors local locals analyst analysts expert experts " +
	"observer observers passenger passengers survivor survivors relative relatives friend friends colleague colleagues executive executives trader traders " +
	"engineer engineers teacher doctor doctors nurse medic medics driver activist activists organiser organisers organizer organizers adviser advisers spokesman spokeswoman spokesperson " +
	"man woman mother father one some many others user users subscriber subscribers lawmaker lawmakers minister ministers staff member members media")

func words(s string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		m[w] = true
	}
	return m
}

// eventNouns name events; the value is how the claim puts it as a verb: a past
// participle with "was" when the noun's "of" is the one it is done to, or "^"
// and a past tense when the "of" is the one that does it; "" says "took place".
var eventNouns = map[string]string{
	"killing": "killed", "assassination": "assassinated", "murder": "murdered", "death": "^died", "arrest": "arrested", "detention": "detained",
	"release": "released", "abduction": "abducted", "kidnapping": "kidnapped", "resignation": "^resigned", "dismissal": "dismissed", "sacking": "sacked",
	"appointment": "appointed", "election": "elected", "destruction": "destroyed", "collapse": "^collapsed", "capsizing": "^capsized", "sinking": "^sank",
	"explosion": "^exploded", "bombing": "bombed", "shelling": "shelled", "strike": "", "airstrike": "", "attack": "", "raid": "", "invasion": "invaded", "earthquake": "",
	"conversation": "", "call": "", "meeting": "", "talk": "", "talks": "", "summit": "", "visit": "", "departure": "^departed", "arrival": "^arrived", "crash": "^crashed",
	"derailment": "^derailed", "evacuation": "evacuated", "closure": "closed", "opening": "opened", "launch": "launched", "suspension": "suspended", "sale": "sold",
	"purchase": "bought", "acquisition": "acquired", "merger": "", "takeover": "taken over", "ceasefire": "", "truce": "", "coup": "", "mutiny": "", "protest": "", "march": "",
	"rally": "", "referendum": "", "vote": "", "conviction": "convicted", "acquittal": "acquitted", "sentencing": "sentenced", "execution": "executed", "trial": "",
	"withdrawal": "withdrawn", "deployment": "deployed", "seizure": "seized", "theft": "stolen", "robbery": "", "fire": "", "blaze": "", "flood": "", "flooding": "", "leak": "",
	"breach": "", "recall": "recalled", "outage": "", "shooting": "", "stabbing": "", "escape": "^escaped", "retirement": "^retired", "signing": "signed", "transfer": "transferred",
	"aggression": "", "blackout": "", "eruption": "", "landslide": "", "ambush": "", "hijacking": "hijacked", "discovery": "discovered", "demolition": "demolished",
}

// lightVerbs carry no meaning of their own beside an event noun: "hold a
// meeting", "launch an attack".
var lightVerbs = words("hold have make give take conduct launch carry stage mount undertake perform")

// irregular past tense and participle, for participles that become clauses.
var irregular = func() map[string][2]string {
	m := map[string][2]string{}
	for r := range strings.SplitSeq("be was been;bear bore borne;beat beat beaten;become became become;begin began begun;blow blew blown;break broke broken;bring brought brought;"+
		"build built built;burn burned burned;buy bought bought;catch caught caught;choose chose chosen;come came come;cost cost cost;cut cut cut;deal dealt dealt;do did done;"+
		"draw drew drawn;drive drove driven;eat ate eaten;fall fell fallen;feel felt felt;fight fought fought;find found found;fly flew flown;forbid forbade forbidden;"+
		"forget forgot forgotten;get got got;give gave given;go went gone;grow grew grown;have had had;hear heard heard;hide hid hidden;hit hit hit;hold held held;hurt hurt hurt;"+
		"keep kept kept;know knew known;lay laid laid;lead led led;leave left left;lend lent lent;let let let;lie lay lain;lose lost lost;make made made;mean meant meant;"+
		"meet met met;pay paid paid;put put put;quit quit quit;read read read;ride rode ridden;ring rang rung;rise rose risen;run ran run;say said said;see saw seen;"+
		"seek sought sought;sell sold sold;send sent sent;set set set;shake shook shaken;shoot shot shot;show showed shown;shut shut shut;sing sang sung;sink sank sunk;"+
		"sit sat sat;sleep slept slept;speak spoke spoken;spend spent spent;split split split;spread spread spread;stand stood stood;steal stole stolen;stick stuck stuck;"+
		"strike struck struck;swear swore sworn;swim swam swum;take took taken;teach taught taught;tear tore torn;tell told told;think thought thought;throw threw thrown;"+
		"understand understood understood;wake woke woken;wear wore worn;win won won;withdraw withdrew withdrawn;write wrote written", ";") {
		f := strings.Fields(r)
		m[f[0]] = [2]string{f[1], f[2]}
	}
	return m
}()

// past is the past tense of a verb's lemma.
func past(lemma string) string {
	if f, ok := irregular[lemma]; ok {
		return f[0]
	}
	n := len(lemma)
	switch {
	case n == 0:
		return lemma
	case lemma[n-1] == 'e':
		return lemma + "d"
	case n > 1 && lemma[n-1] == 'y' && !strings.ContainsRune("aeiou", rune(lemma[n-2])):
		return lemma[:n-1] + "ied"
	case doubles(lemma):
		return lemma + lemma[n-1:] + "ed"
	}
	return lemma + "ed"
}

// doubles: a one-syllable verb that ends in consonant, vowel, consonant.
func doubles(w string) bool {
	n := len(w)
	vowel := func(i int) bool { return strings.IndexByte("aeiou", w[i]) >= 0 }
	if n < 3 || vowel(n-1) || !vowel(n-2) || vowel(n-3) || strings.IndexByte("wxy", w[n-1]) >= 0 {
		return false
	}
	groups := 0
	for i := range n {
		if vowel(i) && (i == 0 || !vowel(i-1)) {
			groups++
		}
	}
	return groups == 1
}
