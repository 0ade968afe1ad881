/* Texts in the language of the page, from {% script_words %}. */
const element = document.getElementById("words");
export const words = element ? JSON.parse(element.textContent) : {};

export function fill(text, values) {
  return Object.entries(values).reduce((result, [name, value]) => result.replace(`{${name}}`, value), text || "");
}

/* Calls back for the page as it stands and for every fragment that htmx brings later. */
export function onContent(callback) {
  const start = () => callback(document);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
  document.addEventListener("htmx:load", (event) => callback(event.detail.elt));
}

export function within(scope, selector) {
  const found = [...scope.querySelectorAll(selector)];
  if (scope instanceof Element && scope.matches(selector)) found.unshift(scope);
  return found;
}
