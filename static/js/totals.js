// Shows each row's sum while a count sheet is typed. The page works without it.
(function () {
  "use strict";
  var form = document.querySelector("form[data-totals]");
  var valid = Number(form.dataset.totals);
  function add(row) {
    var sum = 0;
    row.querySelectorAll("input").forEach(function (field) {
      sum += Number(field.value) || 0;
    });
    var shown = row.querySelector("output");
    shown.textContent = sum;
    shown.className = sum === valid ? "" : "is-wrong";
  }
  form.querySelectorAll("tbody tr").forEach(add);
  form.addEventListener("input", function (event) {
    add(event.target.closest("tr"));
  });
})();
