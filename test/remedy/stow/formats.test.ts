import path from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { startKeyring } from "../../helpers/keyring.ts";
import type { Keyring } from "../../helpers/keyring.ts";
import { PROJECT } from "../../helpers/run.ts";
import { goRound } from "./loop.ts";
import type { Fixture } from "./loop.ts";

const YAML = JSON.stringify(path.join(PROJECT, "node_modules/yaml"));
/** What the format's own readers do with a reference, in a line: take the variable's value. */
const EXPAND =
  "const expand = (text) => text.replace(/\\$\\{(?:env\\.)?(\\w+)[^}]*\\}/, (_, name) => process.env[name]);";

/** One file a format, with its reader: the real one where there is one here, else the format's own parser. */
const FILES: Readonly<Record<string, Fixture>> = {
  dotenv: {
    files: { ".env": "PORT=80\nGITHUB_TOKEN=@@\n" },
    command: 'node --env-file=.env -e "console.log(process.env.GITHUB_TOKEN)"',
  },
  "dotenv, sourced": {
    files: { ".env": "# ours\nexport GITHUB_TOKEN='@@'\nPORT=80" },
    command: '. ./.env && echo "$GITHUB_TOKEN"',
  },
  "package.json scripts": {
    files: {
      "package.json": '{\n\t"name": "demo",\n\t"scripts": { "show": "GITHUB_TOKEN=@@ node show.js" }\n}',
      "show.js": "console.log(process.env.GITHUB_TOKEN);\n",
    },
    command: "npm run --silent show",
  },
  "compose file": {
    files: { "compose.yaml": 'services:\n  web:\n    environment:\n      GITHUB_TOKEN: "@@" # ours\n' },
    command: `node -e '${EXPAND} const { parse } = require(${YAML}); const { services } = parse(require("fs").readFileSync("compose.yaml", "utf8")); console.log(expand(services.web.environment.GITHUB_TOKEN))'`,
  },
  "Spring properties": {
    files: { "application.properties": "# ours\r\ngithub.token=@@\r\nport=80\r\n" },
    command: `node -e '${EXPAND} console.log(expand(/token=(\\S*)/.exec(require("fs").readFileSync("application.properties", "utf8"))[1]))'`,
  },
  "Maven settings": {
    files: {
      "settings.xml":
        "<settings>\n  <servers>\n    <server><id>gh</id><password>@@</password></server>\n  </servers>\n</settings>\n",
    },
    command: `python3 -c 'import os,re,xml.etree.ElementTree as E; t=E.parse("settings.xml").find(".//password").text; print(re.sub(r"\\$\\{env\\.(\\w+)\\}", lambda m: os.environ[m[1]], t))'`,
  },
  ".npmrc": {
    files: { ".npmrc": "//npm.example.com/:_authToken=@@\nfund=false\n" },
    command: `node -e '${EXPAND} console.log(expand(/_authToken=(\\S+)/.exec(require("fs").readFileSync(".npmrc", "utf8"))[1]))'`,
  },
  "Dockerfile, RUN": {
    files: { Dockerfile: 'FROM debian:12\nRUN printf "%s" "@@"\n' },
    command: String.raw`sh -c "$(sed -n 's/^RUN \(--mount=[^ ]* \)*//p' Dockerfile)"`,
  },
  Terraform: {
    files: { "main.tf": 'provider "github" {\n  token = "@@"\n}\n' },
    command: `node -e 'const text = require("fs").readFileSync("main.tf", "utf8"); const [, quoted, name] = /token = (?:"(.*)"|var\\.(\\w+))/.exec(text); console.log(quoted ?? process.env["TF_VAR_" + name])'`,
  },
  "setup of a tox run": {
    files: { "tox.ini": "[testenv]\nsetenv =\n    GITHUB_TOKEN = @@\n" },
    command: `python3 -c 'import configparser,os,re; c=configparser.ConfigParser(interpolation=None); c.read("tox.ini"); v=c["testenv"]["setenv"].split("=",1)[1].strip(); print(re.sub(r"\\{env:(\\w+)\\}", lambda m: os.environ[m[1]], v))'`,
  },
  notebook: {
    files: {
      "a.ipynb":
        '{\n "cells": [\n  {\n   "cell_type": "code",\n   "metadata": {},\n   "outputs": [],\n   "execution_count": null,\n   "source": [\n    "token = \\"@@\\"\\n",\n    "print(token)"\n   ]\n  }\n ],\n "metadata": {"kernelspec": {"language": "python", "name": "python3", "display_name": "Python 3"}},\n "nbformat": 4,\n "nbformat_minor": 5\n}\n',
    },
    command: `python3 -c 'import json; exec("".join(json.load(open("a.ipynb"))["cells"][0]["source"]))'`,
  },
};

let keyring: Keyring;

beforeAll(async () => {
  keyring = await startKeyring();
});
afterAll(async () => {
  await keyring.stop();
});

describe.each(Object.entries(FILES))("%s", (_format, fixture) => {
  test("stowed into the keychain, read, undone", async () => {
    await goRound(fixture, "keychain", { ...keyring.env });
  });
});
