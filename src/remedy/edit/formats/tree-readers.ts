import { byPath, dropped, expands, literally, UNREAD } from "./verdict.ts";
import type { Asked, Reader } from "./verdict.ts";

function lastKey({ scalar }: Asked): string {
  return String(scalar.path.at(-1));
}

/** https://doc.rust-lang.org/cargo/reference/config.html#environment-variables */
function cargoVariable({ scalar: { path } }: Asked): string {
  return path.length === 2
    ? "CARGO_REGISTRY_TOKEN"
    : `CARGO_REGISTRIES_${String(path[1]).toUpperCase().replaceAll("-", "_")}_TOKEN`;
}

/** Programs that read TOML. */
export const TOML_READERS: readonly Reader[] = [
  {
    name: "Cargo's credentials",
    files: /(?:^|\/)\.cargo\/credentials(?:\.toml)?$/,
    format: "toml",
    source: "https://doc.rust-lang.org/cargo/reference/config.html#credentials",
    judge: byPath(
      [
        [
          /^registr(?:y|ies\.[^.]+)\.token$/,
          dropped(cargoVariable, () => ["publish with: stowaway run -- cargo publish"]),
        ],
      ],
      UNREAD,
    ),
  },
  {
    name: "mise.toml",
    files: /(?:^|\/)\.?mise(?:\.[\w-]+)?\.toml$|(?:^|\/)mise\/config\.toml$/,
    format: "toml",
    source: "https://mise.jdx.dev/environments/",
    judge: byPath(
      [
        [
          /^env\.[^.]+$/,
          // A template here would be read at every prompt; the program's own start is early enough.
          dropped(lastKey, (asked) => [`start what needs ${lastKey(asked)} with: stowaway run -- …`]),
        ],
      ],
      UNREAD,
    ),
  },
  {
    name: "wrangler.toml",
    files: /(?:^|\/)wrangler\.toml$/,
    format: "toml",
    source: "https://developers.cloudflare.com/workers/configuration/secrets/",
    judge: literally(
      "Workers take the values of this file as they stand there",
      (asked) =>
        `give the value to the Worker: stowaway secrets get ${asked.place.name} | npx wrangler secret put ${lastKey(asked)}`,
      () => "then delete the line",
    ),
  },
];

/** Any other TOML. */
export const PLAIN_TOML: Reader = {
  name: "TOML",
  files: /\.toml$/i,
  format: "toml",
  source: "https://toml.io/en/v1.0.0",
  judge: UNREAD,
};

/** Programs that read XML. */
export const XML_READERS: readonly Reader[] = [
  {
    name: "a file of Maven",
    files: /(?:^|\/)(?:pom|settings)\.xml$|\.pom$/,
    format: "xml",
    source: "https://maven.apache.org/settings.html#properties",
    judge: expands({
      form: (name) => `\${env.${name}}`,
      meant: /\$\{/,
      notes: () => ["build with: stowaway run -- mvn …"],
    }),
  },
  {
    name: "log4j2's configuration",
    files: /(?:^|\/)log4j2[\w-]*\.xml$/,
    format: "xml",
    source: "https://logging.apache.org/log4j/2.x/manual/lookups.html",
    judge: expands({ form: (name) => `\${env:${name}}`, meant: /\$/ }),
  },
  {
    name: "nuget.config",
    files: /(?:^|\/)nuget\.config$/i,
    format: "xml",
    source: "https://learn.microsoft.com/en-us/nuget/reference/nuget-config-file#using-environment-variables",
    judge: expands({
      form: (name) => `%${name}%`,
      meant: /%/,
      notes: () => ["restore with: stowaway run --allow-install -- dotnet restore"],
    }),
  },
];

/** Any other XML. */
export const PLAIN_XML: Reader = {
  name: "XML",
  files: /\.(?:xml|config|csproj|props|targets|plist|xsd|wsdl)$/i,
  format: "xml",
  source: "https://www.w3.org/TR/xml/",
  judge: UNREAD,
};
