package client_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// Store one article and ask whether what it says is corroborated.
func Example() {
	ctx := context.Background()
	c, err := client.Dial(client.DefaultAddress)
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = c.Close() }()

	stored, err := c.IngestDocument(ctx, &secondsourcev1.IngestDocumentRequest{
		RequestId: "courier-4711", // sent again, it changes nothing
		Document: &secondsourcev1.Document{
			Kind:        secondsourcev1.DocumentKind_DOCUMENT_KIND_ARTICLE,
			Publisher:   "Zenda Courier",
			PublishedAt: timestamppb.New(time.Date(2026, 3, 7, 9, 0, 0, 0, time.UTC)),
			Text:        "The Zenda dam broke on Tuesday, the Interior Ministry said.",
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, claim := range stored.GetClaims() {
		hops := claim.GetAttribution().GetHops()
		fmt.Println(claim.GetText(), "asserted by", hops[len(hops)-1].GetCanonicalName())
	}

	answer, err := c.Corroborate(ctx, &secondsourcev1.CorroborateRequest{
		Subject: &secondsourcev1.CorroborateRequest_ClaimText{ClaimText: "A dam broke in Zenda on 3 March 2026"},
	})
	if err != nil {
		log.Fatal(err)
	}
	found := answer.GetCorroboration()
	fmt.Println(found.GetVerdict(), found.GetIndependentOriginsMin(), "to", found.GetIndependentOriginsMax())
}

// Errors say what is wrong in words that a program can branch on.
func ExampleError() {
	ctx := context.Background()
	c, err := client.Dial(client.DefaultAddress)
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = c.Close() }()

	_, err = c.GetDocument(ctx, &secondsourcev1.GetDocumentRequest{Name: "documents/unknown"})
	if e, ok := errors.AsType[*client.Error](err); ok && e.Reason == "DOCUMENT_NOT_FOUND" {
		fmt.Println("nobody ingested it")
	}
}

// Listings are iterated; pages are fetched as they are needed.
func ExampleClient_AllDocuments() {
	ctx := context.Background()
	c, err := client.Dial(client.DefaultAddress, client.WithTLS("ca.pem"), client.WithToken("…"))
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = c.Close() }()

	for document, err := range c.AllDocuments(ctx, &secondsourcev1.ListDocumentsRequest{Publisher: "Zenda Courier"}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(document.GetName(), document.GetTitle())
	}
}

// Store many documents over one stream; one that is refused ends nothing.
func ExampleClient_IngestAll() {
	ctx := context.Background()
	c, err := client.Dial(client.DefaultAddress)
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = c.Close() }()

	requests := func(yield func(*secondsourcev1.StreamIngestRequest) bool) {
		for _, text := range []string{"The Zenda dam broke.", "The Orta bridge is closed."} {
			if !yield(&secondsourcev1.StreamIngestRequest{ItemId: text, Document: &secondsourcev1.Document{Publisher: "Zenda Courier", Text: text}}) {
				return
			}
		}
	}
	for answer, err := range c.IngestAll(ctx, requests) {
		if err != nil {
			log.Fatal(err)
		}
		if refused := client.ItemError(answer); refused != nil {
			log.Println(answer.GetItemId(), refused)
			continue
		}
		fmt.Println(answer.GetIngested().GetDocument().GetName(), answer.GetIngested().GetClaimCount(), "claims")
	}
}
