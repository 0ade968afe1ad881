/* The page of a record with verbs: an address with #dispatch opens that form, Esc leaves it. */

const NAMES = { "by-phone": "solve_by_phone" };
const slot = document.getElementById("action-slot");

function open() {
  const name = location.hash.slice(1);
  const link = name && document.querySelector(`[data-opens="${CSS.escape(NAMES[name] || name)}"]`);
  if (link && !slot.childElementCount) window.htmx.ajax("GET", link.href, { target: slot, swap: "innerHTML" });
}

function leave() {
  slot.replaceChildren();
  document.querySelector("[data-ticket-actions] a")?.focus();
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-slot-close]")) return;
  event.preventDefault();
  leave();
});
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && slot.contains(document.activeElement)) leave(); });
document.addEventListener("click", (event) => { const menu = event.target.closest(".menu-list a[hx-get]")?.closest("details"); if (menu) menu.open = false; });
document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target === slot) slot.scrollIntoView({ block: "nearest" }); });
addEventListener("hashchange", open);
if (document.readyState === "complete") open();
else addEventListener("load", open);
