/* A moved moment: the server says the order, the rows that are here follow it. Without this file the same
   move answers the whole list. The wheel and the curve are asked for once nobody moves any more. */
"use strict";

(() => {
  const WAIT = 150;
  let timer = 0;

  document.addEventListener("htmx:configRequest", (event) => {
    const { path, target, headers } = event.detail;
    const all = document.getElementById("order") && document.getElementById("emotion");
    if (all && path.endsWith("/move/") && target && target.id === "list") headers["X-Order"] = "1";
  });

  const label = (button, off) => {
    if (!button) return;
    if (off) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  };

  function arrange() {
    for (const { dataset } of document.querySelectorAll("#order [data-of]")) {
      const stage = document.querySelector(`#moments [data-stage="${dataset.of}"]`);
      let at = stage && stage.firstElementChild;
      for (const key of stage && dataset.keys ? dataset.keys.split(" ") : []) {
        const row = document.getElementById(`m${key}`);
        if (!row) continue; // added by somebody else a moment ago: it comes with the next look (together.js)
        if (row === at) at = at.nextElementSibling;
        else stage.insertBefore(row, at);
      }
    }
  }

  function number() {
    const rows = [...document.querySelectorAll("#moments .mo")];
    rows.forEach((row, n) => {
      const figure = row.querySelector(".num");
      if (figure) figure.textContent = n + 1;
      label(row.querySelector("[value=up]"), n === 0);
      label(row.querySelector("[value=down]"), n === rows.length - 1);
    });
    const panel = document.getElementById("panel");
    const open = panel && rows.find((row) => row.id === `m${panel.dataset.moment}`);
    if (open) place(panel, open, rows.indexOf(open) + 1);
  }

  /* The moment that is open says its number too, and where it could go from there. */
  function place(panel, row, n) {
    const figure = panel.querySelector(".panel__top .num");
    if (figure) figure.textContent = n;
    const stage = panel.querySelector("#move-stage");
    const position = panel.querySelector("#move-position");
    if (!stage || !position) return;
    const home = row.closest("[data-stage]");
    for (const option of stage.options) option.defaultSelected = option.value === home.dataset.stage;
    stage.value = home.dataset.stage;
    position.value = position.defaultValue = [...home.children].indexOf(row) + 1;
  }

  function redraw() {
    const curve = document.getElementById("emotion");
    if (!curve) return;
    const url = `${curve.getAttribute("hx-get")}?wheel=1`;
    htmx.ajax("GET", url, { source: curve, target: curve, swap: "outerHTML" });
  }

  document.addEventListener("moments-moved", () => {
    const focused = document.activeElement;
    arrange();
    number();
    if (focused && focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
    const row = focused && focused.closest(".mo");
    if (row) row.scrollIntoView({ block: "nearest" });
    clearTimeout(timer);
    timer = setTimeout(redraw, WAIT);
  });
})();
