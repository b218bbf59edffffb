package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/audit"
	"github.com/secondsource/secondsource/server/store/record"
)

// remembered is a log in memory: tables of rows.
type remembered struct {
	head   record.Head
	tables map[string][][]any
	fail   string // the table that cannot be read to its end
}

var errFails = errors.New("the log fails")

func (r *remembered) Head(context.Context) (record.Head, error) { return r.head, nil }

func (r *remembered) Rows(_ context.Context, t record.Table) (int64, error) {
	return int64(len(r.tables[t.Name])), nil
}

func (r *remembered) Export(_ context.Context, t record.Table, fn func([]any) error) error {
	for i, row := range r.tables[t.Name] {
		if t.Name == r.fail && i == len(r.tables[t.Name])/2 {
			return errFails
		}
		if err := fn(append([]any(nil), row...)); err != nil {
			return err
		}
	}
	return nil
}

// judged is a log of n judgements, with values that are hard to keep.
func judged(n int) *remembered {
	r := &remembered{head: record.Head{Judgement: int64(n)}, tables: map[string][][]any{}}
	for i := range n {
		var undoes any
		if i > 0 {
			undoes = int64(i)
		}
		r.tables["judgements"] = append(r.tables["judgements"], []any{int64(i + 1), "KIND", "a\x00b", "\xff\xfe", `{"x":"\u0000"}`, "", "ünï", int64(-62135596800000000), undoes})
	}
	for i := range n {
		name := fmt.Sprintf("%s%d", strings.Repeat("ä", 400), i) // longer than an index takes
		r.tables["sources"] = append(r.tables["sources"], []any{fmt.Sprintf("s%06d", i), i%2 == 0, nil, "", name, name, name, int64(i), int64(0), int64(0), int64(1), "{}"})
		r.tables["source_names"] = append(r.tables["source_names"], []any{name, fmt.Sprintf("s%06d", i)})
	}
	return r
}

func TestImportComparesWhatItCopied(t *testing.T) {
	s := openNew(t, Options{Compact: -1})
	log := judged(1200)
	copied, compared := map[string]int{}, map[string]int{}
	if err := s.Import(t.Context(), log, func(table string, comparing bool, rows int) {
		if comparing {
			compared[table] += rows
		} else {
			copied[table] += rows
		}
	}); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"judgements", "sources", "source_names"} {
		if copied[table] != 1200 || compared[table] != 1200 {
			t.Errorf("%s: %d copied, %d compared", table, copied[table], compared[table])
		}
	}
	all, err := s.Judgements(t.Context(), 1199, 10)
	if err != nil || len(all) != 1 || all[0].Subject != "a\x00b" || all[0].Object != "\xff\xfe" || all[0].Undoes != 1199 || !all[0].At.IsZero() {
		t.Errorf("%+v, error %v", all, err)
	}
	if err := s.Update(t.Context(), func(tx claims.Tx) error {
		seq, err := tx.AppendJudgement(claims.Judgement{})
		if seq != 1201 {
			t.Errorf("the next judgement is number %d", seq)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
	err = s.Import(t.Context(), log, nil)
	wantError(t, err, claims.CodeConflict, "", "holds something already")
}

// TestABrokenImportLeavesNothing, and the next one begins anew.
func TestABrokenImportLeavesNothing(t *testing.T) {
	s := openNew(t, Options{Compact: -1})
	log := judged(1200)
	log.fail = "source_names"
	if err := s.Import(t.Context(), log, nil); !errors.Is(err, errFails) {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	log.fail = ""
	if err := s.Import(ctx, log, func(string, bool, int) { cancel() }); !errors.Is(err, context.Canceled) {
		t.Errorf("broken off: %v", err)
	}
	// A row that changes on its way: here by a trigger, there by whatever.
	exec(t, s.reads.Config().ConnString(), `CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.reason := 'other'; RETURN NEW; END $$`)
	exec(t, s.reads.Config().ConnString(), `CREATE TRIGGER spoil BEFORE INSERT ON judgements FOR EACH ROW WHEN (NEW.seq = 700) EXECUTE FUNCTION spoil()`)
	wantError(t, s.Import(t.Context(), log, nil), claims.CodeCorrupt, claims.ReasonStoreCorrupt, "reason of the row [700] is not what it was")
	exec(t, s.reads.Config().ConnString(), `DROP TRIGGER spoil ON judgements`)
	if r, err := audit.Check(t.Context(), s, audit.Options{}); err != nil || r.Judgements != 0 || r.Sources != 0 {
		t.Errorf("something was stored: %+v, error %v", r, err)
	}
	if err := s.Import(t.Context(), log, nil); err != nil {
		t.Errorf("the next try: %v", err)
	}
}

func TestIntegrityComparesPostingsWithTheLog(t *testing.T) {
	for change, says := range map[string]string{
		``:                                                 "",
		`UPDATE log SET claims = 7`:                        "the log counts 7 claims",
		`UPDATE log SET documents = 7`:                     "the log counts 7 documents",
		`UPDATE postings SET highest = 1`:                  "the highest impact of term",
		`DELETE FROM postings WHERE term = 1`:              "other ones than the forward blobs",
		`UPDATE postings SET blob = '\x01' || blob`:        "cannot be read",
		`UPDATE postings SET block = block + 1`:            "other ones than the forward blobs",
		`UPDATE documents SET next = 'd3' WHERE id = 'd1'`: "do not name each other",
		`INSERT INTO copy_links VALUES ('none', 1)`:        "is linked as copied",
	} {
		s := openNew(t, Options{Compact: -1})
		for i := range 10 {
			if err := putNew(t, s, fmt.Sprintf("d%d", i), 100); err != nil {
				t.Fatal(err)
			}
			if i == 7 {
				if err := s.compact(t.Context(), 1); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := s.Update(t.Context(), func(tx claims.Tx) error {
			_, err := tx.EraseDocument("d2")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if change != "" {
			exec(t, s.reads.Config().ConnString(), change)
		}
		var found []string
		if err := s.Integrity(t.Context(), func(what string) { found = append(found, what) }); err != nil {
			t.Error(err)
		}
		if all := strings.Join(found, "\n"); !strings.Contains(all, says) || (says == "") != (all == "") {
			t.Errorf("%s\nfound %q, want %q", change, found, says)
		}
		if r, err := audit.Check(t.Context(), s, audit.Options{}); change == "" && (err != nil || r.Found > 0 || r.Documents != 9) {
			t.Errorf("%+v, error %v", r, err)
		}
	}
}
