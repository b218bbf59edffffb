package rpc

import (
	"strings"
	"testing"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// both tells that every word reaches the API and comes back as it was.
func both[E protoEnum, S ~string](t *testing.T, words ...S) {
	t.Helper()
	var zero E
	for _, w := range words {
		e := enumTo[E](w)
		if e == 0 || enumFrom[S](e) != w {
			t.Errorf("%s has no value for %q", zero.Descriptor().FullName(), w)
		}
	}
	if got := zero.Descriptor().Values().Len(); got != len(words)+1 {
		t.Errorf("%s has %d values for %d words", zero.Descriptor().FullName(), got, len(words))
	}
}

func TestEnumerationsMatchTheDomain(t *testing.T) {
	both[secondsourcev1.SourceKind](t, claims.SourcePerson, claims.SourceOrganisation, claims.SourceGovernment, claims.SourceCompany,
		claims.SourceAgency, claims.SourceOutlet, claims.SourceChannel, claims.SourceAccount, claims.SourceUnnamed)
	both[secondsourcev1.Reliability](t, claims.Grade("A"), "B", "C", "D", "E", claims.GradeUnjudged)
	both[secondsourcev1.MatchedBy](t, claims.MatchedByID, claims.MatchedByName, claims.MatchedByAlias, claims.MatchedByHandle,
		claims.MatchedByVariant, claims.MatchedByDerived)
	both[secondsourcev1.Medium](t, claims.MediumTelegram, claims.MediumX, claims.MediumFeed, claims.MediumStatement, claims.MediumInterview,
		claims.MediumPressConference, claims.MediumBroadcast, claims.MediumCourt, claims.MediumOther)
	both[secondsourcev1.Manner](t, claims.OwnVoice, claims.DirectQuote, claims.Indirect, claims.Relay, claims.Forward, claims.EmbedManner)
	both[secondsourcev1.DocumentKind](t, claims.KindArticle, claims.KindAgencyItem, claims.KindTelegramPost, claims.KindXPost,
		claims.KindPressRelease, claims.KindTranscript)
	both[secondsourcev1.DocumentStatus](t, claims.StatusUsable, claims.StatusCorrected, claims.StatusRetracted)
	both[secondsourcev1.UnsplitReason](t, claims.UnsplitLanguage, claims.UnsplitNoProse)
	both[secondsourcev1.CopyKind](t, claims.CopyExact, claims.CopyNear, claims.CopyPartial)
	both[secondsourcev1.LeftOutReason](t, desk.LeftOutPublication, desk.LeftOutText)
	both[secondsourcev1.WatchEvent](t, desk.WatchBegan, desk.WatchChanged, desk.WatchClaimed)
	both[secondsourcev1.WatchCauseKind](t, desk.CauseStored, desk.CauseVersion, desk.CauseCorrected, desk.CauseRetracted, desk.CauseWithdrawn,
		desk.CauseEmbargo, desk.CauseDeleted, desk.CauseJudgement, desk.CauseOther)
	both[secondsourcev1.IngestOutcome](t, claims.OutcomeCreated, claims.OutcomeUnchanged, claims.OutcomeNewVersion)
	both[secondsourcev1.ClaimKind](t, claims.Event, claims.Utterance)
	both[secondsourcev1.Polarity](t, claims.Positive, claims.Negative)
	both[secondsourcev1.Modality](t, claims.Asserted, claims.Denied, claims.Hedged, claims.Planned, claims.Demanded, claims.Conditional, claims.Questioned)
	both[secondsourcev1.ArgumentRole](t, claims.Agent, claims.Patient, claims.Recipient, claims.Attribute, claims.Content, claims.Partner,
		claims.Oblique, claims.PlaceRole, claims.TimeRole)
	both[secondsourcev1.Verdict](t, claims.Unreported, claims.SingleOrigin, claims.Corroborated, claims.Disputed, claims.Refuted)
	both[secondsourcev1.Stance](t, claims.Supports, claims.Refutes, claims.Neutral)
	both[secondsourcev1.RelationKind](t, claims.Equivalent, claims.Entails, claims.Contradicts, claims.Updates, claims.Related, claims.Unrelated)
	both[secondsourcev1.ContradictionKind](t, claims.ByNegation, claims.ByQuantity, claims.ByTime, claims.ByPlace, claims.ByEntity, claims.ByRole, claims.ByAntonym)
	both[secondsourcev1.MergeReason](t, claims.MergeAttribution, claims.MergeSameSource, claims.MergeControl, claims.MergeSpeaksFor, claims.MergeForward,
		claims.MergeEmbed, claims.MergeCredit, claims.MergeCopy, claims.MergeRewrite, claims.MergeUnnamed, claims.MergeCycle, claims.MergeEditor)
	both[secondsourcev1.UnmeasuredKind](t, claims.UnmeasuredLanguage, claims.UnmeasuredLineage, claims.UnmeasuredQuery, claims.UnmeasuredLimit)
	both[secondsourcev1.TimelineEvent](t, "ASSERTED", "DENIED", "WITHDRAWN")
	both[secondsourcev1.JudgementKind](t, claims.MergeSources, claims.SplitSources, claims.SetController, claims.SetReliability, claims.JoinOrigins,
		claims.PartOrigins, claims.SetRelation, claims.SetAttribution, claims.SetStance, claims.UndoJudgement, claims.RegisteredSource, claims.UpdatedSource, claims.DeletedDocument)
	// The domain leaves the default part unsaid; the API says TEXT.
	for _, w := range []claims.Where{claims.WhereText, claims.WhereTitle, claims.WhereByline, claims.WhereDateline, claims.WhereCredit, claims.WhereMetadata} {
		if partTo(w) == secondsourcev1.DocumentPart_DOCUMENT_PART_UNSPECIFIED {
			t.Errorf("no document part for %q", w)
		}
	}
}

func TestPassageIsTheParagraphAround(t *testing.T) {
	text := "First paragraph.\nThe dam broke on Monday, the ministry said.\nLast one."
	at := strings.Index(text, "broke")
	got := passage(claims.Span{Start: at, End: at + len("broke")}, text)
	if got.GetText() != "The dam broke on Monday, the ministry said." {
		t.Errorf("got %q", got.GetText())
	}
	long := strings.Repeat("über ", 200) + "HERE" + strings.Repeat(" über", 200)
	at = strings.Index(long, "HERE")
	got = passage(claims.Span{Start: at, End: at + 4}, long)
	if n := len(got.GetText()); n > 2*passageBytes+4 || !strings.HasPrefix(got.GetText(), "über ") || !strings.HasSuffix(got.GetText(), " über") {
		t.Errorf("%d bytes: %q", n, got.GetText())
	}
	if s := got.GetSpan(); long[s.GetStart():s.GetEnd()] != got.GetText() {
		t.Error("the span is not of the text")
	}
}

func TestClaimCarriesTheWordsOfItsSpans(t *testing.T) {
	text := "The dam broke, the ministry said."
	c := claims.Claim{Document: "d1", Index: 2, Text: "The dam broke.", Evidence: []claims.Span{{Start: 0, End: 13}},
		Attribution: claims.Attribution{Hops: []claims.Hop{{Name: "RTA", Manner: claims.Indirect},
			{Name: "Ministry", Mention: "the ministry", SourceSpan: claims.Span{Start: 15, End: 27}, CueSpan: claims.Span{Start: 28, End: 32}, Manner: claims.OwnVoice, Source: "moi"}}}}
	m := claimTo(&c, text)
	if m.GetName() != "documents/d1/claims/2" || m.GetEvidence()[0].GetText() != "The dam broke" {
		t.Errorf("got %v", m)
	}
	asserter := m.GetAttribution().GetHops()[1]
	if asserter.GetCueText() != "said" || asserter.GetSource() != "sources/moi" || asserter.GetSourcePart() != secondsourcev1.DocumentPart_DOCUMENT_PART_TEXT {
		t.Errorf("got %v", asserter)
	}
}
