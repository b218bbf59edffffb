package feeds

import (
	"bytes"
	"fmt"
	"html"
	"slices"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
)

// xPost holds the fields that are read of a post in X's API v2
// (docs.x.com, data dictionary).
type xPost struct {
	ID         text   `json:"id"`
	Text       string `json:"text"`
	AuthorID   text   `json:"author_id"`
	CreatedAt  string `json:"created_at"`
	Lang       string `json:"lang"`
	Edits      []text `json:"edit_history_tweet_ids"`
	Referenced []struct {
		Type string `json:"type"`
		ID   text   `json:"id"`
	} `json:"referenced_tweets"`
	Note *struct {
		Text string `json:"text"`
	} `json:"note_tweet"`
}

type xUser struct {
	ID       text   `json:"id"`
	Username string `json:"username"`
	Name     string `json:"name"`
}

// xAnswer is one answer of the API: its posts, and what they refer to.
type xAnswer struct {
	posts map[text]*xPost
	users map[text]*xUser
}

// readX reads answers of the API, one or several after the other. The posts that
// others quote or answer are posts of their own.
func readX(in *input, yield func(Item) bool) {
	for p := range values(in.data) {
		if !isObject(p.raw) {
			if !yield(Item{Position: in.at(p.offset, ""), Err: fmt.Errorf("is no answer of X's API")}) {
				return
			}
			continue
		}
		if !in.xAnswer(p, yield) {
			return
		}
	}
}

func (in *input) xAnswer(p part, yield func(Item) bool) bool {
	a := xAnswer{posts: map[text]*xPost{}, users: map[text]*xUser{}}
	var posts, users []listedPost
	add := func(to *[]listedPost, m part, path string, included bool) {
		if m.raw[0] != '[' {
			*to = append(*to, listedPost{part: m, path: path, included: included})
			return
		}
		n := 0
		for e := range elements(in.data[:m.offset+len(m.raw)], m.offset) {
			*to = append(*to, listedPost{part: e, path: fmt.Sprintf("%s[%d]", path, n), included: included})
			n++
		}
	}
	failed := false
	for m := range members(in.data[:p.offset+len(p.raw)], p.offset) {
		switch m.key {
		case "data":
			add(&posts, m, "data", false)
		case "errors":
			failed = true
		case "includes":
			if !isObject(m.raw) {
				continue
			}
			for i := range members(in.data[:m.offset+len(m.raw)], m.offset) {
				switch i.key {
				case "tweets":
					add(&posts, i, "includes.tweets", true)
				case "users":
					add(&users, i, "includes.users", true)
				}
			}
		}
	}
	if len(posts) == 0 && failed {
		return yield(Item{Position: in.at(p.offset, "errors"), Err: fmt.Errorf("the API answered with errors and no posts")})
	}
	for _, u := range users {
		var x xUser
		if decode(u.raw, &x) == nil { // one that cannot be read stays unknown
			a.users[x.ID] = &x
		}
	}
	// Whatever stands first in the file, what is referred to must be known.
	slices.SortStableFunc(posts, func(x, y listedPost) int { return x.offset - y.offset })
	given := map[text]bool{} // stands in the data
	for i := range posts {
		p := &posts[i]
		if p.err = decode(p.raw, &p.post); p.err != nil {
			continue
		}
		given[p.post.ID] = given[p.post.ID] || !p.included
		if a.posts[p.post.ID] == nil {
			a.posts[p.post.ID] = &p.post
		}
	}
	for i := range posts {
		p := &posts[i]
		if p.included && p.err == nil && given[p.post.ID] {
			continue
		}
		it := Item{Position: in.at(p.offset, p.path), Err: p.err}
		if it.Err == nil {
			if p.included { // twice among what is referred to is once
				given[p.post.ID] = true
			}
			it.Document, it.Err = in.xPost(&p.post, &a)
			if !p.included { // what others wrote is not the publisher's
				it.Document.Publisher = first(it.Document.Publisher, in.options.Publisher)
			}
		}
		if !yield(it) {
			return false
		}
	}
	return true
}

// listedPost is a post of an answer, or an account, with its place.
type listedPost struct {
	part

	path     string
	included bool // others refer to it
	post     xPost
	err      error
}

// handle is an account's "@name", "" when the answer does not hold it.
func (a *xAnswer) handle(author text) string {
	if u := a.users[author]; u != nil && u.Username != "" {
		return "@" + u.Username
	}
	return ""
}

func (a *xAnswer) link(p *xPost) string {
	if h := a.handle(p.AuthorID); h != "" {
		return "https://x.com/" + h[1:] + "/status/" + string(p.ID)
	}
	return ""
}

// full is the text of a post, of a long one all of it. X escapes three characters.
func (p *xPost) full() string {
	if p.Note != nil && p.Note.Text != "" {
		return html.UnescapeString(p.Note.Text)
	}
	return html.UnescapeString(p.Text)
}

func (in *input) xPost(p *xPost, a *xAnswer) (claims.Document, error) {
	d := claims.Document{
		Kind:       claims.KindXPost,
		Publisher:  a.handle(p.AuthorID),
		ExternalID: string(p.ID),
		URL:        in.resolve(a.link(p)),
		Language:   p.Lang,
		Text:       p.full(),
	}
	if p.Lang == "und" || strings.HasPrefix(p.Lang, "q") {
		d.Language = "" // X's words for "not known"
	}
	if len(p.Edits) > 1 {
		d.ExternalID = string(p.Edits[0]) // the versions of one post
	}
	for _, r := range p.Referenced {
		other := a.posts[r.ID]
		switch r.Type {
		case "retweeted":
			d.ForwardedFrom, d.Text = reposted(d.Text)
			if other != nil {
				d.ForwardedFrom, d.Text = first(a.handle(other.AuthorID), d.ForwardedFrom), other.full()
			}
			d.ForwardedFrom = first(d.ForwardedFrom, claims.ForwardedFromUnknown)
		case "replied_to":
			d.InReplyTo = string(r.ID)
			if other != nil {
				d.InReplyTo = first(a.link(other), d.InReplyTo)
			}
		case "quoted":
			if other != nil {
				d.Text += "\n\n" + quoted(other, a)
			}
		}
	}
	var err error
	d.PublishedAt, err = instant(p.CreatedAt)
	return d, err
}

// reposted splits "RT @account: text", the form in which X gives a repost.
func reposted(s string) (account, rest string) {
	tail, ok := strings.CutPrefix(s, "RT @")
	name, rest, found := strings.Cut(tail, ":")
	if !ok || !found || name == "" || len(name) > 30 || strings.ContainsAny(name, " \n") {
		return "", s
	}
	return "@" + name, strings.TrimSpace(rest)
}

// quoted is a post as it stands under another, signed as X signs what it embeds:
// "text — Name (@account) May 4, 2026".
func quoted(p *xPost, a *xAnswer) string {
	s := oneLine(p.full())
	u := a.users[p.AuthorID]
	if u == nil || u.Username == "" {
		return s
	}
	at, err := instant(p.CreatedAt)
	if err != nil || at.IsZero() {
		return s + " — " + oneLine(first(u.Name, u.Username)) + " (@" + u.Username + ")"
	}
	return s + " — " + oneLine(first(u.Name, u.Username)) + " (@" + u.Username + ") " + at.Format("January 2, 2006")
}

// archivedPost holds the fields that are read of a post in an account's archive.
type archivedPost struct {
	ID        text   `json:"id_str"`
	OldID     text   `json:"id"`
	FullText  string `json:"full_text"`
	Text      string `json:"text"`
	CreatedAt string `json:"created_at"`
	Lang      string `json:"lang"`
	ReplyTo   text   `json:"in_reply_to_status_id_str"`
	ReplyName string `json:"in_reply_to_screen_name"`
	EditInfo  struct {
		Initial struct {
			IDs []text `json:"editTweetIds"`
		} `json:"initial"`
		Edit struct {
			Initial text `json:"initialTweetId"`
		} `json:"edit"`
	} `json:"edit_info"`
}

// readXArchive reads the posts of an account's archive, data/tweets.js. It does
// not name the account: that stands in account.js, and in Options.Publisher.
func readXArchive(in *input, yield func(Item) bool) {
	start := bytes.IndexByte(in.data, '[')
	if start < 0 {
		yield(Item{Position: in.at(0, ""), Err: fmt.Errorf("holds no list of posts")})
		return
	}
	for p := range elements(in.data, start) {
		it := Item{Position: in.at(p.offset, fmt.Sprintf("[%d]", in.index))}
		var x struct {
			archivedPost

			Tweet *archivedPost `json:"tweet"`
		}
		if it.Err = decode(p.raw, &x); it.Err == nil {
			if x.Tweet == nil { // before 2020 the post stood there itself
				x.Tweet = &x.archivedPost
			}
			it.Document, it.Err = in.archived(x.Tweet)
		}
		if !yield(it) {
			return
		}
	}
}

func (in *input) archived(x *archivedPost) (d claims.Document, err error) {
	d = claims.Document{
		Kind:       claims.KindXPost,
		Publisher:  in.options.Publisher,
		ExternalID: first(string(x.EditInfo.Edit.Initial), string(x.ID), string(x.OldID)),
		Language:   x.Lang,
		Text:       html.UnescapeString(first(x.FullText, x.Text)),
	}
	if ids := x.EditInfo.Initial.IDs; len(ids) > 0 && x.EditInfo.Edit.Initial == "" {
		d.ExternalID = string(ids[0])
	}
	if x.Lang == "und" || strings.HasPrefix(x.Lang, "q") {
		d.Language = ""
	}
	if name, ok := strings.CutPrefix(d.Publisher, "@"); ok {
		d.URL = in.resolve("https://x.com/" + name + "/status/" + first(string(x.ID), string(x.OldID)))
	}
	d.ForwardedFrom, d.Text = reposted(d.Text)
	if x.ReplyTo != "" {
		d.InReplyTo = string(x.ReplyTo)
		if x.ReplyName != "" {
			d.InReplyTo = "https://x.com/" + x.ReplyName + "/status/" + string(x.ReplyTo)
		}
	}
	d.PublishedAt, err = time.Parse("Mon Jan 02 15:04:05 -0700 2006", strings.TrimSpace(x.CreatedAt))
	if err != nil {
		d.PublishedAt, err = instant(x.CreatedAt)
	}
	return d, err
}

// XAccount is the account whose archive has the given account.js, with its "@";
// "" when it is no such file.
func XAccount(data []byte) string {
	if !bytes.HasPrefix(data, []byte("window.YTD.account.")) {
		return ""
	}
	start := bytes.IndexByte(data, '[')
	if start < 0 {
		return ""
	}
	for p := range elements(data, start) {
		var x struct {
			Account struct {
				Username string `json:"username"`
			} `json:"account"`
		}
		if decode(p.raw, &x) == nil && x.Account.Username != "" {
			return account(x.Account.Username, "")
		}
	}
	return ""
}
