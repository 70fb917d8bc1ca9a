/* In the curators' forms: Markdown as readers will see it, below the field while one writes. */
for (const field of document.querySelectorAll("textarea[data-preview]")) {
  const shown = document.createElement("div");
  const form = new FormData();
  let timer, last = null;

  const ask = async () => {
    const text = field.value;
    if (text === last) return;
    last = text;
    form.set("text", text);
    form.set("csrfmiddlewaretoken", field.form.elements.csrfmiddlewaretoken.value);
    try {
      const answer = await fetch(field.dataset.preview, { method: "POST", body: form, redirect: "error" });
      // The server has cleaned it.
      if (answer.ok && text === field.value) shown.innerHTML = await answer.text();
    } catch { last = null; }
  };

  shown.className = "markdown-preview";
  shown.setAttribute("role", "region");
  shown.setAttribute("aria-label", `${field.dataset.previewLabel}: ${field.labels[0].textContent}`);
  field.after(shown);
  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 300); });
  field.addEventListener("focus", ask);
}
