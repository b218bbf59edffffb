package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/secondsource/secondsource/claims"
)

// smallDisk mounts a file system of so many bytes.
func smallDisk(t *testing.T, size int) string {
	t.Helper()
	dir := t.TempDir()
	err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", size))
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) {
		t.Skip("mounting a small disk is not permitted here")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// TestAFullDiskForReal stores documents until the disk is full: reads go on,
// nothing is half there, and when there is room again writes go on.
func TestAFullDiskForReal(t *testing.T) {
	dir := smallDisk(t, 4<<20)
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "store.db")
	s := openAt(t, path, Options{})
	stored := int64(0)
	var err error
	for err == nil {
		if err = putNew(t, s, fmt.Sprintf("d%d", stored), 20_000); err == nil {
			stored++
		}
	}
	wantError(t, err, claims.CodeReadOnly, claims.ReasonStoreFull, "full")
	for range 3 { // it stays that way, and does no harm
		wantError(t, putNew(t, s, "more", 200_000), claims.CodeReadOnly, claims.ReasonStoreFull, "full")
	}
	st, err := s.Stats(t.Context())
	if err != nil || st.Documents != stored || stored < 10 {
		t.Errorf("%d documents were acknowledged; stats %+v, error %v", stored, st, err)
	}
	checkReplay(t, s, int(stored))
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if err := putNew(t, s, "after", 20_000); err != nil {
		t.Errorf("when there is room again: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if found, r := check(t, path); len(found) > 0 || r.Documents != stored+1 {
		t.Errorf("%d documents, %d were acknowledged; found %q", r.Documents, stored+1, found)
	}
}

// TestADiskTooSmallForACopy leaves nothing of the copy, and what was there as it was.
func TestADiskTooSmallForACopy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := openAt(t, path, Options{})
	for i := range 60 {
		if err := putNew(t, s, fmt.Sprintf("d%d", i), 50_000); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	dir := smallDisk(t, 2<<20)
	to := filepath.Join(dir, "copy.db")
	wantError(t, Backup(t.Context(), path, to, nil), claims.CodeReadOnly, claims.ReasonStoreFull, "full")
	only(t, dir)
	fill(t, to, 4)
	_, err := Restore(t.Context(), path, to, true, nil)
	wantError(t, err, claims.CodeReadOnly, claims.ReasonStoreFull, "full")
	only(t, dir, "copy.db", "copy.db.lock")
	if found, r := check(t, to); len(found) > 0 || r.Documents != 3 {
		t.Errorf("the database that was there: %+v, found %q", r, found)
	}
}

// TestAReadOnlyDisk: a database on a medium that cannot be written is checked and
// copied from there, and a server says why it does not start on it.
func TestAReadOnlyDisk(t *testing.T) {
	dir := smallDisk(t, 4<<20)
	path := filepath.Join(dir, "store.db")
	fill(t, path, 10)
	if err := os.Remove(path + ".lock"); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), path, Options{})
	wantError(t, err, claims.CodeReadOnly, "", "cannot be created or written")
	_, err = Open(t.Context(), filepath.Join(dir, "new.db"), Options{})
	wantError(t, err, claims.CodeReadOnly, "", "cannot be created or written")
	wantError(t, Backup(t.Context(), path, filepath.Join(dir, "copy.db"), nil), claims.CodeReadOnly, "", "cannot be written")
	_, err = Restore(t.Context(), path, filepath.Join(dir, "new.db"), false, nil)
	wantError(t, err, claims.CodeReadOnly, "", "cannot be written")
	if found, r := check(t, path); len(found) > 0 || r.Documents != 9 {
		t.Errorf("read %+v, found %q", r, found)
	}
	to := filepath.Join(t.TempDir(), "copy.db")
	if err := Backup(t.Context(), path, to, nil); err != nil {
		t.Fatal(err)
	}
	if found, r := check(t, to); len(found) > 0 || r.Documents != 9 {
		t.Errorf("copied %+v, found %q", r, found)
	}
}
