#!/usr/bin/env node
import { keepCompiledCode } from "./compile-cache.ts";
import { start } from "./start.ts";

keepCompiledCode();
start(["check-pack", ...process.argv.slice(2)]);
