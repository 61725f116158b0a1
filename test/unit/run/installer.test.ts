import fc from "fast-check";
import { expect, test } from "vitest";
import { installerIn } from "../../../src/run/installer.ts";

const LOCAL = new Set(["vite", "prisma", "pnpm"]);
const judge = (line: string | readonly string[]): string | null =>
  installerIn(typeof line === "string" ? line.split(" ") : line, (name) => LOCAL.has(name));

test.each([
  "npm install",
  "npm i left-pad",
  "npm ci",
  "npm add x",
  "npm update",
  "npm it",
  "npm audit fix",
  "npm --silent install",
  "npm --prefix packages/a ci",
  "npm -C run install",
  "npm --loglevel=error install",
  "npm rebuild",
  "npm init vite",
  "npm exec cowsay",
  "npm exec --yes -- cowsay hi",
  "npm x -p cowsay cowsay",
  "npx cowsay",
  "npx -y cowsay@1",
  "npx --package cowsay vite",
  "npx vite@6",
  "npx pnpm install",
  "/usr/local/bin/npm install",
  "npm.cmd install",
  String.raw`C:\nodejs\NPM.CMD i`,
  "pnpm add x",
  "pnpm -r --filter ./a install",
  "pnpm dlx cowsay",
  "pnpm exec npm install",
  "pnpx cowsay",
  "yarn",
  "yarn --immutable",
  "yarn add x",
  "yarn workspace a add x",
  "yarn workspaces focus",
  "yarn dlx cowsay",
  "bun install",
  "bun add x",
  "bunx cowsay",
  "pip install x",
  "pip3 install -r requirements.txt",
  "pip3.12 --quiet install x",
  "python -m pip install x",
  "python3.11 -I -mpip install x",
  "py -3 -m pip install x",
  "python -m pipx run x",
  "pipx run x",
  "uv sync",
  "uv pip install x",
  "uvx ruff",
  "uv run pip install x",
  "poetry add x",
  "poetry run pip install x",
  "gem install rails",
  "bundle",
  "bundle install",
  "bundle exec gem install x",
  "cargo install ripgrep",
  "composer require x/y",
  "php composer.phar install",
  "env -i CI=1 npm ci",
  "sudo -E npm install -g x",
  "timeout 60 npm ci",
  "corepack pnpm install",
  "cross-env CI=1 npm ci",
  "node /usr/lib/node_modules/npm/bin/npm-cli.js install",
  "node /usr/lib/node_modules/npm/bin/npx-cli.js cowsay",
  "cmd /c npm install",
])("%s installs", (line) => {
  expect(judge(line)).toMatch(/^(?:npm|pnpm|yarn|bun|pip|pipx|uv|poetry|gem|bundle|cargo|composer) /);
});

test.each([
  [["sh", "-c", "npm ci && npm start"]],
  [["bash", "-lc", "cd a; CI=1 pip install -r requirements.txt"]],
  [["sh", "-c", 'if true; then "npm" install; fi']],
  [["env", "A=b", "sh", "-c", "(yarn)"]],
  [["npm", "exec", "-c", "npm install"]],
])("%j installs", (line) => {
  expect(judge(line)).not.toBeNull();
});

test.each([
  "npm start",
  "npm run build",
  "npm run install",
  "npm --silent run ci",
  "npm test -- --update",
  "npm publish --access public",
  "npm --version",
  "npm",
  "npx vite build",
  "npx --no cowsay",
  "npx prisma migrate deploy",
  "npm exec vite",
  "pnpm dev",
  "pnpm run install",
  "pnpm exec vite",
  "yarn dev",
  "yarn run add",
  "yarn --version",
  "yarn workspace a build",
  "bun run dev",
  "bun server.ts",
  "python -m http.server",
  "python manage.py migrate",
  "uv run app.py",
  "poetry run pytest",
  "bundle exec rails server",
  "cargo run --release",
  "go run .",
  "node server.js",
  "make install",
  "install -m 600 a b",
  "echo npm install",
  "constructor install",
])("%s does not", (line) => {
  expect(judge(line)).toBeNull();
});

test.each([[["sh", "-c", "npm start"]], [["sh", "-c", "exec node server.js"]], [[]], [[""]]])(
  "%j does not either",
  (line) => {
    expect(judge(line)).toBeNull();
  },
);

test("any command line is judged, and quickly", () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "sh",
      "-c",
      "env",
      "npm",
      "npx",
      "yarn",
      "exec",
      "run",
      "-p",
      "--",
      "python",
      "-m",
      "pip",
      "node",
    ),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 60 }), (line) => {
      const label = judge(line);
      expect(label === null || label.length > 0).toBe(true);
    }),
  );
});
