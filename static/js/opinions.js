// Left and right lead to the opinion before and after, unless somebody is typing or choosing. The page works without it.
(function () {
  "use strict";
  const links = { ArrowLeft: "prev", ArrowRight: "next" };
  document.addEventListener("keydown", function (event) {
    if (!links[event.key] || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("input, textarea, select, button")) return;
    const link = document.querySelector('a[rel="' + links[event.key] + '"]');
    if (link) link.click();
  });
})();
