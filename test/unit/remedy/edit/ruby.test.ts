import { expect, test } from "vitest";
import { outcome } from "./editing.ts";

test.each([
  ["k = '{{K}}'", 'k = ENV.fetch("K")'],
  ['k = "{{K}}"', 'k = ENV.fetch("K")'],
  ["k = %q({{K}})", 'k = ENV.fetch("K")'],
  ["puts'{{K}}'", 'puts ENV.fetch("K")'],
  ['k = "Bearer {{K}}"', 'k = "Bearer #{ENV.fetch("K")}"'],
  ['k = "#{a} {{K}} #{b["{{L}}"]}"', 'k = "#{a} #{ENV.fetch("K")} #{b[ENV.fetch("L")]}"'],
  ["k = %(a (b) {{K}})", 'k = %(a (b) #{ENV.fetch("K")})'],
  ["h = { k: '{{K}}', :l => '{{L}}' }", 'h = { k: ENV.fetch("K"), :l => ENV.fetch("L") }'],
  ["k = ENV['X'] || '{{K}}'", "k = ENV['X'] || ENV.fetch(\"K\")"],
  ["k = ENV['K'] || '{{K}}'", "k = ENV['K']"],
  ["k = ENV.fetch('X', '{{K}}')", "k = ENV.fetch('X', ENV[\"K\"])"],
  ["k = ENV.fetch('K', '{{K}}')", "k = ENV.fetch('K')"],
  ["x = a / b; k = '{{K}}' # /", 'x = a / b; k = ENV.fetch("K") # /'],
  ["r = /it's \"/; k = '{{K}}'", 'r = /it\'s "/; k = ENV.fetch("K")'],
  ["x = y % 3; k = '{{K}}'", 'x = y % 3; k = ENV.fetch("K")'],
  ["x = %w[it's \"]\nk = '{{K}}'", 'x = %w[it\'s "]\nk = ENV.fetch("K")'],
  ["x = ?'; k = '{{K}}'", 'x = ?\'; k = ENV.fetch("K")'],
  ["x = $'; k = '{{K}}'", 'x = $\'; k = ENV.fetch("K")'],
  ["x = :'it\"s'; k = '{{K}}'", 'x = :\'it"s\'; k = ENV.fetch("K")'],
  ["=begin\nit's\n=end\nk = '{{K}}'", '=begin\nit\'s\n=end\nk = ENV.fetch("K")'],
  [
    "f(<<~A, <<-'B', '{{K}}')\n  it's #{x} \"\n  A\n  it's \"\n  B\nl = '{{L}}'",
    'f(<<~A, <<-\'B\', ENV.fetch("K"))\n  it\'s #{x} "\n  A\n  it\'s "\n  B\nl = ENV.fetch("L")',
  ],
  ["class << self\n  K = '{{K}}'\nend", 'class << self\n  K = ENV.fetch("K")\nend'],
  ["a << '{{K}}'", 'a << ENV.fetch("K")'],
  ["case a\nwhen '{{K}}' then 1\nend", 'case a\nwhen ENV.fetch("K") then 1\nend'],
  ["def `(c) = c\nk = '{{K}}'", 'def `(c) = c\nk = ENV.fetch("K")'],
  ["k = '{{K}}'\n__END__\nit's", 'k = ENV.fetch("K")\n__END__\nit\'s'],
  ["k = a ? '{{K}}' : 'b'", "k = a ? ENV.fetch(\"K\") : 'b'"],
])("Ruby %j", async (before, after) => {
  expect(await outcome("a.rb", before)).toBe(after);
});

test.each([
  ["# {{K}}", "comment"],
  ["=begin\n{{K}}\n=end", "comment"],
  ["__END__\n{{K}}", "comment"],
  ["k = 'a {{K}}'", "quotes take"],
  ["k = %q(a {{K}})", "quotes take"],
  ["k = <<~E\n{{K}}\nE", "heredoc"],
  ["k = <<'E'\n{{K}}\nE", "heredoc"],
  ["h = {'{{K}}' => 1}", "key"],
  ["h = {'{{K}}': 1}", "key"],
  ["k = :'{{K}}'", "symbol"],
  ["k = %w[a {{K}}]", "list of words"],
  ["k = `a {{K}}`", "shell"],
  ["k = /{{K}}/", "regular expression"],
  ["k = 'a' '{{K}}'", "standing together"],
  ['k = "%s {{K}}" % a', "format"],
  ["k = format('{{K}} %s', a)", "format"],
  ["k = '{{K}}' << a", "changed"],
  ["k = '\\{{K}}'", "escape"],
  ['k = "#{{{K}}}"', "escape or an interpolation"],
  ["k = ('a\n{{K}}", "not closed"],
  ["{{K}} = 1", "not the content"],
])("Ruby leaves %j", async (before, why) => {
  expect(await outcome("Rakefile", before)).toContain(why);
});
