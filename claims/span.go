package claims

// Span is a half-open range [Start, End) of UTF-8 bytes in a text. The text it
// points into is named by whoever holds it; by default it is Document.Text.
type Span struct {
	Start int `json:"s"`
	End   int `json:"e"`
}

// Len is the number of bytes the span covers.
func (s Span) Len() int { return s.End - s.Start }

// Empty tells whether the span covers nothing.
func (s Span) Empty() bool { return s.End <= s.Start }

// In tells whether the span lies within a text of n bytes.
func (s Span) In(n int) bool { return s.Start >= 0 && s.Start <= s.End && s.End <= n }

// Of returns the bytes of text that the span covers, or "" when it lies
// outside the text.
func (s Span) Of(text string) string {
	if !s.In(len(text)) {
		return ""
	}
	return text[s.Start:s.End]
}

// Overlap is the number of bytes that two spans share.
func (s Span) Overlap(o Span) int {
	return max(0, min(s.End, o.End)-max(s.Start, o.Start))
}

// Contains tells whether o lies wholly inside s.
func (s Span) Contains(o Span) bool { return s.Start <= o.Start && o.End <= s.End }

// Cover is the smallest span that holds both; an empty span adds nothing.
func (s Span) Cover(o Span) Span {
	if s.Empty() {
		return o
	}
	if o.Empty() {
		return s
	}
	return Span{min(s.Start, o.Start), max(s.End, o.End)}
}
