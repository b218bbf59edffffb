package sqlite

import (
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

var (
	powerCuts      = flag.Int("powercut.cuts", 15, "power cuts that TestAPowerCut tries")
	powerCutStored = flag.Int("powercut.stored", 250, "documents that are stored while TestAPowerCut watches")
)

// The environment of testdata/powercut.c.
const (
	powerCutDatabase = "POWERCUT_DATABASE"
	powerCutLog      = "POWERCUT_LOG"
)

// TestAPowerCut is what kill -9 cannot show: the operating system writes on what
// a dead process handed to it, a power cut does not. A process stores and erases
// documents while everything that SQLite does to its files is written down. Then
// the files are made anew as a power cut would have left them, at many moments:
// what was synchronised is there; of every write after that it is left to chance,
// sector by sector, whether it reached the disk. What was acknowledged by then must
// be there.
func TestAPowerCut(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the program that watches is for Linux")
	}
	dir := t.TempDir()
	shim := filepath.Join(dir, "powercut.so")
	cc := os.Getenv("CC")
	if cc == "" {
		cc = "gcc"
	}
	if out, err := exec.CommandContext(t.Context(), cc, "-shared", "-fPIC", "-O1", "-o", shim, "testdata/powercut.c", "-ldl", "-lpthread").CombinedOutput(); err != nil { //nolint:gosec // as cgo does
		t.Fatalf("%s: %v\n%s", cc, err, out)
	}
	path, log := filepath.Join(dir, "store.db"), filepath.Join(dir, "log")
	said := runAndKill(t, path, 0, *powerCutStored, 3*time.Millisecond, "LD_PRELOAD="+shim, powerCutDatabase+"="+path, powerCutLog+"="+log)
	ops := readPowerCutLog(t, log)
	syncs := 0
	for _, op := range ops {
		if op.kind == 's' {
			syncs++
		}
	}
	if syncs < 20 || said[len(said)-1].at == 0 {
		t.Fatalf("the process synchronised %d times; the last it said was at %d", syncs, said[len(said)-1].at)
	}

	r := rand.New(rand.NewPCG(20260601, 4))
	acknowledged, dropped, torn := 0, 0, 0
	for cut := range *powerCuts {
		at := r.IntN(len(ops)) + 1
		left := filepath.Join(dir, fmt.Sprintf("cut%d.db", cut))
		d, n := cutPower(t, r, ops[:at], left)
		dropped, torn = dropped+d, torn+n
		want := owed(said, ops[at-1].end)
		acknowledged += len(want)
		s := openAt(t, left, Options{})
		checkWhole(t, s, want)
		if err := putNew(t, s, "after", 100); err != nil {
			t.Errorf("it does not go on: %v", err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Fatalf("the power was cut after operation %d of %d, %v", at, len(ops), ops[at-1])
		}
		discard(left)
	}
	t.Logf("%d cuts in %d operations with %d synchronisations; %d writes lost, %d torn; %d acknowledgements kept",
		*powerCuts, len(ops), syncs, dropped, torn, acknowledged)
}

// powerCutOp is one record of the log.
type powerCutOp struct {
	kind  byte // w, s, t, r: testdata/powercut.c
	file  byte
	at    int64
	bytes []byte
	end   int64 // of the record in the log
}

func (o powerCutOp) String() string {
	return fmt.Sprintf("%c of file %d at %d, %d bytes", o.kind, o.file, o.at, len(o.bytes))
}

func readPowerCutLog(t *testing.T, path string) []powerCutOp {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var ops []powerCutOp
	const head = 18
	for at := 0; at+head <= len(b); {
		op := powerCutOp{kind: b[at], file: b[at+1], at: int64(binary.NativeEndian.Uint64(b[at+2:]))}
		n := int(binary.NativeEndian.Uint64(b[at+10:]))
		at += head
		if op.kind == 'w' {
			if at+n > len(b) {
				break // it was killed while it wrote this
			}
			op.bytes = b[at : at+n]
			at += n
		}
		op.end = int64(at)
		ops = append(ops, op)
	}
	return ops
}

// The files of a database, by their number in the log.
var powerCutFiles = [...]string{"", "-wal", "-journal"}

// sector is what a disk writes whole or not at all.
const sector = 512

// cutPower makes the files that are left when the power is cut after some
// operations, and says how many writes were lost and how many torn.
func cutPower(t *testing.T, r *rand.Rand, ops []powerCutOp, path string) (lost, torn int) {
	t.Helper()
	var files [len(powerCutFiles)]struct {
		there   bool
		bytes   []byte
		pending []powerCutOp // since it was last synchronised
	}
	apply := func(file *[]byte, op powerCutOp, reaches func() bool) (missed int) {
		switch op.kind {
		case 't':
			*file = resized(*file, int(op.at))
		case 'w':
			for from := 0; from < len(op.bytes); {
				to := min(len(op.bytes), from+sector-int((op.at+int64(from))%sector))
				if reaches() {
					end := int(op.at) + to
					*file = resized(*file, max(len(*file), end))
					copy((*file)[int(op.at)+from:end], op.bytes[from:to])
				} else {
					missed++
				}
				from = to
			}
		}
		return missed
	}
	always := func() bool { return true }
	for _, op := range ops {
		f := &files[op.file]
		switch op.kind {
		case 's':
			f.there = true
			for _, p := range f.pending {
				apply(&f.bytes, p, always)
			}
			f.pending = nil
		case 'r': // SQLite removes a log or journal only when nothing needs it
			f.there, f.bytes, f.pending = false, nil, nil
		default:
			f.there = true
			f.pending = append(f.pending, op)
		}
	}
	for i := range files {
		f := &files[i]
		share := []float64{0, 0.5, 0.95, 1}[r.IntN(4)] // of the writes under way that reach the disk
		for _, p := range f.pending {
			if p.kind == 't' && r.Float64() >= share {
				continue
			}
			whole := r.Float64() < share
			missed := apply(&f.bytes, p, func() bool { return whole || r.Float64() < share })
			switch sectors := (len(p.bytes) + sector - 1) / sector; {
			case p.kind != 'w' || missed == 0:
			case missed >= sectors:
				lost++
			default:
				torn++
			}
		}
		if !f.there {
			continue
		}
		if err := os.WriteFile(path+powerCutFiles[i], f.bytes, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return lost, torn
}

// resized is a file cut or filled with zeros to a size.
func resized(b []byte, size int) []byte {
	if size <= len(b) {
		return b[:size]
	}
	return append(b, make([]byte, size-len(b))...)
}
