/* Photos: made smaller here, sent one by one, shown at once; a failed one stays and is sent again by a tap. */
import { toast } from "../toasts.js";
import { packed, post, uuid } from "./call.js";

const box = document.querySelector("[data-photos]");
const queue = [];
let busy = false;

function smaller(file) {
  return new Promise((resolve) => {
    if (!window.Compressor || file.type === "image/png") { resolve(file); return; }
    new window.Compressor(file, { maxWidth: 2048, maxHeight: 2048, quality: 0.82, retainExif: true, success: resolve, error: () => resolve(file) });
  });
}

function show(file, caption) {
  const figure = document.createElement("figure");
  const image = Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: caption });
  figure.append(image, Object.assign(document.createElement("figcaption"), { textContent: caption }));
  figure.dataset.waiting = "";
  box.querySelector("[data-shots]").append(figure);
  return figure;
}

function count() {
  box.querySelector("[data-photo-count]").textContent = box.querySelectorAll("[data-shots] figure:not([data-waiting]):not([data-failed])").length;
}

async function pack({ file, caption, at }) {
  const form = new FormData();
  form.append("file", await smaller(file), file.name || "photo.jpg");
  if (caption) form.append("caption", caption);
  form.append("taken_at", at);
  return packed(form);
}

async function next() {
  if (busy || !queue.length) return;
  busy = true;
  const item = queue.shift();
  item.body = item.body || await pack(item);
  const result = await post(box.dataset.photoApi, item.body, item.key);
  delete item.figure.dataset.waiting;
  if (!result.ok) failed(item, result);
  count();
  busy = false;
  next();
}

function failed(item, { status, answer }) {
  item.figure.dataset.failed = "";
  const text = answer.detail || Object.values(answer).flat().join(" ");
  toast(text, "late");
  if (status === 400) { item.figure.remove(); return; }
  const again = Object.assign(document.createElement("button"), { type: "button", textContent: "↻" });
  again.addEventListener("click", () => { again.remove(); delete item.figure.dataset.failed; item.figure.dataset.waiting = ""; queue.push(item); next(); });
  item.figure.append(again);
}

function take(files) {
  const field = box.querySelector("[data-caption]");
  for (const file of files) {
    const caption = field.value.trim();
    queue.push({ file, caption, at: new Date(Math.min(file.lastModified || Date.now(), Date.now())).toISOString(), key: uuid(), figure: show(file, caption) });
  }
  field.value = "";
  next();
}

if (box) {
  box.querySelectorAll("[data-shoot]").forEach((input) => input.addEventListener("change", () => { take([...input.files]); input.value = ""; }));
  box.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  addEventListener("online", () => box.querySelectorAll("figure[data-failed] > button").forEach((button) => button.click()));
}
