/* A button to print, a tap on the address marks all of it, and notes grow where the style sheet can't make them.
   Without it, the browser's own menu prints. */
const button = document.getElementById("print");
if (button) {
  button.hidden = false;
  document.getElementById("print-yourself").remove();
  button.onclick = () => print();
  const address = document.getElementById("address");
  address.onfocus = () => address.select();
  for (const note of document.querySelectorAll(".jot textarea"))
    note.oninput = () => { while (note.scrollHeight > note.clientHeight + 2 && note.rows < 40) note.rows++; };
}
