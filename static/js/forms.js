/* Sending once: buttons rest after a submit, each form carries its key. Filters send themselves. Errors take the focus. */
import { onContent, within } from "./words.js";

function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const buttonsOf = (form) => [...form.elements].filter((element) => element.type === "submit");

function rest(form, pressed) {
  form.dataset.busy = "1";
  setTimeout(() => buttonsOf(form).forEach((button) => {
    button.disabled = true;
    if (button === pressed) button.setAttribute("aria-busy", "true");
  }));
}

function wake(form) {
  delete form.dataset.busy;
  buttonsOf(form).forEach((button) => { button.disabled = false; button.removeAttribute("aria-busy"); });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.busy) { event.preventDefault(); event.stopImmediatePropagation(); return; }
  if (form.hasAttribute("data-once-key") || form.elements.idempotency_key) {
    if (!form.elements.idempotency_key) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "idempotency_key", value: uuid() }));
  }
  rest(form, event.submitter);
  setTimeout(() => { if (event.defaultPrevented && !form.matches("[hx-post], [hx-put], [hx-patch], [hx-delete]")) wake(form); }, 10);
}, true);

addEventListener("pageshow", (event) => { if (event.persisted) document.querySelectorAll("form[data-busy]").forEach(wake); });
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest("form");
  if (form) wake(form);
});

let waiting;
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-autosubmit]");
  if (form && event.target.type !== "search" && event.target.type !== "text") { clearTimeout(waiting); waiting = setTimeout(() => form.requestSubmit(), 50); }
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-autosubmit]")) return;
  for (const element of event.target.elements) if (element.name && !element.value) element.disabled = true;
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-back]");
  if (button) history.length > 1 ? history.back() : location.assign("/");
});

onContent((scope) => within(scope, "[data-focus]").forEach((element) => element.focus()));
