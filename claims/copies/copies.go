// Package copies finds near-copies of a text and wording that two texts share.
//
// Sign makes a small signature of a text, a Detector names the earlier documents
// whose signatures share something with it, and Compare measures two texts
// exactly. Kind says what the measure means.
//
// The unit is the shingle, five consecutive words (Broder, "On the resemblance
// and containment of documents", 1997). Words are those of UAX #29, with case,
// accents and punctuation folded away; a text of fewer than five words is one
// shingle as a whole. Every function takes any bytes and gives the same answer
// each time.
package copies

import (
	"strings"
	"unicode"

	"github.com/secondsource/secondsource/claims"
)

// Overlap is what two texts a and b share.
type Overlap struct {
	// Containment is the share of the shingles of the text that has fewer of
	// them that stand in the other, 0 to 1. It stays high when one text is cut.
	Containment float64
	// Resemblance is the Jaccard similarity of the two sets of shingles, 0 to 1.
	Resemblance float64
	// A and B are the longest passage that stands in both texts, word for word,
	// as bytes of a and of b; empty when they share no word.
	A, B claims.Span
	// Shared is the number of words in that passage.
	Shared int

	// Own and OwnShared are Containment and Shared of what is a text's own:
	// outside quotation marks, in either text, and outside sentences of
	// boilerplate ("Subscribe to our …", disclaimers). Two outlets that report
	// one speech share its sentences and have Own near 0.
	Own       float64
	OwnShared int
	// Same tells that the texts are the same, white space aside.
	Same bool
}

// Thresholds of Kind.
const (
	// NearOwn and NearContainment are the least Own and Containment of a near
	// copy. A word in twenty misread leaves about 0.77 of the shingles.
	NearOwn         = 0.6
	NearContainment = 0.5
	// NearWords is the least OwnShared of a near copy, unless its Resemblance is
	// NearResemblance: then ShingleSize words are enough, for short posts.
	NearWords       = 10
	NearResemblance = 0.8
	// PartialWords is the OwnShared that makes a partial copy by itself. Two
	// writers hit on ten of the same words in a row now and then, twenty never.
	PartialWords = 20
	// PartialOwn is the Own that makes a partial copy where the passages are
	// shorter, from NearWords words.
	PartialOwn = 0.3
)

// Kind says what sort of copy an overlap is:
//
//   - CopyExact: the same text, white space aside (Same).
//   - CopyNear: most of the wording: Own >= 0.6 and Containment >= 0.5, with a
//     passage of 10 own words, or of 5 where Resemblance >= 0.8.
//   - CopyPartial: a passage of 20 own words, or Own >= 0.3 with one of 10.
//   - "": anything less. A quotation or a disclaimer alone is no copy, nor are
//     texts of fewer than five words that are not the same.
func Kind(o Overlap) claims.CopyKind {
	switch {
	case o.Same:
		return claims.CopyExact
	case o.Own >= NearOwn && o.Containment >= NearContainment &&
		(o.OwnShared >= NearWords || o.OwnShared >= ShingleSize && o.Resemblance >= NearResemblance):
		return claims.CopyNear
	case o.OwnShared >= PartialWords, o.Own >= PartialOwn && o.OwnShared >= NearWords:
		return claims.CopyPartial
	}
	return ""
}

// Compare measures what two texts share, in time and memory linear in their
// length. It is symmetric: Compare(b, a) is Compare(a, b) with A and B swapped.
// A text of white space alone shares nothing with any.
func Compare(a, b string) Overlap { return compare(readied(a), readied(b)) }

// whole is the overlap of a text with itself.
func whole(a, b *ready) Overlap {
	return Overlap{
		Containment: 1, Resemblance: 1, Own: 1, Same: true,
		A: trimmed(a.text), B: trimmed(b.text), Shared: len(a.words), OwnShared: len(a.words),
	}
}

// trimmed is the range of a text without the white space around it.
func trimmed(text string) claims.Span {
	start := len(text) - len(strings.TrimLeftFunc(text, unicode.IsSpace))
	return claims.Span{Start: start, End: len(strings.TrimRightFunc(text, unicode.IsSpace))}
}

func hashes(ws []word) []uint64 {
	hs := make([]uint64, len(ws))
	for i := range ws {
		hs[i] = ws[i].hash
	}
	return hs
}

// ownShingles are the shingles all of whose words are own.
func ownShingles(ws []word, own []bool) []uint64 {
	var out []uint64
	for i := 0; i < len(ws); {
		end := i
		for end < len(ws) && own[end] {
			end++
		}
		if end-i >= ShingleSize {
			out = shingles(ws[i:end], out)
		}
		i = end + 1
	}
	return out
}
