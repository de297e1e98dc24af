/* @ in a comment offers the names of who may see it. Typed out by hand they work the same without this file. */
"use strict";

(() => {
  let names = null; // a promise: asked once a page
  let list = null;
  let at = 0;

  const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const close = (area) => {
    if (list) list.remove();
    list = null;
    if (area) for (const name of ["aria-activedescendant", "aria-controls", "aria-expanded"]) area.removeAttribute(name);
  };

  async function ask(address) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return (await answer.json()).people.map((person) => person.name);
  }

  function load(area) {
    names ||= ask(area.closest("[data-people]").dataset.people).catch((error) => {
      names = null; // the next letter asks again
      throw error;
    });
    return names;
  }

  const typed = (area) => /(?:^|[^\p{L}\p{N}_@.])@([\p{L}\p{M}' -]{0,40})$/u.exec(area.value.slice(0, area.selectionStart));

  function choose(area) {
    const found = typed(area);
    const name = list && list.children[at] && list.children[at].textContent;
    if (!found || !name) return;
    const end = area.selectionStart;
    area.setRangeText(`${name} `, end - found[1].length, end, "end");
    close(area);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function mark(area) {
    [...list.children].forEach((one, n) => one.setAttribute("aria-selected", String(n === at)));
    area.setAttribute("aria-activedescendant", list.children[at].id);
  }

  async function offer(area) {
    if (!typed(area)) return close(area);
    const people = await load(area);
    // What stands there by now: more was typed while the names came.
    const found = typed(area);
    close(area);
    if (!found || document.activeElement !== area) return;
    const wanted = bare(found[1]);
    const fitting = people.filter((name) => bare(name).startsWith(wanted) || bare(name).includes(` ${wanted}`)).slice(0, 6);
    if (!fitting.length || bare(fitting[0]) === wanted.trim()) return;
    list = document.createElement("ul");
    Object.assign(list, { className: "calls", id: "calls" });
    list.setAttribute("role", "listbox");
    list.append(...fitting.map((name, n) => {
      const one = Object.assign(document.createElement("li"), { textContent: name, id: `call-${n}` });
      one.setAttribute("role", "option");
      one.addEventListener("mousedown", (event) => {
        event.preventDefault();
        at = n;
        choose(area);
      });
      return one;
    }));
    area.after(list);
    area.setAttribute("aria-controls", "calls");
    area.setAttribute("aria-expanded", "true");
    at = 0;
    mark(area);
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches("textarea[data-mention]")) offer(event.target);
  });
  document.addEventListener("keydown", (event) => {
    const area = event.target;
    if (!list || !area.matches || !area.matches("textarea[data-mention]")) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) at = (at + step + list.children.length) % list.children.length;
    else if (event.key === "Enter" || event.key === "Tab") choose(area);
    else if (event.key === "Escape") close(area);
    else return;
    if (list) mark(area);
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("focusout", (event) => {
    if (event.target.matches && event.target.matches("textarea[data-mention]")) close(event.target);
  });
})();
