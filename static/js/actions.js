/* The board of actions: cards dragged between columns, or moved by Alt and an arrow. Without this file the
   status is chosen on the card. What may go where is said by the server on each card, and decided by it. */
"use strict";

(() => {
  function send(card, status) {
    htmx.ajax("POST", card.dataset.step, {
      source: card,
      target: "#plan",
      swap: "outerHTML",
      values: { status, was: card.dataset.was },
    });
  }

  const allowed = (card) => card.dataset.to.split(" ").filter(Boolean);

  function shut(wrap, card) {
    const to = allowed(card);
    const home = card.closest("[data-column]");
    for (const column of wrap.querySelectorAll("[data-column]")) {
      column.classList.toggle("is-shut", column !== home && !to.includes(column.dataset.column));
    }
    wrap.classList.add("is-dragging");
  }

  function sortable(column) {
    if (!window.Sortable || column.dataset.sorting) return;
    column.dataset.sorting = "1";
    const wrap = column.closest(".ps-wrap");
    window.Sortable.create(column, {
      group: {
        name: "actions",
        put: (to, _from, card) => allowed(card).includes(to.el.dataset.column),
      },
      sort: false,
      draggable: "[data-step]",
      filter: "select, a, button, label",
      preventOnFilter: false,
      delay: 180,
      delayOnTouchOnly: true,
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
      onStart: (drag) => shut(wrap, drag.item),
      onEnd: (drag) => {
        wrap.classList.remove("is-dragging");
        if (drag.from !== drag.to) send(drag.item, drag.to.dataset.column);
      },
    });
  }

  /* The next column, that way, that this card may go to. */
  function beside(card, way) {
    const columns = [...document.querySelectorAll("#plan [data-column]")];
    const to = allowed(card);
    for (let at = columns.indexOf(card.closest("[data-column]")) + way; columns[at]; at += way) {
      if (to.includes(columns[at].dataset.column)) return columns[at].dataset.column;
    }
    return "";
  }

  document.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const card = way && event.altKey && event.target.closest && event.target.closest("#plan [data-column] [data-step]");
    if (!card) return;
    event.preventDefault();
    const status = beside(card, way);
    if (status) send(card, status);
  });

  /* Somebody else was first: that is said at the top, which the keyboard may be far from. */
  function told() {
    const fault = document.querySelector("#plan #fault");
    if (!fault || fault.dataset.told) return;
    fault.dataset.told = "1";
    fault.scrollIntoView({ block: "center" });
  }

  function prepare() {
    document.querySelectorAll("#plan [data-column]").forEach(sortable);
    told();
  }
  document.addEventListener("DOMContentLoaded", prepare);
  document.addEventListener("htmx:load", prepare);
})();
