#!/usr/bin/env node
// What `npm install -g` puts on the path. The program is compiled, and a compiler keeps no first line such as this one's.
import "../../../build/program/hardway.js";
