// The few lines of script of our own: everything works without them.
"use strict";
