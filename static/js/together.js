/* Two people at once: asks every two seconds what moved, and brings the page up to date around whoever types.
   Every page works without this file; then it is as fresh as it was when it was opened. */
"use strict";

(() => {
  const EVERY = 2_000;
  const SLOWEST = 30_000;
  // What belongs to this window and not to the page: never taken from the server's version.
  const OURS = new Set(["open", "style", "autofocus", "data-sorting", "data-fading", "data-dirty"]);
  // [data-lazy]: what a page fetches for itself once it is open; the server's page has only its place.
  const STILL = "#live, #toasts, #messages, #together, .sortable-chosen, [data-lazy]";
  const EDITABLE = "input:not([type=hidden], [type=checkbox], [type=radio], [type=submit]), textarea, select";

  let timer = 0;
  let wait = EVERY;
  let behind = false; // the page is older than what the server told us
  let composing = false;
  let steps = 0; // what this window did itself: a page asked for before that is too old to follow

  class Away extends Error {} // the network, or the server behind it: no fault of this page

  async function read(address, headers) {
    try {
      const answer = await fetch(address, { headers });
      return [answer, await answer.text()];
    } catch (error) {
      throw new Away(error.message);
    }
  }

  const box = () => document.getElementById("together");
  const changed = (one) =>
    one.matches("select")
      ? [...one.options].some((option) => option.selected !== option.defaultSelected) &&
        [...one.options].some((option) => option.defaultSelected)
      : one.matches("[type=checkbox], [type=radio]")
        ? one.checked !== one.defaultChecked
        : one.value !== one.defaultValue;
  const busy = (form) =>
    form.dataset.dirty ||
    form.querySelector("[name=opened]") ||
    (form.contains(document.activeElement) && document.activeElement.matches(EDITABLE)) ||
    [...form.elements].some((one) => one.matches("input:not([type=hidden]), textarea, select") && changed(one));
  const forms = (root) => [...root.querySelectorAll("form")].filter(busy);

  const key = (node) => {
    if (node.nodeType !== Node.ELEMENT_NODE) return "";
    if (node.id) return `#${node.id}`;
    if (node.dataset && node.dataset.stage) return `stage ${node.dataset.stage}`;
    return node.nodeName === "FORM" ? `form ${node.getAttribute("action")}` : "";
  };

  /* Rows that stand aside because somebody edits in them what the page itself does not show. A form that was
     opened, or came back refused, has nothing that differs from what the server sent: it stays all the same. */
  function heldIn(root, next) {
    const there = new Set([...next.querySelectorAll("form")].map(key));
    const opened = [...root.querySelectorAll("form[data-keep]")].filter((form) => !there.has(key(form)));
    const typing = forms(root).filter((form) => !there.has(key(form)) || form.querySelector("[name=opened]"));
    return new Set([...opened, ...typing].map((form) => form.closest("[id]:not(form)")));
  }

  function morph(old, next, held) {
    if (held.has(old) || old.isEqualNode(next) || old.matches(STILL)) return;
    if (old.nodeName === "FORM" && busy(old)) return;
    for (const { name } of [...old.attributes]) {
      if (!OURS.has(name) && !next.hasAttribute(name)) old.removeAttribute(name);
    }
    for (const { name, value } of [...next.attributes]) {
      if (!OURS.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    children(old, next, held);
  }

  function children(old, next, held) {
    const keyed = new Map([...old.childNodes].filter(key).map((node) => [key(node), node]));
    let at = old.firstChild;
    const unkeyed = (like) => {
      for (let node = at; node; node = node.nextSibling) {
        if (!key(node) && node.nodeName === like.nodeName) return node;
      }
      return null;
    };
    for (const wanted of [...next.childNodes]) {
      const match = key(wanted) ? keyed.get(key(wanted)) : unkeyed(wanted);
      if (!match || match.nodeName !== wanted.nodeName) {
        old.insertBefore(document.importNode(wanted, true), at);
        continue;
      }
      if (match.contains(document.activeElement)) {
        // What has the focus stays where it is; the others walk round it.
        while (at && at !== match) {
          const passed = at;
          at = at.nextSibling;
          passed.remove();
        }
      } else if (match !== at) {
        old.insertBefore(match, at);
      }
      if (match.nodeType === Node.ELEMENT_NODE) morph(match, wanted, held);
      else if (match.data !== wanted.data) match.data = wanted.data;
      at = match.nextSibling;
    }
    while (at) {
      const spare = at;
      at = at.nextSibling;
      if (!(spare.nodeType === Node.ELEMENT_NODE && (held.has(spare) || forms(spare).length))) spare.remove();
    }
  }

  /* Says over a form that its thing was changed meanwhile. */
  async function warn(form) {
    if (!form.querySelector("[name=opened]") || form.querySelector("[data-changed]")) return;
    const [answer, text] = await read(form.getAttribute("action"), { "HX-Request": "true" });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(text, "text/html");
    const same = [...fresh.querySelectorAll("form")].find((one) => key(one) === key(form));
    const opened = same && same.querySelector("[name=opened]");
    if (!opened || opened.value === form.querySelector("[name=opened]").value) return;
    const note = Object.assign(document.createElement("p"), { className: "note", textContent: box().dataset.note });
    note.dataset.changed = "";
    note.setAttribute("role", "status");
    form.prepend(note);
  }

  async function follow() {
    const page = document.getElementById("content");
    if (!page || !box().closest("[data-follow]") || composing || document.querySelector(".sortable-chosen")) return;
    const address = new URL(location.href);
    for (const once of ["deleted", "place", "add"]) address.searchParams.delete(once);
    const [here, step] = [location.href, steps];
    const [answer, text] = await read(address, { Accept: "text/html" });
    if (!answer.ok || answer.redirected) return;
    if (location.href !== here || steps !== step || document.querySelector(".htmx-request")) return;
    if (composing || document.querySelector(".sortable-chosen")) return;
    const fresh = new DOMParser().parseFromString(text, "text/html");
    for (const id of ["method", "content"]) {
      const old = document.getElementById(id);
      const next = fresh.getElementById(id);
      if (!old || !next) continue;
      morph(old, next, heldIn(old, next));
      if (window.htmx) {
        htmx.process(old);
        htmx.trigger(old, "htmx:load", { elt: old });
      }
    }
    behind = false;
    await Promise.all([...document.querySelectorAll("form:has([name=opened])")].map(warn));
  }

  function stop(text) {
    clearTimeout(timer);
    timer = -1;
    const place = document.getElementById("toasts") || document.getElementById("messages");
    if (!text || !place) return;
    const toast = Object.assign(document.createElement("div"), { className: "toast" });
    toast.append(Object.assign(document.createElement("p"), { textContent: text }));
    place.replaceChildren(toast);
  }

  async function ask() {
    const { url, seen, here, gone } = box().dataset;
    const query = new URLSearchParams({ seen, here });
    const [answer, text] = await read(`${url}?${query}`, { "HX-Request": "true" });
    if (answer.headers.has("HX-Redirect")) return stop();
    if (answer.status === 403 || answer.status === 404) return stop(gone);
    if (answer.status === 200) {
      const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("together");
      if (fresh) {
        behind ||= fresh.dataset.seen !== seen;
        box().replaceWith(document.importNode(fresh, true));
      }
    }
    if (behind) await follow();
    wait = EVERY;
  }

  async function tick() {
    clearTimeout(timer);
    if (!box() || document.hidden || timer === -1) return;
    try {
      await ask();
    } catch (error) {
      // Whatever it is, ask less often until it is over; a fault of our own is said besides.
      wait = Math.min(SLOWEST, wait * 2);
      if (!(error instanceof Away)) throw error;
    } finally {
      if (timer !== -1 && !document.hidden) timer = setTimeout(tick, wait);
    }
  }

  for (const step of ["htmx:beforeRequest", "htmx:afterSwap"]) document.addEventListener(step, () => { steps += 1; });
  document.addEventListener("compositionstart", () => { composing = true; });
  document.addEventListener("compositionend", () => { composing = false; });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) clearTimeout(timer);
    else tick();
  });
  document.addEventListener("DOMContentLoaded", tick);
})();
