package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// importer registers sources in two rounds: first each by itself, then who
// controls and speaks for whom, so that the order in the file does not matter.
type importer struct {
	*app

	client *client.Client
	known  map[string]bool // resource names that are registered for sure
	failed int
}

// readSource is one source of a file.
type readSource struct {
	where  string
	source *secondsourcev1.Source
}

func (im *importer) run(ctx context.Context, files []string) error {
	var sources []readSource
	total := 0
	for _, file := range files {
		for it := range im.items(file, "sources") {
			total++
			source, err := it.source()
			if err == nil && source.GetName() == "" {
				err = errors.New(`has no "id" or "name"`)
			}
			if err == nil {
				err = im.register(ctx, source)
			}
			if unreachable(err) {
				return err
			}
			if err != nil {
				im.fail(it.where, err)
				continue
			}
			sources = append(sources, readSource{it.where, source})
		}
	}
	answer := &secondsourcev1.ListSourcesResponse{}
	for _, r := range sources {
		stored, err := im.relate(ctx, r.source)
		if err != nil {
			im.fail(r.where, err)
			continue
		}
		answer.Sources = append(answer.Sources, stored)
	}
	var err error
	switch p := (&printer{w: im.stdout}); {
	case im.output == "json":
		err = im.printJSON(answer)
	case len(answer.GetSources()) > 0:
		forTerminal(answer)
		err = im.printSources(answer.GetSources())
	case im.failed == 0:
		p.linef("0 sources")
		err = p.err
	}
	if err != nil {
		return err
	}
	if im.failed > 0 {
		return errReported
	}
	return ctx.Err()
}

func (im *importer) fail(where string, err error) {
	im.failed++
	p := &printer{w: im.stderr}
	p.linef("%s: %v", where, err)
}

// alone are the fields that name no other source.
var alone = []string{"canonical_name", "kind", "aliases", "handles", "reliability"}

// register stores the source without its relations, or changes the registered
// one.
func (im *importer) register(ctx context.Context, s *secondsourcev1.Source) error {
	bare := proto.CloneOf(s)
	bare.ControlledBy, bare.SpeaksFor, bare.Revision = nil, "", 0
	_, err := im.client.CreateSource(ctx, &secondsourcev1.CreateSourceRequest{
		SourceId: strings.TrimPrefix(s.GetName(), "sources/"), Source: bare})
	if is(err, codes.AlreadyExists) {
		_, err = im.client.UpdateSource(ctx, &secondsourcev1.UpdateSourceRequest{
			Source: bare, UpdateMask: &fieldmaskpb.FieldMask{Paths: alone}})
	}
	if err == nil {
		im.known[s.GetName()] = true
	}
	return err
}

// relate stores who controls the source and for whom it speaks.
func (im *importer) relate(ctx context.Context, s *secondsourcev1.Source) (*secondsourcev1.Source, error) {
	others := []string{s.GetSpeaksFor()}
	for _, control := range s.GetControlledBy() {
		others = append(others, control.GetSource())
	}
	for _, other := range others {
		if err := im.ensure(ctx, other); err != nil {
			return nil, err
		}
	}
	answer, err := im.client.UpdateSource(ctx, &secondsourcev1.UpdateSourceRequest{
		Source:     &secondsourcev1.Source{Name: s.GetName(), ControlledBy: s.GetControlledBy(), SpeaksFor: s.GetSpeaksFor()},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"controlled_by", "speaks_for"}}})
	return answer.GetSource(), err
}

// ensure registers a source that others name and nobody describes.
func (im *importer) ensure(ctx context.Context, name string) error {
	if name == "" || im.known[name] {
		return nil
	}
	_, err := im.client.GetSource(ctx, &secondsourcev1.GetSourceRequest{Name: name})
	if is(err, codes.NotFound) {
		id := strings.TrimPrefix(name, "sources/")
		_, err = im.client.CreateSource(ctx, &secondsourcev1.CreateSourceRequest{
			SourceId: id, Source: &secondsourcev1.Source{CanonicalName: id}})
		if err == nil {
			_, err = fmt.Fprintf(im.stderr, "registered %s, which others name, under its id\n", name)
		}
	}
	if err == nil {
		im.known[name] = true
	}
	return err
}

func is(err error, code codes.Code) bool {
	e, ok := errors.AsType[*client.Error](err)
	return ok && e.Code == code
}

// source reads an item as a source: the short form when it has an "id", the
// API's JSON otherwise.
func (it item) source() (*secondsourcev1.Source, error) {
	if it.err != nil {
		return nil, it.err
	}
	if it.raw == nil {
		return nil, errors.New("sources are read from .json and .jsonl files")
	}
	fields, err := objectOf(it.raw)
	if err != nil {
		return nil, err
	}
	if _, ok := fields["id"]; ok {
		var x shortSource
		strict := json.NewDecoder(bytes.NewReader(it.raw))
		strict.DisallowUnknownFields()
		if err := strict.Decode(&x); err != nil {
			return nil, errors.New(strings.TrimPrefix(err.Error(), "json: "))
		}
		return x.source()
	}
	fields.longWord("kind", "SOURCE_KIND_")
	fields.longWord("reliability", "RELIABILITY_")
	s := &secondsourcev1.Source{}
	return s, fields.into(s)
}
