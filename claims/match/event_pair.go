package match

import (
	"math"
	"slices"
)

// The features by which two mentions of one story are weighed at first sight.
// "Like" is how alike their words are, "unlike" the rest to one; cosines are of
// bags weighed by the story.
const (
	eLike         = iota
	eShared       // share of their words that are the same (Dice)
	eSame         // flags of how alike their words are: the same,
	eSynonym      // in one synset,
	eDerived      // derived or news words,
	eRooted       // of one root or more general,
	eSpecial      // alike at all
	eHeadSame     // and their heads: the same,
	eHeadDerived  // derived or news words,
	eHeadSpecial  // alike at all
	eSister       // flag: two things of one kind
	eRarity       // of the more common head
	eRarityTop    // of the rarer one
	eSaying       // flag: both are of saying
	eSayingOne    // flag: one is
	eVerbs        // flag: both are verbs
	eVerbNoun     // flag: a verb and a noun
	ePronoun      // flag: one is a pronoun
	eDenied       // flag: one is denied
	eUnreal       // flag: one will or may be
	ePlural       // flag: one is of several
	ePluralLike   // and their words are alike
	eTense        // flag: different tenses
	eRole         // flag: one place in the sentence
	eGovernor     // likeness of the words they depend on
	eGoverns      // likeness of one and the word that the other depends on
	eAgent        // likeness of who does it
	eNoAgent      // flag: it is another
	ePatient      // likeness of whom it is done to
	eNoPatient    // flag: it is another
	eCrossed      // likeness of who does the one and whom the other is done to
	ePatientLike  // eLike with ePatient
	ePatientUn    // unlike with ePatient
	eSayingAgent  // eSaying with eNoAgent
	eParties      // cosine of who takes part
	ePartiesLike  // with eLike
	eAround       // cosine of their sentences
	eAroundLike   // with eLike
	eAroundSaying // with eSaying
	eNear         // cosine of the words next to them
	eNames        // flag: their sentences share a name
	eNoNames      // flag: both have some and share none
	eNumbers      // flag: their sentences share a number
	eNoNumbers    // flag: both have some and share none
	eTopics       // likeness of their documents, 0 in one document
	eApart        // the same by what sets them apart
	eApartLike    // with eLike
	eOneText      // flag: one document
	eOneTextUn    // unlike in it
	eOneSentence  // flag: one sentence
	eDistance     // sentences between them in one document, up to three
	eDistanceLike // with eLike
	eLead         // flag: one of them is in the first two sentences
	eLeads        // flag: both are
	ePlace        // sentences by which their places in their documents differ
	eBeside       // likeness of other mentions in their sentences
	eNoBeside     // flag: these are others
	eInPlace      // likeness of one and a mention beside the other
	eInPlaceUn    // with unlike
	eUse          // share of documents that mention the rarer head
	eUseTop       // of the other
	eUseLike      // eUse with eLike
	eUseUn        // eUse with unlike
	eTimes        // log of how often the rarer head is mentioned
	eTimesTop     // of the other
	eOften        // mentions of a head in a document that has it, the higher
	eSize         // log of the documents of the story
	eTogether     // share of their mentions that are in one sentence
	eHeadParties  // cosine of who takes part in all mentions of the two heads
	eHeadUn       // with unlike
	eHeadNear     // cosine of the words next to all mentions of the two heads
	eHeadNearUn   // with unlike
	nEvent
)

type pairFeatures [nEvent]float64

// headUse is how a head is used in the mentions of a story.
type headUse struct {
	docs          map[*eventDoc]bool
	times         float64
	parties, near bag
}

// useHeads files the heads of a story.
func (s *eventSet) useHeads() {
	s.heads, s.together = map[string]*headUse{}, map[[2]string]float64{}
	parties, near := map[string]map[string]float64{}, map[string]map[string]float64{}
	for _, m := range s.told {
		m.beside = nil
		u := s.heads[m.head]
		if u == nil {
			u = &headUse{docs: map[*eventDoc]bool{}}
			s.heads[m.head] = u
			parties[m.head], near[m.head] = map[string]float64{}, map[string]float64{}
		}
		u.docs[m.doc] = true
		u.times++
		for _, w := range m.parties {
			parties[m.head][w.stem] += w.weight
		}
		for _, w := range m.near {
			near[m.head][w.stem] += w.weight
		}
	}
	for h, u := range s.heads {
		u.parties, u.near = newBag(parties[h]), newBag(near[h])
	}
	for i, a := range s.told {
		for _, b := range s.told[i+1:] {
			if b.doc != a.doc {
				break
			}
			if a.sentence == b.sentence && a.head != b.head {
				a.beside, b.beside = append(a.beside, b.head), append(b.beside, a.head)
				s.together[pairOf(a.head, b.head)]++
			}
		}
	}
}

func pairOf(a, b string) [2]string {
	if b < a {
		a, b = b, a
	}
	return [2]string{a, b}
}

// features compares two mentions of a story, whichever comes first.
func (s *eventSet) features(a, b *eventMention) (x pairFeatures) {
	like := s.compareWords(a, b, &x)
	s.compareForms(a, b, &x)
	s.compareParties(a, b, like, &x)
	s.comparePlaces(a, b, like, &x)
	s.compareUse(a, b, like, &x)
	return x
}

// compareWords returns how alike their words are.
func (s *eventSet) compareWords(a, b *eventMention, x *pairFeatures) float64 {
	head, common := s.same(a.head, b.head), 0
	like := head
	for _, p := range a.words {
		for _, q := range b.words {
			like = max(like, s.same(p, q))
		}
		if slices.Contains(b.words, p) {
			common++
		}
	}
	if n := len(a.words) + len(b.words); n > 0 {
		x[eShared] = 2 * float64(common) / float64(n)
	}
	x[eLike] = like
	x[eSame], x[eSynonym], x[eDerived] = flag(like == sameStem), flag(like >= sameSynset), flag(like >= sameDerived)
	x[eRooted], x[eSpecial] = flag(like >= sameRoot), flag(like >= sameSpecific)
	x[eHeadSame], x[eHeadDerived], x[eHeadSpecial] = flag(head == sameStem), flag(head >= sameDerived), flag(head >= sameSpecific)
	x[eSister] = flag(like == 0 && s.sense(a.head).sister(s.sense(b.head)))
	x[eRarity], x[eRarityTop] = ordered(Rarity(a.head), Rarity(b.head))
	return like
}

func ordered(a, b float64) (low, high float64) { return min(a, b), max(a, b) }

func (s *eventSet) compareForms(a, b *eventMention, x *pairFeatures) {
	x[eSaying], x[eSayingOne] = flag(a.saying && b.saying), flag(a.saying != b.saying)
	x[eVerbs], x[eVerbNoun] = flag(a.kind == verb && b.kind == verb), flag(a.kind == verb && b.kind == noun || a.kind == noun && b.kind == verb)
	x[ePronoun] = flag(a.kind == pronoun || b.kind == pronoun)
	x[eDenied], x[eUnreal], x[ePlural] = flag(a.denied != b.denied), flag(a.unreal != b.unreal), flag(a.plural != b.plural)
	x[ePluralLike] = x[ePlural] * x[eLike]
	x[eTense] = flag(a.tense != b.tense && a.tense != "" && b.tense != "")
	x[eRole] = flag(a.role == b.role)
	x[eGovernor] = s.same(a.governor, b.governor)
	x[eGoverns] = max(s.same(a.governor, b.head), s.same(b.governor, a.head))
}

// otherParty is the likeness a name must not be taken for another one at.
const otherParty = 0.8

// likest is how alike two lists are at their likest, and whether both have
// something and nothing is.
func (s *eventSet) likest(a, b []string) (like, other float64) {
	if len(a) == 0 || len(b) == 0 {
		return 0, 0
	}
	for _, p := range a {
		for _, q := range b {
			v := 1.0
			if p != q {
				v = otherParty * s.same(p, q)
			}
			like = max(like, v)
		}
	}
	if like < 0.5 {
		return 0, 1
	}
	return like, 0
}

func (s *eventSet) compareParties(a, b *eventMention, like float64, x *pairFeatures) {
	x[eAgent], x[eNoAgent] = s.likest(a.agent, b.agent)
	x[ePatient], x[eNoPatient] = s.likest(a.patient, b.patient)
	p, _ := s.likest(a.agent, b.patient)
	q, _ := s.likest(a.patient, b.agent)
	x[eCrossed] = max(p, q)
	x[ePatientLike], x[ePatientUn] = x[ePatient]*like, x[ePatient]*(1-like)
	x[eSayingAgent] = x[eSaying] * x[eNoAgent]
	x[eParties] = a.parties.cosine(b.parties)
	x[ePartiesLike] = x[eParties] * like
	x[eAround] = a.around.cosine(b.around)
	x[eAroundLike], x[eAroundSaying] = x[eAround]*like, x[eAround]*x[eSaying]
	x[eNear] = a.near.cosine(b.near)
	x[eNames], x[eNoNames] = haveCommon(a.names, b.names)
	x[eNumbers], x[eNoNumbers] = haveCommon(a.numbers, b.numbers)
}

// haveCommon flags that two lists share something, and that both have something
// and share nothing.
func haveCommon(a, b []string) (some, none float64) {
	if len(a) == 0 || len(b) == 0 {
		return 0, 0
	}
	if slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) }) {
		return 1, 0
	}
	return 0, 1
}

func (s *eventSet) comparePlaces(a, b *eventMention, like float64, x *pairFeatures) {
	if a.doc != b.doc {
		x[eTopics], x[eApart] = a.doc.topic.cosine(b.doc.topic), a.doc.bag.cosine(b.doc.bag)
		x[eApartLike] = x[eApart] * like
	} else {
		x[eOneText], x[eOneTextUn] = 1, 1-like
		x[eOneSentence] = flag(a.sentence == b.sentence)
		x[eDistance] = math.Min(3, math.Abs(float64(a.sentence-b.sentence)))
		x[eDistanceLike] = x[eDistance] * like
	}
	leads := 0
	for _, m := range [...]*eventMention{a, b} {
		if m.sentence <= 1 {
			leads++
		}
	}
	x[eLead], x[eLeads] = flag(leads == 1), flag(leads == 2)
	x[ePlace] = math.Abs(float64(min(a.sentence, 10) - min(b.sentence, 10)))
	x[eBeside], x[eNoBeside] = s.likest(a.beside, b.beside)
	for _, h := range a.beside {
		x[eInPlace] = max(x[eInPlace], s.same(h, b.head))
	}
	for _, h := range b.beside {
		x[eInPlace] = max(x[eInPlace], s.same(h, a.head))
	}
	x[eInPlaceUn] = x[eInPlace] * (1 - like)
}

func (s *eventSet) compareUse(a, b *eventMention, like float64, x *pairFeatures) {
	p, q := s.heads[a.head], s.heads[b.head]
	docs := float64(len(s.docs))
	x[eUse], x[eUseTop] = ordered(float64(len(p.docs))/docs, float64(len(q.docs))/docs)
	x[eUseLike], x[eUseUn] = x[eUse]*like, x[eUse]*(1-like)
	x[eTimes], x[eTimesTop] = ordered(math.Log(p.times), math.Log(q.times))
	x[eOften] = max(p.times/float64(len(p.docs)), q.times/float64(len(q.docs)))
	x[eSize] = math.Log(docs)
	x[eTogether] = min(1, s.together[pairOf(a.head, b.head)]/min(p.times, q.times))
	if a.head != b.head {
		x[eHeadParties], x[eHeadNear] = p.parties.cosine(q.parties), p.near.cosine(q.near)
		x[eHeadUn], x[eHeadNearUn] = x[eHeadParties]*(1-like), x[eHeadNear]*(1-like)
	}
}
