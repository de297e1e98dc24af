/* In a list of a page's sections the one that is being read is marked. Without this file it is a list of links. */
"use strict";

(() => {
  const BELOW = 48; // pixels: where a section stands that was just jumped to, under the list
  let due = false;

  /* The last section that begins above the line; at the foot of the page the one that was asked for, if it shows. */
  function read(nav, links) {
    const line = nav.getBoundingClientRect().bottom + BELOW;
    const begins = (link) => {
      const section = document.getElementById(link.hash.slice(1));
      return section ? section.getBoundingClientRect().top : Infinity;
    };
    if (scrollY + innerHeight >= document.documentElement.scrollHeight - 2 && scrollY > 0) {
      const asked = links.find((link) => link.hash === location.hash);
      return asked && begins(asked) > 0 && begins(asked) < innerHeight ? asked : links.at(-1);
    }
    return links.findLast((link) => begins(link) <= line);
  }

  function mark() {
    due = false;
    for (const nav of document.querySelectorAll("[data-sections]")) {
      const links = [...nav.querySelectorAll("a")];
      const here = read(nav, links);
      for (const link of links) {
        if (link === here) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
      if (!here) continue;
      const beyond = here.offsetLeft + here.offsetWidth - nav.scrollLeft - nav.clientWidth;
      if (beyond > 0) nav.scrollLeft += beyond + BELOW;
      else if (here.offsetLeft < nav.scrollLeft) nav.scrollLeft = here.offsetLeft - BELOW;
    }
  }

  function soon() {
    if (due) return;
    due = true;
    requestAnimationFrame(mark);
  }

  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon);
  addEventListener("hashchange", soon);
  document.addEventListener("DOMContentLoaded", soon);
  document.addEventListener("htmx:afterSettle", soon);
})();
