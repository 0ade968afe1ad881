/* data-vars="--from:7;--to:8" becomes custom properties: widths and places without style attributes. */
import { onContent, within } from "./words.js";

export function setVars(element) {
  for (const pair of element.dataset.vars.split(";")) {
    const [name, value] = pair.split(":");
    if (name && name.trim().startsWith("--")) element.style.setProperty(name.trim(), (value || "").trim());
  }
}

onContent((scope) => within(scope, "[data-vars]").forEach(setVars));
