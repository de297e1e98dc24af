/* A point marks its row and a row its point, on hover and on focus. What they say is in both anyway. */
"use strict";
(() => {
  const mark = (event, near) => {
    const one = event.target.closest?.("#matrix [data-moment]");
    if (!one) return;
    const number = CSS.escape(one.dataset.moment);
    document.querySelectorAll(`#matrix [data-moment="${number}"]`).forEach((it) => it.classList.toggle("is-near", near));
  };
  for (const [type, near] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
    document.addEventListener(type, (event) => mark(event, near));
  }
})();
