/* A picture that is too large is refused as it is chosen: sending it would end in the middle, without an answer. */
"use strict";

for (const field of document.querySelectorAll("input[type=file][data-most]")) {
  field.addEventListener("change", () => {
    const isTooLarge = field.files[0]?.size > Number(field.dataset.most);
    field.setCustomValidity(isTooLarge ? "The picture is larger than 5 MB. Save it smaller, then choose it again." : "");
    field.reportValidity();
  });
}
