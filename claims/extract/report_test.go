package extract

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/internal/cputime"
)

// showReport writes a report as "source | cue | content | …", with the indices of
// those that stand inside another left out.
func showReport(text string, r *Report) string {
	parts := []string{r.Source.Of(text), r.Cue.Of(text)}
	for _, c := range r.Content {
		parts = append(parts, c.Of(text))
	}
	return strings.Join(parts, " | ")
}

// Who says, thinks or wants what: the first report of each sentence.
func TestReports(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		// Speech, in every order.
		{"Eva Stromme said that the dam broke.", "Eva Stromme | said | that the dam broke"},
		{"Eva Stromme, the mayor of Orta, said the dam had been leaking for weeks.", "Eva Stromme, the mayor of Orta, | said | the dam had been leaking for weeks"},
		{"The dam had been leaking for weeks, Eva Stromme said.", "Eva Stromme | said | The dam had been leaking for weeks"},
		{"The dam had been leaking for weeks, said Eva Stromme, the mayor of Orta.", "Eva Stromme, the mayor of Orta | said | The dam had been leaking for weeks"},
		{"The dam, Eva Stromme said, had been leaking for weeks.", "Eva Stromme | said | The dam | had been leaking for weeks"},
		{"The dam broke at noon, according to the Interior Ministry.", "the Interior Ministry | according to | The dam broke at noon"},
		{"A new survey shows that most voters distrust the harbour board.", "A new survey | shows | that most voters distrust the harbour board"},
		// Quotations.
		{"“The dam broke,” Eva Stromme told reporters.", "Eva Stromme | told | “The dam broke,”"},
		{"“The dam broke,” she said. “We had no warning.”", "she | said | “The dam broke,” | “We had no warning.”"},
		{"“The dam broke at noon,” wrote Tor Bakke for the Courier.", "Tor Bakke for the Courier | wrote | “The dam broke at noon,”"},
		{"Eva Stromme called the dam “a ticking bomb.”", "Eva Stromme | called | the dam “a ticking bomb.”"},
		{"The dam broke at noon,” Eva Stromme said.", "Eva Stromme | said | The dam broke at noon,”"},
		// Intentions, demands, judgements, feelings.
		{"The company plans to reopen the mine.", "The company | plans | to reopen the mine"},
		{"Residents continued to call for an inquiry.", "Residents | continued to call for | an inquiry"},
		{"The union urged the board to resign.", "The union | urged | the board to resign"},
		{"The ministry has repeatedly denied the report.", "The ministry | has repeatedly denied | the report"},
		{"The plan was criticised by two former ministers.", "two former ministers | was criticised | The plan"},
		{"Fishermen fear that the port will close.", "Fishermen | fear | that the port will close"},
		{"Fishermen are confident that the port will stay open.", "Fishermen | are confident | that the port will stay open"},
		// Nouns.
		{"His promise to rebuild was forgotten.", "His | promise | to rebuild"},
		{"The board made the decision to close the port.", "The board | made the decision | to close the port"},
		// What somebody says ends where the next saying begins.
		{"She said the port was open, but added that it was slow.", "She | said | the port was open"},
		{"He rejected the plan, saying it was late.", "He | rejected | the plan"},
	} {
		rs := extractor.Reports(&claims.Document{Text: tt.text, Language: "en"})
		got := ""
		for i := range rs {
			if rs[i].Inside < 0 {
				got = showReport(tt.text, &rs[i])
				break
			}
		}
		if got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.text, got, tt.want)
		}
	}
}

// A report inside another one's content names it.
func TestReportsInside(t *testing.T) {
	t.Parallel()
	text := "The Courier reported that the ministry denied that the dam broke."
	rs := extractor.Reports(&claims.Document{Text: text, Language: "en"})
	if len(rs) != 2 || rs[0].Inside != -1 || rs[1].Inside != 0 {
		t.Fatalf("%+v", rs)
	}
	if got := showReport(text, &rs[1]); got != "the ministry | denied | that the dam broke" {
		t.Error(got)
	}
}

// checkReports holds reports to what every report must satisfy.
func checkReports(t *testing.T, text string, rs []Report) {
	t.Helper()
	for i := range rs {
		r := &rs[i]
		where := fmt.Sprintf("report %d of %q: %+v", i, text, r)
		if r.Cue.Empty() || !r.Cue.In(len(text)) || !r.Source.In(len(text)) || len(r.Content) == 0 || r.Kind == "" {
			t.Fatal(where)
		}
		if r.Inside >= len(rs) || r.Inside == i {
			t.Fatal(where)
		}
		end := 0
		for _, c := range r.Content {
			if c.Empty() || !c.In(len(text)) || c.Start < end {
				t.Fatal(where)
			}
			if c.Start < r.Cue.End && r.Cue.Start < c.End {
				t.Fatal("the content holds its own cue: " + where)
			}
			end = c.End
		}
	}
}

// Text that is nothing but quotations, turns or cues is read in time linear in
// its length: twice the text takes no ten times as long.
func TestReportsOfHostileText(t *testing.T) {
	t.Parallel()
	for _, p := range []string{"\"ab cd efg,\" ", "Ana Moss said \"we go.\" He said it. ", "ANA: yes we go now.\n\n", "it said he said that she said ", "according to x, "} {
		var took [2]time.Duration
		for i, n := range [...]int{20_000, 40_000} {
			d := &claims.Document{Kind: claims.KindArticle, Publisher: "Zenda Courier", PublishedAt: saturday, Text: strings.Repeat(p, n/len(p)), Language: "en"}
			took[i] = cputime.Of(func() {
				checkResult(t, d, extractor.Document(d))
				checkReports(t, d.Text, extractor.Reports(d))
			})
		}
		if took[1] > 10*took[0]+time.Second {
			t.Errorf("%q: %v, and twice the text %v", p, took[0], took[1])
		}
	}
}
