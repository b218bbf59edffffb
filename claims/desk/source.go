package desk

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/corroborate"
	"github.com/secondsource/secondsource/claims/editorial"
	"github.com/secondsource/secondsource/claims/language"
)

// CreateSource registers a source. Without an id one is made from the name; an
// id that is taken by a registered source is CodeExists; the id of a derived one
// promotes it.
func (d *Desk) CreateSource(ctx context.Context, s claims.Source) (claims.Source, error) {
	if s.ID == "" {
		s.ID = slug(s.Name)
	}
	s.Registered, s.Revision, s.Mentions = true, 1, 0
	s.CreatedAt = d.now().UTC().Truncate(time.Microsecond)
	s.UpdatedAt = s.CreatedAt
	if s.Reliability == "" {
		s.Reliability = claims.GradeUnjudged
	}
	if err := checkSource(&s); err != nil {
		return s, err
	}
	st, err := d.judgements(ctx, time.Time{})
	if err != nil {
		return s, err
	}
	err = d.store.Update(ctx, func(tx claims.Tx) error {
		if err := controllers(ctx, tx, &s, st); err != nil {
			return err
		}
		if err := tx.InsertSource(s); err != nil {
			return err
		}
		_, err := tx.AppendJudgement(claims.Judgement{Kind: claims.RegisteredSource, Subject: "sources/" + s.ID, Editor: editorOf(ctx), At: s.CreatedAt})
		return err
	})
	return s, err
}

// GetSource returns a registered or derived source.
func (d *Desk) GetSource(ctx context.Context, id string) (claims.Source, error) {
	s, err := d.store.Source(ctx, id)
	return d.asJudged(ctx, s, err)
}

// ListSources lists registered and derived sources by time of creation.
func (d *Desk) ListSources(ctx context.Context, f claims.SourceFilter, p claims.Page) ([]claims.Source, error) {
	ss, err := d.store.Sources(ctx, f, p)
	if err != nil || len(ss) == 0 {
		return ss, err
	}
	st, err := d.judgements(ctx, time.Time{})
	if err != nil {
		return nil, err
	}
	for i := range ss {
		ss[i] = st.Source(ss[i])
	}
	return ss, nil
}

// UpdateSource replaces the named fields of a registered source. A revision
// other than zero must be the stored one. What is the same already changes nothing:
// neither the revision nor the log of judgements grows.
func (d *Desk) UpdateSource(ctx context.Context, s claims.Source, fields []string) (claims.Source, error) {
	var out claims.Source
	st, err := d.judgements(ctx, time.Time{})
	if err != nil {
		return out, err
	}
	err = d.store.Update(ctx, func(tx claims.Tx) error {
		old, err := tx.Source(s.ID)
		if err != nil {
			return err
		}
		if !old.Registered {
			return &claims.Error{Code: claims.CodeInvalid, Reason: claims.ReasonInvalidField, Message: "a derived source is registered first: create it under the same id",
				Violations: []claims.Violation{{Field: "source.name", Description: "names a derived source"}}}
		}
		if s.Revision != 0 && s.Revision != old.Revision {
			return &claims.Error{Code: claims.CodeConflict, Reason: claims.ReasonStaleRevision, Message: fmt.Sprintf("the source is at revision %d, not %d", old.Revision, s.Revision)}
		}
		if out, err = merged(old, s, fields); err != nil {
			return err
		}
		out.UpdatedAt = d.now().UTC().Truncate(time.Microsecond)
		if err := checkSource(&out); err != nil {
			return err
		}
		if sameSource(&old, &out) {
			out = old
			return nil
		}
		if err := controllers(ctx, tx, &out, st); err != nil {
			return err
		}
		if err := tx.UpdateSource(out); err != nil {
			return err
		}
		out.Revision++
		_, err = tx.AppendJudgement(claims.Judgement{Kind: claims.UpdatedSource, Subject: "sources/" + s.ID, Editor: editorOf(ctx), At: out.UpdatedAt,
			Value: map[string]string{"fields": strings.Join(fields, ","), editorial.ChangedValue: strings.Join(changed(&old, &out), ",")}})
		return err
	})
	return d.asJudged(ctx, out, err)
}

// changed names the fields that have another value now, of those that judgements
// set too: what is changed here is newer than they are, what is only sent again is
// not.
func changed(old, s *claims.Source) []string {
	var names []string
	if old.Reliability != s.Reliability {
		names = append(names, "reliability")
	}
	if !sameControllers(old, s) {
		names = append(names, "controlled_by")
	}
	return names
}

// sameSource tells whether all that an editor can set has the same value.
func sameSource(a, b *claims.Source) bool {
	return a.Name == b.Name && a.Kind == b.Kind && a.SpeaksFor == b.SpeaksFor && a.Reliability == b.Reliability && sameControllers(a, b) &&
		slices.EqualFunc(a.Aliases, b.Aliases, func(x, y claims.Alias) bool { return x.Name == y.Name && sameTime(x.Valid, y.Valid) }) &&
		slices.EqualFunc(a.Handles, b.Handles, func(x, y claims.Handle) bool {
			return x.Handle == y.Handle && x.Medium == y.Medium && sameTime(x.Valid, y.Valid)
		})
}

func sameControllers(a, b *claims.Source) bool {
	return slices.EqualFunc(a.ControlledBy, b.ControlledBy, func(x, y claims.Control) bool { return x.Source == y.Source && sameTime(x.Valid, y.Valid) })
}

func sameTime(a, b claims.Interval) bool { return a.From.Equal(b.From) && a.To.Equal(b.To) }

// merged takes the named fields from s and the rest from old.
func merged(old, s claims.Source, fields []string) (claims.Source, error) {
	out := old
	if len(fields) == 0 {
		fields = []string{"canonical_name", "kind", "aliases", "handles", "controlled_by", "speaks_for", "reliability"}
	}
	for _, f := range fields {
		switch f {
		case "name", "canonical_name":
			out.Name = s.Name
		case "kind":
			out.Kind = s.Kind
		case "aliases":
			out.Aliases = s.Aliases
		case "handles":
			out.Handles = s.Handles
		case "controlled_by":
			out.ControlledBy = s.ControlledBy
		case "speaks_for":
			out.SpeaksFor = s.SpeaksFor
		case "reliability":
			out.Reliability = s.Reliability
		default:
			return out, claims.Invalid("update_mask", fmt.Sprintf("names %q, which is no field that can be changed", f))
		}
	}
	return out, nil
}

// controllers makes sure that those who control a source, or for whom it speaks,
// exist and that nobody controls himself by a detour. One that was only met in
// documents is registered by being named: what it says itself and what is said
// for it must come together.
func controllers(ctx context.Context, tx claims.Tx, s *claims.Source, st *editorial.State) error {
	type link struct{ field, id string }
	links := make([]link, 0, len(s.ControlledBy)+1)
	for _, c := range s.ControlledBy {
		links = append(links, link{"source.controlled_by", c.Source})
	}
	if s.SpeaksFor != "" {
		links = append(links, link{"source.speaks_for", s.SpeaksFor})
	}
	for _, l := range links {
		if err := noCycle(tx, s.ID, l.id, l.field, st); err != nil {
			return err
		}
		if err := promote(ctx, tx, l.id, s.UpdatedAt); err != nil {
			return err
		}
	}
	return nil
}

// promote registers a derived source as it stands.
func promote(ctx context.Context, tx claims.Tx, id string, at time.Time) error {
	s, err := tx.Source(id)
	if err != nil || s.Registered {
		return err
	}
	s.Registered, s.Revision, s.Mentions, s.Reliability, s.CreatedAt, s.UpdatedAt = true, 1, 0, claims.GradeUnjudged, at, at
	if err := tx.InsertSource(s); err != nil {
		return err
	}
	_, err = tx.AppendJudgement(claims.Judgement{Kind: claims.RegisteredSource, Subject: "sources/" + id, Editor: editorOf(ctx), At: at})
	return err
}

// maxControllers bounds the walk up a chain of controllers.
const maxControllers = 64

func noCycle(tx claims.Tx, self, id, field string, st *editorial.State) error {
	todo, seen := []string{id}, map[string]bool{}
	for len(todo) > 0 && len(seen) < maxControllers {
		x := todo[0]
		todo = todo[1:]
		if x == self {
			return &claims.Error{Code: claims.CodeInvalid, Reason: claims.ReasonControlCycle, Message: "a source cannot control itself",
				Violations: []claims.Violation{{Field: field, Description: fmt.Sprintf("leads back to sources/%s", self)}}}
		}
		if seen[x] {
			continue
		}
		seen[x] = true
		s, err := tx.Source(x)
		if claims.CodeOf(err) == claims.CodeNotFound {
			if len(seen) == 1 {
				return claims.Invalid(field, fmt.Sprintf("names sources/%s, which is not stored", x))
			}
			continue
		}
		if err != nil {
			return err
		}
		s = st.Source(s)
		for _, c := range s.ControlledBy {
			todo = append(todo, c.Source)
		}
		if s.SpeaksFor != "" {
			todo = append(todo, s.SpeaksFor)
		}
	}
	return nil
}

func checkSource(s *claims.Source) error {
	switch {
	case strings.TrimSpace(s.Name) == "":
		return claims.Invalid("source.canonical_name", "is empty")
	case len(s.Name) > claims.MaxName:
		return claims.Invalid("source.canonical_name", fmt.Sprintf("is %d bytes long; the limit is %d bytes", len(s.Name), claims.MaxName))
	case !validID(s.ID):
		return claims.Invalid("source.name", "the id must be 1 to 64 characters of a-z, 0-9 and -")
	case len(s.Reliability) != 1 || s.Reliability[0] < 'A' || s.Reliability[0] > 'F':
		return claims.Invalid("source.reliability", "must be A to F")
	}
	for i, a := range s.Aliases {
		if err := checkName(fmt.Sprintf("source.aliases[%d]", i), a.Name, a.Valid); err != nil {
			return err
		}
	}
	s.Handles = slices.Clone(s.Handles) // the caller's own stay as they are
	for i, h := range s.Handles {
		bare := strings.TrimPrefix(h.Handle, "@")
		if err := checkName(fmt.Sprintf("source.handles[%d]", i), bare, h.Valid); err != nil {
			return err
		}
		s.Handles[i].Handle = "@" + bare
	}
	for i, c := range s.ControlledBy {
		if err := checkName(fmt.Sprintf("source.controlled_by[%d]", i), c.Source, c.Valid); err != nil {
			return err
		}
	}
	return nil
}

// checkName checks a name that a source had for a time.
func checkName(field, name string, valid claims.Interval) error {
	switch {
	case claims.NameKey(name) == "":
		return claims.Invalid(field, "is empty")
	case len(name) > claims.MaxName:
		return claims.Invalid(field, fmt.Sprintf("is %d bytes long; the limit is %d bytes", len(name), claims.MaxName))
	case !valid.From.IsZero() && !valid.To.IsZero() && !valid.From.Before(valid.To):
		return claims.Invalid(field, "ends before it begins")
	}
	return nil
}

func validID(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	for _, c := range []byte(id) {
		if c != '-' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// slug makes an id of a name: "Foreign Ministry" -> "foreign-ministry".
func slug(name string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	s := strings.Trim(b.String(), "-")
	if len(s) > 56 {
		s = strings.Trim(s[:56], "-")
	}
	if s == "" {
		return "source-" + randomID()[:12]
	}
	return s
}

// ResolveSource finds the source that a name or handle meant at a time (zero:
// now) and says how it was matched. A name met in documents but not registered
// resolves to its derived source.
func (d *Desk) ResolveSource(ctx context.Context, name string, at time.Time) (claims.Resolution, error) {
	if strings.TrimSpace(name) == "" {
		return claims.Resolution{}, claims.Invalid("query", "is empty")
	}
	reg, err := d.registry(ctx)
	if err != nil {
		return claims.Resolution{}, err
	}
	res, err := d.resolve(ctx, reg, name, at)
	if err == nil {
		res.Source = reg.State().Source(res.Source)
	}
	return res, err
}

func (d *Desk) resolve(ctx context.Context, reg *corroborate.Registry, name string, at time.Time) (claims.Resolution, error) {
	if at.IsZero() {
		at = d.now()
	}
	if r, ok := reg.Find(name, at); ok {
		return r, nil
	}
	ss, err := d.store.SourcesByKey(ctx, []string{claims.NameKey(name)})
	if err != nil {
		return claims.Resolution{}, err
	}
	for _, s := range ss {
		if !s.Registered {
			return claims.Resolution{Source: s, MatchedBy: claims.MatchedByDerived, Matched: s.Name}, nil
		}
	}
	// The registry knows the ids of registered sources only.
	s, err := d.store.Source(ctx, strings.TrimPrefix(strings.TrimSpace(name), "sources/"))
	if claims.CodeOf(err) == claims.CodeNotFound {
		return d.otherWording(ctx, name)
	}
	return claims.Resolution{Source: s, MatchedBy: claims.MatchedByID, Matched: s.ID}, err
}

// otherWording finds the derived source whose name is another wording of this
// one: "Russia's Foreign Ministry" for "Russian Ministry of Foreign Affairs".
func (d *Desk) otherWording(ctx context.Context, name string) (res claims.Resolution, err error) {
	key := language.VariantKey(name)
	err = d.eachDerived(ctx, func(met *claims.Source) bool {
		if language.VariantKey(met.Name) != key {
			return true
		}
		res = claims.Resolution{Source: *met, MatchedBy: claims.MatchedByVariant, Matched: met.Name}
		return false
	})
	if err == nil && res.Source.ID == "" {
		err = claims.NotFound(claims.ReasonSourceNotFound, name)
	}
	return res, err
}

// link sets the sources of the hops of claims, as of the publication of their
// documents.
func (d *Desk) link(ctx context.Context, cs []claims.Claim, published map[string]time.Time) error {
	if len(cs) == 0 {
		return nil
	}
	reg, err := d.registry(ctx)
	if err != nil {
		return err
	}
	for i := range cs {
		at := published[cs[i].Document]
		cs[i].Attribution.Hops = reg.Link(reg.Attributed(&cs[i], at), at)
		reg.Show(cs[i].Attribution.Hops)
	}
	return nil
}

func sortCopies(cs []claims.Copy) {
	sort.SliceStable(cs, func(i, j int) bool { return cs[i].Containment > cs[j].Containment })
}
