// Sends what is typed at a meeting by itself, a moment after the last key, and keeps it in
// the browser while the line is lost or the lid is closed. Without it the button saves.
"use strict";

const PAUSE = 2500;

for (const form of document.querySelectorAll("form[data-record]")) {
  const place = `record ${form.dataset.record}`;
  const [kept, unkept, other] = ["kept", "unkept", "other"]
    .map((name) => form.querySelector(`[data-${name}]`));
  const typed = [...form.elements].filter((field) => field.matches("textarea"));
  let timer, sending = false, again = false, isStale = false, pressed = null;

  const say = (words) => {
    for (const one of [kept, unkept, other]) one.hidden = one !== words;
  };
  const keepHere = () => {
    const of = (what) => Object.fromEntries(typed.map((field) => [field.name, what(field)]));
    localStorage.setItem(place, JSON.stringify({
      version: form.version.value,
      item: document.querySelector("h1").textContent,
      page: location.pathname,
      labels: of((field) => field.labels[0].textContent.trim()),
      words: of((field) => field.value),
    }));
  };

  async function send() {
    if (sending) {
      again = true;
      return;
    }
    sending = true;
    again = false;
    const data = new FormData(form);
    data.set("draft", "1");
    try {
      const answer = await fetch(form.action, { method: "POST", body: data });
      if (answer.redirected) throw new Error("signed out");
      if (answer.status === 409) {
        isStale = true;
        say(other);
      } else if (answer.ok) {
        const { version, whole } = await answer.json();
        // Of every form on the page: what he does next is done upon his own words.
        for (const field of document.querySelectorAll("form [name=version]")) field.value = version;
        if (!whole) keepHere();
        else if (!again) localStorage.removeItem(place);
        say(whole ? kept : unkept);
      } else {
        say(unkept);
      }
    } catch {
      say(unkept);
      timer = setTimeout(send, 4 * PAUSE);
    }
    sending = false;
    if (pressed) form.requestSubmit(pressed);
    else if (again && !isStale) send();
  }

  form.addEventListener("input", () => {
    keepHere();
    clearTimeout(timer);
    if (!isStale) timer = setTimeout(send, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    // Its answer tells upon which version the button saves.
    if (!sending || !form.requestSubmit) return;
    event.preventDefault();
    pressed = event.submitter;
  });

  // What the last visit could not send any more comes back into the form.
  const lost = JSON.parse(localStorage.getItem(place) || "null");
  const missing = lost ? typed.filter((field) => field.value !== lost.words[field.name]) : [];
  if (missing.length) {
    for (const field of missing) field.value = lost.words[field.name];
    form.version.value = lost.version;
    send();
  } else {
    localStorage.removeItem(place);
  }
}

// Once the meeting has ended nothing is sent by itself any more: what is kept is shown by
// item and field, until whoever typed it says that it may be forgotten.
for (const notice of document.querySelectorAll("[data-unsent]")) {
  const start = `record ${notice.dataset.unsent}-`;
  const pattern = notice.querySelector("template").content.firstElementChild;
  const places = Object.keys(localStorage).filter((place) => place.startsWith(start));
  notice.hidden = !places.length;
  for (const place of places.sort()) {
    const { item, page, labels = {}, words } = JSON.parse(localStorage.getItem(place));
    const shown = pattern.cloneNode(true);
    const [link, button] = [shown.querySelector("a"), shown.querySelector("button")];
    link.textContent = item || `№ ${place.slice(start.length)}`;
    if (page) link.href = page;
    for (const [name, text] of Object.entries(words)) {
      const label = document.createElement("p"), line = document.createElement("p");
      label.textContent = labels[name] || name;
      line.className = "words";
      line.textContent = text;
      if (text) button.before(label, line);
    }
    button.addEventListener("click", () => {
      localStorage.removeItem(place);
      shown.remove();
      notice.hidden = !notice.querySelector("section");
    });
    notice.append(shown);
  }
}
