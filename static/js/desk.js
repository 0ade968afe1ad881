/* The desk: the search chooses customer and machine, the form follows, answers change the promise. */

const form = document.getElementById("desk-form");
const known = document.getElementById("known");
const query = document.getElementById("desk-query");
const field = (name) => form.elements[name];
const filled = new Map();   // what the desk itself has put into a field: it may replace that, never what was typed

function put(name, value) {
  const input = field(name);
  if (!input || !value || (input.value && input.value !== filled.get(name))) return;
  input.value = value;
  filled.set(name, value);
}

function choose(customer, equipment) {
  const changed = field("customer").value !== customer || field("equipment").value !== equipment;
  field("customer").value = customer;
  field("equipment").value = equipment;
  if (changed) {
    form.dispatchEvent(new Event("input", { bubbles: true }));
    form.dispatchEvent(new CustomEvent("desk:chosen"));
  }
}

function take() {
  const card = known.querySelector("[data-known]");
  if (!card) return;
  put("contact_name", card.dataset.contactName);
  put("contact_phone", card.dataset.contactPhone);
  put("backup_phone", card.dataset.backupPhone);
  put("address", card.dataset.address);
  choose(card.dataset.customer, card.dataset.equipment);
}

function look(values) {
  const wanted = { said: field("said").value, fault_type: field("fault_type").value, contact_phone: field("contact_phone").value, ...values };
  const address = `${query.getAttribute("hx-get")}?${new URLSearchParams(wanted)}`;
  return window.htmx.ajax("GET", address, { target: "#known", swap: "innerHTML" });
}

const again = () => look({ customer: field("customer").value, equipment: field("equipment").value, q: query.value });

function showKind() {
  const chosen = form.querySelector("input[name='kind']:checked");
  form.dataset.kind = chosen ? chosen.value : "repair";
}

function addTo(number) {
  field("into").value = number;
  const record = form.querySelector("button[value='record']");
  form.requestSubmit(record);
}

function clear() {
  filled.clear();
  form.reset();
  for (const name of ["customer", "equipment", "into"]) field(name).value = "";
  form.dispatchEvent(new CustomEvent("draft:forget", { bubbles: true }));
  window.location.assign(window.location.pathname);
}

known.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { pick, pickCustomer, into, fault } = button.dataset;
  if (pick) look({ equipment: pick, q: query.value }).then(() => field("said").focus());
  else if (pickCustomer) look({ customer: pickCustomer }).then(() => field("said").focus());
  else if (into) addTo(into);
  else if (fault && field("fault_type").value !== fault) {
    field("fault_type").value = fault;
    field("fault_type").dispatchEvent(new Event("change", { bubbles: true }));
  }
});

document.addEventListener("htmx:afterSwap", (event) => { if (event.target === known) take(); });
form.addEventListener("draft:restored", () => { showKind(); if (field("customer").value) again(); });
form.addEventListener("change", (event) => {
  if (event.target.name === "kind") showKind();
  if (["said", "fault_type"].includes(event.target.name) && field("customer").value) again();
});
query.addEventListener("input", () => { choose("", ""); });
query.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  const first = known.querySelector("[data-pick-customer], [data-pick]");
  if (known.querySelector("[data-known]") || !first) field("said").focus();
  else first.click();
});
document.addEventListener("click", (event) => { if (event.target.closest("[data-desk-clear]")) clear(); });

showKind();
take();
if (known.querySelector("[data-known]") && !form.hasAttribute("data-bound") && query.value) field("said").focus();
