package forward

import "github.com/secondsource/secondsource/claims"

// Without is a blob without one document: what is left, nil when that is
// nothing, the Seq of its first document, and the entry that is gone, which is
// zero when the blob did not hold it.
func Without(blob []byte, doc int64) (rest []byte, first int64, gone claims.Entry, err error) {
	var e Encoder
	if err := Decode(blob, func(entry claims.Entry) error {
		if entry.Document == doc {
			gone = entry
			return nil
		}
		return e.Add(entry)
	}); err != nil {
		return nil, 0, claims.Entry{}, err
	}
	return e.Blob(), e.First(), gone, nil
}

// Without is an Encoder that holds what this one holds but for one document, and
// the entry that is gone. This one stays as it is, to go back to.
func (e *Encoder) Without(doc int64) (rest Encoder, gone claims.Entry, err error) {
	blob := e.Blob()
	if blob == nil {
		return rest, gone, nil
	}
	err = Decode(blob, func(entry claims.Entry) error {
		if entry.Document == doc {
			gone = entry
			return nil
		}
		return rest.Add(entry)
	})
	return rest, gone, err
}
