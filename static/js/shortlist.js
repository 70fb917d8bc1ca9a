/* A button to print, and a tap on the address marks all of it. Without it, the browser's own menu prints. */
const button = document.getElementById("print");
if (button) {
  button.hidden = false;
  document.getElementById("print-yourself").remove();
  button.onclick = () => print();
  const address = document.getElementById("address");
  address.onfocus = () => address.select();
}
