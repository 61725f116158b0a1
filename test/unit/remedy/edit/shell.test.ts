import { expect, test } from "vitest";
import { outcome } from "./editing.ts";

const K = '"${K:?}"';

test.each([
  ["TOKEN={{K}}", `TOKEN=${K}`],
  ["K={{K}} cmd", `K=${K} cmd`],
  ["export TOKEN='{{K}}'", `export TOKEN=${K}`],
  ['TOKEN="{{K}}"', `TOKEN=${K}`],
  ["TOKEN=$'{{K}}'", `TOKEN=${K}`],
  ['curl -H "Bearer {{K}}"', 'curl -H "Bearer ${K:?}"'],
  ["curl -H 'Bearer {{K}}'", `curl -H 'Bearer '${K}`],
  ["curl -H 'a {{K}} b'", `curl -H 'a '${K}' b'`],
  ["curl -H $'a\\t{{K}}\\n'", `curl -H $'a\\t'${K}$'\\n'`],
  ["cmd --token={{K}}", `cmd --token=${K}`],
  ["cmd -u {{U}}:{{K}} x", `cmd -u "\${U:?}":${K} x`],
  ["curl 'https://{{U}}:{{K}}@h'", `curl 'https://'"\${U:?}"':'${K}'@h'`],
  ["x=$(cmd {{K}})", `x=$(cmd ${K})`],
  ['x="$(cmd "{{K}}" {{L}})"', `x="$(cmd ${K} "\${L:?}")"`],
  ["a=(b {{K}})", `a=(b ${K})`],
  ['cat <<E\nit\'s {{K}} $(x "y")\nE\nK={{K}}', `cat <<E\nit's \${K:?} $(x "y")\nE\nK=${K}`],
  ["cat <<-E <<'F'\n\t{{K}}\n\tE\nit's\nF\nK={{K}}", `cat <<-E <<'F'\n\t\${K:?}\n\tE\nit's\nF\nK=${K}`],
  ["cat <<< {{K}}", `cat <<< ${K}`],
  ["x=${X:-{{K}}}", "x=${X:-${K:?}}"],
  ['x="${X:-{{K}}}"', 'x="${X:-${K:?}}"'],
  ["x=${K:-{{K}}}", "x=${K:?}"],
  ['x="${K-{{K}}}"', 'x="${K:?}"'],
  ['x=${X:-"{{K}}"}', `x=\${X:-${K}}`],
  ["x=$(case a in a) echo {{K}};; esac) y=1", `x=$(case a in a) echo ${K};; esac) y=1`],
  ["case $x in {{K}}) ;; esac", `case $x in ${K}) ;; esac`],
  ["f() { echo {{K}}; }", `f() { echo ${K}; }`],
  ['[ "$x" = {{K}} ]', `[ "$x" = ${K} ]`],
  ["echo a#b {{K}} # it's", `echo a#b ${K} # it's`],
  ["x=$((1 + (2)))\nK={{K}}", `x=$((1 + (2)))\nK=${K}`],
  ["echo it\\'s {{K}}", `echo it\\'s ${K}`],
  ["K={{K}}\r\n", `K=${K}\r\n`],
  ['echo ${#x} ${x%"a"} ${x//a/\\}} {{K}}', 'echo ${#x} ${x%"a"} ${x//a/\\}} "${K:?}"'],
])("shell %j", async (before, after) => {
  expect(await outcome("a.sh", before)).toBe(after);
});

test.each([
  ["# {{K}}", "comment"],
  ["x=`cmd {{K}}`", "backticks"],
  ["cat <<'E'\n{{K}}\nE", "quoted"],
  ["cat <<\\E\n{{K}}\nE", "quoted"],
  ["x=$(( {{K}} + 1 ))", "arithmetic"],
  ["(( x = {{K}} ))", "arithmetic"],
  ["{{K}}=1", "name"],
  ["{{K}}() { :; }", "name"],
  ["[[ $x =~ {{K}} ]]", "regular expression"],
  ["a[{{K}}]=1", "index"],
  ["x=${y%{{K}}}", "pattern"],
  ["x=${y/{{K}}/a}", "pattern"],
  ['x=$"{{K}}"', "locale"],
  ['x="\\{{K}}"', "escape"],
  ["x=${{K}}", "several pieces"],
  ["x='a\nK={{K}}", "not closed"],
])("shell leaves %j", async (before, why) => {
  expect(await outcome("a.sh", before)).toContain(why);
});
