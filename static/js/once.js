// A form is sent once: the second click of an impatient hand, or Enter twice, would register a thing twice.
(function () {
  "use strict";
  const sent = "sent";
  document.addEventListener("submit", function (event) {
    const form = event.target;
    // What a page's own script takes over is its own affair; a search may be asked again.
    if (event.defaultPrevented || form.method !== "post") { return; }
    if (form.dataset[sent]) { event.preventDefault(); return; }
    form.dataset[sent] = "1";
    // The answer is a file and the page stays: it says so, and which way goes on.
    const after = form.querySelector("[data-after-file]");
    if (after) {
      after.hidden = false;
      // Later, or the name of the pressed button would not be sent.
      setTimeout(function () { form.querySelectorAll("button").forEach(function (button) { button.disabled = true; }); });
      return;
    }
    // An answer that never came, or a file instead of a page, must not lock the form for good.
    setTimeout(function () { delete form.dataset[sent]; }, 4000);
  });
  // Back from the next page, it may be sent again.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset[sent]; });
  });
})();
