//go:build race

package web_test

// Driving a browser under the race detector takes long and finds what the other
// tests find; they ask for the same pages.
const raced = true
