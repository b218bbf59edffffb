package web

import (
	"strings"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// The words of the API's enumerations as a page says them.

func documentKind(k secondsourcev1.DocumentKind) string {
	switch k {
	case secondsourcev1.DocumentKind_DOCUMENT_KIND_ARTICLE:
		return "article"
	case secondsourcev1.DocumentKind_DOCUMENT_KIND_AGENCY_ITEM:
		return "agency item"
	case secondsourcev1.DocumentKind_DOCUMENT_KIND_TELEGRAM_POST:
		return "Telegram post"
	case secondsourcev1.DocumentKind_DOCUMENT_KIND_X_POST:
		return "post on X"
	case secondsourcev1.DocumentKind_DOCUMENT_KIND_PRESS_RELEASE:
		return "press release"
	case secondsourcev1.DocumentKind_DOCUMENT_KIND_TRANSCRIPT:
		return "transcript"
	case secondsourcev1.DocumentKind_DOCUMENT_KIND_UNSPECIFIED:
	}
	return "document"
}

func medium(m secondsourcev1.Medium) string {
	switch m {
	case secondsourcev1.Medium_MEDIUM_TELEGRAM:
		return "on Telegram"
	case secondsourcev1.Medium_MEDIUM_X:
		return "on X"
	case secondsourcev1.Medium_MEDIUM_FEED:
		return "by its feed"
	case secondsourcev1.Medium_MEDIUM_STATEMENT:
		return "in a statement"
	case secondsourcev1.Medium_MEDIUM_INTERVIEW:
		return "in an interview"
	case secondsourcev1.Medium_MEDIUM_PRESS_CONFERENCE:
		return "at a press conference"
	case secondsourcev1.Medium_MEDIUM_BROADCAST:
		return "on radio or television"
	case secondsourcev1.Medium_MEDIUM_COURT:
		return "in court"
	case secondsourcev1.Medium_MEDIUM_UNSPECIFIED, secondsourcev1.Medium_MEDIUM_OTHER:
	}
	return ""
}

func manner(m secondsourcev1.Manner) string {
	switch m {
	case secondsourcev1.Manner_MANNER_OWN_VOICE:
		return "in its own voice"
	case secondsourcev1.Manner_MANNER_DIRECT_QUOTE:
		return "quoted"
	case secondsourcev1.Manner_MANNER_INDIRECT:
		return "in other words"
	case secondsourcev1.Manner_MANNER_RELAY:
		return "relayed"
	case secondsourcev1.Manner_MANNER_FORWARD:
		return "forwarded"
	case secondsourcev1.Manner_MANNER_EMBED:
		return "embedded"
	case secondsourcev1.Manner_MANNER_UNSPECIFIED:
	}
	return ""
}

// hopName is what a link of a chain is called; the first is the publisher.
func hopName(h *secondsourcev1.Hop, doc *secondsourcev1.Document) string {
	for _, name := range [...]string{h.GetCanonicalName(), h.GetMention(), h.GetHandle(), doc.GetPublisher()} {
		if name != "" {
			return name
		}
	}
	return "not named"
}

// hopHow tells how a link carries what it reports. The manner of a publisher who
// has it from another is that other's to tell.
func hopHow(h *secondsourcev1.Hop, passes bool) string {
	var parts []string
	if m := manner(h.GetManner()); m != "" && !passes {
		parts = append(parts, m)
	}
	if m := medium(h.GetMedium()); m != "" {
		parts = append(parts, m)
	}
	if s := h.GetSpeaksFor(); s != "" && s != h.GetCanonicalName() {
		parts = append(parts, "for "+s)
	}
	return strings.Join(parts, ", ")
}

func contradictionWord(k secondsourcev1.ContradictionKind) string {
	switch k {
	case secondsourcev1.ContradictionKind_CONTRADICTION_KIND_NEGATION:
		return "One negates the other"
	case secondsourcev1.ContradictionKind_CONTRADICTION_KIND_QUANTITY:
		return "The numbers differ"
	case secondsourcev1.ContradictionKind_CONTRADICTION_KIND_TIME:
		return "The times differ"
	case secondsourcev1.ContradictionKind_CONTRADICTION_KIND_PLACE:
		return "The places differ"
	case secondsourcev1.ContradictionKind_CONTRADICTION_KIND_ENTITY:
		return "Another one did it, or it was done to another"
	case secondsourcev1.ContradictionKind_CONTRADICTION_KIND_ROLE:
		return "The same ones, in exchanged roles"
	case secondsourcev1.ContradictionKind_CONTRADICTION_KIND_ANTONYM:
		return "Opposite words"
	case secondsourcev1.ContradictionKind_CONTRADICTION_KIND_UNSPECIFIED:
	}
	return "They cannot both be so"
}

func mergeWord(r secondsourcev1.MergeReason) string {
	switch r {
	case secondsourcev1.MergeReason_MERGE_REASON_ATTRIBUTION:
		return "It names its source"
	case secondsourcev1.MergeReason_MERGE_REASON_SAME_SOURCE:
		return "Two names of one source"
	case secondsourcev1.MergeReason_MERGE_REASON_COMMON_CONTROLLER:
		return "One controller"
	case secondsourcev1.MergeReason_MERGE_REASON_SPEAKS_FOR:
		return "A person who speaks for a body"
	case secondsourcev1.MergeReason_MERGE_REASON_FORWARD:
		return "A forward or repost"
	case secondsourcev1.MergeReason_MERGE_REASON_EMBED:
		return "A post inside a text"
	case secondsourcev1.MergeReason_MERGE_REASON_CREDIT:
		return "It credits another"
	case secondsourcev1.MergeReason_MERGE_REASON_NEAR_COPY:
		return "The wording is another document's"
	case secondsourcev1.MergeReason_MERGE_REASON_REWRITE:
		return "Rare shared wording"
	case secondsourcev1.MergeReason_MERGE_REASON_UNNAMED_SOURCE:
		return "One outlet's unnamed source"
	case secondsourcev1.MergeReason_MERGE_REASON_CITATION_CYCLE:
		return "Documents that cite each other"
	case secondsourcev1.MergeReason_MERGE_REASON_EDITOR:
		return "An editor's judgement"
	case secondsourcev1.MergeReason_MERGE_REASON_UNSPECIFIED:
	}
	return "Merged"
}

// grade is a source's reliability as an editor set it, "" where none did.
func grade(r secondsourcev1.Reliability) string {
	switch r {
	case secondsourcev1.Reliability_RELIABILITY_A:
		return "A, completely reliable"
	case secondsourcev1.Reliability_RELIABILITY_B:
		return "B, usually reliable"
	case secondsourcev1.Reliability_RELIABILITY_C:
		return "C, fairly reliable"
	case secondsourcev1.Reliability_RELIABILITY_D:
		return "D, not usually reliable"
	case secondsourcev1.Reliability_RELIABILITY_E:
		return "E, unreliable"
	case secondsourcev1.Reliability_RELIABILITY_F, secondsourcev1.Reliability_RELIABILITY_UNSPECIFIED:
	}
	return ""
}
