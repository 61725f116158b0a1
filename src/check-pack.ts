#!/usr/bin/env node
import module from "node:module";
import { start } from "./start.ts";

// Unknown to the types, and to the module itself, of Node 20.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();

start(["check-pack", ...process.argv.slice(2)]);
