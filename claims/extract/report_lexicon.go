package extract

import "strings"

// ReportKind says what sort of act or state a report ascribes to its source.
type ReportKind string

// The kinds of report. Claims are relayed by speech, writing and findings; the
// others say what somebody has in mind.
const (
	Speech    ReportKind = "SPEECH"    // said, told, wrote
	Finding   ReportKind = "FINDING"   // polls show, investigators found
	Thought   ReportKind = "THOUGHT"   // believes, expects, knows
	Feeling   ReportKind = "FEELING"   // fears, hopes, is frustrated that
	Intention ReportKind = "INTENTION" // plans, wants, refuses, promised to
	Demand    ReportKind = "DEMAND"    // urged, asked for, ordered
	Judgement ReportKind = "JUDGEMENT" // praised, blamed, called X a Y, opposes
)

// frame is a set of complements with which a word brings in what is reported.
type frame uint16

const (
	fClause frame = 1 << iota // a finite clause: that, whether, how …
	fQuote                    // a quotation, before or behind
	fTo                       // to do so
	fObject                   // a noun phrase
	fOther                    // somebody, to do so: "urged the board to resign"
	fAs                       // something, to be so: "called it a victory", "described it as one"
	fGerund                   // doing so: "denied taking bribes"
)

// entry is how one word reports.
type entry struct {
	kind  ReportKind
	takes frame
	preps string // prepositions that bring in the content, space before and after each
}

// lexicon reads rows of "kind; frames; prepositions; words". A word may stand in
// several rows: its frames add up, the first kind stays.
func lexicon(rows string) map[string]entry {
	letters := map[rune]frame{'c': fClause, 'q': fQuote, 't': fTo, 'o': fObject, 'p': fOther, 'a': fAs, 'g': fGerund}
	out := map[string]entry{}
	for row := range strings.SplitSeq(strings.TrimSpace(rows), "\n") {
		f := strings.SplitN(row, ";", 4)
		var takes frame
		for _, l := range strings.TrimSpace(f[1]) {
			takes |= letters[l]
		}
		for w := range strings.FieldsSeq(f[3]) {
			e, known := out[w]
			if !known {
				e.kind, e.preps = ReportKind(strings.TrimSpace(f[0])), " "
			}
			e.takes |= takes
			for p := range strings.FieldsSeq(f[2]) {
				e.preps += p + " "
			}
			out[w] = e
		}
	}
	return out
}

func (e entry) prep(w string) bool { return strings.Contains(e.preps, " "+w+" ") }

// reportVerbs are the verbs that ascribe something to somebody. The classes
// follow Levin (1993): verbs of communication (37), of judgement (33), of
// desire (32), of psychological state (31), of perception and of declaration
// (29, 30); the members and their complements are ours.
var reportVerbs = lexicon(`
SPEECH; cq; ; say tell add note state announce report claim confirm declare explain insist argue warn write tweet post reveal disclose maintain
SPEECH; cq; ; allege assert acknowledge admit concede observe remark reply respond recall stress emphasise emphasize reiterate reaffirm affirm repeat testify
SPEECH; cq; ; comment mention underline underscore inform notify brief clarify specify swear certify attest assure remind caution quip joke retort counter contend
SPEECH; cq; ; complain boast brag shout whisper yell scream cry exclaim chant mutter murmur blurt lament grumble muse opine chime interject continue conclude
SPEECH; cq; ; read retweet blog email text recount relate narrate vent gripe moan protest rant preach pronounce profess proclaim signal hint advise intone deadpan
SPEECH; cq; ; answer begin open laugh sigh snap sneer scoff agree disagree theorize theorise postulate posit stipulate fume gush tease crow
SPEECH; q; ; sing recite ask go
SPEECH; cqo; ; announce acknowledge admit concede reveal disclose declare explain confirm reiterate reaffirm affirm detail outline emphasise emphasize stress highlight underscore underline
SPEECH; o; ; claim mention cite quote discuss debate describe address invoke reference publicise publicize broadcast recount recite voice utter express articulate convey allege echo
SPEECH; ca; ; portray depict characterise characterize
SPEECH; ; about of on; speak talk comment remark testify
SPEECH; ; about; joke tweet write complain boast brag rant lie say
SPEECH; ; to; refer allude point attest testify respond
SPEECH; ; of against about; warn caution
SPEECH; ; that; assert
FINDING; c; ; find prove determine establish discover detect illustrate rule
FINDING; co; ; show reveal indicate demonstrate suggest document imply confirm project estimate calculate
FINDING; c; ; learn hear gather calculate reckon conclude
THOUGHT; c; ; believe think suspect expect predict forecast assume presume suppose guess imagine figure reckon know understand realise realize recognise recognize doubt wonder
THOUGHT; c; ; remember forget feel consider speculate anticipate foresee fathom envision decide judge deem accept agree disagree concur bet sense notice
THOUGHT; o; ; suspect predict forecast doubt foresee envision anticipate expect recognise recognize understand accept contemplate ponder
THOUGHT; ; in; believe
THOUGHT; ; of about; think dream wonder speculate worry
THOUGHT; a; ; consider deem judge regard view see perceive rate rank think believe find label brand dub call term name describe portray depict characterise characterize hail tout paint cast treat
FEELING; c; of about over; fear worry hope wish regret despair fret rejoice lament bemoan mourn complain
FEELING; o; ; fear regret lament bemoan resent dread love hate dislike despise detest loathe admire envy enjoy mourn deplore
FEELING; t; ; hope wish fear love hate prefer regret dread like
FEELING; ; for; hope wish long yearn
INTENTION; t; ; vote want plan intend promise pledge vow threaten offer agree decide aim seek prepare consent choose refuse decline mean resolve volunteer swear propose elect opt commit strive attempt vie
INTENTION; cq; ; promise pledge vow
INTENTION; c; ; threaten propose plan intend
INTENTION; o; ; want promise pledge propose seek pursue plan threaten contemplate oppose offer favor favour
INTENTION; g; ; consider propose contemplate discuss
INTENTION; p; ; want
DEMAND; cq; ; urge demand request ask beg plead implore recommend propose suggest insist
DEMAND; p; ; urge ask tell order command instruct request beg implore beseech direct advise encourage persuade convince press pressure lobby invite exhort admonish remind warn call expect challenge forbid
DEMAND; o; ; demand request recommend propose urge order advocate encourage solicit question query
DEMAND; ; for on upon; call push press ask beg plead appeal advocate lobby argue campaign vote petition demand
DEMAND; ; about; ask inquire enquire question
DEMAND; c; ; ask inquire enquire question query wonder
JUDGEMENT; c; ; deny dispute accept complain
JUDGEMENT; o; ; deny dispute refute rebut reject dismiss disavow repudiate debunk decry denounce condemn criticise criticize slam blast attack assail lambast lambaste bash rip chide
JUDGEMENT; o; ; rebuke reprimand scold berate castigate excoriate deride mock ridicule disparage denigrate belittle malign vilify insult knock fault rap savage pan skewer
JUDGEMENT; o; ; praise applaud commend laud hail extol compliment celebrate congratulate thank salute honour honor glorify tout champion
JUDGEMENT; o; ; blame accuse charge indict implicate impugn sue censure denounce
JUDGEMENT; o; ; support oppose back endorse favor favour defend justify welcome embrace approve reject challenge contest protest question criticize condone tolerate promote advocate condemn
JUDGEMENT; g; ; deny admit acknowledge regret recall defend oppose favor support
JUDGEMENT; ; to against with; object agree disagree
JUDGEMENT; ; for; apologise apologize praise criticize criticise
JUDGEMENT; ; of; approve disapprove complain accuse
JUDGEMENT; ; against at; rail argue protest vote inveigh lash
JUDGEMENT; o; ; downplay minimize exaggerate overstate understate emphasize dodge tout
JUDGEMENT; oa; ; liken compare equate
`)

// phrasal are verbs that report together with their particle.
var phrasal = lexicon(`
SPEECH; cqo; ; point_out spell_out blurt_out make_out bring_up lay_out set_out sum_up read_out play_up talk_up play_down
SPEECH; q; ; cry_out call_out shout_out burst_out shoot_back fire_back hit_back go_on
SPEECH; ; about against on for in; speak_out cry_out speak_up
THOUGHT; co; ; figure_out find_out work_out rule_out write_off
JUDGEMENT; o; ; call_out single_out shoot_down turn_down brush_off brush_aside knock_down back_up dress_down tear_into slap_down wave_away laugh_off shrug_off
JUDGEMENT; ; at against; lash_out hit_back fire_back hit_out strike_back push_back
INTENTION; t; ; set_out hold_out sign_up
DEMAND; ; for; cry_out hold_out
`)

// reportNouns name what somebody says, thinks or means to do.
var reportNouns = lexicon(`
SPEECH; c; ; claim statement assertion allegation announcement argument comment remark report suggestion warning insistence admission acknowledgement acknowledgment declaration
SPEECH; c; ; contention explanation testimony reminder assurance complaint observation confirmation revelation disclosure message pronouncement rumour rumor accusation charge signal word notice
SPEECH; ; of; accusation allegation claim warning denial
SPEECH; ; about of on; statement comment remark question claim complaint warning story
FINDING; c; ; finding conclusion evidence proof estimate ruling indication discovery determination verdict
THOUGHT; c; ; belief view opinion idea thought suspicion assumption notion impression expectation prediction forecast theory doubt conviction feeling sense hunch premise perception narrative speculation knowledge realisation realization consensus agreement
THOUGHT; ; of about; view opinion understanding perception knowledge assessment
FEELING; c; of about over; fear hope concern worry anxiety regret confidence optimism frustration anger outrage fury dismay alarm disappointment
FEELING; ; for; hope enthusiasm disdain contempt admiration respect support hatred sympathy
FEELING; t; ; desire wish hope willingness reluctance eagerness readiness
INTENTION; t; ; plan promise pledge vow threat offer decision intention agreement refusal proposal commitment determination resolve ambition vote
INTENTION; c; ; promise pledge vow decision proposal guarantee
INTENTION; ; for; plan proposal
DEMAND; tc; ; demand request order call appeal plea recommendation instruction suggestion invitation requirement
DEMAND; ; for; demand request call appeal plea push recommendation
JUDGEMENT; ; of for; criticism praise condemnation endorsement approval disapproval defence defense support denunciation
JUDGEMENT; ; to; opposition objection
JUDGEMENT; c; ; denial
`)

// reportAdjectives say of a subject what it thinks or means to do.
var reportAdjectives = lexicon(`
FEELING; c; of about with over at by; confident certain sure convinced afraid worried concerned hopeful optimistic pessimistic sceptical skeptical doubtful fearful anxious nervous
FEELING; c; of about with over at by; frustrated angry furious outraged dismayed alarmed disappointed pleased glad happy thrilled delighted proud upset annoyed surprised shocked
FEELING; c; of about with over at by; astonished stunned amazed appalled horrified disturbed troubled relieved grateful sorry sad unhappy excited satisfied adamant insistent aware unaware mindful wary tired suspicious jealous fond
JUDGEMENT; ; of; critical supportive dismissive disdainful contemptuous scornful
INTENTION; t; ; willing unwilling eager reluctant determined keen hesitant loath
FEELING; t; ; happy glad pleased proud afraid
JUDGEMENT; ; to; opposed
`)

// aspect are the verbs that only say that or how the one under them goes on:
// "continued to call for", "tried to convince".
var aspect = words("try continue begin start keep stop go come proceed attempt help manage tend get use rush work move love like need have be seem appear fail quit cease dare bother hasten")

// supportVerbs lend a reporting noun its subject: "made the decision to",
// "voiced fears that".
var supportVerbs = words("make have take give issue express voice raise hold reach offer deliver announce share send post release reject repeat sound level file harbor harbour hear present show face draw come")
