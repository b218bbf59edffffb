package rpc

import (
	"slices"

	"github.com/secondsource/secondsource/claims"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

func sourceTo(s claims.Source) *secondsourcev1.Source {
	m := &secondsourcev1.Source{
		Name:          sourceName(s.ID),
		CanonicalName: s.Name,
		Kind:          enumTo[secondsourcev1.SourceKind](s.Kind),
		SpeaksFor:     sourceName(s.SpeaksFor),
		Reliability:   enumTo[secondsourcev1.Reliability](s.Reliability),
		Registered:    s.Registered,
		Mentions:      count(s.Mentions),
		CreatedAt:     timestamp(s.CreatedAt),
		UpdatedAt:     timestamp(s.UpdatedAt),
		Revision:      s.Revision,
		MergedInto:    sourceName(s.MergedInto),
	}
	if s.Reliability == "" {
		m.Reliability = secondsourcev1.Reliability_RELIABILITY_F
	}
	for _, a := range s.Aliases {
		m.Aliases = append(m.Aliases, &secondsourcev1.Alias{Name: a.Name, Valid: timeRange(a.Valid)})
	}
	for _, h := range s.Handles {
		m.Handles = append(m.Handles, &secondsourcev1.Handle{Handle: h.Handle, Medium: enumTo[secondsourcev1.Medium](h.Medium), Valid: timeRange(h.Valid)})
	}
	for _, c := range s.ControlledBy {
		m.ControlledBy = append(m.ControlledBy, &secondsourcev1.Control{Source: sourceName(c.Source), Valid: timeRange(c.Valid)})
	}
	return m
}

// sourceFrom reads what a caller may set; the rest is the server's to know.
func sourceFrom(m *secondsourcev1.Source) claims.Source {
	s := claims.Source{
		ID:          sourceID(m.GetName()),
		Name:        m.GetCanonicalName(),
		Kind:        enumFrom[claims.SourceKind](m.GetKind()),
		SpeaksFor:   sourceID(m.GetSpeaksFor()),
		Reliability: enumFrom[claims.Grade](m.GetReliability()),
		Revision:    m.GetRevision(),
	}
	if s.Reliability == "" {
		s.Reliability = claims.GradeUnjudged
	}
	for _, a := range m.GetAliases() {
		s.Aliases = append(s.Aliases, claims.Alias{Name: a.GetName(), Valid: interval(a.GetValid())})
	}
	for _, h := range m.GetHandles() {
		s.Handles = append(s.Handles, claims.Handle{Handle: h.GetHandle(), Medium: enumFrom[claims.Medium](h.GetMedium()), Valid: interval(h.GetValid())})
	}
	for _, c := range m.GetControlledBy() {
		s.ControlledBy = append(s.ControlledBy, claims.Control{Source: sourceID(c.GetSource()), Valid: interval(c.GetValid())})
	}
	return s
}

// newSource is the source of a CreateSource request.
func newSource(req *secondsourcev1.CreateSourceRequest) (claims.Source, error) {
	s := sourceFrom(req.GetSource())
	s.ID = req.GetSourceId()
	if s.Name == "" {
		return s, claims.Invalid("source.canonical_name", "is empty")
	}
	return s, nil
}

// updatable are the fields that UpdateSource may change. The domain calls the
// canonical name just "name"; the API's "name" is the resource name.
var updatable = []string{"canonical_name", "kind", "aliases", "handles", "controlled_by", "speaks_for", "reliability"}

// changedSource is the source of an UpdateSource request, with the fields to
// change in the domain's names.
func changedSource(req *secondsourcev1.UpdateSourceRequest) (claims.Source, []string, error) {
	s := sourceFrom(req.GetSource())
	if s.ID == "" {
		return s, nil, claims.Invalid("source.name", "is empty")
	}
	paths := req.GetUpdateMask().GetPaths()
	if len(paths) == 0 || slices.Contains(paths, "*") {
		paths = updatable
	}
	if slices.Contains(paths, "canonical_name") && s.Name == "" {
		return s, nil, claims.Invalid("source.canonical_name", "is empty")
	}
	fields := make([]string, len(paths))
	for i, path := range paths {
		fields[i] = path
		if path == "canonical_name" {
			fields[i] = "name"
		}
	}
	return s, fields, nil
}
