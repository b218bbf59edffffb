package main

import (
	"fmt"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/extract"
	"github.com/secondsource/secondsource/claims/language"
)

func reps(s string) {
	x := extract.New(language.English())
	for _, r := range x.Reports(&claims.Document{Text: s, Language: "en"}) {
		fmt.Printf("   => %s in %d | SRC %q | CUE %q |", r.Kind, r.Inside, r.Source.Of(s), r.Cue.Of(s))
		for _, c := range r.Content {
			fmt.Printf(" %q", c.Of(s))
		}
		fmt.Println()
	}
}
