package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// How bad what doctor finds is.
const (
	good = "ok"
	fair = "warn"
	bad  = "fail"
)

// finding is one thing that doctor looked at.
type finding struct {
	Status string `json:"status"` // ok, warn or fail
	About  string `json:"about"`
	Says   string `json:"says"`
	Do     string `json:"do,omitempty"` // what helps
}

// How long doctor waits for each answer, how far two clocks may be apart, and how
// long before a certificate ends it says so.
const (
	doctorPatience = 10 * time.Second
	clockMayDiffer = 5 * time.Second
	certificateEnd = 14 * 24 * time.Hour
)

func (a *app) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Say what is wrong with how the server is reached, and what helps",
		Long: `Looks one after the other at what a call needs: an address where somebody
listens, TLS on both sides or on neither, a certificate that can be trusted, a key
that the server takes, and then at the server's version, clock, and store. The exit
status is 1 when something does not work. Nothing is stored.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			found := a.diagnose(cmd.Context())
			if err := a.showFindings(found); err != nil {
				return err
			}
			for _, f := range found {
				if f.Status == bad {
					return errReported
				}
			}
			return nil
		},
	}
}

func (a *app) showFindings(found []finding) error {
	if a.output == "json" {
		out := json.NewEncoder(a.stdout)
		out.SetEscapeHTML(false)
		for _, f := range found {
			if err := out.Encode(f); err != nil {
				return err
			}
		}
		return nil
	}
	s, p := a.style(), &printer{w: a.stdout}
	for _, f := range found {
		mark := map[string]string{good: s.green("ok  "), fair: s.yellow("warn"), bad: s.red("FAIL")}[f.Status]
		p.linef("%s  %-11s  %s", mark, f.About, f.Says)
		if f.Do != "" {
			p.linef("%s%s", "                   ", s.bold("→ "+f.Do))
		}
	}
	return p.err
}

// diagnose looks at one thing after the other, until one leaves nothing to look at
// behind it.
func (a *app) diagnose(ctx context.Context) []finding {
	address := a.setting(a.address, "SECONDSOURCE_ADDR")
	if address == "" {
		address = client.DefaultAddress
	}
	found, ok := a.lookAtWay(ctx, address)
	if !ok {
		return found
	}
	return append(found, a.lookAtServer(ctx)...)
}

// lookAtServer calls the server as every other command does.
func (a *app) lookAtServer(ctx context.Context) []finding {
	c, err := a.connect(client.WithDialOptions(grpc.WithDisableRetry()))
	if err != nil {
		return []finding{{bad, "settings", err.Error(), "see secondsource --help"}}
	}
	defer func() { _ = c.Close() }()
	ctx, cancel := context.WithTimeout(ctx, doctorPatience)
	defer cancel()
	asked := time.Now()
	info, err := c.GetServerInfo(ctx, &secondsourcev1.GetServerInfoRequest{})
	took := time.Since(asked)
	if err != nil {
		return []finding{explain(err)}
	}
	found := []finding{{good, "call", fmt.Sprintf("answered in %v", took.Round(time.Millisecond)), ""}, caller(info),
		clock(info.GetTime().AsTime(), asked, took), versions(info.GetVersion(), buildVersion())}
	if info.GetStoreWritable() {
		return append(found, finding{good, "store", "takes writes", ""})
	}
	return append(found, finding{bad, "store", "takes no writes: " + info.GetStoreProblem(), `see "When something is wrong" in docs/operations.md`})
}

// explain says why a call failed that reached somebody.
func explain(err error) finding {
	e, ok := errors.AsType[*client.Error](err)
	if !ok {
		return finding{bad, "call", err.Error(), ""}
	}
	switch {
	case e.Reason == "TOKEN_MISSING":
		return finding{bad, "key", "the server asks for an API key", "--token-file FILE, or SECONDSOURCE_TOKEN_FILE; secondsourced keys create makes one"}
	case e.Reason == "TOKEN_WRONG":
		return finding{bad, "key", "the key or token is none of this server's", "is the file the right one, and of this server's database? secondsourced keys list"}
	case e.Reason == "KEY_REVOKED":
		return finding{bad, "key", "the key was revoked", "ask for a new one: secondsourced keys create"}
	case e.Reason == "STARTING":
		return finding{fair, "call", "the server is starting", "wait: an index takes some two seconds for a million claims"}
	case e.Reason == "RATE_EXCEEDED":
		return finding{fair, "call", e.Message, "this key's other callers use what it may"}
	case speaksHTTP(e):
		return finding{bad, "address", "whoever listens speaks HTTP, not gRPC", "give the address of secondsourced --listen, not of --http-listen or --web-listen"}
	case e.Code == codes.Unimplemented:
		return finding{fair, "version", "the server does not know this question: it is older than this program, or something else", "use programs of one build"}
	case e.Code == codes.DeadlineExceeded:
		return finding{bad, "call", "no answer in time", "is the server overloaded? look at its log and metrics"}
	}
	return finding{bad, "call", e.Error(), "look into the server's log"}
}

// caller says whom the server takes this for.
func caller(info *secondsourcev1.GetServerInfoResponse) finding {
	if info.GetRole() == "" {
		return finding{good, "key", "the server asks nobody who he is: everybody who reaches it may do everything", ""}
	}
	return finding{good, "key", fmt.Sprintf("the caller is %q, with the role %s", info.GetCaller(), info.GetRole()), ""}
}

// clock compares the server's with this machine's, as it was between asking and the
// answer.
func clock(theirs, asked time.Time, took time.Duration) finding {
	off := theirs.Sub(asked.Add(took / 2))
	if off.Abs()-took/2 <= clockMayDiffer {
		return finding{good, "clock", "agrees with the server's", ""}
	}
	way := "ahead of"
	if off < 0 {
		way = "behind"
	}
	return finding{fair, "clock", fmt.Sprintf("the server's is %v %s this machine's", off.Abs().Round(time.Second), way),
		"embargoes and answers as of a time follow the server's: set both by NTP"}
}

// versions compares builds.
func versions(theirs, ours string) finding {
	switch {
	case theirs == ours:
		return finding{good, "version", theirs + ", as this program", ""}
	case theirs == "" || ours == "(devel)" || theirs == "(devel)":
		return finding{good, "version", fmt.Sprintf("%q; this program is %s", theirs, ours), ""}
	}
	return finding{fair, "version", fmt.Sprintf("the server is %s, this program %s", theirs, ours), "use programs of one build"}
}
