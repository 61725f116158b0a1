import type { ValuePath } from "../../../formats/jsonc.ts";
import type { LocatedScalar } from "../../../formats/located.ts";

function isAt(scalar: LocatedScalar, path: ValuePath, document: number): boolean {
  return (
    scalar.document === document &&
    scalar.path.length === path.length &&
    path.every((step, index) => String(scalar.path[index]) === String(step))
  );
}

/** The value at a path; null where there is none. */
export function scalarValue(
  scalars: readonly LocatedScalar[],
  path: ValuePath,
  document: number,
): string | null {
  return scalars.find((each) => each.role === "value" && isAt(each, path, document))?.value ?? null;
}

/** The key at a path. */
export function scalarKey(
  scalars: readonly LocatedScalar[],
  path: ValuePath,
  document: number,
): LocatedScalar | undefined {
  return scalars.find((each) => each.role === "key" && isAt(each, path, document));
}

/** The keys right below a path. */
export function keysBelow(
  scalars: readonly LocatedScalar[],
  path: ValuePath,
  document: number,
): readonly LocatedScalar[] {
  return scalars.filter(
    (each) =>
      each.role === "key" &&
      each.path.length === path.length + 1 &&
      isAt({ ...each, path: each.path.slice(0, -1) }, path, document),
  );
}

/** All values below a path. */
export function valuesBelow(
  scalars: readonly LocatedScalar[],
  path: ValuePath,
  document: number,
): readonly string[] {
  return scalars
    .filter(
      (each) =>
        each.role === "value" && isAt({ ...each, path: each.path.slice(0, path.length) }, path, document),
    )
    .map(({ value }) => value);
}
