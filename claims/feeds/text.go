package feeds

import "github.com/secondsource/secondsource/claims"

// readText takes the whole input as one text, verbatim.
func readText(in *input, yield func(Item) bool) {
	it := Item{Position: in.at(0, "")}
	if it.Err = validUTF8(in.data); it.Err == nil {
		it.Document = claims.Document{Publisher: in.options.Publisher, URL: in.resolve(in.options.URL), Text: string(in.data)}
	}
	yield(it)
}
