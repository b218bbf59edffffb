// Command licences checks under which licences the modules stand that are built
// into the programs: each must be on the allow list. It reads the licence files in
// the module cache, and with -notices writes them out, as most of them ask of
// whoever passes the programs on.
//
//	go run ./packaging/licences [-notices FILE] PACKAGE…
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

func main() {
	notices := flag.String("notices", "", "write the licences of all modules into this `file`")
	flag.Parse()
	if err := run(context.Background(), flag.Args(), *notices, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

// module is one that is built in.
type module struct {
	Path, Version, Dir string
	Main               bool
}

func run(ctx context.Context, packages []string, notices string, out io.Writer) error {
	if len(packages) == 0 {
		return errors.New("name the packages of the programs")
	}
	modules, err := builtIn(ctx, packages)
	if err != nil {
		return err
	}
	var all bytes.Buffer
	count := map[string]int{}
	var wrong []error
	for _, m := range modules {
		files, err := licenceFiles(m.Dir)
		if err != nil {
			return err
		}
		if len(files) == 0 {
			wrong = append(wrong, fmt.Errorf("%s %s has no licence file", m.Path, m.Version))
			continue
		}
		for _, name := range files {
			text, err := os.ReadFile(filepath.Join(m.Dir, name))
			if err != nil {
				return err
			}
			fmt.Fprintf(&all, "==== %s %s: %s\n\n%s\n\n", m.Path, m.Version, name, bytes.TrimSpace(text))
			if isNotice(name) {
				continue
			}
			names, err := judge(text)
			if err != nil {
				wrong = append(wrong, fmt.Errorf("%s %s: %s: %w", m.Path, m.Version, name, err))
			}
			for _, n := range names {
				count[n]++
			}
		}
	}
	if len(wrong) > 0 {
		return errors.Join(wrong...)
	}
	if notices != "" {
		if err := os.WriteFile(notices, all.Bytes(), 0o644); err != nil {
			return err
		}
	}
	var told []string
	for name, n := range count {
		told = append(told, fmt.Sprintf("%s %d", name, n))
	}
	slices.Sort(told)
	_, err = fmt.Fprintf(out, "%d modules: %s\n", len(modules), strings.Join(told, ", "))
	return err
}

// builtIn lists the modules of what the packages import, in order of path; their
// tests' are not among them.
func builtIn(ctx context.Context, packages []string) ([]module, error) {
	cmd := exec.CommandContext(ctx, "go", append([]string{"list", "-deps", "-json=Module"}, packages...)...) // #nosec G204 -- whoever starts it names the packages
	cmd.Stderr = os.Stderr
	listed, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	known := map[string]module{}
	for d := json.NewDecoder(bytes.NewReader(listed)); ; {
		var p struct {
			Module *struct {
				module

				Replace *module
			}
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		if p.Module == nil || p.Module.Main {
			continue
		}
		m := p.Module.module
		if p.Module.Replace != nil {
			m = *p.Module.Replace
		}
		known[m.Path] = m
	}
	all := make([]module, 0, len(known))
	for _, m := range known {
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b module) int { return strings.Compare(a.Path, b.Path) })
	return all, nil
}

// licenceName is how the files are called in which licences stand.
var licenceName = regexp.MustCompile(`(?i)^(un)?licen[cs]e([-.].*)?$|^copying([-.].*)?$|^notice(\.(txt|md))?$`)

func isNotice(name string) bool { return strings.HasPrefix(strings.ToLower(name), "notice") }

// licenceFiles names those in the folder of a module.
func licenceFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if e.Type().IsRegular() && licenceName.MatchString(e.Name()) && filepath.Ext(e.Name()) != ".go" {
			names = append(names, e.Name())
		}
	}
	return names, nil
}
