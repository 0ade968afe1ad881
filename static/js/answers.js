/* A refused form comes back as a fragment (400, 403, 409, 422) and is shown where it stood; whole error pages are not. */

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  const fragment = (xhr.getResponseHeader("Content-Type") || "").includes("html") && !/^\s*<!doctype/i.test(xhr.responseText);
  if ([400, 403, 409, 422].includes(xhr.status) && fragment && xhr.responseText.trim()) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

/* A sign-in page in answer to a fragment means that the session has ended: go there, the draft is kept. */
document.addEventListener("htmx:beforeSwap", (event) => {
  if (/\/login\/?(\?|$)/.test(event.detail.xhr.responseURL || "")) {
    event.detail.shouldSwap = false;
    location.assign(`/login/?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
});
