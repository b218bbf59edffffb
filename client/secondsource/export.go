package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// exportFormats are the formats by the words of --format.
var exportFormats = map[string]secondsourcev1.ExportFormat{
	"jsonl": secondsourcev1.ExportFormat_EXPORT_FORMAT_JSON_LINES, "csv": secondsourcev1.ExportFormat_EXPORT_FORMAT_CSV,
	"schema.org": secondsourcev1.ExportFormat_EXPORT_FORMAT_SCHEMA_ORG, "prov": secondsourcev1.ExportFormat_EXPORT_FORMAT_PROV,
}

func (a *app) exportCommand() *cobra.Command {
	var format, file, asserter, kind, from, to string
	var verdicts bool
	cmd := &cobra.Command{
		Use:   "export [DOCUMENT]",
		Short: "Write claims as JSON lines, CSV, schema.org or PROV",
		Long: `Writes the stored claims, those of one document or all, to standard output or into
a file, which is there only when it is complete. The formats:

  jsonl        one JSON object a line: claim, document and verdict
  csv          a head line and one line a claim
  schema.org   JSON-LD: Claim, or with --verdicts ClaimReview
  prov         W3C PROV-O as JSON-LD: who says it, through whom

--verdicts asks of each claim what is stored about it, which takes its time.`,
		Example: `  secondsource export --format csv --file claims.csv
  secondsource export --format schema.org --verdicts --from 2026-03-01 > reviews.jsonld`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			req := &secondsourcev1.ExportClaimsRequest{Asserter: asserter, Verdicts: verdicts}
			var ok bool
			if req.Format, ok = exportFormats[format]; !ok {
				return fmt.Errorf("--format: %q is none of jsonl, csv, schema.org, prov", format)
			}
			if len(args) == 1 {
				req.Document = documentName(args[0])
			}
			if kind != "" {
				value, ok := secondsourcev1.ClaimKind_value["CLAIM_KIND_"+strings.ToUpper(kind)]
				if !ok {
					return fmt.Errorf("--kind: %q is neither event nor utterance", kind)
				}
				req.Kind = secondsourcev1.ClaimKind(value)
			}
			var err error
			if req.Published, err = rangeOf(from, to); err != nil {
				return err
			}
			return a.with(func(c *client.Client) error {
				if file == "" {
					return c.Export(cmd.Context(), req, a.stdout)
				}
				return writeFile(file, func(f *os.File) error { return c.Export(cmd.Context(), req, f) })
			})
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&format, "format", "jsonl", "jsonl, csv, schema.org or prov")
	f.StringVar(&file, "file", "", "write into this `file`")
	f.BoolVar(&verdicts, "verdicts", false, "ask of each claim what is stored about it")
	f.StringVar(&asserter, "asserter", "", "only claims that this `source`, name or handle asserts")
	f.StringVar(&kind, "kind", "", "event or utterance")
	f.StringVar(&from, "from", "", "only documents published at this `time` or later")
	f.StringVar(&to, "to", "", "only documents published before this `time`")
	return cmd
}
