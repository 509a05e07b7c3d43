// Does by one key what a page offers under it, for those who work here all day. A key is
// known by its place, so that it is the same with Kyrgyz, Russian and Latin letters. Who
// switches the keys off is sent no script.
"use strict";

const { keys } = document.currentScript.dataset;
const TYPED = "input:not([type=checkbox], [type=radio]), select, textarea";
const FIELD = "input:not([type=hidden]), select, textarea, button";

function use(spot) {
  if (spot.matches("details")) {
    spot.open = true;
    spot.querySelector(`form :is(${FIELD})`).focus();
  } else if (spot.matches(TYPED)) spot.focus();
  else spot.click();
}

const line = () => document.activeElement.closest(".queue tbody tr");

function step(by) {
  const lines = [...document.querySelectorAll(".queue tbody tr")];
  const here = lines.indexOf(line());
  lines[here < 0 && by < 0 ? lines.length - 1 : here + by]?.querySelector("th a").focus();
}

const KEYS = {
  J: () => step(1),
  K: () => step(-1),
  X: () => line()?.querySelector("[type=checkbox]")?.click(),
};

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.matches(TYPED)) {
    if (event.code === "Escape") event.target.blur();
    return;
  }
  // Where the letters are Russian or Kyrgyz, "?" stands elsewhere.
  const asks = event.key === "?" || (event.code === "Slash" && event.shiftKey);
  if (asks) location.assign(keys);
  if (event.shiftKey) return;
  const key = event.code.replace("Key", "").replace("Slash", "/");
  const spot = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!spot && !KEYS[key]) return;
  event.preventDefault();
  if (spot) use(spot);
  else KEYS[key]();
});

for (const spot of document.querySelectorAll("[data-key]")) {
  const named = spot.matches("details") ? spot.querySelector("summary") : spot;
  named.setAttribute("aria-keyshortcuts", spot.dataset.key);
}
