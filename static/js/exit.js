/* Leave at once: a blank page, and none in the history. Three times Shift does the same.
   After GOV.UK's "Exit this page". Looked up each time: pages change in place. */
let presses = 0, typed = false, timer;

const leave = (event) => {
  const { href } = document.querySelector("[data-exit]");
  event?.preventDefault();
  document.title = "\u00a0";
  document.body.replaceChildren();
  location.replace(href);
};
onclick = (event) => { if (event.target.closest?.("[data-exit]")) leave(event); };

onkeyup = (event) => {
  const said = document.querySelector("[data-presses]");
  const start = (text) => { presses = 0; said && (said.textContent = text); };
  clearTimeout(timer);
  /* A Shift for a capital is no wish to leave. */
  if (!said || event.key !== "Shift" || typed) {
    if (presses) start("");
  } else if (++presses > 2) return leave();
  else {
    said.textContent = said.dataset.presses.split("|")[presses - 1];
    timer = setTimeout(start, 5000, said.dataset.over);
  }
  typed = event.shiftKey;
};
