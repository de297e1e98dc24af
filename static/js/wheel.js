/* The ring by keyboard: arrows walk it, Home and End jump, and the moment one stops at opens beside the wheel.
   Without this file every node is a link in the order of the cycle. */
"use strict";

(() => {
  const WAIT = 250; // a moment opens where the walk stops, not at every step
  const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  let timer = 0;

  const ring = () => [...document.querySelectorAll("#wheel-chart a.w-node")];

  /* One stop of the Tab key for the whole ring: the open moment, else the first. */
  function prepare() {
    const nodes = ring();
    const focused = nodes.find((node) => node === document.activeElement);
    const entry = focused || nodes.find((node) => node.hasAttribute("aria-current")) || nodes[0];
    for (const node of nodes) node.setAttribute("tabindex", node === entry ? "0" : "-1");
  }

  function open(node) {
    const panel = document.getElementById("panel");
    if (!node.isConnected || document.activeElement !== node) return;
    if (!panel || panel.dataset.moment === node.id.slice(2) || panel.querySelector("[data-dirty]")) return;
    htmx.ajax("GET", node.getAttribute("href"), { source: node, target: panel, swap: "outerHTML", headers: { "X-Walking": "1" } });
  }

  document.addEventListener("keydown", (event) => {
    const node = event.target.closest?.("#wheel-chart a.w-node");
    if (!node || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const nodes = ring();
    const at = nodes.indexOf(node);
    const to =
      event.key in STEPS
        ? (at + STEPS[event.key] + nodes.length) % nodes.length
        : { Home: 0, End: nodes.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    nodes[to].focus();
  });

  document.addEventListener("focusin", (event) => {
    const node = event.target.closest?.("#wheel-chart a.w-node");
    clearTimeout(timer);
    if (!node) return;
    prepare();
    if (node.matches(":focus-visible")) timer = setTimeout(open, WAIT, node);
  });

  document.addEventListener("DOMContentLoaded", prepare);
  document.addEventListener("htmx:afterSettle", prepare);

  /* A cell of the blueprint is saved without leaving the keyboard. */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.closest?.("form.bp__form");
    if (form) form.requestSubmit();
  });
})();
