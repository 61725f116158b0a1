import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { editFile, filled } from "../../../../helpers/edit-file.ts";

const FILE = ".github/workflows/ci.yml";
const head = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n";

/** The steps after a workflow was edited, read by the yaml package. */
async function steps(text: string): Promise<{ run?: string; env?: Record<string, string>; with?: object }[]> {
  const { after, refused } = await editFile(FILE, filled(text));
  expect(refused).toEqual([]);
  const workflow = parse(after) as { jobs: { a: { steps: [] } } };
  return workflow.jobs.a.steps;
}

describe("a script gets the value by its step's env", () => {
  test("before a script that begins its step", async () => {
    expect(await steps(`${head}      - run: x §\n        name: n\n`)).toEqual([
      { env: { MY_TOKEN: "${{ secrets.MY_TOKEN }}" }, run: 'x "${MY_TOKEN:?}"', name: "n" },
    ]);
  });

  test("into an env that is there", async () => {
    expect(
      await steps(`${head}      - env:\n          A: b\n        run: |\n          x '§'\n          y ¤\n`),
    ).toEqual([
      {
        env: { MY_TOKEN: "${{ secrets.MY_TOKEN }}", OTHER_KEY: "${{ secrets.OTHER_KEY }}", A: "b" },
        run: 'x "${MY_TOKEN:?}"\ny "${OTHER_KEY:?}"\n',
      },
    ]);
  });

  test("not twice, and not where the job has it", async () => {
    const own = `${head}      - env:\n          MY_TOKEN: \${{ secrets.MY_TOKEN }}\n        run: x §\n`;
    expect(await steps(own)).toEqual([
      { env: { MY_TOKEN: "${{ secrets.MY_TOKEN }}" }, run: 'x "${MY_TOKEN:?}"' },
    ]);
    const job = head.replace("    steps", "    env:\n      MY_TOKEN: ${{ secrets.MY_TOKEN }}\n    steps");
    expect(await steps(`${job}      - run: x §\n`)).toEqual([{ run: 'x "${MY_TOKEN:?}"' }]);
  });

  test("with line ends of Windows", async () => {
    const text = filled(`${head}      - name: n\n        run: x §\n`.replaceAll("\n", "\r\n"));
    const { after } = await editFile(FILE, text);
    expect(after.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    expect(parse(after)).toMatchObject({
      jobs: { a: { steps: [{ env: { MY_TOKEN: expect.any(String) as string } }] } },
    });
  });

  test("beside expressions of the service", async () => {
    const [step] = await steps(`${head}      - run: x \${{ github.sha }} "§" \${{ matrix['a b'] }}\n`);
    expect(step?.run).toBe("x ${{ github.sha }} \"${MY_TOKEN:?}\" ${{ matrix['a b'] }}");
  });

  test("a step in braces is refused", async () => {
    const { refused } = await editFile(FILE, filled(`${head}      - { run: "x §" }\n`));
    expect(refused[0]?.instead[0]).toContain("MY_TOKEN: ${{ secrets.MY_TOKEN }}");
  });
});

test("env and with of every level take the expression, in quotes where braces need them", async () => {
  const text = filled(
    `env: { T: § }\njobs:\n  a:\n    env:\n      T: §\n    steps:\n      - uses: a/b@v1\n        with: { token: "x §", u: § }\n`,
  );
  const { after, notes } = await editFile(FILE, text);
  const value = "${{ secrets.MY_TOKEN }}";
  expect(parse(after)).toEqual({
    env: { T: value },
    jobs: { a: { env: { T: value }, steps: [{ uses: "a/b@v1", with: { token: `x ${value}`, u: value } }] } },
  });
  expect(notes).toEqual([
    "give the value to the repository: stowaway secrets get MY_TOKEN | gh secret set MY_TOKEN",
  ]);
});

test("names that GitHub keeps for itself get others there", async () => {
  const value = "v".repeat(5) + "w".repeat(15);
  const text = `${head}      - run: x ${value}\n`;
  const { after, notes } = await editFile(FILE, text, { values: [[value, "GITHUB_TOKEN"]] });
  expect(parse(after)).toMatchObject({
    jobs: {
      a: { steps: [{ env: { GITHUB_TOKEN: "${{ secrets.GH_TOKEN }}" }, run: 'x "${GITHUB_TOKEN:?}"' }] },
    },
  });
  expect(notes[0]).toContain("stowaway secrets get GITHUB_TOKEN | gh secret set GH_TOKEN");
});
