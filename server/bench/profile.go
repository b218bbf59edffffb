package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime/pprof"
)

// profiled runs a call for each question from one on with a CPU profile, when a
// folder for profiles was given: this side alone, after all is measured.
func (b *bench) profiled(ctx context.Context, name string, from, n int, call one) (err error) {
	if b.profiles == "" {
		return nil
	}
	if err := os.MkdirAll(b.profiles, 0o750); err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(b.profiles, name+".pprof"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := pprof.StartCPUProfile(f); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return each(ctx, from, n, call)
}

func each(ctx context.Context, from, n int, call one) error {
	for i := from; i < from+n; i++ {
		if err := call(ctx, i); err != nil {
			return err
		}
	}
	return nil
}
