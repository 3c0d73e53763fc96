/* The form of the article, and when somebody pauses while filling it in. */

import { box } from "./box.js";

export const { form } = box;

/* The form as it stands. */
export const readFields = () => new FormData(form);

/* Call a function when somebody has stopped typing for a moment, and once at the beginning. */
export function afterPause(milliseconds, act) {
  let timer;
  const start = () => {
    clearTimeout(timer);
    timer = setTimeout(act, milliseconds);
  };
  form.addEventListener("input", start);
  form.addEventListener("change", start);
  start();
}
