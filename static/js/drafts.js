/* Never lose what somebody typed: forms with data-draft are kept on this computer, per person, until the server has them.

   The server confirms with a message whose extra tag is "draft:KEY" (or an answer 2xx to an htmx form). A sent form whose
   page has gone to another page without errors counts as confirmed too. */
import { fill, onContent, within, words } from "./words.js";

const user = document.body.dataset.user || "";
const SENT = "draft-sent";
const SKIPPED = new Set(["csrfmiddlewaretoken", "idempotency_key", "password", "next"]);
const keyOf = (form) => `draft:${user}:${form.dataset.draft}`;
const timers = new WeakMap();

function read(form) {
  return [...form.elements]
    .filter((element) => element.name && !SKIPPED.has(element.name) && !["file", "submit", "button", "password"].includes(element.type))
    .map((element) => {
      if (element.type === "checkbox" || element.type === "radio") return element.checked ? [element.name, element.value] : null;
      if (element.multiple) return [element.name, ...[...element.selectedOptions].map((option) => option.value)];
      return element.type === "hidden" && !element.hasAttribute("data-draft-field") ? null : [element.name, element.value];
    })
    .filter(Boolean);
}

function write(form, values) {
  const byName = new Map();
  for (const [name, ...rest] of values) byName.set(name, [...(byName.get(name) || []), ...rest]);
  const turn = new Map();
  for (const element of form.elements) {
    if (!element.name || SKIPPED.has(element.name) || ["file", "submit", "button", "password"].includes(element.type)) continue;
    const kept = byName.get(element.name);
    if (element.type === "checkbox" || element.type === "radio") element.checked = Boolean(kept && kept.includes(element.value));
    else if (element.multiple) for (const option of element.options) option.selected = Boolean(kept && kept.includes(option.value));
    else if (kept) {
      const index = turn.get(element.name) || 0;
      if (index < kept.length) element.value = kept[index];
      turn.set(element.name, index + 1);
    }
  }
  form.dispatchEvent(new CustomEvent("draft:restored", { bubbles: true }));
}

function stateOf(form) {
  return form.querySelector("[data-draft-state]") || document.querySelector("[data-draft-state]");
}

function say(form, text) {
  const place = stateOf(form);
  if (place) place.textContent = text;
}

const clock = (date) => date.toLocaleTimeString("en-GB", { hour12: false });

function keep(form) {
  const at = new Date();
  try {
    localStorage.setItem(keyOf(form), JSON.stringify({ at: at.toISOString(), values: read(form) }));
    say(form, fill(words.draftKept, { time: clock(at) }));
  } catch { /* storage full or forbidden: the form still works */ }
}

function drop(key) {
  localStorage.removeItem(`draft:${user}:${key}`);
}

function offerToDrop(form, at) {
  const note = document.createElement("p");
  note.className = "draft-note";
  note.setAttribute("role", "status");
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: words.draftDrop });
  button.addEventListener("click", () => { drop(form.dataset.draft); form.reset(); note.remove(); say(form, ""); form.dispatchEvent(new CustomEvent("draft:restored", { bubbles: true })); });
  note.append(fill(words.draftBack, { time: clock(new Date(at)) }), " ", button);
  form.prepend(note);
}

function begin(form) {
  const stored = localStorage.getItem(keyOf(form));
  if (stored && !("bound" in form.dataset)) {
    const { at, values } = JSON.parse(stored);
    const before = JSON.stringify(read(form));
    write(form, values);
    if (JSON.stringify(read(form)) !== before) offerToDrop(form, at);
  }
  const later = () => { clearTimeout(timers.get(form)); timers.set(form, setTimeout(() => keep(form), 400)); };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => {
    clearTimeout(timers.get(form));
    keep(form);
    sessionStorage.setItem(SENT, JSON.stringify({ key: form.dataset.draft, path: location.pathname }));
  });
}

function settle() {
  const confirmed = [...document.querySelectorAll("[data-done]")].flatMap((element) => element.dataset.done.split(/\s+/));
  confirmed.filter((text) => text.startsWith("draft:")).forEach((text) => drop(text.slice(6)));
  const sent = JSON.parse(sessionStorage.getItem(SENT) || "null");
  if (!sent || !user || document.body.dataset.error) return;
  sessionStorage.removeItem(SENT);
  const still = document.querySelector(`form[data-draft="${CSS.escape(sent.key)}"]`);
  if (!still && location.pathname !== sent.path) drop(sent.key);
}

if (user) {
  let settled = false;
  onContent((scope) => {
    if (!settled) { settled = true; settle(); }
    within(scope, "form[data-draft]").forEach(begin);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest("form[data-draft]");
    if (form && event.detail.requestConfig.verb !== "get" && event.detail.xhr.status >= 200 && event.detail.xhr.status < 300) {
      clearTimeout(timers.get(form));
      timers.delete(form);
      drop(form.dataset.draft);
    }
  });
  document.addEventListener("draft-done", (event) => drop(event.detail.value || event.detail.key));
  addEventListener("pagehide", () => document.querySelectorAll("form[data-draft]").forEach((form) => { if (timers.has(form)) { clearTimeout(timers.get(form)); if (!form.dataset.busy) keep(form); } }));
}
