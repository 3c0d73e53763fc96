/* The Print button: hidden without this script, because it could do nothing. */

const button = document.getElementById("print");

button.hidden = false;
button.addEventListener("click", () => window.print());
