// Shows each row's sum while a count sheet is typed. The page works without it.
(function () {
  "use strict";
  const form = document.querySelector("form[data-totals]");
  const valid = Number(form.dataset.totals);
  function add(row) {
    let sum = 0;
    row.querySelectorAll("input").forEach(function (field) {
      sum += Number(field.value) || 0;
    });
    const shown = row.querySelector("output");
    shown.textContent = sum;
    shown.className = sum === valid ? "" : "is-wrong";
  }
  form.querySelectorAll("tbody tr").forEach(add);
  form.addEventListener("input", function (event) {
    add(event.target.closest("tr"));
  });
})();
