import { expect, test } from "vitest";
import { outcome } from "./editing.ts";

test.each([
  ["k = '{{K}}'\n", 'import os\nk = os.environ["K"]\n'],
  ['k = "{{K}}"', 'import os\nk = os.environ["K"]'],
  ["k = '''{{K}}'''\n", 'import os\nk = os.environ["K"]\n'],
  ["k = r'{{K}}'\n", 'import os\nk = os.environ["K"]\n'],
  ["k = b'{{K}}'\n", 'import os\nk = os.environ["K"].encode()\n'],
  ["def f():\n\treturn'{{K}}'\n", 'import os\ndef f():\n\treturn os.environ["K"]\n'],
  ["k = '{{K}}'if a else'b'\n", "import os\nk = os.environ[\"K\"]if a else'b'\n"],
  ["h = 'Bearer {{K}}'\n", "import os\nh = f'Bearer {os.environ[\"K\"]}'\n"],
  ['h = "Bearer {{K}}"\n', "import os\nh = f\"Bearer {os.environ['K']}\"\n"],
  ["h = u'Bearer {{K}}'\n", "import os\nh = f'Bearer {os.environ[\"K\"]}'\n"],
  ["h = r'\\d {{K}}'\n", "import os\nh = fr'\\d {os.environ[\"K\"]}'\n"],
  ["def f():\n  return'a {{K}}'\n", "import os\ndef f():\n  return f'a {os.environ[\"K\"]}'\n"],
  ["h = f'{a} {{K}}'\n", "import os\nh = f'{a} {os.environ[\"K\"]}'\n"],
  ["h = f'{d[\"{{K}}\"]}'\n", "import os\nh = f'{d[os.environ[\"K\"]]}'\n"],
  ["u = 'https://{{U}}:{{K}}@h'\n", 'import os\nu = f\'https://{os.environ["U"]}:{os.environ["K"]}@h\'\n'],
  ["d = {'{{K}}': '{{L}}'}\n", 'import os\nd = {os.environ["K"]: os.environ["L"]}\n'],
  ["def f(k: str = '{{K}}'): pass\n", 'import os\ndef f(k: str = os.environ["K"]): pass\n'],
  ["import os\nk = os.getenv('X', '{{K}}')\n", "import os\nk = os.getenv('X', os.getenv(\"K\"))\n"],
  ["import os\nk = os.getenv('K', '{{K}}')\n", "import os\nk = os.getenv('K')\n"],
  ["import os\nk = os.environ.get('K' , '{{K}}')\n", "import os\nk = os.environ.get('K')\n"],
  [
    "import os\nk = os.environ.setdefault('K', '{{K}}')\n",
    "import os\nk = os.environ.setdefault('K', os.getenv(\"K\"))\n",
  ],
  ["x = 'é' + '{{K}}'\r\n", "import os\r\nx = 'é' + os.environ[\"K\"]\r\n"],
])("Python %j", async (before, after) => {
  expect(await outcome("a.py", before)).toBe(after);
});

const K = 'os.environ["K"]';

test.each([
  ["import os\nk = '{{K}}'", `import os\nk = ${K}`],
  ["import sys, os\nk = '{{K}}'", `import sys, os\nk = ${K}`],
  ["import sys, \\\n  os\nk = '{{K}}'", `import sys, \\\n  os\nk = ${K}`],
  ["x = 1; import os\nk = '{{K}}'", `x = 1; import os\nk = ${K}`],
  ["import os as o\nk = '{{K}}'", `import os\nimport os as o\nk = ${K}`],
  ["import os.path\nk = '{{K}}'", `import os\nimport os.path\nk = ${K}`],
  ["from os import path\nk = '{{K}}'", `import os\nfrom os import path\nk = ${K}`],
  ["def f():\n  import os\nk = '{{K}}'", `import os\ndef f():\n  import os\nk = ${K}`],
  ["if TYPE_CHECKING:\n  import os\nk = '{{K}}'", `import os\nif TYPE_CHECKING:\n  import os\nk = ${K}`],
  ["k = '{{K}}'\nimport os\n", `import os\nk = ${K}\nimport os\n`],
  [
    "#!/usr/bin/python\n# -*- coding: utf-8 -*-\n# more\nk = '{{K}}'",
    `#!/usr/bin/python\n# -*- coding: utf-8 -*-\nimport os\n# more\nk = ${K}`,
  ],
  ["# licence\n# text\nk = '{{K}}'", `import os\n# licence\n# text\nk = ${K}`],
  ['"""Doc."""  # c\nk = \'{{K}}\'', `"""Doc."""  # c\nimport os\nk = ${K}`],
  ['"""Doc."""; k = \'{{K}}\'', `"""Doc."""\nimport os; k = ${K}`],
  [
    '"""Doc."""\n\nfrom __future__ import annotations\n\nimport sys\nk = \'{{K}}\'',
    `"""Doc."""\n\nfrom __future__ import annotations\n\nimport os\nimport sys\nk = ${K}`,
  ],
  [
    '"""Doc."""\nfrom __future__ import (\n  annotations)\nk = \'{{K}}\'',
    `"""Doc."""\nfrom __future__ import (\n  annotations)\nimport os\nk = ${K}`,
  ],
  ["k = '{{K}}'\nimport sys\n", `import os\nk = ${K}\nimport sys\n`],
])("Python imports os: %j", async (before, after) => {
  expect(await outcome("a.py", before)).toBe(after);
});

test.each([
  ["# {{K}}\n", "comment"],
  ['"""{{K}}"""\n', "docstring"],
  ["def f():\n  '''{{K}}'''\n", "docstring"],
  ["k = ('a'\n  '{{K}}')\n", "standing together"],
  ["x: '{{K}}' = 1\n", "annotation"],
  ["def f(a: '{{K}}'): pass\n", "annotation"],
  ["def f() -> '{{K}}': pass\n", "annotation"],
  ["T = Literal['{{K}}']\n", "type"],
  ["match x:\n  case '{{K}}': pass\n", "pattern"],
  ["k = '%s {{K}}' % 1\n", "format"],
  ["k = 'a {{K}}'.format(1)\n", "format"],
  ["k = '{} {{K}}'\n", "braces"],
  ["k = f'{{}} {{K}}'\n", "braces"],
  ["k = b'a {{K}}'\n", "bytes"],
  ["k = '\\{{K}}'\n", "escape"],
  ["k = f'{a:{{K}}}'\n", "not the content"],
  ["k = f'{d[\"a {{K}}\"]}'\n", "within an f-string"],
  ["os = 1\nk = '{{K}}'\n", "something else"],
  ["from x import os\nk = '{{K}}'\n", "something else"],
  ["import x as os\nk = '{{K}}'\n", "something else"],
  ["def f(os): pass\nk = '{{K}}'\n", "something else"],
  ["k = (\n'{{K}}'\n", "syntax error"],
  ["print 'a'\nk = 'a {{K}}'\n", "Python 2"],
])("Python leaves %j", async (before, why) => {
  expect(await outcome("a.py", before)).toContain(why);
});

test("declarations are left", async () => {
  expect(await outcome("a.pyi", "k: str = '{{K}}'")).toContain("types only");
  expect(await outcome("a.d.ts", "declare const k: '{{K}}'")).toContain("types only");
});
