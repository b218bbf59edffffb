// Package chromium starts the browser in which the desk is tested and measured:
// the one that `make browsers` installs, or Chrome.
package chromium

import (
	"context"
	"errors"
	"os/exec"
	"strings"

	"github.com/chromedp/chromedp"
)

// ErrNone is returned where there is no such browser.
var ErrNone = errors.New("there is no Chromium: make browsers installs it")

// Start starts a browser without a window, with its profile in the folder profile,
// and returns a context of one page in it, which chromedp works with. The browser
// reaches nothing but this machine. It ends with stop, which comes back when it is
// gone.
func Start(ctx context.Context, profile string) (_ context.Context, stop func(), _ error) {
	path, err := find()
	if err != nil {
		return nil, nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(profile),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"))
	ctx, end := chromedp.NewExecAllocator(ctx, options...)
	page, closePage := chromedp.NewContext(ctx)
	stop = func() { closePage(); end() }
	if err := chromedp.Do(page); err != nil { // starts it
		stop()
		return nil, nil, err
	}
	return page, stop, nil
}

func find() (string, error) {
	for _, name := range [...]string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNone
}

// Settled takes a step again where the page it was begun on gave way to the next one
// in the middle of it.
func Settled(ctx context.Context, step func() error) (err error) {
	for range 50 {
		if err = step(); err == nil || ctx.Err() != nil || !strings.Contains(err.Error(), "Cannot find context") {
			return err
		}
	}
	return err
}

// Do takes steps, each as Settled does.
func Do(ctx context.Context, steps ...chromedp.Action[chromedp.Void]) error {
	for _, step := range steps {
		if err := Settled(ctx, func() error { return chromedp.Do(ctx, step) }); err != nil {
			return err
		}
	}
	return nil
}

// Ask takes a step that has an answer, as Settled does.
func Ask[T any](ctx context.Context, step chromedp.Action[T]) (v T, err error) {
	err = Settled(ctx, func() error {
		v, err = chromedp.Run(ctx, step)
		return err
	})
	return v, err
}
