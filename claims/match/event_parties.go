package match

import "strings"

// participants finds who takes part in an event: its dependents by their role, for
// a verb without a subject the one of the verb above it, and for a noun that is
// done ("carried out an attack") who does it.
func (e *eventMention) participants(head, first, last int) {
	d, t := e.doc, e.doc.text
	w := &t.Tokens[head]
	add := func(to *[]string, i int) {
		if i >= 0 && (i < first || i > last) {
			*to = append(*to, d.party(i)...)
		}
	}
	subject := false
	for _, c := range t.Children(head) {
		switch rel := t.Tokens[c].Rel; {
		case strings.HasPrefix(rel, "nsubj"):
			subject = true
			who := c
			switch t.Tokens[c].Lower {
			case "who", "which", "that", "whom":
				if strings.HasPrefix(w.Rel, "acl") {
					who = w.Head
				}
			}
			if rel == "nsubj:pass" {
				add(&e.patient, who)
			} else {
				add(&e.agent, who)
			}
		case rel == "obj" || rel == "iobj" || rel == "compound" || rel == "amod":
			add(&e.patient, c)
		case strings.HasPrefix(rel, "obl") || strings.HasPrefix(rel, "nmod"):
			with := ""
			if k := t.Child(c, "case"); k >= 0 {
				with = t.Tokens[k].Lower
			}
			switch {
			case with == "by":
				add(&e.agent, c)
			case with == "of" || rel == "nmod:poss" && e.kind == noun:
				add(&e.patient, c)
			default:
				add(&e.others, c)
			}
		}
	}
	switch {
	case w.Head < 0:
	case w.Rel == "acl" && strings.HasSuffix(w.Lower, "ing"):
		add(&e.agent, w.Head)
	case w.Rel == "acl":
		add(&e.patient, w.Head)
	case e.kind == verb && !subject:
		for n, g := 0, w.Head; g >= 0 && n < liftReach && t.Tokens[g].UPOS == "VERB"; n, g = n+1, t.Tokens[g].Head {
			if s := t.Child(g, "nsubj"); s >= 0 {
				add(&e.agent, s)
				break
			}
			if s := t.Child(g, "nsubj:pass"); s >= 0 {
				add(&e.patient, s)
				break
			}
		}
	case e.kind == noun:
		if t.Tokens[w.Head].UPOS == "VERB" && w.Rel == "obj" {
			add(&e.agent, t.Child(w.Head, "nsubj"))
		}
		if s := d.stem(w.Head); s != "" && t.Tokens[w.Head].UPOS == "VERB" && (w.Head < first || w.Head > last) {
			e.others = append(e.others, s)
		}
	}
}

// party is a participant in stems: the name it goes by in its document, or its
// noun with what belongs to it.
func (d *eventDoc) party(i int) []string {
	t := d.text
	name := func(i int) []string {
		if e, ok := d.entityOf[i]; ok {
			return Stems(t.Entities[e].Name)
		}
		return nil
	}
	if s := name(i); len(s) > 0 {
		return s
	}
	var out []string
	if s := d.stem(i); s != "" {
		out = append(out, s)
	}
	for _, c := range t.Children(i) {
		switch t.Tokens[c].Rel {
		case "compound", "amod", "flat", "nmod", "nmod:poss", "nummod":
			if n := name(c); len(n) > 0 {
				out = append(out, n...)
			} else if s := d.stem(c); s != "" {
				out = append(out, s)
			}
		}
	}
	return out
}
