import type { Editor, EditorEntry } from "../../model/edit.ts";
import { CI_READERS } from "./formats/ci-readers.ts";
import { JSON_READERS, PLAIN_JSON } from "./formats/json-readers.ts";
import { INI_READERS, PLAIN_INI, PLAIN_PROPERTIES, PROPERTIES_READERS } from "./formats/line-readers.ts";
import { PACKAGE_JSON } from "./formats/package-json.ts";
import { REFUSED_FILES } from "./formats/refused-files.ts";
import { PLAIN_TOML, PLAIN_XML, TOML_READERS, XML_READERS } from "./formats/tree-readers.ts";
import type { Reader } from "./formats/verdict.ts";
import { PLAIN_YAML, YAML_READERS } from "./formats/yaml-readers.ts";

/** Programs whose files are told by their names, the most special first. */
export const READERS: readonly Reader[] = [
  PACKAGE_JSON,
  ...CI_READERS,
  ...YAML_READERS,
  ...JSON_READERS,
  ...INI_READERS,
  ...PROPERTIES_READERS,
  ...TOML_READERS,
  ...XML_READERS,
];

/** Formats of files whose reader is not known. */
export const PLAIN_READERS: readonly Reader[] = [
  PLAIN_YAML,
  PLAIN_JSON,
  PLAIN_TOML,
  PLAIN_INI,
  PLAIN_PROPERTIES,
  PLAIN_XML,
];

function entry(files: RegExp, load: () => Promise<Editor>): EditorEntry {
  return { matches: (path) => files.test(path), load };
}

function ofReader(reader: Reader): EditorEntry {
  return entry(
    reader.files,
    async () => await (await import("./formats/reader-editor.ts")).readerEditor(reader),
  );
}

/** Files that need more than a reader's word. */
const SPECIAL: readonly EditorEntry[] = [
  entry(/(?:^|\/)\.aws\/(?:credentials|config)$/, async () => {
    return (await import("./formats/aws-credentials.ts")).awsCredentials;
  }),
  entry(
    /(?:^|\/)(?:requirements|constraints)[\w.-]*\.(?:txt|in)$|(?:^|\/)requirements\/[^/]+\.(?:txt|in)$/,
    async () => {
      return (await import("./formats/requirements.ts")).requirements;
    },
  ),
  entry(
    /(?:^|\/)(?:[\w.-]*Dockerfile|Dockerfile\.[\w.-]+|Containerfile[\w.-]*|[\w.-]+\.dockerfile)$/i,
    async () => {
      const [{ dockerfileEditor }, { loadShell }] = await Promise.all([
        import("./formats/dockerfile.ts"),
        import("./formats/load-inner.ts"),
      ]);
      return dockerfileEditor(await loadShell());
    },
  ),
  entry(/\.tf$/, async () => (await import("./formats/hcl.ts")).terraform),
  entry(/\.tfvars$/, async () => (await import("./formats/hcl.ts")).tfvars),
  entry(/\.pkr\.hcl$/, async () => (await import("./formats/hcl.ts")).packer),
  entry(/(?:^|\/)(?:terragrunt|root)\.hcl$/, async () => (await import("./formats/hcl.ts")).terragrunt),
  entry(/(?:^|\/)(?:\.env(?:\.[\w.-]+)?|[\w.-]+\.env|\.flaskenv)$/, async () => {
    return (await import("./formats/dotenv.ts")).dotenv;
  }),
  entry(/\.ipynb$/, async () => {
    const [{ notebookEditor }, { loadGrammar }, { loadPython }] = await Promise.all([
      import("./formats/notebook.ts"),
      import("./formats/grammars.ts"),
      import("./formats/load-inner.ts"),
    ]);
    const [grammar, python] = await Promise.all([loadGrammar("json"), loadPython()]);
    return notebookEditor({ grammar, python });
  }),
];

const REFUSED: readonly EditorEntry[] = REFUSED_FILES.map((file) =>
  entry(file.files, async () => (await import("./formats/refused-files.ts")).refusingEditor(file)),
);

/** Editors of data and of tools' files. */
export const FORMATS: readonly EditorEntry[] = [
  ...SPECIAL,
  ...REFUSED,
  ...READERS.map(ofReader),
  ...PLAIN_READERS.map(ofReader),
];
