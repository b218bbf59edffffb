package web_test

import (
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestARefusedDecisionLeadsBack to the page it was made on.
func TestARefusedDecisionLeadsBack(t *testing.T) {
	o := open(t, "")
	o.tell(t)
	_, _, page := o.get(t, "/sources/coast-daily")
	to, fields := form(t, page, "It is that one")
	fields.Set("other", "Nobody At All")
	fields.Set("reason", "why not")
	_, _, page = o.post(t, to, fields)
	holds(t, page, `<a href="/sources/coast-daily">Back to where you were</a>`)
}

// TestTheGradeThatStandsIsChosen: whoever presses the button without a look at the
// list changes nothing.
func TestTheGradeThatStandsIsChosen(t *testing.T) {
	o := open(t, "")
	o.tell(t)
	_, _, page := o.get(t, "/sources/coast-daily")
	holds(t, page, `<option value="F" selected>`)
	to, fields := form(t, page, "Grade it")
	fields.Set("grade", "C")
	fields.Set("reason", "right and wrong")
	_, _, page = o.post(t, to, fields)
	holds(t, page, `<option value="C" selected>`)
}

// TestWatchesLeaveConnectionsForPages: over a connection that is not encrypted a
// browser has six in all; a seventh page would wait for ever.
func TestWatchesLeaveConnectionsForPages(t *testing.T) {
	ctx := browser(t)
	o := open(t, "")
	sizes[0].set(ctx, t)
	do(ctx, t, chromedp.Navigate(o.url+"/watch"), chromedp.Evaluate[chromedp.Void](`localStorage.setItem("secondsource.watches", JSON.stringify([1,2,3,4,5,6,7].map(n => ({claim: "Bridge " + n + " was closed on Monday"}))))`),
		chromedp.Navigate(o.url+"/watch"), chromedp.Poll[chromedp.Void](`[...document.querySelectorAll("#watches .small")].filter(p => p.textContent === "Watching.").length === 4`))
	if n := ask(ctx, t, chromedp.Evaluate[int](`[...document.querySelectorAll("#watches .small")].filter(p => p.textContent.startsWith("Not followed now")).length`)); n != 3 {
		t.Errorf("%d watches say that they are not followed, want 3", n)
	}
	if got := ask(ctx, t, chromedp.Evaluate[string](`fetch("/assets/icon.svg", {cache: "no-store"}).then(r => r.statusText || String(r.status))`, chromedp.EvalAwaitPromise)); got != "OK" {
		t.Errorf("beside them a page gets %q", got)
	}
	usable(ctx, t, "watches-many")
	shot(ctx, t, "watches-many")
	do(ctx, t, chromedp.SetValue("#claim", "Bridge 3 was closed on Monday"), chromedp.Click("[data-watch-form] button"))
	if got := ask(ctx, t, chromedp.Text("#said")); got != "That is watched already." {
		t.Errorf("a claim watched twice: %q", got)
	}
}

// TestTheFirstClaimIsAKeyAway where none is chosen yet.
func TestTheFirstClaimIsAKeyAway(t *testing.T) {
	o := open(t, "")
	names := o.tell(t)
	_, _, page := o.get(t, "/"+names["agency"])
	holds(t, page, `?claim=1#claim-1" data-key="j"`)
}

// TestOneClaimIsNotClaims in a draft.
func TestOneClaimIsNotClaims(t *testing.T) {
	o := open(t, "")
	_, _, page := o.post(t, "/draft", url.Values{"text": {"The Halden Bridge was closed on Monday."}})
	holds(t, page, "1 claim: 1 not reported.")
}

// TestADroppedFileThatIsNoTextChangesNothing of the draft that is there.
func TestADroppedFileThatIsNoTextChangesNothing(t *testing.T) {
	ctx := browser(t)
	o := open(t, "")
	drop := func(bytes, name string) chromedp.Action[chromedp.Void] {
		return chromedp.Evaluate[chromedp.Void](`(() => { const data = new DataTransfer(); data.items.add(new File([new Uint8Array([` + bytes + `])], "` + name + `"));
			document.getElementById("text").dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true})); })()`)
	}
	do(ctx, t, chromedp.Navigate(o.url+"/draft"), chromedp.WaitVisible("#text"), chromedp.SetValue("#text", "The bridge was closed."), drop("80, 75, 0, 255", "draft.docx"),
		chromedp.Poll[chromedp.Void](`document.getElementById("dropped").textContent.includes("no plain text")`))
	if got := ask(ctx, t, chromedp.Value("#text")); got != "The bridge was closed." {
		t.Errorf("the draft became %q", got)
	}
	do(ctx, t, drop("72, 105", "draft.txt"), chromedp.Poll[chromedp.Void](`document.getElementById("text").value === "Hi" && document.getElementById("dropped").textContent === ""`))
}
