/* Leave at once: a blank page first, and this page is not in the history. Three times Shift does the same where the
   button is. After GOV.UK's "Exit this page". */
const ways = document.querySelectorAll("[data-exit]");
const said = document.querySelector("[data-presses]");
let presses = 0, typed = false, timer;

const leave = (event) => {
  event?.preventDefault();
  document.title = "\u00a0";
  document.body.replaceChildren();
  location.replace(ways[0].href);
};
for (const way of ways) way.onclick = leave;

const start = (text) => {
  presses = 0;
  said.textContent = text;
};
if (said) onkeyup = (event) => {
  clearTimeout(timer);
  /* A Shift that made a capital letter is no wish to leave. */
  if (event.key !== "Shift" || typed) {
    if (presses) start("");
  } else if (++presses > 2) return leave();
  else {
    said.textContent = said.dataset.presses.split("|")[presses - 1];
    timer = setTimeout(start, 5000, said.dataset.over);
  }
  typed = event.shiftKey;
};
