package feeds

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// silent elements hold no words of the text.
var silent = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Head: true, atom.Template: true, atom.Noscript: true,
	atom.Iframe: true, atom.Svg: true, atom.Figcaption: true, atom.Select: true, atom.Button: true, atom.Textarea: true,
}

// breaks elements begin and end a line of their own; those in paragraphs stand
// apart by an empty line.
var (
	paragraphs = map[atom.Atom]bool{
		atom.P: true, atom.Div: true, atom.Section: true, atom.Article: true, atom.Blockquote: true, atom.H1: true, atom.H2: true,
		atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true, atom.Ul: true, atom.Ol: true, atom.Table: true, atom.Pre: true,
		atom.Figure: true, atom.Header: true, atom.Footer: true, atom.Main: true, atom.Aside: true, atom.Hr: true,
	}
	breaks = map[atom.Atom]bool{atom.Br: true, atom.Li: true, atom.Tr: true, atom.Dt: true, atom.Dd: true}
)

// plain is the text of a piece of HTML: paragraphs apart by an empty line, white
// space folded, entities decoded. It reads tokens and builds no tree, so that
// nesting costs nothing.
func plain(markup string) string {
	if !strings.ContainsAny(markup, "<&") {
		return tidy(markup)
	}
	var w lines
	z := html.NewTokenizer(strings.NewReader(markup))
	z.SetMaxBuf(maxItem)
	var skip atom.Atom // the silent element that is open
	depth := 0         // how often, within itself
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return w.String()
		}
		if kind == html.TextToken {
			if skip == 0 {
				w.words(html.UnescapeString(string(z.Raw())))
			}
			continue
		}
		name, _ := z.TagName()
		tag := atom.Lookup(name)
		switch {
		case skip != 0:
			if tag == skip && kind == html.StartTagToken {
				depth++
			} else if tag == skip && kind == html.EndTagToken {
				if depth--; depth == 0 {
					skip = 0
				}
			}
		case silent[tag] && kind == html.StartTagToken:
			skip, depth = tag, 1
		case paragraphs[tag]:
			w.end(2)
		case breaks[tag]:
			w.end(1)
		}
	}
}

// tidy folds the white space of a text that has no markup, but keeps its lines.
func tidy(text string) string {
	var w lines
	for line := range strings.SplitSeq(text, "\n") {
		if strings.TrimSpace(line) == "" {
			w.end(2)
			continue
		}
		w.words(line)
		w.end(1)
	}
	return w.String()
}

// lines collects words into lines.
type lines struct {
	b     strings.Builder
	gap   int // line feeds owed before the next word
	space bool
}

// words adds a run of text, its white space folded.
func (w *lines) words(s string) {
	for s != "" {
		i := strings.IndexFunc(s, isSpace)
		if i != 0 {
			if i < 0 {
				i = len(s)
			}
			w.open()
			w.b.WriteString(s[:i])
			s = s[i:]
			continue
		}
		w.space = true
		s = strings.TrimLeftFunc(s, isSpace)
	}
}

// open writes the white space that is owed.
func (w *lines) open() {
	switch {
	case w.b.Len() == 0:
	case w.gap > 0:
		w.b.WriteString(strings.Repeat("\n", w.gap))
	case w.space:
		w.b.WriteByte(' ')
	}
	w.gap, w.space = 0, false
}

// end ends the line; n line feeds stand before what follows.
func (w *lines) end(n int) { w.gap, w.space = max(w.gap, n), false }

func (w *lines) String() string { return w.b.String() }

func isSpace(r rune) bool {
	return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f' || r == '\v' || r == '\u00a0' || r == '\u2028' || r == '\u2029'
}
