package desk

import (
	"fmt"
	"testing"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/extract"
	"github.com/secondsource/secondsource/claims/language"
	"github.com/secondsource/secondsource/claims/match"
)

// A document wakes who may be concerned, and nobody else however many watch.
func TestADocumentWakesWhomItMayConcern(t *testing.T) {
	x := extract.New(language.English())
	ws := newWatchers()
	asking := func(text string) *watched {
		t.Helper()
		asked, words, err := readQuestion(x, text, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		it := newWatched(0, claims.Query{Text: text}, asked, words)
		w := &watch{items: []*watched{it}, wake: make(chan struct{}, 1)}
		ws.all[w] = struct{}{}
		ws.put(w, it)
		return it
	}
	dam := asking("Tor Bakke closed the Zenda dam")
	resigned := asking("The mayor of Orta resigned")
	var crowd []*watched
	for i := range 300 {
		crowd = append(crowd, asking(fmt.Sprintf("Company %d bought the port of Elsen for %d crowns", i, 1000+i)))
	}
	for _, tt := range []struct {
		name, text    string
		dam, resigned bool
	}{
		{"the same", "Engineer Tor Bakke closed the Zenda dam.", true, false},
		{"other words for it", "The dam in Zenda was shut by Bakke, the ministry said.", true, false},
		{"a denial", "Nobody closed the Zenda dam, the mayor said.", true, true},
		{"the other one", "Orta's mayor has stepped down.", false, true},
		{"neither", "Heavy rain fell on the hills, farmers said.", false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := claims.Document{ID: "d", Seq: 1, Text: tt.text, PublishedAt: time.Now()}
			read := x.Document(&d)
			var vectors []claims.TermVector
			for i := range read.Claims {
				vectors = append(vectors, claims.TermVector{Claim: int64(i + 1), Doc: 1, Terms: match.Terms(&read.Claims[i])})
			}
			ws.stored(&d, read.Claims, vectors, false)
			if dam.dirty != tt.dam || resigned.dirty != tt.resigned {
				t.Errorf("asked again: %t and %t, want %t and %t", dam.dirty, resigned.dirty, tt.dam, tt.resigned)
			}
			for _, it := range crowd {
				if it.dirty {
					t.Errorf("%q is asked again", it.text)
				}
			}
			for _, it := range append(crowd, dam, resigned) {
				it.dirty = false
			}
		})
	}
	// A version of a document that an answer looked at may say anything.
	ws.asked(dam, &reading{looked: map[string]*claims.Document{"d": {ID: "d"}}, floor: 0.4}, time.Now())
	ws.stored(&claims.Document{ID: "e", Seq: 2, Previous: "d", Text: "It rained."}, nil, nil, false)
	if !dam.dirty || resigned.dirty {
		t.Errorf("by a version: asked again %t and %t", dam.dirty, resigned.dirty)
	}
	// Where enough is judged already, it takes more to be judged.
	dam.dirty = false
	d := claims.Document{ID: "f", Seq: 3, Text: "Workers closed a road in Zenda."}
	read := x.Document(&d)
	vectors := []claims.TermVector{{Claim: 9, Doc: 3, Terms: match.Terms(&read.Claims[0])}}
	for _, tt := range []struct {
		floor float64
		want  bool
	}{{0, true}, {judgedFrom, false}} {
		dam.floor, dam.dirty = tt.floor, false
		if ws.stored(&d, read.Claims, vectors, false); dam.dirty != tt.want {
			t.Errorf("above %v: asked again %t, want %t", tt.floor, dam.dirty, tt.want)
		}
	}
	for w := range ws.all {
		for _, it := range w.items {
			ws.take1(it)
		}
	}
	if len(ws.byKey) != 0 || len(ws.owner) != 0 {
		t.Errorf("%d keys and %d questions stay behind", len(ws.byKey), len(ws.owner))
	}
}
