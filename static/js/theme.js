/* Runs before the first paint: "auto" follows the device. */
(function () {
  var root = document.documentElement;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function apply() {
    if (root.dataset.themeChoice === "auto") root.dataset.bsTheme = dark.matches ? "dark" : "light";
  }
  apply();
  if (dark.addEventListener) dark.addEventListener("change", apply);
})();
