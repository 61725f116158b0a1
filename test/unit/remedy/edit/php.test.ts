import { expect, test } from "vitest";
import { outcome } from "./editing.ts";

test.each([
  ["$k = '{{K}}';", "$k = getenv('K');"],
  ['$k = "{{K}}";', "$k = getenv('K');"],
  ["return'{{K}}';", "return getenv('K');"],
  ["$h = 'Bearer {{K}}';", "$h = 'Bearer ' . getenv('K');"],
  ["$h = \"a $x {$y['k']} {{K}}\\n\";", "$h = \"a $x {$y['k']} \" . getenv('K') . \"\\n\";"],
  ["$h = 'a' . 'b {{K}}';", "$h = 'a' . ('b ' . getenv('K'));"],
  ["$u = 'https://{{U}}:{{K}}@h';", "$u = 'https://' . getenv('U') . ':' . getenv('K') . '@h';"],
  ["$a = ['{{K}}' => '{{L}}'];", "$a = [getenv('K') => getenv('L')];"],
  ["define('A', '{{K}}');", "define('A', getenv('K'));"],
  ["$k = getenv('K') ?: '{{K}}';", "$k = getenv('K') ?: getenv('K');"],
  ["f(name: '{{K}}');", "f(name: getenv('K'));"],
  ["sprintf('%s', '{{K}}');", "sprintf('%s', getenv('K'));"],
  [
    "class A { function __construct() { $this->k = '{{K}}'; } }",
    "class A { function __construct() { $this->k = getenv('K'); } }",
  ],
  ["echo \"{$a['{{K}}']}\";", "echo \"{$a[getenv('K')]}\";"],
  ["?><p><?= '{{K}}' ?></p><?php", "?><p><?= getenv('K') ?></p><?php"],
  ["function getenv() {} $k = '{{K}}';", "function getenv() {} $k = \\getenv('K');"],
])("PHP %s", async (before, after) => {
  expect(await outcome("a.php", `<?php\n${before}\n`)).toBe(`<?php\n${after}\n`);
});

test.each([
  ["// {{K}}", "comment"],
  ["# {{K}}", "comment"],
  ["const K = '{{K}}';", "const"],
  ["class A { const K = '{{K}}'; }", "const"],
  ["class A { private $k = '{{K}}'; }", "default of a property"],
  ["function f($k = '{{K}}') {}", "default of a parameter"],
  ["function f() { static $k = '{{K}}'; }", "static"],
  ["#[A('{{K}}')] class B {}", "attribute"],
  ["enum E: string { case A = '{{K}}'; }", "enum"],
  ["$k = <<<E\n{{K}}\nE;", "heredoc"],
  ["$k = <<<'E'\n{{K}}\nE;", "heredoc"],
  ["$k = `echo {{K}}`;", "shell"],
  ["printf('{{K}} %s', $a);", "format"],
  ['$k = "$a[{{K}}]";', "not the content"],
  ['$k = "${{K}}";', "not the content"],
  ["?>{{K}}<?php", "text of a page"],
  ["$k = (;\n$k = '{{K}}'", "syntax error"],
])("PHP leaves %s", async (before, why) => {
  expect(await outcome("a.php", `<?php\n${before}\n`)).toContain(why);
});
