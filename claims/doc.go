// Package claims is the vocabulary of Second Source as Go types: documents, the
// claims they state, who asserts each claim through which relays, and what
// corroboration says about them. It also holds the ports (Store, Tx,
// Candidates) that the engine needs from the outside.
//
// The package does no I/O and imports no transport and no database. The terms
// are those of fact-checking and attribution corpora (PARC, PolNeAR), the IPTC
// news formats and the Admiralty code; docs/vocabulary.md defines each.
//
// Units, everywhere: positions are half-open ranges of UTF-8 bytes, instants
// are UTC with microsecond precision.
package claims
