package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

func (a *app) sourcesCommand() *cobra.Command {
	var registered, derived bool
	var prefix string
	cmd := &cobra.Command{
		Use:   "sources",
		Short: "List the registered sources and those met in documents",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			req := &secondsourcev1.ListSourcesRequest{NamePrefix: prefix, PageSize: maxPage}
			if registered != derived {
				req.Registered = &registered
			}
			return a.with(func(c *client.Client) error {
				page := &secondsourcev1.ListSourcesResponse{}
				for s, err := range c.AllSources(cmd.Context(), req) {
					if err != nil {
						return err
					}
					page.Sources = append(page.Sources, s)
				}
				if a.output == "json" {
					return a.printJSON(page)
				}
				forTerminal(page)
				return a.printSources(page.GetSources())
			})
		},
	}
	cmd.Flags().BoolVar(&registered, "registered", false, "only those that an editor registered")
	cmd.Flags().BoolVar(&derived, "derived", false, "only those met in documents and not registered")
	cmd.Flags().StringVar(&prefix, "prefix", "", "only names that begin with this")
	cmd.AddCommand(a.sourcesImportCommand())
	cmd.AddCommand(a.judgeSources()...)
	return cmd
}

func (a *app) printSources(sources []*secondsourcev1.Source) error {
	w := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
	p := &printer{w: w}
	names := map[string]string{}
	for _, s := range sources {
		names[s.GetName()] = s.GetCanonicalName()
	}
	p.linef("SOURCE\tKIND\tGRADE\tALSO\tCONTROLLED BY\tNAME")
	for _, s := range sources {
		var also, controllers []string
		for _, alias := range s.GetAliases() {
			also = append(also, alias.GetName())
		}
		for _, handle := range s.GetHandles() {
			also = append(also, handle.GetHandle())
		}
		for _, control := range s.GetControlledBy() {
			controllers = append(controllers, called(control.GetSource(), names))
		}
		grade := strings.TrimPrefix(s.GetReliability().String(), "RELIABILITY_")
		if !s.GetRegistered() {
			unregistered := "not registered, " + plural(int(s.GetMentions()), "mention")
			switch s.GetReliability() {
			case secondsourcev1.Reliability_RELIABILITY_UNSPECIFIED, secondsourcev1.Reliability_RELIABILITY_F: // nobody has judged it
				grade = unregistered
			default:
				grade += ", " + unregistered
			}
		}
		p.linef("%s\t%s\t%s\t%s\t%s\t%s", s.GetCanonicalName(), word(s.GetKind(), "SOURCE_KIND_"), grade,
			short(strings.Join(also, ", "), 50), strings.Join(controllers, ", "), s.GetName()+mergedInto(s))
	}
	if p.err != nil {
		return p.err
	}
	return w.Flush()
}

// called is a source's name when it is listed too, else its id.
func called(source string, names map[string]string) string {
	if name := names[source]; name != "" {
		return name
	}
	return strings.TrimPrefix(source, "sources/")
}

// mergedInto says what an editor judged a source to be.
func mergedInto(s *secondsourcev1.Source) string {
	if s.GetMergedInto() == "" {
		return ""
	}
	return " = " + s.GetMergedInto()
}

func (a *app) sourcesImportCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "import FILE…",
		Short: "Register the sources of a JSON or JSONL file, or change those that are",
		Long: `Each source is the API's Source as JSON, or the short form

  {"id": "rta", "name": "Ruritanian Telegraph Agency", "kind": "AGENCY",
   "aliases": ["RTA", "@rta_news"], "controlled_by": "ruritania-gov",
   "speaks_for": "ruritania-gov", "reliability": "B"}

in which an alias with an "@" is a handle, and all but id and name may be missing.
A controller that is nowhere registered is registered under its id as name. Importing a file again changes nothing.`,
		Args: atLeastOne("name a FILE with sources"),
		RunE: func(cmd *cobra.Command, files []string) error {
			return a.with(func(c *client.Client) error {
				im := &importer{app: a, client: c, known: map[string]bool{}}
				return im.run(cmd.Context(), files)
			})
		},
	}
}

// shortSource is the short form of a source.
type shortSource struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	Kind         string   `json:"kind"`
	Aliases      []string `json:"aliases"`
	ControlledBy string   `json:"controlled_by"`
	SpeaksFor    string   `json:"speaks_for"`
	Reliability  string   `json:"reliability"`
}

// source turns the short form into the API's.
func (x shortSource) source() (*secondsourcev1.Source, error) {
	s := &secondsourcev1.Source{Name: "sources/" + x.ID, CanonicalName: x.Name}
	if x.Kind != "" {
		kind, ok := secondsourcev1.SourceKind_value["SOURCE_KIND_"+strings.ToUpper(x.Kind)]
		if !ok {
			return nil, fmt.Errorf("there is no kind of source %q", x.Kind)
		}
		s.Kind = secondsourcev1.SourceKind(kind)
	}
	for _, alias := range x.Aliases {
		if strings.HasPrefix(alias, "@") {
			s.Handles = append(s.Handles, &secondsourcev1.Handle{Handle: alias})
			continue
		}
		s.Aliases = append(s.Aliases, &secondsourcev1.Alias{Name: alias})
	}
	if x.Reliability != "" {
		grade, ok := secondsourcev1.Reliability_value["RELIABILITY_"+strings.ToUpper(x.Reliability)]
		if !ok {
			return nil, fmt.Errorf("reliability: %q is none of A to F", x.Reliability)
		}
		s.Reliability = secondsourcev1.Reliability(grade)
	}
	if x.SpeaksFor != "" {
		s.SpeaksFor = "sources/" + x.SpeaksFor
	}
	if x.ControlledBy != "" {
		s.ControlledBy = []*secondsourcev1.Control{{Source: "sources/" + x.ControlledBy}}
	}
	return s, nil
}
