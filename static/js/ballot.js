// Keeps unsent marks through a reload of the page, for this tab alone, and forgets them once the ballot is sent.
// The ballot works without it.
(function () {
  "use strict";
  var PREFIX = "ballot-";

  function forget(except) {
    Object.keys(sessionStorage).forEach(function (key) {
      if (key.indexOf(PREFIX) === 0 && key !== except) sessionStorage.removeItem(key);
    });
  }

  function answers(form) {
    var kept = {};
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

  // A radio button cannot be taken back; a person who marked by mistake must still be able to leave the line blank.
  function offerToUnmark(fieldset, save) {
    var chosen = fieldset.querySelector("input:checked");
    var button = fieldset.querySelector(".unmark");
    if (!chosen && button) fieldset.removeChild(button);
    if (!chosen || button) return;
    button = document.createElement("button");
    button.type = "button";
    button.className = "unmark";
    button.textContent = "取消选择";
    button.addEventListener("click", function () {
      fieldset.querySelector("input:checked").checked = false;
      fieldset.querySelector("input").focus();
      save();
    });
    fieldset.appendChild(button);
  }

  var form = document.querySelector("form[data-ballot]");
  try {
    if (document.querySelector("[data-sent]")) forget();
    if (!form) return;
    var key = PREFIX + form.dataset.ballot;
    forget(key);
    if (!("kept" in form.dataset) && sessionStorage.getItem(key)) restore(form, JSON.parse(sessionStorage.getItem(key)));
  } catch (error) {
    // Storage is switched off: the marks then live in the page alone.
    if (!form) return;
  }

  function save() {
    Array.prototype.forEach.call(form.querySelectorAll("fieldset"), function (fieldset) {
      offerToUnmark(fieldset, save);
    });
    try {
      sessionStorage.setItem(key, JSON.stringify(answers(form)));
    } catch (error) {
      // As above.
    }
  }
  form.addEventListener("change", save);
  form.addEventListener("input", save);
  save();
})();
