// A button below each password shows what is typed, and hides it again; when the form is sent it is hidden in any case.
(function () {
  "use strict";
  document.querySelectorAll("input[type=password]").forEach(function (field) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-link btn-sm p-0";
    function show(isShown) {
      field.type = isShown ? "text" : "password";
      button.textContent = isShown ? "隐藏密码" : "显示密码";
    }
    button.addEventListener("click", function () { show(field.type === "password"); });
    field.form.addEventListener("submit", function () { show(false); });
    field.insertAdjacentElement("afterend", button);
    show(false);
  });
})();
