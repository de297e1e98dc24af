/* A point marks its row and a row its point, on hover and on focus. What they say is in both anyway. */
"use strict";
(() => {
  const mark = (event, near) => {
    const one = event.target.closest?.("#matrix [data-moment]");
    if (!one) return;
    const number = CSS.escape(one.dataset.moment);
    document.querySelectorAll(`#matrix [data-moment="${number}"]`).forEach((it) => it.classList.toggle("is-near", near));
  };
  for (const [type, near] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
    document.addEventListener(type, (event) => mark(event, near));
  }

  /* New answers bring a new drawing and a new table: what was marked, open and focused stays so. (What has
     an id keeps the focus by htmx itself.) */
  let marked = [];
  let open = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.id !== "matrix-results") return;
    marked = [...document.querySelectorAll("#matrix tr.is-near")].map((it) => it.dataset.moment);
    open = [...event.detail.target.querySelectorAll("details[open][id]")].map((it) => it.id);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    for (const number of marked) {
      document.querySelectorAll(`#matrix [data-moment="${CSS.escape(number)}"]`).forEach((it) => it.classList.add("is-near"));
    }
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    marked = [];
    open = [];
  });

  /* A tab that nobody looks at does not ask. */
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && event.target.closest?.("#matrix-live")) event.preventDefault();
  });

  /* While answers keep coming, a screen reader hears of them twice a minute at most, and of the last. */
  const QUIET = 30000;
  let said = -QUIET;
  let later = 0;
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    if (target?.id !== "matrix-news") return;
    event.detail.shouldSwap = false;
    const news = fragment.textContent.trim();
    clearTimeout(later);
    later = setTimeout(() => {
      const region = document.getElementById("matrix-news");
      if (region) region.textContent = news;
      said = performance.now();
    }, Math.max(0, said + QUIET - performance.now()));
  });
})();

/* The crosshair by hand: drag its ends, or use the arrow keys on them. It only fills in the two fields of
   the filters, so the address says what is shown and the fields do the same without this file. */
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const WAIT = 700; // after the last arrow key
  let focused = "";
  let held = false;
  let timer = 0;

  const make = (name, attributes) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };

  function prepare() {
    const chart = document.querySelector("#matrix svg[data-cross]");
    const lines = chart?.querySelector(".mx-cross");
    if (!chart || !lines || chart.querySelector(".mx-grip")) return;
    const [low, high, iLow, iHigh, left, top, side] = chart.dataset.cross.split(" ").map(Number);
    const [x, yTop, , , y] = lines.getAttribute("d").match(/[\d.]+/g).map(Number);
    if (![low, high, iLow, iHigh, left, top, side, x, yTop, y].every(Number.isFinite)) return;
    const words = chart.closest(".chart").dataset;
    const at = { x, y };
    const right = left + side;
    const bottom = top + side;
    const satisfaction = () => low + ((at.x - left) / side) * (high - low);
    const importance = () => iHigh - ((at.y - top) / side) * (iHigh - iLow);
    const ghost = make("path", { class: "mx-ghost", d: "" });
    chart.append(ghost);

    const grips = ["x", "y", "both"].map((axis) => {
      const grip = make("g", { class: "mx-grip", id: `mx-grip-${axis}` });
      if (axis !== "both") {
        grip.setAttribute("tabindex", "0");
        grip.setAttribute("role", "slider");
        grip.setAttribute("aria-orientation", axis === "x" ? "horizontal" : "vertical");
        grip.setAttribute("aria-label", axis === "x" ? words.wordsSatisfaction : words.wordsImportance);
        grip.setAttribute("aria-valuemin", (axis === "x" ? low : iLow).toFixed(2));
        grip.setAttribute("aria-valuemax", (axis === "x" ? high : iHigh).toFixed(2));
      } else {
        grip.setAttribute("aria-hidden", "true");
        const title = make("title", {});
        title.textContent = words.wordsBoth;
        grip.append(title);
      }
      grip.append(make("circle", { r: axis === "both" ? 5 : 7 }));
      chart.append(grip);
      return [axis, grip];
    });

    function place(moved) {
      for (const [axis, grip] of grips) {
        const circle = grip.querySelector("circle");
        circle.setAttribute("cx", axis === "y" ? right : at.x);
        circle.setAttribute("cy", axis === "x" ? bottom : at.y);
        if (axis === "both") continue;
        const value = axis === "x" ? satisfaction() : importance();
        grip.setAttribute("aria-valuenow", value.toFixed(2));
        grip.setAttribute("aria-valuetext", value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 2 }));
      }
      if (moved) ghost.setAttribute("d", `M${at.x} ${top}V${bottom}M${left} ${at.y}H${right}`);
    }

    function submit() {
      const form = document.getElementById("matrix-filters");
      const target = document.getElementById("f-cross-target");
      const fields = [document.getElementById("f-ts"), document.getElementById("f-ti")];
      if (!form || !target || !fields.every(Boolean)) return;
      fields[0].value = satisfaction().toFixed(2);
      fields[1].value = importance().toFixed(2);
      target.checked = true;
      target.dispatchEvent(new Event("change", { bubbles: true }));
    }

    const clamp = (value, from, to) => Math.min(to, Math.max(from, value));
    const field = document.getElementById("f-ts");
    // The plot may be a little larger than the scale: no target beyond the scale.
    const most = Number(field?.dataset.most) || high;
    const inside = () => {
      at.x = clamp(at.x, left + ((Math.max(low, 1) - low) / (high - low)) * side, left + ((Math.min(high, most) - low) / (high - low)) * side);
      const iFoot = iLow < 0 ? 0 : Math.max(iLow, 1);
      const iTop = iLow < 0 ? Math.min(iHigh, 100) : Math.min(iHigh, most);
      at.y = clamp(at.y, top + ((iHigh - iTop) / (iHigh - iLow)) * side, top + ((iHigh - iFoot) / (iHigh - iLow)) * side);
    };

    for (const [axis, grip] of grips) {
      grip.addEventListener("pointerdown", (event) => {
        if (event.button) return;
        event.preventDefault();
        held = true;
        grip.setPointerCapture(event.pointerId);
        const start = { ...at };
        const move = (to) => {
          const point = new DOMPoint(to.clientX, to.clientY).matrixTransform(chart.getScreenCTM().inverse());
          if (axis !== "y") at.x = point.x;
          if (axis !== "x") at.y = point.y;
          inside();
          place(true);
        };
        const stop = (end) => {
          held = false;
          grip.removeEventListener("pointermove", move);
          grip.removeEventListener("pointerup", stop);
          grip.removeEventListener("pointercancel", stop);
          if (end.type === "pointercancel") {
            Object.assign(at, start);
            ghost.setAttribute("d", "");
            place(false);
          } else if (at.x !== start.x || at.y !== start.y) submit();
        };
        grip.addEventListener("pointermove", move);
        grip.addEventListener("pointerup", stop);
        grip.addEventListener("pointercancel", stop);
      });
      grip.addEventListener("keydown", (event) => {
        const direction = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 5, PageDown: -5 }[event.key];
        if (!direction || axis === "both") return;
        event.preventDefault();
        const step = direction * (axis === "x" ? (0.05 / (high - low)) * side : ((iLow < 0 ? 1 : 0.05) / (iHigh - iLow)) * side);
        if (axis === "x") at.x += step;
        else at.y -= step;
        inside();
        place(true);
        focused = grip.id;
        held = true;
        clearTimeout(timer);
        timer = setTimeout(() => {
          held = false;
          submit();
        }, WAIT);
      });
    }
    place(false);
    if (focused) document.getElementById(focused)?.focus();
    focused = "";
  }

  /* Answers that come meanwhile wait: the next look brings them. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.id !== "matrix-results") return;
    if (held) event.detail.shouldSwap = false;
    else if (document.activeElement?.classList.contains("mx-grip")) focused = document.activeElement.id;
  });
  document.addEventListener("DOMContentLoaded", prepare);
  document.addEventListener("htmx:afterSettle", prepare);
})();
