/* The slider of the budget beside its number: without script the number alone does. */
(() => {
  const range = document.getElementById("rk-range");
  const number = range && document.getElementById(range.dataset.for);
  if (!number) return;
  range.hidden = Number(range.max) <= 0;
  range.addEventListener("input", () => {
    number.value = range.value;
    number.dispatchEvent(new Event("input", { bubbles: true }));
  });
  number.addEventListener("input", () => { range.value = number.value; });
})();
