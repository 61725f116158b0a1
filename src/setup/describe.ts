import type { DiffLine, FileChange, SetupPlan } from "./plan.ts";

/** One line of the shown plan, for the command to escape and colour. */
export interface PlanLine {
  readonly kind: "file" | DiffLine["sign"] | "blank";
  readonly text: string;
}

/** The plan as a diff for people. */
export function describeChanges(changes: readonly FileChange[]): PlanLine[] {
  return changes.flatMap((change) => [
    { kind: "file", text: `${change.name}${change.before === null ? " (new)" : ""}` } as const,
    ...change.shown.map(({ sign, text }) => ({ kind: sign, text })),
    { kind: "blank", text: "" } as const,
  ]);
}

/** What is so once the plan is written, or will be after the step that it names. */
export function describeEffect({ hook, hookName, publishing }: SetupPlan): string {
  const starter = hook.manager === "husky" ? "husky" : "git";
  const commit = hook.waiting
    ? `${starter} will run stowaway before every commit (${hookName}) once npm install has run (husky sets itself up then)`
    : `${starter} runs stowaway before every commit (${hookName})`;
  return publishing ? `${commit}, and npm runs check-pack before it publishes` : commit;
}
