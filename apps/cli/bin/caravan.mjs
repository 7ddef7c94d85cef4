#!/usr/bin/env node
// Here, and with its mode, before anything is built: npm links it when it installs.
import '../bundle/main.js';
