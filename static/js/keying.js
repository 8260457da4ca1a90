// Keys one paper sheet after another without the mouse. The page works without it: one line of text a sheet.
// The line of text stays the truth that is posted; the grid only shows it.
(function () {
  "use strict";
  const form = document.querySelector("form[data-keying]");
  if (!form) return;
  const line = form.elements.marks;
  const reason = form.elements.void_reason;
  const number = form.elements.number;
  const problem = form.querySelector("[data-problem]");
  const more = form.querySelector("[data-more]");
  const full = document.querySelector("[data-full]");
  const undo = document.querySelector("form[data-undo]");
  const undoButton = undo.querySelector("button");
  const cells = form.querySelectorAll("[data-cell]");
  const sizes = form.dataset.sizes.split(",").map(Number);
  const expected = Number(form.dataset.expected);
  const opinions = more.querySelectorAll("textarea");
  let marks = [];
  let current = 0;
  let busy = false;
  // Keys pressed while a sheet is on its way: they belong to the next one.
  let waiting = [];

  function labelOf(row, mark) {
    if (mark === "0") return row.dataset.blank;
    if (mark === "*") return row.dataset.spoiled;
    return row.dataset["grade" + mark];
  }

  function grouped() {
    const parts = [];
    let start = 0;
    sizes.forEach(function (size) {
      let part = "";
      for (let place = start; place < start + size; place++) part += marks[place] || (place < lastFilled() ? "_" : "");
      parts.push(part);
      start += size;
    });
    return parts.join(" ").trim();
  }

  function lastFilled() {
    for (let place = cells.length - 1; place >= 0; place--) if (marks[place]) return place;
    return -1;
  }

  function draw() {
    cells.forEach(function (row, place) {
      const shown = row.querySelector(".keying-mark");
      shown.textContent = marks[place] ? labelOf(row, marks[place]) : "\u00a0";
      shown.classList.toggle("mark-other", marks[place] === "0" || marks[place] === "*");
      row.classList.toggle("is-current", place === current && !reason.value);
    });
    form.classList.toggle("is-void", Boolean(reason.value));
    line.value = grouped();
    const row = cells[Math.min(current, cells.length - 1)];
    const box = row.getBoundingClientRect();
    if (box.top < line.getBoundingClientRect().bottom || box.bottom > window.innerHeight) row.scrollIntoView({ block: "center" });
  }

  function say(text) {
    problem.textContent = text;
    problem.hidden = !text;
  }

  // What stands in the line, after it was typed or pasted past the keys below.
  function read() {
    let typed = line.value.replace(/[０-９]/g, function (wide) {
      return String.fromCharCode(wide.charCodeAt(0) - 0xfee0);
    });
    typed = typed.replace(/[xX×＊]/g, "*").replace(/-/g, "0").replace(/[^0-9*_]/g, "");
    marks = [];
    for (let place = 0; place < typed.length && place < cells.length; place++) {
      if (typed[place] !== "_" && labelOf(cells[place], typed[place])) marks[place] = typed[place];
    }
    current = lastFilled() + 1;
  }

  function clear() {
    marks = [];
    current = 0;
    reason.value = "";
    opinions.forEach(function (field) {
      field.value = "";
    });
    more.open = false;
    say("");
  }

  function show(next) {
    number.value = next;
    document.querySelector("[data-number]").textContent = Math.min(next, expected);
    document.querySelector("[data-progress]").value = next - 1;
    document.querySelector("[data-last]").textContent = next - 1;
    undo.elements.number.value = next - 1;
    undoButton.disabled = next < 2;
    const isFull = next > expected;
    full.hidden = !isFull;
    form.hidden = isFull;
    if (isFull) full.querySelector("[data-finish]").focus();
    else line.focus();
  }

  function token(data) {
    // The cookie's token is the newer one where somebody logged in again in another tab.
    const name = document.documentElement.dataset.csrfCookie;
    const found = new RegExp("(?:^|; )" + name + "=([^;]+)").exec(document.cookie);
    if (found) data.set("csrfmiddlewaretoken", found[1]);
    return data;
  }

  function post(target, data, done) {
    if (busy) return;
    busy = true;
    fetch(target.action, { method: "POST", body: token(data), headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then(function (answer) {
        if (!(answer.headers.get("Content-Type") || "").startsWith("application/json")) throw new Error("page");
        return answer.json();
      })
      .then(
        function (found) {
          busy = false;
          if (found.error) {
            waiting = [];
            say(found.error);
          } else {
            done(found);
            catchUp();
          }
        },
        function (error) {
          busy = false;
          waiting = [];
          say(
            error.message === "page"
              ? "没有保存：登录可能已经过期。请在新标签页登录后，回到这里再按一次回车，本张录入的内容还在。"
              : "没有保存：网络不通。请稍后再按一次回车，本张录入的内容还在。"
          );
        }
      );
  }

  function save() {
    if (!reason.value) {
      for (let place = 0; place < cells.length; place++) {
        if (!marks[place]) {
          current = place;
          draw();
          say("第" + (place + 1) + "项还没有录。没有选的按 0，选了两个以上的按 *。");
          line.focus();
          return;
        }
      }
    }
    const data = new FormData(form);
    if (reason.value) data.set("marks", "");
    post(form, data, function (found) {
      clear();
      draw();
      show(found.next);
    });
  }

  function takeBack() {
    if (undoButton.disabled) return;
    post(undo, new FormData(undo), function (found) {
      clear();
      line.value = found.marks;
      read();
      current = 0;
      reason.value = found.void_reason;
      opinions.forEach(function (field) {
        field.value = found[field.name] || "";
        if (field.value) more.open = true;
      });
      if (reason.value) more.open = true;
      show(found.number);
      draw();
    });
  }

  function open(field) {
    more.open = true;
    field.focus();
  }

  function catchUp() {
    if (form.hidden) waiting = [];
    // A press may send the sheet, and then `busy` holds the rest back.
    // oxlint-disable-next-line no-unmodified-loop-condition
    while (waiting.length && !busy) press(waiting.shift());
  }

  // Does what a key stands for; false for a key that stands for nothing here.
  function press(pressed) {
    const key = pressed === "x" || pressed === "X" || pressed === "×" ? "*" : pressed;
    if (key === "Enter") {
      save();
      return true;
    }
    if (/^[0-9*]$/.test(key)) {
      if (current < cells.length) {
        if (labelOf(cells[current], key)) {
          marks[current++] = key;
          say("");
        } else {
          say("“" + key + "”不是这一项的等次。");
        }
      } else {
        say("各项都录了。按回车保存；要改的，按 ← 退回。");
      }
    } else if (key === "Backspace") {
      if (current > 0) delete marks[--current];
    } else if (key === "ArrowLeft" || key === "ArrowUp") {
      if (current > 0) current--;
    } else if (key === "ArrowRight" || key === "ArrowDown") {
      if (current < cells.length && marks[current]) current++;
    } else if (key === "v" || key === "V") {
      open(reason);
    } else if (key === "o" || key === "O") {
      if (opinions.length) open(opinions[0]);
    } else if (key === "u" || key === "U") {
      if (lastFilled() < 0) takeBack();
      else say("本张已经录了几项。要撤回上一张，先按退格清空本张。");
    } else {
      return false;
    }
    draw();
    return true;
  }

  line.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (busy && event.key !== "Tab") {
      waiting.push(event.key);
      event.preventDefault();
    } else if (press(event.key)) {
      event.preventDefault();
    }
  });
  line.addEventListener("input", function (event) {
    if (event.isComposing) return;
    read();
    draw();
  });
  reason.addEventListener("input", draw);
  more.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      line.focus();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      save();
    }
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    save();
  });
  undo.addEventListener("submit", function (event) {
    event.preventDefault();
    takeBack();
  });

  document.querySelectorAll("[data-script]").forEach(function (part) {
    part.hidden = false;
  });
  document.querySelectorAll("[data-plain]").forEach(function (part) {
    part.hidden = true;
  });
  if (line.value) read();
  draw();
  if (!form.hidden) line.focus();
})();
