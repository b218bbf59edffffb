package feeds

import (
	"fmt"
	"strings"

	"github.com/secondsource/secondsource/claims"
)

// botUpdate holds the updates of the Telegram bot API that bring a text
// (core.telegram.org/bots/api#update).
type botUpdate struct {
	UpdateID          text        `json:"update_id"`
	Message           *botMessage `json:"message"`
	EditedMessage     *botMessage `json:"edited_message"`
	ChannelPost       *botMessage `json:"channel_post"`
	EditedChannelPost *botMessage `json:"edited_channel_post"`
}

type botMessage struct {
	ID              text       `json:"message_id"`
	Date            text       `json:"date"`
	EditDate        text       `json:"edit_date"`
	Chat            botChat    `json:"chat"`
	SenderChat      *botChat   `json:"sender_chat"`
	From            *botUser   `json:"from"`
	AuthorSignature string     `json:"author_signature"`
	Text            string     `json:"text"`
	Caption         string     `json:"caption"`
	ReplyTo         *botReply  `json:"reply_to_message"`
	Origin          *botOrigin `json:"forward_origin"`
	// Before Bot API 7.0 the origin stood in fields of its own.
	ForwardFromChat *botChat `json:"forward_from_chat"`
	ForwardFrom     *botUser `json:"forward_from"`
	ForwardName     string   `json:"forward_sender_name"`
}

type botReply struct {
	ID   text    `json:"message_id"`
	Chat botChat `json:"chat"`
}

type botChat struct {
	ID       text   `json:"id"`
	Title    string `json:"title"`
	Username string `json:"username"`
	First    string `json:"first_name"`
	Last     string `json:"last_name"`
}

type botUser struct {
	Username string `json:"username"`
	First    string `json:"first_name"`
	Last     string `json:"last_name"`
}

// botOrigin is whom a forward comes from: a channel, a chat, a user, or one who
// hides and leaves only a name.
type botOrigin struct {
	Type       string   `json:"type"`
	Chat       *botChat `json:"chat"`
	SenderChat *botChat `json:"sender_chat"`
	SenderUser *botUser `json:"sender_user"`
	SenderName string   `json:"sender_user_name"`
}

// handle is the account with its "@", else its name.
func (c *botChat) handle() string {
	if c == nil {
		return ""
	}
	return account(c.Username, first(c.Title, c.First+" "+c.Last))
}

func (u *botUser) handle() string {
	if u == nil {
		return ""
	}
	return account(u.Username, u.First+" "+u.Last)
}

func account(username, name string) string {
	if username != "" {
		return "@" + strings.TrimPrefix(username, "@")
	}
	return strings.TrimSpace(name)
}

// readTelegramUpdates reads what a bot is sent: one update, or the answer of
// getUpdates.
func readTelegramUpdates(in *input, yield func(Item) bool) {
	for p := range in.enveloped("result") {
		it := Item{Position: in.at(p.offset, p.key)}
		var u botUpdate
		if it.Err = decode(p.raw, &u); it.Err == nil {
			it.Document, it.Skipped, it.Err = in.update(&u)
		}
		if !yield(it) {
			return
		}
	}
}

func (in *input) update(u *botUpdate) (d claims.Document, skipped string, err error) {
	m := u.ChannelPost
	for _, other := range []*botMessage{u.EditedChannelPost, u.Message, u.EditedMessage} {
		if m == nil {
			m = other
		}
	}
	switch {
	case m == nil && u.UpdateID == "":
		return d, "", fmt.Errorf("is no update of the Telegram bot API")
	case m == nil:
		return d, "the update brings no message", nil
	case strings.TrimSpace(m.Text+m.Caption) == "":
		return d, "it is a message without text", nil
	}
	by := m.SenderChat
	if by == nil {
		by = &m.Chat
	}
	publisher := by.handle()
	if u.ChannelPost == nil && u.EditedChannelPost == nil && m.SenderChat == nil {
		publisher = first(m.From.handle(), publisher) // in a group somebody writes, in a channel the channel does
	}
	d = claims.Document{
		Kind:          claims.KindTelegramPost,
		Publisher:     in.publisher(publisher),
		Byline:        m.AuthorSignature,
		ExternalID:    telegramID(string(m.Chat.ID), string(m.ID)),
		ForwardedFrom: m.origin(),
		Text:          first(m.Text, m.Caption),
	}
	if m.Chat.Username != "" {
		d.URL = in.resolve("https://t.me/" + m.Chat.Username + "/" + string(m.ID))
	}
	if m.ReplyTo != nil {
		d.InReplyTo = telegramID(first(string(m.ReplyTo.Chat.ID), string(m.Chat.ID)), string(m.ReplyTo.ID))
	}
	if s := first(string(m.EditDate), string(m.Date)); s != "" {
		d.PublishedAt, err = unix(s)
	}
	return d, "", err
}

// origin is whom a message was forwarded from, "" when it was not.
func (m *botMessage) origin() string {
	if o := m.Origin; o != nil {
		return first(o.Chat.handle(), o.SenderChat.handle(), o.SenderUser.handle(), o.SenderName, claims.ForwardedFromUnknown)
	}
	return first(m.ForwardFromChat.handle(), m.ForwardFrom.handle(), m.ForwardName)
}
