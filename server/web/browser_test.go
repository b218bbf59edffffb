package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/secondsource/secondsource/internal/chromium"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// axe is what judges whether a page can be used by everybody (axe-core); `make
// browsers` fetches it.
const axe = "testdata/axe/node_modules/axe-core/axe.min.js"

// browser opens a window of Chromium; the test is skipped where there is none, or
// no axe. Screenshots go to the folder that SECONDSOURCE_SCREENS names.
func browser(t *testing.T) context.Context {
	t.Helper()
	if raced {
		t.Skip("not under the race detector")
	}
	if _, err := os.Stat(axe); err != nil {
		t.Skip("there is no axe-core: make browsers fetches it")
	}
	ctx, stop, err := chromium.Start(t.Context(), t.TempDir())
	if errors.Is(err, chromium.ErrNone) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func do(ctx context.Context, t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromium.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func ask[T any](ctx context.Context, t *testing.T, step chromedp.Action[T]) T {
	t.Helper()
	v, err := chromium.Ask(ctx, step)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// size is a width of a window and whether it is dark.
type size struct {
	width int64
	dark  bool
}

var sizes = []size{{360, false}, {360, true}, {1600, false}, {1600, true}}

func (s size) String() string {
	if s.dark {
		return fmt.Sprintf("%d-dark", s.width)
	}
	return fmt.Sprintf("%d-light", s.width)
}

func (s size) set(ctx context.Context, t *testing.T) {
	t.Helper()
	scheme := "light"
	if s.dark {
		scheme = "dark"
	}
	do(ctx, t, chromedp.EmulateViewport(s.width, 900))
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}); err != nil {
		t.Fatal(err)
	}
}

// shot keeps a picture of the page as it stands.
func shot(ctx context.Context, t *testing.T, name string) {
	t.Helper()
	folder := os.Getenv("SECONDSOURCE_SCREENS")
	if folder == "" {
		return
	}
	png := ask(ctx, t, chromedp.FullScreenshot(100))
	if err := os.MkdirAll(folder, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), png, 0o600); err != nil {
		t.Fatal(err)
	}
}

// usable fails when axe finds what is serious, or when the page is wider than its
// window.
func usable(ctx context.Context, t *testing.T, name string) {
	t.Helper()
	script, err := os.ReadFile(axe)
	if err != nil {
		t.Fatal(err)
	}
	do(ctx, t, chromedp.Evaluate[chromedp.Void](string(script)))
	found := ask(ctx, t, chromedp.Evaluate[string](`axe.run().then(r => JSON.stringify(r.violations.filter(v => v.impact === "serious" || v.impact === "critical").map(v => v.id + ": " + v.nodes.map(n => n.html).slice(0, 3).join(" | "))))`, chromedp.EvalAwaitPromise))
	wide := ask(ctx, t, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > window.innerWidth`))
	var all []string
	if err := json.Unmarshal([]byte(found), &all); err != nil {
		t.Fatal(err)
	}
	for _, v := range all {
		t.Errorf("%s: %s", name, v)
	}
	if wide {
		t.Errorf("%s is wider than its window", name)
	}
}

// TestEveryPageInABrowser drives the desk as an editor would, in four windows.
func TestEveryPageInABrowser(t *testing.T) {
	ctx := browser(t)
	o := open(t, "")
	names := o.tell(t)
	pages := []struct{ name, path string }{
		{"ask-empty", "/"},
		{"ask-corroborated", "/?claim=" + url.QueryEscape("A barge hit the Halden Bridge on 4 May 2026")},
		{"ask-disputed", "/?claim=" + url.QueryEscape("The crew of the Marta K was drunk")},
		{"ask-unreported", "/?claim=" + url.QueryEscape("The Halden Bridge collapsed into the river")},
		{"ask-wrong", "/?claim=Halden"},
		{"sources", "/sources"},
		{"source", "/sources/velmark-transport"},
		{"watch", "/watch"},
		{"documents", "/documents"},
		{"document", "/" + names["agency"]},
		{"document-claim", "/" + names["agency"] + "?claim=1"},
		{"document-beside", "/" + names["copy"] + "?beside=" + strings.TrimPrefix(names["agency"], "documents/")},
		{"judgements", "/judgements"},
		{"sign-in", "/sign-in"},
		{"nowhere", "/nowhere"},
	}
	for _, s := range sizes {
		s.set(ctx, t)
		for _, p := range pages {
			do(ctx, t, chromedp.Navigate(o.url+p.path), chromedp.WaitReady("main"))
			name := p.name + "-" + s.String()
			usable(ctx, t, name)
			shot(ctx, t, name)
		}
	}
}

// TestADraftInABrowser pastes a draft, checks it and steps through what was found.
func TestADraftInABrowser(t *testing.T) {
	ctx := browser(t)
	o := open(t, "")
	o.tell(t)
	for _, s := range sizes {
		s.set(ctx, t)
		do(ctx, t, chromedp.Navigate(o.url+"/draft"), chromedp.WaitVisible("#text"))
		usable(ctx, t, "draft-empty-"+s.String())
		do(ctx, t, chromedp.SetValue("#text", strings.ReplaceAll(draft, "\r", "")), chromedp.Click("button[type=submit]:not(.quiet)"), chromedp.WaitVisible("#found-1"))
		usable(ctx, t, "draft-"+s.String())
		shot(ctx, t, "draft-"+s.String())
		do(ctx, t, chromedp.KeyEvent("j"), chromedp.KeyEvent("j"))
		if at := ask(ctx, t, chromedp.Evaluate[string]("document.activeElement.id")); at != "found-2" {
			t.Errorf("two steps lead to %q", at)
		}
	}
}

// TestAWatchInABrowser watches a claim, stores a denial and sees it told, and finds
// what happened meanwhile when the page is opened again.
func TestAWatchInABrowser(t *testing.T) {
	ctx := browser(t)
	o := open(t, "")
	o.tell(t)
	sizes[2].set(ctx, t)
	says := func(text string) {
		t.Helper()
		do(ctx, t, chromedp.Poll[chromedp.Void]("document.querySelector('#watches').innerText.includes("+strconv.Quote(text)+")"))
	}
	do(ctx, t, chromedp.Navigate(o.url+"/watch?claim="+url.QueryEscape("A barge hit the Halden Bridge on 4 May 2026")), chromedp.Click("[data-watch-form] button"))
	says("Corroborated")
	o.store(t, &secondsourcev1.Document{Kind: secondsourcev1.DocumentKind_DOCUMENT_KIND_ARTICLE, Publisher: "Norrow Coast Guard", Text: "A barge did not hit the Halden Bridge on 4 May 2026, the Norrow Coast Guard said."})
	says("Corroborated → Disputed")
	says("A document of Norrow Coast Guard came in")
	usable(ctx, t, "watch-changed")
	shot(ctx, t, "watch-changed")
	do(ctx, t, chromedp.Navigate(o.url+"/"))
	o.store(t, &secondsourcev1.Document{Kind: secondsourcev1.DocumentKind_DOCUMENT_KIND_ARTICLE, Publisher: "Elsen Radio", Text: "In the evening the Elsen Fire Brigade denied that a barge had hit the Halden Bridge."})
	do(ctx, t, chromedp.Navigate(o.url+"/watch"))
	says("A document of Elsen Radio came in")
	if n := ask(ctx, t, chromedp.Evaluate[int]("document.querySelectorAll('#watches .events li').length")); n != 3 {
		t.Errorf("%d events are shown, want 3: none twice and none missing", n)
	}
	do(ctx, t, chromedp.Click("#watches button"), chromedp.WaitVisible("#nothing"))
}

// TestLongNamesOtherScriptsAndPictures: a name without a space in it, Arabic, and
// emoji made of several characters stay whole, at any width.
func TestLongNamesOtherScriptsAndPictures(t *testing.T) {
	ctx := browser(t)
	o := open(t, "")
	name := o.store(t, &secondsourcev1.Document{Kind: secondsourcev1.DocumentKind_DOCUMENT_KIND_X_POST, Publisher: "@" + strings.Repeat("verylongname", 20),
		Title: "عاجل: إغلاق جسر هالدن 👩‍🚒", Text: "The Halden Bridge was closed on Monday, " + strings.Repeat("Donaudampfschifffahrts", 9) + "gesellschaft said 👩‍🚒🏳️‍🌈. قالت الوزارة إن الجسر مغلق."})
	for _, s := range sizes {
		s.set(ctx, t)
		for i, path := range []string{"/" + name + "?claim=1", "/?claim=" + url.QueryEscape("The Halden Bridge was closed"), "/sources", "/documents"} {
			do(ctx, t, chromedp.Navigate(o.url+path), chromedp.WaitReady("main"))
			usable(ctx, t, fmt.Sprintf("long-%d-%s", i, s))
			shot(ctx, t, fmt.Sprintf("long-%d-%s", i, s))
		}
		do(ctx, t, chromedp.Navigate(o.url+"/"+name))
		if text := ask(ctx, t, chromedp.Evaluate[string](`document.querySelector(".text").textContent`)); !strings.Contains(text, "👩‍🚒🏳️‍🌈") || !strings.Contains(text, "الوزارة") {
			t.Errorf("the text is shown as %q", text)
		}
		if dir := ask(ctx, t, chromedp.Evaluate[string](`getComputedStyle(document.querySelector("h1")).direction`)); dir != "rtl" {
			t.Errorf("an Arabic headline runs %s", dir)
		}
	}
}

// TestAnEditorInABrowser joins two origins, sees one, takes it back and sees two.
func TestAnEditorInABrowser(t *testing.T) {
	ctx := browser(t)
	o := open(t, "")
	o.tell(t)
	sizes[2].set(ctx, t)
	verdict := func(want string) {
		t.Helper()
		do(ctx, t, chromedp.WaitVisible("#verdict"))
		if got := ask(ctx, t, chromedp.Text("#verdict")); !strings.Contains(got, want) {
			t.Errorf("the verdict is %q, want %q", got, want)
		}
	}
	page := o.url + "/?claim=" + url.QueryEscape("A barge hit the Halden Bridge on 4 May 2026")
	do(ctx, t, chromedp.Navigate(page))
	verdict("Corroborated")
	if _, err := chromedp.RunResponse(ctx, chromedp.SetValue("#why-join", "the union has it from the ministry"), chromedp.Submit("#why-join")); err != nil {
		t.Fatal(err)
	}
	verdict("One origin")
	usable(ctx, t, "joined")
	shot(ctx, t, "joined")
	do(ctx, t, chromedp.Navigate(o.url+"/judgements"), chromedp.WaitVisible(".log"))
	usable(ctx, t, "judgements-joined")
	do(ctx, t, chromedp.Click(".log details summary"), chromedp.WaitVisible(".log details[open] input[name=reason]"))
	if _, err := chromedp.RunResponse(ctx, chromedp.SetValue(".log details[open] input[name=reason]", "it does not"), chromedp.Submit(".log details[open] input[name=reason]")); err != nil {
		t.Fatal(err)
	}
	do(ctx, t, chromedp.Navigate(page))
	verdict("Corroborated")
}

// TestAskingByKeyboard types a claim, asks, follows a claim into its document and
// steps to the next one, without a mouse.
func TestAskingByKeyboard(t *testing.T) {
	ctx := browser(t)
	o := open(t, "")
	o.tell(t)
	sizes[2].set(ctx, t)
	do(ctx, t, chromedp.Navigate(o.url+"/"), chromedp.Focus("#claim"), chromedp.KeyEvent("The crew of the Marta K was drunk"),
		chromedp.KeyEvent("\t\t"), chromedp.KeyEvent("\r"), chromedp.WaitVisible("#verdict"))
	if verdict := ask(ctx, t, chromedp.Text("#verdict")); !strings.Contains(verdict, "Disputed") {
		t.Errorf("the verdict is %q", verdict)
	}
	do(ctx, t, chromedp.Focus(".evidence .where a"), chromedp.KeyEvent("\r"), chromedp.WaitVisible("#chosen"))
	step := ask(ctx, t, chromedp.Evaluate[map[string]string](`(a => ({key: a.dataset.key, href: a.href}))(document.querySelector("a[data-key]"))`))
	do(ctx, t, chromedp.KeyEvent(step["key"]))
	at := ""
	for at != step["href"] && ctx.Err() == nil {
		at = ask(ctx, t, chromedp.Location())
	}
	if at != step["href"] {
		t.Errorf("the key %q leads to %q, not to %q", step["key"], at, step["href"])
	}
}
