package rpc

import (
	"strconv"
	"strings"

	"github.com/secondsource/secondsource/claims"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

func judgementTo(j claims.Judgement) *secondsourcev1.Judgement {
	m := &secondsourcev1.Judgement{Name: judgementName(j.Seq), Kind: enumTo[secondsourcev1.JudgementKind](j.Kind), Subject: j.Subject, Object: j.Object,
		Value: j.Value, Editor: j.Editor, Reason: j.Reason, DecidedAt: timestamp(j.At)}
	m.Undoes = judgementOrNone(j.Undoes)
	return m
}

// judgementOrNone is the resource name of a judgement, "" for 0.
func judgementOrNone(seq int64) string {
	if seq == 0 {
		return ""
	}
	return judgementName(seq)
}

func judgementKind(k secondsourcev1.JudgementKind) claims.JudgementKind {
	return enumFrom[claims.JudgementKind](k)
}

// judgementSeq is the number in a judgement's resource name.
func judgementSeq(name string) (int64, error) {
	seq, err := strconv.ParseInt(strings.TrimPrefix(name, "judgements/"), 10, 64)
	if err != nil || seq < 1 {
		return 0, claims.Invalid("name", "must be judgements/{number}")
	}
	return seq, nil
}
