import { scalarValue } from "./lookup.ts";
import { byPath, dropped, expands, literally, refuse, UNREAD } from "./verdict.ts";
import type { Judge, Reader } from "./verdict.ts";

/** Rails reads these through ERB, whose output is then read as YAML. */
const rails: Judge = ({ place: { name }, scalar, whole, request: { project } }) => {
  if (project.read("config/application.rb") === null)
    return refuse(
      "no Rails application is seen that would read it",
      `read ${name} from the environment in the code`,
    );
  // A whole plain value would be read as what it looks like; JSON is YAML too.
  const fetched = scalar.style === "double" ? `ENV.fetch('${name}')` : `ENV.fetch("${name}")`;
  return { write: whole && scalar.style === "plain" ? `<%= ${fetched}.to_json %>` : `<%= ${fetched} %>` };
};

/** A manifest of Kubernetes: its Secrets are stored as they are written. */
const kubernetesSecret: Judge = ({ place: { name }, scalar, scalars, request: { path } }) => {
  const value = (key: string): string | null => scalarValue(scalars, ["metadata", key], scalar.document);
  const space = value("namespace");
  const into = space === null ? "" : ` --namespace ${space}`;
  const key = scalar.path.at(-1) ?? "value";
  return refuse(
    "Kubernetes takes the values of a Secret as they stand there",
    `make the Secret from the stored value: stowaway secrets get ${name} | kubectl create secret generic ${value("name") ?? "NAME"}${into} --from-file=${key}=/dev/stdin`,
    `then git rm --cached ${path}, or commit an ExternalSecret or SealedSecret in its place`,
  );
};

const plainYaml: Judge = (asked) =>
  scalarValue(asked.scalars, ["kind"], asked.scalar.document) === "Secret"
    ? kubernetesSecret(asked)
    : UNREAD(asked);

/** Programs that read YAML. */
export const YAML_READERS: readonly Reader[] = [
  {
    name: "a compose file",
    files: /(?:^|\/)(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml$/i,
    format: "yaml",
    source: "https://docs.docker.com/reference/compose-file/interpolation/",
    judge: expands({
      form: (name) => `\${${name}:?}`,
      meant: /\$/,
      notes: () => ["start the services with: stowaway run -- docker compose up"],
    }),
  },
  {
    name: ".yarnrc.yml",
    files: /(?:^|\/)\.yarnrc\.yml$/,
    format: "yaml",
    source: "https://yarnpkg.com/configuration/yarnrc",
    judge: expands({
      form: (name) => `\${${name}}`,
      meant: /\$\{/,
      notes: (name) => [
        `yarn stops with an error where ${name} is not set: stowaway run --only ${name} -- yarn`,
      ],
    }),
  },
  {
    name: "serverless.yml",
    files: /(?:^|\/)serverless(?:\.[\w-]+)?\.ya?ml$/,
    format: "yaml",
    source: "https://www.serverless.com/framework/docs/guides/variables",
    judge: expands({ form: (name) => `\${env:${name}}`, meant: /\$\{/ }),
  },
  {
    name: "Spring's configuration",
    files: /(?:^|\/)(?:application|bootstrap)(?:-[\w-]+)?\.ya?ml$/,
    format: "yaml",
    source: "https://docs.spring.io/spring-boot/reference/features/external-config.html",
    judge: expands({ form: (name) => `\${${name}}`, meant: /\$\{|#\{/ }),
  },
  {
    name: "log4j2's configuration",
    files: /(?:^|\/)log4j2[\w-]*\.ya?ml$/,
    format: "yaml",
    source: "https://logging.apache.org/log4j/2.x/manual/lookups.html",
    judge: expands({ form: (name) => `\${env:${name}}`, meant: /\$/ }),
  },
  {
    name: "Symfony's configuration",
    files: /(?:^|\/)config\/(?:packages\/.+|services(?:_\w+)?)\.ya?ml$/,
    format: "yaml",
    source: "https://symfony.com/doc/current/configuration/env_var_processors.html",
    judge: expands({ form: (name) => `%env(${name})%`, meant: /%/ }),
  },
  {
    name: "Rails' configuration",
    files: /(?:^|\/)config\/(?:database|cable|storage|secrets)\.ya?ml$/,
    format: "yaml",
    source: "https://guides.rubyonrails.org/configuring.html#configuring-a-database",
    judge: rails,
  },
  {
    name: "an OpenTelemetry collector's configuration",
    files: /(?:^|\/)otel(?:col)?[\w-]*\.ya?ml$/,
    format: "yaml",
    source: "https://opentelemetry.io/docs/collector/configuration/#environment-variables",
    judge: expands({ form: (name) => `\${env:${name}}`, meant: /\$/ }),
  },
  {
    name: "an Ansible file",
    files:
      /(?:^|\/)(?:group_vars|host_vars)\/[^.]+(?:\.ya?ml)?$|(?:^|\/)roles\/[^/]+\/(?:vars|defaults|tasks|handlers)\/.+\.ya?ml$|(?:^|\/)(?:site|playbook[\w-]*|playbooks\/.+)\.ya?ml$/,
    format: "yaml",
    source: "https://docs.ansible.com/ansible/latest/collections/ansible/builtin/env_lookup.html",
    judge: expands({
      form: (name) => `{{ lookup('env', '${name}') }}`,
      meant: /\{\{|\{%/,
      notes: () => ["run it with: stowaway run -- ansible-playbook …"],
    }),
  },
  {
    name: ".gem/credentials",
    files: /(?:^|\/)\.gem\/credentials$/,
    format: "yaml",
    source: "https://guides.rubygems.org/command-reference/#gem-environment",
    judge: byPath(
      [
        [
          /^:rubygems_api_key$/,
          dropped(
            () => "GEM_HOST_API_KEY",
            () => ["push with: stowaway run -- gem push …"],
          ),
        ],
      ],
      literally(
        "RubyGems takes keys of other hosts from this file only",
        ({ place: { name } }) =>
          `delete the line, and push with GEM_HOST_API_KEY set to the value that is kept as ${name}`,
      ),
    ),
  },
  {
    name: "a kubeconfig",
    files: /(?:^|\/)\.kube\/config$|(?:^|\/)kubeconfig[^/]*$|\.kubeconfig$/,
    format: "yaml",
    source:
      "https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins",
    judge: literally(
      "kubectl expands no variables",
      () =>
        "let the user entry name a program that gives the credential: users[].user.exec with apiVersion client.authentication.k8s.io/v1",
      ({ request: { path } }) => `and keep the file out of git: git rm --cached ${path}`,
    ),
  },
];

/** Any other YAML. */
export const PLAIN_YAML: Reader = {
  name: "YAML",
  files: /\.ya?ml$/i,
  format: "yaml",
  source: "https://yaml.org/spec/1.2.2/",
  judge: plainYaml,
};
