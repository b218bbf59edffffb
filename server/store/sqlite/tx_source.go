package sqlite

import (
	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/record"
)

// Source implements claims.Tx.
func (t *tx) Source(id string) (claims.Source, error) {
	var s sourceRow
	ok, err := t.row(func(row scanner) (err error) {
		s, err = scanSource(row)
		return err
	}, sourceByID, id)
	if err == nil && !ok {
		err = claims.NotFound(claims.ReasonSourceNotFound, "sources/"+id)
	}
	if err != nil {
		return claims.Source{}, err
	}
	// Only this goroutine writes the counts, so that it need not wait for readers.
	late := sum(nil, t.w.open.counts[t.w.open.foldedUntil:])
	if !t.w.open.folded {
		late[s.num] += t.w.counts.mentions[s.num]
	}
	return told(s, late), nil
}

// state reads what decides whether a source may be written; one that is not
// stored is not registered.
func (t *tx) state(id string) (registered bool, revision int64, err error) {
	_, err = t.row(func(row scanner) error { return row.Scan(&registered, &revision) },
		`SELECT registered, revision FROM sources WHERE id = ?`, id)
	return registered, revision, err
}

// InsertSource implements claims.Tx.
func (t *tx) InsertSource(s claims.Source) error {
	registered, _, err := t.state(s.ID)
	if err != nil {
		return err
	}
	if err := record.RefuseInsert(&s, registered); err != nil {
		return err
	}
	return t.putSource(s)
}

// UpdateSource implements claims.Tx.
func (t *tx) UpdateSource(s claims.Source) error {
	registered, revision, err := t.state(s.ID)
	if err != nil {
		return err
	}
	if err := record.RefuseUpdate(&s, registered, revision); err != nil {
		return err
	}
	s.Revision++
	return t.putSource(s)
}

const (
	upsertSource = `INSERT INTO sources (id, registered, listed, kind, name, name_fold, mentions, created_at, updated_at, revision, body)
	VALUES (?, 1, 1, ?, ?, ?, 0, ?, ?, ?, ?)
	ON CONFLICT (id) DO UPDATE SET registered = 1, listed = 1, kind = excluded.kind, name = excluded.name, name_fold = excluded.name_fold,
	created_at = excluded.created_at, updated_at = excluded.updated_at, revision = excluded.revision, body = excluded.body`
	dropNames  = `DELETE FROM source_names WHERE source = ?`
	insertName = `INSERT INTO source_names (key, source, derived) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`
)

// putSource stores a registered source under all its names.
func (t *tx) putSource(s claims.Source) error {
	body, err := record.SourceBody(&s)
	if err != nil {
		return err
	}
	if err := t.exec(upsertSource, s.ID, s.Kind, s.Name, record.Fold(s.Name), record.Micros(s.CreatedAt), record.Micros(s.UpdatedAt), s.Revision, body); err != nil {
		return err
	}
	if err := t.exec(dropNames, s.ID); err != nil {
		return err
	}
	for _, key := range record.SourceKeys(&s) {
		if err := t.exec(insertName, key, s.ID, record.DerivedID(key)); err != nil {
			return err
		}
	}
	return nil
}
