package desk

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"unicode"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/language"
	"github.com/secondsource/secondsource/claims/match"
)

// unread remembers the documents that are stored without claims, because their
// language is not read, by the words they share with other languages: names and
// numbers. An answer that may lack their voice says so.
type unread struct {
	mu    sync.RWMutex
	docs  map[int64]bool     // false for one that was removed
	words map[string][]int64 // stem -> documents, as they came
}

// maxUnreadWords bounds the words remembered of one document.
const maxUnreadWords = 400

func newUnread() *unread {
	return &unread{docs: map[int64]bool{}, words: map[string][]int64{}}
}

func (u *unread) add(d *claims.Document) {
	if d.Reading.Unsplit != claims.UnsplitLanguage {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if _, known := u.docs[d.Seq]; known {
		return
	}
	u.docs[d.Seq] = true
	seen := map[string]bool{}
	for _, s := range match.Stems(d.Title + "\n" + d.Text) {
		if len(seen) >= maxUnreadWords {
			break
		}
		if !seen[s] && match.Rarity(s) > 0.5 {
			seen[s] = true
			u.words[s] = append(u.words[s], d.Seq)
		}
	}
}

// remove forgets documents for good: a later add of one does nothing.
func (u *unread) remove(seqs []int64) {
	u.mu.Lock()
	defer u.mu.Unlock()
	gone := map[int64]bool{}
	for _, seq := range seqs {
		if u.docs[seq] {
			gone[seq] = true
		}
		u.docs[seq] = false
	}
	if len(gone) == 0 {
		return
	}
	maps.DeleteFunc(u.words, func(word string, docs []int64) bool {
		left := slices.DeleteFunc(docs, func(seq int64) bool { return gone[seq] })
		u.words[word] = left
		return len(left) == 0
	})
}

// sharing returns the documents that hold at least half of the names' words, in
// order of Seq.
func (u *unread) sharing(names []string) []int64 {
	u.mu.RLock()
	defer u.mu.RUnlock()
	count := map[int64]int{}
	var order []int64
	for _, n := range names {
		for _, d := range u.words[n] {
			if count[d] == 0 {
				order = append(order, d)
			}
			count[d]++
		}
	}
	var out []int64
	for _, d := range order {
		if count[d]*2 >= len(names) {
			out = append(out, d)
		}
	}
	// Other servers' documents come a moment later than one's own.
	slices.Sort(out)
	return out
}

// Bounds of one answer: the unread documents looked at, the latest, and those of
// them that it names.
const (
	maxUnreadLooked = 500
	maxUnreadShown  = 20
)

// notUnderstood says so when a question in words of the asker's own is in a language
// that is not read, or no statement was found in it: then it is compared by its words
// alone, and that nothing was found says little.
func notUnderstood(main *claims.Claim, asked string) []claims.Unmeasured {
	if asked == "" {
		return nil
	}
	switch lang := language.Of(asked); {
	case lang != "und" && !inLatin(asked): // the few words of a question do not part those that share the Latin script
		return []claims.Unmeasured{{Kind: claims.UnmeasuredQuery,
			Detail: fmt.Sprintf("the claim is in another language (%s), and only English is read: it was compared by its words alone", lang)}}
	case main.Frame.Predicate.Lemma == "":
		return []claims.Unmeasured{{Kind: claims.UnmeasuredQuery, Detail: "no statement was found in the claim: it was compared by its words alone"}}
	}
	return nil
}

// inLatin tells whether at least half of the letters are of the Latin script.
func inLatin(text string) bool {
	latin := 0
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Latin, r):
			latin++
		case unicode.IsLetter(r):
			latin--
		}
	}
	return latin >= 0
}

// unreadOf lists the documents in another language that share the names of a
// query.
func (d *Desk) unreadOf(ctx context.Context, main *claims.Claim, q claims.Query) ([]claims.Unmeasured, error) {
	names := map[string]bool{}
	var list []string
	for _, a := range main.Frame.Arguments {
		for _, s := range match.Stems(a.Entity) {
			if !names[s] {
				names[s] = true
				list = append(list, s)
			}
		}
	}
	seqs := d.unread.sharing(list)
	if len(seqs) == 0 {
		return nil, nil
	}
	if len(seqs) > maxUnreadLooked {
		seqs = seqs[len(seqs)-maxUnreadLooked:]
	}
	docs, err := d.store.DocumentsBySeq(ctx, seqs)
	if err != nil {
		return nil, err
	}
	reg, err := d.registryAsOf(ctx, q.AsOfKnown)
	if err != nil {
		return nil, err
	}
	var out []claims.Unmeasured
	for i := range docs {
		if x := &docs[i]; admitted(x, q, reg) && x.Status != claims.StatusRetracted {
			out = append(out, claims.Unmeasured{Kind: claims.UnmeasuredLanguage, Document: x.ID,
				Detail: fmt.Sprintf("a document of %s in another language (%s) shares the names of the claim and was not read", x.Publisher, x.Reading.Language)})
		}
	}
	return out[max(0, len(out)-maxUnreadShown):], nil
}
