// Optional: keeps what was typed with its link, and takes an idle kiosk back to the start.
// Nothing happens until a person has changed something: robots run scripts too.
(() => {
  const form = document.getElementById("f");
  if (!form) return;
  const saved = form.querySelector(".saved");
  const { start } = form.dataset;
  let timer = 0, last = 0, sending = null;

  const save = async () => {
    last = Date.now();
    const data = new FormData(form);
    data.set("save", "1");
    data.set("quietly", "1");
    sending = new AbortController();
    try {
      const answer = await fetch(form.getAttribute("action"), {
        method: "POST", body: new URLSearchParams(data), credentials: "omit", signal: sending.signal,
      });
      if (saved && answer.status === 204) saved.textContent = form.dataset.saved;
    } catch {
      // Without a network the page still holds everything; the next change tries again.
    }
  };

  if (form.dataset.saved) {
    form.addEventListener("input", (event) => {
      if (!event.isTrusted) return;
      if (saved) saved.textContent = "";
      clearTimeout(timer);
      timer = setTimeout(save, Math.max(3000, 12000 - (Date.now() - last)));
    });
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      sending?.abort();
    });
  }

  if (start) {
    const asking = document.querySelector(".idle");
    let idle = 0;
    const go = () => location.replace(start);
    const ask = () => {
      asking.hidden = false;
      asking.querySelector("button").focus();
      idle = setTimeout(go, 20000);
    };
    const awake = (event) => {
      if (!event.isTrusted) return;
      asking.hidden = true;
      clearTimeout(idle);
      idle = setTimeout(ask, 60000);
    };
    for (const kind of ["pointerdown", "keydown", "input", "scroll"]) {
      addEventListener(kind, awake, { passive: true });
    }
    // A form handed back with what is missing is somebody's already.
    if (document.getElementById("errors")) idle = setTimeout(ask, 60000);
  }
})();
