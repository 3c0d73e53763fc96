// The leaflet's Print button: it stays hidden where there is no JavaScript, because it could do nothing there.
(function () {
  var button = document.getElementById("print");
  button.hidden = false;
  button.addEventListener("click", function () {
    window.print();
  });
})();
