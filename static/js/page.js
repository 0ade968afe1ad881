/* Everything a page needs: each module looks after its own marks in the markup. */
import "./vars.js";
import "./clock.js";
import "./forms.js";
import "./drafts.js";
import "./keys.js";
import "./menus.js";
import "./toasts.js";
import "./answers.js";
import "./ledger.js";
