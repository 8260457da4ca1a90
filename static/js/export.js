// Looks every two seconds how far an export has come. Without it the page reloads itself.
(function () {
  "use strict";
  function look() {
    fetch("?part=1", { credentials: "same-origin" })
      .then(function (answer) {
        // Logged out meanwhile, or not one's own any more: the page itself says so.
        if (answer.redirected || !answer.ok) { throw answer; }
        return answer.text();
      })
      .then(function (html) {
        const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("export-progress");
        if (!fresh || !fresh.hasAttribute("data-active")) { location.reload(); return; }
        document.getElementById("export-progress").replaceWith(fresh);
        setTimeout(look, 2000);
      })
      .catch(function (reason) {
        if (reason instanceof Response && reason.status < 500) { location.reload(); return; }
        setTimeout(look, 5000); // the server is away for a moment
      });
  }
  setTimeout(look, 2000);
})();
