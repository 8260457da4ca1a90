// Puts a field into the text where the cursor last stood. Without it the names are typed.
(function () {
  "use strict";
  const form = document.querySelector("form[data-composer]");
  const help = document.getElementById("fields-help");
  let last = null;
  form.addEventListener("focusin", function (event) {
    if (event.target.tagName === "TEXTAREA") { last = event.target; }
  });
  function put(name) {
    if (!last) { last = form.querySelector("textarea"); }
    last.setRangeText("{" + name + "}", last.selectionStart, last.selectionEnd, "end");
    last.focus();
  }
  form.querySelectorAll("[data-field]").forEach(function (code) {
    const button = document.createElement("button");
    button.type = "button";
    code.replaceWith(button);
    button.append(code);
    button.setAttribute("aria-label", "在文字中加入" + code.dataset.field);
    button.addEventListener("click", function () { put(code.dataset.field); });
  });
  help.textContent += "点字段名，加到光标所在的地方。";
})();
