package language

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/language/grammar"
)

// Layer is one kind of annotation that a stage needs or gives.
type Layer string

// The layers of a Text.
const (
	LayerLanguage  Layer = "language"
	LayerBlocks    Layer = "blocks"
	LayerSentences Layer = "sentences" // with tokens and quotations
	LayerGrammar   Layer = "grammar"
	LayerNames     Layer = "names"
	LayerTimes     Layer = "times"
	LayerNumbers   Layer = "numbers"
	LayerCoref     Layer = "coreference"
)

// Stage is one step of a pipeline. Run adds its layers to a text and must not
// touch those of others; it must not fail: what it cannot read it leaves out.
type Stage struct {
	Name  string
	Needs []Layer
	Gives []Layer
	Run   func(*Text)
}

// Pipeline annotates texts. It is safe for concurrent use.
type Pipeline struct{ stages []Stage }

// New checks that each stage's needs are given by one before it, and that no
// layer is given twice.
func New(stages ...Stage) (*Pipeline, error) {
	given := map[Layer]string{}
	for _, s := range stages {
		for _, n := range s.Needs {
			if given[n] == "" {
				return nil, fmt.Errorf("stage %q needs %q, which no stage before it gives", s.Name, n)
			}
		}
		for _, g := range s.Gives {
			if by := given[g]; by != "" {
				return nil, fmt.Errorf("stages %q and %q both give %q", by, s.Name, g)
			}
			given[g] = s.Name
		}
	}
	return &Pipeline{stages}, nil
}

// English is the pipeline for English, with the embedded models.
func English() *Pipeline {
	p, err := New(
		Stage{"detect", nil, []Layer{LayerLanguage}, detect},
		Stage{"layout", []Layer{LayerLanguage}, []Layer{LayerBlocks}, lay},
		Stage{"segment", []Layer{LayerBlocks}, []Layer{LayerSentences}, segment},
		Stage{"parse", []Layer{LayerSentences}, []Layer{LayerGrammar}, func(t *Text) { parse(t, grammar.Default()) }},
		Stage{"times", []Layer{LayerGrammar}, []Layer{LayerTimes}, times},
		Stage{"numbers", []Layer{LayerTimes}, []Layer{LayerNumbers}, numbers},
		Stage{"names", []Layer{LayerGrammar}, []Layer{LayerNames}, names},
		Stage{"coreference", []Layer{LayerNames}, []Layer{LayerCoref}, func(t *Text) {
			kinds(t)
			apposition(t)
			coreference(t)
			apposition(t)
			affiliation(t)
			again(t)
		}},
	)
	if err != nil {
		panic(err) // the list above is wrong: no input can cause it
	}
	return p
}

// Annotate runs the stages over a text. raw must be valid UTF-8. A text in a
// language the pipeline does not read comes back with Unsplit set and no
// sentences. Time and memory are linear in len(raw).
func (p *Pipeline) Annotate(raw string, m Meta) *Text {
	t := &Text{Raw: raw, meta: m, turns: -1}
	for _, s := range p.stages {
		if t.Unsplit != "" {
			break
		}
		s.Run(t)
	}
	if t.Unsplit == "" && len(t.Sentences) == 0 {
		t.Unsplit = claims.UnsplitNoProse
	}
	return t
}

// lay is the layout stage: blocks, dateline, credits, and what the document
// says it is.
func lay(t *Text) {
	layout(t)
	forwarded(t)
	clocks(t)
	dateline(t)
	signOff(t)
	credits(t)
	nature(t)
}

var (
	satireRx     = regexp.MustCompile(`(?i)\b(?:satire|satirical (?:site|piece|website|column)|this is a parody)\b`)
	correctionRx = regexp.MustCompile(`(?i)^\W*(?:correction|corrections|clarification|corrected|retraction|retracted|editor'?s'? note|an earlier version of)\b`)
	withdrawRx   = regexp.MustCompile(`(?i)\b(?:we (?:have )?(?:withdraw|withdrew|withdrawn|retract|retracted|removed|deleted|took down|cannot stand by|can no longer stand by)|(?:has|have) been (?:withdrawn|retracted)|is withdrawn|no longer stands? by|(?:we|i) deleted (?:an|our|my|the) earlier)\b`)
	untrueRx     = regexp.MustCompile(`(?i)\b(?:that was wrong|was (?:wrong|incorrect|untrue|false|inaccurate|not (?:true|correct))|in error|did not happen|should have (?:said|read)|is (?:wrong|untrue|false|not true)|misstated|incorrectly|we regret the error)\b`)
)

// nature reads whether a document calls itself satire, or takes something back.
func nature(t *Text) {
	for i, b := range t.Blocks {
		line := b.Span.Of(t.Raw)
		if (i < 2 || i >= len(t.Blocks)-2) && len(line) < 300 && satireRx.MatchString(line) && b.Kind != Prose {
			t.Satire = true
		}
	}
	title := strings.TrimSpace(t.meta.Title)
	said := correctionRx.MatchString(title)
	for i, b := range t.Blocks {
		line := b.Span.Of(t.Raw)
		if m := withdrawRx.FindStringIndex(line); m != nil && (said || i < 3) {
			t.Withdrawal = &claims.Withdrawal{Span: claims.Span{Start: b.Span.Start + m[0], End: b.Span.Start + m[1]}}
			break
		}
		if i < 2 && correctionRx.MatchString(line) {
			said = true
			t.Withdrawal = &claims.Withdrawal{Span: b.Span}
			break
		}
	}
	if said && t.Withdrawal == nil && len(t.Blocks) > 0 {
		t.Withdrawal = &claims.Withdrawal{Span: t.Blocks[0].Span}
	}
	if t.Withdrawal != nil {
		t.Withdrawal.Untrue = said || untrueRx.MatchString(t.Raw)
	}
}
