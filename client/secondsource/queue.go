package main

import "sync"

// waiting is an item whose outcome has not been reported.
type waiting struct {
	item item
	err  error // why it was not sent
	sent bool
}

// queue holds the items between reading and reporting, in order.
type queue struct {
	mu    sync.Mutex
	items []waiting
}

func (q *queue) put(w waiting) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, w)
}

// take is the first item, a zero one when there is none.
func (q *queue) take() waiting {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		return waiting{}
	}
	w := q.items[0]
	q.items = q.items[1:]
	return w
}

// takeUnsent is the first item if it was not sent.
func (q *queue) takeUnsent() (waiting, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 || q.items[0].sent {
		return waiting{}, false
	}
	w := q.items[0]
	q.items = q.items[1:]
	return w, true
}
