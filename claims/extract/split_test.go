package extract

import (
	"slices"
	"testing"

	"github.com/secondsource/secondsource/claims"
)

// told are the texts of the claims about the world that a text makes.
func told(text string, kind claims.DocumentKind) []string {
	d := claims.Document{Kind: kind, Publisher: "Zenda Courier", PublishedAt: saturday, Text: text, Language: "en"}
	var out []string
	for _, c := range extractor.Document(&d).Claims {
		if c.Kind == claims.Event {
			out = append(out, c.Text)
		}
	}
	return out
}

// One sentence each: the claims it is split into, each fit to stand alone.
func TestSplit(t *testing.T) {
	t.Parallel()
	tests := []struct {
		why, text string
		want      []string
	}{
		{"an apposition says what a name is", "Police searched homes in Ruritz, the region's largest town.",
			[]string{"Police searched homes in Ruritz", "Ruritz is the region's largest town"}},
		{"a clause on an apposition is about the name", "Police questioned Ana Dorn, a lawyer who defended the firm.",
			[]string{"Police questioned Ana Dorn", "Ana Dorn is a lawyer", "Ana Dorn defended the firm"}},
		{"a place says where, not what", "We have ten crews at a fire on Canal Road, Strelsau.",
			[]string{"Zenda Courier has ten crews at a fire on Canal Road, Strelsau"}},
		{"what is called for has not come about", "Eva Lind rejected calls for the resignation of Tor Bakke.", nil},
		{"what somebody did not say is no claim", "The bank did not say how much money was lost.", nil},
		{"nobody is somebody to speak of", "Two officers were hurt. Nobody was killed.", []string{"Two officers were hurt", "Nobody was killed"}},
		{"what is awaited has not happened", "The quay stays shut before the divers have finished.", []string{"The quay stays shut"}},
		{"what measures a clause goes with it", "The dam broke hours after engineers had opened the gates.", []string{"The dam broke", "Engineers had opened the gates"}},
		{"what somebody was charged with stays with the charge", "The driver was acquitted of causing the crash.",
			[]string{"The driver was acquitted of causing the crash"}},
		{"what did not happen is not told as having happened", "The guards left without firing a shot.",
			[]string{"The guards left without firing a shot"}},
		{"a place behind where", "Trains stop at Ruritz, where the bridge remains open.",
			[]string{"Trains stop at Ruritz", "The bridge remains open in Ruritz"}},
		{"whose", "Police searched Orta Lines, whose ferry sank in March 2025.",
			[]string{"Police searched Orta Lines", "Orta Lines' ferry sank in March 2025"}},
		{"a condition asserts nothing", "The council will close the road if the river rises.",
			[]string{"The council will close the road"}},
		{"who could not be reached", "The owner could not be reached.", nil},
		{"a stamp of a running report", "08:39 — The bridge is closed.", []string{"The bridge is closed"}},
		{"brackets", "Ana Dorn (Zenda Rovers) won the race.", []string{"Ana Dorn won the race"}},
		{"a date is said whole", "A barge struck the quay on Monday 2 March 2026.", []string{"A barge struck the quay on Monday 2 March 2026"}},
		{"a date with a comma too", "A barge struck the quay on Monday, March 2.", []string{"A barge struck the quay on 2 March 2026"}},
		{"a cleared-up subject", "Dorn, who shares a name with the man she met, was released on Friday.",
			[]string{"Dorn was released on Friday 6 March 2026", "Dorn shares a name with the man", "She met the man"}},
	}
	for _, tt := range tests {
		got := told(tt.text, claims.KindArticle)
		slices.Sort(got)
		want := slices.Clone(tt.want)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q\n got %q\nwant %q", tt.why, tt.text, got, want)
		}
	}
}

// Who is meant by a description that only makes sense of somebody named before.
func TestNamedAgain(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"Ana Dorn signed for Zenda Rovers. The winger will wear the number seven.", "Ana Dorn will wear the number seven"},
		{"Ana Dorn took the stage on Friday. A spokesman said the 71-year-old was in good health.", "Ana Dorn was in good health"},
		{"Ana Dorn took the stage on Friday. The 71-year-old singer Eva Moss fell ill.", "The 71-year-old singer Eva Moss fell ill"},
	}
	for _, tt := range tests {
		if got := told(tt.text, claims.KindArticle); !slices.Contains(got, tt.want) {
			t.Errorf("%q:\n got %q\nwant %q", tt.text, got, tt.want)
		}
	}
}

// Articles speak in sentences; posts also in fragments, when they say something.
func TestFragments(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		kind claims.DocumentKind
		want []string
	}{
		{"08:31", claims.KindArticle, nil},
		{"Families", claims.KindArticle, nil},
		{"In the name of the people.", claims.KindArticle, nil},
		{"Deaths: 4", claims.KindTelegramPost, []string{"Deaths: 4"}},
		{"Houses destroyed: 212", claims.KindTelegramPost, []string{"Houses destroyed: 212"}},
		{"Shots near the western barracks.", claims.KindTelegramPost, []string{"Shots near the western barracks"}},
	}
	for _, tt := range tests {
		if got := told(tt.text, tt.kind); !slices.Equal(got, tt.want) {
			t.Errorf("%q:\n got %q\nwant %q", tt.text, got, tt.want)
		}
	}
}
