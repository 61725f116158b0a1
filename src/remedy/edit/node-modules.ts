/** Node's own modules that a browser has not, as they may be imported without `node:`. */
const NAMES: ReadonlySet<string> = new Set(
  "async_hooks child_process cluster crypto dgram dns fs http http2 https inspector module net os path perf_hooks process readline repl stream tls tty v8 vm worker_threads zlib".split(
    " ",
  ),
);

export function isBuiltinName(module: string): boolean {
  return NAMES.has(module.split("/")[0] ?? "");
}
