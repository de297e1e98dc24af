// The funnel asks by itself; this keeps it from asking while nobody looks, and knows where its reader is.
(() => {
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.closest("[data-live]") === event.target && document.hidden) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    const live = document.querySelector("[data-live]");
    if (!document.hidden && live) window.htmx.trigger(live, "seen");
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
