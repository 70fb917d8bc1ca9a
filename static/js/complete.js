/* Completion while typing: an ARIA combobox. */
const ready = () => document.querySelectorAll("[data-complete]:not(:has(ul))").forEach((box) => {
  const field = box.querySelector("input");
  const list = document.createElement("ul");
  const said = document.createElement("p");
  let options = [], n = 0, at = -1, timer, asked = "";

  const set = (on, values) => {
    for (const name in values) on.setAttribute(name, values[name]);
  };
  const mark = (to) => {
    at = to;
    options.forEach((option, i) => option.setAttribute("aria-selected", i === at));
    if (at < 0) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", options[at].id);
    options[at].scrollIntoView({ block: "nearest" });
  };
  const show = (open) => {
    list.hidden = !open;
    field.setAttribute("aria-expanded", open);
    mark(-1);
  };
  const take = (option) => {
    asked = field.value = option.textContent;
    show(false);
  };
  const draw = (kinds) => {
    list.replaceChildren();
    options = [];
    const add = (text, role, id = "") => {
      const line = list.appendChild(document.createElement("li"));
      set(line, { role, id });
      line.textContent = text;
      return line;
    };
    for (const kind of kinds) {
      add(kind.label, "presentation");
      for (const { value } of kind.items) {
        const option = add(value, "option", list.id + options.length);
        option.onpointerdown = (event) => { event.preventDefault(); take(option); };
        options.push(option);
      }
    }
    n = options.length;
    show(n > 0);
    said.textContent = n ? `${n} ${box.dataset.found}` : "";
  };
  const ask = async () => {
    const typed = field.value.trim();
    if (typed === asked) return;
    asked = typed;
    if (typed.length < 2) return draw([]);
    try {
      const answer = await fetch(box.dataset.complete + encodeURIComponent(typed));
      const { groups } = await answer.json();
      if (typed === asked) draw(groups);
    } catch { show(false); }
  };

  set(list, { id: field.id + "_list", class: "completions plain", role: "listbox", "aria-label": box.dataset.label });
  set(said, { class: "unseen", "aria-live": "polite" });
  set(field, { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-controls": list.id });
  show(false);
  field.after(list, said);
  field.oninput = () => { clearTimeout(timer); timer = setTimeout(ask, 150); };
  field.onblur = () => { clearTimeout(timer); asked = ""; show(false); };
  field.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && !list.hidden) show(false);
    else if (event.key === "Enter" && at >= 0) take(options[at]);
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
