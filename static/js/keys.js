/* Keyboard: / finds, ? explains, Ctrl+Enter saves, Alt+digit or letter presses [data-alt], arrows choose. */

const typing = (element) => element && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));
const seen = (element) => element.getClientRects().length > 0;

function press(element) {
  if (element.matches("input, textarea, select")) { element.focus(); if (element.select) element.select(); } else element.click();
}

function find() {
  const field = [...document.querySelectorAll("[data-find]")].filter(seen).pop();
  if (!field) return false;
  field.focus();
  field.select();
  return true;
}

function help() {
  const dialog = document.getElementById("key-help");
  if (dialog && !dialog.open) dialog.showModal();
}

function save() {
  const form = (document.activeElement && document.activeElement.closest("form[method='post'], form[hx-post], form[hx-patch]")) || document.querySelector("form[data-main]");
  if (!form) return false;
  const button = form.querySelector("button.btn-primary:not([type='button']):not(:disabled), button:not([type='button']):not(:disabled)");
  form.requestSubmit(button && button.form === form ? button : undefined);
  return true;
}

function along(list, key) {
  const items = [...list.querySelectorAll(":scope > :is(a, button, label)")].filter((item) => !item.disabled && seen(item));
  const at = items.findIndex((item) => item.contains(document.activeElement));
  if (at < 0) return false;
  const next = items[(at + (key === "ArrowRight" ? 1 : items.length - 1)) % items.length];
  next.focus();
  if (next.hasAttribute("aria-pressed")) next.click();
  return true;
}

function through(key) {
  const row = document.activeElement && document.activeElement.closest(".work-row");
  const list = row && row.parentElement;
  if (!list) return false;
  const rows = [...list.querySelectorAll(":scope > .work-row")];
  const next = rows[rows.indexOf(row) + (key === "ArrowDown" ? 1 : -1)];
  if (next) next.focus();
  return true;
}

function shortcut(event) {
  if (event.isComposing || event.defaultPrevented) return false;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return save();
  if (event.altKey && !event.ctrlKey && !event.metaKey) {
    const name = event.code.replace(/^(Digit|Numpad|Key)/, "").toLowerCase();
    const target = name.length === 1 && [...document.querySelectorAll(`[data-alt="${CSS.escape(name)}"]`)].find(seen);
    if (target) press(target);
    return Boolean(target);
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (/^Arrow(Left|Right)$/.test(event.key)) {
    const list = document.activeElement && document.activeElement.closest(".choice, .picks");
    return Boolean(list) && !typing(document.activeElement) && along(list, event.key);
  }
  if (/^Arrow(Up|Down)$/.test(event.key)) return !typing(document.activeElement) && through(event.key);
  if (typing(document.activeElement)) return false;
  if (event.key === "/") return find();
  if (event.key === "?") { help(); return true; }
  return false;
}

document.addEventListener("keydown", (event) => { if (shortcut(event)) event.preventDefault(); });
document.addEventListener("click", (event) => { if (event.target.closest("[data-key-help]")) help(); });
