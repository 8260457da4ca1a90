// Keeps unsent marks through a reload of the page, for this tab alone, and forgets them once the ballot is sent.
// The ballot works without it.
(function () {
  "use strict";
  const PREFIX = "ballot-";
  const DOUBLE_TAP = 600; // milliseconds

  function forget(except) {
    Object.keys(sessionStorage).forEach(function (key) {
      if (key.indexOf(PREFIX) === 0 && key !== except) sessionStorage.removeItem(key);
    });
  }

  function answers(form) {
    const kept = {};
    Array.prototype.forEach.call(form.elements, function (field) {
      if (field.type === "radio" && field.checked) kept[field.name] = field.value;
      if (field.type === "textarea" && field.value) kept[field.name] = field.value;
    });
    return kept;
  }

  function restore(form, kept) {
    Array.prototype.forEach.call(form.elements, function (field) {
      if (field.type === "radio") field.checked = kept[field.name] === field.value;
      if (field.type === "textarea") field.value = kept[field.name] || "";
    });
  }

  // Answers too long for a cookie came by POST: Back leads to the ballot instead of asking whether to send them again.
  const posted = document.querySelector("[data-posted]");
  if (posted) history.replaceState(null, "", posted.dataset.posted);

  const form = document.querySelector("form[data-ballot]");
  const key = form && PREFIX + form.dataset.ballot;
  try {
    if (document.querySelector("[data-sent]")) forget();
    if (!form) return;
    forget(key);
    if (sessionStorage.getItem(key)) restore(form, JSON.parse(sessionStorage.getItem(key)));
  } catch {
    // Storage is switched off: the marks then live in the page alone.
    if (!form) return;
  }

  let saved = {};
  let marked = 0;

  function save() {
    saved = answers(form);
    try {
      sessionStorage.setItem(key, JSON.stringify(saved));
    } catch {
      // As above.
    }
  }

  // A radio button cannot be taken back; a person who marked by mistake must still be able to leave the line blank.
  // A double tap means the mark, not its opposite.
  form.addEventListener("click", function (event) {
    const field = event.target;
    if (field.type !== "radio") return;
    if (saved[field.name] !== field.value) {
      marked = event.timeStamp;
    } else if (event.timeStamp - marked > DOUBLE_TAP) {
      field.checked = false;
      save();
    }
  });
  form.addEventListener("change", save);
  form.addEventListener("input", save);
  save();
  document.querySelector("[data-unmark]").hidden = false;
})();
