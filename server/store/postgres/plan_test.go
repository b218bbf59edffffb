package postgres

import (
	"strings"
	"testing"
	"time"

	"github.com/secondsource/secondsource/claims"
)

// TestHotQueriesUseIndexes asks PostgreSQL how it would run each query when
// reading a whole table and sorting cost more than anything else: what does so
// all the same has no index to go by.
func TestHotQueriesUseIndexes(t *testing.T) {
	s := openNew(t, Options{})
	day := time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
	page := claims.Page{Size: 10}
	next := claims.Page{Size: 10, After: claims.Cursor{Key: 5, ID: "x"}}
	yes := true
	x, seqs, names := str("x"), []int64{1}, strs([]string{"x"})
	const sorts = true // few rows, in another order than the index has
	queries := map[string]struct {
		q     query
		index string // that the plan must name
		sorts bool
	}{
		"document":             {query{documentByID, []any{x}}, "documents_id_key", false},
		"documents by seq":     {query{documentsBySeq, []any{seqs}}, "documents_pkey", false},
		"documents by id":      {query{documentsByID, []any{names}}, "documents_id_key", sorts},
		"document by hash":     {query{documentByHash, []any{x}}, "documents_hash_key", false},
		"document by request":  {query{documentByRequest, []any{x}}, "requests_pkey", false},
		"request":              {query{requestHash, []any{x}}, "requests_pkey", false},
		"latest of series":     {query{latestOfSeries, []any{x}}, "documents_series", sorts},
		"check":                {query{checkDocument, []any{x, x, x, x}}, "documents_hash_key", false},
		"claim":                {query{claimByIndex, []any{x, 1}}, "claims_document_idx_key", false},
		"claims by seq":        {query{claimsBySeq, []any{seqs}}, "claims_pkey", false},
		"judgements listed":    {judgementsQuery(claims.JudgementFilter{}, next), "judgements_pkey", false},
		"judgements about":     {judgementsQuery(claims.JudgementFilter{About: "documents/x"}, next), "judgements_object", sorts},
		"judgements of a kind": {judgementsQuery(claims.JudgementFilter{Kind: "x", From: day}, next), "judgements_kind", false},
		"judgements by editor": {judgementsQuery(claims.JudgementFilter{Editor: "x"}, next), "judgements_editor", false},
		"judgement by request": {query{judgementByRequest, []any{x}}, "judgement_requests_pkey", false},
		"erase, judgements":    {query{eraseJudgements, []any{x, x, x}}, "judgements_object", sorts},
		"judgements":           {query{judgementsList, []any{int64(0), 1}}, "judgements_pkey", false},
		"replay":               {query{forwardFrom, []any{int64(0), 1}}, "forward_pkey", false},
		"replay from a seq":    {query{forwardOf, []any{int64(7)}}, "forward_pkey", false},
		"postings":             {query{postingsOf, []any{seqs}}, "postings_pkey", sorts},
		"the tail":             {query{tailRows, []any{int64(1), int64(7)}}, "forward_pkey", false},
		"documents of hits":    {query{documentOf, []any{seqs}}, "claims_pkey", false},
		"source":               {query{sourceByID, []any{x}}, "sources_pkey", false},
		"sources by key":       {query{sourcesByKey, []any{names}}, "source_names_pkey", sorts},
		"registered sources":   {query{registeredSources, nil}, "sources_", sorts},
		"drop names":           {query{dropNames, []any{x}}, "source_names_source", false},
		"all documents":        {documentsQuery(claims.DocumentFilter{}, page), "documents_published", false},
		"all documents, next":  {documentsQuery(claims.DocumentFilter{}, next), "documents_published", false},
		"documents in a time":  {documentsQuery(claims.DocumentFilter{From: day, To: day}, page), "documents_published", false},
		"and next":             {documentsQuery(claims.DocumentFilter{From: day, To: day}, next), "documents_published", false},
		"latest versions":      {documentsQuery(claims.DocumentFilter{LatestVersion: true}, next), "documents_published", false},
		"of a publisher":       {documentsQuery(claims.DocumentFilter{Publisher: "x"}, next), "documents_publisher", false},
		"of a kind":            {documentsQuery(claims.DocumentFilter{Kind: "x", From: day}, next), "documents_kind", false},
		"of a status":          {documentsQuery(claims.DocumentFilter{Status: "x"}, next), "documents_status", false},
		"all claims":           {claimsQuery(claims.ClaimFilter{}, page), "claims_pkey", false},
		"claims of a kind":     {claimsQuery(claims.ClaimFilter{Kind: "x"}, page), "claims_pkey", false},
		"claims of a document": {claimsQuery(claims.ClaimFilter{Document: "x"}, page), "claims_document_idx_key", sorts},
		"claims of a source":   {claimsQuery(claims.ClaimFilter{Asserter: []string{"x"}, From: day}, page), "claim_asserters_", sorts},
		"claims from a time":   {claimsQuery(claims.ClaimFilter{From: day}, page), "documents_p", sorts},
		"claims to a time":     {claimsQuery(claims.ClaimFilter{To: day}, page), "claims_pkey", false},
		"all sources":          {sourcesQuery(claims.SourceFilter{}, page), "sources_created", false},
		"sources, next":        {sourcesQuery(claims.SourceFilter{}, next), "sources_created", false},
		"registered, a page":   {sourcesQuery(claims.SourceFilter{Registered: &yes}, next), "sources_registered", false},
		"sources of a kind":    {sourcesQuery(claims.SourceFilter{Kind: "x"}, next), "sources_kind", false},
		"sources by prefix":    {sourcesQuery(claims.SourceFilter{NamePrefix: "x"}, next), "sources_name", sorts},
	}
	for name, tt := range queries {
		t.Run(name, func(t *testing.T) {
			plan := explain(t, s, tt.q, tt.sorts)
			if strings.Contains(plan, "Seq Scan") {
				t.Error("reads a whole table")
			}
			if strings.Contains(plan, "Sort") && !tt.sorts {
				t.Error("sorts")
			}
			if !strings.Contains(plan, tt.index) {
				t.Errorf("does not use %s", tt.index)
			}
			if t.Failed() {
				t.Logf("%s\n%s", tt.q.text, plan)
			}
		})
	}
}

func explain(t *testing.T, s *Store, q query, sorts bool) string {
	t.Helper()
	tx, err := s.reads.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(t.Context()) }()
	settings := []string{"enable_seqscan", "enable_bitmapscan", "enable_hashjoin", "enable_mergejoin"}
	if !sorts {
		settings = append(settings, "enable_sort")
	}
	for _, setting := range settings {
		if _, err := tx.Exec(t.Context(), "SET LOCAL "+setting+" = off"); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := tx.Query(t.Context(), "EXPLAIN (COSTS OFF) "+q.text, q.args...)
	if err != nil {
		t.Fatalf("%v\n%s", err, q.text)
	}
	var steps []string
	for rows.Next() {
		var step string
		if err := rows.Scan(&step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%v\n%s", err, q.text)
	}
	return strings.Join(steps, "\n")
}
