package main

import (
	"bufio"
	"fmt"
	"os"

	"github.com/secondsource/secondsource/claims/language"
)

func main() {
	p := language.English()
	sc := bufio.NewScanner(os.Stdin)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		t := p.Annotate(sc.Text(), language.Meta{Language: "en"})
		fmt.Println("###", sc.Text(), t.Unsplit)
		reps(sc.Text())
		for e := range t.Entities {
			x := &t.Entities[e]
			fmt.Printf("   ENT %q kind %d titles %q body %q country %q g %c\n", x.Name, x.Kind, x.Titles, x.Body, x.Country, x.Gender)
		}
		for s := range t.Sentences {
			x := &t.Sentences[s]
			fmt.Printf("-- S%d host %d quote %d holes %v adj %v cue %v end %c\n", s, x.Host, x.Quote, x.Holes, x.Adjuncts, x.Cue, x.End)
			for _, i := range x.Tokens {
				k := &t.Tokens[i]
				hd := "-"
				if k.Head >= 0 {
					hd = t.Tokens[k.Head].Text
				}
				fmt.Printf("   %d %s/%s/%s %s<-%s(%d)\n", i, k.Text, k.Lemma, k.XPOS, k.Rel, hd, k.Head)
			}
		}
	}
}
