/* Results change in place with htmx: what was open stays open, what had the focus keeps it, and the count is said. */
let open = [], field = "", crisis = document.querySelector("#crisis"), said;

addEventListener("htmx:configRequest", ({ detail }) => {
  for (const [name, value] of [...detail.formData]) if (!value) detail.formData.delete(name);
});
addEventListener("htmx:beforeSwap", () => {
  const { name, value, id } = document.activeElement;
  field = id ? `#${CSS.escape(id)}` : name ? `[name="${name}"][value="${CSS.escape(value)}"]` : "";
  open = [...document.querySelectorAll("#main details[open][id]")].map((each) => each.id);
});
addEventListener("htmx:afterSwap", () => {
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  const heading = document.querySelector("#main h1");
  heading.tabIndex = -1;
  ((field && document.querySelector(field)) || heading).focus({ preventScroll: Boolean(field) });
  // Help lines that were not there before are said first, once and politely.
  const before = crisis;
  crisis = document.querySelector("#crisis");
  said.textContent = `${before ? "" : crisis?.textContent.concat(". ") ?? ""}${heading.textContent}`;
});
for (const wrong of ["htmx:responseError", "htmx:sendError"]) {
  addEventListener(wrong, ({ detail }) => location.assign(detail.pathInfo.finalRequestPath));
}
// htmx notes the address of the last search in the tab's memory: nobody needs it there.
for (const moment of ["htmx:load", "htmx:afterSettle", "htmx:pushedIntoHistory", "pagehide"]) {
  addEventListener(moment, () => sessionStorage.clear());
}
said = document.createElement("p");
said.className = "unseen";
said.setAttribute("role", "status");
document.body.append(said);
