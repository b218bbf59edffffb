package copies

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestSimilarIsRanked(t *testing.T) {
	d := NewDetector()
	for doc, text := range map[int64]string{
		1: story, 2: strings.Join(agency[:3], "\n"), 3: agency[4], 4: otherStory, 5: strings.Join(agency[:4], "\n"), 6: "",
	} {
		d.Add(doc, Sign(text))
	}
	if got := d.Similar(Sign(story), 10); !slices.Equal(got, []int64{1, 5, 2, 3}) {
		t.Errorf("similar: %v", got)
	}
	if got := d.Similar(Sign(story), 2); !slices.Equal(got, []int64{1, 5}) {
		t.Errorf("the first two: %v", got)
	}
	if got := append(d.Similar(Sign(story), 0), d.Similar(Sign(""), 5)...); len(got) > 0 {
		t.Errorf("nothing was asked for, and there is %v", got)
	}
}

func TestTheSameSignatureGoesByNumber(t *testing.T) {
	d := NewDetector()
	for _, doc := range []int64{7, 3, 9, 3} {
		d.Add(doc, Sign(story))
	}
	d.Add(7, Sign(otherStory)) // 7 is known already
	if got := d.Similar(Sign(story), 10); !slices.Equal(got, []int64{3, 7, 9}) {
		t.Errorf("similar: %v", got)
	}
	if got := d.Similar(Sign(otherStory), 10); len(got) > 0 {
		t.Errorf("similar to the other story: %v", got)
	}
}

// TestTrimmedCopiesAreFound cuts texts down to half and a quarter, among others,
// inside other words: low resemblance, containment of 1/2 and more.
func TestTrimmedCopiesAreFound(t *testing.T) {
	const n = 2000
	d := NewDetector()
	for i := range n {
		d.Add(int64(i), Sign(report(uint64(i), 60+i%400)))
	}
	r := rand.New(rand.NewPCG(4, 4))
	lost := 0
	for i := range n {
		words := strings.Fields(report(uint64(i), 60+i%400))
		size := max(12, len(words)/(2+2*(i%2)))
		at := r.IntN(len(words) - size + 1)
		text := strings.Join(words[at:at+size], " ") + " " + report(uint64(n+i), size) // containment about 1/2
		if got := d.Similar(Sign(text), 5); !slices.Contains(got, int64(i)) {
			lost++
		}
	}
	if lost > 0 {
		t.Errorf("%d of %d trimmed copies are not found", lost, n)
	}
}

// TestTenSharedWordsAreFound is what winnowing promises.
func TestTenSharedWordsAreFound(t *testing.T) {
	for i := range 500 {
		shared := report(uint64(10_000+i), winnow+ShingleSize-1)
		d := NewDetector()
		d.Add(1, Sign(report(uint64(i), 300)+" "+shared+" "+report(uint64(i+1000), 300)))
		if got := d.Similar(Sign(report(uint64(i+2000), 50)+" "+shared+" "+report(uint64(i+3000), 10)), 5); len(got) != 1 {
			t.Fatalf("%d: found %v", i, got)
		}
	}
}

// TestASentenceOfAnOutlet: a thousand pages carry one disclaimer; the copied
// one is still found, and first.
func TestASentenceOfAnOutlet(t *testing.T) {
	d := NewDetector()
	for i := range 1000 {
		d.Add(int64(i), Sign(report(uint64(i), 100)+disclaimer))
	}
	d.Add(5000, Sign(story+disclaimer))
	if got := d.Similar(Sign("New headline here\n"+agency[1]+disclaimer), 5); len(got) != 5 || got[0] != 5000 {
		t.Errorf("found %v", got)
	}
}

func TestLongTextsStayBounded(t *testing.T) {
	text := report(1, 100_000)
	s := Sign(text)
	if len(s.fingerprints) != maxFingerprints || len(s.Marshal()) != 1+2*minima+4*maxFingerprints {
		t.Errorf("%d fingerprints in %d bytes", len(s.fingerprints), len(s.Marshal()))
	}
	d := NewDetector()
	d.Add(1, s)
	if got := d.Similar(Sign(text[len(text)/2:len(text)/2+6000]), 1); len(got) != 1 {
		t.Error("a page of it is not found")
	}
}

func TestParse(t *testing.T) {
	for _, text := range []string{"", "one", "🔥", story, report(3, 50_000)} {
		s := Sign(text)
		back, err := Parse(s.Marshal())
		if err != nil || back.minima != s.minima || !slices.Equal(back.fingerprints, s.fingerprints) {
			t.Errorf("%.20q does not come back: %v", text, err)
		}
	}
	whole := Sign(story).Marshal()
	swapped := slices.Clone(whole)
	copy(swapped[1+2*minima:], whole[1+2*minima+4:1+2*minima+8])
	for name, tt := range map[string]struct {
		b    []byte
		want error
	}{
		"nothing":                     {nil, ErrMalformed},
		"another version":             {append([]byte{9}, whole[1:]...), ErrVersion},
		"cut in the minima":           {whole[:100], ErrMalformed},
		"cut in a fingerprint":        {whole[:len(whole)-1], ErrMalformed},
		"no fingerprints":             {whole[:1+2*minima], ErrMalformed},
		"fingerprints out of order":   {swapped, ErrMalformed},
		"more fingerprints than kept": {append(slices.Clone(whole), make([]byte, 4*maxFingerprints)...), ErrMalformed},
	} {
		if _, err := Parse(tt.b); !errors.Is(err, tt.want) {
			t.Errorf("%s: error %v, want %v", name, err, tt.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte{})
	f.Add(Sign("").Marshal())
	f.Add(Sign(story).Marshal())
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := Parse(b)
		if err != nil {
			return
		}
		if string(s.Marshal()) != string(b) {
			t.Error("Marshal gives other bytes")
		}
		d := NewDetector()
		d.Add(1, s)
		if got := d.Similar(s, 1); len(got) != min(1, len(s.fingerprints)) {
			t.Errorf("it finds %v", got)
		}
	})
}

func TestAddWhileSearching(t *testing.T) {
	const writers, each = 4, 200
	d := NewDetector()
	d.Add(-1, Sign(story))
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				doc := int64(w*each + i)
				s := Sign(report(uint64(doc), 80))
				d.Add(doc, s)
				if got := d.Similar(s, 1); !slices.Equal(got, []int64{doc}) {
					t.Errorf("%d was added and is not found: %v", doc, got)
				}
				if got := d.Similar(Sign(agency[0]), 1); !slices.Equal(got, []int64{-1}) {
					t.Errorf("the first document is not found: %v", got)
				}
			}
		})
	}
	wg.Wait()
}

// BenchmarkSignAndSimilar signs a text of 150 words and looks for it among so
// many; one of ten is a copy.
func BenchmarkSignAndSimilar(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("documents=%d", n), func(b *testing.B) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			d := NewDetector()
			for i := range n {
				d.Add(int64(i), Sign(report(uint64(i), 150)))
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			texts := make([]string, 500)
			size := 0
			for i := range texts {
				seed := n + i
				if i%10 == 0 {
					seed = i
				}
				texts[i] = report(uint64(seed), 150)
				size += len(texts[i])
			}
			b.SetBytes(int64(size / len(texts)))
			i := 0
			for b.Loop() {
				d.Similar(Sign(texts[i%len(texts)]), 10)
				i++
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "documents/s")
			b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(n), "B/document")
			runtime.KeepAlive(d)
		})
	}
}

// Four minima at a time give what one at a time does, where some are 0, equal, or
// differ in one bit.
func TestResemblanceCountsEachMinimum(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	values := []uint16{0, 0, 1, 0x7FFF, 0x8000, 0x8001, 0xFFFF, 0xFFFE}
	for range 2000 {
		var a, b [minima]uint16
		same, either := 0, 0
		for i := range a {
			a[i], b[i] = values[r.IntN(len(values))], values[r.IntN(len(values))]
			if r.IntN(3) == 0 {
				b[i] = a[i]
			}
			if a[i] != 0 || b[i] != 0 {
				either++
				if a[i] == b[i] {
					same++
				}
			}
		}
		x, y := pack(&a), pack(&b)
		if got, want := resemblance(&x, &y), float64(same)/float64(max(either, 1)); got != want {
			t.Fatalf("%v and %v: %v, want %v", a, b, got, want)
		}
	}
}
