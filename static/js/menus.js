/* Menus close with Esc or a click elsewhere; a panel that opens gives the focus to its first field. */

document.addEventListener("click", (event) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target) || event.target.closest("[data-key-help]")) menu.open = false; });
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.menu[open]") || (document.activeElement && document.activeElement.closest("details.action-panel[open]"));
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.("details.action-panel[open]")) return;
  for (const other of event.target.parentElement.querySelectorAll(":scope > details.action-panel[open]")) if (other !== event.target) other.open = false;
  const field = event.target.querySelector("form :is(input:not([type='hidden']), textarea, select)");
  if (field && !event.target.querySelector("[data-focus]")) field.focus({ preventScroll: true });
  event.target.scrollIntoView({ block: "nearest" });
}, true);

document.addEventListener("htmx:afterSwap", (event) => {
  if (!event.detail.target.classList.contains("action-slot")) return;
  const field = event.detail.target.querySelector("form :is(input:not([type='hidden']), textarea, select)");
  if (field) field.focus();
});
