// Keeps unsent marks through a reload of the page, for this tab alone, and forgets them once the ballot is sent. Counts the
// marks, takes one back only when that is asked for, and sends so that a dead network leaves the page as it is.
// The ballot works without it.
(function () {
  "use strict";
  const PREFIX = "ballot-";
  const DOUBLE_TAP = 600; // milliseconds
  const PATIENCE = 20000;

  function forget(except) {
    Object.keys(sessionStorage).forEach(function (key) {
      if (key.indexOf(PREFIX) === 0 && key !== except) sessionStorage.removeItem(key);
    });
  }

  // A grade, or an option of a list to choose from.
  function isMark(field) {
    return field.type === "radio" || field.type === "checkbox";
  }

  function answers(form) {
    const kept = {};
    Array.prototype.forEach.call(form.elements, function (field) {
      if (isMark(field) && field.checked) kept[field.name] = field.value;
      if (field.type === "textarea" && field.value) kept[field.name] = field.value;
    });
    return kept;
  }

  function restore(form, kept) {
    Array.prototype.forEach.call(form.elements, function (field) {
      if (isMark(field)) field.checked = kept[field.name] === field.value;
      if (field.type === "textarea") field.value = kept[field.name] || "";
      const fold = field.value && field.type === "textarea" && field.closest("details");
      if (fold) fold.open = true;
    });
  }

  // A page that the browser sends itself gives way to the browser's own error page where the network is dead. Sent from
  // here, it stays. A ballot that went out twice counts once: its page bears the key of the submission.
  function sendFromHere(form, warning) {
    let isSending = false;
    let isPassed = false;

    function say(isOffline) {
      warning.hidden = !isOffline;
      if (isOffline) warning.scrollIntoView({ block: "center" });
    }

    function send(button) {
      const fields = new URLSearchParams(new FormData(form));
      if (button && button.name) fields.append(button.name, button.value);
      const patience = new AbortController();
      const timer = setTimeout(function () { patience.abort(); }, PATIENCE);
      isSending = true;
      say(false);
      if (button) button.setAttribute("aria-busy", "true");
      fetch((button && button.getAttribute("formaction")) || form.action, {
        method: "POST", body: fields, signal: patience.signal,
      }).then(function (answer) {
        // Answers that are too long to wait in the browser, and failures, are shown as they come: by the browser.
        isPassed = !answer.redirected;
        if (isPassed) form.requestSubmit(button);
        else location.assign(answer.url);
        setTimeout(rest, PATIENCE);
      }).catch(function () {
        rest();
        say(true);
      }).then(function () { clearTimeout(timer); });
    }

    // Until the next page is there, the button says that the ballot is on its way, and sends nothing again.
    function rest() {
      isSending = isPassed = false;
      document.querySelectorAll("[aria-busy]").forEach(function (button) { button.removeAttribute("aria-busy"); });
    }

    form.addEventListener("submit", function (event) {
      if (isPassed) return;
      event.preventDefault();
      if (!isSending) send(event.submitter);
    });
    document.addEventListener("click", function (event) {
      const link = event.target.closest("a[href]");
      if (navigator.onLine || !link) return;
      // Some browsers say so wrongly.
      event.preventDefault();
      fetch(link.href, { method: "HEAD" }).then(function () { location.assign(link.href); }, function () { say(true); });
    });
    window.addEventListener("online", function () { say(false); });
    window.addEventListener("pageshow", rest);
  }

  // Large print at once; the cookie has the next page in it too.
  const size = document.querySelector("[name=large]");
  if (size) {
    size.type = "button";
    size.addEventListener("click", function () {
      const isLarge = document.documentElement.classList.toggle("large-print");
      document.cookie = "large_print=1; path=/; samesite=lax; max-age=" + (isLarge ? 31536000 : 0);
      size.setAttribute("aria-pressed", isLarge);
    });
  }

  const warning = document.querySelector("[data-offline]");
  if (warning) sendFromHere(warning.closest("form"), warning);

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
    count();
    try {
      sessionStorage.setItem(key, JSON.stringify(saved));
    } catch {
      // As above.
    }
  }

  // A list to choose from is one question.
  function tell(place, questions) {
    const done = Array.prototype.filter.call(questions, function (question) { return question.querySelector(":checked"); });
    const words = "已选" + done.length + "/" + questions.length;
    if (place.textContent !== words) place.textContent = words;
  }

  function count() {
    form.querySelectorAll(".tally").forEach(function (place) { tell(place, place.closest("section").querySelectorAll("fieldset")); });
    tell(total, form.querySelectorAll("fieldset"));
  }

  const total = form.querySelector("[data-marked]");
  form.querySelectorAll("section").forEach(function (section) {
    if (!section.querySelector("fieldset")) return;
    const place = document.createElement("span");
    place.className = "tally";
    section.querySelector("h2").append(place);
  });
  total.hidden = !form.querySelector("fieldset");

  // A radio button cannot be taken back; a person who marked by mistake must still be able to leave the line blank.
  function offerToUnmark(field) {
    const question = field.closest("fieldset");
    if (question.querySelector("[data-unmarks]")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-quiet";
    button.dataset.unmarks = "";
    button.textContent = "这一项不选了";
    button.addEventListener("click", function () {
      question.querySelector(":checked").checked = false;
      withdrawOffer(question);
      field.focus();
      save();
    });
    question.append(button);
  }

  function withdrawOffer(question) {
    const button = question && question.querySelector("[data-unmarks]");
    if (button) button.remove();
  }

  // A double tap means the mark.
  form.addEventListener("click", function (event) {
    const field = event.target;
    if (field.type !== "radio") return;
    if (saved[field.name] !== field.value) {
      marked = event.timeStamp;
    } else if (event.timeStamp - marked > DOUBLE_TAP) {
      offerToUnmark(field);
    }
  });
  form.addEventListener("change", function (event) {
    withdrawOffer(event.target.closest("fieldset"));
    save();
  });
  form.addEventListener("input", save);
  save();
  document.querySelector("[data-unmark]").hidden = false;
})();
