// Package core holds what the grammar model and its trainer share: how a token
// becomes features, how features are scored, how a sentence is decoded, and how
// the weights are written to a file. Everything is integer arithmetic on slices,
// so that the same input gives the same bits on every machine.
package core

// KeyBits is the width of a feature key. Wider keys were measured to buy
// nothing; narrower ones collide.
const KeyBits = 24

const (
	mulA = 0x9E3779B97F4A7C15
	mulB = 0xC2B2AE3D27D4EB4F
	mulC = 0x165667B19E3779F9
	mulD = 0xD6E8FEB86659FD93
)

// mix scatters x over 64 bits (the finaliser of splitmix64).
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xBF58476D1CE4E5B9
	x ^= x >> 27
	x *= 0x94D049BB133111EB
	return x ^ x>>31
}

// hashBytes is FNV-1a with a scattered result.
func hashBytes(b []byte) uint64 {
	h := uint64(0xCBF29CE484222325)
	for _, c := range b {
		h = (h ^ uint64(c)) * 0x100000001B3
	}
	return mix(h)
}

// Atoms are scattered 64-bit values, so a sum of them times distinct odd
// numbers is a good hash of the combination; t is the template's own number.
func key1(t, a uint64) uint32 {
	return uint32(((a*mulA + t*mulD) * mulB) >> (64 - KeyBits))
}

func key2(t, a, b uint64) uint32 {
	return uint32(((a*mulA + b*mulC + t*mulD) * mulB) >> (64 - KeyBits))
}

func key3(t, a, b, c uint64) uint32 {
	return uint32(((a*mulA + b*mulC + (c^c>>29)*mulB + t*mulD) * mulB) >> (64 - KeyBits))
}

func key4(t, a, b, c, d uint64) uint32 {
	return key3(t, a, b+mix(c), d)
}
