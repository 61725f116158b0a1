import { describe, expect, test } from "vitest";
import { editFile, filled } from "../../../../helpers/edit-file.ts";

const declared = (name: string): string =>
  `\nvariable "${name}" {\n  type      = string\n  sensitive = true\n}\n`;

describe("Terraform", () => {
  test.each([
    ["a whole string", 'provider "x" {\n  token = "§"\n}\n', 'provider "x" {\n  token = var.my_token\n}\n'],
    ["a part", 'a = "x:§@h"\n', 'a = "x:${var.my_token}@h"\n'],
    ["beside an interpolation", 'a = "${var.u}:§"\n', 'a = "${var.u}:${var.my_token}"\n'],
    ["an argument", 'a = base64encode("§")\n', "a = base64encode(var.my_token)\n"],
    ["in an object", 'a = { "k": "§", l = "x" }\n', 'a = { "k": var.my_token, l = "x" }\n'],
    ["a heredoc", "a = <<-E\n  x § y\n  E\n", "a = <<-E\n  x ${var.my_token} y\n  E\n"],
    ["twice", 'a = "§"\nb = "§"\n', "a = var.my_token\nb = var.my_token\n"],
  ])("%s", async (_name, before, after) => {
    const { after: text, refused } = await editFile("infra/main.tf", filled(before));
    expect(refused).toEqual([]);
    expect(text).toBe(after + declared("my_token"));
  });

  test("a default gives way", async () => {
    const { after, aliases } = await editFile("v.tf", filled('variable "a" {\n  default = "§" # c\n}\n'));
    expect(after).toBe('variable "a" {\n  sensitive = true # c\n}\n');
    expect(aliases).toEqual({ MY_TOKEN: ["TF_VAR_a"] });
  });

  test("a default of a variable that is sensitive already goes with its line", async () => {
    const { after } = await editFile(
      "v.tf",
      filled('variable "a" {\n  sensitive = true\n  default   = "§"\n}\n'),
    );
    expect(after).toBe('variable "a" {\n  sensitive = true\n}\n');
  });

  test("a name that the module has is not declared again", async () => {
    const own = await editFile("main.tf", filled('variable "my_token" {}\na = "§"\n'));
    expect(own.aliases).toEqual({ MY_TOKEN: ["TF_VAR_my_token_2"] });
    const files = { "m/variables.tf": 'variable "my_token" {\n}\n' };
    const beside = await editFile("m/main.tf", filled('a = "§"\n'), { files });
    expect(beside.after).toBe(`a = var.my_token_2\n${declared("my_token_2")}`);
  });

  test("an output that is marked may show it", async () => {
    const { after } = await editFile("o.tf", filled('output "a" {\n  sensitive = true\n  value = "§"\n}\n'));
    expect(after).toContain("value = var.my_token");
  });

  test("line ends and a missing last one", async () => {
    const { after } = await editFile("a.tf", filled('a = "§"\r\nb = 1'));
    expect(after).toBe(`a = var.my_token\r\nb = 1\r\n${declared("my_token").replaceAll("\n", "\r\n")}`);
  });
});
