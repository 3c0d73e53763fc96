/* A picture that is too large is refused as it is chosen. */

import { refusalOf } from "./picture-size.js";

for (const field of document.querySelectorAll("input[type=file][data-most]")) {
  field.addEventListener("change", () => {
    field.setCustomValidity(refusalOf(field.files[0], Number(field.dataset.most)));
    field.reportValidity();
  });
}
