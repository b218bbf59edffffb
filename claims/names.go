package claims

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// NameKey folds a name or handle to the key under which names are compared:
// lower case, no accents, no leading article, no punctuation but the "@" of a
// handle, single spaces. "The Foreign Ministry" and "foreign ministry" share a
// key; other wordings of one name ("Russia's Foreign Ministry") do not.
func NameKey(name string) string {
	var b strings.Builder
	space := false
	for _, r := range norm.NFD.String(name) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '@' || r == '_':
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(unicode.ToLower(r))
		case r == '\'' || r == '’' || r == '.':
			// "O'Neill" and "U.S." are one word each.
		default:
			space = true
		}
	}
	return strings.TrimPrefix(b.String(), "the ")
}
