/* One box above a list that ticks all of its boxes. Hidden without this script. */

for (const line of document.querySelectorAll(".tick-all")) {
  const all = line.querySelector("input");
  const form = line.closest("form");
  const boxes = [...form.querySelectorAll("tbody input[type=checkbox]")];
  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && !all.checked;
  };
  all.addEventListener("change", () => boxes.forEach((box) => {
    box.checked = all.checked;
  }));
  form.addEventListener("change", show);
  show(); // a browser that comes back remembers what was ticked
  line.hidden = false;
}
