/* Rows of parts, and what all of it costs. */
const box = document.querySelector("[data-parts]");
const charges = document.querySelector("[data-charges]");

const number = (text) => { const value = Number.parseFloat(String(text).replace(",", ".")); return Number.isFinite(value) ? value : 0; };
const plain = (value) => String(Math.round(value * 100) / 100);

function total() {
  const rows = [...box.querySelectorAll("[data-part-rows] [data-part]")];
  const value = (row, name) => row.querySelector(`[name=part_${name}]`).value;
  const named = rows.filter((row) => value(row, "name").trim());
  const sum = named.reduce((all, row) => all + number(value(row, "quantity")) * number(value(row, "unit_price")), 0);
  const pieces = named.reduce((all, row) => all + number(value(row, "quantity")), 0);
  box.querySelector("[data-parts-sum]").textContent = named.length ? `${plain(pieces)} · ${sum.toFixed(2)}` : "";
  if (charges) addUp(sum);
  box.querySelector("[data-parts-kept]").value = JSON.stringify(rows.map((row) => [...row.querySelectorAll("[name^=part_]")].map((input) => input.value)));
}

function addUp(sum) {
  const field = (name) => charges.querySelector(`[name=${name}]`);
  field("parts_charge").placeholder = sum ? sum.toFixed(2) : "";
  const parts = field("parts_charge").value === "" ? sum : number(field("parts_charge").value);
  charges.querySelector("[data-total]").textContent = (number(field("labour_charge").value) + parts + number(field("travel_charge").value)).toFixed(2);
}

function add(values = []) {
  const row = box.querySelector("[data-part-blank]").content.firstElementChild.cloneNode(true);
  row.querySelectorAll("[name^=part_]").forEach((input, index) => { if (values[index] !== undefined) input.value = values[index]; });
  box.querySelector("[data-part-rows]").append(row);
  return row;
}

function restore() {
  const kept = JSON.parse(box.querySelector("[data-parts-kept]").value || "[]");
  const there = box.querySelectorAll("[data-part-rows] [data-part]").length;
  kept.slice(there).forEach((values) => add(values));
  total();
}

const changed = (element) => element.dispatchEvent(new Event("input", { bubbles: true }));

if (box) {
  const button = box.querySelector("[data-part-add]");
  button.hidden = false;
  button.addEventListener("click", () => { add().querySelector("input").focus(); total(); });
  box.addEventListener("click", (event) => {
    const row = event.target.closest("[data-part]");
    if (!row) return;
    const count = row.querySelector("[name=part_quantity]");
    if (event.target.closest("[data-part-drop]")) { const rows = row.parentElement; row.remove(); changed(rows); }
    else if (event.target.closest("[data-more]")) { count.value = plain(number(count.value) + 1); changed(count); }
    else if (event.target.closest("[data-less]")) { count.value = plain(Math.max(1, number(count.value) - 1)); changed(count); }
  });
  const form = box.closest("form");
  form.addEventListener("input", total);
  form.addEventListener("draft:restored", restore);
  restore();
}
