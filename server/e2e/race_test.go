//go:build race

package e2e_test

// The race detector makes everything some ten times slower, and shows nothing
// more in the thirtieth archive than in the twelfth, or of the sixty-fourth caller
// than of the sixteenth.
func init() { archives, *mixCallers, *mixRounds, *killRounds = 12, 16, 1, 1 }
