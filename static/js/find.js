/* The key / leads to the search, unless somebody is typing or has switched it off. */
"use strict";

(() => {
  const KEY = "find-key";
  const off = () => {
    try {
      return localStorage.getItem(KEY) === "off";
    } catch {
      return false; // a browser that keeps nothing
    }
  };

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || off()) return;
    if (event.target.closest("input, textarea, select, [contenteditable], dialog[open]")) return;
    const field = document.getElementById("find");
    const link = document.querySelector("[data-find]");
    if (field && field.checkVisibility()) {
      event.preventDefault();
      field.focus();
      field.select();
    } else if (link) {
      event.preventDefault();
      link.click();
    }
  });

  document.addEventListener("DOMContentLoaded", () => {
    const choice = document.querySelector("[data-find-key]");
    if (!choice) return;
    const box = choice.querySelector("input");
    choice.hidden = false;
    box.checked = !off();
    box.addEventListener("change", () => {
      try {
        localStorage.setItem(KEY, box.checked ? "on" : "off");
      } catch {
        box.checked = true; // it cannot be remembered
      }
    });
  });
})();
