/* Short messages: from the server with the page, by HX-Trigger {"toast": {"text", "tone"}}, or when a request fails. */
import { words } from "./words.js";

const place = () => document.querySelector("[data-toasts]");
const ICONS = { kept: "check", late: "alert-triangle", soon: "alert-triangle" };

function sprite() {
  const use = document.querySelector("svg.ico use");
  return use ? use.getAttribute("href").replace(/#.*/, "") : "";
}

function iconOf(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "ico");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${sprite()}#${name}`);
  svg.append(use);
  return svg;
}

function fade(note) {
  if (note.dataset.tone === "late") return;
  let left = setTimeout(() => note.remove(), 7000);
  note.addEventListener("pointerenter", () => clearTimeout(left));
  note.addEventListener("pointerleave", () => { left = setTimeout(() => note.remove(), 3000); });
}

export function toast(text, tone = "") {
  const note = document.createElement("div");
  note.className = "toast-note";
  note.dataset.tone = tone;
  const body = Object.assign(document.createElement("div"), { textContent: text });
  const close = Object.assign(document.createElement("button"), { type: "button" });
  close.dataset.close = "";
  close.setAttribute("aria-label", words.close);
  close.append(iconOf("x"));
  note.append(iconOf(ICONS[tone] || "info-circle"), body, close);
  place().append(note);
  fade(note);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-close]");
  if (button) button.closest(".toast-note")?.remove();
});
document.querySelectorAll(".toast-note").forEach(fade);
document.addEventListener("toast", (event) => toast(event.detail.text || event.detail.value, event.detail.tone));

function reason(xhr) {
  const type = xhr.getResponseHeader("Content-Type") || "";
  if (type.includes("json")) { try { return JSON.parse(xhr.responseText).detail; } catch { return ""; } }
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  return page.querySelector("[data-detail]")?.textContent.trim();
}

let running = 0;
const busy = (change) => { running = Math.max(0, running + change); document.body.classList.toggle("is-busy", running > 0); };
document.addEventListener("htmx:beforeRequest", () => busy(1));
document.addEventListener("htmx:afterRequest", () => busy(-1));
document.addEventListener("htmx:sendError", () => toast(words.offline, "soon"));
document.addEventListener("htmx:responseError", (event) => toast(reason(event.detail.xhr) || words.refused, "late"));
