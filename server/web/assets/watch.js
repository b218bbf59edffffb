// The watches of this browser, each followed over one stream of events. What comes
// is put in as text, never as markup.
"use strict";
(() => {
  const list = document.getElementById("watches");
  if (!list) return;
  const stored = "secondsource.watches";
  const most = 30;
  // Without HTTP/2 a browser opens six connections to a server in all, for every tab:
  // streams that took them all would leave none for any page.
  const atOnce = performance.getEntriesByType("navigation")[0]?.nextHopProtocol === "h2" ? most : 4;
  const say = (text) => { document.getElementById("said").textContent = text; };
  let following = 0;
  const shown = 20; // events of one watch that are kept
  let watches = [];
  try {
    watches = JSON.parse(localStorage.getItem(stored)) || [];
  } catch {
    watches = [];
  }
  if (!Array.isArray(watches)) watches = [];
  const save = () => localStorage.setItem(stored, JSON.stringify(watches));
  const element = (name, text, className) => {
    const e = document.createElement(name);
    if (text) e.textContent = text;
    if (className) e.className = className;
    return e;
  };
  const link = (href, text) => {
    const a = element("a", text);
    a.href = href.startsWith("/") ? href : "/";
    a.dir = "auto";
    return a;
  };
  const count = () => { document.getElementById("nothing").hidden = watches.length > 0; };

  const entry = (t) => {
    const li = element("li", "", t.class || "");
    const time = element("time", t.at);
    time.dateTime = t.stamp;
    li.append(time, " ");
    li.append(element("strong", t.verdict ? (t.before && t.before !== t.verdict ? `${t.before} → ${t.verdict}` : t.verdict) : t.event));
    if (t.plain) li.append(" ", t.plain);
    if (t.claim && t.link) li.append(" ", link(t.link, t.claim));
    for (const c of t.causes || []) li.append(element("br"), c.link ? link(c.link, c.text) : element("span", c.text));
    return li;
  };

  const show = (w) => {
    const card = element("article", "", "card watch");
    const head = element("h2", w.source ? `What ${w.source} asserts` : w.claim);
    head.dir = "auto";
    const state = element("p", "Connecting …", "small");
    const events = element("ol", "", "events");
    const stop = element("button", "Stop watching", "quiet");
    stop.type = "button";
    stop.setAttribute("aria-label", `Stop watching: ${w.source || w.claim}`);
    card.append(head, state, events, stop);
    list.prepend(card);
    for (const t of w.events || []) events.append(entry(t));

    if (following >= atOnce) {
      state.textContent = `Not followed now: over a connection without TLS, ${atOnce} watches are followed at once. Stop another one and load the page again.`;
      stop.addEventListener("click", () => forget(w, card));
      return;
    }
    following++;
    const query = new URLSearchParams(w.source ? { source: w.source } : w.of ? { of: w.of } : { claim: w.claim });
    if (w.after) query.set("after", w.after);
    const stream = new EventSource(`/watch/events?${query}`);
    stream.onopen = () => { state.textContent = "Watching."; };
    stream.onerror = () => {
      state.textContent = stream.readyState === EventSource.CLOSED
        ? "The server does not take this watch: sign in again, or ask the claim first to see what is wrong with it."
        : "The connection is lost. It is tried again; nothing that happens meanwhile is missed.";
    };
    stream.onmessage = (message) => {
      const t = JSON.parse(message.data);
      if (t.wrong) {
        state.textContent = t.wrong;
        if (t.final) stream.close();
        return;
      }
      if (message.lastEventId && message.lastEventId === w.after) return; // told before
      w.after = message.lastEventId || w.after;
      w.events = [t, ...(w.events || [])].slice(0, shown);
      save();
      events.prepend(entry(t));
      while (events.children.length > shown) events.lastChild.remove();
    };
    stop.addEventListener("click", () => {
      stream.close();
      following--;
      forget(w, card);
    });
  };
  const forget = (w, card) => {
    card.remove();
    watches = watches.filter((x) => x !== w);
    save();
    count();
    say("");
    document.getElementById("claim").focus();
  };

  document.querySelector("[data-watch-form]").addEventListener("submit", (event) => {
    event.preventDefault();
    const claim = document.getElementById("claim").value.trim();
    const source = document.getElementById("source").value.trim();
    if (!claim && !source) {
      say("Say what is to be watched: a claim, or a source.");
      return document.getElementById("claim").focus();
    }
    const w = source ? { source } : { claim };
    if (watches.some((x) => x.claim === w.claim && x.source === w.source)) return say("That is watched already.");
    if (watches.length >= most) return say(`${most} are watched already. Stop one first.`);
    say("");
    watches.push(w);
    save();
    count();
    show(w);
    event.target.reset();
  });
  watches.forEach(show);
  count();
})();
