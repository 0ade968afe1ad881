/* A big step is one API call. The time of the first press counts, also when the call has to be repeated. */
import { toast } from "../toasts.js";
import { words } from "../words.js";
import { post, uuid } from "./call.js";

const SAID = "step-said";
const PLAIN = new Set(["csrfmiddlewaretoken", "idempotency_key", "at", "parts_kept", "signature_strokes", "unsolved"]);

function moment(value, zone) {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(value) ? `${value}:00${zone}` : value;
}

/* Fields of a form as the API takes them; empty ones are left out, ticks are true or false. */
function body(form) {
  const found = {};
  for (const field of form.elements) {
    if (!field.name || PLAIN.has(field.name) || field.name.startsWith("part_") || ["file", "submit", "button"].includes(field.type)) continue;
    if (field.type === "checkbox") found[field.name] = field.checked;
    else if (field.type === "radio") { if (field.checked) found[field.name] = field.value; }
    else if (field.value !== "") found[field.name] = field.type === "datetime-local" ? moment(field.value, form.dataset.zone) : field.value;
  }
  return found;
}

function parts(form) {
  return [...form.querySelectorAll("[data-part-rows] [data-part]")].map((row) => Object.fromEntries(
    [...row.querySelectorAll("[name^='part_']")].map((field) => [field.name.slice(5), field.value.trim()]).filter(([, value]) => value !== ""),
  )).filter((part) => part.name);
}

function place(form, button) {
  const foot = button && button.closest(".finish") ? document.querySelector("[data-foot-refusal]") : null;
  return foot || form.querySelector("[data-refusal]");
}

function clear(form) {
  document.querySelectorAll("[data-refusal], [data-foot-refusal]").forEach((element) => { element.hidden = true; element.textContent = ""; });
  form.querySelectorAll(".step-error").forEach((element) => element.remove());
  form.querySelectorAll("[aria-invalid]").forEach((element) => element.removeAttribute("aria-invalid"));
}

/* Messages by field stand at their field; what has no field stands beside the button. */
function refuse(form, button, { status, answer }) {
  const lines = [];
  if (answer.detail) lines.push(answer.detail);
  let first = null;
  if (status === 400) for (const [name, texts] of Object.entries(answer)) {
    const field = form.querySelector(`[name="${CSS.escape(name)}"]`);
    const text = [texts].flat(Infinity).map((one) => (typeof one === "object" ? Object.values(one).flat().join(" ") : one)).join(" ");
    if (!field || field.type === "hidden") { if (name !== "detail") lines.push(text); continue; }
    const note = Object.assign(document.createElement("p"), { className: "error step-error", textContent: text });
    field.setAttribute("aria-invalid", "true");
    (field.closest(".field") || field.parentElement).append(note);
    first = first || field;
    lines.push(text);
  }
  const box = place(form, button);
  box.textContent = lines.join(" ") || words.refused;
  box.hidden = false;
  if (status === 409 || status === 422 || status === 404) {
    const again = Object.assign(document.createElement("a"), { className: "btn", href: location.pathname, textContent: form.dataset.again || "↻" });
    box.append(" ", again);
  }
  if (first) { first.scrollIntoView({ block: "center" }); first.focus({ preventScroll: true }); } else box.scrollIntoView({ block: "nearest" });
}

async function run(form, button) {
  const verb = form.dataset.verb || button.dataset.step;
  const key = form.elements.idempotency_key;
  form.dataset.at = form.dataset.at || new Date().toISOString();
  const at = form.dataset.at;
  let result;
  if (verb === "report") result = await report(form, at, key.value);
  else if (verb === "correct-report") result = await post(form.dataset.api, signed(form, at, body(form)), key.value);
  else if (verb === "leave") result = await post(form.dataset.api, { at, solved: true }, key.value);
  else result = await post(form.dataset.api, { at, ...body(form) }, key.value);
  if (result.ok) return done(form, verb);
  if (result.status >= 400 && result.status < 500) { key.value = uuid(); delete form.dataset.at; }
  refuse(form, button, result);
  return null;
}

/* Reporting from the site leaves it with that: two calls, each with a key of its own. */
async function report(form, at, key) {
  const values = body(form);
  const { customer_agreed: agreed, ...rest } = values;
  const leave = document.getElementById("step-leave");
  if (leave && !form.dataset.left) {
    const unsolved = (form.dataset.unsolved || "").split(" ").includes(values.outcome);
    const left = await post(leave.dataset.api, { at, solved: !unsolved, customer_agreed: Boolean(agreed), why: unsolved ? values.diagnosis || "" : "" }, `${key}-leave`);
    if (!left.ok) return left;
    form.dataset.left = "1";
  }
  return post(form.dataset.api, signed(form, at, rest), key);
}

/* The fields with parts and signature as the API takes them. */
function signed(form, at, { signature, ...rest }) {
  const drawn = signature ? { png: signature, strokes: JSON.parse(form.elements.signature_strokes.value || "[]"), name: rest.signed_by_name || "" } : null;
  return { at, ...rest, parts: parts(form), ...(drawn ? { signature: drawn } : {}) };
}

function done(form, verb) {
  if (form.dataset.draft) document.dispatchEvent(new CustomEvent("draft-done", { detail: { key: form.dataset.draft } }));
  form.dataset.busy = "1";
  if (form.dataset.said) sessionStorage.setItem(SAID, form.dataset.said);
  location.assign(form.dataset.go || (verb === "refuse" ? "/my/" : location.pathname));
}

/* What can be seen without asking the server: nothing is left or sent with a hole in it. */
function missing(form) {
  const found = {};
  if (form.dataset.verb !== "report") return found;
  const outcome = form.querySelector("[name=outcome]:checked")?.value;
  const needed = [["outcome", !outcome], ["diagnosis", !form.elements.diagnosis.value.trim()],
    ["work_done", !(form.dataset.unsolved || "").split(" ").includes(outcome) && !form.elements.work_done.value.trim()]];
  for (const [name, is] of needed) if (is) found[name] = [form.dataset.needed];
  return found;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-step-form]") || form.dataset.verb === "photos" || event.defaultPrevented) return;
  event.preventDefault();
  if (form.dataset.sending) return;
  const button = event.submitter;
  clear(form);
  const holes = missing(form);
  if (Object.keys(holes).length) { refuse(form, button, { status: 400, answer: holes }); return; }
  if (form.dataset.verb === "report" && !form.elements.signature.value && !form.dataset.unsigned) {
    form.dataset.unsigned = "1";
    refuse(form, button, { status: 0, answer: { detail: form.dataset.nosign } });
    return;
  }
  form.dataset.sending = "1";
  setTimeout(() => { if (button && form.dataset.sending) { button.disabled = true; button.setAttribute("aria-busy", "true"); } }, 20);
  try { await run(form, button); } finally {
    delete form.dataset.sending;
    if (button && !form.dataset.busy) setTimeout(() => { button.disabled = false; button.removeAttribute("aria-busy"); }, 30);
  }
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-opens]");
  const fold = link && document.getElementById(link.dataset.opens);
  if (!fold) return;
  event.preventDefault();
  fold.open = true;
  fold.scrollIntoView({ block: "center" });
  fold.querySelector("textarea, input:not([type=hidden])")?.focus({ preventScroll: true });
});

const said = sessionStorage.getItem(SAID);
if (said) { sessionStorage.removeItem(SAID); toast(said, "kept"); }
