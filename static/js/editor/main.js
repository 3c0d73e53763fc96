/* The editor of an article. Each part that listens to the page is started here, and imports what it needs. Without scripts
   the form works as it is: it is saved, checked and shown by the server. */

import "./toolbar.js";
import "./paste.js";
import "./local-copy.js";
import "./preview.js";
import "./checks.js";
import "./save.js";
