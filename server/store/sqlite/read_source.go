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
	// A derived source is found by the id that its name gives it.
	sourcesByKey = selectSources + ` WHERE s.num IN (
	SELECT f.num FROM source_names n CROSS JOIN sources f ON f.id = n.source WHERE n.key IN (SELECT value FROM json_each(?))
	UNION ALL SELECT f.num FROM sources f WHERE f.id IN (SELECT value FROM json_each(?)) AND f.registered = 0) AND ` + visible + ` ORDER BY s.id`

	// visible leaves out the derived sources whose name a registered one has
	// taken. It is asked when reading, because an editor may give the name up.
	visible = `(s.registered = 1 OR NOT EXISTS (SELECT 1 FROM source_names n CROSS JOIN sources r ON r.id = n.source
	WHERE n.key = s.derived_key AND r.registered = 1))`
)

// Source implements claims.Store.
func (s *Store) Source(ctx context.Context, id string) (claims.Source, error) {
	all, err := s.readSources(ctx, query{sourceByID, []any{id}})
	if err == nil && len(all) == 0 {
		err = claims.NotFound(claims.ReasonSourceNotFound, "sources/"+id)
	}
	if err != nil {
		return claims.Source{}, err
	}
	return all[0], nil
}

// Sources implements claims.Store.
func (s *Store) Sources(ctx context.Context, f claims.SourceFilter, p claims.Page) ([]claims.Source, error) {
	if err := record.CheckPage(p); err != nil {
		return nil, err
	}
	return s.readSources(ctx, sourcesQuery(f, p))
}

// sourcesQuery walks one index from the cursor, or sorts the few sources that
// share a prefix.
func sourcesQuery(f claims.SourceFilter, p claims.Page) query {
	var w where
	at := "s.created_at"
	switch {
	case f.NamePrefix != "":
		prefix := record.Fold(f.NamePrefix)
		end := prefix + "\U0010FFFF"
		w.and(`s.num IN (SELECT num FROM sources WHERE listed = 1 AND name_fold >= ? AND name_fold < ?
	UNION ALL SELECT num FROM sources WHERE listed = 0 AND name_fold >= ? AND name_fold < ?)`, prefix, end, prefix, end)
		at = "+s.created_at"
		if f.Kind != "" {
			w.and("+s.kind = ?", f.Kind)
		}
	case f.Kind != "":
		w.and("s.kind = ?", f.Kind)
	}
	switch {
	case f.Registered == nil:
	case *f.Registered && len(w.conds) == 0:
		w.and("s.registered = 1")
	default: // by name or kind, which are narrower; and most are derived
		w.and("+s.registered = ?", *f.Registered)
	}
	w.and(visible)
	after := p.After
	if after == (claims.Cursor{}) {
		after.Key = math.MinInt64
	}
	w.and("("+at+", s.id) > (?, ?)", after.Key, after.ID)
	return w.query(selectSources, ` ORDER BY s.created_at, s.id LIMIT ?`, p.Size)
}

func keysQuery(keys []string) query {
	ids := make([]string, len(keys))
	for i, key := range keys {
		ids[i] = record.DerivedID(key)
	}
	return query{sourcesByKey, []any{list(keys), list(ids)}}
}

// SourcesByKey implements claims.Store.
func (s *Store) SourcesByKey(ctx context.Context, keys []string) ([]claims.Source, error) {
	return s.readSources(ctx, keysQuery(keys))
}

// RegisteredSources implements claims.Store.
func (s *Store) RegisteredSources(ctx context.Context) ([]claims.Source, error) {
	return s.readSources(ctx, query{registeredSources, nil})
}
