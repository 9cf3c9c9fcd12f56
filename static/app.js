/* Small helps on top of pages that work without them. No page may depend on this file. */
(function () {
  "use strict";

  const IDLE_NOTICE_SECONDS = 180;
  const say = (text) => {
    const place = document.getElementById("spoken");
    if (place) place.textContent = text;
  };
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));

  /* A form is posted once: the second click finds the button asleep. */
  const sleepers = [];
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    delete form.dataset.dirty;
    // After this turn, so that the pressed button's own name and value are still sent.
    setTimeout(() => {
      all("button[type=submit], button:not([type])", form).forEach((button) => {
        button.disabled = true;
        sleepers.push(button);
      });
      if (event.submitter && event.submitter.dataset.busy) {
        event.submitter.textContent = event.submitter.dataset.busy;
      }
    }, 0);
  });
  // Coming back with the browser's button shows a page that may be sent again.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    all("form").forEach((form) => delete form.dataset.sent);
    sleepers.splice(0).forEach((button) => { button.disabled = false; });
  });

  /* What was typed is not lost by a slip. */
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && form.method === "post") form.dataset.dirty = "yes";
  });
  window.addEventListener("beforeunload", (event) => {
    if (all("form[data-dirty]").length) event.preventDefault();
  });

  /* Some minutes before the session ends the page says so, and can stay awake. */
  function watchIdle() {
    const seconds = Number(document.body.dataset.idleSeconds);
    const notice = document.getElementById("idle-notice");
    if (!seconds || !notice) return;
    let timer;
    const start = () => {
      notice.hidden = true;
      clearTimeout(timer);
      timer = setTimeout(() => { notice.hidden = false; },
        Math.max(seconds - IDLE_NOTICE_SECONDS, seconds / 2) * 1000);
    };
    notice.querySelector("button").addEventListener("click", () => {
      fetch(document.body.dataset.stayUrl || location.href, { method: "HEAD", credentials: "same-origin" })
        .then(start)
        .catch(() => say("Không kết nối được với máy chủ. Hãy thử lại."));
    });
    document.addEventListener("htmx:afterRequest", start);
    start();
  }

  /* Copies a table as text that a sheet takes cell by cell. */
  function tableText(table) {
    return Array.from(table.rows, (row) => Array.from(row.cells, (cell) =>
      cell.innerText.replace(/\s+/g, " ").trim()).join("\t")).join("\n");
  }
  function copyText(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    // Offices often serve over plain http, where the clipboard object does not exist.
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done ? Promise.resolve() : Promise.reject(new Error("copy refused"));
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy-table], [data-print]");
    if (!button) return;
    if (button.dataset.print !== undefined) {
      window.print();
      return;
    }
    const table = document.querySelector(button.dataset.copyTable);
    copyText(tableText(table))
      .then(() => say(`Đã chép ${table.tBodies[0].rows.length} dòng. Mở Excel và dán.`))
      .catch(() => say("Trình duyệt không cho chép. Hãy dùng nút tải tệp Excel."));
  });

  /* Menus close when one looks elsewhere. */
  const closeMenus = (except) => all("details.menu[open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.menu[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });

  /* Paper has no click: folded parts are printed open. */
  let unfolded = [];
  window.addEventListener("beforeprint", () => {
    unfolded = all("main details:not([open])");
    unfolded.forEach((part) => { part.open = true; });
  });
  window.addEventListener("afterprint", () => unfolded.forEach((part) => { part.open = false; }));

  function foldBoard() {
    if (!window.matchMedia("(max-width: 61.99rem)").matches) return;
    all(".stage-board").forEach((board) => {
      all("details[open]", board).slice(1).forEach((stage) => { stage.open = false; });
    });
  }

  all("[data-needs-script]").forEach((button) => { button.hidden = false; });
  foldBoard();
  watchIdle();
  const errors = document.getElementById("form-errors");
  if (errors) errors.focus();
})();
