package postgres

import (
	"fmt"
	"net"
	"os"
	program "os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// clusters are the URLs of so many PostgreSQL clusters, each with a server of its
// own on a port of its own; where the programs that make them are not to be had,
// schemas of the one database there is.
func clusters(t *testing.T, n int) []string {
	t.Helper()
	first := database(t) // skips when there is no PostgreSQL at all
	urls := make([]string, n)
	folder, owner, err := programs()
	for i := range urls {
		if err == nil {
			urls[i] = cluster(t, folder, owner)
			continue
		}
		t.Logf("no clusters of the test's own, but schemas: %v", err)
		if urls[i] = first; i > 0 {
			urls[i] = database(t)
		}
	}
	return urls
}

// programs finds initdb and pg_ctl, and the user to run them as, which must not be
// root.
func programs() (folder string, owner *syscall.Credential, err error) {
	if path, err := program.LookPath("initdb"); err == nil {
		folder = filepath.Dir(path)
	} else {
		found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // the pattern is sound
		if len(found) == 0 {
			return "", nil, fmt.Errorf("there is no initdb")
		}
		slices.Sort(found)
		folder = filepath.Dir(found[len(found)-1])
	}
	if os.Getuid() != 0 {
		return folder, nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return "", nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return "", nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	return folder, &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
}

// cluster makes a cluster in a folder of its own, starts it and ends it with the
// test.
func cluster(t *testing.T, programs string, owner *syscall.Credential) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "secondsource-cluster-") //nolint:usetesting // the test's own folder is for its user alone
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if owner != nil {
		if err := os.Chown(dir, int(owner.Uid), int(owner.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	run := func(name string, args ...string) {
		t.Helper()
		cmd := program.Command(filepath.Join(programs, name), args...) //nolint:gosec // PostgreSQL's own; it also runs when the test has ended
		cmd.Dir = dir
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: owner}
		// Into a file: the server keeps what it is started with, and a pipe would
		// be waited for until it ends.
		log, err := os.CreateTemp(t.TempDir(), name)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = log.Close() }()
		cmd.Stdout, cmd.Stderr = log, log
		if err := cmd.Run(); err != nil {
			said, _ := os.ReadFile(log.Name())
			t.Errorf("%s: %v\n%s", name, err, said)
		}
	}
	data := filepath.Join(dir, "data")
	run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale", "C")
	port := freePort(t)
	options := strings.Join([]string{"-c listen_addresses=127.0.0.1", "-c port=" + port, "-c unix_socket_directories=",
		"-c fsync=off", "-c shared_buffers=16MB", "-c max_connections=30"}, " ")
	t.Cleanup(func() { run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop") })
	run("pg_ctl", "-D", data, "-o", options, "-l", filepath.Join(dir, "log"), "-w", "start")
	if t.Failed() {
		t.FailNow()
	}
	return "postgres://postgres@127.0.0.1:" + port + "/postgres?sslmode=disable"
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
