// Package export writes claims in formats that others read: CSV, schema.org's
// Claim and ClaimReview, and W3C PROV. Each is written claim by claim, so that an
// export of any size takes the memory of one.
package export

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
)

// Item is one claim with what stands around it.
type Item struct {
	Claim    claims.Claim          // its chain linked
	Document claims.Document       // the one that states it
	Answer   *claims.Corroboration // what the stored reporting says of it; nil: it was not asked
}

// Encoder writes one export. Every call writes whole lines.
type Encoder interface {
	// Open writes what stands before the first claim.
	Open() error
	// Write writes one claim.
	Write(item *Item) error
	// Close writes what stands behind the last claim.
	Close() error
}

// The columns of a CSV file: those of every export, and those of one with verdicts.
var (
	columns        = []string{"claim", "text", "kind", "polarity", "modality", "asserter", "asserter_source", "directness", "chain", "document", "publisher", "title", "url", "published_at", "status", "evidence", "evidence_start", "evidence_end", "check_worthiness", "confidence"}
	verdictColumns = []string{"verdict", "independent_origins_min", "independent_origins_max", "refuting_origins_min", "refuting_origins_max"}
)

type csvEncoder struct {
	w        *csv.Writer
	verdicts bool
}

// CSV writes RFC 4180 with a head line, in UTF-8, with line feeds. A cell that a
// spreadsheet would take for a formula begins with an apostrophe.
func CSV(w io.Writer, verdicts bool) Encoder { return &csvEncoder{csv.NewWriter(w), verdicts} }

func (e *csvEncoder) Open() error {
	head := columns
	if e.verdicts {
		head = append(append([]string(nil), columns...), verdictColumns...)
	}
	return e.row(head)
}

func (e *csvEncoder) Write(item *Item) error {
	c, d := &item.Claim, &item.Document
	asserter := c.Attribution.Asserter()
	span := c.MainSpan()
	var chain []string
	for _, h := range c.Attribution.Hops {
		chain = append(chain, hopName(&h))
	}
	row := []string{claimName(c), c.Text, string(c.Kind), string(c.Polarity), string(c.Modality), hopName(&asserter), sourceName(asserter.Source), string(c.Attribution.Directness()),
		strings.Join(chain, " > "), documentName(d.ID), d.Publisher, d.Title, d.URL, instant(d.PublishedAt), string(d.Status), span.Of(d.Text), strconv.Itoa(span.Start), strconv.Itoa(span.End),
		number(c.CheckWorthiness), number(c.Confidence)}
	for i := range row {
		row[i] = noFormula(row[i])
	}
	if e.verdicts {
		a := item.Answer
		if a == nil {
			a = &claims.Corroboration{}
		}
		row = append(row, string(a.Verdict), strconv.Itoa(a.OriginsMin), strconv.Itoa(a.OriginsMax), strconv.Itoa(a.RefutingMin), strconv.Itoa(a.RefutingMax))
	}
	return e.row(row)
}

func (e *csvEncoder) Close() error { return nil }

func (e *csvEncoder) row(cells []string) error {
	if err := e.w.Write(cells); err != nil {
		return err
	}
	e.w.Flush()
	return e.w.Error()
}

// noFormula keeps a cell from being run: texts of others stand in it.
func noFormula(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// graph writes JSON-LD documents node by node.
type graph struct {
	w       io.Writer
	context any
	node    func(*Item) any
	any     bool
}

func (g *graph) Open() error {
	head, err := json.Marshal(g.context)
	if err != nil {
		return err
	}
	_, err = io.WriteString(g.w, `{"@context":`+string(head)+`,"@graph":[`+"\n")
	return err
}

func (g *graph) Write(item *Item) error {
	body, err := json.Marshal(g.node(item))
	if err != nil {
		return err
	}
	comma := ""
	if g.any {
		comma = ","
	}
	g.any = true
	_, err = io.WriteString(g.w, comma+string(body)+"\n")
	return err
}

func (g *graph) Close() error {
	_, err := io.WriteString(g.w, "]}\n")
	return err
}

// node is one node of JSON-LD. Properties without a value are left out.
type node map[string]any

func (n node) set(property string, value any) {
	switch v := value.(type) {
	case nil:
	case string:
		if v != "" {
			n[property] = v
		}
	case node:
		if v != nil {
			n[property] = v
		}
	case []any:
		if len(v) > 0 {
			n[property] = v
		}
	default:
		n[property] = v
	}
}

// urn is what the names of this store's resources are relative to.
const urn = "urn:secondsource:"

func claimName(c *claims.Claim) string {
	return documentName(c.Document) + "/claims/" + strconv.Itoa(c.Index)
}

func documentName(id string) string { return "documents/" + id }

func sourceName(id string) string {
	if id == "" {
		return ""
	}
	return "sources/" + id
}

func hopName(h *claims.Hop) string {
	switch {
	case h.Name != "":
		return h.Name
	case h.Handle != "":
		return h.Handle
	}
	return h.Mention
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }
