package main

import (
	"context"
	"strings"
	"testing"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

func (f *fakeServer) DeleteDocument(_ context.Context, req *secondsourcev1.DeleteDocumentRequest) (*secondsourcev1.DeleteDocumentResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.deleted = append(f.deleted, req)
	return &secondsourcev1.DeleteDocumentResponse{Documents: []string{"documents/a", req.GetName()}, Claims: 7, Judgement: "judgements/3"}, nil
}

func TestDeleteNeedsAReasonAndAYes(t *testing.T) {
	f := &fakeServer{}
	for says, args := range map[string][]string{
		"--reason": {"documents", "delete", "b", "--yes"},
		"--yes":    {"documents", "delete", "b", "--reason", "asked for"},
		"name one": {"documents", "delete", "--reason", "asked for", "--yes"},
	} {
		if _, _, err := f.execute(t, "", args...); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v: %v, want %q", args, err, says)
		}
	}
	if len(f.deleted) > 0 {
		t.Fatalf("deleted %v all the same", f.deleted)
	}
	out, _, err := f.execute(t, "", "documents", "delete", "b", "--reason", "asked for", "--yes")
	if err != nil {
		t.Fatal(err)
	}
	if want := "erased documents/a\nerased documents/b\n7 claims went with it; judgements/3 says so\n"; out != want {
		t.Errorf("it says %q, want %q", out, want)
	}
	if len(f.deleted) != 1 || f.deleted[0].GetName() != "documents/b" || f.deleted[0].GetReason() != "asked for" {
		t.Errorf("the server was asked %v", f.deleted)
	}
}
