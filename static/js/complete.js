/* Completion while typing: an ARIA combobox. */
const ready = () => document.querySelectorAll("[data-complete]:not(:has(ul))").forEach((box) => {
  const field = box.querySelector("input");
  const list = document.createElement("ul");
  const said = document.createElement("p");
  let options = [], n, at, timer, asked = "";

  const set = (on, values) => { for (const name in values) on.setAttribute(name, values[name]); };
  const mark = (to) => {
    at = to;
    options.forEach((option, i) => set(option, { "aria-selected": i === at }));
    if (at < 0) return field.removeAttribute("aria-activedescendant");
    set(field, { "aria-activedescendant": options[at].id });
    options[at].scrollIntoView({ block: "nearest" });
  };
  const show = (open) => {
    list.hidden = !open;
    set(field, { "aria-expanded": open });
    mark(-1);
  };
  const take = (option) => { asked = field.value = option.textContent; show(false); };
  /* Nor is an answer on its way wanted. */
  const stop = () => { clearTimeout(timer); asked = ""; show(false); };
  const draw = ({ groups = [], words = "" }) => {
    list.replaceChildren();
    options = [];
    const add = (text, role, id = "") => {
      const line = list.appendChild(document.createElement("li"));
      set(line, { role, id });
      line.textContent = text;
      return line;
    };
    for (const kind of groups) {
      add(kind.label, "presentation");
      for (const { value } of kind.items) {
        const option = add(value, "option", list.id + options.length);
        option.onpointerdown = (event) => { event.preventDefault(); take(option); };
        options.push(option);
      }
    }
    n = options.length;
    show(n > 0);
    said.textContent = words;
  };
  const ask = async () => {
    const typed = field.value.trim();
    if (typed === asked) return;
    asked = typed;
    if (typed.length < 2) return draw({});
    try {
      const found = await (await fetch(box.dataset.complete + encodeURIComponent(typed))).json();
      if (typed === asked) draw(found);
    } catch { show(false); }
  };

  set(list, { id: field.id + "_list", class: "completions plain", role: "listbox", "aria-label": box.dataset.label });
  set(said, { class: "unseen", "aria-live": "polite" });
  set(field, { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-controls": list.id });
  show(false);
  field.after(list, said);
  field.oninput = () => { clearTimeout(timer); timer = setTimeout(ask, 150); };
  field.onblur = stop;
  field.onkeydown = (event) => {
    const { key } = event, step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (key === "Escape") {
      if (list.hidden) return stop();
      stop();
    } else if (key === "Enter" && at >= 0) take(options[at]);
    else if (step && n) {
      const to = (Math.max(at, step < 0 ? 0 : -1) + step + n) % n;
      show(true);
      mark(to);
    } else return;
    event.preventDefault();
  };
});
ready();
addEventListener("htmx:afterSwap", ready);
