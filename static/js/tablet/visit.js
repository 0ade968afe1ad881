/* The engineer's tablet: each module looks after its own marks in the markup. */
import "./steps.js";
import "./parts.js";
import "./signature.js";
import "./photos.js";
