// The funnel asks by itself; this keeps it from asking while nobody looks, and knows where its reader is.
(() => {
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.closest("[data-live]") === event.target && document.hidden) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    const live = document.querySelector("[data-live]");
    if (!document.hidden && live) window.htmx.trigger(live, "seen");
  });

  /* Each section is saved by its own button: what is still unsaved is said before the survey is opened, before
     mail goes out, and before the page is left. */
  const unsaved = () => document.querySelector("#survey form[data-dirty]");
  const tell = () => {
    for (const note of document.querySelectorAll("[data-unsaved]")) note.hidden = !unsaved();
  };
  document.addEventListener("toggle", tell, true);
  document.addEventListener("input", () => setTimeout(tell)); // app.js marks the form first
  document.addEventListener("htmx:afterSettle", tell);
  document.addEventListener("submit", (event) => delete event.target.dataset.dirty, true);
  window.addEventListener("beforeunload", (event) => {
    if (unsaved()) event.preventDefault();
  });

  const guess = (root) => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    for (const select of root.querySelectorAll("select[data-guess]")) {
      if (!zone) continue;
      if (![...select.options].some((option) => option.value === zone)) {
        select.add(new Option(zone.split("/").pop().replaceAll("_", " "), zone));
      }
      select.value = zone;
      select.removeAttribute("data-guess");
    }
  };
  document.addEventListener("DOMContentLoaded", () => guess(document));
  document.addEventListener("htmx:load", (event) => guess(event.target));
})();
