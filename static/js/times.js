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
