package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestLicencesAreToldApart(t *testing.T) {
	own, err := os.ReadFile("../../LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	const (
		mit  = "MIT License\n\nCopyright (c) Somebody\n\nPermission is hereby granted, free of charge, to any person\nobtaining a copy … The above copyright notice and this permission notice shall be included"
		bsd2 = "Redistribution and use in source and binary forms, with or\n * without … Redistributions in binary form must reproduce the above copyright notice"
	)
	for name, tt := range map[string]struct {
		text  string
		names []string
		says  string
	}{
		"ours":                {string(own), []string{"Apache-2.0"}, ""},
		"MIT":                 {mit, []string{"MIT"}, ""},
		"BSD of two clauses":  {bsd2, []string{"BSD-2-Clause"}, ""},
		"of three":            {bsd2 + "\nNeither the name of", []string{"BSD-3-Clause"}, ""},
		"two":                 {string(own) + mit, []string{"Apache-2.0", "MIT"}, ""},
		"one that reaches on": {"GNU AFFERO\nGENERAL PUBLIC LICENSE, the GNU General Public License …", []string{"AGPL"}, "AGPL, which is not on the allow list"},
		"a choice of one":     {mit + "\nor the GNU General Public License", []string{"GPL", "MIT"}, "GPL"},
		"a clause":            {string(own) + "\n“Commons Clause” License Condition v1.0", []string{"Commons-Clause", "Apache-2.0"}, "Commons-Clause"},
		"none":                {"All rights reserved.", nil, "no licence that is known"},
		"empty":               {"", nil, "no licence that is known"},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := judge([]byte(tt.text))
			if !slices.Equal(found, tt.names) || (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%q, error %v", found, err)
			}
		})
	}
}

// TestTheProgramsAreUnderAllowedLicences, and their notices hold each module's.
func TestTheProgramsAreUnderAllowedLicences(t *testing.T) {
	notices := filepath.Join(t.TempDir(), "notices.txt")
	var out bytes.Buffer
	if err := run(t.Context(), []string{"../../server/secondsourced", "../../client/secondsource"}, notices, &out); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(notices)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []string{"google.golang.org/grpc ", "github.com/mattn/go-sqlite3 ", "github.com/jackc/pgx/v5 "} {
		if !bytes.Contains(text, []byte("==== "+m)) {
			t.Errorf("the notices leave out %s", m)
		}
	}
	if err := run(t.Context(), nil, "", &out); err == nil {
		t.Error("no packages are no mistake")
	}
}
