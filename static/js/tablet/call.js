/* One API call: ordinary, idempotent, with the device's time in the body. */
import { words } from "../words.js";
import * as outbox from "./outbox.js";

export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";

/* A multipart body written out once, so that sending it again sends the same bytes. */
export async function packed(form) {
  const written = new Response(form);
  return { type: written.headers.get("Content-Type"), bytes: await written.arrayBuffer() };
}

/* Resolves to {ok, status, answer}; status 0 is no connection. `content` is an object or what `packed` gave. */
export async function post(url, content, key) {
  const headers = { Accept: "application/json", "X-CSRFToken": token(), "Idempotency-Key": key, "Content-Type": content.bytes ? content.type : "application/json" };
  const body = content.bytes || JSON.stringify(content);
  outbox.begun();
  try {
    const response = await fetch(url, { method: "POST", headers, body, credentials: "same-origin" });
    const answer = await response.json().catch(() => ({}));
    return { ok: response.ok, status: response.status, answer };
  } catch {
    return { ok: false, status: 0, answer: { detail: words.offline } };
  } finally {
    outbox.ended();
  }
}
