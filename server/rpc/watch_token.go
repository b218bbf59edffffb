package rpc

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// A resume token is opaque to callers: base64 of a version byte, eight bytes of a
// hash over the request without its token, the state in varints, and eight bytes
// of a hash over all of it, which tell a token that was cut or mistyped. Like a
// page token it is not signed: it holds what its caller was told, and a forged one
// harms its maker alone.
const (
	watchTokenVersion = 1
	watchTokenSum     = 8
)

// watchVerdicts are the verdicts by their number in a token; 0 is none.
var watchVerdicts = []claims.Verdict{"", claims.Unreported, claims.SingleOrigin, claims.Corroborated, claims.Disputed, claims.Refuted}

// watchHash binds a token to its request.
func watchHash(req *secondsourcev1.WatchRequest) []byte {
	alone := proto.CloneOf(req)
	alone.ResumeToken = ""
	body, _ := proto.MarshalOptions{Deterministic: true}.Marshal(alone) // was just unmarshalled
	sum := sha256.Sum256(append([]byte("watch\x00"), body...))
	return sum[:tokenHash]
}

func formatWatch(hash []byte, s desk.WatchState) string {
	b := append([]byte{watchTokenVersion}, hash...)
	b = binary.AppendVarint(b, s.Since.UnixMicro())
	b = binary.AppendVarint(b, s.Judgement)
	b = binary.AppendVarint(b, s.Claim)
	for _, t := range s.Told {
		b = binary.AppendVarint(b, t.Claim)
		b = binary.AppendVarint(b, t.At.UnixMicro())
		for i, v := range watchVerdicts {
			if v == t.Standing.Verdict {
				b = binary.AppendVarint(b, int64(i))
			}
		}
		for _, n := range counts(&t.Standing) {
			b = binary.AppendVarint(b, int64(*n))
		}
	}
	sum := sha256.Sum256(b)
	return base64.RawURLEncoding.EncodeToString(append(b, sum[:watchTokenSum]...))
}

// counts are the numbers of a standing in the order of a token.
func counts(s *desk.Standing) []*int {
	return []*int{&s.OriginsMin, &s.OriginsMax, &s.RefutingMin, &s.RefutingMax, &s.WitnessesMin, &s.WitnessesMax}
}

func parseWatch(hash []byte, token string) (s desk.WatchState, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(b) < 1+tokenHash+watchTokenSum {
		return s, false
	}
	body, sum := b[:len(b)-watchTokenSum], sha256.Sum256(b[:len(b)-watchTokenSum])
	if !bytes.Equal(b[len(body):], sum[:watchTokenSum]) || body[0] != watchTokenVersion || !bytes.Equal(body[1:1+tokenHash], hash) {
		return s, false
	}
	r := varints{body[1+tokenHash:], true}
	s.Since = time.UnixMicro(r.next()).UTC()
	s.Judgement, s.Claim = r.next(), r.next()
	for r.ok && len(r.b) > 0 {
		t := desk.Told{Claim: r.next(), At: time.UnixMicro(r.next()).UTC()}
		verdict := r.next()
		if verdict < 0 || verdict >= int64(len(watchVerdicts)) {
			return s, false
		}
		t.Standing.Verdict = watchVerdicts[verdict]
		for _, n := range counts(&t.Standing) {
			*n = int(r.next())
		}
		s.Told = append(s.Told, t)
	}
	return s, r.ok
}

// varints reads numbers until one is broken.
type varints struct {
	b  []byte
	ok bool
}

func (v *varints) next() int64 {
	x, n := binary.Varint(v.b)
	if n <= 0 {
		v.b, v.ok = nil, false
		return 0
	}
	v.b = v.b[n:]
	return x
}
