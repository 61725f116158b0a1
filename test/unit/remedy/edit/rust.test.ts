import { expect, test } from "vitest";
import { outcome } from "./editing.ts";

const K = 'std::env::var("K").expect("K is not set")';
const still = (code: string): string =>
  `{ static VALUE: std::sync::OnceLock<String> = std::sync::OnceLock::new(); VALUE.get_or_init(|| ${code}).as_str() }`;
const inMain = (body: string): string => `fn main() {\n    ${body}\n}\n`;

test.each([
  ['let k = "{{K}}".to_string();', `let k = ${K};`],
  ['let k = "{{K}}".to_owned();', `let k = ${K};`],
  ['let k = String::from("{{K}}");', `let k = ${K};`],
  ['let k: String = "{{K}}".into();', `let k: String = ${K};`],
  ['let k = "a{b} {{K}}!".to_string();', `let k = format!("a{{b}} {}!", ${K});`],
  ['println!("{}", "{{K}}");', `println!("{}", ${K});`],
  ['println!("{a}", a = "x {{K}}");', `println!("{a}", a = format!("x {}", ${K}));`],
  ['println!("{}", f("{{K}}"));', `println!("{}", f(${still(K)}));`],
  ['println!("{}", "{{K}}".len());', `println!("{}", ${still(K)}.len());`],
  ['let k = "{{K}}";', `let k = ${still(K)};`],
  ['let k: &str = r#"{{K}}"#;', `let k: &str = ${still(K)};`],
  ['f("a {{K}}");', `f(${still(`format!("a {}", ${K})`)});`],
  ['f(r"\\ {{K}}");', `f(${still(`format!(r"\\ {}", ${K})`)});`],
  ['if k == "{{K}}" {}', `if k == ${still(K)} {}`],
  [
    'std::env::var("X").unwrap_or_else(|_| "{{K}}".to_string());',
    `std::env::var("X").unwrap_or_else(|_| ${K});`,
  ],
])("Rust %s", async (before, after) => {
  expect(await outcome("src/main.rs", inMain(before))).toBe(inMain(after));
});

test.each([
  ["// {{K}}", "comment"],
  ['const K: &str = "{{K}}";', "const or static"],
  ['static K: &str = "{{K}}";', "const or static"],
  ['match k { "{{K}}" => {} _ => {} }', "pattern"],
  ['println!("{{K}} {}", 1);', "macro"],
  ['vec!["{{K}}"];', "macro"],
  ['println!("{}", vec!["{{K}}"].len());', "macro"],
  ['println!("{}", { match k { "{{K}}" => 1, _ => 2 } });', "macro"],
  ['println!(concat!("a", "{}"), "{{K}}");', "macro"],
  ['env!("{{K}}");', "macro"],
  ['let k = b"{{K}}";', "bytes"],
  ['let k = c"{{K}}";', "bytes"],
  ['"{{K}}".len();', "begins a statement"],
  ['let k = [0; "{{K}}".len()];', "length"],
  ['std::env::var("X").unwrap_or("{{K}}".to_string());', "argument"],
  ['let k = "\\{{K}}";', "escape"],
  ['let k = ("{{K}}";', "syntax error"],
])("Rust leaves %s", async (before, why) => {
  expect(await outcome("src/main.rs", inMain(before))).toContain(why);
});

test.each([
  ['#![doc = "{{K}}"]\n', "attribute"],
  ['#[a(b = "{{K}}")]\nfn f() {}\n', "attribute"],
  ['const fn f() -> &\'static str { "{{K}}" }\n', "const fn"],
  ['macro_rules! m { () => { "{{K}}" } }\n', "literal"],
  ['#![no_std]\nfn f() { g("{{K}}") }\n', "without std"],
  ['trait A { const K: &\'static str = "{{K}}"; }\n', "const or static"],
])("Rust leaves %s", async (before, why) => {
  expect(await outcome("src/lib.rs", before)).toContain(why);
});

test("a closure in a static is run", async () => {
  expect(
    await outcome("src/lib.rs", 'static K: LazyLock<String> = LazyLock::new(|| "{{K}}".to_string());\n'),
  ).toBe(`static K: LazyLock<String> = LazyLock::new(|| ${K});\n`);
});
