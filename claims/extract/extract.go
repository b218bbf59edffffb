// Package extract reads the claims out of an annotated text: one proposition
// each, made self-contained, with the chain of who asserts it. It knows no
// registry and no other document: the same text and metadata always give the
// same claims.
package extract

import (
	"context"
	"strings"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/language"
)

// Limits that keep the work on one document bounded.
const (
	maxClaims = 4096 // claims of one document
	maxHops   = 8    // links of one chain
	maxText   = 2000 // bytes of one claim's self-contained text
)

// Extractor reads claims. It is safe for concurrent use.
type Extractor struct{ pipeline *language.Pipeline }

// New makes an Extractor over a language pipeline.
func New(p *language.Pipeline) *Extractor { return &Extractor{p} }

// reader annotates a document and makes ready to walk it.
func (x *Extractor) reader(d *claims.Document) *reader { return newReader(x.annotate(d, nil), d) }

func (x *Extractor) annotate(d *claims.Document, stop func() bool) *language.Text {
	return x.pipeline.Annotate(d.Text, language.Meta{
		Kind: d.Kind, Publisher: d.Publisher, Title: d.Title, Byline: d.Byline, Dateline: d.Dateline, Credit: d.CreditLine,
		Published: d.PublishedAt, Language: d.Language, Stop: stop,
	})
}

// Result is what a document states, and what it says about itself.
type Result struct {
	Reading claims.Reading
	Claims  []claims.Claim // Document and Seq not set; Index from 1 in order of text
}

// Document reads a document. d.Text must be valid UTF-8. It never fails: what
// cannot be read is left out, and Reading.Unsplit says why a text has no claims.
func (x *Extractor) Document(d *claims.Document) Result { return x.document(d, nil) }

// DocumentContext is Document for a caller who may lose interest: when the context
// ends, the reading ends at the next sentence, with the context's error.
func (x *Extractor) DocumentContext(ctx context.Context, d *claims.Document) (Result, error) {
	r := x.document(d, func() bool { return ctx.Err() != nil })
	return r, ctx.Err()
}

func (x *Extractor) document(d *claims.Document, stop func() bool) Result {
	rd := newReader(x.annotate(d, stop), d)
	t := rd.t
	r := Result{Reading: claims.Reading{
		Language: t.Lang, Unsplit: t.Unsplit, Credits: t.Credits, Embeds: t.Embeds, Satire: t.Satire, Withdrawal: t.Withdrawal,
	}}
	for _, b := range t.Blocks {
		if b.Kind != language.Prose && b.Kind != language.Post {
			r.Reading.SetAside = append(r.Reading.SetAside, claims.Aside{Span: b.Span, Why: b.Kind.String()})
		}
	}
	rd.read()
	r.Claims = rd.finish()
	if len(r.Claims) == 0 && r.Reading.Unsplit == "" {
		r.Reading.Unsplit = claims.UnsplitNoProse
	}
	if !rd.unread.Empty() {
		r.Reading.SetAside = append(r.Reading.SetAside, claims.Aside{Span: rd.unread, Why: "LIMIT"})
	}
	return r
}

// Query reads a claim that somebody asks about: the same reading as a
// document's, with nobody in front of the chain. The first claim is the main
// one. at anchors relative dates; zero means they stay unresolved.
func (x *Extractor) Query(text string, d claims.Document) []claims.Claim {
	d.Text, d.Kind = text, claims.KindUnknown
	if d.Language == "" {
		d.Language = "en" // a query is too short to be told apart from other languages
	}
	return x.Document(&d).Claims
}

// speech is who is speaking: the chain so far, and how sure the reading is.
type speech struct {
	hops   []claims.Hop
	doubts []string
	// demand, plan …: the modality that the cue gives to all it brings in.
	modality claims.Modality
	quoted   bool // inside quotation marks
}

func (s speech) with(h ...claims.Hop) speech {
	out := s
	out.hops = append(append(make([]claims.Hop, 0, len(s.hops)+len(h)), s.hops...), h...)
	if len(out.hops) > maxHops {
		out.hops = out.hops[:maxHops]
	}
	return out
}

func (s speech) doubt(d string) speech {
	out := s
	out.doubts = append(append([]string(nil), s.doubts...), d)
	return out
}

// reader walks one annotated text.
type reader struct {
	t   *language.Text
	doc *claims.Document
	out []claims.Claim

	quote   map[int]speech // who speaks a clausal quotation
	last    speech         // the last attributed speech
	lastAt  int            // sentence it was in, -1 none
	after   []int          // what is written right before the words that are said next: who is named there may be a pronoun here
	subject int            // entity that was subject of the last attributed content, -1
	mention map[int]int    // token -> mention that starts there
	heads   map[int]int    // token -> mention whose head it is
	seen    map[string]bool
	speaker string       // who "I" and "we" are in the clause that is being told
	unread  claims.Span  // what stands behind the last claim that is told
	times   map[int]int  // token -> time that starts there
	timeAt  map[int]int  // token -> the time it belongs to
	done    map[int]bool // event nouns already told
	boring  map[int]bool // tokens that belong to an attribution, not to content
	turn    speech       // whose turn it is to speak, in a transcript
	turnIn  int          // the block of the turn, -1 none
	release bool         // a press release: who is quoted speaks for the publisher
	reports []report
	cueOf   map[int]int   // token -> report whose cue it carries
	saidIn  map[int][]int // sentence -> reports read in it

	visit func(clause) // sees every clause of the walk, if set
}

// inTime tells whether a token belongs to a time.
func (r *reader) inTime(i int) bool {
	_, ok := r.timeAt[i]
	return ok
}

func newReader(t *language.Text, d *claims.Document) *reader {
	r := &reader{t: t, doc: d, quote: map[int]speech{}, lastAt: -1, subject: -1, mention: map[int]int{}, heads: map[int]int{}, turnIn: -1, seen: map[string]bool{},
		times: map[int]int{}, timeAt: map[int]int{}, done: map[int]bool{}, boring: map[int]bool{}}
	r.release = isRelease(t, d)
	r.reports, r.cueOf, r.saidIn = readReports(t), map[int]int{}, map[int][]int{}
	for i := range r.reports {
		r.saidIn[r.reports[i].sent] = append(r.saidIn[r.reports[i].sent], i)
		if _, dup := r.cueOf[r.reports[i].head]; !dup {
			r.cueOf[r.reports[i].head] = i
		}
	}
	for m := range t.Mentions {
		x := &t.Mentions[m]
		if _, dup := r.mention[x.Tokens[0]]; !dup {
			r.mention[x.Tokens[0]] = m
		}
		if x.Adjective {
			continue
		}
		if _, dup := r.heads[x.Head]; !dup {
			r.heads[x.Head] = m
		}
	}
	// Any word of a name stands for it where none has a better claim.
	for m := range t.Mentions {
		for i := t.Mentions[m].Run[0]; i < t.Mentions[m].Run[1] && !t.Mentions[m].Adjective; i++ {
			if _, dup := r.heads[i]; !dup {
				r.heads[i] = m
			}
		}
	}
	for n := range t.Times {
		r.times[t.Times[n].Tokens[0]] = n
		for i := t.Times[n].Tokens[0]; i < t.Times[n].Tokens[1]; i++ {
			r.timeAt[i] = n
		}
	}
	return r
}

// isRelease: the document is a press release or calls itself one at its head.
func isRelease(t *language.Text, d *claims.Document) bool {
	if d.Kind == claims.KindPressRelease {
		return true
	}
	for i := 0; i < len(t.Blocks) && i < 2; i++ {
		head := strings.ToLower(t.Blocks[i].Span.Of(t.Raw))
		for _, w := range [...]string{"press release", "news release", "media release", "for immediate release"} {
			if strings.HasPrefix(head, w) {
				return true
			}
		}
	}
	return false
}

// attribute adds the link of a source that speaks. Who speaks for the one the
// chain already ends in (a minister in the ministry's own release) is no new
// link: the chain's end then says so itself.
func (r *reader) attribute(who speech, h claims.Hop) speech {
	last := &who.hops[len(who.hops)-1]
	if h.Handle != "" && h.Handle == last.Handle && last.Manner == claims.Relay {
		return who // the account that the post credits
	}
	if h.SpeaksFor == "" || last.Name == "" || !sameName(h.SpeaksFor, last.Name) || last.Manner == claims.Relay {
		return who.with(h)
	}
	out := who.with()
	end := &out.hops[len(out.hops)-1]
	end.Mention, end.SourceSpan, end.CueSpan, end.Where, end.Manner = h.Mention, h.SourceSpan, h.CueSpan, h.Where, h.Manner
	if h.Medium != claims.MediumUnknown {
		end.Medium = h.Medium
	}
	return out
}

// base is the chain a block's own voice stands on: the publisher, the feed it
// credits, the channel it forwards, the author of an embedded post.
func (r *reader) base(embed int) speech {
	s := speech{hops: []claims.Hop{{Name: r.doc.Publisher, Manner: claims.OwnVoice, Where: claims.WhereMetadata, Medium: mediumOf(r.doc.Kind)}}}
	for _, c := range r.t.Credits {
		if c.Name != "" && sameName(c.Name, r.doc.Publisher) {
			continue // an agency signs its own copy
		}
		h := claims.Hop{Mention: c.Text, Name: c.Name, Where: c.Where, SourceSpan: c.Span, Manner: claims.Relay, Medium: claims.MediumFeed, Kind: claims.SourceAgency}
		switch {
		case c.Name == "":
			h.Nobody = true
		case c.Name[0] == '@':
			h.Handle, h.Medium, h.Kind = c.Name, mediumOf(r.doc.Kind), claims.SourceAccount
		}
		s = s.with(h)
		break // one feed: a second credit is the same wording's
	}
	if f := strings.TrimSpace(r.doc.ForwardedFrom); f != "" {
		h := claims.Hop{Mention: f, Name: f, Where: claims.WhereMetadata, Manner: claims.Forward, Medium: mediumOf(r.doc.Kind)}
		switch {
		case f[0] == '@':
			h.Handle = f
		case f == claims.ForwardedFromUnknown:
			h.Name, h.Mention, h.Nobody = "", "", true
		}
		s = s.with(h)
	} else if at := r.t.Forwarded; !at.Empty() {
		name := at.Of(r.doc.Text)
		h := claims.Hop{Mention: name, Name: name, Where: claims.WhereText, SourceSpan: at, Manner: claims.Forward, Medium: mediumOf(r.doc.Kind)}
		if name[0] == '@' {
			h.Handle = name
		}
		s = s.with(h)
	}
	if embed >= 0 {
		e := r.t.Embeds[embed]
		s = s.with(claims.Hop{Mention: e.Author, Name: e.Author, Handle: e.Handle, Manner: claims.EmbedManner, Medium: mediumOf(e.Kind),
			At: e.PublishedAt, SourceSpan: find(r.doc.Text, e.Span, e.Author), Kind: claims.SourceAccount})
	}
	return s
}

// find is the span of the last occurrence of words inside a range.
func find(text string, in claims.Span, words string) claims.Span {
	i := strings.LastIndex(in.Of(text), words)
	if i < 0 || words == "" {
		return claims.Span{}
	}
	return claims.Span{Start: in.Start + i, End: in.Start + i + len(words)}
}

func mediumOf(k claims.DocumentKind) claims.Medium {
	switch k {
	case claims.KindTelegramPost:
		return claims.MediumTelegram
	case claims.KindXPost:
		return claims.MediumX
	case claims.KindAgencyItem:
		return claims.MediumFeed
	case claims.KindPressRelease:
		return claims.MediumStatement
	case claims.KindUnknown, claims.KindArticle, claims.KindTranscript:
	}
	return claims.MediumUnknown
}

// sameName: two wordings of one name, or its acronym.
func sameName(a, b string) bool {
	return strings.EqualFold(a, b) || language.VariantKey(a) == language.VariantKey(b) || language.IsAcronymOf(a, b) || language.IsAcronymOf(b, a)
}

func (r *reader) read() {
	for s := range r.t.Sentences {
		sent := &r.t.Sentences[s]
		if len(r.out) >= maxClaims {
			r.unread = claims.Span{Start: sent.Span.Start, End: len(r.t.Raw)}
			return
		}
		if sent.Host >= 0 {
			continue // only names a source: read with its host
		}
		base := r.base(r.t.Blocks[sent.Block].Embed)
		if sent.Quote >= 0 {
			r.quotation(s, base)
			continue
		}
		r.sentence(s, base)
	}
}

// quotation reads a sentence inside quotation marks; who speaks was found out
// with the sentence around it.
func (r *reader) quotation(s int, base speech) {
	q := r.t.Sentences[s].Quote
	who, ok := r.quote[q]
	if !ok {
		who = base.with(claims.Hop{Manner: claims.DirectQuote, Nobody: true}).doubt("nobody near the quotation is named as its speaker")
	}
	who.quoted = true
	r.clauses(s, who)
}

// sentence reads a sentence outside quotations: first who it attributes its
// content to, then the content.
func (r *reader) sentence(s int, base speech) {
	sent := &r.t.Sentences[s]
	if len(sent.Tokens) == 0 {
		r.bareQuotation(s, base)
		return
	}
	if sent.Block == r.turnIn {
		base = r.turn
	}
	who := r.adjuncts(s, base)
	if len(sent.Adjuncts) == 0 {
		who = r.carried(s, base)
	}
	who = r.figures(s, r.emerged(s, who))
	r.clauses(s, who)
	for _, q := range sent.Holes {
		if _, ok := r.quote[q]; ok {
			continue
		}
		r.quote[q] = r.speakerOf(s, q, who)
	}
	for _, q := range sent.Holes {
		if w, ok := r.quote[q]; ok && len(w.hops) > len(base.hops) {
			r.last, r.lastAt = w, s
		}
	}
}

// bareQuotation: a quotation with nothing round it belongs to whoever spoke
// last, close by, or to the speaker the next sentence names.
func (r *reader) bareQuotation(s int, base speech) {
	near := r.lastAt >= 0 && r.t.Sentences[s].Block-r.t.Sentences[r.lastAt].Block <= 1
	for _, q := range r.t.Sentences[s].Holes {
		switch {
		case near:
			w := r.last
			h := w.hops[len(w.hops)-1]
			h.Manner = claims.DirectQuote
			w.hops = append(append([]claims.Hop(nil), w.hops[:len(w.hops)-1]...), h)
			r.quote[q] = w
			r.lastAt = s
		default:
			if h, ok := r.nextSpeaker(s); ok {
				h.Manner = claims.DirectQuote
				r.quote[q] = r.attribute(base, h).doubt("the speaker is named only in the sentence after the quotation")
			}
		}
	}
}

// nextSpeaker is the subject of a speech verb at the start of the next sentence
// outside quotations.
func (r *reader) nextSpeaker(s int) (claims.Hop, bool) {
	for n := s + 1; n < len(r.t.Sentences) && n <= s+4; n++ {
		x := &r.t.Sentences[n]
		if x.Quote >= 0 {
			continue
		}
		if len(x.Tokens) == 0 || x.Block > r.t.Sentences[s].Block+1 || x.Root < 0 {
			break
		}
		if sayings[r.t.Tokens[x.Root].Lemma] || cueVerbs[r.t.Tokens[x.Root].Lemma] == asserts {
			if subj := r.t.Child(x.Root, "nsubj"); subj >= 0 {
				return r.hop(subj, x.Root, claims.DirectQuote), true
			}
		}
		break
	}
	return claims.Hop{}, false
}

// carried: "He also provided …" after an attributed sentence goes on with what
// the same asserter says.
func (r *reader) carried(s int, base speech) speech {
	sent := &r.t.Sentences[s]
	if r.lastAt < 0 || r.subject < 0 || sent.Root < 0 || sent.Block-r.t.Sentences[r.lastAt].Block > 1 {
		return base
	}
	subj := r.t.Child(sent.Root, "nsubj", "nsubj:pass")
	if subj < 0 || r.t.Tokens[subj].UPOS != "PRON" || r.entityAt(subj) != r.subject {
		return base
	}
	for _, i := range sent.Tokens {
		switch r.t.Tokens[i].Lower {
		case "also", "further", "furthermore", "moreover", "additionally":
			w := r.last
			hops := w.hops
			if e := r.t.Entities[r.subject]; len(hops) > len(base.hops)+1 && hops[len(hops)-1].Name == e.Name {
				// What he did is told by whoever told what he said.
				hops = hops[:len(hops)-1]
			}
			h := hops[len(hops)-1]
			if h.Manner == claims.DirectQuote {
				h.Manner = claims.Indirect
			}
			w.hops = append(append([]claims.Hop(nil), hops[:len(hops)-1]...), h)
			return w.doubt("the attribution is carried over from the sentence before")
		}
	}
	return base
}

// finish numbers the claims in order of text.
func (r *reader) finish() []claims.Claim {
	out := r.out
	sortClaims(out)
	for i := range out {
		out[i].Index = i + 1
	}
	return out
}
