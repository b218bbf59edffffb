package sqlite

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/secondsource/secondsource/claims"
)

// only checks that a folder holds these files and no others, such as what was
// left of a copy.
func only(t *testing.T, dir string, want ...string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, f := range files {
		have = append(have, f.Name())
	}
	if strings.Join(have, " ") != strings.Join(want, " ") {
		t.Errorf("the folder holds %q, want %q", have, want)
	}
}

// TestBackupBesideAWriter copies a database while documents are stored: each copy
// is whole, and has what was acknowledged before it began.
func TestBackupBesideAWriter(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "store.db")
	s := openAt(t, path, Options{})
	var mu sync.Mutex
	stored := 0
	stop := make(chan struct{})
	var writing sync.WaitGroup
	for w := range 3 {
		writing.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				if err := putNew(t, s, fmt.Sprintf("d%d-%d", w, i), 3000); err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				stored++
				mu.Unlock()
			}
		})
	}
	for round := range 5 {
		mu.Lock()
		before := stored
		mu.Unlock()
		to := filepath.Join(dir, fmt.Sprintf("copy%d.db", round))
		steps, last := 0, 0
		if err := Backup(t.Context(), path, to, func(done, all int) {
			if steps++; done < last || done > all {
				t.Errorf("progress goes from %d to %d of %d", last, done, all)
			}
			last = done
		}); err != nil {
			t.Fatal(err)
		}
		found, r := check(t, to)
		if len(found) > 0 || r.Documents < int64(before) || steps == 0 {
			t.Errorf("copy %d: %d documents, %d were stored before it; found %q", round, r.Documents, before, found)
		}
	}
	close(stop)
	writing.Wait()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	only(t, dir, "copy0.db", "copy1.db", "copy2.db", "copy3.db", "copy4.db", "store.db", "store.db.lock")
}

func TestBackupSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "store.db")
	fill(t, path, 4)
	other := filepath.Join(dir, "other.db")
	rawExec(t, other, "CREATE TABLE x (y)")
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		path, to string
		code     claims.Code
		says     string
	}{
		"no database":         {"none.db", "copy.db", claims.CodeUnavailable, "there is no database"},
		"another program's":   {"other.db", "copy.db", claims.CodeUnsupported, "no database of this program"},
		"a folder":            {"folder", "copy.db", claims.CodeInvalid, "is not a file"},
		"a file is there":     {"store.db", "other.db", claims.CodeExists, "exists already"},
		"no folder to go":     {"store.db", "nowhere/copy.db", claims.CodeUnavailable, "cannot be reached"},
		"the database itself": {"store.db", "store.db", claims.CodeExists, "exists already"},
	} {
		t.Run(name, func(t *testing.T) {
			err := Backup(t.Context(), filepath.Join(dir, tt.path), filepath.Join(dir, tt.to), nil)
			wantError(t, err, tt.code, reasonOf(err), tt.says)
		})
	}
	t.Run("broken off", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		err := Backup(ctx, path, filepath.Join(dir, "copy.db"), func(int, int) { cancel() })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
	only(t, dir, "folder", "other.db", "store.db", "store.db.lock")
	t.Run("damaged", func(t *testing.T) {
		fill(t, filepath.Join(dir, "bad.db"), 60)
		spoil(t, filepath.Join(dir, "bad.db"))
		err := Backup(t.Context(), filepath.Join(dir, "bad.db"), filepath.Join(dir, "copy.db"), nil)
		wantError(t, err, claims.CodeCorrupt, claims.ReasonStoreCorrupt, "damaged")
		if _, err := os.Stat(filepath.Join(dir, "copy.db")); err == nil {
			t.Error("a damaged copy got its name")
		}
	})
}

func reasonOf(err error) string {
	if e, ok := errors.AsType[*claims.Error](err); ok {
		return e.Reason
	}
	return ""
}

// spoil overwrites pages in the middle of a file.
func spoil(t *testing.T, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := len(b) / 2; at < len(b)/2+3*4096; at++ {
		b[at] = 0xA5
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestRestore(t *testing.T) {
	dir := t.TempDir()
	path, backup := filepath.Join(dir, "store.db"), filepath.Join(dir, "backup.db")
	fill(t, path, 6)
	if err := Backup(t.Context(), path, backup, nil); err != nil {
		t.Fatal(err)
	}
	fresh := filepath.Join(t.TempDir(), "store.db")
	if r, err := Restore(t.Context(), backup, fresh, false, nil); err != nil || r.Kept != "" {
		t.Fatalf("%+v, error %v", r, err)
	}
	if found, r := check(t, fresh); len(found) > 0 || r.Documents != 5 {
		t.Errorf("restored %+v, found %q", r, found)
	}
	only(t, filepath.Dir(fresh), "store.db", "store.db.lock")

	// Further documents come, and then the backup is wanted back.
	s := openAt(t, path, Options{})
	if err := putNew(t, s, "later", 100); err != nil {
		t.Fatal(err)
	}
	_, err := Restore(t.Context(), backup, path, true, nil)
	wantError(t, err, claims.CodeUnavailable, "", "open in another process")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = Restore(t.Context(), backup, path, false, nil)
	wantError(t, err, claims.CodeExists, "", "--force")
	_, err = Restore(t.Context(), path, path, true, nil)
	wantError(t, err, claims.CodeInvalid, claims.ReasonInvalidField, "itself")
	if found, r := check(t, path); len(found) > 0 || r.Documents != 6 {
		t.Errorf("refused, and there is %+v, found %q", r, found)
	}
	r, err := Restore(t.Context(), backup, path, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	if found, r := check(t, path); len(found) > 0 || r.Documents != 5 {
		t.Errorf("restored %+v, found %q", r, found)
	}
	if found, r := check(t, r.Kept); len(found) > 0 || r.Documents != 6 {
		t.Errorf("kept %+v, found %q", r, found)
	}
	s = openAt(t, path, Options{})
	if err := putNew(t, s, "after", 100); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestRestoreOverADamagedDatabase: a write-ahead log that belongs to the database
// that goes must not be read into the one that comes.
func TestRestoreOverADamagedDatabase(t *testing.T) {
	dir := t.TempDir()
	path, backup := filepath.Join(dir, "store.db"), filepath.Join(dir, "backup.db")
	fill(t, backup, 6)
	s := openAt(t, path, Options{})
	if err := putNew(t, s, "x", 5000); err != nil {
		t.Fatal(err)
	}
	log, err := os.ReadFile(path + "-wal")
	if err != nil || len(log) == 0 {
		t.Fatalf("there is no write-ahead log: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.Repeat([]byte{0xA5}, 8192), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+"-wal", log, 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := Restore(t.Context(), backup, path, true, nil)
	if err != nil || r.Kept == "" {
		t.Fatalf("%+v, error %v", r, err)
	}
	if found, r := check(t, path); len(found) > 0 || r.Documents != 5 {
		t.Errorf("restored %+v, found %q", r, found)
	}
}

func TestRestoreOfADamagedBackupChangesNothing(t *testing.T) {
	dir := t.TempDir()
	path, backup := filepath.Join(dir, "store.db"), filepath.Join(dir, "backup.db")
	fill(t, path, 6)
	fill(t, backup, 60)
	spoil(t, backup)
	_, err := Restore(t.Context(), backup, path, true, nil)
	wantError(t, err, claims.CodeCorrupt, claims.ReasonStoreCorrupt, "damaged")
	if found, r := check(t, path); len(found) > 0 || r.Documents != 5 {
		t.Errorf("there is %+v, found %q", r, found)
	}
	only(t, dir, "backup.db", "backup.db.lock", "store.db", "store.db.lock")
}

// TestInspectChangesNothing: neither an update nor a statement that slips through.
func TestInspectChangesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	fill(t, path, 4)
	w := openAt(t, path, Options{})
	defer func() { _ = w.Close() }()
	s, err := Inspect(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	wantError(t, s.Update(t.Context(), func(claims.Tx) error { return nil }), claims.CodeReadOnly, "", "only being read")
	if _, err := s.reads.ExecContext(t.Context(), "DELETE FROM requests"); err == nil {
		t.Error("it can be written")
	}
	before, err := s.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := putNew(t, w, "later", 100); err != nil {
		t.Fatal(err)
	}
	if after, err := s.Stats(t.Context()); err != nil || after != before {
		t.Errorf("it sees what came later: %+v, before %+v, error %v", after, before, err)
	}
}
