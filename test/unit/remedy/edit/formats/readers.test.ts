import { expect, test } from "vitest";
import { FORMATS, PLAIN_READERS, READERS } from "../../../../../src/remedy/edit/formats.ts";
import { REFUSED_FILES } from "../../../../../src/remedy/edit/formats/refused-files.ts";
import { editFile, filled } from "../../../../helpers/edit-file.ts";

test("every reader names the page that says how it reads variables", () => {
  const sources = [...READERS, ...PLAIN_READERS, ...REFUSED_FILES].map(({ source }) => source);
  expect(sources.filter((source) => !/^https:\/\/[\w.-]+\/\S+$/.test(source))).toEqual([]);
});

test.each([
  ["a/package.json", "package.json"],
  [".npmrc", ".npmrc"],
  ["home/.aws/credentials", "AWS credentials"],
  ["docker/api.Dockerfile", "a Dockerfile"],
  ["Dockerfile.prod", "a Dockerfile"],
  ["Containerfile", "a Dockerfile"],
  ["docker-compose.override.yml", "a compose file"],
  ["compose.yaml", "a compose file"],
  [".github/workflows/ci.yaml", "a workflow"],
  [".github/actions/a/action.yml", "an action"],
  [".gitlab-ci.yml", ".gitlab-ci.yml"],
  ["ci/azure-pipelines.release.yml", "an Azure pipeline"],
  ["k8s/secret.yaml", "YAML"],
  ["group_vars/prod", "an Ansible file"],
  ["roles/db/defaults/main.yml", "an Ansible file"],
  ["application-dev.properties", "Spring's configuration"],
  ["NuGet.config", "nuget.config"],
  ["web.config", "XML"],
  ["prod.tfvars", "a variables file of Terraform"],
  ["main.tf", "Terraform"],
  [".env.local", "a dotenv file"],
  ["prod.env", "a dotenv file"],
  ["requirements-dev.txt", "a requirements file"],
  [".devcontainer/devcontainer.json", "devcontainer.json"],
  [".devcontainer.json", "devcontainer.json"],
  ["a.ipynb", "a notebook"],
  ["tsconfig.json", "JSON"],
  ["setup.cfg", "INI"],
])("%s is read as %s", async (path, name) => {
  expect((await editFile(path, "")).editor.name).toBe(name);
});

test("files of programming languages are left to others", () => {
  const paths = ["a.ts", "a.py", "a.sh", ".envrc", "a.go", "a.md", "Makefile", "a.env.ts", "environment.rb"];
  expect(paths.filter((path) => FORMATS.some((entry) => entry.matches(path)))).toEqual([]);
});

test("a service of compose that loads the file is named", async () => {
  const files = { "compose.yml": "services:\n  a:\n    env_file: .env\n" };
  const { notes } = await editFile(".env", filled("KEY=§\n"), { files });
  expect(notes.at(-1)).toContain("compose.yml");
});
