/* Leave at once: a blank page first, and this page is not in the history. Three times Shift does the same where the
   button is. After GOV.UK's "Exit this page". Looked up anew each time: results change in place. */
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
  const start = (text) => { presses = 0; if (said) said.textContent = text; };
  clearTimeout(timer);
  /* A Shift that made a capital letter is no wish to leave. */
  if (!said || event.key !== "Shift" || typed) {
    if (presses) start("");
  } else if (++presses > 2) return leave();
  else {
    said.textContent = said.dataset.presses.split("|")[presses - 1];
    timer = setTimeout(start, 5000, said.dataset.over);
  }
  typed = event.shiftKey;
};
