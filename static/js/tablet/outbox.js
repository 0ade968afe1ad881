/* The badge that says whether everything has been sent. */
import { fill } from "../words.js";

const badge = document.querySelector("[data-outbox]");
let waiting = 0;

function show() {
  if (!badge) return;
  const text = badge.querySelector("[data-outbox-text]");
  const offline = navigator.onLine === false;
  badge.dataset.state = waiting || offline ? "waiting" : "sent";
  text.textContent = waiting || offline ? fill(offline ? badge.dataset.offline : badge.dataset.waiting, { count: waiting }) : badge.dataset.sent;
}

export function begun() { waiting += 1; show(); }
export function ended() { waiting = Math.max(0, waiting - 1); show(); }
addEventListener("online", show);
addEventListener("offline", show);
show();
