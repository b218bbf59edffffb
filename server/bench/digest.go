package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"

	"google.golang.org/protobuf/proto"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// digested writes a line for each question: the digest of its answer, when a folder
// for them was given. Two builds that answer alike write the same file.
func (b *bench) digested(ctx context.Context, name string, n int, ask func(context.Context, int) (*secondsourcev1.CorroborateResponse, error)) error {
	if b.digests == "" {
		return nil
	}
	var lines bytes.Buffer
	for i := range n {
		res, err := ask(ctx, i)
		if err != nil {
			return err
		}
		whole, err := proto.MarshalOptions{Deterministic: true}.Marshal(res)
		if err != nil {
			return err
		}
		fmt.Fprintf(&lines, "%d %x\n", i, sha256.Sum256(whole))
	}
	if err := os.MkdirAll(b.digests, 0o750); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(b.digests, name+".txt"), lines.Bytes(), 0o600)
}
