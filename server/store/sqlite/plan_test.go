package sqlite

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/storetest"
)

// TestHotQueriesUseIndexes asks SQLite how it would run each query: none may
// read a whole table, and the listings over an index must not sort.
func TestHotQueriesUseIndexes(t *testing.T) {
	s := openNew(t, Options{})
	if err := s.Update(t.Context(), func(tx claims.Tx) error {
		doc, cs, id, signature, terms := storetest.Document("doc", 3)
		return tx.PutDocument(&doc, cs, id, signature, terms)
	}); err != nil {
		t.Fatal(err)
	}
	day := time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
	page := claims.Page{Size: 10}
	next := claims.Page{Size: 10, After: claims.Cursor{Key: 5, ID: "x"}}
	yes := true
	const sorts = true // few rows, in another order than the index has
	queries := map[string]struct {
		q     query
		index string // that the plan must name
		sorts bool
	}{
		"document":             {query{documentByID, []any{"x"}}, "sqlite_autoindex_documents", false},
		"documents by seq":     {query{documentsBySeq, []any{"[1]"}}, "INTEGER PRIMARY KEY", false},
		"documents by id":      {query{documentsByID, []any{"[]"}}, "sqlite_autoindex_documents", sorts},
		"document by hash":     {query{documentByHash, []any{1, "x"}}, "PRIMARY KEY", false},
		"document arrived":     {query{arrivedByHash, []any{1, "x"}}, "INTEGER PRIMARY KEY", false},
		"document by request":  {query{documentByRequest, []any{"x"}}, "PRIMARY KEY", false},
		"request":              {query{requestHash, []any{"x"}}, "PRIMARY KEY", false},
		"latest of series":     {query{latestOfSeries, []any{"x"}}, "documents_series", false},
		"check a new one":      {query{checkNew, []any{"", 1}}, "sqlite_autoindex_documents", false},
		"check":                {query{checkDocument, []any{"", 1, "", ""}}, "sqlite_autoindex_documents", false},
		"claim":                {query{blockOfDocument, []any{"x"}}, "INTEGER PRIMARY KEY", false},
		"claims by seq":        {query{blocksBySeq, []any{"[1]"}}, "INTEGER PRIMARY KEY", false},
		"erasures":             {query{erasuresList, []any{0, 1}}, "INTEGER PRIMARY KEY", false},
		"head":                 {query{headOfStore, nil}, "INTEGER PRIMARY KEY", false},
		"erase, a publisher":   {query{dropPublisher, []any{1}}, "PRIMARY KEY", false},
		"erase, an asserter":   {query{forgetAsserter, []any{"x"}}, "sqlite_autoindex_asserters", false},
		"erase, its number":    {query{moveAsserted, []any{1, 2}}, "PRIMARY KEY", false},
		"erase, copies":        {query{copiesOf, []any{"x"}}, "PRIMARY KEY", sorts},
		"erase, links":         {query{dropOriginals, []any{1}}, "copy_links_document", false},
		"erase, requests":      {query{dropRequests, []any{1}}, "requests_document", false},
		"erase, terms":         {query{forwardBlob, []any{1}}, "INTEGER PRIMARY KEY", false},
		"erase, names":         {query{dropUnmetBy, []any{"x"}}, "source_names_source", false},
		"judgements":           {query{judgementsList, []any{0, 1}}, "INTEGER PRIMARY KEY", false},
		"judgements listed":    {judgementsQuery(claims.JudgementFilter{}, next), "INTEGER PRIMARY KEY", false},
		"judgements about":     {judgementsQuery(claims.JudgementFilter{About: "documents/x", Kind: "x", Editor: "x"}, next), "judgements_object", sorts},
		"judgements of a kind": {judgementsQuery(claims.JudgementFilter{Kind: "x", From: day}, next), "judgements_kind", false},
		"judgements by editor": {judgementsQuery(claims.JudgementFilter{Kind: "x", Editor: "x"}, next), "judgements_editor", false},
		"judgement by request": {query{judgementByRequest, []any{"x"}}, "PRIMARY KEY", false},
		"erase, judgements":    {query{eraseJudgements, []any{"x", "x", "x", "x", "x", "x"}}, "judgements_subject", false},
		"erase, their ids":     {query{dropJudgementIDs, []any{"x", "x", "x", "x", "x", "x"}}, "judgement_requests_judgement", false},
		"replay":               {query{forwardFrom, []any{0, 1}}, "INTEGER PRIMARY KEY", false},
		"replay from a seq":    {query{forwardOf, []any{7}}, "INTEGER PRIMARY KEY", false},
		"source":               {query{sourceByID, []any{"x"}}, "sqlite_autoindex_sources", false},
		"asserter":             {query{asserterID, []any{"x"}}, "sqlite_autoindex_asserters", false},
		"a name met":           {query{sourceMet, []any{"x", "", ""}}, "sqlite_autoindex_sources", false},
		"count a name":         {query{addCount, []any{1, 1}}, "INTEGER PRIMARY KEY", false},
		"what is filed":        {query{blocksBetween, []any{1, 2}}, "INTEGER PRIMARY KEY", false},
		"list names":           {query{listNames, nil}, "sources_unlisted", false},
		"count again":          {query{uncounted, []any{1}}, "INTEGER PRIMARY KEY", false},
		"sources by key":       {keysQuery([]string{"x"}), "PRIMARY KEY", sorts},
		"registered sources":   {query{registeredSources, nil}, "sources_registered", sorts},
		"drop names":           {query{dropNames, []any{"x"}}, "source_names_source", false},
		"all documents":        {documentsQuery(claims.DocumentFilter{}, page), "documents_published", false},
		"all documents, next":  {documentsQuery(claims.DocumentFilter{}, next), "documents_published", false},
		"documents in a time":  {documentsQuery(claims.DocumentFilter{From: day, To: day}, page), "documents_published", false},
		"and next":             {documentsQuery(claims.DocumentFilter{From: day, To: day}, next), "documents_published", false},
		"latest versions":      {documentsQuery(claims.DocumentFilter{LatestVersion: true}, next), "documents_published", false},
		"of a publisher":       {documentsQuery(claims.DocumentFilter{Publisher: "x", Kind: "x", Status: "x"}, next), "publisher_fold", sorts},
		"of a kind":            {documentsQuery(claims.DocumentFilter{Kind: "x", From: day}, next), "documents_kind", false},
		"of a status":          {documentsQuery(claims.DocumentFilter{Status: "x", Kind: "x"}, next), "documents_status", false},
		"all claims":           {blocksQuery(claims.ClaimFilter{}, 0, 0, 9, 1), "INTEGER PRIMARY KEY", false},
		"claims of a source":   {partsQuery([]string{"x"}, 7), "sqlite_autoindex_asserters", sorts},
		"and then":             {blocksQuery(claims.ClaimFilter{Asserter: []string{"x"}, From: day, To: day}, 1, 512, 1024, 10), "INTEGER PRIMARY KEY", false},
		"claims from a time":   {blocksQuery(claims.ClaimFilter{From: day}, 0, 0, 9, 1), "documents_published", false},
		"claims to a time":     {blocksQuery(claims.ClaimFilter{To: day}, 0, 0, 9, 1), "INTEGER PRIMARY KEY", false},
		"all sources":          {sourcesQuery(claims.SourceFilter{}, page), "sources_created", false},
		"sources, next":        {sourcesQuery(claims.SourceFilter{}, next), "sources_created", false},
		"registered, a page":   {sourcesQuery(claims.SourceFilter{Registered: &yes}, next), "sources_registered", false},
		"sources of a kind":    {sourcesQuery(claims.SourceFilter{Kind: "x", Registered: &yes}, next), "sources_kind", false},
		"sources by prefix":    {sourcesQuery(claims.SourceFilter{NamePrefix: "x", Kind: "x", Registered: &yes}, next), "sources_name", sorts},
		"names not listed yet": {sourcesQuery(claims.SourceFilter{NamePrefix: "x"}, page), "sources_unlisted", sorts},
		"stats":                {query{statsOfStore, nil}, "sources_registered", sorts},
	}
	for name, tt := range queries {
		t.Run(name, func(t *testing.T) {
			plan := explain(t, s, tt.q)
			for step := range strings.SplitSeq(plan, "\n") {
				if strings.HasPrefix(step, "SCAN") && !wholly.MatchString(step) && !(name == "stats" && strings.Contains(step, "COVERING INDEX")) {
					t.Errorf("reads a whole table: %s", step)
				}
				if strings.Contains(step, "USE TEMP B-TREE") && !tt.sorts {
					t.Errorf("sorts: %s", step)
				}
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

// wholly are the steps that may read all there is: a list of parameters, a subquery
// that is as long as a page, the documents that arrived since they were folded, a
// table of one row.
var wholly = regexp.MustCompile(`^SCAN (json_each|CONSTANT ROW|\(subquery|arrivals|folded)`)

func explain(t *testing.T, s *Store, q query) string {
	t.Helper()
	rows, err := s.reads.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+q.text, q.args...)
	if err != nil {
		t.Fatalf("%v\n%s", err, q.text)
	}
	defer func() { _ = rows.Close() }()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, detail)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(steps, "\n")
}
