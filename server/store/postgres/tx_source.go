package postgres

import (
	"github.com/jackc/pgx/v5"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/record"
)

// Source implements claims.Tx.
func (t *tx) Source(id string) (claims.Source, error) {
	var s claims.Source
	ok, err := t.row(func(row pgx.Row) (err error) {
		s, err = scanSource(row)
		return err
	}, sourceByID, str(id))
	if err == nil && !ok {
		err = claims.NotFound(claims.ReasonSourceNotFound, "sources/"+id)
	}
	if err != nil {
		return claims.Source{}, err
	}
	return s, nil
}

const sourceState = `SELECT registered, revision FROM sources WHERE id = $1`

// state reads what decides whether a source may be written; one that is not
// stored is not registered.
func (t *tx) state(id string) (registered bool, revision int64, err error) {
	_, err = t.row(into(&registered, &revision), sourceState, str(id))
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
	upsertSource = `INSERT INTO sources (id, registered, kind, name, name_fold, name_start, mentions, created_at, updated_at, revision, body)
	VALUES ($1, true, $2, $3, $4, $5, 0, $6, $7, $8, $9)
	ON CONFLICT (id) DO UPDATE SET registered = true, kind = excluded.kind, name = excluded.name, name_fold = excluded.name_fold,
	name_start = excluded.name_start, created_at = excluded.created_at, updated_at = excluded.updated_at, revision = excluded.revision,
	body = excluded.body`
	dropNames   = `DELETE FROM source_names WHERE source = $1`
	insertNames = `INSERT INTO source_names (key, source) SELECT n.key, $2 FROM unnest($1::bytea[]) AS n (key) ON CONFLICT DO NOTHING`
)

// putSource stores a registered source under all its names.
func (t *tx) putSource(s claims.Source) error {
	body, err := record.SourceBody(&s)
	if err != nil {
		return err
	}
	fold := record.Fold(s.Name)
	b := t.writing()
	b.Queue(upsertSource, str(s.ID), string(s.Kind), str(s.Name), str(fold), start(fold), record.Micros(s.CreatedAt), record.Micros(s.UpdatedAt),
		s.Revision, body)
	b.Queue(dropNames, str(s.ID))
	b.Queue(insertNames, keys(record.SourceKeys(&s)), str(s.ID))
	return t.write(b)
}

// A derived source keeps the first name, and the first kind and handle that a
// hop tells. Once promoted only its hidden count goes on.
const (
	countNames = `INSERT INTO sources (id, registered, derived_key, kind, name, name_fold, name_start, mentions, created_at, updated_at, revision, body)
	SELECT m.id, false, m.key, m.kind, m.name, m.fold, m.start, m.mentions, $1, $1, 0, m.body
	FROM unnest($2::bytea[], $3::bytea[], $4::text[], $5::bytea[], $6::bytea[], $7::bytea[], $8::bigint[], $9::text[])
	AS m (id, key, kind, name, fold, start, mentions, body)
	ON CONFLICT (id) DO UPDATE SET mentions = sources.mentions + excluded.mentions,
	kind = CASE WHEN NOT sources.registered AND sources.kind = '' THEN excluded.kind ELSE sources.kind END,
	body = CASE WHEN NOT sources.registered AND sources.body = '` + record.NoBody + `' THEN excluded.body ELSE sources.body END`
	nameAny = `INSERT INTO source_names (key, source) SELECT m.key, s.id
	FROM unnest($1::bytea[], $2::bytea[]) AS m (key, id) JOIN sources s ON s.id = m.id WHERE NOT s.registered ON CONFLICT DO NOTHING`
	nameDerived = `INSERT INTO source_names (key, source) SELECT m.key, s.id
	FROM unnest($1::bytea[], $2::bytea[], $3::text[]) AS m (key, id, body) JOIN sources s ON s.id = m.id
	WHERE NOT s.registered AND s.body = m.body ON CONFLICT DO NOTHING`
)

// queueMet adds the statements that count names as derived sources.
func queueMet(b *pgx.Batch, met []record.Met, at int64) {
	if len(met) == 0 {
		return
	}
	var (
		ids, all, names, folds, starts [][]byte
		kinds, bodies                  []string
		mentions                       []int64
		handles, holders               [][]byte
		holderBodies                   []string
	)
	for i := range met {
		m := &met[i]
		fold := record.Fold(m.Name)
		ids, all = append(ids, []byte(m.ID)), append(all, []byte(key(m.Key)))
		names, folds, starts = append(names, []byte(m.Name)), append(folds, []byte(fold)), append(starts, []byte(start(fold)))
		kinds, bodies, mentions = append(kinds, string(m.Kind)), append(bodies, m.Body), append(mentions, int64(m.Mentions))
		if m.HandleKey != "" {
			handles, holders, holderBodies = append(handles, []byte(key(m.HandleKey))), append(holders, []byte(m.ID)), append(holderBodies, m.Body)
		}
	}
	b.Queue(countNames, at, ids, all, kinds, names, folds, starts, mentions, bodies)
	b.Queue(nameAny, all, ids)
	if len(handles) > 0 {
		b.Queue(nameDerived, handles, holders, holderBodies)
	}
}
