/* Results change in place with htmx: what was open, ticked or half typed stays, what had the focus keeps it,
   and the count is said. */
let open = [], ticked = [], typed = [], sent = {}, field = "", late = false, timer;
let crisis = document.querySelector("#crisis");
const results = document.querySelector("[data-htmx]");
const said = document.body.appendChild(document.createElement("p"));
said.className = "unseen";
said.setAttribute("role", "status");

const all = (selector) => [...document.querySelectorAll(selector)];
const texts = () => all("#find input:not([type=hidden])");
const by = ({ name, value }) => `#main [name="${name}"][value="${CSS.escape(value)}"]`;
const say = (text, look = "unseen") => {
  clearTimeout(timer);
  said.className = look;
  said.textContent = text;
};
const wait = () => {
  clearTimeout(timer);
  timer = setTimeout(say, 1000, results.dataset.wait, "waiting");
};

addEventListener("htmx:configRequest", ({ detail }) => {
  for (const [name, value] of [...detail.formData]) if (!value) detail.formData.delete(name);
  sent = Object.fromEntries(texts().map(({ name, value }) => [name, value]));
});
addEventListener("htmx:beforeRequest", wait);
addEventListener("htmx:afterRequest", () => {
  clearTimeout(timer);
  if (said.className === "waiting") say("");
});
addEventListener("htmx:beforeSwap", () => {
  const focused = document.activeElement;
  field = focused.id ? `#${CSS.escape(focused.id)}` : focused.name ? by(focused) : "";
  open = all("#main details[open][id]").map((each) => each.id);
  // What the new page cannot know of: ticks of another form, and words typed while it was on its way.
  ticked = all("#main input:checked:not([form=find])").map(by);
  typed = texts().filter(({ name, value }) => value !== sent[name])
    .map(({ name, value, selectionStart, selectionEnd }) => [name, value, selectionStart, selectionEnd]);
});
addEventListener("htmx:afterSwap", () => {
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  for (const tick of ticked) for (const box of all(tick)) box.checked = true;
  for (const [name, value, ...caret] of typed) for (const each of all(`#find [name="${name}"]`)) {
    each.value = value;
    each.setSelectionRange(...caret);
  }
  const heading = document.querySelector("#main h1");
  heading.tabIndex = -1;
  ((field && document.querySelector(field)) || heading).focus({ preventScroll: Boolean(field) });
  // Help lines that were not there before are said first, once and politely.
  const before = crisis;
  crisis = document.querySelector("#crisis");
  say(`${before ? "" : crisis?.textContent.concat(". ") ?? ""}${heading.textContent}`);
});
for (const wrong of ["htmx:responseError", "htmx:sendError"]) {
  addEventListener(wrong, ({ detail }) => location.assign(detail.pathInfo.finalRequestPath));
}
// htmx notes the address of the last search in the tab's memory: nobody needs it there.
for (const moment of ["htmx:load", "htmx:afterSettle", "htmx:pushedIntoHistory", "pagehide"]) {
  addEventListener(moment, () => sessionStorage.clear());
}
// Back and Forward to what htmx has put into the history: it answers them itself, but only once it is here.
addEventListener("popstate", ({ state }) => { if (state?.htmx && !window.htmx) location.reload(); });
// The same when the key was pressed while this page was still on its way.
const [{ name: loaded }] = performance.getEntriesByType("navigation");
if (history.state?.htmx && loaded.startsWith(location.origin) && loaded !== location.href) location.reload();

// htmx itself comes when somebody is about to use it: until then every link works without it.
let isAskedFor = false;
const add = () => {
  const script = document.createElement("script");
  document.head.append(Object.assign(script, { src: results.dataset.htmx, onerror: catchUp }));
};
const fetchIt = () => {
  if (isAskedFor) return;
  isAskedFor = true;
  // Before that htmx would wait in vain for the page to be ready.
  if (document.readyState === "complete") add();
  else addEventListener("load", add);
};
for (const sign of ["pointerover", "focusin", "touchstart"]) {
  results.addEventListener(sign, fetchIt, { passive: true, once: true });
}
// A tick or a search that was faster than htmx is made up for when it is here, or does not come.
// Who presses the button again need not wait for it.
const early = (event) => {
  // It is here and answers, although it has not said so yet.
  if (window.htmx) return;
  if (event.type === "submit") {
    if (event.target.id !== "find") return;
    if (late) { late = false; return; }
    event.preventDefault();
  } else if (!event.target.closest("#narrow")) return;
  late = true;
  fetchIt();
  wait();
};
function catchUp() {
  for (const way of ["change", "submit"]) results.removeEventListener(way, early);
  if (late) document.getElementById("find").requestSubmit();
}
for (const way of ["change", "submit"]) results.addEventListener(way, early);
addEventListener("htmx:load", catchUp, { once: true });
