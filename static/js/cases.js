/* The board of cases: a card is dragged to another column, or moved there with Alt and an arrow. Both choose in
   the form that the card has anyway, and send it; without this file the form's own button does. */
"use strict";

(() => {
  document.documentElement.classList.add("js");
  let dragged = null;

  const columns = () => [...document.querySelectorAll("[data-column]")];
  const columnOf = (card) => card.closest("[data-column]");

  function send(card, column) {
    const form = card.querySelector("form");
    if (!form || columnOf(card) === column) return;
    form.status.value = column.dataset.status;
    sessionStorage.setItem("case", card.id);
    form.requestSubmit();
  }

  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest && event.target.closest("[data-case]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.id);
    dragged.classList.add("is-dragged");
  });
  document.addEventListener("dragend", () => {
    if (dragged) dragged.classList.remove("is-dragged");
    for (const column of columns()) column.classList.remove("is-over");
    dragged = null;
  });
  document.addEventListener("dragover", (event) => {
    const over = dragged && event.target.closest("[data-column]");
    for (const column of columns()) column.classList.toggle("is-over", column === over);
    if (over) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const over = dragged && event.target.closest("[data-column]");
    if (!over) return;
    event.preventDefault();
    send(dragged, over);
  });

  document.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const card = event.altKey && step && event.target.closest("[data-case]");
    if (!card) return;
    const all = columns();
    const next = all[all.indexOf(columnOf(card)) + step];
    event.preventDefault();
    if (next) send(card, next);
  });

  document.addEventListener("change", (event) => {
    if (!event.target.matches(".ccard__move select")) return;
    sessionStorage.setItem("case", event.target.closest("[data-case]").id);
    event.target.form.requestSubmit();
  });

  /* The card that was moved keeps the focus, wherever it stands now. */
  document.addEventListener("htmx:afterSettle", () => {
    const card = document.getElementById(sessionStorage.getItem("case") || "");
    sessionStorage.removeItem("case");
    const link = card && card.querySelector("a");
    if (link) link.focus({ preventScroll: false });
  });
})();
