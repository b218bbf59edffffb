package claims_test

import (
	"testing"

	"github.com/secondsource/secondsource/claims"
)

func TestNameKey(t *testing.T) {
	for name, want := range map[string]string{
		"Foreign Ministry":      "foreign ministry",
		"The Foreign Ministry":  "foreign ministry",
		"  FOREIGN\n ministry ": "foreign ministry",
		"the":                   "the", // an article alone is all the name there is
		"Theodora":              "theodora",
		"São Paulo":             "sao paulo",
		"Sa\u0303o Paulo":       "sao paulo", // the same letters, composed otherwise
		"Reporter’s Desk":       "reporters desk",
		"Reporter's Desk":       "reporters desk",
		"U.S. Navy":             "us navy",
		"Al-Jazeera":            "al jazeera",
		"@Dynamite_News":        "@dynamite_news",
		"dynamite_news":         "dynamite_news", // a name is no handle
		"Газета №1":             "газета 1",
		"新华社":                   "新华社",
		"— … !":                 "",
		"":                      "",
	} {
		if got := claims.NameKey(name); got != want {
			t.Errorf("NameKey(%q) = %q, want %q", name, got, want)
		}
	}
	if claims.NameKey("Russia's Foreign Ministry") == claims.NameKey("Russian Foreign Ministry") {
		t.Error("another wording of a name has a key of its own")
	}
}
