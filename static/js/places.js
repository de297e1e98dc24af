// Copies a link, prints a sheet. Without this script the link can be marked and the browser's menu prints.
(() => {
  const show = () => {
    for (const button of document.querySelectorAll("[data-copy], [data-print]")) button.hidden = false;
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-print]");
    if (!button) return;
    if ("print" in button.dataset) {
      print();
      return;
    }
    const field = document.getElementById(button.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = button.dataset.copied;
    } catch {
      // Not allowed: the link stays marked, ready for the keyboard.
    }
  });
  document.addEventListener("htmx:afterSettle", show);
  show();
})();
