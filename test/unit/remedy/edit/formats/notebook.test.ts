import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { editFile, filled, TOKEN } from "../../../../helpers/edit-file.ts";

interface Notebook {
  readonly cells: readonly { readonly cell_type: string; readonly source: string | readonly string[] }[];
}

const cell = (source: unknown): object => ({ cell_type: "code", metadata: {}, outputs: [], source });
const notebook = (cells: readonly object[]): string =>
  `${JSON.stringify({ cells, metadata: { kernelspec: { language: "python" } }, nbformat: 4 }, null, 1)}\n`;

/** What the code of all cells prints, run by Python. */
function printed(text: string): string {
  const { cells } = JSON.parse(text) as Notebook;
  const code = cells.map(({ source }) => (typeof source === "string" ? source : source.join(""))).join("\n");
  return execFileSync("python3", ["-c", code], {
    encoding: "utf8",
    env: { ...process.env, MY_TOKEN: TOKEN },
  });
}

test.each([
  ["lines", ["import sys\n", 't = "§"\n', "print(t)"]],
  ["one text", "t = '§'\nprint(t)\n"],
  ["an f-string with a quote that is escaped in JSON", ['a = "x"\n', 'print(f"{a} §")']],
])("code in %s is rewritten and prints the same", async (_name, source) => {
  const text = filled(notebook([cell(source), cell(["print(1)"])]));
  const { after, refused } = await editFile("a/b.ipynb", text);
  expect(refused).toEqual([]);
  expect(after).not.toContain(TOKEN);
  expect(printed(after)).toBe(printed(text));
  expect(after.split("\n")).toHaveLength(text.split("\n").length);
});

test("a cell with magics keeps them", async () => {
  const { after, refused } = await editFile(
    "b.ipynb",
    filled(notebook([cell(["%pip install x\n", 't = "§"\n'])])),
  );
  expect(refused.length === 1 || after.includes("%pip install x")).toBe(true);
});

test("outputs are refused, the code beside them is rewritten", async () => {
  const text = filled(notebook([{ ...cell(['t = "§"']), outputs: [{ text: ["§"] }] }]));
  const { after, refused } = await editFile("b.ipynb", text);
  expect(refused).toHaveLength(1);
  expect(refused[0]?.why).toBe("it is the output of a cell");
  expect(JSON.parse(after)).toMatchObject({ cells: [{ outputs: [{ text: [TOKEN] }] }] });
  expect(after).toContain('os.environ[\\"MY_TOKEN\\"]');
});
