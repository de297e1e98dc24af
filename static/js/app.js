/* Only what htmx cannot do. Every page works without this file. */
"use strict";
