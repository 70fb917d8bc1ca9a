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

/* 'Near me': only when somebody presses the button, and no finer than a kilometre. */
const offer = () => document.querySelectorAll("[data-near]:not(:has(button))").forEach((box) => {
  const field = box.querySelector("input");
  const button = document.createElement("button");
  const said = document.createElement("p");
  button.type = "button";
  button.className = "where";
  button.textContent = box.dataset.near;
  said.className = "note";
  said.setAttribute("role", "status");
  button.onclick = () => {
    said.textContent = box.dataset.wait;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      field.value = `${coords.latitude.toFixed(2)}, ${coords.longitude.toFixed(2)}`;
      field.form.requestSubmit();
    }, () => { said.textContent = box.dataset.refused; });
  };
  box.append(button, said);
});
if (navigator.geolocation) {
  offer();
  addEventListener("htmx:afterSwap", offer);
}

/* The reader's own time beside that of a meeting they join from afar, where their clock is another. Asks nobody. */
const tell = () => {
  for (const time of document.querySelectorAll("time[data-here]")) {
    const at = new Date(time.dateTime), words = time.dataset.here;
    const [, sign, hours, minutes] = time.dateTime.match(/([+-])(\d\d):(\d\d)$/);
    delete time.dataset.here;
    if (`${sign}1` * (hours * 60 + +minutes) === -at.getTimezoneOffset()) continue;
    const written = { weekday: "long", hour: "numeric", hour12: true };
    if (at.getMinutes()) written.minute = "2-digit";
    const here = document.createElement("span");
    here.textContent = ` (${words} ${at.toLocaleString(document.documentElement.lang, written)})`;
    time.parentElement.append(here);
  }
};
tell();
addEventListener("htmx:afterSwap", tell);

/* After a form came back, what is wrong with it is where to go on. */
const wrong = document.querySelector("main .notice[role=alert]");
if (wrong) {
  wrong.tabIndex = -1;
  wrong.focus();
}
