package main

import (
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
)

// manyItems is from when on a progress bar is worth its line.
const manyItems = 20

// progress is the bar on standard error, for many items and a person looking on.
// It counts the bytes of the files, which are known before they are read.
type progress struct {
	bar   *progressbar.ProgressBar
	total int64
	done  int64
	on    bool
	quiet bool // rows go to the same terminal: the bar steps aside for them
	a     *app
}

func (a *app) progress(files []source) *progress {
	p := &progress{a: a, on: isTerminal(a.stderr), quiet: isTerminal(a.stdout)}
	for _, file := range files {
		info, err := os.Stat(file.path)
		if err != nil || !info.Mode().IsRegular() {
			p.total = -1 // progressbar's word for "not known"
			return p
		}
		p.total += info.Size()
	}
	return p
}

func (p *progress) add(items int, size int64) {
	p.done += size
	if p.bar == nil && p.on && items >= manyItems {
		p.bar = progressbar.NewOptions64(p.total, progressbar.OptionSetWriter(p.a.stderr), progressbar.OptionShowBytes(true),
			progressbar.OptionSetDescription("ingesting"), progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))
	}
	if p.bar != nil {
		_ = p.bar.Set64(min(p.done, max(p.total, p.done))) // a bar that cannot be drawn is no reason to stop
	}
}

func (p *progress) clear() {
	if p.bar != nil && p.quiet {
		_ = p.bar.Clear()
	}
}

func (p *progress) finish() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
