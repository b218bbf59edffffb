package main

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

//go:embed ask
var programs embed.FS

// brief is what the programs of other languages print of an answer.
type brief struct {
	Verdict    string        `json:"verdict"`
	Supporting [2]int32      `json:"supporting"`
	Refuting   [2]int32      `json:"refuting"`
	Origins    []briefOrigin `json:"origins"`
	Refused    string        `json:"refused"` // with which status a judgement was refused
}

type briefOrigin struct {
	Name     string          `json:"name"`
	Stance   string          `json:"stance"`
	Evidence []briefEvidence `json:"evidence"`
}

type briefEvidence struct {
	Claim     string `json:"claim"`
	Publisher string `json:"publisher"`
	Text      string `json:"text"`
}

func briefOf(c *secondsourcev1.Corroboration, refused string) brief {
	b := brief{Verdict: c.GetVerdict().String(), Refused: refused,
		Supporting: [2]int32{c.GetIndependentOriginsMin(), c.GetIndependentOriginsMax()},
		Refuting:   [2]int32{c.GetRefutingOriginsMin(), c.GetRefutingOriginsMax()}}
	for _, o := range c.GetOrigins() {
		origin := briefOrigin{Name: o.GetDisplayName(), Stance: o.GetStance().String()}
		for _, x := range o.GetEvidence() {
			origin.Evidence = append(origin.Evidence, briefEvidence{x.GetClaim().GetName(), x.GetDocument().GetPublisher(), x.GetExcerpt().GetText()})
		}
		b.Origins = append(b.Origins, origin)
	}
	return b
}

// clients asks from Python and from Node, with a reader's key: they must be told
// what the command line is told, and be refused a judgement.
func (e *evening) clients(ctx context.Context, _ *watch) error {
	e.say("The paper's own programs ask too, in Python and in Node, with a reader's key.")
	a, err := e.asks(ctx)
	if err != nil {
		return err
	}
	want := briefOf(a, "PERMISSION_DENIED")
	for _, language := range []struct {
		name, file string
		find       func(context.Context) (string, []string)
	}{{"Python", "ask.py", e.python}, {"Node", "ask.js", e.node}} {
		interpreter, environment := language.find(ctx)
		if interpreter == "" {
			e.without = append(e.without, language.name)
			e.linef("[%s] is left out: it is not installed with gRPC; make clients installs it", language.name)
			continue
		}
		text, err := programs.ReadFile("ask/" + language.file)
		if err != nil {
			return err
		}
		program := filepath.Join(e.dir, language.file)
		if err := os.WriteFile(program, text, 0o600); err != nil {
			return err
		}
		e.linef("$ %s client/evening/ask/%s %q", interpreter, language.file, claim)
		cmd := exec.CommandContext(ctx, interpreter, program, claim)
		cmd.Dir, cmd.Env = e.root, append(e.environment(reader), environment...)
		out, said, err := output(cmd)
		if err != nil {
			return fmt.Errorf("%s: %w\n%s", language.name, err, said)
		}
		var got brief
		if err := json.Unmarshal([]byte(out), &got); err != nil {
			return fmt.Errorf("%s: %w\n%s", language.name, err, out)
		}
		if !reflect.DeepEqual(got, want) {
			return fmt.Errorf("%s is told\n%+v\nexpected what the command line is told\n%+v", language.name, got, want)
		}
		e.linef("[%s] %s, %d origins, as the command line says; a judgement with a reader's key: %s", language.name, got.Verdict, len(got.Origins), got.Refused)
	}
	return nil
}

// python finds an interpreter that has gRPC; Debian's packages are of its own.
func (e *evening) python(ctx context.Context) (interpreter string, environment []string) {
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(ctx, name, "-c", "import grpc, google.protobuf").Run() == nil {
			return name, nil
		}
	}
	return "", nil
}

// node finds Node with the libraries that client/node pins.
func (e *evening) node(context.Context) (interpreter string, environment []string) {
	modules := filepath.Join(e.root, "client", "node", "node_modules")
	if _, err := exec.LookPath("node"); err != nil {
		return "", nil
	}
	if _, err := os.Stat(modules); errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	return "node", []string{"NODE_PATH=" + modules}
}
