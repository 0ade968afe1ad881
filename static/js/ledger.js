/* A time chip opens its ledger below the chips it stands with; without such a place the link is followed. */

function slotOf(chip) {
  return chip.closest("[data-ledgers]")?.querySelector("[data-ledger-slot]");
}

function close(slot) {
  const chip = slot.closest("[data-ledgers]").querySelector(".time-chip[aria-expanded='true']");
  slot.replaceChildren();
  if (chip) { chip.setAttribute("aria-expanded", "false"); chip.focus(); }
}

document.addEventListener("click", (event) => {
  const closing = event.target.closest("[data-ledger-close]");
  if (closing) { close(closing.closest("[data-ledger-slot]")); return; }
  const chip = event.target.closest("a.time-chip[data-ledger]");
  const slot = chip && !event.ctrlKey && !event.metaKey && slotOf(chip);
  if (!slot) return;
  event.preventDefault();
  const open = chip.getAttribute("aria-expanded") === "true";
  slot.closest("[data-ledgers]").querySelectorAll(".time-chip[data-ledger]").forEach((other) => other.setAttribute("aria-expanded", "false"));
  if (open) { slot.replaceChildren(); return; }
  chip.setAttribute("aria-expanded", "true");
  window.htmx.ajax("GET", chip.href, { target: slot, swap: "innerHTML" });
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const slot = [...document.querySelectorAll("[data-ledger-slot]")].find((element) => element.childElementCount);
  if (slot) close(slot);
});
