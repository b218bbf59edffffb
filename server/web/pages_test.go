package web_test

import (
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/secondsource/secondsource/claims"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// get fetches a page and returns its status, headers and text.
func (o *office) get(t *testing.T, path string) (int, http.Header, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, o.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return o.do(t, req)
}

func (o *office) do(t *testing.T, req *http.Request) (int, http.Header, string) {
	t.Helper()
	res, err := o.web.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, string(b)
}

// holds fails for each of the texts that a page lacks.
func holds(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, want := range texts {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

func TestAskingShowsVerdictsInPlainWords(t *testing.T) {
	o := open(t, "")
	o.tell(t)
	for claim, want := range map[string][]string{
		"A barge hit the Halden Bridge on 4 May 2026":          {"Corroborated", "Nobody denies it.", "Velmark Ministry of Transport", "<svg", "<mark>"},
		"Two dock workers were injured at the Halden Bridge":   {"One origin", "Who says so"},
		"The crew of the Marta K was drunk":                    {"Disputed", "denies or contradicts it", "Who denies or contradicts it"},
		"The Halden Bridge collapsed into the river":           {"Not reported", "No stored document says so"},
		"It was raining bananas & <script>alert(1)</script> 🍌": {"Not reported", "&lt;script&gt;alert(1)&lt;/script&gt; 🍌"},
	} {
		code, _, page := o.get(t, "/?claim="+url.QueryEscape(claim))
		if code != http.StatusOK {
			t.Errorf("%q: status %d", claim, code)
		}
		holds(t, page, want...)
		if strings.Contains(page, "<script>alert") {
			t.Errorf("%q stands in the page as markup", claim)
		}
	}
}

func TestTheLinkGivesTheAnswerAgain(t *testing.T) {
	o := open(t, "")
	o.tell(t)
	_, _, page := o.get(t, "/?claim="+url.QueryEscape("A barge hit the Halden Bridge on 4 May 2026"))
	_, link, _ := strings.Cut(page, "<a href=\"/?claim=")
	link, _, _ = strings.Cut(link, "\"")
	if !strings.Contains(link, "known=") {
		t.Fatalf("the link %q says no time", link)
	}
	o.store(t, &secondsourcev1.Document{Kind: secondsourcev1.DocumentKind_DOCUMENT_KIND_ARTICLE, Publisher: "Late Gazette", Text: "A barge did not hit the Halden Bridge on 4 May 2026, the Norrow Coast Guard said."})
	_, _, now := o.get(t, "/?claim="+url.QueryEscape("A barge hit the Halden Bridge on 4 May 2026"))
	holds(t, now, "Disputed", "Late Gazette")
	_, _, then := o.get(t, "/?claim="+html.UnescapeString(link))
	holds(t, then, "Corroborated")
	if strings.Contains(then, "Late Gazette") {
		t.Error("the link shows what came later")
	}
}

func TestBadQuestionsSayWhatIsWrong(t *testing.T) {
	o := open(t, "")
	for path, want := range map[string]string{
		"/?claim=" + strings.Repeat("x", 5000):        "4096",
		"/?claim=Halden":                              "Holds no claim",
		"/?claim=The+bridge+fell&published=yesterday": "is no date and time",
		"/?claim=The+bridge+fell&origins=many":        "is no number of origins",
		"/?claim=The+bridge+fell&origins=-4":          "greater than or equal to 0",
		"/?of=documents/nothing/claims/1":             "not stored",
		"/?claim=%ff%fe":                              "UTF-8",
	} {
		code, _, page := o.get(t, path)
		if code != http.StatusBadRequest && code != http.StatusNotFound {
			t.Errorf("%.40s: status %d", path, code)
		}
		holds(t, page, want, `role="alert"`)
	}
	for path, want := range map[string]int{"/nowhere": 404, "/documents/nothing": 404, "/documents/Not+A+Name": 404, "/documents/..%2f..": 404, "/assets/": 404} {
		if code, _, _ := o.get(t, path); code != want {
			t.Errorf("%s: status %d, want %d", path, code, want)
		}
	}
}

// TestADocumentFullOfMarkupIsShownAsText: nothing of a text, a title or a name
// becomes a part of the page.
func TestADocumentFullOfMarkupIsShownAsText(t *testing.T) {
	o := open(t, "")
	evil := "<script>document.title='taken'</script>\"><img src=x onerror=alert(1)> The {{.}} mayor of Zenda resigned on Monday. <a href=\"javascript:alert(1)\">More</a> مرحبا 👩‍🚒"
	name := o.store(t, &secondsourcev1.Document{Kind: secondsourcev1.DocumentKind_DOCUMENT_KIND_ARTICLE, Publisher: "<b>Gazette</b>", Title: "</title><script>alert(2)</script>",
		Byline: "<i>by</i>", Url: "javascript:alert(3)", Text: evil})
	for _, path := range []string{"/" + name, "/" + name + "?claim=1", "/documents", "/?claim=" + url.QueryEscape("The mayor of Zenda resigned")} {
		code, h, page := o.get(t, path)
		if code != http.StatusOK {
			t.Fatalf("%s: status %d", path, code)
		}
		for _, bad := range []string{"<script>", "<img", "<b>G", "<i>by", "href=\"javascript:", "onerror=\""} {
			if strings.Contains(page, bad) {
				t.Errorf("%s holds %q as markup", path, bad)
			}
		}
		if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", path, csp)
		}
	}
	_, _, page := o.get(t, "/"+name)
	holds(t, page, "مرحبا 👩‍🚒", "&lt;script&gt;document.title")
}

func TestADocumentShowsItsClaimsAndChains(t *testing.T) {
	o := open(t, "")
	names := o.tell(t)
	_, _, page := o.get(t, "/"+names["agency"])
	holds(t, page, "Barge strikes Halden Bridge", "Meridian Press Agency", `id="claim-1"`, "claims</h2>")
	_, _, page = o.get(t, "/"+names["agency"]+"?claim=1")
	holds(t, page, `class="claim chosen`, "hop-2", "Velmark Ministry of Transport", "Who asserts it", "Taken apart", `rel="next"`)
	_, _, page = o.get(t, "/documents?publisher=Coast+Daily")
	holds(t, page, "Morning chaos")
	if strings.Contains(page, "Elsen Courier") {
		t.Error("the list shows another publisher")
	}
}

// post sends a form as a page of the desk does.
func (o *office) post(t *testing.T, path string, form url.Values) (int, http.Header, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return o.do(t, req)
}

const draft = "A barge struck the Halden Bridge on Monday 4 May 2026.\r\n\r\nThe crew of the Marta K was drunk, two port officials said. A tram left the rails in Zenda last night."

func TestCheckingADraft(t *testing.T) {
	o := open(t, "")
	o.tell(t)
	code, _, page := o.post(t, "/draft", url.Values{"text": {draft}, "title": {"Night at the bridge"}, "publisher": {"Harbour Post"}})
	if code != http.StatusOK {
		t.Fatalf("status %d", code)
	}
	holds(t, page, "Corroborated", "Disputed", "Not reported", `id="found-1"`, `href="#found-1"`, "Night at the bridge")
	if strings.Index(page, "Disputed</h3>") > strings.Index(page, "Corroborated</h3>") {
		t.Error("the weakest does not come first")
	}
	code, h, report := o.post(t, "/draft", url.Values{"text": {draft}, "as": {"report"}})
	if code != http.StatusOK || !strings.HasPrefix(h.Get("Content-Type"), "text/plain") || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") {
		t.Errorf("the report: %d %v", code, h)
	}
	holds(t, report, "Not reported.", "- Norrow Shipping", "does not say what is true")
	for _, form := range []url.Values{{}, {"text": {" \r\n "}}, {"text": {"\xff\xfe"}}, {"text": {draft}, "origins": {"many"}}, {"text": {draft}, "publisher": {strings.Repeat("x", 300)}}} {
		if code, _, page := o.post(t, "/draft", form); code != http.StatusBadRequest || !strings.Contains(page, `role="alert"`) {
			t.Errorf("%.40v: status %d", form, code)
		}
	}
	if code, _, _ := o.post(t, "/draft", url.Values{"text": {strings.Repeat("x", 7<<20)}}); code != http.StatusRequestEntityTooLarge && code != http.StatusBadRequest {
		t.Errorf("far too long: status %d", code)
	}
	if res, err := o.ListDocuments(t.Context(), &secondsourcev1.ListDocumentsRequest{Publisher: "Harbour Post"}); err != nil || len(res.GetDocuments()) > 0 {
		t.Errorf("the draft was stored: %v %v", res, err)
	}
}

func TestSourcesAreListedAndShown(t *testing.T) {
	o := open(t, "")
	o.tell(t)
	_, _, page := o.get(t, "/sources?which=registered")
	holds(t, page, "Velmark Ministry of Transport", "government body, registered")
	_, _, page = o.get(t, "/sources?which=met")
	if strings.Contains(page, "registered</span>") || !strings.Contains(page, "met in documents") {
		t.Error("registered sources stand among those only met")
	}
	_, _, page = o.get(t, "/sources?named=velmark")
	if holds(t, page, "Velmark Ministry of Transport"); strings.Contains(page, "Coast Daily") {
		t.Error("the list shows another name")
	}
	code, _, page := o.get(t, "/sources/velmark-transport")
	if code != http.StatusOK {
		t.Errorf("status %d", code)
	}
	holds(t, page, "@velmark_transport", "Transport Ministry", "What it asserts", "barge", "/watch?source=")
	for _, path := range []string{"/sources/nobody", "/sources/No+Name"} {
		if code, _, _ := o.get(t, path); code != http.StatusNotFound {
			t.Errorf("%s: status %d", path, code)
		}
	}
}

// TestAWatchTellsWhatIsWrong: what cannot be watched ends the stream with words.
func TestAWatchTellsWhatIsWrong(t *testing.T) {
	o := open(t, "")
	for _, path := range []string{"/watch/events?claim=Halden", "/watch/events?of=documents/nothing/claims/1", "/watch/events?claim=A+barge+hit+the+bridge&after=nonsense", "/watch/events"} {
		code, h, body := o.get(t, path)
		if code != http.StatusOK || h.Get("Content-Type") != "text/event-stream" || !strings.Contains(body, `"final":true`) {
			t.Errorf("%s: %d %s", path, code, body)
		}
	}
}

// form finds a form on a page by its button, and fills in what it hides.
func form(t *testing.T, page, button string) (action string, fields url.Values) {
	t.Helper()
	fields = url.Values{}
	for _, part := range strings.Split(page, "<form ")[1:] {
		part, _, _ = strings.Cut(part, "</form>")
		if !strings.Contains(part, ">"+button+"</button>") {
			continue
		}
		action = between(part, `action="`, `"`)
		for _, field := range strings.Split(part, `<input type="hidden" `)[1:] {
			fields.Set(between(field, `name="`, `"`), between(field, `value="`, `"`))
		}
		return action, fields
	}
	t.Fatalf("no form has a button %q", button)
	return "", nil
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return html.UnescapeString(s)
}

// TestAnEditorDecidesAndTakesBack joins two origins on the page of the answer, sees
// what became of it, and takes it back; grades and merges sources.
func TestAnEditorDecidesAndTakesBack(t *testing.T) {
	o := open(t, "")
	o.tell(t)
	const ask = "/?claim=A+barge+hit+the+Halden+Bridge+on+4+May+2026"
	_, _, page := o.get(t, ask)
	holds(t, page, "Corroborated", "2 independent origins say so")
	to, fields := form(t, page, "They have one origin")
	choices := strings.Split(page, `<option value="documents/`)
	fields.Set("a", "documents/"+between(choices[1], "", `"`))
	fields.Set("b", "documents/"+between(choices[2], "", `"`))
	claim := fields.Get("a")
	fields.Set("reason", "the union has it from the ministry")
	for range 2 { // sent twice it decides once
		code, _, joined := o.post(t, to, fields)
		if code != http.StatusOK {
			t.Fatalf("joining: %d", code)
		}
		holds(t, joined, "One origin", "An editor&#39;s judgement", "the union has it from the ministry", "judgements/")
	}
	_, _, log := o.get(t, "/judgements")
	if n := strings.Count(log, "These have one origin"); n != 1 {
		t.Errorf("the log has %d joins", n)
	}
	to, fields = form(t, log, "Take it back")
	fields.Set("reason", "they did not")
	if code, _, _ := o.post(t, to, fields); code != http.StatusOK {
		t.Fatalf("taking back: %d", code)
	}
	_, _, page = o.get(t, ask)
	holds(t, page, "Corroborated", "2 independent origins say so")
	fields.Set("once", "again")
	if code, _, page := o.post(t, to, fields); code != http.StatusBadRequest || !strings.Contains(page, `role="alert"`) {
		t.Errorf("taking back what is taken back: %d", code)
	}

	if _, err := o.SetStance(t.Context(), &secondsourcev1.SetStanceRequest{Claim: claim, Stance: secondsourcev1.Stance_STANCE_NEUTRAL, Reason: "another bridge",
		Toward: &secondsourcev1.SetStanceRequest_ClaimText{ClaimText: "The <old> bridge was hit"}}); err != nil {
		t.Fatal(err)
	}
	_, _, log = o.get(t, "/judgements")
	holds(t, log, "toward “<span dir=\"auto\">The &lt;old&gt; bridge was hit</span>”")

	_, _, page = o.get(t, "/sources/coast-daily")
	to, fields = form(t, page, "Grade it")
	fields.Set("grade", "B")
	fields.Set("reason", "right for years")
	if code, _, page := o.post(t, to, fields); code != http.StatusOK || !strings.Contains(page, "B, usually reliable") {
		t.Errorf("grading: %d", code)
	}
	to, fields = form(t, page, "It is that one")
	fields.Set("other", "Elsen Courier")
	fields.Set("reason", "one desk")
	if code, _, page := o.post(t, to, fields); code != http.StatusOK || !strings.Contains(page, "These sources are one") {
		t.Errorf("merging: %d", code)
	}
	to, fields = form(t, page, "Add the name")
	fields.Set("alias", "The Daily Coast")
	if code, _, page := o.post(t, to, fields); code != http.StatusOK || !strings.Contains(page, "The Daily Coast") {
		t.Errorf("another name: %d", code)
	}
	for button, other := range map[string]string{"It is that one": "Nobody At All", "It controls this one": "coast-daily", "It is not that one": ""} {
		to, fields = form(t, page, button)
		fields.Set("other", other)
		fields.Set("reason", "why not")
		if code, _, page := o.post(t, to, fields); code != http.StatusBadRequest || !strings.Contains(page, `role="alert"`) {
			t.Errorf("%s %q: %d", button, other, code)
		}
	}
}

// TestVersionsAndCopiesStandBeside: what differs between two texts is marked, line
// by line.
func TestVersionsAndCopiesStandBeside(t *testing.T) {
	o := open(t, "")
	names := o.tell(t)
	_, _, page := o.get(t, "/"+names["copy"])
	holds(t, page, "Documents that share its wording", "?beside="+strings.TrimPrefix(names["agency"], "documents/"))
	_, _, page = o.get(t, "/"+names["copy"]+"?beside="+strings.TrimPrefix(names["agency"], "documents/"))
	holds(t, page, `id="beside"`, "<mark>(With inputs from MPA)</mark>", "<mark>PORT ELSEN, May 4 (MPA) -</mark>", "Two dock workers were injured")
	for _, other := range []string{"nothing", "No+Name"} {
		if code, _, _ := o.get(t, "/"+names["copy"]+"?beside="+other); code != http.StatusNotFound {
			t.Errorf("beside %s: %d", other, code)
		}
	}
}

// TestRolesDecideWhatIsShown: a reader's pages have no forms that decide, and what
// they would send is refused.
func TestRolesDecideWhatIsShown(t *testing.T) {
	const token = "the-token-of-the-newsroom"
	o := open(t, token)
	o.tell(t)
	const ask = "/?claim=A+barge+hit+the+Halden+Bridge+on+4+May+2026"
	for role, may := range map[claims.CallerRole]bool{claims.RoleReader: false, claims.RoleContributor: false, claims.RoleEditor: true} {
		key := o.key(t, "the-"+strings.ToLower(string(role)), role)
		o.post(t, "/sign-out", nil)
		if code, _, page := o.post(t, "/sign-in", url.Values{"key": {key}, "next": {ask}}); code != http.StatusOK || !strings.Contains(page, "Corroborated") {
			t.Fatalf("%s: signing in: %d", role, code)
		}
		for _, path := range []string{ask, "/sources/coast-daily", "/judgements"} {
			_, _, page := o.get(t, path)
			if got := strings.Contains(page, `name="reason"`); got != may && (may && path != "/judgements" || !may) {
				t.Errorf("%s at %.20s: forms that decide: %v, want %v", role, path, got, may)
			}
		}
		code, _, page := o.post(t, "/sources/coast-daily", url.Values{"what": {"grade"}, "grade": {"A"}, "reason": {"because"}})
		if want := map[bool]int{true: http.StatusOK, false: http.StatusForbidden}[may]; code != want {
			t.Errorf("%s grades: status %d, want %d", role, code, want)
		}
		if !may {
			holds(t, page, "Your key may not do this.")
		}
	}
	_, _, log := o.get(t, "/judgements")
	holds(t, log, "Graded A", "the-"+strings.ToLower(string(claims.RoleEditor)))
}

func TestASourceMetInDocumentsIsRegistered(t *testing.T) {
	o := open(t, "")
	o.store(t, &secondsourcev1.Document{Kind: secondsourcev1.DocumentKind_DOCUMENT_KIND_ARTICLE, Publisher: "Elsen Courier", Text: "The mayor of Elsen resigned on Monday, the Zenda Harbour Board said."})
	_, _, list := o.get(t, "/sources?which=met&named=Zenda")
	_, _, page := o.get(t, between(list, `<li><a href="`, `"`))
	to, fields := form(t, page, "Register it")
	code, _, page := o.post(t, to, fields)
	if code != http.StatusOK {
		t.Fatalf("registering: %d", code)
	}
	holds(t, page, "Zenda Harbour Board", "Registered by an editor.", "The mayor of Elsen resigned")
}

func TestSigningIn(t *testing.T) {
	const key = "a-key-of-the-newsroom-4711"
	o := open(t, key)
	send := func(key, next, site string) (int, string, string) {
		form := url.Values{"key": {key}, "next": {next}}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.url+"/sign-in", strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if site != "" {
			req.Header.Set("Sec-Fetch-Site", site)
		}
		res, err := o.web.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		b, _ := io.ReadAll(res.Body)
		return res.StatusCode, res.Request.URL.RequestURI(), string(b)
	}
	if _, _, page := o.get(t, "/documents"); !strings.Contains(page, "Sign in") || !strings.Contains(page, `value="/documents"`) {
		t.Error("a page is shown to whoever has not signed in")
	}
	if code, _, page := send("wrong-wrong-wrong-1234", "/documents", ""); code != http.StatusUnprocessableEntity || !strings.Contains(page, "does not know this key") {
		t.Errorf("a wrong key: %d", code)
	}
	if code, _, _ := send("no key", "/", ""); code != http.StatusUnprocessableEntity {
		t.Errorf("what is no key: %d", code)
	}
	if code, _, _ := send(key, "/documents", "cross-site"); code != http.StatusForbidden {
		t.Errorf("a form of another site: %d", code)
	}
	for _, elsewhere := range []string{"https://evil.example/", "//evil.example/", "/\\evil.example"} {
		if _, at, _ := send(key, elsewhere, ""); at != "/" {
			t.Errorf("signing in leads to %q for %q", at, elsewhere)
		}
	}
	if _, at, page := send(key, "/documents", "same-origin"); at != "/documents" || !strings.Contains(page, "Sign out") {
		t.Errorf("signed in, and at %q", at)
	}
	at, err := url.Parse(o.url)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range o.web.Jar.Cookies(at) {
		if strings.Contains(c.Value, key) {
			t.Error("the browser holds the key")
		}
	}
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, o.url+"/sign-out", nil)
	o.do(t, req)
	if _, _, page := o.get(t, "/documents"); !strings.Contains(page, "opens with a key") {
		t.Error("a page is shown after signing out")
	}
}
