//go:build race

package e2e_test

// The race detector makes everything some ten times slower, and shows nothing
// more in the thirtieth archive than in the twelfth.
func init() { archives = 12 }
