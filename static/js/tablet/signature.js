/* The customer's signature: kept as strokes, so that turning the tablet or reloading the page loses nothing. */
const box = document.querySelector("[data-sign]");

function begin() {
  const form = box.closest("form");
  const canvas = box.querySelector("[data-pad-canvas]");
  const picture = form.elements.signature;
  const strokes = form.elements.signature_strokes;
  const state = box.querySelector("[data-sign-state]");
  const asking = state.textContent;
  const pad = new window.SignaturePad(canvas, { minWidth: 1, maxWidth: 3.2, penColor: "#18212d" });
  let size = 0;

  function fit() {
    const width = canvas.parentElement.clientWidth, height = canvas.parentElement.clientHeight;
    if (!width || (canvas.width === Math.round(width * devicePixelRatio) && size)) return;
    const data = pad.toData();
    const scale = size ? Math.min(1, width / size) : 1;
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    canvas.getContext("2d").scale(devicePixelRatio, devicePixelRatio);
    pad.clear();
    pad.fromData(data.map((stroke) => ({ ...stroke, points: stroke.points.map((point) => ({ ...point, x: point.x * scale, y: point.y * scale })) })));
    size = width;
  }

  function keep() {
    picture.value = pad.isEmpty() ? "" : pad.toDataURL("image/png");
    strokes.value = pad.isEmpty() ? "" : JSON.stringify({ width: size, strokes: pad.toData() });
    state.textContent = pad.isEmpty() ? asking : state.dataset.signed;
    delete form.dataset.unsigned;
    form.dispatchEvent(new CustomEvent("change", { bubbles: true, detail: { signing: true } }));
  }

  function restore() {
    if (!strokes.value) return;
    const kept = JSON.parse(strokes.value);
    const scale = kept.width ? Math.min(1, size / kept.width) : 1;
    pad.fromData(kept.strokes.map((stroke) => ({ ...stroke, points: stroke.points.map((point) => ({ ...point, x: point.x * scale, y: point.y * scale })) })));
    picture.value = pad.isEmpty() ? "" : pad.toDataURL("image/png");
    state.textContent = pad.isEmpty() ? asking : state.dataset.signed;
  }

  function empty(text) { pad.clear(); keep(); state.textContent = text; }

  canvas.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false }); // no gesture may swallow the next tap
  pad.addEventListener("endStroke", keep);
  box.querySelector("[data-pad-redo]").addEventListener("click", () => empty(asking));
  form.addEventListener("input", (event) => {
    if (!pad.isEmpty() && !["signed_by_name", "sure", "customer_agreed"].includes(event.target.name)) empty(state.dataset.void);
  });
  form.addEventListener("draft:restored", restore);
  new ResizeObserver(fit).observe(canvas.parentElement);
  fit();
  restore();
}

if (box && window.SignaturePad) begin();
