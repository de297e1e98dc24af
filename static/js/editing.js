/* Editing on the map, beyond app.js: a list pasted into the line of a new moment adds one for each line. */
"use strict";

(() => {
  const lines = (text) => text.split(/\r\n|\r|\n/).filter((line) => line.trim());

  document.addEventListener("paste", (event) => {
    const field = event.target;
    if (!field.matches || !field.matches("input[data-paste]")) return;
    const text = event.clipboardData.getData("text/plain");
    if (lines(text).length < 2) return;
    event.preventDefault();
    const { selectionStart: from, selectionEnd: to, value } = field;
    htmx.ajax("POST", field.dataset.paste, {
      source: "#list",
      target: "#list",
      swap: "outerHTML",
      values: { stage: field.dataset.into, lines: value.slice(0, from) + text + value.slice(to) },
    });
  });

  /* An attribute that was saved, or left as it was, keeps the keyboard: at the button that opens it again. */
  document.addEventListener("htmx:afterSettle", (event) => {
    const place = event.detail.elt;
    if (!place.id.startsWith("f-") || place.querySelector("form")) return;
    const again = document.getElementById(place.id.replace("f-", "e-"));
    if (again) again.focus();
  });

  /* A list that is refused opens in the panel, but not over what somebody is writing there. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    const asked = event.detail.requestConfig;
    const panel = document.getElementById("panel");
    if (!asked || !asked.path.endsWith("/paste/") || event.detail.xhr.status !== 422) return;
    if (asked.triggeringEvent || !panel || !panel.querySelector("[data-dirty]")) return;
    const answer = new DOMParser().parseFromString(event.detail.serverResponse, "text/html");
    const fault = answer.querySelector(".error, .note--bad");
    event.detail.shouldSwap = false;
    const toast = document.createElement("div");
    toast.className = "toast";
    toast.append(Object.assign(document.createElement("p"), { textContent: fault ? fault.textContent : "" }));
    document.getElementById("toasts").replaceChildren(toast);
  });
})();
