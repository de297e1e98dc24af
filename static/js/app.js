/* Only what htmx cannot do. Every page works without this file. */
"use strict";

(() => {
  const UNDO_FOR = 10_000;
  const TICK = 250;

  /* A toast leaves after ten seconds; while the pointer or the keyboard is on it, its time stands still. */
  function fade(toast) {
    if (toast.dataset.fading) return;
    toast.dataset.fading = "1";
    let left = UNDO_FOR;
    const clock = setInterval(() => {
      if (!toast.matches(":hover, :focus-within")) left -= TICK;
      if (left <= 0) toast.remove();
      if (!toast.isConnected) clearInterval(clock);
    }, TICK);
  }

  function tell(text) {
    const region = document.getElementById("toasts") || document.getElementById("messages");
    if (!region || !text) return;
    const toast = document.createElement("div");
    toast.className = "toast";
    toast.dataset.toast = "";
    toast.append(Object.assign(document.createElement("p"), { textContent: text }));
    region.replaceChildren(toast);
    fade(toast);
  }

  /* Rows are dragged by their grip; the server has the last word and answers the list. */
  function sortable(list, group, handle, values) {
    if (!window.Sortable || list.dataset.sorting) return;
    list.dataset.sorting = "1";
    window.Sortable.create(list, {
      group,
      handle,
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
      onEnd: (drag) => {
        if (drag.from === drag.to && drag.oldIndex === drag.newIndex) return;
        htmx.ajax("POST", drag.item.dataset.move, {
          source: drag.item,
          target: list.closest("#list, #requirements"),
          swap: "outerHTML",
          values: values(drag),
        });
      },
    });
  }

  function prepare(root) {
    root.querySelectorAll("[data-toast]").forEach(fade);
    root.querySelectorAll("[data-stage]").forEach((list) =>
      sortable(list, "moments", ".mo__grip", (drag) => ({
        stage: drag.to.dataset.stage,
        position: drag.newIndex + 1,
      })),
    );
    root.querySelectorAll("[data-sort]").forEach((list) =>
      sortable(list, list.dataset.sort, ".rt__grip", (drag) => ({ position: drag.newIndex })),
    );
    mark();
  }

  /* The list shows which moment the panel is about. */
  function mark() {
    const panel = document.getElementById("panel");
    if (!panel) return;
    document.querySelectorAll("#moments .mo").forEach((row) => {
      const on = row.id === `m${panel.dataset.moment}`;
      row.classList.toggle("is-on", on);
      const link = row.querySelector(".mo__a");
      if (!link) return;
      if (on) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    prepare(document);
    // A form that came back is corrected where it is wrong; an error of a group of boxes names none of them.
    const wrong = document.querySelector("main [aria-invalid=true]:not([disabled], [type=hidden])");
    if (wrong && !document.querySelector("[autofocus]")) wrong.focus();
    // Who comes from elsewhere to one moment, or to a form, meets it and not the wheel above it on a narrow screen.
    const panel = document.getElementById("panel");
    const opened = panel && !panel.querySelector(":scope > .panel__start") && !location.hash;
    if (opened && panel.getBoundingClientRect().top > innerHeight / 2) panel.scrollIntoView();
  });
  document.addEventListener("htmx:load", (event) => prepare(event.detail.elt.parentElement || document));

  document.addEventListener("htmx:afterSettle", (event) => {
    mark();
    const panel = document.getElementById("panel");
    const asked = event.detail.requestConfig;
    // Opening a moment takes the reader to it.
    const walking = asked && asked.headers["X-Walking"]; // along the wheel: the keyboard stays there
    if (panel && asked && asked.verb === "get" && event.detail.elt.id === "panel" && !walking) {
      // Whoever was quick enough to write in it already is not taken out of the line.
      if (document.activeElement.matches("#panel :is(textarea, input)")) return;
      const first = panel.querySelector("form [autofocus], form .field--bad .input, .panel__form .input");
      (first || panel).focus();
    } else if (panel && document.activeElement === document.body) {
      // What had the focus is gone: stay near it.
      panel.focus({ preventScroll: true });
    }
  });

  /* What somebody is typing is not swept away by a change made elsewhere on the page. */
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-keep]");
    if (form) form.dataset.dirty = "1";
  });
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    if (event.detail.target.querySelector("[data-dirty]")) event.detail.shouldSwap = false;
  });

  document.addEventListener("keydown", (event) => {
    const row = event.target.closest && event.target.closest(".mo");
    if (row && event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      const button = row.querySelector(event.key === "ArrowUp" ? "[value=up]" : "[value=down]");
      if (button) {
        event.preventDefault();
        button.click();
      }
    }
    if (event.key === "F2" && row) {
      const rename = row.querySelector("[id^=name-]");
      if (rename) {
        event.preventDefault();
        rename.click();
      }
    }
    if (event.key === "Escape") {
      const menu = event.target.closest("details.menu[open], details.sure[open]");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
        return;
      }
      const form = event.target.closest("form");
      const cancel = form && form.querySelector("[data-cancel]");
      if (cancel) cancel.click();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("button[aria-disabled=true]")) event.preventDefault();
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  }, true);
  /* What is unfolded at the lower edge of the window comes into sight, and what unfolds it stays there. */
  document.addEventListener("click", (event) => {
    const summary = event.target.closest("summary");
    const folded = summary && summary.parentElement;
    if (!folded || folded.open) return;
    requestAnimationFrame(() => {
      folded.lastElementChild.scrollIntoView({ block: "nearest" });
      summary.scrollIntoView({ block: "nearest" });
    });
  });
  /* An opened form is ready to type in, and the only one of its kind. (A common name would keep it alone
     too, but closes the form that arrives by a swap while the one it replaces still stands open.) */
  document.addEventListener("toggle", (event) => {
    if (!event.target.matches(".add") || !event.target.open) return;
    document.querySelectorAll("details.add[open]").forEach((other) => { other.open = other === event.target; });
    event.target.querySelector("input:not([type=hidden])").focus();
  }, true);

  const failed = (event) => {
    const place = document.querySelector("[data-failed]");
    const gone = event.detail.xhr && event.detail.xhr.status === 404;
    tell(place && ((gone && place.dataset.lost) || place.dataset.failed));
  };
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:responseError", failed);
})();
