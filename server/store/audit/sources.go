package audit

import (
	"fmt"

	"github.com/secondsource/secondsource/claims"
)

// sources reads every source, and compares the mentions of the derived ones with
// the claims that were read.
func (c *checker) sources() error {
	compare := !c.report.Moving && !c.blind && c.report.Found == 0
	for page := (claims.Page{Size: 1000}); ; {
		some, err := c.store.Sources(c.ctx, claims.SourceFilter{}, page)
		if claims.CodeOf(err) == claims.CodeCorrupt && page.Size > 1 {
			page.Size = 1 // to come as close as can be to the one at fault
			continue
		}
		if err != nil {
			return c.corrupt(fmt.Sprintf("a source after %q", page.After.ID), err)
		}
		for i := range some {
			s := &some[i]
			if s.Registered {
				continue
			}
			if n := c.mentions[s.ID]; compare && n != s.Mentions {
				c.find("sources/"+s.ID, "counts %d mentions, and the claims have %d", s.Mentions, n)
			}
			delete(c.mentions, s.ID)
		}
		c.report.Sources += int64(len(some))
		if len(some) < page.Size {
			break
		}
		last := &some[len(some)-1]
		page.After = claims.Cursor{Key: last.CreatedAt.UnixMicro(), ID: last.ID}
	}
	if !compare {
		return nil
	}
	for id := range c.mentions { // those that are not listed: registered, or hidden by one that is
		if _, err := c.store.Source(c.ctx, id); claims.CodeOf(err) == claims.CodeNotFound {
			c.find("sources/"+id, "is mentioned in claims and not stored")
		} else if err := c.corrupt("sources/"+id, err); err != nil {
			return err
		}
	}
	return nil
}

// judgements reads the whole log of what editors decided.
func (c *checker) judgements() error {
	for last := int64(0); ; {
		some, err := c.store.Judgements(c.ctx, last, 1000)
		if err != nil {
			return c.corrupt(fmt.Sprintf("a judgement after number %d", last), err)
		}
		if len(some) == 0 {
			return nil
		}
		for i := range some {
			if some[i].Seq != last+1 {
				c.find(fmt.Sprintf("judgements/%d", some[i].Seq), "follows number %d", last)
			}
			last = some[i].Seq
		}
		c.report.Judgements += int64(len(some))
	}
}
