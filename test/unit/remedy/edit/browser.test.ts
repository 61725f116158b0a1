import { expect, test } from "vitest";
import { outcome } from "./editing.ts";

const manifest = (...names: readonly string[]): Record<string, string> => ({
  "package.json": JSON.stringify({ dependencies: Object.fromEntries(names.map((name) => [name, "1"])) }),
});
const REACT = manifest("react", "vite", "express");
const NEXT = manifest("react", "next");
const K = "export const k = '{{K}}';\n";

test.each<[string, string, Record<string, string>, string]>([
  ["app/page.tsx", `"use client";\n${K}`, NEXT, '"use client"'],
  ["lib/a.js", `// c\n'use client'\nimport fs from 'fs';\n${K}`, {}, '"use client"'],
  ["src/api.ts", K, REACT, "vite bundles it for browsers with react"],
  ["src/components/a.jsx", K, manifest("vue", "@vue/cli-service"), "bundles it for browsers with vue"],
  ["src/app/a.service.ts", K, manifest("@angular/core", "@angular/cli"), "@angular/core"],
  ["src/a.js", K, manifest("svelte", "vite"), "svelte"],
  ["src/a.js", K, manifest("solid-js", "vite"), "solid-js"],
  ["src/a.js", K, manifest("react", "react-scripts"), "react-scripts"],
  ["src/a.js", K, { ...manifest("vite"), "index.html": "<script>" }, "vite bundles it"],
  ["web/src/a.ts", K, { "web/package.json": REACT["package.json"] ?? "" }, "vite"],
  ["App.js", K, manifest("react-native"), "app that users install"],
  ["lib/a.js", `document.title = 'x';\n${K}`, {}, "document"],
  ["lib/a.js", `localStorage.setItem('k', '{{K}}')`, {}, "localStorage"],
  ["lib/a.ts", `import { useState } from 'react';\n${K}`, {}, "hooks"],
  ["pages/index.tsx", K, NEXT, "pages"],
  ["src/pages/index.tsx", `export function Page() { return f('{{K}}') }`, NEXT, "pages"],
  ["app/routes/a.tsx", K, manifest("react", "vite", "@remix-run/react"), "routes"],
  ["src/routes/+page.ts", K, manifest("svelte", "vite", "@sveltejs/kit"), "SvelteKit"],
  ["composables/a.ts", K, manifest("vue", "nuxt"), "Nuxt"],
])("%s is refused: %s", async (path, source, files, why) => {
  expect(await outcome(path, source, files)).toContain(why);
});

test.each<[string, string, Record<string, string>]>([
  ["server/index.js", K, REACT],
  ["src/server/db.ts", K, REACT],
  ["api/hello.ts", K, REACT],
  ["src/db.server.ts", K, REACT],
  ["vite.config.ts", K, REACT],
  ["scripts/seed.js", K, REACT],
  ["src/a.test.ts", K, REACT],
  ["src/mail.ts", `import { readFileSync } from 'node:fs';\n${K}`, REACT],
  ["src/mail.js", `const http = require('http');\n${K}`, REACT],
  ["src/index.js", `import express from 'express';\n${K}`, REACT],
  ["src/index.ts", K, manifest("express")],
  ["src/index.ts", K, manifest("vite")],
  ["src/index.ts", K, {}],
  ["index.js", K, manifest("react", "webpack")],
  ["app/page.tsx", `export default async function Page() { return f('{{K}}'); }`, NEXT],
  ["app/api/a/route.ts", K, NEXT],
  ["pages/api/a.ts", K, NEXT],
  ["pages/index.tsx", `export async function getServerSideProps() { return f('{{K}}'); }`, NEXT],
  ["pages/index.tsx", `export const getStaticProps = async () => f('{{K}}');`, NEXT],
  [
    "app/routes/a.tsx",
    `export async function loader() { return f('{{K}}'); }`,
    manifest("react", "vite", "@remix-run/react"),
  ],
  ["app/a.ts", `"use server";\n${K}`, NEXT],
  ["src/routes/+page.server.ts", K, manifest("svelte", "vite", "@sveltejs/kit")],
  ["server/api/a.ts", K, manifest("vue", "nuxt")],
  ["lib/a.js", `import puppeteer from 'puppeteer';\npage.evaluate(() => document.title);\n${K}`, {}],
  ["lib/a.js", `const document = parse();\ndocument.title = 1;\n${K}`, {}],
  ["lib/a.js", `if (typeof window === 'undefined') f();\n${K}`, {}],
  ["lib/a.js", K, { "package.json": "{ broken" }],
  ["lib/a.js", K, { "package.json": "null" }],
])("%s is rewritten: %s", async (path, source, files) => {
  expect(await outcome(path, source, files)).toContain("process.env.K");
});

test.each(["VITE_K", "NEXT_PUBLIC_K", "REACT_APP_K", "PUBLIC_K", "NUXT_PUBLIC_K", "EXPO_PUBLIC_K"])(
  "no value goes to %s",
  async (name) => {
    expect(await outcome("server/a.js", `k = '{{${name}}}'`)).toContain("copied into the browser's bundle");
  },
);

test.each(["a.vue", "a.svelte", "a.astro", "index.html"])("%s is refused", async (path) => {
  expect(await outcome(path, "<script>k = '{{K}}'</script>")).toContain("cannot hold a secret");
});
