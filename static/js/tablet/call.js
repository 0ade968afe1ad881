/* One API call: ordinary, idempotent, with the device's time in the body. */
import { words } from "../words.js";
import * as outbox from "./outbox.js";

export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";

/* Resolves to {ok, status, answer}; status 0 is no connection. */
export async function post(url, body, key) {
  const headers = { Accept: "application/json", "X-CSRFToken": token(), "Idempotency-Key": key };
  if (!(body instanceof FormData)) { headers["Content-Type"] = "application/json"; body = JSON.stringify(body); }
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
