package corroborate

import (
	"fmt"
	"slices"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/copies"
)

// follow replaces origins that only pass on another assertion in the set: an
// outlet named as the source whose own document has it from someone else, a
// copy's original, a forward's original. It repeats until nothing changes, which
// a cycle of citations ends by keeping the earliest.
func (b *builder) follow() {
	byPublisher := map[string][]int{} // origin key of the publisher -> items
	byDoc := map[string][]int{}
	for i := range b.items {
		it := &b.items[i]
		p := b.named(claims.Hop{Name: it.e.Document.Publisher}, it.e.Document.PublishedAt)
		it.publisher = p.key
		if !it.replaced && !it.hearsay {
			byPublisher[p.key] = append(byPublisher[p.key], i)
		}
		byDoc[it.e.Document.ID] = append(byDoc[it.e.Document.ID], i)
	}
	for i := range b.items {
		if it := &b.items[i]; !it.hearsay {
			b.followCopy(it, byDoc)
			b.followEmbed(it)
			b.followCited(it, byPublisher)
		}
	}
	const rounds = 4
	for range rounds {
		changed := false
		for i := range b.items {
			it := &b.items[i]
			if it.hearsay || !it.who.identified || it.who.key == it.publisher || it.e.Claim.Kind == claims.Utterance && b.saying {
				continue
			}
			// What the cited outlet itself published on it, earlier or later.
			best := -1
			for _, j := range byPublisher[it.who.key] {
				o := &b.items[j]
				if o.side != it.side || o.who.key == it.who.key || b.parted(it, o) != nil {
					continue
				}
				if best < 0 || o.e.Document.PublishedAt.Before(b.items[best].e.Document.PublishedAt) {
					best = j
				}
			}
			if best < 0 || b.ownVoice(it.who.key, byPublisher, it.side) {
				continue
			}
			o := b.items[best].who
			if o.key == it.who.key || !o.identified {
				continue
			}
			m := claims.Merge{Reason: claims.MergeCredit, Document: it.e.Document.ID, Other: o.name, Span: it.e.Claim.Attribution.Asserter().CueSpan,
				Detail: fmt.Sprintf("%s has it from %s, whose own report names %s", b.publisherName(it.e.Document), it.who.name, o.name)}
			if o.key == it.publisher {
				m.Reason = claims.MergeCycle
				m.Detail = fmt.Sprintf("%s cites %s, which cites %s: no report from outside stands behind the two, and the earlier one counts", o.name, it.who.name, o.name)
			}
			it.become(o, m)
			changed = true
		}
		if !changed {
			break
		}
	}
}

// ownVoice: the outlet also states it itself.
func (b *builder) ownVoice(key string, by map[string][]int, st claims.Stance) bool {
	for _, j := range by[key] {
		if b.items[j].side == st && b.items[j].who.key == key {
			return true
		}
	}
	return false
}

// followCopy: what a near-copy says in its own voice is the original's.
func (b *builder) followCopy(it *item, byDoc map[string][]int) {
	if it.who.key != it.publisher && it.who.identified {
		return // it names somebody: the name goes deeper than the copy
	}
	for _, c := range it.e.Document.Copies {
		orig := b.docs[c.Document]
		if orig == nil || orig.PublishedAt.After(it.e.Document.PublishedAt) {
			continue
		}
		m := claims.Merge{Reason: claims.MergeCopy, Document: it.e.Document.ID, Other: orig.ID, Span: c.Span,
			Detail: fmt.Sprintf("%.0f%% of the wording stands in the earlier document of %s", 100*c.Containment, b.publisherName(orig))}
		if c.Kind == claims.CopyPartial {
			if it.e.Span.Overlap(c.Span)*2 < it.e.Span.Len() && copies.Within(it.e.Document.Text, it.e.Span, orig.Text) < sameWords {
				m.Close, m.Origin = true, it.who.name
				m.Detail += ", but not what is said here"
				b.kept = append(b.kept, m)
				continue
			}
			if it.e.Span.Overlap(c.Span) == 0 {
				m.Span = it.e.Span
			}
		}
		var to who
		said := -1.0
		kept := b.partedText(it, orig)
		for _, j := range byDoc[orig.ID] {
			o := &b.items[j]
			if o.side != it.side || o.hearsay {
				continue
			}
			if p := b.parted(it, o); p != nil {
				kept = p
				continue
			}
			// Of several things it says on the matter the one in the same words.
			if w := copies.Within(it.e.Document.Text, it.e.Span, o.e.Text); w > said {
				to, said = o.who, w
			}
		}
		if to.key == "" && kept != nil {
			b.keep(it, orig.ID, kept)
			continue
		}
		if to.key == "" {
			to = b.named(claims.Hop{Name: orig.Publisher}, orig.PublishedAt)
		}
		it.become(to, m)
		return
	}
}

// sameWords is the share of a sentence's words that stand in runs in another
// text, from which on the sentence is copied.
const sameWords = 0.6

// become gives an item the origin of another, for a reason.
func (it *item) become(to who, m claims.Merge) {
	ms := append(slices.Clone(it.who.merges), m)
	judged := slices.Concat(it.who.judged, to.judged)
	it.who = to
	it.who.merges, it.who.judged = slices.Concat(ms, to.merges), judged
}

// followEmbed: an article that shows somebody's post and says the same in its own
// voice has it from there.
func (b *builder) followEmbed(it *item) {
	if it.who.key != it.publisher || len(it.e.Claim.Attribution.Hops) > 1 {
		return
	}
	for _, e := range it.e.Document.Reading.Embeds {
		author := b.named(b.reg.Link([]claims.Hop{{Name: e.Author, Handle: e.Handle}}, it.e.Document.PublishedAt)[0], it.e.Document.PublishedAt)
		for j := range b.items {
			o := &b.items[j]
			if o.side != it.side || o.hearsay || b.parted(it, o) != nil || o.who.key != author.key || author.key == it.who.key || o.e.Document.PublishedAt.After(it.e.Document.PublishedAt) {
				continue
			}
			it.become(o.who, claims.Merge{Reason: claims.MergeEmbed, Document: it.e.Document.ID, Other: o.who.name, Span: e.Span,
				Detail: fmt.Sprintf("%s says what the post of %s says that it shows", b.publisherName(it.e.Document), o.who.name)})
			return
		}
	}
}

// followCited: where a text leaves open who says so ("it has emerged") and names
// elsewhere the one outlet that had published it before, that is where it is from.
func (b *builder) followCited(it *item, byPublisher map[string][]int) {
	if h := it.e.Claim.Attribution.Asserter(); it.who.identified || !h.Nobody {
		return
	}
	from := -1
	for _, c := range b.read[it.e.Document.ID] {
		for _, h := range b.reg.Link(c.Attribution.Hops, it.e.Document.PublishedAt) {
			if h.Nobody || h.Unnamed || h.Name == "" {
				continue
			}
			cited := b.named(h, it.e.Document.PublishedAt)
			if cited.key == it.publisher {
				continue
			}
			for _, j := range byPublisher[cited.key] {
				o := &b.items[j]
				if o.side != it.side || b.parted(it, o) != nil || !o.who.identified || !o.e.Document.PublishedAt.Before(it.e.Document.PublishedAt) {
					continue
				}
				if from >= 0 && b.items[from].who.key != o.who.key {
					return // one of several
				}
				if from < 0 {
					from = j
				}
			}
		}
	}
	if from < 0 {
		return
	}
	o := &b.items[from]
	h := it.e.Claim.Attribution.Asserter()
	it.become(o.who, claims.Merge{Reason: claims.MergeCredit, Document: it.e.Document.ID, Other: o.who.name, Span: h.CueSpan.Cover(h.SourceSpan),
		Detail: fmt.Sprintf("%s does not say whom it has it from, and cites %s, which had published it", b.publisherName(it.e.Document), b.publisherName(o.e.Document))})
}
