// Keeps what is typed into a long form on the server, for its writer alone, and offers it when the form is opened again.
// The form works without it. Leaving asks only while words could not be kept.
(function () {
  "use strict";
  const note = document.querySelector("[data-words]");
  const offer = document.querySelector("[data-words-offer]");
  const form = note.closest("form");
  const target = new URL(form.action);
  const address = target.pathname + target.search;
  const PAUSE = 1000; // milliseconds without a key
  const before = values();
  // Words of an earlier visit: they stay beside those typed now, until they are dropped.
  let carried = {};
  let timer = null;
  let onItsWay = null;
  let isPending = false; // typed, and not sent yet
  let isUnkept = false; // the last try failed
  let isCutOff = false; // without a session or a network: the form itself would get nowhere either
  let isLeaving = false; // the form itself was sent

  function fields() {
    return Array.prototype.filter.call(form.elements, function (field) {
      return field.type === "textarea" || (field.type === "text" && field.name);
    });
  }

  function values() {
    const words = {};
    fields().forEach(function (field) { words[field.name] = field.value; });
    return words;
  }

  function typed() {
    const words = Object.assign({}, carried);
    Object.entries(values()).forEach(function (entry) {
      if (entry[1] !== before[entry[0]]) words[entry[0]] = entry[1];
    });
    return words;
  }

  // Signing in again in another window gives another token, which only the cookie knows.
  function token() {
    const name = document.documentElement.dataset.csrfCookie;
    const known = new RegExp("(?:^|; )" + name + "=([^;]+)").exec(document.cookie);
    if (known) form.elements.csrfmiddlewaretoken.value = known[1];
    return form.elements.csrfmiddlewaretoken.value;
  }

  function say(name) {
    note.querySelectorAll("[data-words-said]").forEach(function (said) { said.hidden = said.dataset.wordsSaid !== name; });
  }

  function keep(atLast) {
    clearTimeout(timer);
    isPending = false;
    const body = new URLSearchParams({ form: address, words: JSON.stringify(typed()), csrfmiddlewaretoken: token() });
    onItsWay = fetch(note.dataset.words, { method: "POST", body: body, redirect: "manual", keepalive: atLast }).then(function (answer) {
      isCutOff = answer.type === "opaqueredirect";
      isUnkept = !answer.ok;
      say(answer.ok ? "kept" : isCutOff ? "signed-out" : "refused");
    }, function () {
      isUnkept = isCutOff = true;
      say("offline");
    }).then(function () { onItsWay = null; });
    return onItsWay;
  }

  form.addEventListener("input", function () {
    isPending = true;
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE, false);
  });

  // A form that would meet a closed session or a dead network is held back, with its words.
  form.addEventListener("submit", function (event) {
    if (!isPending && !isCutOff && !onItsWay) {
      isLeaving = true;
      token();
      return;
    }
    event.preventDefault();
    const button = event.submitter;
    form.setAttribute("aria-busy", "true");
    (isPending || isCutOff ? keep(false) : onItsWay).then(function () {
      if (!isCutOff) return form.requestSubmit(button);
      form.removeAttribute("aria-busy");
      note.scrollIntoView({ block: "center" });
    });
  });
  window.addEventListener("beforeunload", function (event) {
    if (!isLeaving && isUnkept) event.preventDefault();
  });
  window.addEventListener("pagehide", function () {
    if (!isLeaving && isPending) keep(true);
  });
  window.addEventListener("pageshow", function () {
    isLeaving = false;
    form.removeAttribute("aria-busy");
  });

  // Saved, the form's kept words are forgotten.
  const mark = document.createElement("input");
  mark.type = "hidden";
  mark.name = "words_kept";
  mark.value = "1";
  form.append(mark);

  function put() {
    fields().forEach(function (field) { if (field.name in carried) field.value = carried[field.name]; });
    offer.hidden = true;
    form.dispatchEvent(new Event("input"));
  }

  function drop() {
    carried = {};
    offer.hidden = true;
    keep(false);
  }

  fetch(note.dataset.words + "?" + new URLSearchParams({ form: address }), { redirect: "manual" }).then(function (answer) {
    return answer.ok ? answer.json() : {};
  }).then(function (kept) {
    carried = kept.words || {};
    const differs = Object.keys(carried).some(function (name) { return name in before && before[name] !== carried[name]; });
    if (!differs) return;
    offer.querySelector("[data-words-when]").textContent = kept.kept_at;
    offer.querySelector("[data-words-put]").addEventListener("click", put);
    offer.querySelector("[data-words-drop]").addEventListener("click", drop);
    offer.hidden = false;
  }, function () { /* Without the network nothing is offered. */ });
})();
