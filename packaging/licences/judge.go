package main

import (
	"errors"
	"fmt"
	"strings"
)

// A licence is told by sentences that stand in it word for word. Those on the allow
// list reach no further than the part that they are of.
type licence struct {
	name    string // SPDX
	allowed bool
	says    []string // all of them, in lower case, words parted by one space
}

// The order matters: of several that a text has, one that says more comes first,
// and its sentences are then not taken for another's.
var licences = []licence{
	{"AGPL", false, []string{"gnu affero general public license"}},
	{"LGPL", false, []string{"gnu lesser general public license"}},
	{"LGPL", false, []string{"gnu library general public license"}},
	{"GPL", false, []string{"gnu general public license"}},
	{"MPL", false, []string{"mozilla public license"}},
	{"EPL", false, []string{"eclipse public license"}},
	{"CDDL", false, []string{"common development and distribution license"}},
	{"SSPL", false, []string{"server side public license"}},
	{"BUSL", false, []string{"business source license"}},
	{"Commons-Clause", false, []string{"commons clause"}},
	{"CC-BY-NC", false, []string{"noncommercial"}},
	{"Apache-2.0", true, []string{"apache license", "version 2.0, january 2004", "grants to you a perpetual, worldwide, non-exclusive, no-charge, royalty-free, irrevocable copyright license"}},
	{"Apache-2.0", true, []string{"licensed under the apache license, version 2.0"}},
	{"BSD-3-Clause", true, []string{"redistribution and use in source and binary forms", "neither the name"}},
	{"BSD-3-Clause", true, []string{"redistribution and use in source and binary forms", "may be used to endorse or promote products"}},
	{"BSD-2-Clause", true, []string{"redistribution and use in source and binary forms", "redistributions in binary form must reproduce the above copyright notice"}},
	{"MIT", true, []string{"permission is hereby granted, free of charge, to any person obtaining a copy", "the above copyright notice and this permission notice"}},
	{"ISC", true, []string{"permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted"}},
	{"ISC", true, []string{"permission to use, copy, modify, and distribute this software for any purpose with or without fee is hereby granted"}},
	{"Unlicense", true, []string{"this is free and unencumbered software released into the public domain"}},
	{"CC0-1.0", true, []string{"cc0 1.0 universal"}},
}

// names are the licences that stand in a text, each once.
func names(text []byte) (found []string, refused []string) {
	plain := strings.NewReplacer(">", " ", "*", " ").Replace(string(text)) // quoted, or in a frame
	words := strings.Join(strings.Fields(strings.ToLower(plain)), " ")
	seen := map[string]bool{}
	for _, l := range licences {
		if seen[l.name] || l.name == "BSD-2-Clause" && seen["BSD-3-Clause"] || l.name == "GPL" && (seen["AGPL"] || seen["LGPL"]) {
			continue
		}
		has := true
		for _, sentence := range l.says {
			has = has && strings.Contains(words, sentence)
		}
		if !has {
			continue
		}
		seen[l.name] = true
		found = append(found, l.name)
		if !l.allowed {
			refused = append(refused, l.name)
		}
	}
	return found, refused
}

// judge names the licences that stand in a text, or says what is wrong with them.
func judge(text []byte) ([]string, error) {
	found, refused := names(text)
	switch {
	case len(found) == 0:
		return nil, errors.New("it is no licence that is known")
	case len(refused) > 0:
		return found, fmt.Errorf("it speaks of %s, which is not on the allow list", strings.Join(refused, " and "))
	}
	return found, nil
}
