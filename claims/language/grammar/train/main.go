// Command train learns the grammar model from Universal Dependencies treebanks
// and measures it. The same treebanks and the same code give the same file, bit
// for bit.
//
//	go run ./claims/language/grammar/train -data DIR -out claims/language/grammar/model.bin
//	go run ./claims/language/grammar/train -data DIR -out FILE -check   # retrain, compare, exit 1 if different
//	go run ./claims/language/grammar/train -out FILE -eval X.conllu.gz  # figures on a treebank
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/secondsource/secondsource/claims/language/grammar/internal/core"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run() error {
	c := defaultSettings()
	c.progress = os.Stderr
	data := flag.String("data", "", "folder of {ewt,gum-free}-train.conllu.gz")
	out := flag.String("out", "model.bin", "model file to write, or to read with -eval and -check")
	check := flag.Bool("check", false, "retrain and compare with the model file instead of writing it")
	eval := flag.String("eval", "", "print the model's figures on this .conllu.gz and exit")
	flag.IntVar(&c.parseRuns, "runs", c.parseRuns, "parsers trained and averaged")
	flag.IntVar(&c.tagRuns, "tag-runs", c.tagRuns, "taggers trained and averaged")
	flag.IntVar(&c.parseEpochs, "epochs", c.parseEpochs, "epochs of the parser")
	flag.IntVar(&c.tagEpochs, "tag-epochs", c.tagEpochs, "epochs of the tagger")
	flag.BoolVar(&c.augment, "augment", c.augment, "add altered copies of some sentences")
	flag.Parse()

	if *eval != "" {
		return evaluate(*out, *eval)
	}
	start := time.Now()
	var ss []sentence
	for _, name := range []string{"ewt-train", "gum-free-train"} {
		s, err := readTreebank(filepath.Join(*data, name+".conllu.gz"), len(ss))
		if err != nil {
			return err
		}
		ss = append(ss, s...)
	}
	parts, err := c.train(ss)
	if err != nil {
		return err
	}
	file := parts.Encode()
	if _, err := core.Decode(file); err != nil {
		return err
	}
	c.sayf("%d bytes after %.0f s", len(file), time.Since(start).Seconds())
	if *check {
		old, err := os.ReadFile(*out)
		if err != nil {
			return err
		}
		if !bytes.Equal(old, file) {
			return fmt.Errorf("%s differs from what training gives", *out)
		}
		c.sayf("%s is what training gives", *out)
		return nil
	}
	// The file is embedded by others' builds, so it must never be seen half written.
	tmp := *out + ".new"
	if err := os.WriteFile(tmp, file, 0o644); err != nil {
		return err
	}
	return os.Rename(tmp, *out)
}

// evaluate prints the figures of a model file on a treebank, punctuation
// counted, relations with their subtypes.
func evaluate(model, treebank string) error {
	file, err := os.ReadFile(model)
	if err != nil {
		return err
	}
	start := time.Now()
	m, err := core.Decode(file)
	if err != nil {
		return err
	}
	load := time.Since(start)
	ss, err := readTreebank(treebank, 0)
	if err != nil {
		return err
	}
	f := measure(m, ss)
	fmt.Printf("UPOS %.2f XPOS %.2f UAS %.2f LAS %.2f lemma %.2f tokens/s %.0f (file %d bytes, loaded in %d ms)\n",
		f.upos, f.xpos, f.uas, f.las, f.lemma, f.speed, len(file), load.Milliseconds())
	return nil
}
