package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	"github.com/secondsource/secondsource/claims/match"
	"github.com/secondsource/secondsource/server/store/postgres"
	"github.com/secondsource/secondsource/server/store/sqlite"
)

// runAdmin runs a command of the operator's.
func runAdmin(t *testing.T, args ...string) (stdout string, err error) {
	t.Helper()
	var out, log bytes.Buffer
	cmd := command(&out, &log, func(string) string { return "" })
	cmd.SetArgs(append([]string{"admin"}, args...))
	err = cmd.ExecuteContext(t.Context())
	return out.String(), err
}

// told checks that a command says something, in its output or its error.
func told(t *testing.T, fails bool, says string, args ...string) {
	t.Helper()
	out, err := runAdmin(t, args...)
	if (err != nil) != fails || !strings.Contains(out+fmt.Sprint(err), says) {
		t.Errorf("%v: %q, error %v; want %q, failure %v", args, out, err, says, fails)
	}
}

var stories = []string{
	"The Halden Bridge collapsed on 4 May 2026, the Transport Ministry said. Two dock workers were injured.",
	"According to the Transport Ministry, the Halden Bridge collapsed on 4 May 2026.",
	"The Zenda dam broke, Mayor Ana Dorn said on Tuesday. »We counted nine boats,« she said.",
	"Reports say that the Halden Bridge collapsed. The ministry denied that anybody was injured.",
}

// archive ingests some stories into a database, as a server would, deletes one,
// and gives the answer to a question.
func archive(t *testing.T, path string) claims.Corroboration {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	d := openDesk(t, s, match.NewIndex())
	last := ""
	for i, text := range append(stories, "Something of Jane Roe's.") {
		res, err := d.Ingest(t.Context(), desk.IngestRequest{RequestID: fmt.Sprint(i), Document: claims.Document{
			Kind: claims.KindArticle, Publisher: fmt.Sprintf("Outlet %d", i), PublishedAt: day(i), Text: text}})
		if err != nil {
			t.Fatal(err)
		}
		last = res.Document.ID
	}
	if _, err := d.CreateSource(t.Context(), claims.Source{Name: "Transport Ministry", Kind: claims.SourceGovernment}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.DeleteDocument(t.Context(), desk.DeleteRequest{Document: last, Reason: "a test"}); err != nil {
		t.Fatal(err)
	}
	return ask(t, d)
}

func day(n int) time.Time { return time.Date(2026, 5, 5+n, 12, 0, 0, 0, time.UTC) }

func openDesk(t *testing.T, s claims.Store, index claims.Candidates) *desk.Desk {
	t.Helper()
	d, err := desk.New(t.Context(), desk.Config{Store: s, Candidates: index, Now: func() time.Time { return day(20) }})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func ask(t *testing.T, d *desk.Desk) claims.Corroboration {
	t.Helper()
	a, err := d.Corroborate(t.Context(), claims.Query{Text: "The Halden Bridge collapsed on 4 May 2026"})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAdminBacksUpRestoresAndChecks(t *testing.T) {
	dir := t.TempDir()
	path, backup := filepath.Join(dir, "s.db"), filepath.Join(dir, "backup.db")
	archive(t, path)
	told(t, false, "nothing is wrong", "check", "--database", path)
	told(t, false, "read 4 documents", "check", "--database", path)
	told(t, false, "checked", "backup", backup, "--database", path)
	told(t, true, "exists already", "backup", backup, "--database", path)
	told(t, true, "--force", "restore", backup, "--database", path)
	told(t, false, "is kept as "+path+".replaced-", "restore", backup, "--database", path, "--force")
	told(t, false, "nothing is wrong", "check", "--database", path)

	// A setting of the server's file serves too.
	file := filepath.Join(dir, "server.yaml")
	if err := os.WriteFile(file, []byte("listen: 127.0.0.1:0\ndatabase: "+path+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	told(t, false, path+": read 4 documents", "check", "--config", file)

	told(t, true, "there is no database", "check", "--database", filepath.Join(dir, "none.db"))
	told(t, true, "there is no database", "restore", filepath.Join(dir, "none.db"), "--database", filepath.Join(dir, "new.db"))
	told(t, true, "name the FILE", "backup", "--database", path)
	told(t, true, "pg_dump", "backup", backup, "--database", "postgres://localhost/x")
	told(t, true, "pg_restore", "restore", backup, "--database", "postgres://localhost/x")
	if _, err := os.Stat(filepath.Join(dir, "new.db")); err == nil {
		t.Error("a restore that was refused made a database")
	}

	// Damage is a status of 1 and a sentence for each thing.
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b = bytes.ReplaceAll(b, []byte(claims.OwnVoice), []byte("OWN_VOICF"))
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	told(t, true, "wrong: claim number 1 cannot be read", "check", "--database", path)
	told(t, true, "things are wrong", "check", "--database", path)
}

func TestAdminSaysWhyAFileCannotBeUsed(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "s.db")
	archive(t, path)
	garbage := filepath.Join(dir, "garbage.db")
	if err := os.WriteFile(garbage, bytes.Repeat([]byte("no database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	told(t, true, "is not a database", "check", "--database", garbage)
	told(t, true, "is not a database", "restore", garbage, "--database", filepath.Join(dir, "new.db"))
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{}) // as a server
	if err != nil {
		t.Fatal(err)
	}
	told(t, false, "nothing is wrong", "check", "--database", path)
	told(t, false, "checked", "backup", filepath.Join(dir, "beside.db"), "--database", path)
	told(t, true, "open in another process", "restore", filepath.Join(dir, "beside.db"), "--database", path, "--force")
	told(t, true, "open in another process", "migrate", "--database", path, "--to", "postgres://127.0.0.1/none")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestMigrateMovesEverything: the answers over PostgreSQL are those over the file.
func TestMigrateMovesEverything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db")
	want := archive(t, path)
	told(t, true, "--to", "migrate", "--database", path)
	told(t, true, "name the SQLite file", "migrate", "--database", "postgres://localhost/x", "--to", "postgres://localhost/y")
	to := schema(t)
	told(t, true, "there is no database", "migrate", "--database", path+".none", "--to", to)
	told(t, false, "each compared; 4 documents", "migrate", "--database", path, "--to", to)
	told(t, true, "holds something already", "migrate", "--database", path, "--to", to)
	told(t, false, "nothing is wrong", "check", "--database", to)

	s, err := postgres.Open(t.Context(), to, postgres.Options{Compact: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	d := openDesk(t, s, s.Candidates())
	got := ask(t, d)
	if a, b := fmt.Sprintf("%+v", want.Origins), fmt.Sprintf("%+v", got.Origins); want.Verdict != got.Verdict || len(want.Origins) == 0 || shape(want) != shape(got) {
		t.Errorf("over the file %s %s\nover PostgreSQL %s %s", want.Verdict, a, got.Verdict, b)
	}
	// The log goes on where it stood: a request that was answered is known.
	res, err := d.Ingest(t.Context(), desk.IngestRequest{RequestID: "0", Document: claims.Document{
		Kind: claims.KindArticle, Publisher: "Outlet 0", PublishedAt: day(0), Text: stories[0]}})
	if err != nil || res.Outcome != claims.OutcomeUnchanged {
		t.Errorf("%s, error %v", res.Outcome, err)
	}
	res, err = d.Ingest(t.Context(), desk.IngestRequest{Document: claims.Document{Publisher: "New", PublishedAt: day(9), Text: "A new bridge opened."}})
	if err != nil || res.Document.Seq != 6 {
		t.Errorf("the next document has number %d, error %v", res.Document.Seq, err)
	}
}

// shape is an answer's origins with their documents.
func shape(a claims.Corroboration) string {
	var b strings.Builder
	for _, o := range a.Origins {
		fmt.Fprintf(&b, "%s %v %s:", o.Name, o.Identified, o.Stance)
		for _, e := range o.Evidence {
			fmt.Fprintf(&b, " %s/%d", e.Document.ID, e.Claim.Index)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// schema makes a schema of the test's own in the PostgreSQL database to test with.
func schema(t *testing.T) string {
	t.Helper()
	base := os.Getenv("SECONDSOURCE_TEST_POSTGRES")
	if base == "" {
		t.Skip("SECONDSOURCE_TEST_POSTGRES names no PostgreSQL to test with, such as postgres://postgres@127.0.0.1:5432/postgres")
	}
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal("SECONDSOURCE_TEST_POSTGRES is no URL")
	}
	var b [8]byte
	_, _ = rand.Read(b[:])
	name := "admin_" + hex.EncodeToString(b[:])
	operate(t, base, "CREATE SCHEMA "+name)
	t.Cleanup(func() { operate(t, base, "DROP SCHEMA "+name+" CASCADE") })
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

func operate(t *testing.T, base, statement string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, base)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
