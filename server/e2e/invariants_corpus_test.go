package e2e_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
)

// The corpora of invariants_test.go are drawn from these templates, each from a
// seed of its own: a few events, and of each some documents by outlets that saw
// it, heard it from a body, took it over from one another, deny it or take it
// back.

// event is something that outlets report or deny.
type event struct{ who, did, do, what, passive string }

func (e event) happened() string { return e.who + " " + e.did + " " + e.what }

func (e event) negated() string { return e.who + " did not " + e.do + " " + e.what }

func (e event) suffered() string { return e.what + " " + e.passive + " by " + e.who }

var events = []event{
	{"Engineer Tor Bakke", "closed", "close", "the Zenda dam", "was closed"},
	{"Mayor Ines Falk", "opened", "open", "the Orta bridge", "was opened"},
	{"Minister Pavel Rusk", "signed", "sign", "the grain treaty", "was signed"},
	{"Judge Lena Horvat", "released", "release", "the banker Milo Renn", "was released"},
	{"Klest Airways", "bought", "buy", "the Sarn airfield", "was bought"},
	{"Captain Jonas Vik", "sank", "sink", "the trawler Aurora", "was sunk"},
	{"Bishop Karel Dunn", "sold", "sell", "the abbey of Lomira", "was sold"},
	{"Surgeon Mira Holt", "left", "leave", "the Velmark hospital", "was left"},
}

var outlets = []string{"The Courier", "The Herald", "Zenda Radio", "The Lantern", "Radio Klest", "The Examiner", "Velmark Tribune", "Lomira Gazette"}

var bodies = []string{"the Water Board", "the Harbour Office", "the Interior Ministry", "the Coast Guard"}

// fillers stand around what matters, so that documents are no copies of one
// another by accident.
var fillers = []string{
	"It rained for most of the afternoon.", "A crowd of about sixty people had gathered by noon.", "Shops in the old quarter stayed open.",
	"The evening trains were crowded as usual.", "Nobody at the town hall picked up the telephone.", "A brass band played in the square.",
	"Schools reopen after the spring holidays.", "The price of bread has doubled since January.", "Two cafés served free soup.",
	"Volunteers swept the streets at dawn.", "The football match ended without a goal.", "Fog kept the ferries in port until ten.",
	"Bakers in the suburb complain about the heat.", "An exhibition of old maps opens on Friday.", "The library lends umbrellas now.",
}

// A telling is how a document can speak of an event.
type telling int

const (
	saw       telling = iota // the outlet states it itself
	told                     // the outlet has it from a body
	hearsay                  // the outlet has it from nobody in particular
	denies                   // the outlet says that it is not so
	toldNot                  // a body says that it is not so
	corrected                // the outlet stated it, then took it back under another address
	revised                  // the outlet stated it, then wrote otherwise under the same address
	dropped                  // what the outlet stated first in these two cases
)

// piece is a document and what it tells of which event.
type piece struct {
	claims.Document

	event   event
	telling telling
}

// name is how a piece is called in messages and compared between archives.
func (p piece) name() string {
	return p.Publisher + " of " + p.PublishedAt.Format("2 January 15:04")
}

// corpus is an archive and the events that it is about.
type corpus struct {
	name   string
	events []event
	pieces []piece
	rand   *rand.Rand
}

// corpora calls fn with so many archives, the same in every run.
func corpora(n int, fn func(c *corpus)) {
	for i := range n {
		c := &corpus{name: fmt.Sprintf("corpus %d", i), rand: rand.New(rand.NewPCG(uint64(i), 4))}
		for _, k := range c.rand.Perm(len(events))[:2] {
			c.events = append(c.events, events[k])
			c.report(events[k])
		}
		fn(c)
	}
}

// tellings are drawn from in these shares.
var tellings = []telling{saw, saw, told, told, told, told, told, hearsay, denies, toldNot, corrected, revised}

// report adds documents about an event.
func (c *corpus) report(e event) {
	order := c.rand.Perm(len(outlets))
	for _, k := range order[:2+c.rand.IntN(4)] {
		t := tellings[c.rand.IntN(len(tellings))]
		c.publish(outlets[k], e, t)
	}
}

// publish adds what an outlet publishes about an event.
func (c *corpus) publish(outlet string, e event, t telling) {
	at := day(2 + c.rand.IntN(8)).Add(time.Duration(c.rand.IntN(12)) * time.Hour)
	d := report(outlet, at, c.pad(c.sentence(e, t)))
	switch t {
	case corrected:
		c.add(d, e, dropped)
		d = report(outlet, at.Add(30*time.Hour), c.pad(fmt.Sprintf("Correction: We reported earlier that %s. That was wrong: %s.", e.happened(), e.negated())))
	case revised:
		d.URL = "https://" + strings.ReplaceAll(strings.ToLower(outlet), " ", "-") + ".example/" + e.do
		c.add(d, e, dropped)
		d.PublishedAt, d.Text = at.Add(30*time.Hour), c.pad(capital(e.negated())+".")
	case saw, told, hearsay, denies, toldNot, dropped:
	}
	c.add(d, e, t)
}

func (c *corpus) add(d claims.Document, e event, t telling) {
	c.pieces = append(c.pieces, piece{d, e, t})
}

// sentence tells an event in one of several wordings.
func (c *corpus) sentence(e event, t telling) string {
	body := pick(c, bodies)
	switch t {
	case told:
		return pick(c, []string{
			capital(e.happened()) + ", " + body + " said.",
			capital(body) + " said that " + e.happened() + ".",
			"According to " + body + ", " + e.happened() + ".",
			capital(e.suffered()) + ", " + body + " said.",
		})
	case hearsay:
		return "Reports say that " + e.happened() + "."
	case denies:
		return capital(e.negated()) + "."
	case toldNot:
		return pick(c, []string{capital(body) + " denied that " + e.happened() + ".", capital(body) + " said that " + e.negated() + "."})
	case saw, corrected, revised, dropped:
	}
	return pick(c, []string{
		capital(e.happened()) + ".",
		capital(e.suffered()) + ".",
		capital(e.happened()) + ", our reporter saw.",
	})
}

// pad puts a sentence among others.
func (c *corpus) pad(sentence string) string {
	text := sentence
	for _, k := range c.rand.Perm(len(fillers))[:2+c.rand.IntN(3)] {
		text += " " + fillers[k]
	}
	return text
}

func pick(c *corpus, of []string) string { return of[c.rand.IntN(len(of))] }

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// newcomer is an outlet that no other document of an archive is by.
const newcomer = "Morning Gazette"

// echoes are the ways in which the newcomer passes a piece on without adding
// anything of its own.
var echoes = []struct {
	name string
	skip func(p piece) bool // nil: never
	of   func(c *corpus, p piece) claims.Document
}{
	{"a copy", nil, func(_ *corpus, p piece) claims.Document {
		return report(newcomer, p.PublishedAt.Add(5*time.Hour), p.Text)
	}},
	// Of two texts that came out at once nobody knows which was first: when one
	// of them is taken back later, the other may well stand for itself.
	{"a copy at the same moment", func(p piece) bool { return p.telling == dropped }, func(_ *corpus, p piece) claims.Document {
		return report(newcomer, p.PublishedAt, p.Text)
	}},
	{"a copy with a sentence of its own", nil, func(c *corpus, p piece) claims.Document {
		return report(newcomer, p.PublishedAt.Add(5*time.Hour), p.Text+" "+pick(c, fillers))
	}},
	{"a copy by nobody knows whom", nil, func(_ *corpus, p piece) claims.Document {
		return report("", p.PublishedAt.Add(5*time.Hour), p.Text)
	}},
	{"a forward", nil, func(_ *corpus, p piece) claims.Document {
		d := report("@gazette", p.PublishedAt.Add(5*time.Hour), p.Text)
		d.Kind, d.ForwardedFrom = claims.KindTelegramPost, p.Publisher
		return d
	}},
	{"a forward of nothing but a name", nil, func(_ *corpus, p piece) claims.Document {
		return claims.Document{Kind: claims.KindTelegramPost, Publisher: "@gazette", ForwardedFrom: p.Publisher, PublishedAt: p.PublishedAt.Add(5 * time.Hour)}
	}},
	// Who relays "reports say" as an outlet's own word makes more of it.
	{"a relay", func(p piece) bool { return p.telling == hearsay }, func(c *corpus, p piece) claims.Document {
		said := p.event.happened()
		if p.telling.negative() {
			said = p.event.negated()
		}
		return report(newcomer, p.PublishedAt.Add(5*time.Hour), c.pad(pick(c, []string{
			p.Publisher + " reported that " + said + ".",
			"According to " + p.Publisher + ", " + said + ".",
			capital(said) + ", " + p.Publisher + " reported.",
		})))
	}},
}

// negative: the piece says that the event did not happen.
func (t telling) negative() bool {
	return t == denies || t == toldNot || t == corrected || t == revised
}
