package copies

import (
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestRemovedDocumentsAreNotSimilar(t *testing.T) {
	d := NewDetector()
	for doc, text := range []string{story, story, otherStory, strings.Join(agency[:4], "\n")} {
		d.Add(int64(doc+1), Sign(text))
	}
	d.Remove(1, 9) // 9 was never added
	if got := d.Similar(Sign(story), 10); !slices.Equal(got, []int64{2, 4}) {
		t.Errorf("similar: %v", got)
	}
	d.Add(1, Sign(story))
	d.Add(9, Sign(story))
	if got := d.Similar(Sign(story), 10); !slices.Equal(got, []int64{2, 4}) {
		t.Errorf("added after they were removed: %v", got)
	}
	d.Remove(2, 3, 4)
	d.Remove(2)
	if got := append(d.Similar(Sign(story), 10), d.Similar(Sign(otherStory), 10)...); len(got) > 0 {
		t.Errorf("all were removed, and there is %v", got)
	}
}

// TestTheTableOutlivesWhatIsRemoved: others share fingerprints, probe sequences
// and lists with the documents that go, while the table grows.
func TestTheTableOutlivesWhatIsRemoved(t *testing.T) {
	const n = 3000
	d := NewDetector()
	text := func(i int) string { return report(uint64(i), 60) + " " + report(uint64(i/2), 60) } // neighbours share half
	for i := range n {
		d.Add(int64(i), Sign(text(i)))
		if i%3 == 2 {
			d.Remove(int64(i - 1))
		}
	}
	for i := range n {
		got, removed := d.Similar(Sign(text(i)), 5), i%3 == 1
		if slices.Contains(got, int64(i)) == removed {
			t.Fatalf("document %d, removed: %v, similar: %v", i, removed, got)
		}
	}
}

func TestRemoveWhileOthersAddAndSearch(t *testing.T) {
	const n = 400
	d := NewDetector()
	var group sync.WaitGroup
	for w := range 4 {
		group.Go(func() {
			for i := w; i < n; i += 4 {
				d.Add(int64(i), Sign(report(uint64(i), 80)))
				d.Similar(Sign(report(uint64(i/2), 80)), 5)
				if i%2 == 0 {
					d.Remove(int64(i))
				}
			}
		})
	}
	group.Wait()
	for i := range n {
		if got := d.Similar(Sign(report(uint64(i), 80)), 5); slices.Contains(got, int64(i)) != (i%2 == 1) {
			t.Errorf("document %d: similar %v", i, got)
		}
	}
}
