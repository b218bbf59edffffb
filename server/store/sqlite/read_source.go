package sqlite

import (
	"context"
	"math"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/record"
)

const (
	selectSources     = `SELECT ` + sourceColumns + ` FROM sources s`
	sourceByID        = selectSources + ` WHERE s.id = ?`
	registeredSources = selectSources + ` WHERE s.registered = 1 ORDER BY s.id`
	sourcesByKey      = selectSources + ` WHERE s.id IN (SELECT n.source FROM source_names n WHERE n.key IN (SELECT value FROM json_each(?)))
	AND ` + visible + ` ORDER BY s.id`

	// visible leaves out the derived sources whose name a registered one has
	// taken. It is asked when reading, because an editor may give the name up.
	visible = `(s.registered = 1 OR NOT EXISTS (SELECT 1 FROM source_names n CROSS JOIN sources r ON r.id = n.source
	WHERE n.key = s.derived_key AND r.registered = 1))`
)

// Source implements claims.Store.
func (s *Store) Source(ctx context.Context, id string) (claims.Source, error) {
	return readOne(ctx, s, scanSource, query{sourceByID, []any{id}}, claims.ReasonSourceNotFound, "sources/"+id)
}

// Sources implements claims.Store.
func (s *Store) Sources(ctx context.Context, f claims.SourceFilter, p claims.Page) ([]claims.Source, error) {
	if err := record.CheckPage(p); err != nil {
		return nil, err
	}
	return readAll(ctx, s, scanSource, sourcesQuery(f, p))
}

// sourcesQuery walks one index from the cursor, or sorts the few sources that
// share a prefix.
func sourcesQuery(f claims.SourceFilter, p claims.Page) query {
	var w where
	switch {
	case f.NamePrefix != "":
		prefix := record.Fold(f.NamePrefix)
		w.and("s.name_fold >= ? AND s.name_fold < ?", prefix, prefix+"\U0010FFFF")
		if f.Kind != "" {
			w.and("+s.kind = ?", f.Kind)
		}
	case f.Kind != "":
		w.and("s.kind = ?", f.Kind)
	}
	if f.Registered != nil {
		column := "s.registered"
		if len(w.conds) > 0 {
			column = "+s.registered" // by name or kind, which are narrower
		}
		w.and(column+" = ?", *f.Registered)
	}
	w.and(visible)
	after := p.After
	if after == (claims.Cursor{}) {
		after.Key = math.MinInt64
	}
	w.and("(s.created_at, s.id) > (?, ?)", after.Key, after.ID)
	return w.query(selectSources, ` ORDER BY s.created_at, s.id LIMIT ?`, p.Size)
}

// SourcesByKey implements claims.Store.
func (s *Store) SourcesByKey(ctx context.Context, keys []string) ([]claims.Source, error) {
	return readAll(ctx, s, scanSource, query{sourcesByKey, []any{list(keys)}})
}

// RegisteredSources implements claims.Store.
func (s *Store) RegisteredSources(ctx context.Context) ([]claims.Source, error) {
	return readAll(ctx, s, scanSource, query{registeredSources, nil})
}
