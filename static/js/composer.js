/* The composer of reports: rows move without the server, and the preview follows what is chosen.
   Without this file the same buttons post the form. */
"use strict";

(() => {
  const form = document.getElementById("compose");
  const list = document.getElementById("sections");
  const frame = document.getElementById("preview");
  if (!form || !list || !frame) return;
  const show = document.getElementById("show-preview");
  const refresh = document.getElementById("refresh");
  const news = document.getElementById("compose-news");
  const WAIT = 600;
  let timer = 0;
  let top = 0;

  function later() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const doc = frame.contentDocument;
      top = doc && doc.scrollingElement ? doc.scrollingElement.scrollTop : 0;
      form.requestSubmit(show);
    }, WAIT);
  }

  /* The reader stays at the page that was being looked at. */
  frame.addEventListener("load", () => {
    const doc = frame.contentDocument;
    if (top && doc && doc.scrollingElement) doc.scrollingElement.scrollTop = top;
  });

  function ends() {
    const rows = [...list.children];
    rows.forEach((row, n) => {
      for (const [way, off] of [["up", n === 0], ["down", n === rows.length - 1]]) {
        const button = row.querySelector(`[data-move=${way}]`);
        if (off) button.setAttribute("aria-disabled", "true");
        else button.removeAttribute("aria-disabled");
      }
    });
    return rows;
  }

  function say(row) {
    const rows = ends();
    const said = { name: row.dataset.name, n: rows.indexOf(row) + 1, all: rows.length };
    news.textContent = form.dataset.moved.replace(/\{(\w+)\}/g, (_all, word) => said[word]);
    later();
  }

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("li");
    const up = button.dataset.move === "up";
    const other = up ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    list.insertBefore(up ? row : other, up ? other : row);
    button.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    say(row);
  });

  if (window.Sortable) {
    list.classList.add("js-sort");
    window.Sortable.create(list, {
      handle: ".cmp__grip",
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
      onEnd: (drag) => drag.oldIndex !== drag.newIndex && say(drag.item),
    });
  }

  if (refresh) refresh.hidden = true;
  form.addEventListener("change", (event) => {
    if (event.target.name === "wave" && refresh) form.requestSubmit(refresh);
    else if (event.target.name !== "name" && event.target.name !== "for_all") later();
  });
  form.addEventListener("input", (event) => event.target.matches("textarea") && later());
})();
