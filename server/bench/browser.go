package main

import (
	"context"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"

	"github.com/secondsource/secondsource/internal/chromium"
)

// watcher runs in every page before anything of the page does. It notes tasks that
// keep the page from answering, which are those of 50 ms or more (the Long Tasks
// API), the largest paint, and how long it takes from a key to the frame that shows
// what it did. A key that leads to another page hands its moment on.
const watcher = `(() => {
  const seen = { tasks: [], keys: [], largest: 0 };
  window.seen = seen;
  new PerformanceObserver(l => l.getEntries().forEach(e => seen.tasks.push({ at: e.startTime, took: e.duration }))).observe({ type: "longtask", buffered: true });
  new PerformanceObserver(l => l.getEntries().forEach(e => { seen.largest = e.startTime; })).observe({ type: "largest-contentful-paint", buffered: true });
  addEventListener("keydown", e => {
    sessionStorage.setItem("key", performance.timeOrigin + e.timeStamp);
    requestAnimationFrame(() => setTimeout(() => seen.keys.push(performance.now() - e.timeStamp)));
  }, true);
})()`

// settle waits until a page has painted and has nothing left to do.
const settle = `new Promise(done => {
  const look = () => {
    const paint = performance.getEntriesByName("first-contentful-paint")[0];
    if (!paint || document.readyState !== "complete") return setTimeout(look, 10);
    requestIdleCallback(() => setTimeout(() => {
      const nav = performance.getEntriesByType("navigation")[0];
      done({ paint: paint.startTime, largest: seen.largest, first: nav.responseStart, last: nav.responseEnd, size: nav.decodedBodySize,
        tasks: seen.tasks, keys: seen.keys, start: performance.timeOrigin, key: Number(sessionStorage.getItem("key")), at: location.href });
    }, 50));
  };
  look();
})`

// task is one that kept a page from answering, in milliseconds from the start of
// the navigation.
type task struct{ At, Took float64 }

// visit is how a page came up, in milliseconds from the start of the navigation.
type visit struct {
	Paint, Largest float64 // the first thing painted that is content, and the largest
	First, Last    float64 // byte of the answer
	Size           float64 // bytes of it
	Tasks          []task
	Keys           []float64 // from each key to the frame after it
	Start, Key     float64   // moments: of the navigation, and of the last key
	At             string    // its address

	busy time.Duration // processor time of its main thread
}

// longest is the longest task, 0 where all were under 50 ms; beside the first paint
// are those that do not end in it.
func (v *visit) longest() (all, besidePaint float64) {
	for _, t := range v.Tasks {
		all = max(all, t.Took)
		if t.At > v.Paint || t.At+t.Took < v.First {
			besidePaint = max(besidePaint, t.Took)
		}
	}
	return all, besidePaint
}

// window opens a window of Chromium that tells how its pages come up; its profile
// is kept in a folder.
func window(ctx context.Context, profile string) (context.Context, func(), error) {
	ctx, stop, err := chromium.Start(ctx, profile)
	if err != nil {
		return nil, nil, err
	}
	if err = chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900)); err == nil {
		_, err = chromedp.Call(ctx, performance.Enable, performance.EnableParams{TimeDomain: performance.EnableTimeDomainThreadTicks})
	}
	if err == nil {
		_, err = chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: watcher})
	}
	if err != nil {
		stop()
		return nil, nil, err
	}
	return ctx, stop, nil
}

// settled tells how the page came up that the steps lead to. A step that the page
// before gave way under is taken again.
func settled(ctx context.Context, steps ...chromedp.Action[chromedp.Void]) (v visit, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for _, step := range steps {
		if err := again(ctx, func() error { return chromedp.Do(ctx, step) }); err != nil {
			return visit{}, err
		}
	}
	err = again(ctx, func() error {
		v, err = chromedp.Run(ctx, chromedp.Evaluate[visit](settle, chromedp.EvalAwaitPromise))
		return err
	})
	if err != nil {
		return v, err
	}
	now, err := chromedp.Call(ctx, performance.GetMetrics, cdp.Empty{})
	for _, m := range now.Metrics {
		if m.Name == "TaskDuration" {
			v.busy = time.Duration(m.Value * float64(time.Second))
		}
	}
	return v, err
}

func again(ctx context.Context, step func() error) (err error) {
	for range 50 {
		if err = step(); err == nil || ctx.Err() != nil || !strings.Contains(err.Error(), "Cannot find context") && !strings.Contains(err.Error(), "navigated or closed") {
			return err
		}
	}
	return err
}
