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
