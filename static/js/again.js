// A ballot that the server could not take because it was busy is sent again by itself: the same one, which counts once.
(function () {
  "use strict";
  const form = document.querySelector("form[data-again]");
  const timer = setTimeout(function () { form.requestSubmit(); }, 3000);
  form.addEventListener("submit", function () { clearTimeout(timer); });
})();
