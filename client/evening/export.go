package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"

	"github.com/secondsource/secondsource/claims/export/vocabulary"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// export writes what the evening left in the store and holds the files to what
// their formats say.
func (e *evening) export(ctx context.Context, _ *watch) error {
	e.say("After midnight: everything as files, for the fact-checking desk and the archive.")
	listed := &secondsourcev1.ListClaimsResponse{}
	if err := e.answer(ctx, listed, "claims"); err != nil {
		return err
	}
	want := len(listed.GetClaims())
	for _, f := range []struct {
		format, file string
		args         []string
		check        func([]byte) (claims int, faults []string)
	}{
		{"schema.org", "reviews.jsonld", []string{"--verdicts"}, e.reviews},
		{"prov", "chains.jsonld", nil, vocabulary.PROV},
		{"csv", "claims.csv", []string{"--verdicts"}, table},
		{"jsonl", "claims.jsonl", nil, messages},
	} {
		if _, err := e.must(ctx, reader, append([]string{"export", "--format", f.format, "--file", f.file}, f.args...)...); err != nil {
			return err
		}
		raw, err := os.ReadFile(filepath.Join(e.dir, f.file))
		if err != nil {
			return err
		}
		claims, faults := f.check(raw)
		if len(faults) > 0 || claims != want {
			return fmt.Errorf("%s: %d claims, expected %d; %s", f.file, claims, want, strings.Join(faults, "; "))
		}
		e.linef("[export] %s: %d claims, valid", f.file, claims)
	}
	return nil
}

// reviews checks schema.org's form, and that it says of the dam what the watch does.
func (e *evening) reviews(raw []byte) (claims int, faults []string) {
	claims, faults = vocabulary.SchemaOrg(raw)
	if n := bytes.Count(raw, []byte(`"ClaimReview"`)); n != claims {
		faults = append(faults, fmt.Sprintf("%d are reviewed, of %d", n, claims))
	}
	found := false
	for line := range bytes.Lines(raw) {
		if bytes.Contains(line, []byte(`"claimReviewed":"The Orta dam in northern Zenda failed`)) {
			found = true
			if !bytes.Contains(line, []byte(`"alternateName":"CORROBORATED"`)) {
				faults = append(faults, fmt.Sprintf("it does not review the dam's failure as CORROBORATED: %s", line))
			}
		}
	}
	if !found {
		faults = append(faults, "it does not review the dam's failure")
	}
	return claims, faults
}

// table checks CSV: every line has as many cells as the head.
func table(raw []byte) (claims int, faults []string) {
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		return 0, []string{err.Error()}
	}
	return len(rows) - 1, nil
}

// messages checks JSON lines: each is a message of the API.
func messages(raw []byte) (claims int, faults []string) {
	for line := range bytes.Lines(raw) {
		if err := protojson.Unmarshal(line, &secondsourcev1.ExportedClaim{}); err != nil {
			faults = append(faults, err.Error())
		}
		claims++
	}
	return claims, faults
}
