package language

import (
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/secondsource/secondsource/claims"
)

// layout cuts a text into blocks (lines) and tells prose from what stands round
// it: scraped page titles, "Also read", disclaimers, bylines, headings, links,
// and posts of others that are embedded in the text.
func layout(t *Text) {
	start, paragraph, blank := 0, 0, 0
	gaps := []int{} // blank lines before each block
	for start <= len(t.Raw) {
		end := strings.IndexByte(t.Raw[start:], '\n')
		if end < 0 {
			end = len(t.Raw)
		} else {
			end += start
		}
		line := trimSpan(t.Raw, claims.Span{Start: start, End: end})
		if line.Empty() {
			blank++
		} else {
			if blank > 0 || start == 0 {
				paragraph++
			}
			t.Blocks = append(t.Blocks, Block{Span: line, Embed: -1, Paragraph: paragraph})
			gaps = append(gaps, blank)
			blank = 0
		}
		start = end + 1
	}
	findEmbeds(t, gaps)
	for i := range t.Blocks {
		if t.Blocks[i].Embed < 0 {
			t.Blocks[i].Kind = blockKind(t, i)
		}
	}
	headings(t)
}

func trimSpan(s string, at claims.Span) claims.Span {
	for at.Start < at.End {
		r, n := utf8.DecodeRuneInString(s[at.Start:at.End])
		if !unicode.IsSpace(r) && r != '\ufeff' && r != '\u200b' {
			break
		}
		at.Start += n
	}
	for at.Start < at.End {
		r, n := utf8.DecodeLastRuneInString(s[at.Start:at.End])
		if !unicode.IsSpace(r) && r != '\u200b' {
			break
		}
		at.End -= n
	}
	return at
}

const monthRx = `(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)`

var (
	// The signature under an embedded X post: "— Name (@handle) March 6, 2026".
	signatureRx = regexp.MustCompile(`[—–-]{1,2}\s*([^\n()—]{1,80}?)\s*\((@\w{1,30})\)\s*(` + monthRx + `\s+\d{1,2},?\s+\d{4}|\d{1,2}\s+` + monthRx + `,?\s+\d{4})\s*$`)
	pageTitleRx = regexp.MustCompile(`\s[|]\s*[\pL\d .]{1,40}$`)
	promptRx    = regexp.MustCompile(`(?i)^[\s👉➡▶️📌🔗]*(?:also (?:read|watch|see)|read (?:also|more|next|full)|watch(?: also| now| video)?\s*:|see also|related\s*:|must read|click here|subscribe|follow us|join (?:us|our)|send us|share this|sign up|download (?:our|the) app|more on this|photo\s*:|image\s*:|file photo|advertisement|trending|recommended)\b`)
	discRx      = regexp.MustCompile(`(?i)^\W*(?:disclaimer\b|\(?with (?:additional )?inputs? from\b|\(?with agency inputs|(?:this|the) (?:story|article|report|item|post|copy|news) (?:has been|was|is) (?:\w+ ){0,4}(?:published|sourced|taken|auto|generated|syndicated|not been edited)|except for the headline|this is an? (?:unedited|agency)|published (?:under|via|from) (?:a |an )?(?:arrangement|syndicat|wire|agency)|\(?(?:reporting|writing|additional reporting|editing) by\b|source\s*:|©|copyright\b|all rights reserved)`)
	bylineRx    = regexp.MustCompile(`^(?i:by)\s+[\pL]`)
	bylineEnd   = regexp.MustCompile(`[.!?]["”’)]?$`)
	feedRx      = regexp.MustCompile(`(?i)\b(?:(?:agency|syndicated|wire|news) feed|auto-?generated from|syndicated (?:feed|content)|wire service|agency (?:inputs|copy|report)|news agency)\b`)
	fromFeedRx  = regexp.MustCompile(`(?:[Ww]ith (?:additional )?[Ii]nputs? from|[Ff]rom|[Vv]ia|[Ss]ource\s*:|[Cc]opyright|©|[Pp]ublished by|[Pp]rovided by) (?:the )?((?:[A-Z][\w&.’'-]*)(?: (?:of |and )?[A-Z][\w&.’'-]*){0,5})`)
)

// findEmbeds marks the posts that stand inside the text with their signature.
// A headline-like line set apart from the running text by a wider gap right
// above belongs to the post: platforms break a post's first line off.
func findEmbeds(t *Text, gaps []int) {
	for i := range t.Blocks {
		b := &t.Blocks[i]
		m := signatureRx.FindStringSubmatchIndex(b.Span.Of(t.Raw))
		if m == nil {
			continue
		}
		line := b.Span.Of(t.Raw)
		e := claims.Embed{Kind: claims.KindXPost, Author: line[m[2]:m[3]], Handle: line[m[4]:m[5]]}
		if d, ok := parseDate(line[m[6]:m[7]]); ok {
			e.PublishedAt = d
		}
		first := i
		if m[0] == 0 && i > 0 || strings.TrimSpace(line[:m[0]]) == "" && i > 0 {
			first = i - 1 // the signature has a line of its own
		}
		for first > 0 && gaps[first] >= 2 && first == i && headlineLike(t.Blocks[first-1].Span.Of(t.Raw)) && t.Blocks[first-1].Embed < 0 {
			first--
		}
		n := len(t.Embeds)
		for k := first; k <= i; k++ {
			t.Blocks[k].Embed, t.Blocks[k].Kind = n, Post
			t.Blocks[k].Paragraph = t.Blocks[first].Paragraph
		}
		e.Span = claims.Span{Start: t.Blocks[first].Span.Start, End: b.Span.End}
		// The signature is no part of what the post says.
		b.Span = trimSpan(t.Raw, claims.Span{Start: b.Span.Start, End: b.Span.Start + m[0]})
		t.Embeds = append(t.Embeds, e)
	}
}

// headlineLike: a short line without a full stop whose longer words are mostly
// capitalised.
func headlineLike(s string) bool {
	if len(s) > 160 || strings.HasSuffix(s, ".") || strings.HasSuffix(s, ":") || strings.HasSuffix(s, "…") {
		return false
	}
	up, n := 0, 0
	for w := range strings.FieldsSeq(s) {
		r, _ := utf8.DecodeRuneInString(w)
		if len(w) > 3 && unicode.IsLetter(r) {
			n++
			if unicode.IsUpper(r) {
				up++
			}
		}
	}
	return n >= 2 && up*10 >= n*8
}

// titled: nearly every word of a line with a full stop is written large, as in a
// headline.
func titled(s string) bool {
	if len(s) > 160 || !strings.HasSuffix(s, ".") {
		return false
	}
	up, n := 0, 0
	for w := range strings.FieldsSeq(s) {
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsLetter(r) {
			n++
			if unicode.IsUpper(r) {
				up++
			}
		}
	}
	return n >= 5 && up*20 >= n*17 && headlineLike(strings.TrimSuffix(s, "."))
}

func blockKind(t *Text, i int) BlockKind {
	line := t.Blocks[i].Span.Of(t.Raw)
	bare := strings.TrimLeft(line, "([*_ ")
	switch {
	case discRx.MatchString(bare):
		return Disclaimer
	case promptRx.MatchString(line):
		return Prompt
	case i == 0 && pageTitleRx.MatchString(line):
		return PageTitle
	case bylineRx.MatchString(bare) && len(line) < 120 && !bylineEnd.MatchString(line) && i < 4 && !hasFinite(line):
		return Byline
	case (strings.HasPrefix(line, "http") || strings.HasPrefix(line, "pic.")) && !strings.Contains(line, " "):
		return LinkOnly
	case !strings.ContainsFunc(line, unicode.IsLetter):
		if strings.ContainsFunc(line, unicode.IsDigit) {
			return Prose
		}
		return LinkOnly
	}
	return Prose
}

var finiteWords = set("is are was were has have had said says will would did does do can could may might")

func hasFinite(line string) bool {
	for w := range strings.FieldsSeq(strings.ToLower(line)) {
		if finiteWords[strings.Trim(w, ".,")] {
			return true
		}
	}
	return false
}

// headings marks short lines without final punctuation between paragraphs of a
// text that has full sentences elsewhere; in a post every line is prose.
func headings(t *Text) {
	if t.meta.Kind == claims.KindTelegramPost || t.meta.Kind == claims.KindXPost {
		return
	}
	full := 0
	for _, b := range t.Blocks {
		if b.Kind == Prose && endsSentence(b.Span.Of(t.Raw)) {
			full++
		}
	}
	if full == 0 {
		return
	}
	for i := range t.Blocks {
		b := &t.Blocks[i]
		line := b.Span.Of(t.Raw)
		if b.Kind != Prose || endsSentence(line) || len(line) > 110 || strings.HasSuffix(line, ":") {
			continue
		}
		own := (i == 0 || t.Blocks[i-1].Paragraph != b.Paragraph) && (i+1 == len(t.Blocks) || t.Blocks[i+1].Paragraph != b.Paragraph)
		if own {
			b.Kind = Heading
		}
	}
}

func endsSentence(line string) bool {
	line = strings.TrimRight(line, "\"'”’)]* ")
	if line == "" {
		return false
	}
	r, _ := utf8.DecodeLastRuneInString(line)
	return r == '.' || r == '!' || r == '?' || r == '…' || r == ':'
}

var (
	// "ZENDA, March 10 (RTA) – ", "Zenda [Ruritania], March 7: ", "STRELSAU, Jan 15 (RTA) ".
	datelineRx = regexp.MustCompile(`^([\pL][\pL .'’/-]{1,40}?(?:\s*[\[(][\pL .]{2,30}[\])])?(?:,\s*[\pL][\pL .]{1,30})?)(?:,\s*(` + monthRx + `\s+\d{1,2}|\d{1,2}\s+` + monthRx + `)(?:,?\s+\d{4})?)?\s*(?:\(([\pL][\pL .&/-]{1,40})\))?\s*(?:[:—–]|--|-\s)\s*`)
	dateAgyRx  = regexp.MustCompile(`^([\pLu][\pL .'’/-]{1,40}?),\s*(` + monthRx + `\s+\d{1,2}|\d{1,2}\s+` + monthRx + `)\s*\(([\pL][\pL .&/-]{1,40})\)\s*`)
)

// dateline cuts the dateline off the first prose block and reads the agency it
// credits. It returns the dateline's span, empty when there is none.
func dateline(t *Text) claims.Span {
	for i := range t.Blocks {
		b := &t.Blocks[i]
		if b.Kind != Prose {
			continue
		}
		line := b.Span.Of(t.Raw)
		head := line
		if len(head) > 160 {
			head = head[:160]
			for len(head) > 0 && !utf8.ValidString(head) {
				head = head[:len(head)-1]
			}
		}
		m := datelineRx.FindStringSubmatchIndex(head)
		agency := [2]int{-1, -1}
		date := false
		if m != nil {
			date = m[4] >= 0
			agency = [2]int{m[6], m[7]}
		} else if m = dateAgyRx.FindStringSubmatchIndex(head); m != nil {
			date, agency = true, [2]int{m[6], m[7]}
		}
		if m == nil || m[1] >= len(line) {
			return claims.Span{}
		}
		city := line[m[2]:m[3]]
		// Without a date or an agency it is only a dateline when the place is
		// in capitals: "ZENDA - ...".
		if !date && agency[0] < 0 && strings.ToUpper(city) != city {
			return claims.Span{}
		}
		if !date && agency[0] < 0 && (len(city) < 3 || strings.HasSuffix(strings.TrimSpace(line[:m[1]]), ":") && manyTurns(t)) {
			return claims.Span{}
		}
		at := b.Span.Start
		span := claims.Span{Start: at, End: at + m[1]}
		if agency[0] >= 0 {
			s := claims.Span{Start: at + agency[0], End: at + agency[1]}
			t.Credits = append(t.Credits, claims.Credit{Name: s.Of(t.Raw), Span: s, Text: s.Of(t.Raw)})
		}
		b.Span.Start = span.End
		return span
	}
	return claims.Span{}
}

// A live page's clock ("08:31 — A plane …") and an agency's name at the very end
// of its copy ("… — RTA", "… (RTA)").
var (
	clockRx   = regexp.MustCompile(`^\d{1,2}(?:[:.]\d{2})?(?:\s?(?:[ap]\.?m\.?|GMT|UTC|[A-Z]{2,4}))?\s*[—–-]+\s+|^\d{1,2}(?:[:.]\d{2})?\s?[ap]\.?m\.?\s+`)
	signOffRx = regexp.MustCompile(`[.!?"”]\s+(?:[—–]\s*|\()([A-Z]{2,6})\)?\s*$`)
)

// clocks takes the time of day off the front of blocks.
func clocks(t *Text) {
	for i := range t.Blocks {
		b := &t.Blocks[i]
		if m := clockRx.FindStringIndex(b.Span.Of(t.Raw)); m != nil && b.Kind == Prose && b.Span.Start+m[1] < b.Span.End {
			b.Span.Start += m[1]
		}
	}
}

// signOff reads the agency whose name closes the text.
func signOff(t *Text) {
	for i := len(t.Blocks) - 1; i >= 0; i-- {
		b := &t.Blocks[i]
		if b.Kind != Prose {
			continue
		}
		if m := signOffRx.FindStringSubmatchIndex(b.Span.Of(t.Raw)); m != nil {
			s := claims.Span{Start: b.Span.Start + m[2], End: b.Span.Start + m[3]}
			t.Credits = append(t.Credits, claims.Credit{Name: s.Of(t.Raw), Span: s, Text: s.Of(t.Raw)})
			b.Span.End = b.Span.Start + m[0] + 1
		}
		return
	}
}

// credits reads who the text says it has its wording from: disclaimers, "with
// inputs from", the byline and the credit line.
func credits(t *Text) {
	for _, b := range t.Blocks {
		if b.Kind != Disclaimer {
			continue
		}
		line := b.Span.Of(t.Raw)
		name := ""
		var span claims.Span
		if m := fromFeedRx.FindStringSubmatchIndex(line); m != nil {
			name = strings.TrimSuffix(strings.TrimSuffix(strings.TrimRight(line[m[2]:m[3]], ". "), "'s"), "’s")
			span = claims.Span{Start: b.Span.Start + m[2], End: b.Span.Start + m[2] + len(name)}
		} else if m := feedRx.FindStringIndex(line); m != nil {
			span = claims.Span{Start: b.Span.Start + m[0], End: b.Span.Start + m[1]}
		} else {
			continue
		}
		low := strings.ToLower(line)
		if name != "" && (strings.Contains(low, "reporting by") || strings.Contains(low, "editing by") || strings.Contains(low, "writing by")) {
			continue // names of colleagues, not of a feed
		}
		t.Credits = append(t.Credits, claims.Credit{Name: name, Span: span, Text: span.Of(t.Raw)})
	}
	viaPost(t)
	if c := strings.TrimSpace(t.meta.Credit); c != "" {
		t.Credits = append(t.Credits, claims.Credit{Name: c, Where: claims.WhereCredit, Span: claims.Span{End: len(t.meta.Credit)}, Text: t.meta.Credit})
	}
}

// How a post credits another account: "via @zenda_live" or "h/t @zenda_live"
// wherever it stands at the end of a sentence, or the account in brackets at the
// end, its outlet beside it ("[@anamoss, Orta Gazette]").
var (
	viaRx     = regexp.MustCompile(`(?i)(?:^|[\s(\[.!?])(?:via|h/t|hat tip(?: to)?|source:|credit:)\s*(@\w{2,50})\s*(?:[)\].]|$|\s+https?://\S+|\s*[#\n])`)
	bracketRx = regexp.MustCompile(`[\[(](@\w{2,50})(?:\s*[,/|–-]\s*([\p{L}][\p{L} .'’&-]{1,40}))?[\])]\s*(?:[^\p{L}\p{N}\s]+\s*|#\w+\s*|https?://\S+\s*)*$`)
)

// viaPost reads the account that a post says it has its news from.
func viaPost(t *Text) {
	if t.meta.Kind != claims.KindXPost && t.meta.Kind != claims.KindTelegramPost || len(t.Credits) > 0 {
		return
	}
	for i := range t.Blocks {
		b := &t.Blocks[i]
		line := b.Span.Of(t.Raw)
		if m := bracketRx.FindStringSubmatchIndex(line); m != nil {
			name := [2]int{m[2], m[3]}
			if m[4] >= 0 {
				name = [2]int{m[4], m[5]} // the outlet answers for its reporter
			}
			s := claims.Span{Start: b.Span.Start + name[0], End: b.Span.Start + name[1]}
			t.Credits = append(t.Credits, claims.Credit{Name: strings.TrimSpace(s.Of(t.Raw)), Span: s, Text: s.Of(t.Raw)})
			b.Span = trimSpan(t.Raw, claims.Span{Start: b.Span.Start, End: b.Span.Start + m[0]})
			return
		}
		if m := viaRx.FindStringSubmatchIndex(line); m != nil {
			s := claims.Span{Start: b.Span.Start + m[2], End: b.Span.Start + m[3]}
			t.Credits = append(t.Credits, claims.Credit{Name: s.Of(t.Raw), Span: s, Text: s.Of(t.Raw)})
			return
		}
	}
}

var forwardRx = regexp.MustCompile(`(?i)^[^\p{L}@]*forwarded (?:message )?from:?\s+(@?\S.{0,80}\S)$`)

// forwarded reads the line by which a copied post names the channel it was
// forwarded from.
func forwarded(t *Text) {
	if t.meta.Kind != claims.KindTelegramPost || len(t.Blocks) == 0 {
		return
	}
	b := &t.Blocks[0]
	line, rest, more := strings.Cut(b.Span.Of(t.Raw), "\n")
	m := forwardRx.FindStringSubmatchIndex(strings.TrimRight(line, " \r\t"))
	if m == nil {
		return
	}
	t.Forwarded = claims.Span{Start: b.Span.Start + m[2], End: b.Span.Start + m[3]}
	if !more || strings.TrimSpace(rest) == "" {
		b.Kind = Prompt
		return
	}
	// The rest of the block is the post.
	whole := *b
	at := b.Span.Start + len(line) + 1
	b.Span.End, b.Kind = b.Span.Start+len(line), Prompt
	whole.Span.Start = at
	t.Blocks = append(t.Blocks[:1], append([]Block{whole}, t.Blocks[1:]...)...)
}

// parseDate reads a full date in words: "March 6, 2026", "6 March 2026".
func parseDate(s string) (time.Time, bool) {
	s = strings.NewReplacer(",", " ", ".", " ").Replace(s)
	f := strings.Fields(s)
	if len(f) != 3 {
		return time.Time{}, false
	}
	day, mon := f[1], f[0]
	if isDigit(f[0][0]) {
		day, mon = f[0], f[1]
	}
	m := monthOf(mon)
	d, ok1 := smallInt(strings.TrimRight(day, "stndrh"))
	y, ok2 := smallInt(f[2])
	if m == 0 || !ok1 || !ok2 {
		return time.Time{}, false
	}
	return date(y, m, d)
}

// date builds a day and refuses those no calendar has.
func date(y, m, d int) (time.Time, bool) {
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return t, d >= 1 && d <= 31 && t.Day() == d && y >= 1000 && y <= 9999
}

func smallInt(s string) (int, bool) {
	n := 0
	if s == "" || len(s) > 6 {
		return 0, false
	}
	for _, c := range []byte(s) {
		if !isDigit(c) {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

var monthNames = [...]string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
var monthFull = [...]string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

// monthOf is 1..12 for a month's name or abbreviation, 0 otherwise.
func monthOf(s string) int {
	s = strings.ToLower(strings.TrimRight(s, "."))
	for i, m := range monthFull {
		if s == m || s == monthNames[i] || (s == "sept" && i == 8) {
			return i + 1
		}
	}
	return 0
}
